//! What a refusal of Graph means for the mail: one table, by status and by the code beside it.
//!
//! As with SMTP, a mail is given up only where this recipient or this mail is refused.

use std::time::Duration;

use crate::outbound::Closure;
use crate::request::Verdict;

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// too many requests, or no service for now: nothing gets through
    Busy,
    /// this moment
    ForNow,
    /// the app or its token: nothing gets through
    Denied,
    /// the mailbox that is to send: nothing gets through
    Mailbox,
    /// the bot's own address: nothing gets through
    Sender,
    /// this recipient or this mail
    Mail,
    /// nobody knows whether the mail was taken
    Doubtful,
}

impl Refusal {
    pub(super) fn verdict(self) -> Verdict {
        match self {
            Self::Mail => Verdict::GiveUp,
            Self::Doubtful => Verdict::Unknown,
            _ => Verdict::TryAgain,
        }
    }

    pub(super) fn closure(self, pause: Option<Duration>) -> Option<Closure> {
        match self {
            Self::Busy => Some(pause.map_or(Closure::Unreachable, Closure::Throttled)),
            Self::Doubtful => pause.map(Closure::Throttled),
            Self::Denied | Self::Mailbox | Self::Sender => Some(Closure::Unwelcome),
            Self::ForNow | Self::Mail => None,
        }
    }

    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Busy | Self::ForNow | Self::Doubtful => {
                "nothing is to be done, it is tried again"
            }
            Self::Denied => {
                "the app needs Mail.Send of Microsoft Graph with an administrator's consent, and must be let at this mailbox"
            }
            Self::Mailbox => {
                "check username in [outbound]: a mailbox with a licence, in this tenant"
            }
            Self::Sender => "the mailbox that sends must be let send as bot.address",
            Self::Mail => "Microsoft's own word says why",
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Busy => "throttled",
            Self::ForNow => "refused-for-now",
            Self::Denied => "graph-denied",
            Self::Mailbox => "graph-mailbox",
            Self::Sender => "sender",
            Self::Mail => "refused-for-good",
            Self::Doubtful => "protocol",
        }
    }
}

/// What a refusal is about. Rows are read from above.
pub(super) fn of(status: u16, code: &str) -> Refusal {
    use Refusal::{Busy, Denied, Doubtful, ForNow, Mail, Mailbox, Sender};
    match (status, code) {
        // 200 has been seen where the mail was too large, and none was sent (microsoft-graph-docs issue 13979).
        (..300, _) => Mail,
        // A code says more than its status.
        (_, "ErrorSendAsDenied") => Sender,
        (_, "ErrorInvalidUser" | "ErrorNonExistentMailbox" | "ResourceNotFound") => Mailbox,
        (_, "MailboxNotEnabledForRESTAPI" | "MailboxNotSupportedForRESTAPI") => Mailbox,
        (_, "ErrorAccessDenied" | "ErrorAccountSuspend" | "Authorization_RequestDenied") => Denied,
        (_, "ErrorInvalidRecipients" | "ErrorMessageSizeExceeded") => Mail,
        (_, "ApplicationThrottled" | "ErrorServerBusy" | "ErrorExceededMessageLimit") => Busy,
        // The mailbox is full or on its way elsewhere.
        (_, "ErrorQuotaExceeded" | "ErrorMailboxMoveInProgress") => ForNow,
        (400 | 413 | 422, _) => Mail,
        (404, _) => Mailbox,
        (408 | 409 | 423 | 425 | 507, _) => ForNow,
        (429 | 503 | 509, _) => Busy,
        // No licence, no permission, no Graph at all: whoever runs it puts it right.
        (..500, _) => Denied,
        // Mails were delivered where it said so (Microsoft Q&A 5629476).
        _ => Doubtful,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_verdict() {
        use Refusal::{Busy, Denied, Doubtful, ForNow, Mail, Mailbox, Sender};
        let table = [
            // no success is what 202 is not
            (200, "", Mail),
            (204, "", Mail),
            // not Graph
            (302, "", Denied),
            (405, "", Denied),
            (415, "", Denied),
            // this mail
            (400, "", Mail),
            (400, "ErrorInvalidRecipients", Mail),
            (400, "ErrorMimeContentInvalidBase64String", Mail),
            (403, "ErrorMessageSizeExceeded", Mail),
            (413, "", Mail),
            (413, "ErrorMessageSizeExceeded", Mail),
            (422, "", Mail),
            // the app
            (401, "InvalidAuthenticationToken", Denied),
            (402, "", Denied),
            (403, "", Denied),
            (403, "ErrorAccessDenied", Denied),
            (403, "accessDenied", Denied),
            (403, "extensionError", Denied),
            (403, "Authorization_RequestDenied", Denied),
            (403, "ErrorAccountSuspend", Denied),
            // the mailbox
            (404, "", Mailbox),
            (404, "ErrorInvalidUser", Mailbox),
            (404, "MailboxNotEnabledForRESTAPI", Mailbox),
            (400, "MailboxNotSupportedForRESTAPI", Mailbox),
            (400, "ErrorNonExistentMailbox", Mailbox),
            // the bot's own address
            (403, "ErrorSendAsDenied", Sender),
            // for now
            (408, "", ForNow),
            (409, "", ForNow),
            (423, "", ForNow),
            (507, "ErrorQuotaExceeded", ForNow),
            (403, "ErrorQuotaExceeded", ForNow),
            (503, "ErrorMailboxMoveInProgress", ForNow),
            (429, "ApplicationThrottled", Busy),
            (429, "", Busy),
            (503, "ErrorServerBusy", Busy),
            (503, "", Busy),
            (509, "", Busy),
            (400, "ErrorExceededMessageLimit", Busy),
            // who knows
            (500, "ErrorInternalServerError", Doubtful),
            (500, "", Doubtful),
            (502, "", Doubtful),
            (504, "UnknownError", Doubtful),
        ];
        for (status, code, expected) in table {
            assert_eq!(of(status, code), expected, "{status} {code}");
        }
        let pause = Some(Duration::from_secs(120));
        let throttled = Some(Closure::Throttled(Duration::from_secs(120)));
        for (refusal, verdict, closure) in [
            (Busy, Verdict::TryAgain, throttled),
            (ForNow, Verdict::TryAgain, None),
            (Denied, Verdict::TryAgain, Some(Closure::Unwelcome)),
            (Mailbox, Verdict::TryAgain, Some(Closure::Unwelcome)),
            (Sender, Verdict::TryAgain, Some(Closure::Unwelcome)),
            (Mail, Verdict::GiveUp, None),
            (Doubtful, Verdict::Unknown, throttled),
        ] {
            assert_eq!(refusal.verdict(), verdict, "{refusal:?}");
            assert_eq!(refusal.closure(pause), closure, "{refusal:?}");
        }
        assert_eq!(Busy.closure(None), Some(Closure::Unreachable));
        assert_eq!(Doubtful.closure(None), None);
    }
}
