//! Intake: from the mailbox into the log, and handled mail out of the way.
//!
//! One connection does both. Any error ends it; after a pause another is opened.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use super::alarm::Cause;
use super::pause::Pause;
use super::{Shared, trouble};
use crate::clock;
use crate::log::{Arrival, Progress};
use crate::mailbox::{Extent, Listed, Mailbox};
use crate::request::Place;

/// A look follows at the latest after this, whatever the server tells or does not tell.
const LOOK_AT_LATEST: Duration = Duration::from_secs(120);
/// Servers that tell nothing are asked every so often, never faster.
const LOOK_WITHOUT_IDLE: Duration = Duration::from_secs(30);
/// Mails fetched with one command and recorded in one transaction.
const FETCH: usize = 64;
/// Bytes fetched with one command, so that a few large mails do not fill the memory.
const FETCH_BYTES: u64 = 16 << 20;
/// Handled mails set aside with one command.
const SETTLE: u32 = 256;
/// Requests that end within this are set aside together: replies come first.
const GATHER: Duration = Duration::from_secs(1);

/// Watches the mailbox until the service stops.
pub(super) async fn run(shared: Arc<Shared>, ready: CancellationToken) -> anyhow::Result<()> {
    let mut pause = Pause::new();
    while !shared.stop.is_cancelled() {
        let watched = shared
            .stop
            .run_until_cancelled(watch(&shared, &ready, &mut pause))
            .await;
        if let Some(Err(error)) = watched {
            let wait = pause.next();
            let kind = trouble::kind(&error);
            if !trouble::tell_of_log(&shared.alarms, &error) {
                shared.alarms.raise(Cause::Mailbox, trouble::words(kind));
            }
            tracing::warn!(
                error.kind = kind,
                pause_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "mailbox out of reach, trying again"
            );
            shared
                .stop
                .run_until_cancelled(tokio::time::sleep(wait))
                .await;
        }
    }
    Ok(())
}

/// One connection: look, set aside, wait, and again. Ends only by an error.
async fn watch(
    shared: &Shared,
    ready: &CancellationToken,
    pause: &mut Pause,
) -> anyhow::Result<std::convert::Infallible> {
    let mut mailbox = Mailbox::open(&shared.config.mailbox).await?;
    let mut done = HashSet::new();
    tracing::info!(mailbox.tells = mailbox.tells(), "mailbox open");
    loop {
        // What is new comes first: trouble with setting aside must not keep it out of the log.
        look(shared, &mut mailbox, &mut done).await?;
        ready.cancel();
        shared.alarms.clear(Cause::Mailbox);
        settle(shared, &mut mailbox).await?;
        pause.reset();
        let limit = if mailbox.tells() {
            LOOK_AT_LATEST
        } else {
            LOOK_WITHOUT_IDLE
        };
        let interrupt = async {
            shared.ended.rung().await;
            tokio::time::sleep(GATHER).await;
        };
        mailbox.wait(limit, interrupt).await?;
    }
}

/// Sets aside the mail of requests that have ended.
async fn settle(shared: &Shared, mailbox: &mut Mailbox) -> anyhow::Result<()> {
    loop {
        let places = shared.log.unsettled(mailbox.identity().0, SETTLE).await?;
        if places.is_empty() {
            return Ok(());
        }
        // Places of an earlier UIDVALIDITY name other mails today: they count as gone.
        let validity = mailbox.identity().1;
        let current: Vec<Place> = places
            .iter()
            .filter(|place| place.validity == validity)
            .cloned()
            .collect();
        crate::halt::at(crate::halt::Point::Ended);
        mailbox.settle(&current).await?;
        crate::halt::at(crate::halt::Point::Moved);
        shared.log.settled(places).await?;
        crate::halt::at(crate::halt::Point::Settled);
    }
}

