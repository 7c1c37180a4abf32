//! What single sources know, and what follows from all of them together.

use super::providers::Match;
use super::{Account, Endpoint, Found, Source};

const NO_IMAP: &str = "Die Domain gibt im DNS an, dass sie kein IMAP anbietet (SRV-Eintrag mit Ziel \".\"). \
    Fragen Sie, wer die Domain betreut, nach einem Postfach mit IMAP.";
const NO_SMTP: &str = "Die Domain gibt im DNS an, dass man über sie keine Mails einliefern kann (SRV-Eintrag \
    mit Ziel \".\"). Fragen Sie, wer die Domain betreut, über welchen Mailserver Antworten gehen sollen.";
const ONLY_OAUTH: &str = "Dieser Anbieter lässt Mailprogramme nur über eine Anmeldung im Browser (OAuth2) zu; \
    das kann antragsbote noch nicht. Fragen Sie nach einem App-Passwort, oder nehmen Sie ein Postfach, das \
    IMAP mit Passwort erlaubt.";

/// What a source says about one of the servers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Offer {
    /// nothing
    #[default]
    Unknown,
    /// that there decidedly is none
    Refused,
    /// where it is
    At(Endpoint),
}

/// What one source knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clue {
    pub(super) source: Source,
    pub(super) imap: Offer,
    pub(super) smtp: Offer,
    /// the name to log in with, if it is told
    pub(super) username: Option<String>,
    /// whether passwords are taken; true where nothing is said
    pub(super) takes_password: bool,
}

impl From<Option<Endpoint>> for Offer {
    fn from(endpoint: Option<Endpoint>) -> Self {
        endpoint.map_or(Self::Unknown, Self::At)
    }
}

/// Whether both servers are spoken for.
pub(super) fn is_enough(clues: &[Clue]) -> bool {
    let told = |of: fn(&Clue) -> &Offer| clues.iter().any(|clue| *of(clue) != Offer::Unknown);
    told(|clue| &clue.imap) && told(|clue| &clue.smtp)
}

/// Puts together what the sources say, those of most trust first.
pub(super) fn settle(account: &Account, clues: Vec<Clue>, provider: Option<&Match>) -> Found {
    let first = |of: fn(&Clue) -> &Offer| clues.iter().find(|clue| *of(clue) != Offer::Unknown);
    let (imap, smtp) = (first(|clue| &clue.imap), first(|clue| &clue.smtp));
    let mut found = Found::guessed(&account.address, &account.domain);
    let mut unconfirmed = Vec::new();
    let mut take = |clue: &Clue, endpoint: &Endpoint| {
        let is_sure = account.owns(&endpoint.host)
            || provider.is_some_and(|known| known.by_domain && known.has(endpoint));
        if clue.source == Source::Srv && !is_sure && !unconfirmed.contains(&endpoint.host) {
            unconfirmed.push(endpoint.host.clone());
        }
        endpoint.clone()
    };
    let is_refused = imap.is_some_and(|clue| clue.imap == Offer::Refused);
    if let Some(clue) = imap {
        found.source = clue.source;
        found.takes_password = clue.takes_password && !is_refused;
        if let Offer::At(endpoint) = &clue.imap {
            found.imap = take(clue, endpoint);
        }
    }
    if let Some(clue) = smtp {
        match &clue.smtp {
            Offer::At(endpoint) => found.smtp = take(clue, endpoint),
            _ => found.note = Some(NO_SMTP),
        }
    }
    if is_refused {
        found.note = Some(NO_IMAP);
    } else if !found.takes_password {
        found.note = Some(ONLY_OAUTH);
    }
    found.unconfirmed = unconfirmed;
    let told = imap.and_then(|clue| clue.username.clone());
    let is_of = |known: &&Match| {
        known.by_domain || found.source == Source::Provider || known.has(&found.imap)
    };
    match provider.filter(is_of) {
        Some(known) => {
            found.username = told.unwrap_or_else(|| known.username());
            found.provider = Some(&known.row.name);
            if !is_refused || !known.row.takes_password {
                found.takes_password &= known.row.takes_password;
                found.note = known.row.note.as_deref().or(found.note);
            }
        }
        None => found.username = told.unwrap_or(found.username),
    }
    found
}
