//! Policy: whom to answer, how often, how large, what would loop.
//!
//! In: a mail as read, the rules, how much this sender has had. Out: a judgement.
//! Never here: what the mail asks for.

mod authentication;
mod domain;
mod own;
mod sender;

use crate::mail::{Legibility, Mail, MessageId, Origin, Report};
pub use authentication::Signature;
pub use own::is_own_address;
use own::is_own_id;
use sender::Admission;
pub use sender::is_same_address;

/// The rules an administrator sets (`[policy]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// senders that are answered: addresses, "@domain", "*"
    pub allow: Vec<String>,
    /// senders that are not, whatever `allow` says
    pub deny: Vec<String>,
    /// the largest mail that is read, in bytes
    pub max_message_size: u64,
    /// replies one sender gets in an hour
    pub replies_per_sender_per_hour: u32,
    /// documents one sender gets in an hour
    pub documents_per_sender_per_hour: u32,
    /// replies all senders of one domain get in an hour: many share that of a large provider
    pub replies_per_domain_per_hour: u32,
    /// replies in an hour after which nothing more is decided for now
    pub replies_per_hour: u32,
    /// the most bytes of documents in a reply: encoded, what the way out takes
    pub documents_in_reply: usize,
    /// who has to confirm that the author wrote the mail
    pub authentication: Authentication,
}

/// What a reply is beside its documents, in bytes, at the most.
pub const REST_OF_REPLY: usize = 100_000;

/// What large providers still take, encoded.
const DOCUMENTS_IN_REPLY: usize = 16 << 20;

impl Default for Rules {
    fn default() -> Self {
        Self {
            allow: vec!["*".to_owned()],
            deny: Vec::new(),
            max_message_size: 10 << 20,
            replies_per_sender_per_hour: 20,
            documents_per_sender_per_hour: 600,
            replies_per_domain_per_hour: 5_000,
            replies_per_hour: 10_000,
            documents_in_reply: DOCUMENTS_IN_REPLY,
            authentication: Authentication::None,
        }
    }
}

impl Rules {
    /// Whether `allow` is meant to keep people out and nothing keeps them from writing
    /// somebody else's address into From.
    pub fn trusts_forgeable_senders(&self) -> bool {
        self.authentication == Authentication::None
            && self.allow.iter().any(|entry| entry.trim() != "*")
            && !self.allow.iter().any(|entry| entry.trim() == "*")
    }
}

/// Who confirms that a mail's author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authentication {
    /// nobody has to
    None,
    /// the mail server of this authserv-id (RFC 8601)
    Server(String),
    /// the mail's DKIM signatures (RFC 6376)
    Dkim,
}

/// What is known of the sender and the mail beside what stands in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    /// replies sent to the reply address in the last hour
    pub replies: u32,
    /// documents sent to it in the last hour
    pub documents: u32,
    /// replies sent to it in the last day, since the last one with a document
    pub fruitless: u32,
    /// replies sent to its domain in the last hour
    pub domain_replies: u32,
    /// somebody of its domain was told of a limit in the last hour
    pub domain_told: bool,
    /// the same mail (Message-ID and content) was taken before
    pub duplicate: bool,
    /// size of the whole mail in bytes; larger than what was read if only the header was fetched
    pub size: u64,
    /// the mail's DKIM signatures; `None` if they were not checked
    pub signatures: Option<Vec<Signature>>,
}

/// Why a mail gets no reply; the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the contract explains its words")]
pub enum Ignored {
    OwnMail,
    Loop,
    Bounce,
    AutoSubmitted,
    List,
    NoReplyAddress,
    Duplicate,
    NothingAsked,
}