/// Records every mail that is not in the log yet, but for mail that a person had read
/// before the service first saw this mailbox.
async fn look(
    shared: &Shared,
    mailbox: &mut Mailbox,
    done: &mut HashSet<Place>,
) -> anyhow::Result<()> {
    let (name, validity) = mailbox.identity();
    let name = name.to_owned();
    let known = shared.log.progress(&name).await?;
    let since = known.map_or_else(clock::now, |progress| progress.since);
    let next_uid = known
        .filter(|progress| progress.validity == validity)
        .map_or(1, |progress| progress.next_uid);
    let listed = mailbox.look(next_uid).await?;
    crate::halt::at(crate::halt::Point::Listed);
    let mut progress = Progress {
        validity,
        next_uid,
        since,
    };
    if known != Some(progress) {
        shared
            .log
            .receive(&name, Vec::new(), Some(progress))
            .await?;
    }
    // Only a look at the whole mailbox meets what was there before the first start; should it
    // be cut off, the next look is at the whole mailbox again.
    let whole = next_uid <= 1;
    let is_old = |mail: &Listed| mail.seen && whole && (known.is_none() || mail.arrived < since);
    let fresh: Vec<&Listed> = listed
        .iter()
        .filter(|mail| !done.contains(&mail.place) && !is_old(mail))
        .collect();
    let fresh = unrecorded(shared, fresh).await?;
    let mut recorded = 0_usize;
    for batch in batches(&fresh, shared.config.policy.max_message_size) {
        if !whole {
            progress.next_uid = progress.next_uid.max(after(&batch.mails));
        }
        let arrivals = fetch(mailbox, &batch).await?;
        recorded += arrivals.len();
        shared
            .log
            .receive(&name, arrivals, Some(progress))
            .await
            .context("mail cannot be recorded; it stays in the mailbox")?;
        crate::halt::at(crate::halt::Point::Recorded);
        shared.recorded.ring();
    }
    let end = Progress {
        next_uid: progress.next_uid.max(after(&listed)),
        ..progress
    };
    if progress != end {
        shared.log.receive(&name, Vec::new(), Some(end)).await?;
    }
    // What still lies there need not be asked about again; what is gone need not be remembered.
    *done = listed.into_iter().map(|mail| mail.place).collect();
    if recorded > 0 {
        tracing::info!(mails = recorded, "mail recorded");
    }
    Ok(())
}

/// What of the mail the log does not know.
async fn unrecorded(shared: &Shared, mails: Vec<&Listed>) -> anyhow::Result<Vec<Listed>> {
    let places = mails.iter().map(|mail| mail.place.clone()).collect();
    let unknown: HashSet<Place> = shared.log.unknown(places).await?.into_iter().collect();
    let unrecorded = mails
        .into_iter()
        .filter(|mail| unknown.contains(&mail.place));
    Ok(unrecorded.cloned().collect())
}

/// Mails that are fetched with one command.
struct Batch {
    extent: Extent,
    mails: Vec<Listed>,
}

/// Cuts a list into batches of one extent, in order, each within [`FETCH`] and [`FETCH_BYTES`].
fn batches(mails: &[Listed], max_message_size: u64) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut bytes = 0_u64;
    for mail in mails {
        let extent = if mail.size > max_message_size {
            Extent::Header
        } else {
            Extent::Whole
        };
        match batches.last_mut() {
            Some(batch)
                if batch.extent == extent
                    && batch.mails.len() < FETCH
                    && bytes.saturating_add(mail.size) <= FETCH_BYTES =>
            {
                batch.mails.push(mail.clone());
                bytes = bytes.saturating_add(mail.size);
            }
            _ => {
                batches.push(Batch {
                    extent,
                    mails: vec![mail.clone()],
                });
                bytes = mail.size;
            }
        }
    }
    batches
}

async fn fetch(mailbox: &mut Mailbox, batch: &Batch) -> anyhow::Result<Vec<Arrival>> {
    let places: Vec<Place> = batch.mails.iter().map(|mail| mail.place.clone()).collect();
    let fetched = mailbox.fetch(&places, batch.extent).await?;
    crate::halt::at(crate::halt::Point::Fetched);
    Ok(fetched
        .into_iter()
        .map(|mail| Arrival {
            id: clock::request_id(),
            place: mail.place,
            size: mail.size,
            raw: mail.raw,
            received_at: clock::now(),
        })
        .collect())
}

/// The UID after the last of these; 0 where names are no numbers.
fn after(mails: &[Listed]) -> u32 {
    mails
        .iter()
        .filter_map(|mail| mail.place.name.parse::<u32>().ok())
        .max()
        .map_or(0, |uid| uid.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn listed(uid: u32, size: u64) -> Listed {
        Listed {
            place: Place {
                mailbox: "imap:test".into(),
                validity: 7,
                name: uid.to_string(),
            },
            size,
            seen: false,
            arrived: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn large_mails_are_fetched_by_their_header_and_keep_their_turn() {
        let mails = [listed(1, 10), listed(2, 2000), listed(3, 10)];
        let extents: Vec<Extent> = batches(&mails, 1000).iter().map(|b| b.extent).collect();
        assert_eq!(extents, [Extent::Whole, Extent::Header, Extent::Whole]);
    }

    #[test]
    fn batches_are_bounded_in_count_and_bytes() {
        let many: Vec<Listed> = (0..200).map(|uid| listed(uid, 10)).collect();
        assert!(batches(&many, 1000).iter().all(|b| b.mails.len() <= FETCH));
        let heavy: Vec<Listed> = (0..5).map(|uid| listed(uid, FETCH_BYTES / 2 + 1)).collect();
        assert_eq!(batches(&heavy, u64::MAX).len(), 5);
    }

    #[test]
    fn progress_goes_past_the_highest_uid() {
        assert_eq!(after(&[listed(4, 1), listed(9, 1), listed(5, 1)]), 10);
        assert_eq!(after(&[]), 0);
    }
}
