//! Who or what wrote a mail: a person, a mail server, a program, a list.
//!
//! RFC 3834 (automatic responses), RFC 3464 (delivery reports), RFC 8098 (disposition
//! notifications), RFC 2369 and 2919 (lists), RFC 5546 (calendars), and what programs do
//! that follow none of them.
//!
//! What only a program sets convicts by itself, whatever the text asks for. Words alone
//! convict nobody who asks for a motion in them: to lose a request is bad too.

mod calendar;
mod phrases;
mod report;
mod wording;

use super::entity::Entity;
use super::header::Fields;
use super::{Address, Origin, Text};
use wording::Wording;

/// Fields that only programs set, unless they say "no".
const AUTOMATIC_FIELDS: &[&str] = &[
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-auto-response-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-cron-env",
    "x-otrs-loop",
    "x-fc-machinegenerated",
    "x-ms-exchange-generated-message-source",
    "x-github-reason",
    "x-jira-fingerprint",
    "x-servicenow-generated",
    "tls-report-domain",
];

/// Fields that only lists and bulk mailers set, beside those of RFC 2369 and 2919 (`List-…`).
const LIST_FIELDS: &[&str] = &[
    "mailing-list",
    "x-mailing-list",
    "x-mailinglist",
    "x-beenthere",
    "x-mailman-version",
    "x-list-administrivia",
    "x-google-group-id",
    "x-csa-complaints",
    "x-mc-user",
];

/// First words of the local parts of machines: "kopierer-og2@", "fax@", "dmarc-berichte@".
const MACHINES: &[&str] = &[
    "root",
    "cron",
    "logwatch",
    "fail2ban",
    "nagios",
    "icinga",
    "zabbix",
    "munin",
    "monit",
    "monitor",
    "monitoring",
    "uptime",
    "alert",
    "alerts",
    "notification",
    "notifications",
    "calendar",
    "dmarc",
    "dmarcreport",
    "quarantine",
    "quarantaene",
    "scan",
    "scanner",
    "kopierer",
    "copier",
    "drucker",
    "printer",
    "fax",
    "telefonanlage",
    "anrufbeantworter",
    "voicemail",
    "fritzbox",
    "bot",
    "chatbot",
    "robot",
    "daemon",
    "autoresponder",
];

/// Finds out who or what wrote `mail`, and what tells so unless it is a person.
/// `boilerplate` is what gateways and programs put below its text.
pub(super) fn find(mail: &Entity<'_>, text: &Text, boilerplate: &str) -> (Origin, Option<String>) {
    let fields = &mail.fields;
    let wording = Wording::of(fields, text, boilerplate);
    let elsewhere = answered_elsewhere(fields);
    let found = |origin| move |sign| (origin, sign);
    report::sign(mail, &wording)
        .map(found(Origin::Bounce))
        .or_else(|| sign_of_program(mail, &wording).map(found(Origin::Automatic)))
        .or_else(|| sign_of_echo(mail, &wording).map(found(Origin::Echo)))
        .or_else(|| sign_in_words(fields, &wording, elsewhere).map(found(Origin::Automatic)))
        .or_else(|| sign_of_list(fields, &wording).map(found(Origin::List)))
        .or_else(|| {
            report::has_null_path(fields).then(|| {
                (
                    Origin::Bounce,
                    "der leere Rückweg (Return-Path: <>)".to_owned(),
                )
            })
        })
        .or_else(|| {
            let words = wording.declines_answers().filter(|_| !elsewhere)?;
            Some((Origin::Unanswerable, in_text(words)))
        })
        .map_or((Origin::Person, None), |(origin, sign)| {
            (origin, Some(sign))
        })
}

/// Whether an answer goes to another address than the mail came from: forms on web pages
/// name the person so.
fn answered_elsewhere(fields: &Fields) -> bool {
    let email = |name| fields.address(name).map(|a| a.email.to_lowercase());
    let reply_to = email("reply-to");
    reply_to.is_some() && reply_to != email("from")
}

