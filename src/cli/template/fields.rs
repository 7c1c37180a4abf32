//! `template fields`: what a template asks for.

use std::collections::BTreeSet;

use super::{catalogue, motion};
use crate::cli::exit::Failure;
use crate::cli::print;
use crate::config::{self, Config};

/// Prints the names of the fields.
pub(super) fn fields(config: &Config, id: &str) -> Result<(), Failure> {
    let catalogue = catalogue(config, config::load_register(config)?)?;
    let motion = motion(&catalogue, id)?;
    let further = motion.offer.felder.iter().map(|feld| feld.name.clone());
    let fields: BTreeSet<String> = motion
        .document
        .fields()
        .iter()
        .cloned()
        .chain(further)
        .collect();
    let line = |field: &String| format!("{field}\n");
    print(fields.iter().map(line).collect::<String>())
}
