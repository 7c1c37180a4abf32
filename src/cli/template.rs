//! `template`: what is on offer, and whether it is sound.

mod check;
mod export;
mod fields;
mod import;
mod preview;
mod take_up;

use std::path::PathBuf;

use super::exit::{Class, Failure};
use super::{Settings, columns, print};
use crate::config::{self, Config};
use crate::kommune::Register;
use crate::merge::Fault;
use crate::template::{Files, Motion, TemplateId};

/// What is asked of the templates.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Was angeboten wird
    List,
    /// Prüft alle Vorlagen, oder eine: mit Probedokumenten für jede Art von Kommune
    Check {
        /// Der Name des Vorlagenordners
        id: Option<String>,
        /// Schreibt eine Kopie, in der die Fehler als Word-Kommentare an ihrer Stelle stehen
        #[arg(long, value_name = "DATEI", requires = "id")]
        annotate: Option<PathBuf>,
    },
    /// Was im Antrag stehen kann: Felder und Formen, und wie man sie in Word schreibt
    Fields {
        /// Der Name des Vorlagenordners
        id: String,
        /// Als Datenquelle für Words Seriendruck: dessen Menü fügt die Felder dann ein
        #[arg(long)]
        csv: bool,
        /// Wohin; sonst auf die Standardausgabe
        #[arg(short, long, value_name = "DATEI")]
        output: Option<PathBuf>,
    },
    /// Macht aus einem Musterantrag („Stadtrat/Kreistag*“, „XXX**“) eine Vorlage
    Import(import::Args),
    /// Schreibt die Vorlage als Ordner mit einer Word-Datei, um sie dort zu gestalten
    Export {
        /// Der Name des Vorlagenordners
        id: String,
        /// Der neue Ordner, sonst ID; "….docx" oder "-" (Standardausgabe) bekommen nur die Word-Datei
        #[arg(short, long, value_name = "ORDNER")]
        output: Option<PathBuf>,
    },
    /// Schreibt Probedokumente; wo LibreOffice da ist, auch PDF und Bilder der Seiten
    Preview(preview::Args),
}

/// Looks at the templates.
pub(super) fn run(settings: &Settings, command: &Command) -> Result<(), Failure> {
    let config = || settings.config_or_default();
    match command {
        Command::List => list(&config()?),
        Command::Check { id, annotate } => {
            check::check(&config()?, id.as_deref(), annotate.as_deref())
        }
        Command::Fields { id, csv, output } => {
            fields::fields(&config()?, id, *csv, output.as_deref())
        }
        Command::Import(args) => import::import(&config()?, args),
        Command::Export { id, output } => export::export(&config()?, id, output.as_deref()),
        Command::Preview(args) => preview::preview(&config()?, args),
    }
}

/// The motion of this name, whatever is wrong with others.
///
/// # Errors
/// Its faults if it is not sound; if there is none, the names there are.
pub(super) fn motion(config: &Config, register: &Register, id: &str) -> Result<Motion, Failure> {
    let (catalogue, mut broken) = config::load_catalogue(config, register)?;
    let motion = TemplateId::parse(id).and_then(|id| catalogue.get(&id));
    match (motion, broken.remove(id)) {
        (Some(motion), _) => Ok(motion.clone()),
        (None, Some(faults)) => Err(Failure::from(config::Error::Templates {
            path: config.templates.clone(),
            faults,
        })),
        (None, None) => {
            let known = catalogue.offers().iter().map(|offer| offer.id.as_str());
            Err(unknown(id, known))
        }
    }
}

fn list(config: &Config) -> Result<(), Failure> {
    let (catalogue, _) = config::load_catalogue(config, config::load_register(config)?)?;
    let rows = catalogue.offers().iter().map(|offer| {
        let default = offer.default.then_some("(Vorgabe)");
        let broken = (catalogue.get(&offer.id).is_none()).then_some("(fehlerhaft)");
        let remarks: Vec<&str> = default.into_iter().chain(broken).collect();
        [
            offer.id.as_str().to_owned(),
            offer.title.clone(),
            remarks.join(" "),
        ]
    });
    print(columns(&rows.collect::<Vec<_>>()))
}

/// Makes sure that a motion of this name lies among the files, sound or not.
fn motion_folder(files: &Files, id: &str) -> Result<(), Failure> {
    if files.contains_key(&format!("{id}/template.toml")) {
        return Ok(());
    }
    let known = files
        .keys()
        .filter_map(|path| path.strip_suffix("/template.toml"))
        .filter(|folder| !folder.contains('/'));
    Err(unknown(id, known))
}

fn unknown<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    Failure::say(Class::NoInput, format!("es gibt keine Vorlage \"{id}\"")).hint(format!(
        "im Angebot: {}",
        known.collect::<Vec<_>>().join(", ")
    ))
}

/// Faults that were asked for: bad data, not a bad configuration.
fn faulty(config: &Config, faults: Vec<Fault>) -> Failure {
    let path = config.templates.clone();
    Failure::new(Class::Data, config::Error::Templates { path, faults })
}