/// What only programs set: fields, kinds of content, the subjects of their products.
fn sign_of_program(mail: &Entity<'_>, wording: &Wording) -> Option<String> {
    let fields = &mail.fields;
    let kind = mail.media_type();
    // RFC 3834 5.2: the keyword may be followed by parameters and comments.
    let auto_submitted = fields.all("auto-submitted").any(|value| {
        let keyword = value.split([';', '(']).next().unwrap_or_default().trim();
        !keyword.is_empty() && !keyword.eq_ignore_ascii_case("no")
    });
    let precedence = fields
        .raw("precedence")
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("auto"));
    let by_field = || {
        AUTOMATIC_FIELDS.iter().copied().find(|name| {
            let value = fields.raw(name);
            value.is_some_and(|value| !value.eq_ignore_ascii_case("no"))
        })
    };
    if auto_submitted {
        Some(in_field("auto-submitted"))
    } else if precedence {
        Some(in_field("precedence"))
    } else if let Some(name) = by_field() {
        Some(in_field(name))
    } else if kind == "multipart/report" || kind == "message/disposition-notification" {
        Some(format!("die Art des Inhalts ({kind})"))
    } else if has_part(mail, "text/vnd.google.email-reaction+json") {
        Some("ein Klick auf ein Zeichen (email-reaction)".to_owned())
    } else if let Some(words) = wording.automatic_subject() {
        Some(format!("der Betreff („{words}“)"))
    } else {
        calendar::sign(mail)
    }
}

/// Our own letter, come back under another sender.
fn sign_of_echo(mail: &Entity<'_>, wording: &Wording) -> Option<String> {
    let answers = ["in-reply-to", "references"]
        .iter()
        .any(|name| mail.fields.raw(name).is_some());
    let carries_files = mail.parts.iter().any(Entity::is_attachment);
    let echo =
        wording.is_own_letter() || answers && !carries_files && wording.only_quotes_own_letter();
    echo.then(|| "der eigene Brief, ohne ein Wort dazu".to_owned())
}

/// What programs call themselves, and how they speak.
fn sign_in_words(fields: &Fields, wording: &Wording, elsewhere: bool) -> Option<String> {
    let for_a_person = elsewhere && (wording.pleads() || wording.is_of_a_form());
    if for_a_person {
        return None;
    }
    let sender = fields.address("from").map(|from| first_word(&from.email));
    let machine = MACHINES
        .iter()
        .find(|name| sender.as_deref() == Some(**name));
    if let Some(name) = machine {
        return Some(format!("die Absenderadresse ({name}@)"));
    }
    if let Some(words) = wording.declares_itself() {
        return Some(in_text(words));
    }
    wording
        .sounds_automatic()
        .filter(|_| !wording.pleads())
        .map(in_text)
}

fn sign_of_list(fields: &Fields, wording: &Wording) -> Option<String> {
    let precedence = fields.raw("precedence").unwrap_or_default();
    let keyword = precedence.split(['(', ';']).next().unwrap_or_default();
    let bulk = ["bulk", "list", "junk"]
        .iter()
        .any(|word| keyword.trim().eq_ignore_ascii_case(word));
    if bulk {
        return Some(in_field("precedence"));
    }
    let field = fields
        .names()
        .find(|name| name.starts_with("list-") || LIST_FIELDS.contains(name));
    field.map(in_field).or_else(|| {
        let words = wording.is_newsletter().filter(|_| !wording.pleads())?;
        Some(in_text(words))
    })
}

fn in_field(name: &str) -> String {
    format!("das Kopffeld {name}")
}

fn in_text(words: &str) -> String {
    format!("die Worte „{words}“")
}

fn has_part(mail: &Entity<'_>, media_type: &str) -> bool {
    mail.parts
        .iter()
        .any(|part| part.media_type() == media_type)
}

fn local_part(address: &Address) -> String {
    let email = &address.email;
    let local = email
        .rsplit_once('@')
        .map_or(email.as_str(), |(local, _)| local);
    local.trim_matches('"').to_lowercase()
}

/// The first word of a local part: "kopierer" of "kopierer-og2@rathaus.example".
fn first_word(email: &str) -> String {
    let word = email.split(|c: char| !c.is_alphanumeric()).next();
    word.unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests;
