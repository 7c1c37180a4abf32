//! The page for Prometheus: OpenMetrics 1.0.0 text.
//!
//! Labels hold words of our own alone, never anything that a mail says.

use std::fmt;
use std::sync::atomic::AtomicU64;

use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::health::Health;
use crate::log::Figures;
use crate::policy::{Ignored, Refused};
use crate::request::State;
use crate::service::Shared;
use crate::service::meters::{Label, age, seconds};
use crate::service::pulse::Stage;

type Real = Gauge<f64, AtomicU64>;

/// The contract's words for decisions; `none` is what is not decided, or failed before.
const DECISIONS: [&str; 5] = ["document", "question", "refuse", "ignore", "none"];
/// The states as people are told: who asked waits for the decision as well as for the reply.
const STATES: [State; 4] = [
    State::Waiting,
    State::Answered,
    State::Failed,
    State::Ignored,
];

/// All figures; without those of the log if it cannot be read.
pub(super) fn text(
    shared: &Shared,
    figures: Option<&Figures>,
    now: Timestamp,
) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("antragsbote");
    let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("build", "The program", build);
    of_stages(shared, now, &mut registry);
    if let Some(figures) = figures {
        of_log(figures, now, &mut registry);
    }
    shared.meters.register(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn of_stages(shared: &Shared, now: Timestamp, registry: &mut Registry) {
    let began = shared.meters.began;
    registry.register_with_unit(
        "start_time",
        "When the service began, since the Unix epoch",
        Unit::Seconds,
        real(seconds(began)),
    );
    let looked = shared.pulse.sign(Stage::Mailbox).well.unwrap_or(began);
    registry.register_with_unit(
        "mailbox_look_age",
        "Time since the mailbox was last looked at with success, or since the start if it never was",
        Unit::Seconds,
        real(age(looked, now)),
    );
    let health = Health::of(shared);
    let trouble: Family<[(&'static str, &'static str); 2], Gauge> = Family::default();
    for stage in Stage::ALL {
        let kind = health.trouble(stage);
        let labels = [("stage", stage.word()), ("kind", kind.unwrap_or("none"))];
        trouble.get_or_create(&labels).set(kind.is_some().into());
    }
    registry.register(
        "trouble",
        "Whether a stage of the service is in trouble, and of which kind",
        trouble,
    );
    let motions = shared.knowledge.borrow().catalogue.sound();
    registry.register("motions", "Motions that can be sent", whole(motions as u64));
}

fn of_log(figures: &Figures, now: Timestamp, registry: &mut Registry) {
    let requests: Family<[(&'static str, &'static str); 2], Gauge> = Family::default();
    let cell =
        |decision, state| requests.get_or_create_owned(&[("decision", decision), ("state", state)]);
    for decision in DECISIONS {
        for state in STATES {
            cell(decision, state.word());
        }
    }
    for ((decision, state), count) in &figures.requests {
        let decision = decision.as_deref().unwrap_or("none");
        let state = State::parse(state).map(State::for_people);
        cell(
            known(&DECISIONS, decision),
            state.map_or("other", State::word),
        )
        .inc_by(signed(*count));
    }
    registry.register(
        "requests",
        "Requests in the log, by what was decided and what became of them",
        requests,
    );
    let received = Counter::<u64>::default();
    received.inc_by(figures.requests.values().sum());
    registry.register(
        "requests_received",
        "Mails recorded in the log, ever",
        received,
    );
    let refused = Refused::ALL.map(Refused::as_str);
    registry.register(
        "requests_refused",
        "Requests that were refused, by reason",
        by_reason(figures, "refuse", &refused),
    );
    let ignored = Ignored::ALL.map(Ignored::as_str);
    registry.register(
        "requests_ignored",
        "Mails that are no request to answer, by reason",
        by_reason(figures, "ignore", &ignored),
    );
    registry.register(
        "requests_undecided",
        "Mails that are recorded and not decided yet",
        whole(figures.undecided),
    );
    registry.register(
        "replies_waiting",
        "Replies that are queued or being tried again",
        whole(figures.waiting),
    );
    let oldest = figures
        .oldest_waiting
        .map_or(0.0, |oldest| age(oldest, now));
    registry.register_with_unit(
        "oldest_waiting_age",
        "Time since the oldest request whose reply has not left yet was received; 0 if none waits",
        Unit::Seconds,
        real(oldest),
    );
    registry.register_with_unit(
        "log_size",
        "Size of the log's file and its write-ahead log",
        Unit::Bytes,
        whole(figures.size),
    );
}

/// The counts of a decision's reasons, those that never occurred included.
fn by_reason(figures: &Figures, decision: &str, words: &[&'static str]) -> Family<Label, Counter> {
    let family: Family<Label, Counter> = Family::default();
    for word in words {
        drop(family.get_or_create(&[("reason", *word)]));
    }
    let of_decision = figures.reasons.iter().filter(|((of, _), _)| of == decision);
    for ((_, reason), count) in of_decision {
        family
            .get_or_create(&[("reason", known(words, reason))])
            .inc_by(*count);
    }
    family
}

/// A word of the log, if it is one of these: labels stay a bounded set, whatever the log holds.
fn known(words: &[&'static str], word: &str) -> &'static str {
    words
        .iter()
        .find(|known| **known == word)
        .copied()
        .unwrap_or("other")
}

fn whole(value: u64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(signed(value));
    gauge
}

fn real(value: f64) -> Real {
    let gauge = Real::default();
    gauge.set(value);
    gauge
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
