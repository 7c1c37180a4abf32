//! `template export`: a motion as a Word file.

use std::path::Path;

use super::{catalogue, faulty, motion, motion_folder};
use crate::cli::exit::Failure;
use crate::cli::write_output;
use crate::config::{self, Config};
use crate::template;

/// The Word file of a motion as it lies in its folder, or as its Markdown becomes one.
pub(super) fn export(config: &Config, id: &str, output: Option<&Path>) -> Result<(), Failure> {
    let files = config::load_files(config)?;
    motion_folder(&files, id)?;
    let catalogue = catalogue(config, config::load_register(config)?)?;
    let title = &motion(&catalogue, id)?.offer.title;
    let (_, package) =
        template::package(&files, id, title).map_err(|faults| faulty(config, faults))?;
    write_output(output.unwrap_or(Path::new(&format!("{id}.docx"))), &package)
}
