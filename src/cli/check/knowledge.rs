//! Templates and register: what the service is to answer with.

use super::finding::Finding;
use super::rights;
use crate::cli::exit::Class;
use crate::cli::remedy::chain;
use crate::cli::render;
use crate::config::{self, Config};
use crate::kommune::Register;
use crate::merge::Fault;
use crate::template::{Catalogue, Files, Texts, inspect, motion_folders};

const REGISTER: &str = "Register";
const TEMPLATES: &str = "Vorlagen";
const MOTION: &str = "Vorlage";

/// The register, then the templates that it belongs to.
pub(super) fn look(config: &Config) -> Vec<Finding> {
    let loaded = config::load_register(config);
    // a faulty register is a finding of its own
    let known = loaded
        .as_ref()
        .map_or_else(|_| Register::built_in(), |own| *own);
    let mut findings = templates(config, known);
    findings.push(register(config, loaded));
    findings
}

fn register(config: &Config, loaded: Result<&Register, config::Error>) -> Finding {
    let origin = config.registry.as_ref().map(|folder| folder.display());
    match loaded {
        Ok(register) => {
            let origin = origin.map_or("eingebaut".to_owned(), |folder| folder.to_string());
            let count = register.kommunen().count();
            Finding::sound(REGISTER, format!("{count} Kommunen ({origin})"))
        }
        Err(config::Error::Unreadable { path, source }) => {
            let (message, remedy) = rights::of_reading(&path, &source);
            Finding::wrong(REGISTER, Class::Config, message, remedy)
        }
        Err(error) => Finding::wrong(
            REGISTER,
            Class::Config,
            chain(&error),
            "prüfen Sie den Ordner unter [registry] path, oder streichen Sie die Zeile",
        ),
    }
}

fn templates(config: &Config, register: &Register) -> Vec<Finding> {
    let wrong = |message: String, remedy: String| {
        vec![Finding::wrong(TEMPLATES, Class::Config, message, remedy)]
    };
    let files = match config::load_files(config) {
        Ok(files) => files,
        Err(config::Error::Unreadable { path, source }) => {
            let (message, remedy) = rights::of_reading(&path, &source);
            return wrong(message, remedy);
        }
        Err(error) => {
            let remedy = "prüfen Sie den Ordner unter [templates] path";
            return wrong(chain(&error), remedy.to_owned());
        }
    };
    let motions = motions(&files, register);
    let mut others = others(config, &files, register);
    // What a motion's own line says is not said again.
    others.retain(|fault| !motions.iter().any(|(_, faults)| faults.contains(fault)));
    let folder = config.templates.as_ref().map(|path| path.display());
    let origin = folder.map_or("eingebaut".to_owned(), |folder| folder.to_string());
    let mut findings = match faults_in_brief(&others) {
        Some(faults) => wrong(
            faults,
            "`antragsbote template check` zeigt alles".to_owned(),
        ),
        None => vec![Finding::sound(TEMPLATES, origin)],
    };
    findings.extend(motions.into_iter().map(|(finding, _)| finding));
    findings
}

/// What each motion's own look says, and its faults.
fn motions(files: &Files, register: &Register) -> Vec<(Finding, Vec<Fault>)> {
    let occasion = render::occasion();
    let is_motion = |folder: &&str| files.contains_key(&format!("{folder}/template.toml"));
    let look = |folder: &str| {
        let found = inspect(files, folder, register, &occasion);
        let remedy = format!("`antragsbote template check {folder}` zeigt alles");
        let finding = match (faults_in_brief(&found.faults), found.notes.len()) {
            (Some(faults), _) => {
                Finding::wrong(MOTION, Class::Config, format!("{folder}: {faults}"), remedy)
            }
            (None, 0) => Finding::sound(MOTION, folder),
            (None, _) => Finding::warning(MOTION, format!("{folder}: {}", found.count()), remedy),
        };
        (finding, found.faults)
    };
    motion_folders(files).filter(is_motion).map(look).collect()
}

/// What is wrong with the texts of replies, or between motions.
fn others(config: &Config, files: &Files, register: &Register) -> Vec<Fault> {
    let catalogue = Catalogue::read(files, &config.default_template, register);
    let texts = Texts::read(files, register);
    let faults = [catalogue.err(), texts.err()];
    faults.into_iter().flatten().flatten().collect()
}

/// The first fault, and how many more there are.
fn faults_in_brief(faults: &[Fault]) -> Option<String> {
    let (first, rest) = faults.split_first()?;
    Some(match rest.len() {
        0 => first.to_string(),
        number => format!("{first} (und {number} weitere)"),
    })
}
