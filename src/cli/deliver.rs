//! `deliver`.

use super::Settings;
use super::exit::Failure;

/// Runs `deliver`.
pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
    settings.config()?;
    Err(Failure::not_yet("`deliver`"))
}
