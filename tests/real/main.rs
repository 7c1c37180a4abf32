//! The whole way on real servers: Dovecot, Postfix, LibreOffice, a client nobody here wrote.
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
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/xml.rs"]
#[allow(dead_code, reason = "two test binaries use it, each a part")]
mod xml;

mod access;
mod admission;
mod alarms;
mod annotated;
mod arrived;
mod broken;
mod check;
mod check_by_root;
mod check_of_domain;
mod client;
mod correspondence;
mod crash;
mod discover;
mod encryption;
mod fetching;
mod graph;
mod help;
mod imported;
mod kills;
mod lane;
mod login;
mod machine;
mod mailbox;
mod makers;
mod manual;
mod metrics;
mod misconfigured;
mod oauth;
mod odd_servers;
mod outages;
mod peers;
mod pictures;
mod poison;
mod refused_tokens;
mod reports;
mod rivals;
mod roundtrip;
mod secrecy;
mod seed;
mod sending;
mod servers;
mod setup;
mod setup_microsoft;
mod setup_oauth;
mod shown;
mod trial;
