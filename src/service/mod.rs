//! The service: intake, answering, sending, housekeeping, reload, stop.
//!
//! In: checked settings, knowledge, an open log. Out: replies on their way. Never here:
//! what a mail means, what SQL or IMAP look like. The only room that spawns.
//!
//! Every stage takes its work from the log, so that a restart finds all of it again:
//!
//! ```text
//! intake ──► log ──► answering ──► log ──► sending ──► log ──► intake (sets aside)
//!        bell             bell             bell
//! ```
//!
//! A [`Bell`] only shortens the wait for work; each stage looks by itself every
//! [`LOOK_ANYWAY`], which is how the work of other processes is noticed.

mod ailing;
mod alarm;
mod answering;
mod bell;
mod breaker;
mod deferral;
mod housekeeping;
mod intake;
mod meters;
mod metrics;
mod pause;
mod pulse;
mod reload;
mod sending;
mod signatures;
mod socket;
mod standing;
mod status;
mod supervision;
mod tally;
mod tokens;
pub(crate) mod trouble;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::answer::Knowledge;
use crate::clock;
use crate::config::{Config, Loaded};
use crate::log::{Hold, Lease, Log};
use crate::notify::Manager;
use ailing::Ailing;
use alarm::Alarms;
use bell::Bell;
use meters::Meters;
use pulse::Pulse;
use reload::InUse;
pub(crate) use socket::TAKEN;

/// Work that nobody rang for is found after this: the contract promises five seconds.
const LOOK_ANYWAY: Duration = Duration::from_secs(3);

/// No delivery takes longer: its deadlines together are 75 minutes, where a token has to be replaced.
const LONGEST_DELIVERY: Duration = Duration::from_mins(90);

/// As long as the slowest server can draw out one delivery; leases of a killed daemon are free
/// as soon as the next one holds the log.
const LEASE: SignedDuration = SignedDuration::from_secs(LONGEST_DELIVERY.as_secs().cast_signed());

/// How long the stages may take to finish what they have begun once a stop is asked for;
/// with closing the log it stays within the five seconds of the contract.
const GRACE: Duration = Duration::from_secs(3);

/// What all stages share.
#[derive(Debug)]
struct Shared {
    config: Config,
    log: Log,
    knowledge: watch::Sender<Arc<Knowledge>>,
    /// what of the files is in use
    in_use: Mutex<InUse>,
    stop: CancellationToken,
    /// the name of this process on its leases
    owner: String,
    /// who hears of trouble
    alarms: Alarms,
    /// who has trouble with the log
    ailing: Ailing,
    /// the signs of life of the stages
    pulse: Arc<Pulse>,
    /// what the stages count
    meters: Meters,
    /// rung when mails have been recorded
    recorded: Bell,
    /// rung when decisions have been recorded
    decided: Bell,
    /// rung when requests have ended and can be set aside
    ended: Bell,
}

impl Shared {
    fn lease(&self) -> Lease {
        let now = clock::now();
        Lease {
            owner: self.owner.clone(),
            now,
            until: now.checked_add(LEASE).unwrap_or(Timestamp::MAX),
        }
    }

    /// The largest mail that is fetched whole, in bytes.
    fn largest(&self) -> u64 {
        self.knowledge.borrow().rules.max_message_size
    }
}

/// A running service.
#[derive(Debug)]
pub struct Service {
    shared: Arc<Shared>,
    tasks: JoinSet<anyhow::Result<()>>,
    ready: CancellationToken,
    hold: Arc<Hold>,
}

impl Service {
    /// Starts all stages.
    pub async fn start(config: Config, loaded: Loaded, log: Log) -> anyhow::Result<Self> {
        let hold = Arc::new(log.hold().await?);
        // What requests wait for may have been mended while nobody was there.
        log.recall().await?;
        let alarms = Alarms::of(&log).await;
        let Loaded { knowledge, broken } = loaded;
        let in_use = InUse::of(&config, broken);
        in_use.tell(&alarms);
        in_use.announce_start(&knowledge);
        let meters = Meters::begin(in_use.load());
        let shared = Arc::new(Shared {
            config,
            log,
            knowledge: watch::Sender::new(Arc::new(knowledge)),
            in_use: Mutex::new(in_use),
            stop: CancellationToken::new(),
            owner: clock::request_id().as_str().to_owned(),
            alarms,
            ailing: Ailing::default(),
            pulse: Arc::new(Pulse::begin()),
            meters,
            recorded: Bell::default(),
            decided: Bell::default(),
            ended: Bell::default(),
        });
        let ready = CancellationToken::new();
        let socket = socket::bind(&shared.config).await.with_context(|| {
            format!(
                "der Dienst kann an {} nicht zuhören",
                shared.config.socket.display()
            )
        })?;
        let mut tasks = JoinSet::new();
        tasks.spawn(intake::run(Arc::clone(&shared), ready.clone()));
        tasks.spawn(answering::run(Arc::clone(&shared), Arc::clone(&hold)));
        tasks.spawn(sending::run(Arc::clone(&shared)));
        tasks.spawn(socket::run(Arc::clone(&shared), socket));
        tasks.spawn(housekeeping::run(Arc::clone(&shared)));
        tasks.spawn(alarm::run(Arc::clone(&shared)));
        tasks.spawn(reload::run(Arc::clone(&shared)));
        if let Some(tokens) = shared.config.oauth.clone() {
            tasks.spawn(tokens::run(Arc::clone(&shared), tokens));
        }
        if let Some(listen) = shared.config.metrics.clone() {
            tasks.spawn(metrics::run(Arc::clone(&shared), listen));
        }
        Ok(Self {
            shared,
            tasks,
            ready,
            hold,
        })
    }

    /// Ends when the mailbox has been looked at for the first time.
    pub fn ready(&self) -> impl Future<Output = ()> + use<> {
        self.ready.clone().cancelled_owned()
    }

    /// Tells the service manager how it fares from now on, and that it lives.
    pub fn report_to(&mut self, manager: Arc<Manager>) {
        if manager.listens() {
            let shared = Arc::clone(&self.shared);
            // On the runtime of the stages: one that stands still feeds nobody.
            self.tasks.spawn(supervision::run(shared, manager));
        }
    }

    /// Ends only if a stage gives up by itself, which is an error.
    pub async fn failure(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Err(panic)) => anyhow::Error::new(panic).context("a stage of the service broke"),
            Some(Ok(Ok(()))) | None => anyhow::anyhow!("a stage of the service ended by itself"),
        }
    }

    /// Stops intake, lets what was begun finish, gives leases back and closes the log.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.shared.stop.cancel();
        let joined = tokio::time::timeout(GRACE, async {
            while let Some(ended) = self.tasks.join_next().await {
                if let Ok(Err(error)) = ended {
                    tracing::warn!(
                        error.kind = trouble::kind(&error),
                        "a part of the service ended early"
                    );
                }
            }
        });
        if joined.await.is_err() {
            // What is cut off here is in the log with its lease, and is taken up again at the next start.
            self.tasks.shutdown().await;
        }
        let log = self.shared.log.clone();
        self.shared.alarms.keep(&log).await;
        let released = log.release().await;
        log.close().await;
        drop(self.hold);
        Ok(released?)
    }
}

/// When something is tried again after a pause, for event lines.
fn retry_at(pause: Duration) -> String {
    let at = clock::now().checked_add(pause).unwrap_or(Timestamp::MAX);
    second(at)
}

/// A time to the second, in UTC.
fn second(at: Timestamp) -> String {
    at.strftime("%FT%TZ").to_string()
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}

#[cfg(test)]
mod tests;
