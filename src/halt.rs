//! Halts: the places between two steps of a request's way, so that a test can cut the daemon off at each.
//!
//! In debug builds the process stops itself (SIGSTOP) at the point that `ANTRAGSBOTE_HALT` names. Whoever watches it
//! sees it stand, looks at the servers if need be, and kills it from outside. A release holds nothing of this.
#![allow(
    clippy::disallowed_methods,
    reason = "only a test's environment can say where to halt, and the core must not see it"
)]

macro_rules! points {
    ($($(#[doc = $meaning:literal])+ $point:ident = $name:literal,)+) => {
        /// A place between two steps.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Point {
            $($(#[doc = $meaning])+ $point,)+
        }

        impl Point {
            /// All of them, in the order of the way.
            pub const ALL: &[Self] = &[$(Self::$point,)+];

            /// As `ANTRAGSBOTE_HALT` names it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)+
                }
            }
        }
    };
}

points! {
    /// the log's tables are made or changed, and not committed
    Migrating = "migrating",
    /// the mailbox has told what lies there
    Listed = "listed",
    /// mails are here, and nowhere in the log
    Fetched = "fetched",
    /// mails are written to the log, and not committed
    Recording = "recording",
    /// mails are on disk
    Recorded = "recorded",
    /// a mail handed in by `deliver` is on disk, and its client does not know
    HandedIn = "handed-in",
    /// the beginning of the work on mails is booked
    Begun = "begun",
    /// decisions and replies are made, and nowhere on disk
    Answered = "answered",
    /// decisions and replies are written to the log, and not committed
    Deciding = "deciding",
    /// decisions and replies are on disk
    Decided = "decided",
    /// the attempt to deliver is booked
    Claimed = "claimed",
    /// the connection to the mail server stands
    Connected = "connected",
    /// the mail server waits for the mail's content
    Content = "content",
    /// the sendmail program runs, and has not taken the mail
    Sendmail = "sendmail",
    /// the reply lies in the Maildir's `tmp`
    Drafted = "drafted",
    /// the mail server has accepted the reply, and nobody has noted it
    Accepted = "accepted",
    /// the result is written to the log, and not committed
    Noting = "noting",
    /// the result is on disk
    Noted = "noted",
    /// handled mail is about to be set aside
    Ended = "ended",
    /// the mailbox has set mail aside, and the log does not know
    Moved = "moved",
    /// that it is set aside is written to the log, and not committed
    Settling = "settling",
    /// that it is set aside is on disk
    Settled = "settled",
}

#[cfg(debug_assertions)]
mod debug {
    use std::env;
    use std::sync::LazyLock;

    use nix::sys::signal::{Signal, raise};

    use super::Point;

    /// The name of the point.
    static HALT: LazyLock<Option<String>> = LazyLock::new(|| env::var("ANTRAGSBOTE_HALT").ok());

    /// What a mail holds that ends the process.
    static POISON: LazyLock<Option<String>> = LazyLock::new(|| env::var("ANTRAGSBOTE_POISON").ok());

    /// What a mail holds that is worked on without end.
    static ENDLESS: LazyLock<Option<String>> =
        LazyLock::new(|| env::var("ANTRAGSBOTE_ENDLESS").ok());

    pub(super) fn at(point: Point) {
        if HALT.as_deref() == Some(point.name()) {
            let _ = raise(Signal::SIGSTOP);
        }
    }

    pub(super) fn poison(raw: &[u8]) {
        let holds = |word: &String| String::from_utf8_lossy(raw).contains(word.as_str());
        if POISON.as_ref().is_some_and(holds) {
            std::process::abort();
        }
        while ENDLESS.as_ref().is_some_and(holds) {
            std::thread::park();
        }
    }
}

/// Stops the process if a test wants it to stand here.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a release never halts")
)]
pub fn at(point: Point) {
    #[cfg(debug_assertions)]
    debug::at(point);
}

/// Ends the process at once if the mail holds what `ANTRAGSBOTE_POISON` says, as an overflown stack or a full
/// memory would: what no panic is, nobody catches. With what `ANTRAGSBOTE_ENDLESS` says the work on it never ends.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a release takes no poison")
)]
pub fn poison(raw: &[u8]) {
    #[cfg(debug_assertions)]
    debug::poison(raw);
}
