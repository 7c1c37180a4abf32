//! Intake: from the mailbox into the log, and handled mail out of the way.
//!
//! One connection does both. Trouble with the mailbox ends it, and after a pause another
//! is opened; trouble with the log does not: what cannot be recorded stays where it is.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ailing::Health;
use super::alarm::Cause;
use super::pause::Pause;
use super::pulse::{Stage, USUAL};
use super::standing::Standing;
use super::{Shared, retry_at, tokens, trouble};
use crate::log::{self, Arrival, Progress};
use crate::mailbox::{self, Listed, Mailbox};
use crate::request::{Place, State};
use crate::{clock, mailbox::Error};
use batch::{Batch, after, batches};
use contact::Contact;
use left::Left;
use rivals::Rivals;
use suspects::Suspects;

mod batch;
mod contact;
mod left;
mod rivals;
mod suspects;

/// A look follows at the latest after this, whatever the server tells or does not tell.
const LOOK_AT_LATEST: Duration = Duration::from_secs(120);
/// Servers that tell nothing are asked every so often, never faster.
const LOOK_WITHOUT_IDLE: Duration = Duration::from_secs(30);
/// Another was faster with a claim, or a dead one's was taken away: the next look is soon.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Handled mails set aside with one command.
const SETTLE: u32 = 256;
/// A server that will not set mail aside, its archive being full, is asked again after this.
const SETTLE_PAUSE: Duration = Duration::from_mins(5);
/// Requests that end within this are set aside together: replies come first.
const GATHER: Duration = Duration::from_secs(1);

/// Connecting, the login and two folders, a minute each at the most.
const OPEN_LIMIT: Duration = Duration::from_mins(5);
/// The server has ten minutes for a command that lists or changes many mails, and one to begin and to end.
const COMMAND_LIMIT: Duration = Duration::from_mins(12);
/// What a wait takes beyond its limit: to begin an IDLE and to end it, on a line that is dying.
const WAIT_LIMIT: Duration = Duration::from_mins(4);
/// The slowest line on which mails arrive, in bytes a second: 300 kbit/s.
const SLOWEST_LINE: u64 = 37_500;
/// A deadline that is over is noticed within this.
const NOTICED: Duration = Duration::from_secs(30);

/// Watches the mailbox until the service stops.
pub(super) async fn run(shared: Arc<Shared>, ready: CancellationToken) -> anyhow::Result<()> {
    let mut intake = Intake {
        owner: shared.log.identity().await?,
        shared: &shared,
        ready,
        done: HashSet::new(),
        suspects: Suspects::default(),
        rivals: Rivals::default(),
        settle_from: None,
        contact: Contact::default(),
        unsettled: Standing::default(),
        health: Health::of("mail"),
        unrecordable: false,
        pause: Pause::short(),
        login_pause: Pause::login(),
    };
    let stop = shared.stop.clone();
    while let Some(wait) = stop.run_until_cancelled(intake.connection()).await {
        stop.run_until_cancelled(sleep(wait?)).await;
    }
    Ok(())
}

/// What the connections of one service share.
struct Intake<'a> {
    shared: &'a Shared,
    ready: CancellationToken,
    /// whose claims are ours
    owner: String,
    /// what lies there and needs not be asked about again
    done: HashSet<Place>,
    suspects: Suspects,
    rivals: Rivals,
    /// the server refused to set mail aside; not before this it is asked again
    settle_from: Option<Instant>,
    contact: Contact,
    /// what was told of trouble with setting aside
    unsettled: Standing,
    pause: Pause,
    login_pause: Pause,
    health: Health,
    /// the log took nothing the last time
    unrecordable: bool,
}

/// Trouble, by whose it is.
#[derive(Debug)]
enum Trouble {
    Mailbox(mailbox::Error),
    Log(log::Error),
}

