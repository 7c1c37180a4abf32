//! `template preview`: a sample document.

use std::path::Path;

use super::{catalogue, motion};
use crate::cli::exit::{Class, Failure};
use crate::cli::{render, write_output};
use crate::config::{self, Config};
use crate::template::{sample, samples};

/// Writes the sample.
pub(super) fn preview(config: &Config, id: &str, output: Option<&Path>) -> Result<(), Failure> {
    let register = config::load_register(config)?;
    let catalogue = catalogue(config, register)?;
    let motion = motion(&catalogue, id)?;
    let (kommune, beirat) = samples(register).next().ok_or_else(|| {
        Failure::say(
            Class::Data,
            "das Register kennt keine Kommune und kein Gremium",
        )
    })?;
    let document = motion.document.merge(&sample(
        motion,
        kommune,
        beirat,
        register,
        &render::occasion(),
    ))?;
    write_output(
        output.unwrap_or(Path::new(&format!("{id}-vorschau.docx"))),
        &document,
    )
}
