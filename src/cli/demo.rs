//! `demo`.

use super::exit::Failure;

/// What `demo` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Endet nach den Beispielanfragen
    #[arg(long)]
    once: bool,
}

/// Runs `demo`.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let _ = args.once;
    Err(Failure::not_yet("`demo`"))
}