impl Ignored {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::OwnMail,
        Self::Loop,
        Self::Bounce,
        Self::AutoSubmitted,
        Self::List,
        Self::NoReplyAddress,
        Self::Duplicate,
        Self::NothingAsked,
    ];

    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnMail => "own-mail",
            Self::Loop => "loop",
            Self::Bounce => "bounce",
            Self::AutoSubmitted => "auto-submitted",
            Self::List => "list",
            Self::NoReplyAddress => "no-reply-address",
            Self::Duplicate => "duplicate",
            Self::NothingAsked => "nothing-asked",
        }
    }

    /// Why `mail` gets no reply, in German, with the sign that told so.
    pub fn explain(self, mail: &Mail) -> String {
        let why = match self {
            Self::OwnMail => {
                "Die Mail kommt von der eigenen Adresse oder ihre Antwort ginge dorthin."
            }
            Self::Loop => "Eigene Post kommt zurück, oder zwei Automaten schreiben einander.",
            Self::Bounce => "Ein Mailserver berichtet über eine Zustellung.",
            Self::AutoSubmitted => "Ein Programm hat die Mail geschrieben.",
            Self::List => "Die Mail kommt über eine Liste oder ist Massenpost.",
            Self::NoReplyAddress => "Eine Antwort würde niemand lesen.",
            Self::Duplicate => "Dieselbe Mail war schon da.",
            Self::NothingAsked => "Die Mail bittet um nichts.",
        };
        match &mail.sign {
            Some(sign) => format!("{why} Zeichen dafür: {sign}."),
            None => why.to_owned(),
        }
    }
}

/// Why a mail is refused; the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the contract explains its words")]
pub enum Refused {
    SenderNotAllowed,
    RateLimit,
    TooLarge,
    Unreadable,
}

impl Refused {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::SenderNotAllowed,
        Self::RateLimit,
        Self::TooLarge,
        Self::Unreadable,
    ];

    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SenderNotAllowed => "sender-not-allowed",
            Self::RateLimit => "rate-limit",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
        }
    }

    /// Why `mail` is refused, in German.
    pub fn explain(self, mail: &Mail, rules: &Rules, recent: &Recent) -> String {
        match self {
            Self::SenderNotAllowed => match sender::admission(mail, rules) {
                Admission::Denied => "Der Absender steht auf der Liste deny.".to_owned(),
                Admission::NotAllowed => "Der Absender steht nicht auf der Liste allow.".to_owned(),
                Admission::Allowed => {
                    authentication::doubt(mail, &rules.authentication, recent).unwrap_or_default()
                }
            },
            Self::RateLimit if is_over_for_sender(rules, recent) => {
                "Diese Adresse hat in dieser Stunde genug Antworten bekommen.".to_owned()
            }
            Self::RateLimit if is_over_for_domain(rules, recent) => {
                "Diese Domain hat in dieser Stunde genug Antworten bekommen.".to_owned()
            }
            Self::RateLimit => {
                "Diese Adresse hätte in dieser Stunde zu viele Dokumente bekommen.".to_owned()
            }
            Self::TooLarge => format!(
                "Die Mail hat {} Bytes, erlaubt sind {}.",
                recent.size, rules.max_message_size
            ),
            Self::Unreadable if mail.legibility == Legibility::Encrypted => {
                "Die Mail ist verschlüsselt.".to_owned()
            }
            Self::Unreadable => {
                "Die Mail nennt keine Adresse, an die geantwortet werden kann.".to_owned()
            }
        }
    }
}

/// What policy says before anything is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// go on
    Proceed,
    /// say nothing
    Ignore(Ignored),
    /// refuse; `answered` if the sender is told
    Refuse {
        /// why
        reason: Refused,
        /// whether the sender is told
        answered: bool,
    },
}

/// Replies without a document in an hour after which an answer to them is no person's: two
/// questions and a friendly word.
const MOST_FRUITLESS: u32 = 3;

/// The same in a day. A person may fail in the morning and again in the evening; a machine
/// that answers every five minutes has had them before noon and gets no more until tomorrow.
const MOST_FRUITLESS_A_DAY: u32 = 2 * MOST_FRUITLESS;

/// Words in the local parts of addresses that nobody reads, without `-`, `_` and `.`.
const NOBODY: &[&str] = &[
    "noreply",
    "donotreply",
    "dontreply",
    "donotrespond",
    "noresponse",
    "nichtantworten",
    "nichtbeantworten",
    "keineantwort",
    "nepasrepondre",
    "mailerdaemon",
];

