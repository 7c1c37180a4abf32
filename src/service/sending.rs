//! Sending: replies that are due go to the mail server; what it says is recorded.
//!
//! Several connections work when many replies wait; one that is free is used again, the
//! warmest first. Results that come together share one commit, and so do replies that are
//! claimed while the way is open; when it closes, what has not been tried is given back.

mod announce;
mod traffic;

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::ailing::Health;
use super::pause::Pause;
use super::pulse::{Stage, USUAL};
use super::standing::Standing;
use super::trouble::tell;
use super::{LOOK_ANYWAY, Shared, chain};
use crate::clock;
use crate::log::{self, Delivery, Due};
use crate::outbound::{Envelope, Outbound};
use crate::request::{self, RequestId, Verdict};
use announce::announce;
use traffic::{AT_ONCE, News, Room, Traffic};

/// Results that come within this are recorded together, while further replies are on their way.
const GATHER: Duration = Duration::from_millis(20);
/// Replies claimed beyond those that begin at once: enough to share a commit, sent within a second.
const AHEAD: usize = 28;
/// A claim that is older is asked about before the reply is sent: its lease may have ended, or the person
/// been forgotten.
const FRESH: Duration = Duration::from_secs(1);
/// What is met while deliveries have begun and none of them ends.
const STALLED: &str = "timeout";
/// How long connections are kept without work; servers close them after five minutes.
const KEEP: Duration = Duration::from_secs(60);

/// Sends what is due until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    let (results, unrecorded) = mpsc::channel(AT_ONCE * 4);
    let stuck = AtomicBool::new(false);
    let (recorded, sent) = tokio::join!(
        record(&shared, unrecorded, &stuck),
        Dispatch::new(Arc::clone(&shared), results).run(&stuck)
    );
    Ok(recorded.and(sent)?)
}

/// Hands due replies to free connections.
struct Dispatch {
    shared: Arc<Shared>,
    results: mpsc::Sender<Delivery>,
    traffic: Traffic,
    /// claimed, and not begun
    ready: VecDeque<Due>,
    /// when they were
    claimed: Instant,
    free: Vec<Outbound>,
    busy: JoinSet<Ended>,
    /// when a delivery last began
    used: Instant,
    /// what the last delivery that did not get through met
    met: &'static str,
    /// what was told of a closed way
    standing: Standing,
    health: Health,
}

/// A delivery that has ended.
struct Ended {
    id: RequestId,
    news: News,
    /// what went wrong, as a fixed word
    kind: &'static str,
    /// can be used again; none if the work on it broke
    connection: Option<Outbound>,
}

impl Dispatch {
    fn new(shared: Arc<Shared>, results: mpsc::Sender<Delivery>) -> Self {
        Self {
            shared,
            results,
            traffic: Traffic::default(),
            ready: VecDeque::new(),
            claimed: Instant::now(),
            free: Vec::new(),
            busy: JoinSet::new(),
            used: Instant::now(),
            met: STALLED,
            standing: Standing::default(),
            health: Health::of("sending"),
        }
    }

    /// Nothing begins while it is `stuck`: results that cannot be recorded.
    async fn run(mut self, stuck: &AtomicBool) -> Result<(), log::Error> {
        while !self.shared.stop.is_cancelled() {
            let room = match stuck.load(Ordering::Relaxed) {
                // A lease that ends meanwhile must not have a reply sent twice.
                true => Room::None,
                false => self.traffic.room(Instant::now(), clock::chance()),
            };
            self.tell();
            for reply in self.claim(room).await? {
                self.begin(reply);
            }
            self.idle().await;
            while let Some(Ok(ended)) = self.busy.try_join_next() {
                self.end(ended);
            }
            if self.used.elapsed() > KEEP {
                close(&mut self.free).await;
            }
        }
        while let Some(ended) = self.busy.join_next().await {
            self.free
                .extend(ended.ok().and_then(|ended| ended.connection));
        }
        close(&mut self.free).await;
        Ok(())
    }

    /// The replies that begin now.
    async fn claim(&mut self, room: Room) -> Result<Vec<Due>, log::Error> {
        let begin = match room {
            Room::Any(room) => room,
            Room::Asked => 1,
            Room::None => {
                self.sign();
                return Ok(Vec::new());
            }
        };
        match self.fill(room, begin).await {
            Ok(()) => {
                self.sign();
                self.health.well(&self.shared);
            }
            Err(error) => {
                let pulse = &self.shared.pulse;
                pulse.ill(Stage::Sending, error.kind(), Pause::SHORT);
                self.health.ill(&self.shared, error).await?;
                return Ok(Vec::new());
            }
        }
        let begin = begin.min(self.ready.len());
        Ok(self.ready.drain(..begin).collect())
    }

