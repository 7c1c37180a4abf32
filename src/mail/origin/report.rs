//! Delivery reports (RFC 3464) and what mail servers send instead.

use super::wording::Wording;
use super::{has_part, in_field, local_part};
use crate::mail::entity::Entity;
use crate::mail::header::Fields;

/// Fields that only delivery reports have.
const FIELDS: &[&str] = &["x-failed-recipients", "x-ms-exchange-message-is-ndr"];

/// Beginnings of the local parts that mail servers sign with.
const DAEMONS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "maildaemon",
    "microsoftexchange",
];

/// What tells that a mail server reports on a delivery.
pub(super) fn sign(mail: &Entity<'_>, wording: &Wording) -> Option<String> {
    let fields = &mail.fields;
    let from = fields.address("from");
    let name = from.as_ref().and_then(|from| from.name.as_deref());
    let name = name.unwrap_or_default().to_lowercase();
    // A daemon may sign without a domain: that is no address, but a sender all the same.
    let daemon = fields
        .raw("from")
        .is_some_and(|from| from.to_lowercase().contains("mailer-daemon"));
    let local = from.as_ref().map(local_part).unwrap_or_default();
    let daemon = daemon || DAEMONS.iter().any(|daemon| local.starts_with(daemon));
    let named = name.starts_with("mail delivery");
    let failure = || wording.tells_of_failure().filter(|_| !wording.pleads());
    if is_report(mail) {
        Some("ein Zustellbericht (multipart/report)".to_owned())
    } else if let Some(field) = FIELDS.iter().find(|name| fields.raw(name).is_some()) {
        Some(in_field(field))
    } else if daemon || named {
        Some("der Absender, ein Mailserver".to_owned())
    } else if local == "postmaster" && (has_null_path(fields) || failure().is_some()) {
        Some("der Absender postmaster".to_owned())
    } else {
        let words = wording.failure_subject().filter(|_| !wording.pleads())?;
        Some(format!("der Betreff („{words}“)"))
    }
}

/// Whether the return path is null (RFC 5321 4.5.5), as that of reports must be.
pub(super) fn has_null_path(fields: &Fields) -> bool {
    fields
        .raw("return-path")
        .is_some_and(|path| path.replace(' ', "") == "<>")
}

fn is_report(mail: &Entity<'_>) -> bool {
    let kind = mail.parameter("report-type").unwrap_or_default();
    mail.media_type() == "multipart/report"
        && (kind.eq_ignore_ascii_case("delivery-status")
            || kind.is_empty() && has_part(mail, "message/delivery-status"))
}
