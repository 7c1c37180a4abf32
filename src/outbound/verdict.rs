//! What a server's refusal means for the mail: one table.
//!
//! A mail is given up only where the server says for good that this recipient or this
//! mail is refused. What an administrator can put right is tried again: the login, the
//! bot's own address, a full disk.

use super::Step;
use crate::request::Verdict;

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// this moment
    ForNow,
    /// this machine or its login: no mail gets through
    Login,
    /// the bot's own address: no mail gets through
    Sender,
    /// this recipient or this mail
    Mail,
}

impl Refusal {
    /// Whether to try again.
    pub(super) fn verdict(self) -> Verdict {
        match self {
            Self::ForNow | Self::Login | Self::Sender => Verdict::TryAgain,
            Self::Mail => Verdict::GiveUp,
        }
    }
}

/// What a reply of `code` (RFC 5321 4.2) with `enhanced` (RFC 3463, all three numbers) to
/// `step` is about. Rows are read from above.
pub(super) fn of_refusal(step: Step, code: u16, enhanced: Option<&str>) -> Refusal {
    use Refusal::{ForNow, Login, Mail, Sender};
    match (step, code, enhanced.unwrap_or_default()) {
        // This machine is refused, or its login, not this mail.
        (Step::Greeting | Step::Login | Step::Token, _, _) => Login,
        // For now (RFC 5321 4.2.1), 421 at any step included. Where the two codes disagree,
        // which RFC 2034 4 forbids, waiting is the safe reading of either.
        (_, ..500, _) => ForNow,
        (_, _, enhanced) if enhanced.starts_with("4.") => ForNow,
        // It wants a login, another or a better one (RFC 4954 6, RFC 5248, Exchange).
        (_, 530 | 534 | 535 | 538, _) => Login,
        (_, _, "5.7.8" | "5.7.9" | "5.7.11" | "5.7.13" | "5.7.14" | "5.7.57" | "5.7.139") => Login,
        // The mail is too big, or has an address this server never takes (RFC 6531 3.5).
        (_, _, "5.2.3" | "5.3.4" | "5.6.7") => Mail,
        // A mailbox or a disk is full: somebody tidies up.
        (_, _, "5.2.2" | "5.3.1") => ForNow,
        // The two ends have lost count of commands; a new connection begins anew.
        (_, 503, _) => ForNow,
        // The bot's own address is refused: Postfix by 553 5.7.1 ("not owned by user"), which
        // it says at RCPT; Exchange by 5.7.60 and 5.2.252 ("SendAsDenied").
        (_, 553, "5.7.1") => Sender,
        (_, _, "5.1.7" | "5.1.8" | "5.7.60" | "5.2.252") => Sender,
        (Step::Mail, 552, _) => Mail,
        (Step::Mail, _, _) => Sender,
        // Too many recipients, to be read as 452 (RFC 5321 4.5.3.1.10), or a full mailbox.
        (Step::Rcpt, 552, _) => ForNow,
        _ => Mail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_verdict() {
        use Refusal::{ForNow, Login as Entry, Mail as Refused, Sender};
        use Step::{Content, Data, Greeting, Login, Mail, Rcpt, Token};
        let table = [
            // no service: RFC 5321 3.1, RFC 7504; it is the bot's own server that says so
            (Greeting, 421, "4.3.2", Entry),
            (Greeting, 521, "", Entry),
            (Greeting, 554, "5.7.1", Entry),
            // RFC 4954 6
            (Login, 454, "4.7.0", Entry),
            (Login, 535, "5.7.8", Entry),
            (Login, 534, "5.7.9", Entry),
            (Token, 454, "4.7.0", Entry),
            (Token, 535, "5.7.8", Entry),
            (Mail, 530, "5.7.0", Entry),
            (Rcpt, 538, "5.7.11", Entry),
            (Rcpt, 550, "5.7.8", Entry),
            (Content, 550, "5.7.57", Entry),
            // 421 at any step
            (Mail, 421, "", ForNow),
            (Rcpt, 421, "4.4.2", ForNow),
            (Data, 421, "4.3.2", ForNow),
            (Content, 421, "4.3.0", ForNow),
            // for now
            (Mail, 451, "4.3.0", ForNow),
            (Mail, 452, "4.3.1", ForNow),
            (Rcpt, 450, "4.2.0", ForNow),
            (Rcpt, 450, "4.7.1", ForNow),
            (Rcpt, 451, "4.7.1", ForNow),
            (Rcpt, 452, "4.5.3", ForNow),
            (Data, 451, "", ForNow),
            (Content, 452, "4.3.1", ForNow),
            // the two codes disagree
            (Rcpt, 450, "5.7.1", ForNow),
            (Rcpt, 451, "5.1.1", ForNow),
            (Rcpt, 550, "4.7.1", ForNow),
            (Content, 554, "4.6.0", ForNow),
            // the bot's own address
            (Mail, 550, "5.7.1", Sender),
            (Mail, 501, "5.1.7", Sender),
            (Mail, 553, "5.7.1", Sender),
            (Mail, 553, "", Sender),
            (Rcpt, 553, "5.7.1", Sender),
            (Rcpt, 550, "5.1.8", Sender),
            (Content, 550, "5.7.60", Sender),
            (Content, 554, "5.2.252", Sender),
            // too big: RFC 1870 6
            (Mail, 552, "", Refused),
            (Mail, 552, "5.3.4", Refused),
            (Rcpt, 552, "5.2.3", Refused),
            (Content, 552, "5.3.4", Refused),
            (Content, 552, "", Refused),
            (Content, 554, "5.3.4", Refused),
            // too many recipients, a full mailbox, a full disk
            (Rcpt, 552, "", ForNow),
            (Rcpt, 552, "5.5.3", ForNow),
            (Rcpt, 552, "5.2.2", ForNow),
            (Content, 552, "5.2.2", ForNow),
            (Content, 554, "5.3.1", ForNow),
            // no such recipient; no mail there at all: RFC 7504, RFC 7505
            (Rcpt, 550, "5.1.1", Refused),
            (Rcpt, 550, "", Refused),
            (Rcpt, 553, "5.1.3", Refused),
            (Rcpt, 501, "5.1.3", Refused),
            (Rcpt, 521, "", Refused),
            (Rcpt, 556, "5.1.10", Refused),
            (Rcpt, 550, "5.1.10", Refused),
            (Rcpt, 550, "5.2.1", Refused),
            (Rcpt, 553, "5.6.7", Refused),
            // policy
            (Rcpt, 550, "5.7.1", Refused),
            (Rcpt, 554, "5.7.1", Refused),
            (Data, 554, "5.5.1", Refused),
            (Content, 550, "5.7.1", Refused),
            (Content, 554, "5.7.1", Refused),
            (Content, 554, "5.6.0", Refused),
            // out of step
            (Mail, 503, "5.5.1", ForNow),
            (Rcpt, 503, "5.5.1", ForNow),
            (Data, 503, "", ForNow),
        ];
        for (step, code, enhanced, expected) in table {
            let given = Some(enhanced).filter(|enhanced| !enhanced.is_empty());
            let refusal = of_refusal(step, code, given);
            assert_eq!(refusal, expected, "{step:?} {code} {enhanced}");
        }
        for (refusal, verdict) in [
            (ForNow, Verdict::TryAgain),
            (Entry, Verdict::TryAgain),
            (Sender, Verdict::TryAgain),
            (Refused, Verdict::GiveUp),
        ] {
            assert_eq!(refusal.verdict(), verdict);
        }
    }
}