    /// Claims what is to begin, and some more while mail gets through.
    async fn fill(&mut self, room: Room, begin: usize) -> Result<(), log::Error> {
        let (log, lease) = (&self.shared.log, self.shared.lease());
        let is_open = self.traffic.is_open();
        if !is_open && !self.ready.is_empty() {
            let ready = self.ready.iter().map(|reply| reply.id.clone());
            log.give_back(&lease.owner, &ready.collect::<Vec<_>>())
                .await?;
            self.ready.clear();
        }
        if self.ready.len() >= begin {
            return Ok(());
        }
        if self.ready.is_empty() {
            self.claimed = Instant::now();
        }
        let ahead = if is_open { AHEAD } else { 0 };
        let limit = u32::try_from(begin + ahead - self.ready.len()).unwrap_or(u32::MAX);
        let due = match room {
            Room::Asked => log.claim_retried(&lease, limit).await?,
            Room::Any(_) | Room::None => log.claim_due(&lease, limit).await?,
        };
        self.ready.extend(due);
        Ok(())
    }

    fn begin(&mut self, reply: Due) {
        let now = Instant::now();
        // What is claimed when the service stops goes back with its lease.
        if self.shared.stop.is_cancelled() {
            return;
        }
        // A clock set forward ends the lease of what is still being sent.
        if !self.traffic.begin(reply.id.clone(), now, clock::chance()) {
            return;
        }
        self.used = now;
        let connection = self.free.pop();
        let connection = connection.unwrap_or_else(|| Outbound::new(&self.shared.config.outbound));
        let shared = Arc::clone(&self.shared);
        self.busy.spawn(deliver(
            shared,
            connection,
            reply,
            self.claimed,
            self.results.clone(),
        ));
    }

    /// A sign of life, unless a delivery outlasts all of its deadlines: it will not end any more,
    /// and its reply cannot begin anew in this process.
    fn sign(&self) {
        let pulse = &self.shared.pulse;
        match (
            self.traffic.is_stuck(Instant::now()),
            self.traffic.is_closed(),
        ) {
            (true, _) => {}
            (false, true) => pulse.ill(Stage::Sending, self.met, Duration::ZERO),
            (false, false) => pulse.well(Stage::Sending),
        }
    }

    fn end(&mut self, ended: Ended) {
        if let News::Closed(_) = ended.news {
            self.met = ended.kind;
        }
        self.traffic
            .end(&ended.id, ended.news, Instant::now(), clock::chance());
        self.free.extend(ended.connection);
    }

    /// Says that the way is closed and why, and that it is open again.
    fn tell(&mut self) {
        if !self.traffic.is_closed() {
            self.met = STALLED;
            if self.standing.is_over() {
                tracing::info!("replies get through again");
            }
        } else if self.standing.is_news(self.met, Instant::now()) {
            tell!(self.met, "no reply gets through, they wait");
        }
    }

    /// Waits for the end of a delivery, the bell, or a while.
    async fn idle(&mut self) {
        let look = self.traffic.look_within(Instant::now(), LOOK_ANYWAY);
        let shared = Arc::clone(&self.shared);
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = shared.decided.wait(look) => {}
            Some(Ok(ended)) = self.busy.join_next() => self.end(ended),
        }
    }
}

async fn close(connections: &mut Vec<Outbound>) {
    for mut connection in connections.drain(..) {
        connection.close().await;
    }
}

/// Tries to deliver a reply, and reports what became of it.
async fn deliver(
    shared: Arc<Shared>,
    mut connection: Outbound,
    reply: Due,
    claimed: Instant,
    results: mpsc::Sender<Delivery>,
) -> Ended {
    let began = Instant::now();
    let sending = AssertUnwindSafe(send(&shared, &mut connection, &reply, claimed)).catch_unwind();
    let (sent, connection) = match sending.await {
        Ok(sent) => (sent, Some(connection)),
        Err(_) => (Sent::broken(), None),
    };
    let ended = Ended {
        id: reply.id.clone(),
        news: sent.news,
        kind: sent.kind,
        connection,
    };
    if let Some(verdict) = sent.verdict {
        let at = clock::now();
        shared.meters.delivered(verdict, began.elapsed());
        if verdict == Verdict::Accepted {
            shared.meters.replied(&reply.id, at);
        }
        let next = next(&shared, &reply, verdict, sent.news, at);
        announce(&shared, &reply, &sent, verdict, next);
        let delivery = Delivery {
            id: reply.id,
            verdict,
            response: sent.response,
            at,
            next,
        };
        // The recorder outlives every delivery; should it not, the lease brings the reply back.
        let _ = results.send(delivery).await;
    }
    ended
}

/// What became of an attempt.
struct Sent {
    /// none if it was not made
    verdict: Option<Verdict>,
    response: String,
    /// what went wrong, as a fixed word
    kind: &'static str,
    news: News,
}

