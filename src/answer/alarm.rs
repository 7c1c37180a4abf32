//! What the administrator is told: `mail/alarm.txt` and the mail around it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::letter::{self, Link, Links};
use super::{Error, Knowledge, Reply};
use crate::german::{datum, in_germany};
use crate::mail::{Address, Draft, MessageId, compose};
use crate::merge::Values;
use crate::template::TextName;

/// What needs a person; a cause is open until it is well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// files cannot be taken up: the last sound state stays in use, or requests wait
    Reload,
    /// a request was given up; each is told, none is ever well again by itself
    RequestFailed,
    /// the log cannot be written to or read
    Log,
    /// the mailbox cannot be reached
    Mailbox,
    /// there are no tokens to log in with, until somebody does something about it
    Tokens,
    /// what tokens are had with ends soon
    TokensEnd,
    /// so many replies left that no more do for now
    Breaker,
    /// another antragsbote takes mail from the same mailbox
    Rival,
}

impl Cause {
    const ALL: [Self; 8] = [
        Self::Reload,
        Self::RequestFailed,
        Self::Log,
        Self::Mailbox,
        Self::Tokens,
        Self::TokensEnd,
        Self::Breaker,
        Self::Rival,
    ];

    /// The word for it, in event lines, the log and the text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reload => "reload",
            Self::RequestFailed => "request-failed",
            Self::Log => "log",
            Self::Mailbox => "mailbox",
            Self::Tokens => "oauth",
            Self::TokensEnd => "oauth-end",
            Self::Breaker => "breaker",
            Self::Rival => "rival",
        }
    }

    /// Reads a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// The subject of the mail that tells of it.
    fn subject(self) -> &'static str {
        match self {
            Self::Reload => "Dateien sind fehlerhaft",
            Self::RequestFailed => "Anfragen konnten nicht beantwortet werden",
            Self::Log => "Das Protokoll ist nicht zu gebrauchen",
            Self::Mailbox => "Das Postfach ist nicht zu erreichen",
            Self::Tokens => "Der Antragsbote kann sich nicht mehr anmelden",
            Self::TokensEnd => "Die Anmeldung des Antragsboten läuft ab",
            Self::Breaker => "Es wird vorerst nicht mehr geantwortet",
            Self::Rival => "Zwei Antragsboten an einem Postfach",
        }
    }
}

/// What the administrator is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// why
    pub cause: Cause,
    /// whether it is well again
    pub well: bool,
    /// when the trouble began
    pub since: Timestamp,
    /// what is known of it, one line each; of requests their Aktenzeichen
    pub details: Vec<String>,
    /// how many further lines were left out
    pub more: u32,
}

impl Alarm {
    /// Writes the mail to `to`; `id` is a ULID, so that what comes back is known as one's own.
    ///
    /// # Errors
    /// Where the administrator's text fails or the address is none.
    pub fn mail(
        &self,
        knowledge: &Knowledge,
        to: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Reply, Error> {
        let bot = &knowledge.bot;
        let mut values = Values::new();
        values.json(&self.values());
        values.text("absender", bot.name.as_ref().unwrap_or(&bot.email));
        let name = TextName::Alarm;
        let merged = knowledge.texts.get(name).merge(&values);
        let merged = merged.map_err(|source| Error::Text {
            path: name.path(),
            source,
        })?;
        let state = if self.well {
            "Erledigt"
        } else {
            "Bitte nachsehen"
        };
        let subject = format!("{state}: {}", self.cause.subject());
        let nowhere = Links {
            address: Link {
                label: String::new(),
                href: String::new(),
            },
            choices: Vec::new(),
        };
        let letter = letter::set(&merged, &subject, &nowhere);
        let id = id.to_lowercase();
        let domain = bot.email.rsplit('@').next().unwrap_or_default();
        let message_id = MessageId::local(&id, domain);
        let bytes = compose(&Draft {
            from: bot.clone(),
            to: Address {
                name: None,
                email: to.to_owned(),
            },
            answers: None,
            subject: Some(subject),
            message_id: message_id.clone(),
            date: now,
            boundary: id,
            text: letter.text,
            html: letter.html,
            attachments: Vec::new(),
        })
        .map_err(|source| Error::Compose { source })?;
        Ok(Reply {
            to: to.to_owned(),
            message_id,
            bytes,
        })
    }

    fn values(&self) -> Map<String, Value> {
        let begun = in_germany(self.since);
        let values = json!({
            "anlass": self.cause.word(),
            "gut": self.well,
            "seit": format!("{}, {} Uhr", datum(begun.date()), begun.strftime("%H:%M")),
            "einzelheiten": self.details,
            "weitere": self.more,
        });
        match values {
            Value::Object(values) => values,
            _ => Map::new(),
        }
    }
}
