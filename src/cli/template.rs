//! `template`: what is on offer, and whether it is sound.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::exit::{Class, Failure};
use super::{Settings, columns, print, render, report, write_output};
use crate::config::{self, Config};
use crate::kommune::{Art, Gremium, Kommune, Register, Rolle};
use crate::merge::Fault;
use crate::template::{Catalogue, Files, Motion, TemplateId, values};

/// What is asked of the templates.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Was angeboten wird
    List,
    /// Prüft alle Vorlagen, oder eine: mit Probedokumenten für jede Art von Kommune
    Check {
        /// Der Name des Vorlagenordners
        id: Option<String>,
        /// Schreibt die Fehler als Kommentare in eine Kopie (noch nicht)
        #[arg(long, value_name = "DATEI", requires = "id")]
        annotate: Option<PathBuf>,
    },
    /// Die Felder einer Vorlage
    Fields {
        /// Der Name des Vorlagenordners
        id: String,
        /// Als CSV (noch nicht)
        #[arg(long)]
        csv: bool,
    },
    /// Macht aus einem Musterantrag mit Sternchen eine Vorlage (noch nicht)
    Import {
        /// Die Word-Datei
        #[arg(value_name = "DATEI")]
        file: PathBuf,
    },
    /// Schreibt die Vorlage als Word-Datei, um sie dort zu gestalten
    Export {
        /// Der Name des Vorlagenordners
        id: String,
        /// Wohin; sonst ID.docx, "-" ist die Standardausgabe
        #[arg(short, long, value_name = "DATEI")]
        output: Option<PathBuf>,
    },
    /// Schreibt ein Probedokument
    Preview {
        /// Der Name des Vorlagenordners
        id: String,
        /// Wohin; sonst ID-vorschau.docx, "-" ist die Standardausgabe
        #[arg(short, long, value_name = "DATEI")]
        output: Option<PathBuf>,
    },
}

/// Looks at the templates.
pub(super) fn run(settings: &Settings, command: &Command) -> Result<(), Failure> {
    let config = settings.config_or_default()?;
    match command {
        Command::List => list(&config),
        Command::Check { annotate: Some(_), .. } => Err(Failure::not_yet("`template check --annotate`")),
        Command::Check { id, annotate: None } => check(&config, id.as_deref()),
        Command::Fields { csv: true, .. } => Err(Failure::not_yet("`template fields --csv`")),
        Command::Fields { id, csv: false } => fields(&config, id),
        Command::Import { .. } => Err(Failure::not_yet("`template import`")),
        Command::Export { id, output } => export(&config, id, output.as_deref()),
        Command::Preview { id, output } => preview(&config, id, output.as_deref()),
    }
}
