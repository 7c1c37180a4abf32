//! `[policy]`: whom to answer, how often, how large.

use super::{Check, parse_address};
use crate::config::units::parse_size;
use crate::outbound;
use crate::policy::{Authentication, REST_OF_REPLY, Rules};

const SIZE: &str = "eine Größe wie \"10 MiB\"";

impl Check<'_> {
    /// The rules; a reply fits into the largest mail that `outbound` takes.
    pub(super) fn policy(&mut self, outbound: Option<&outbound::Config>) -> Rules {
        let usual = Rules::default();
        let largest = outbound.and_then(outbound::Config::largest_mail);
        let count = 0..=1_000_000;
        let authentication = self.authentication();
        Rules {
            allow: self.senders("policy.allow", usual.allow),
            deny: self.senders("policy.deny", usual.deny),
            max_message_size: self
                .file
                .read("policy.max_message_size", SIZE, parse_size)
                .unwrap_or(usual.max_message_size),
            replies_per_sender_per_hour: self
                .file
                .number("policy.replies_per_sender_per_hour", count.clone())
                .unwrap_or(usual.replies_per_sender_per_hour),
            documents_per_sender_per_hour: self
                .file
                .number("policy.documents_per_sender_per_hour", count.clone())
                .unwrap_or(usual.documents_per_sender_per_hour),
            replies_per_domain_per_hour: self
                .file
                .number("policy.replies_per_domain_per_hour", count)
                .unwrap_or(usual.replies_per_domain_per_hour),
            replies_per_hour: self
                .file
                .number("policy.replies_per_hour", 1..=1_000_000)
                .unwrap_or(usual.replies_per_hour),
            documents_in_reply: largest.map_or(usual.documents_in_reply, encoded_in),
            authentication,
        }
    }

    /// A list of senders.
    fn senders(&mut self, key: &str, usual: Vec<String>) -> Vec<String> {
        let expected = "eine Liste aus Adressen, \"@domain\" und \"*\": [\"@example.org\"]";
        self.file.texts(key, expected, is_sender).unwrap_or(usual)
    }

    /// Who confirms senders: the mail server that `authserv_id` names, else their signatures.
    fn authentication(&mut self) -> Authentication {
        let words = [("none", false), ("authenticated", true)];
        let required = self.file.word("policy.require", &words).unwrap_or(false);
        let expected = "der Name, mit dem die Authentication-Results Ihres Mailservers beginnen: \"mx.example.org\"";
        let server = self.file.read("policy.authserv_id", expected, |text| {
            let sound = !text.is_empty()
                && !text
                    .contains(|c: char| c.is_whitespace() || c.is_control() || ";=".contains(c));
            sound.then(|| text.to_owned())
        });
        match server {
            _ if !required => Authentication::None,
            Some(server) => Authentication::Server(server),
            None => Authentication::Dkim,
        }
    }
}

/// How many bytes of documents a mail of this size holds: base 64 in lines of 76 characters makes
/// four of three (RFC 2045 section 6.8), and the text beside them is small.
fn encoded_in(mail: usize) -> usize {
    mail.saturating_sub(REST_OF_REPLY) / 78 * 76 / 4 * 3
}

fn is_sender(text: &str) -> bool {
    let domain = text.strip_prefix('@');
    text == "*"
        || domain
            .map_or_else(
                || parse_address(text),
                |domain| parse_address(&format!("x@{domain}")),
            )
            .is_some()
}
