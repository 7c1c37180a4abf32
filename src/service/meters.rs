//! What the stages count while they work: since the start of the process, without a word of any mail.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::clock;
use crate::request::{RequestId, Verdict};

/// One label with one of a few fixed words.
pub(super) type Label = [(&'static str, &'static str); 1];

/// Limits of durations in seconds, each list for what is usual and what is not.
const DECIDING: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
const LOOKING: [f64; 11] = [
    0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 300.0,
];
const DELIVERING: [f64; 11] = [
    0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0, 120.0, 600.0,
];
const REPLYING: [f64; 13] = [
    0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21_600.0, 86_400.0, 432_000.0,
];

/// How taking up motions, texts, register and policy ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Load {
    /// all is in use
    Complete,
    /// what is broken stays as it was, or is missing
    Partial,
    /// nothing was taken up
    Failed,
}

impl Load {
    const ALL: [Self; 3] = [Self::Complete, Self::Partial, Self::Failed];

    fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }
}

/// The counters and clocks of one process; each costs a few atomic operations.
#[derive(Debug)]
pub(super) struct Meters {
    /// when the process began
    pub(super) began: Timestamp,
    /// how long reading and answering one mail took
    pub(super) deciding: Histogram,
    /// how long a look at the mailbox took, with recording what was found
    looking: Histogram,
    delivering: Histogram,
    replying: Histogram,
    deliveries: Family<Label, Counter>,
    /// connections to the mailbox
    connections: Counter,
    loads: Family<Label, Counter>,
    loaded: Family<Label, Gauge<f64, AtomicU64>>,
}

impl Meters {
    /// All at zero, but that what the process begins with has been loaded.
    pub(super) fn begin(load: Load) -> Self {
        let meters = Self {
            began: clock::now(),
            deciding: Histogram::new(DECIDING),
            looking: Histogram::new(LOOKING),
            delivering: Histogram::new(DELIVERING),
            replying: Histogram::new(REPLYING),
            deliveries: Family::default(),
            connections: Counter::default(),
            loads: Family::default(),
            loaded: Family::default(),
        };
        // What has not happened yet is zero, not missing: only so its first time is an increase.
        for verdict in Verdict::ALL {
            drop(
                meters
                    .deliveries
                    .get_or_create(&[("verdict", verdict.word())]),
            );
        }
        for load in Load::ALL {
            drop(meters.loads.get_or_create(&[("result", load.word())]));
        }
        meters.loaded(load);
        meters
    }

    /// A look at the mailbox succeeded.
    pub(super) fn looked(&self, took: Duration) {
        self.looking.observe(took.as_secs_f64());
    }

    /// The mailbox was opened.
    pub(super) fn connected(&self) {
        self.connections.inc();
    }

    /// A delivery ended.
    pub(super) fn delivered(&self, verdict: Verdict, took: Duration) {
        self.deliveries
            .get_or_create(&[("verdict", verdict.word())])
            .inc();
        self.delivering.observe(took.as_secs_f64());
    }

    /// The reply to a request was accepted.
    pub(super) fn replied(&self, request: &RequestId, at: Timestamp) {
        self.replying.observe(age(request.given_at(), at));
    }

    /// Motions, texts, register and policy were to be taken up.
    pub(super) fn loaded(&self, load: Load) {
        let label = [("result", load.word())];
        self.loads.get_or_create(&label).inc();
        self.loaded.get_or_create(&label).set(seconds(clock::now()));
    }

    /// Names all of them in a registry.
    pub(super) fn register(&self, registry: &mut Registry) {
        let mut duration = |name: &str, help: &str, histogram: &Histogram| {
            registry.register_with_unit(name, help, Unit::Seconds, histogram.clone());
        };
        duration(
            "decision_duration",
            "Time it took to read and answer one mail",
            &self.deciding,
        );
        duration(
            "reply_duration",
            "Time from the arrival of a mail to the mail server's acceptance of its reply",
            &self.replying,
        );
        duration(
            "delivery_duration",
            "Time one attempt to deliver a reply took",
            &self.delivering,
        );
        duration(
            "look_duration",
            "Time one look at the mailbox took",
            &self.looking,
        );
        registry.register(
            "deliveries",
            "Attempts to deliver a reply, by their end",
            self.deliveries.clone(),
        );
        registry.register(
            "mailbox_connections",
            "Connections to the mailbox that were opened",
            self.connections.clone(),
        );
        registry.register(
            "template_loads",
            "How often motions, texts and register were loaded, by result",
            self.loads.clone(),
        );
        registry.register_with_unit(
            "template_load_timestamp",
            "When they were last loaded with this result",
            Unit::Seconds,
            self.loaded.clone(),
        );
    }
}

/// Seconds since the Unix epoch.
pub(super) fn seconds(time: Timestamp) -> f64 {
    time.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}

/// Seconds from one time to another; none if the clock was set back meanwhile.
pub(super) fn age(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from)
        .max(SignedDuration::ZERO)
        .as_secs_f64()
}
