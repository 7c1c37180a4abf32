//! What single sources know, and what follows from all of them together.

use super::providers::Match;
use super::{Account, Endpoint, Found, Source};

const NO_IMAP: &str = "Die Domain gibt im DNS an, dass sie kein IMAP anbietet (SRV-Eintrag mit Ziel \".\"). \
    Fragen Sie, wer die Domain betreut, nach einem Postfach mit IMAP.";
const NO_SMTP: &str = "Die Domain gibt im DNS an, dass man über sie keine Mails einliefern kann (SRV-Eintrag \
    mit Ziel \".\"). Fragen Sie, wer die Domain betreut, über welchen Mailserver Antworten gehen sollen.";
const ONLY_OAUTH: &str = "Dieser Anbieter lässt Mailprogramme nur mit OAuth 2.0 zu. Fragen Sie ihn nach einem \
    App-Passwort, oder nach dem, was ein Programm dafür braucht (client_id, token_url, scope), und geben Sie es \
    mit --oauth other an.";

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
    if let Some(clue) = imap {
        found.source = clue.source;
        found.takes_password = clue.takes_password && clue.imap != Offer::Refused;
        found.note = clue.obstacle();
    }
    if smtp.is_some_and(|clue| clue.smtp == Offer::Refused) {
        found.note = found.note.or(Some(NO_SMTP));
    }
    let is_sure = |host: &str| {
        account.owns(host) || provider.is_some_and(|known| known.by_domain && known.has(host))
    };
    let taken = [
        (imap.map(|clue| (clue, &clue.imap)), &mut found.imap),
        (smtp.map(|clue| (clue, &clue.smtp)), &mut found.smtp),
    ];
    for (told, server) in taken {
        let Some((clue, Offer::At(endpoint))) = told else {
            continue;
        };
        let host = &endpoint.host;
        let is_known = is_sure(host) || found.unconfirmed.contains(host);
        if clue.source == Source::Srv && !is_known {
            found.unconfirmed.push(host.clone());
        }
        server.clone_from(endpoint);
    }
    let name = imap.and_then(|clue| clue.username.clone());
    let is_of = |known: &&Match| {
        known.by_domain || found.source == Source::Provider || known.has(&found.imap.host)
    };
    let known = provider.filter(is_of);
    if let Some(known) = known {
        found.provider = Some(&known.row.name);
        // Why nothing opens the mailbox matters more than what to do before.
        if found.takes_password || !known.row.takes_password {
            found.note = known.row.note.as_deref().or(found.note);
        }
        found.takes_password &= known.row.takes_password;
        found.oauth = known.row.oauth;
    }
    let name = name.or_else(|| known.map(Match::username));
    found.username = name.unwrap_or(found.username);
    found
}

impl Clue {
    /// Why no password opens the mailbox, if that is so.
    fn obstacle(&self) -> Option<&'static str> {
        match self.imap {
            Offer::Refused => Some(NO_IMAP),
            _ if !self.takes_password => Some(ONLY_OAUTH),
            _ => None,
        }
    }
}
