//! What mail servers report on deliveries: which mail it is about, what became of it, and
//! the words of the server that refused it.
//!
//! RFC 3464 and 6522, RFC 6533 for international addresses, and what mail servers write
//! that follow none of them. Reports on anything else (RFC 8098, RFC 5965, RFC 8460) are not
//! about deliveries; whether a mail is a report at all, `origin` says.

mod notice;
mod status;

use super::entity::{self, Entity};
use super::header::Fields;
use super::{MessageId, charset, message_ids};
use notice::Notice;

/// A delivery report, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// the id of the mail it is about; where nothing says it, the ids that it may have, the
    /// nearest first
    pub about: Vec<MessageId>,
    /// what became of the mail, for each recipient that is told of; never empty
    pub recipients: Vec<Recipient>,
}

/// What became of a mail on its way to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// the address, as the sender knows it where that is told
    pub address: Option<String>,
    /// what happened
    pub action: Action,
    /// the enhanced status code (RFC 3463): "5.1.1"
    pub status: Option<String>,
    /// what the server said, at most 500 characters; may be empty
    pub words: String,
}

/// What happened to a mail (RFC 3464 2.3.3), the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// delivered, or handed on to where nobody reports (relayed, expanded)
    Delivered,
    /// not yet delivered, and tried again
    Delayed,
    /// given up
    Failed,
}

impl Report {
    /// The recipient for whom it went worst, the first of several.
    pub fn gravest(&self) -> Option<&Recipient> {
        let recipients = self.recipients.iter().rev();
        recipients.max_by_key(|recipient| recipient.action)
    }
}

/// The most that is read of a header that came back, of a status and of a notice, in bytes.
const MAX_READ: usize = 64 * 1024;

/// The longest words and addresses that are kept, in characters: an SMTP reply of several
/// lines with its links.
const MAX_WORDS: usize = 500;

/// Media types of what comes back (RFC 6522 3, RFC 6533 4 and 5).
const RETURNED: &[&str] = &[
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
];

/// Reads a mail that a mail server wrote; `None` if it tells of no delivery.
pub(super) fn read(mail: &Entity<'_>) -> Option<Report> {
    let kind = mail.parameter("report-type").unwrap_or_default();
    let on_delivery = kind.is_empty() || kind.eq_ignore_ascii_case("delivery-status");
    if mail.media_type() == "multipart/report" && !on_delivery {
        return None;
    }
    let notice = Notice::of(mail);
    let status = find(mail, status::MEDIA_TYPES).map(|part| status::Status::of(&part.text()));
    let mut recipients = status
        .as_ref()
        .map(|status| status.recipients())
        .unwrap_or_default();
    let mut silent = recipients
        .iter_mut()
        .filter(|recipient| recipient.action > Action::Delivered && recipient.words.is_empty());
    if let Some(first) = silent.next() {
        let words = notice.words();
        silent.for_each(|other| other.words.clone_from(&words));
        first.words = words;
    }
    if recipients.is_empty() {
        recipients.push(notice.recipient(&mail.fields)?);
    }
    let about = returned_id(mail)
        .or_else(|| status.and_then(|status| status.original_id()))
        .or_else(|| notice.original_id());
    Some(Report {
        about: about.map_or_else(|| thread(&mail.fields), |id| vec![id]),
        recipients,
    })
}

/// The first part of one of these media types.
fn find<'e, 'a>(entity: &'e Entity<'a>, media_types: &[&str]) -> Option<&'e Entity<'a>> {
    if media_types.contains(&entity.media_type().as_str()) {
        return Some(entity);
    }
    let mut parts = entity.parts.iter();
    parts.find_map(|part| find(part, media_types))
}

/// The id of the mail that came back, or of as much of its header as did.
fn returned_id(mail: &Entity<'_>) -> Option<MessageId> {
    let part = find(mail, RETURNED)?;
    let fields = entity::header(part.content(MAX_READ).trim_ascii_start());
    message_ids(&fields, "message-id").into_iter().next()
}

/// The ids of the mails that the report answers, the nearest first.
fn thread(fields: &Fields) -> Vec<MessageId> {
    let earlier = message_ids(fields, "references").into_iter().rev();
    let mut ids = message_ids(fields, "in-reply-to");
    for id in earlier.take(super::MAX_REFERENCES) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Words as they are kept: on one line, cleaned, bounded.
fn kept(words: &str) -> String {
    let clean = charset::clean(words);
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_WORDS).collect()
}

/// The first enhanced status code of these classes in a text (RFC 3463 2); numbers of
/// versions and addresses of hosts are none.
fn enhanced_code<'t>(text: &'t str, classes: &str) -> Option<&'t str> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let alone = !before.is_alphanumeric() && before != '.';
        before = c;
        if alone && classes.contains(c) {
            let rest = text.get(at..).unwrap_or_default();
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
            let code = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            let code = code.strip_suffix('.').unwrap_or(code);
            if is_enhanced_code(code) {
                return Some(code);
            }
        }
    }
    None
}

fn is_enhanced_code(code: &str) -> bool {
    let mut numbers = code.split('.').map(|number| (number.len(), number.parse()));
    // The subjects end with 7 (RFC 3463 3, and IANA's registry).
    matches!(
        (
            numbers.next(),
            numbers.next(),
            numbers.next(),
            numbers.next()
        ),
        (
            Some((1, Ok(2 | 4 | 5))),
            Some((1, Ok(0..=7_u16))),
            Some((1..=3, Ok(_))),
            None
        )
    )
}

#[cfg(test)]
mod tests;