impl Intake<'_> {
    /// One connection up to its end; returns how long to wait before the next.
    ///
    /// # Errors
    /// The log's, where no attempt in this process can succeed.
    async fn connection(&mut self) -> Result<Duration, log::Error> {
        // A server whose words make the parser panic is one more kind of broken server.
        let watched = AssertUnwindSafe(Box::pin(self.watch()))
            .catch_unwind()
            .await;
        let mut is_told = false;
        let (kind, step, is_cut, wait) = match &watched {
            Ok(Ok(never)) => match *never {},
            Ok(Err(Trouble::Log(error))) => return Err(error.clone()),
            Ok(Err(Trouble::Mailbox(error))) => {
                // Whoever knocks with the wrong password again and again is locked out in the end. A token that
                // another could replace has been; a token server is asked again soon.
                let wait = match error {
                    Error::Login { .. } | Error::NotLetIn { .. } => self.login_pause.next(),
                    _ => self.pause.next(),
                };
                // That there are no tokens has a cause of its own.
                is_told = matches!(error, Error::Token(source) if tokens::lasts(source.kind()));
                (error.kind(), error.step(), error.is_cut(), wait)
            }
            Err(_) => ("panic", "", false, self.pause.next()),
        };
        self.shared.pulse.ill(Stage::Mailbox, kind, wait);
        if !is_told {
            let words = trouble::words(kind);
            self.shared.alarms.raise(Cause::Mailbox, words);
        }
        self.contact.ended(kind, step, is_cut, wait);
        Ok(wait)
    }

    /// One connection: look, set aside, wait, and again. Ends only by an error.
    async fn watch(&mut self) -> Result<std::convert::Infallible, Trouble> {
        let shared = self.shared;
        let open = Mailbox::open(&shared.config.mailbox);
        let mut mailbox = step(shared, "the login", OPEN_LIMIT, open).await?;
        self.done.clear();
        self.login_pause.reset();
        shared.meters.connected();
        loop {
            let soon = match self.round(&mut mailbox).await {
                Ok(soon) => soon,
                Err(Trouble::Log(error)) => {
                    // Nothing is taken from the mailbox until the log works again.
                    self.unrecordable = true;
                    shared.pulse.ill(Stage::Mailbox, error.kind(), Pause::SHORT);
                    self.health.ill(shared, error).await.map_err(Trouble::Log)?;
                    continue;
                }
                Err(trouble) => return Err(trouble),
            };
            self.pause.reset();
            let limit = match (soon, mailbox.tells()) {
                (true, _) => LOOK_AGAIN,
                (false, true) => LOOK_AT_LATEST,
                (false, false) => LOOK_WITHOUT_IDLE,
            };
            let interrupt = async {
                shared.ended.rung().await;
                sleep(GATHER).await;
            };
            let waiting = mailbox.wait(limit, interrupt);
            step(shared, "the wait", limit + WAIT_LIMIT, waiting).await?;
        }
    }

    /// A look and its consequences; returns whether the next should be soon.
    async fn round(&mut self, mailbox: &mut Mailbox) -> Result<bool, Trouble> {
        // What is new comes first: trouble with setting aside must not keep it out of the log.
        let began = Instant::now();
        let soon = self.look(mailbox).await?;
        self.contact.is_sound(mailbox);
        self.shared.meters.looked(began.elapsed());
        self.shared.pulse.well(Stage::Mailbox);
        self.shared.alarms.clear(Cause::Mailbox);
        self.settle(mailbox).await?;
        Ok(soon)
    }

    /// Sets aside the mail of requests that have ended.
    async fn settle(&mut self, mailbox: &mut Mailbox) -> Result<(), Trouble> {
        if self.settle_from.is_some_and(|from| Instant::now() < from) {
            return Ok(());
        }
        let log = &self.shared.log;
        let (name, validity) = mailbox.identity();
        let name = name.to_owned();
        loop {
            let places = log.unsettled(&name, SETTLE).await.map_err(Trouble::Log)?;
            if places.is_empty() {
                self.settle_from = None;
                return Ok(());
            }
            // Places of an earlier UIDVALIDITY name other mails today: they count as gone.
            let current: Vec<Place> = places
                .iter()
                .filter(|place| place.validity == validity)
                .cloned()
                .collect();
            crate::halt::at(crate::halt::Point::Ended);
            let settling = mailbox.settle(&current);
            match step(self.shared, "the setting aside", COMMAND_LIMIT, settling).await {
                // The mailbox itself has just been read: it is the archive.
                Err(Trouble::Mailbox(error @ (Error::Refused { .. } | Error::Maildir { .. }))) => {
                    if self.unsettled.is_news("archive", Instant::now()) {
                        tracing::error!(
                            error.kind = "archive",
                            error.step = error.step(),
                            retry.at = retry_at(SETTLE_PAUSE),
                            "handled mail stays in the mailbox"
                        );
                    }
                    self.settle_from = Some(Instant::now() + SETTLE_PAUSE);
                    return Ok(());
                }
                settled => settled?,
            }
            if self.unsettled.is_over() {
                tracing::info!("handled mail is set aside again");
            }
            crate::halt::at(crate::halt::Point::Moved);
            log.settled(places).await.map_err(Trouble::Log)?;
            crate::halt::at(crate::halt::Point::Settled);
        }
    }

    /// Records every mail that is not in the log yet, but for mail that a person had read
    /// before the service first saw this mailbox, and for that of others. Returns whether
    /// the next look should be soon.
    async fn look(&mut self, mailbox: &mut Mailbox) -> Result<bool, Trouble> {
        let (name, validity) = mailbox.identity();
        let name = name.to_owned();
        let log = &self.shared.log;
        let known = log.progress(&name).await.map_err(Trouble::Log)?;
        let since = known.map_or_else(clock::now, |progress| progress.since);
        let next_uid = known
            .filter(|progress| progress.validity == validity)
            .map_or(1, |progress| progress.next_uid);
        let listing = mailbox.look(next_uid);
        let listed = step(self.shared, "the look", COMMAND_LIMIT, listing).await?;
        crate::halt::at(crate::halt::Point::Listed);
        let mut progress = Progress {
            validity,
            next_uid,
            since,
        };
        // What cannot be recorded is not even claimed: another may be able to.
        if known != Some(progress) || self.unrecordable {
            self.record(&name, Vec::new(), progress).await?;
        }
        // The mailbox and the log work: how much there is to do does not matter.
        self.ready.cancel();
        // Only a look at the whole mailbox meets what was there before the first start; should it
        // be cut off, the next look is at the whole mailbox again.
        let whole = next_uid <= 1;
        let is_old =
            |mail: &Listed| mail.seen && whole && (known.is_none() || mail.arrived < since);
        let fresh: Vec<&Listed> = listed
            .iter()
            .filter(|mail| !self.done.contains(&mail.place) && !is_old(mail))
            .collect();
        let fresh = self.unrecorded(fresh).await?;
        let mut left = Left::default();
        let (fresh, mut soon) = self.ours(mailbox, fresh, &mut left).await?;
        let limit = self.shared.largest();
        for mut batch in batches(&fresh, limit, |place| self.suspects.contains(place)) {
            let last = after(&batch.mails);
            soon |= self.claim(mailbox, &mut batch, &mut left).await?;
            if !whole {
                progress.next_uid = progress.next_uid.max(last).min(left.first_uid());
            }
            let arrivals = self.fetch(mailbox, &batch, &mut left).await?;
            self.record(&name, arrivals, progress).await?;
            crate::halt::at(crate::halt::Point::Recorded);
            self.shared.recorded.ring();
        }
        // As long as something of the first look is left, so is the line between old and new.
        if !whole || left.is_empty() {
            let next_uid = progress.next_uid.max(after(&listed)).min(left.first_uid());
            let end = Progress {
                next_uid,
                ..progress
            };
            if progress != end {
                self.record(&name, Vec::new(), end).await?;
            }
        }
        // What still lies there need not be asked about again; what is gone need not be remembered.
        let places = listed.into_iter().map(|mail| mail.place);
        let lie_there: HashSet<Place> = places.collect();
        self.suspects.keep(|place| lie_there.contains(place));
        self.done = lie_there;
        self.done.retain(|place| !left.contains(place));
        Ok(soon)
    }

    async fn record(
        &mut self,
        name: &str,
        arrivals: Vec<Arrival>,
        progress: Progress,
    ) -> Result<(), Trouble> {
        let log = &self.shared.log;
        let ids: Vec<_> = arrivals.iter().map(|mail| mail.id.clone()).collect();
        let recorded = log.receive(name, arrivals, Some(progress)).await;
        recorded.map_err(Trouble::Log)?;
        for id in ids {
            tracing::debug!(
                request.id = id.as_str(),
                request.state = State::Received.word(),
                "request recorded"
            );
        }
        self.unrecordable = false;
        self.health.well(self.shared);
        Ok(())
    }

    /// What of the mail the log does not know.
    async fn unrecorded(&self, mails: Vec<&Listed>) -> Result<Vec<Listed>, Trouble> {
        let places = mails.iter().map(|mail| mail.place.clone()).collect();
        let unknown = self
            .shared
            .log
            .unknown(places)
            .await
            .map_err(Trouble::Log)?;
        let unknown: HashSet<Place> = unknown.into_iter().collect();
        let unrecorded = mails
            .into_iter()
            .filter(|mail| unknown.contains(&mail.place));
        Ok(unrecorded.cloned().collect())
    }

    /// What of the mail is ours to take; the rest is left. Returns whether the next look
    /// should be soon.
    async fn ours(
        &mut self,
        mailbox: &mut Mailbox,
        mails: Vec<Listed>,
        left: &mut Left,
    ) -> Result<(Vec<Listed>, bool), Trouble> {
        let now = Instant::now();
        let is_ours = |mail: &Listed| mail.owner.as_ref().is_none_or(|owner| *owner == self.owner);
        let (ours, theirs): (Vec<_>, Vec<_>) = mails.into_iter().partition(is_ours);
        let theirs: Vec<Listed> = theirs.into_iter().filter(|mail| !mail.handled).collect();
        left.extend(&theirs);
        let (resting, ours): (Vec<_>, Vec<_>) = ours
            .into_iter()
            .partition(|mail| self.suspects.rests(&mail.place, now));
        left.extend(&resting);
        let existed = self.rivals.exist(now);
        let dead = self.rivals.seen(&theirs, now);
        let exist = self.rivals.exist(now);
        if exist {
            self.shared.alarms.raise(
                Cause::Rival,
                "ein anderer Antragsbote holt Mails aus demselben Postfach; jede wird nur einmal beantwortet",
            );
        } else {
            self.shared.alarms.clear(Cause::Rival);
        }
        if exist && !existed {
            tracing::warn!(
                error.kind = "rival",
                "another antragsbote takes mail from this mailbox"
            );
        }
        let soon = !dead.is_empty();
        for (owner, places) in dead {
            tracing::warn!(
                mails = places.len(),
                "mail that another antragsbote has claimed and not answered is taken over"
            );
            let releasing = mailbox.release(&places, &owner);
            step(self.shared, "the release", COMMAND_LIMIT, releasing).await?;
        }
        Ok((ours, soon))
    }

    /// Claims a batch; returns whether another was faster.
    async fn claim(
        &self,
        mailbox: &mut Mailbox,
        batch: &mut Batch,
        left: &mut Left,
    ) -> Result<bool, Trouble> {
        let places: Vec<Place> = batch.mails.iter().map(|mail| mail.place.clone()).collect();
        let claiming = mailbox.claim(&places, &self.owner);
        let claimed = step(self.shared, "the claim", COMMAND_LIMIT, claiming).await?;
        let claimed: HashSet<Place> = claimed.into_iter().collect();
        let (ours, lost): (Vec<_>, Vec<_>) = std::mem::take(&mut batch.mails)
            .into_iter()
            .partition(|mail| claimed.contains(&mail.place));
        batch.mails = ours;
        left.extend(&lost);
        Ok(!lost.is_empty())
    }

    async fn fetch(
        &mut self,
        mailbox: &mut Mailbox,
        batch: &Batch,
        left: &mut Left,
    ) -> Result<Vec<Arrival>, Trouble> {
        let fetching = mailbox.fetch(&batch.mails, batch.extent);
        let limit = COMMAND_LIMIT + Duration::from_secs(batch.size() / SLOWEST_LINE);
        let fetched = match step(self.shared, "the fetch", limit, fetching).await {
            Ok(fetched) => fetched,
            Err(trouble) => {
                self.suspects.failed(&batch.mails, Instant::now());
                return Err(trouble);
            }
        };
        crate::halt::at(crate::halt::Point::Fetched);
        self.suspects.fetched(&batch.mails);
        let found: HashSet<&Place> = fetched.iter().map(|mail| &mail.place).collect();
        // What vanished is not listed again; what cannot be read for now is.
        let missing = batch.mails.iter();
        left.pass(missing.filter(|mail| !found.contains(&mail.place)));
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
}

/// One step on the mailbox, within its deadline, whatever the deadlines of its parts add up to. After
/// it, it is the log's turn.
async fn step<T>(
    shared: &Shared,
    name: &str,
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Trouble> {
    shared.pulse.alive(Stage::Mailbox, limit + NOTICED);
    let done = timeout(limit, work).await;
    shared.pulse.alive(Stage::Mailbox, USUAL);
    let command = name.to_owned();
    done.unwrap_or(Err(Error::Timeout { command, limit }))
        .map_err(Trouble::Mailbox)
}

#[cfg(test)]
mod tests;
