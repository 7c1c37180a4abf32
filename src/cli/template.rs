//! `template`: what is on offer, and whether it is sound.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::exit::{Class, Failure};
use super::{Settings, columns, print, render, write_output};
use crate::config::{self, Config};
use crate::german::in_germany;
use crate::kommune::{Gremium, Kommune, Register, Rolle};
use crate::merge::{Fault, Values};
use crate::template::{self, Catalogue, Files, Motion, TemplateId, Texts, fill, values};

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
    let config = || settings.config_or_default();
    match command {
        Command::List => list(&config()?),
        Command::Check {
            annotate: Some(_), ..
        } => Err(Failure::not_yet("`template check --annotate`")),
        Command::Check { id, annotate: None } => check(&config()?, id.as_deref()),
        Command::Fields { csv: true, .. } => Err(Failure::not_yet("`template fields --csv`")),
        Command::Fields { id, csv: false } => fields(&config()?, id),
        Command::Import { .. } => Err(Failure::not_yet("`template import`")),
        Command::Export { id, output } => export(&config()?, id, output.as_deref()),
        Command::Preview { id, output } => preview(&config()?, id, output.as_deref()),
    }
}

/// The motion of this name.
///
/// # Errors
/// If there is none; then with the names there are.
pub(super) fn motion<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Motion, Failure> {
    TemplateId::parse(id)
        .and_then(|id| catalogue.get(&id))
        .ok_or_else(|| unknown(id, catalogue.offers().iter().map(|offer| offer.id.as_str())))
}

/// The catalogue of a configuration, for commands that are not about its faults.
pub(super) fn catalogue(config: &Config, register: &Register) -> Result<Catalogue, Failure> {
    let files = config::load_files(config)?;
    let read = Catalogue::read(&files, &config.default_template, register);
    Ok(read.map_err(|faults| config::Error::Templates {
        path: config.templates.clone(),
        faults,
    })?)
}

fn list(config: &Config) -> Result<(), Failure> {
    let catalogue = catalogue(config, config::load_register(config)?)?;
    let rows = catalogue.offers().iter().map(|offer| {
        let default = if offer.default { "(Vorgabe)" } else { "" };
        [
            offer.id.as_str().to_owned(),
            offer.title.clone(),
            default.to_owned(),
        ]
    });
    print(columns(&rows.collect::<Vec<_>>()))
}

/// Compiles the templates and merges a sample of each kind; all that is wrong at once.
fn check(config: &Config, only: Option<&str>) -> Result<(), Failure> {
    let mut files = config::load_files(config)?;
    let mut default = config.default_template.clone();
    if let Some(id) = only {
        motion_folder(&files, id)?;
        files.retain(|path, _| path.split('/').next() == Some(id));
        default = TemplateId::parse(id).unwrap_or(default);
    }
    let register = config::load_register(config)?;
    let catalogue = Catalogue::read(&files, &default, register);
    let catalogue = catalogue.map_err(|faults| faulty(config, faults))?;
    Texts::read(&files, register).map_err(|faults| faulty(config, faults))?;
    let mut lines = String::new();
    let mut faults = Vec::new();
    for offer in catalogue.offers() {
        let Some(motion) = catalogue.get(&offer.id) else {
            continue;
        };
        let (sound, failed) = merge_samples(motion, register);
        if failed.is_empty() {
            lines.push_str(&format!(
                "✓ {}: {sound} Probedokumente\n",
                offer.id.as_str()
            ));
        }
        for note in motion.document.notes() {
            lines.push_str(&format!("! {}: {note}\n", offer.id.as_str()));
        }
        faults.extend(failed);
    }
    print(lines)?;
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faulty(config, faults))
    }
}

/// Faults that were asked for: bad data, not a bad configuration.
fn faulty(config: &Config, faults: Vec<Fault>) -> Failure {
    let path = config.templates.clone();
    Failure::new(Class::Data, config::Error::Templates { path, faults })
}

/// How many samples were merged, and what went wrong with the others.
fn merge_samples(motion: &Motion, register: &Register) -> (usize, Vec<Fault>) {
    let mut sound = 0;
    let mut failed = Vec::new();
    for (kommune, beirat) in samples(register) {
        match motion
            .document
            .merge(&sample(motion, kommune, beirat, register))
        {
            Ok(_) => sound += 1,
            Err(error) => failed.push(Fault {
                place: format!("{}, {}", motion.offer.id.as_str(), error.place),
                problem: format!("{} ({}, {})", error.problem, kommune.title(), beirat.name),
            }),
        }
    }
    (sound, failed)
}

/// The values of a sample; further fields have their default or something that fits.
fn sample(motion: &Motion, kommune: &Kommune, beirat: &Gremium, register: &Register) -> Values {
    let occasion = render::occasion();
    let rat = register.rat_of(kommune);
    let felder = &motion.offer.felder;
    let today = in_germany(occasion.now).date();
    let werte = felder
        .iter()
        .map(|feld| (feld.name.clone(), feld.sample(today)));
    let mut values = values(register, kommune, beirat, rat, &occasion);
    fill(&mut values, felder, &werte.collect());
    values
}

/// The first municipality of each kind, with a body of each gender.
fn samples(register: &Register) -> impl Iterator<Item = (&Kommune, &Gremium)> {
    let mut kinds = HashSet::new();
    let mut genders = HashSet::new();
    let beiraete: Vec<_> = register
        .gremien()
        .iter()
        .filter(|gremium| gremium.rolle == Rolle::Beirat && genders.insert(gremium.genus))
        .collect();
    register
        .kommunen()
        .filter(move |kommune| kinds.insert(kommune.art))
        .flat_map(move |kommune| {
            beiraete
                .clone()
                .into_iter()
                .map(move |beirat| (kommune, beirat))
        })
}

fn fields(config: &Config, id: &str) -> Result<(), Failure> {
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

/// The Word file of a motion as it lies in its folder, or as its Markdown becomes one.
fn export(config: &Config, id: &str, output: Option<&Path>) -> Result<(), Failure> {
    let files = config::load_files(config)?;
    motion_folder(&files, id)?;
    let catalogue = catalogue(config, config::load_register(config)?)?;
    let title = &motion(&catalogue, id)?.offer.title;
    let (_, package) =
        template::package(&files, id, title).map_err(|faults| faulty(config, faults))?;
    write_output(output.unwrap_or(Path::new(&format!("{id}.docx"))), &package)
}

fn preview(config: &Config, id: &str, output: Option<&Path>) -> Result<(), Failure> {
    let register = config::load_register(config)?;
    let catalogue = catalogue(config, register)?;
    let motion = motion(&catalogue, id)?;
    let (kommune, beirat) = samples(register).next().ok_or_else(|| {
        Failure::say(
            Class::Data,
            "das Register kennt keine Kommune und kein Gremium",
        )
    })?;
    let document = motion
        .document
        .merge(&sample(motion, kommune, beirat, register))?;
    write_output(
        output.unwrap_or(Path::new(&format!("{id}-vorschau.docx"))),
        &document,
    )
}

/// Makes sure that a motion of this name lies among the files, sound or not.
fn motion_folder(files: &Files, id: &str) -> Result<(), Failure> {
    if files.contains_key(&format!("{id}/template.toml")) {
        return Ok(());
    }
    let known = files
        .keys()
        .filter_map(|path| path.strip_suffix("/template.toml"));
    Err(unknown(id, known))
}

fn unknown<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    Failure::say(Class::NoInput, format!("es gibt keine Vorlage \"{id}\"")).hint(format!(
        "im Angebot: {}",
        known.collect::<Vec<_>>().join(", ")
    ))
}
