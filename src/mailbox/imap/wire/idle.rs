//! IDLE (RFC 2177): the server tells of new mail by itself.

use std::pin::Pin;
use std::time::Duration;

use async_imap::imap_proto::Response;
use tokio::time::{Instant, sleep_until};

use super::{Budget, COMMAND_LIMIT, Wire, is_news, read, write};
use crate::mailbox::Error;

/// How long DONE may take: the server has nothing to do for it, silence means a dead line.
const DONE_LIMIT: Duration = Duration::from_secs(15);

/// How an IDLE (RFC 2177) ended.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mailbox::imap) enum Idled {
    /// there may be news, or it was long enough
    Ended,
    /// the server will not have it
    Refused,
}

/// What a response means for an IDLE.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Go,
    Done,
    Other,
}

impl Wire {
    /// Lets the server tell of new mail (RFC 2177), at most until `until` or `interrupt`.
    pub(in crate::mailbox::imap) async fn idle(
        &mut self,
        until: Instant,
        mut interrupt: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<Idled, Error> {
        self.tags += 1;
        let tag = format!("b{}", self.tags);
        self.session.get_mut().allow(Budget::command());
        write(&mut self.session, &format!("{tag} IDLE"), "IDLE").await?;
        loop {
            match self.hear(&tag, "IDLE", COMMAND_LIMIT).await? {
                Heard::Go => break,
                Heard::Done => return Ok(Idled::Refused),
                Heard::Other => {}
            }
        }
        while !self.news {
            tokio::select! {
                () = interrupt.as_mut() => break,
                () = sleep_until(until) => break,
                heard = self.hear(&tag, "IDLE", Duration::MAX) => if heard? == Heard::Done {
                    return Ok(Idled::Ended);
                },
            }
        }
        write(&mut self.session, "DONE", "DONE").await?;
        while self.hear(&tag, "DONE", DONE_LIMIT).await? != Heard::Done {}
        Ok(Idled::Ended)
    }

    /// Reads one response during an IDLE.
    async fn hear(&mut self, tag: &str, command: &str, limit: Duration) -> Result<Heard, Error> {
        let news = &mut self.news;
        read(&mut self.session, command, limit, |response| {
            *news |= is_news(response);
            match response {
                Response::Continue(_) => Heard::Go,
                Response::Done { tag: done, .. } if done.0 == tag => Heard::Done,
                _ => Heard::Other,
            }
        })
        .await
    }
}
