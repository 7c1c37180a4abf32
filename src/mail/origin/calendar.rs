//! Calendar objects that a program sends (RFC 5546).

use super::local_part;
use crate::mail::entity::Entity;

/// Local parts of the programs that deliver calendars.
const SENDERS: &[&str] = &["calendar-notification", "calendar-noreply"];

/// Methods that a program sends, whoever owns the calendar. An invitation (REQUEST) may
/// carry a person's text.
const METHODS: &[&str] = &["reply", "cancel", "counter", "declinecounter"];

/// What tells that a calendar's program wrote the mail.
pub(super) fn sign(mail: &Entity<'_>) -> Option<String> {
    let sender = mail.fields.address("sender");
    if sender.is_some_and(|sender| SENDERS.contains(&local_part(&sender).as_str())) {
        return Some("die Absenderadresse eines Kalenders".to_owned());
    }
    let method = method(mail).filter(|method| METHODS.contains(&method.as_str()))?;
    Some(format!(
        "ein Kalendereintrag mit METHOD:{}",
        method.to_uppercase()
    ))
}

/// The method of a calendar object in the mail or in one of its parts (RFC 5546 1.4).
fn method(entity: &Entity<'_>) -> Option<String> {
    if !["text/calendar", "application/ics"].contains(&entity.media_type().as_str()) {
        return entity.parts.iter().find_map(method);
    }
    let text = entity.text();
    let within = text.lines().find_map(|line| line.strip_prefix("METHOD:"));
    let method = entity.parameter("method").or(within)?;
    Some(method.trim().to_ascii_lowercase())
}
