//! `template check`: whether the templates are sound.

use std::collections::BTreeSet;
use std::path::Path;

use super::{faulty, take_up, unknown};
use crate::cli::exit::Failure;
use crate::cli::{print, render, write_output};
use crate::config::{self, Config};
use crate::merge::{Fault, annotate};
use crate::template::{
    Catalogue, Examination, Files, Texts, inspect, motion_folders, package, source_of,
};

/// Compiles the templates and merges samples of every kind; all that is wrong at once.
///
/// With `copy`, the one that was asked for is also written with comments at its faults.
pub(super) fn check(
    config: &Config,
    only: Option<&str>,
    copy: Option<&Path>,
) -> Result<(), Failure> {
    let mut files = config::load_files(config)?;
    if let Some(id) = only {
        if !motion_folders(&files).any(|folder| folder == id) {
            return Err(unknown(id, motion_folders(&files)));
        }
        files.retain(|path, _| path.split('/').next() == Some(id));
    }
    let report = Report::of(config, &files, only)?;
    let to_standard_output = copy.is_some_and(|path| path == Path::new("-"));
    if !to_standard_output {
        print(report.lines())?;
    }
    let written = match (copy, only) {
        (Some(path), Some(id)) => Some(report.annotate(&files, id, path)?),
        _ => None,
    };
    report.end(config, written, to_standard_output)
}

/// What was found.
struct Report {
    /// of each motion, by its folder
    motions: Vec<(String, Examination)>,
    /// what is wrong beside them
    others: Vec<Fault>,
}

impl Report {
    fn of(config: &Config, files: &Files, only: Option<&str>) -> Result<Self, Failure> {
        let register = config::load_register(config)?;
        let open = config.templates.as_deref().map(config::open_motions);
        let open: BTreeSet<String> = open.unwrap_or_default();
        let occasion = render::occasion();
        let mut motions = Vec::new();
        let mut others = Vec::new();
        for folder in motion_folders(files) {
            let mut found = inspect(files, folder, register, &occasion);
            if open.contains(folder) {
                found.notes.insert(0, is_open());
            }
            // to all others a folder without template.toml is no motion, and may stay so
            if only.is_none() && !files.contains_key(&format!("{folder}/template.toml")) {
                found.notes.append(&mut found.faults);
            }
            motions.push((folder.to_owned(), found));
        }
        if only.is_none() {
            let known = |fault: &Fault| motions.iter().any(|(_, it)| it.faults.contains(fault));
            let catalogue = Catalogue::read(files, &config.default_template, register);
            let faults = catalogue.err().unwrap_or_default();
            others.extend(faults.into_iter().filter(|fault| !known(fault)));
        }
        others.extend(Texts::read(files, register).err().unwrap_or_default());
        Ok(Self { motions, others })
    }

    /// What is sound, and what is to be noted.
    fn lines(&self) -> String {
        let mut lines = String::new();
        for (id, found) in &self.motions {
            if found.faults.is_empty() && found.samples > 0 {
                lines.push_str(&format!("✓ {id}: {} Probedokumente\n", found.samples));
            }
            for note in &found.notes {
                lines.push_str(&format!("! {id}: {note}\n"));
            }
        }
        lines
    }

    /// Writes the motion's Word file with comments; gives what to say of it.
    fn annotate(&self, files: &Files, id: &str, path: &Path) -> Result<String, Failure> {
        let source = source_of(files, id);
        let comments = self.motions.iter().flat_map(|(_, it)| it.comments(&source));
        let comments: Vec<Fault> = comments.collect();
        if comments.is_empty() {
            return Ok("es gibt nichts zu kommentieren, keine Kopie geschrieben".to_owned());
        }
        let is_markdown = source.ends_with(".md");
        let copy = package(files, id)
            .and_then(|(_, package)| annotate(&package, &comments).map_err(|fault| vec![fault]));
        match copy {
            Ok(copy) => {
                write_output(path, &copy)?;
                let made = if is_markdown {
                    ", aus motion.md gemacht"
                } else {
                    ""
                };
                Ok(format!("mit Kommentaren in Word: {}{made}", path.display()))
            }
            Err(_) if is_markdown => Ok(
                "keine Kopie geschrieben: aus motion.md wird erst ein Word-Dokument, wenn die \
                 Fehler behoben sind; jeder ist mit seiner Stelle genannt"
                    .to_owned(),
            ),
            Err(_) => Ok(
                "keine Kopie geschrieben: die Datei lässt sich nicht als Word-Dokument lesen"
                    .to_owned(),
            ),
        }
    }

    /// How it ends: the count of what was found, what became of the copy, and, where all is
    /// sound, whether the running service uses it.
    fn end(self, config: &Config, written: Option<String>, is_silent: bool) -> Result<(), Failure> {
        let mut all = Examination {
            faults: self.others,
            ..Examination::default()
        };
        let mut sound = Vec::new();
        for (id, found) in self.motions {
            if found.faults.is_empty() && found.samples > 0 {
                sound.push(id);
            }
            all.faults.extend(found.faults);
            all.notes.extend(found.notes);
        }
        let mut end = all.count();
        if let Some(written) = written {
            end.push_str(&format!("; {written}"));
        }
        if !all.faults.is_empty() {
            return Err(faulty(config, all.faults).hint(end));
        }
        if is_silent {
            return Ok(());
        }
        print(format!("{end}\n"))?;
        take_up::offer(config, &sound)
    }
}

/// What is on the disk is not what its author sees.
fn is_open() -> Fault {
    Fault::new(
        "motion.docx",
        "die Datei ist gerade in Word geöffnet, und geprüft wurde, was zuletzt gespeichert ist; \
         speichern und schließen Sie sie, und prüfen Sie dann noch einmal",
    )
}