impl Sent {
    /// The work broke off in a panic, nobody knows where.
    fn broken() -> Self {
        Self {
            verdict: Some(Verdict::Unknown),
            response: "the delivery broke off".to_owned(),
            kind: "panic",
            news: News::Nothing,
        }
    }
}

/// Sends a reply, if it is this process's still once there is a connection.
async fn send(shared: &Shared, connection: &mut Outbound, reply: &Due, claimed: Instant) -> Sent {
    let envelope = Envelope {
        from: shared.knowledge.borrow().bot.email.clone(),
        to: reply.to.clone(),
    };
    crate::halt::at(crate::halt::Point::Claimed);
    let sent = match connection.probe().await {
        Err(error) => Err(error),
        Ok(()) => match is_ours(shared, reply, claimed).await {
            Ok(true) => connection.send(&envelope, &reply.bytes).await,
            Ok(false) => {
                tracing::warn!(
                    request.id = reply.id.as_str(),
                    error.kind = "lease",
                    "reply not sent"
                );
                return Sent {
                    verdict: None,
                    response: String::new(),
                    kind: "lease",
                    news: News::Nothing,
                };
            }
            // What cannot be recorded must not be sent.
            Err(error) => {
                return Sent {
                    verdict: Some(Verdict::TryAgain),
                    response: chain(&error),
                    kind: error.kind(),
                    news: News::Nothing,
                };
            }
        },
    };
    if sent.is_ok() {
        crate::halt::at(crate::halt::Point::Accepted);
    }
    match sent {
        Ok(response) => Sent {
            verdict: Some(Verdict::Accepted),
            response,
            kind: "",
            news: News::GotThrough,
        },
        Err(error) => {
            let verdict = error.verdict();
            let news = match (error.closure(), verdict) {
                (Some(why), _) => News::Closed(why),
                (None, Verdict::GiveUp) => News::GotThrough,
                (None, _) if error.is_refusal() => News::GotThrough,
                (None, _) => News::Nothing,
            };
            Sent {
                verdict: Some(verdict),
                response: chain(&error),
                kind: error.kind(),
                news,
            }
        }
    }
}

async fn is_ours(shared: &Shared, reply: &Due, claimed: Instant) -> Result<bool, log::Error> {
    if claimed.elapsed() < FRESH {
        return Ok(true);
    }
    shared.log.has_lease(&shared.owner, &reply.id).await
}

/// When to try again; none if it is over, well or not.
fn next(
    shared: &Shared,
    reply: &Due,
    verdict: Verdict,
    news: News,
    at: Timestamp,
) -> Option<Timestamp> {
    if matches!(verdict, Verdict::Accepted | Verdict::GiveUp) {
        return None;
    }
    let next = request::next_attempt(
        reply.attempts,
        reply.first_attempt_at,
        at,
        shared.config.max_retry_age,
        clock::chance(),
    );
    match news {
        // It was no failure of this reply: it stays due, behind those that wait longer.
        News::Closed(_) => next.map(|_| at),
        _ => next,
    }
}

/// Takes results up until there are as many as one commit records.
async fn gather(results: &mut mpsc::Receiver<Delivery>, batch: &mut Vec<Delivery>) {
    while batch.len() < AT_ONCE * 4 {
        match results.recv().await {
            Some(delivery) => batch.push(delivery),
            None => return,
        }
    }
}

/// Records results, those that come together in one commit.
async fn record(
    shared: &Shared,
    mut results: mpsc::Receiver<Delivery>,
    stuck: &AtomicBool,
) -> Result<(), log::Error> {
    let mut health = Health::of("results");
    let mut batch = Vec::new();
    while let Some(first) = results.recv().await {
        batch.push(first);
        // A result alone is recorded at once: until then a kill would double its reply. What is under way
        // holds a sender each, beside the dispatcher's and that of the delivery which has just ended.
        if results.sender_strong_count() > 2 {
            let gathered = gather(&mut results, &mut batch);
            // Once nothing comes any more, or not soon, what there is is recorded.
            let _ = tokio::time::timeout(GATHER, gathered).await;
        }
        shared.pulse.alive(Stage::Recording, USUAL);
        while let Err(error) = shared.log.record(&shared.owner, batch.clone()).await {
            stuck.store(true, Ordering::Relaxed);
            let pulse = &shared.pulse;
            pulse.ill(Stage::Recording, error.kind(), Pause::SHORT);
            health.ill(shared, error).await?;
        }
        health.well(shared);
        crate::halt::at(crate::halt::Point::Noted);
        stuck.store(false, Ordering::Relaxed);
        shared.pulse.well(Stage::Recording);
        shared.pulse.rest(Stage::Recording);
        batch.clear();
        shared.ended.ring();
    }
    Ok(())
}
