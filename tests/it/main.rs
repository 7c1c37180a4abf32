//! The capabilities, each through the public door. No internet, no clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and touches the world on purpose"
)]

#[path = "../support/case/mod.rs"]
#[allow(dead_code, reason = "two test binaries use it, each a part")]
mod case;
#[path = "../support/xml.rs"]
#[allow(dead_code, reason = "two test binaries use it, each a part")]
mod xml;

mod accessible;
mod answer;
mod cases;
mod check;
mod cli;
mod config;
mod corpus;
mod daemon;
mod deliver;
mod demo;
mod events;
mod every_kommune;
mod faults;
mod fields;
mod findings;
mod fuzzed;
mod gemeindeverzeichnis;
mod handbook;
mod help;
mod import;
mod kommune;
mod lists;
mod log;
mod machines;
mod mails;
mod metrics;
pub(crate) mod motions;
mod package;
mod previews;
mod program;
mod project;
mod properties;
mod public_mails;
mod readme;
mod reload;
mod render;
mod reports;
mod serve;
mod setup;
mod setup_oauth;
mod shown;
mod supervision;
mod template;
mod terminal;
mod tidy;
mod trial;
mod unit;
mod unsound;
