//! The whole way on real servers: Dovecot, Postfix, LibreOffice, a client nobody here wrote.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and touches the world on purpose"
)]

#[path = "../support/mod.rs"]
mod support;

mod broken;
mod check;
mod client;
mod correspondence;
mod mailbox;
mod outages;
mod peers;
mod roundtrip;
mod seed;
mod servers;
