//! Policy: whom to answer, how often, how large, what would loop.
//!
//! In: a mail as read, the rules, how much this sender has had. Out: a judgement.
//! Never here: what the mail asks for.

use crate::mail::Mail;

/// The rules an administrator sets (`[policy]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// senders that are answered: addresses, "@domain", "*"
    pub allow: Vec<String>,
    /// senders that are not, whatever `allow` says
    pub deny: Vec<String>,
    /// the largest mail that is read, in bytes
    pub max_message_size: u64,
    /// replies one sender gets in an hour
    pub replies_per_sender_per_hour: u32,
    /// documents one sender gets in an hour
    pub documents_per_sender_per_hour: u32,
}

/// What the log knows of the sender and the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    /// replies sent to the reply address in the last hour
    pub replies: u32,
    /// documents sent to it in the last hour
    pub documents: u32,
    /// the same mail (Message-ID and content) was taken before
    pub duplicate: bool,
    /// size of the whole mail in bytes; larger than what was read if only the header was fetched
    pub size: u64,
}

/// Why a mail gets no reply; the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the contract explains its words")]
pub enum Ignored {
    OwnMail,
    Loop,
    Bounce,
    AutoSubmitted,
    List,
    NoReplyAddress,
    Duplicate,
    NothingAsked,
}

/// Why a mail is refused; the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the contract explains its words")]
pub enum Refused {
    SenderNotAllowed,
    RateLimit,
    TooLarge,
    Unreadable,
}

/// What policy says before anything is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// go on
    Proceed,
    /// say nothing
    Ignore(Ignored),
    /// refuse; `answered` if the sender is told
    Refuse {
        /// why
        reason: Refused,
        /// whether the sender is told
        answered: bool,
    },
}

/// Judges a mail; `own` is the bot's address.
pub fn judge(mail: &Mail, rules: &Rules, own: &str, recent: &Recent) -> Judgement {
    let _ = (mail, rules, own, recent);
    todo!()
}
