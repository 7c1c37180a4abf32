//! The fields of `message/delivery-status` (RFC 3464 2), also with international addresses
//! (RFC 6533 3).

use super::{Action, MAX_READ, Recipient, enhanced_code, kept};
use crate::mail::MessageId;
use crate::mail::header::Fields;

pub(super) const MEDIA_TYPES: &[&str] =
    &["message/delivery-status", "message/global-delivery-status"];

/// Recipients beyond this number are not looked at; our replies have one.
const MAX_RECIPIENTS: usize = 20;

/// The groups of fields of a report: the first about the mail, one more for each recipient.
pub(super) struct Status(Vec<Fields>);

impl Status {
    /// Splits a text into its groups, which blank lines set apart.
    pub(super) fn of(text: &str) -> Self {
        let text = text
            .get(..text.floor_char_boundary(MAX_READ))
            .unwrap_or_default();
        let mut groups = vec![String::new()];
        for line in text.lines() {
            match groups.last_mut() {
                Some(group) if !line.trim().is_empty() => {
                    group.push_str(line);
                    group.push('\n');
                }
                Some(group) if group.is_empty() => {}
                _ => groups.push(String::new()),
            }
        }
        let groups = groups.iter().filter(|group| !group.is_empty());
        Self(
            groups
                .take(MAX_RECIPIENTS + 1)
                .map(|group| Fields::parse(group.as_bytes()))
                .collect(),
        )
    }

    /// What became of the mail, for each recipient.
    pub(super) fn recipients(&self) -> Vec<Recipient> {
        self.0.iter().filter_map(recipient).collect()
    }

    /// The id of the mail, where the server or its sender put it here.
    pub(super) fn original_id(&self) -> Option<MessageId> {
        let named = |name| self.0.iter().find_map(|fields| fields.raw(name));
        let id = named("x-original-message-id")
            .or_else(|| named("original-message-id"))
            .map(str::to_owned)
            .or_else(|| named("original-envelope-id").map(from_xtext))?;
        MessageId::parse(&id).filter(|id| id.as_str().contains('@'))
    }
}

/// A group about a recipient; `None` for the group about the mail.
fn recipient(fields: &Fields) -> Option<Recipient> {
    let address = fields
        .raw("original-recipient")
        .or_else(|| fields.raw("final-recipient"));
    let status = fields
        .raw("status")
        .and_then(|status| enhanced_code(status, "245"));
    let words = fields.raw("diagnostic-code").map(untyped);
    let words = kept(words.unwrap_or_default());
    let action = fields.raw("action").and_then(action).or(match status {
        Some(code) if code.starts_with('5') => Some(Action::Failed),
        Some(code) if code.starts_with('4') => Some(Action::Delayed),
        Some(_) => Some(Action::Delivered),
        None => None,
    })?;
    // "5.0.0" says no more than the action does; the server that refused often says more.
    let told = status.filter(|code| code.ends_with(".0.0"));
    let exact = told.and_then(|code| enhanced_code(&words, code.get(..1)?));
    Some(Recipient {
        address: address.map(|address| kept(&from_escapes(untyped(address)))),
        action,
        status: exact.or(status).map(str::to_owned),
        words,
    })
}

/// The action that a field names (RFC 3464 2.3.3); a comment may follow.
fn action(value: &str) -> Option<Action> {
    let word: String = value
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    match word.to_ascii_lowercase().as_str() {
        "failed" => Some(Action::Failed),
        "delayed" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" => Some(Action::Delivered),
        _ => None,
    }
}

/// A value without its type: "rfc822; anna@example.net".
fn untyped(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, value)| value)
}

/// Undoes xtext (RFC 3461 4): "+40" is "@".
fn from_xtext(text: &str) -> String {
    unescape(text, "+", "")
}

/// Undoes utf-8-addr-xtext (RFC 6533 3): "\x{F6}" is "ö".
fn from_escapes(text: &str) -> String {
    unescape(text, "\\x{", "}")
}

/// Replaces hexadecimal numbers between `open` and `close`; without a closing sign they have
/// two digits.
fn unescape(text: &str, open: &str, close: &str) -> String {
    let mut pieces = text.split(open);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let split = match close {
            "" => piece.split_at_checked(2),
            close => piece.split_once(close),
        };
        let decoded = split.and_then(|(digits, rest)| {
            let code = u32::from_str_radix(digits, 16).ok()?;
            Some((char::from_u32(code)?, rest))
        });
        match decoded {
            Some((c, rest)) => {
                plain.push(c);
                plain.push_str(rest);
            }
            None => {
                plain.push_str(open);
                plain.push_str(piece);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_what_is_none_stays() {
        for (escaped, plain) in [
            ("a+40b.example", "a@b.example"),
            ("a+2Bb+40c", "a+b@c"),
            ("a+", "a+"),
            ("a+ö", "a+ö"),
            ("a+zz", "a+zz"),
        ] {
            assert_eq!(from_xtext(escaped), plain);
        }
        for (escaped, plain) in [
            ("j\\x{F6}rg", "jörg"),
            ("\\x{1F600}", "😀"),
            ("\\x{D800}", "\\x{D800}"),
            ("\\x{", "\\x{"),
            ("\\x{F6", "\\x{F6"),
        ] {
            assert_eq!(from_escapes(escaped), plain);
        }
    }
}