/// Judges a mail; `own` is the bot's address.
///
/// What a machine wrote is ignored before anything else is asked. Whoever is not to be
/// answered at all is refused before faults of the mail are, so that no fault is a way
/// to an answer.
pub fn judge(mail: &Mail, rules: &Rules, own: &str, recent: &Recent) -> Judgement {
    if let Some(reason) = ignored(mail, own, recent) {
        return Judgement::Ignore(reason);
    }
    match refused(mail, rules, recent) {
        Some((reason, answered)) => Judgement::Refuse {
            reason,
            answered: answered && mail.reply_address().is_some(),
        },
        None => Judgement::Proceed,
    }
}

fn ignored(mail: &Mail, own: &str, recent: &Recent) -> Option<Ignored> {
    let mut senders = [&mail.from, &mail.reply_to, &mail.sender]
        .into_iter()
        .flatten();
    let reply_address = mail.reply_address().map(|address| address.email.as_str());
    if senders.any(|address| is_own_address(&address.email, own)) {
        Some(Ignored::OwnMail)
    } else if is_loop(mail, own) {
        Some(Ignored::Loop)
    } else if mail.origin == Origin::Bounce {
        Some(Ignored::Bounce)
    } else if mail.origin == Origin::Automatic {
        Some(Ignored::AutoSubmitted)
    } else if mail.origin == Origin::List {
        Some(Ignored::List)
    } else if mail.origin == Origin::Unanswerable || reply_address.is_some_and(is_nobody) {
        Some(Ignored::NoReplyAddress)
    } else if recent.duplicate {
        Some(Ignored::Duplicate)
    } else {
        None
    }
}

/// Whether our own words come back: by a mark of ours, by an id of ours, or as an echo.
fn is_loop(mail: &Mail, own: &str) -> bool {
    let marks = mail.loops.iter().flat_map(|value| addresses_in(value));
    marks
        .into_iter()
        .any(|address| is_own_address(address, own))
        || mail
            .message_id
            .as_ref()
            .is_some_and(|id| is_own_id(id, own))
        || mail.origin == Origin::Echo
}

/// Whether somebody answers us again and again without ever getting a document: what is
/// still not understood gets no further reply.
pub fn is_fruitless(mail: &Mail, own: &str, recent: &Recent) -> bool {
    let in_an_hour = recent.documents == 0 && recent.replies >= MOST_FRUITLESS;
    (in_an_hour || recent.fruitless >= MOST_FRUITLESS_A_DAY)
        && mail.thread().iter().any(|id| is_own_id(id, own))
}

/// The reply of ours that a report is about; reports on other mail concern nobody here. The id
/// is known only to those who had the reply, so that nobody else can make up a report.
pub fn own_reply<'r>(report: &'r Report, own: &str) -> Option<&'r MessageId> {
    report.about.iter().find(|id| is_own_id(id, own))
}

/// Why a mail is refused, and whether its sender may be told: never a stranger, nor who has
/// had letters enough; of a limit that others have used up, one of their domain an hour.
fn refused(mail: &Mail, rules: &Rules, recent: &Recent) -> Option<(Refused, bool)> {
    if sender::admission(mail, rules) != Admission::Allowed
        || authentication::doubt(mail, &rules.authentication, recent).is_some()
    {
        Some((Refused::SenderNotAllowed, false))
    } else if is_over_for_sender(rules, recent) {
        Some((Refused::RateLimit, false))
    } else if is_over_for_domain(rules, recent) {
        Some((Refused::RateLimit, !recent.domain_told))
    } else if recent.size > rules.max_message_size {
        Some((Refused::TooLarge, true))
    } else if mail.legibility == Legibility::Encrypted || mail.reply_address().is_none() {
        Some((Refused::Unreadable, true))
    } else {
        None
    }
}

fn is_over_for_sender(rules: &Rules, recent: &Recent) -> bool {
    recent.replies >= rules.replies_per_sender_per_hour
}

fn is_over_for_domain(rules: &Rules, recent: &Recent) -> bool {
    recent.domain_replies >= rules.replies_per_domain_per_hour
}

fn addresses_in(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| c.is_whitespace() || "<>,;".contains(c))
}

/// Whether nobody reads what is sent to an address.
fn is_nobody(email: &str) -> bool {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let plain: String = local
        .chars()
        .filter(|c| !"-_.".contains(*c))
        .flat_map(char::to_lowercase)
        .collect();
    NOBODY.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests;
