//! `log`: what became of the requests.
//!
//! Stub until the log's doors stand.

use super::Settings;
use super::exit::Failure;

/// What is asked of the log.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Die letzten Anfragen
    List,
}

/// Asks the log.
pub(super) fn run(settings: &Settings, command: &Command) -> Result<(), Failure> {
    let _ = command;
    settings.config()?;
    Err(Failure::not_yet("log"))
}
