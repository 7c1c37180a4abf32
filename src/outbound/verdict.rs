//! What a server's refusal means for the mail: one table.
//!
//! A mail is given up only where the server says for good that this recipient or this
//! mail is refused. What an administrator can put right is tried again: the login, the
//! bot's own address, a full disk.

use super::Step;
use crate::request::Verdict;

/// The verdict on a reply of `code` (RFC 5321 4.2) with `enhanced` (RFC 3463, all three
/// numbers) to `step`. Rows are read from above.
pub(super) fn of_refusal(step: Step, code: u16, enhanced: Option<&str>) -> Verdict {
    use Verdict::{GiveUp, TryAgain};
    match (step, code, enhanced.unwrap_or_default()) {
        // This machine is refused, or its login, not this mail.
        (Step::Greeting | Step::Login, _, _) => TryAgain,
        // For now (RFC 5321 4.2.1), 421 at any step included. Where the two codes disagree,
        // which RFC 2034 4 forbids, waiting is the safe reading of either.
        (_, ..500, _) => TryAgain,
        (_, _, enhanced) if enhanced.starts_with("4.") => TryAgain,
        // It wants a login, another or a better one (RFC 4954 6, RFC 5248, Exchange).
        (_, 530 | 534 | 535 | 538, _) => TryAgain,
        (_, _, "5.7.8" | "5.7.9" | "5.7.11" | "5.7.13" | "5.7.14" | "5.7.57" | "5.7.139") => {
            TryAgain
        }
        // The mail is too big, or has an address this server never takes (RFC 6531 3.5).
        (_, _, "5.2.3" | "5.3.4" | "5.6.7") => GiveUp,
        // A mailbox or a disk is full: somebody tidies up.
        (_, _, "5.2.2" | "5.3.1") => TryAgain,
        // The bot's own address is refused: Postfix by 553 5.7.1 ("not owned by user"), which
        // it says at RCPT; Exchange by 5.7.60 and 5.2.252 ("SendAsDenied").
        (_, 553, "5.7.1") => TryAgain,
        (_, _, "5.1.7" | "5.1.8" | "5.7.60" | "5.2.252") => TryAgain,
        (Step::Mail, 552, _) => GiveUp,
        (Step::Mail, _, _) => TryAgain,
        // Too many recipients, to be read as 452 (RFC 5321 4.5.3.1.10), or a full mailbox.
        (Step::Rcpt, 552, _) => TryAgain,
        // The two ends have lost count of commands; a new connection begins anew.
        (_, 503, _) => TryAgain,
        _ => GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_verdict() {
        use Step::{Content, Data, Greeting, Login, Mail, Rcpt};
        use Verdict::{GiveUp, TryAgain};
        let table = [
            // no service: RFC 5321 3.1, RFC 7504; it is the bot's own server that says so
            (Greeting, 421, "4.3.2", TryAgain),
            (Greeting, 521, "", TryAgain),
            (Greeting, 554, "5.7.1", TryAgain),
            // RFC 4954 6
            (Login, 454, "4.7.0", TryAgain),
            (Login, 535, "5.7.8", TryAgain),
            (Login, 534, "5.7.9", TryAgain),
            (Mail, 530, "5.7.0", TryAgain),
            (Rcpt, 538, "5.7.11", TryAgain),
            (Rcpt, 550, "5.7.8", TryAgain),
            (Content, 550, "5.7.57", TryAgain),
            // 421 at any step
            (Mail, 421, "", TryAgain),
            (Rcpt, 421, "4.4.2", TryAgain),
            (Data, 421, "4.3.2", TryAgain),
            (Content, 421, "4.3.0", TryAgain),
            // for now
            (Mail, 451, "4.3.0", TryAgain),
            (Mail, 452, "4.3.1", TryAgain),
            (Rcpt, 450, "4.2.0", TryAgain),
            (Rcpt, 450, "4.7.1", TryAgain),
            (Rcpt, 451, "4.7.1", TryAgain),
            (Rcpt, 452, "4.5.3", TryAgain),
            (Data, 451, "", TryAgain),
            (Content, 452, "4.3.1", TryAgain),
            // the two codes disagree
            (Rcpt, 450, "5.7.1", TryAgain),
            (Rcpt, 451, "5.1.1", TryAgain),
            (Rcpt, 550, "4.7.1", TryAgain),
            (Content, 554, "4.6.0", TryAgain),
            // the bot's own address
            (Mail, 550, "5.7.1", TryAgain),
            (Mail, 501, "5.1.7", TryAgain),
            (Mail, 553, "5.7.1", TryAgain),
            (Mail, 553, "", TryAgain),
            (Rcpt, 553, "5.7.1", TryAgain),
            (Rcpt, 550, "5.1.8", TryAgain),
            (Content, 550, "5.7.60", TryAgain),
            (Content, 554, "5.2.252", TryAgain),
            // too big: RFC 1870 6
            (Mail, 552, "", GiveUp),
            (Mail, 552, "5.3.4", GiveUp),
            (Rcpt, 552, "5.2.3", GiveUp),
            (Content, 552, "5.3.4", GiveUp),
            (Content, 552, "", GiveUp),
            (Content, 554, "5.3.4", GiveUp),
            // too many recipients, a full mailbox, a full disk
            (Rcpt, 552, "", TryAgain),
            (Rcpt, 552, "5.5.3", TryAgain),
            (Rcpt, 552, "5.2.2", TryAgain),
            (Content, 552, "5.2.2", TryAgain),
            (Content, 554, "5.3.1", TryAgain),
            // no such recipient; no mail there at all: RFC 7504, RFC 7505
            (Rcpt, 550, "5.1.1", GiveUp),
            (Rcpt, 550, "", GiveUp),
            (Rcpt, 553, "5.1.3", GiveUp),
            (Rcpt, 501, "5.1.3", GiveUp),
            (Rcpt, 521, "", GiveUp),
            (Rcpt, 556, "5.1.10", GiveUp),
            (Rcpt, 550, "5.1.10", GiveUp),
            (Rcpt, 550, "5.2.1", GiveUp),
            (Rcpt, 553, "5.6.7", GiveUp),
            // policy
            (Rcpt, 550, "5.7.1", GiveUp),
            (Rcpt, 554, "5.7.1", GiveUp),
            (Data, 554, "5.5.1", GiveUp),
            (Content, 550, "5.7.1", GiveUp),
            (Content, 554, "5.7.1", GiveUp),
            (Content, 554, "5.6.0", GiveUp),
            // out of step
            (Mail, 503, "5.5.1", TryAgain),
            (Rcpt, 503, "5.5.1", TryAgain),
            (Data, 503, "", TryAgain),
        ];
        for (step, code, enhanced, expected) in table {
            let given = Some(enhanced).filter(|enhanced| !enhanced.is_empty());
            let verdict = of_refusal(step, code, given);
            assert_eq!(verdict, expected, "{step:?} {code} {enhanced}");
        }
    }
}
