//! Looking at a motion's folder as its author has it: half written, faulty or sound.

use super::{Examination, Files, Manifest, Motion, Occasion, examine, package_on, within};
use crate::kommune::Register;
use crate::merge::{Document, Fault};

/// What a motion is written in, by rank.
const SOURCES: [&str; 2] = ["motion.docx", "motion.md"];

/// What people save instead of a Word document, by its ending: what it is.
const OTHERS: [(&str, &str); 9] = [
    (".doc", "im alten Word-Format"),
    (".docm", "eine Word-Datei mit Makros"),
    (".dotx", "eine Word-Vorlage"),
    (".dot", "eine alte Word-Vorlage"),
    (".odt", "ein LibreOffice-Text"),
    (".ott", "eine LibreOffice-Vorlage"),
    (".rtf", "eine RTF-Datei"),
    (".pdf", "eine PDF-Datei, aus der keine Vorlage wird"),
    (".txt", "reiner Text"),
];

/// Compiles the motion of a folder and merges its samples; never fails, but tells.
pub fn inspect(
    files: &Files,
    folder: &str,
    register: &Register,
    occasion: &Occasion,
) -> Examination {
    let mut notes = beside(files, folder);
    let faults = missing(files, folder);
    if !faults.is_empty() {
        return Examination {
            faults,
            notes,
            ..Examination::default()
        };
    }
    let mut found = match Motion::read(files, folder, register) {
        Ok(motion) => {
            let found = examine(&motion, register, occasion);
            Examination {
                faults: within(&source(files, folder), found.faults),
                ..found
            }
        }
        Err(faults) => Examination {
            faults,
            notes: notes_of(files, folder),
            ..Examination::default()
        },
    };
    notes.append(&mut found.notes);
    Examination { notes, ..found }
}

/// The folders that are motions, or were meant to be.
pub fn motion_folders(files: &Files) -> impl Iterator<Item = &str> {
    let mut last = "";
    files.keys().filter_map(move |path| {
        let (folder, file) = path.split_once('/')?;
        let meant = file == "template.toml" || file.to_lowercase().starts_with("motion.");
        let new = folder != last && meant && !file.contains('/') && folder != "mail";
        last = if new { folder } else { last };
        new.then_some(folder)
    })
}

/// The file that the motion of a folder is written in.
pub fn source(files: &Files, folder: &str) -> String {
    let paths = SOURCES.map(|source| format!("{folder}/{source}"));
    let found = paths.iter().find(|path| files.contains_key(*path));
    found.cloned().unwrap_or_else(|| folder.to_owned())
}

impl Examination {
    /// What can be told by comments in the motion's Word file: faults and notes, but for
    /// those of `template.toml`.
    pub fn comments(&self, source: &str) -> Vec<Fault> {
        let file = format!("{source}, ");
        let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
        let manifest = format!("{folder}/template.toml");
        let faults = self.faults.iter().cloned();
        let notes = self.notes.iter();
        let notes =
            notes.map(|it| Fault::new(it.place.clone(), format!("Hinweis: {}", it.problem)));
        faults
            .chain(notes)
            .filter(|fault| !fault.place.text.starts_with(&manifest))
            .map(|mut fault| {
                if let Some(text) = fault.place.text.strip_prefix(&file) {
                    fault.place.text = text.to_owned();
                }
                fault
            })
            .collect()
    }

    /// "3 Fehler, 1 Hinweis"
    pub fn count(&self) -> String {
        let faults = match self.faults.len() {
            0 => "keine Fehler".to_owned(),
            number => format!("{number} Fehler"),
        };
        match self.notes.len() {
            0 => faults,
            1 => format!("{faults}, 1 Hinweis"),
            number => format!("{faults}, {number} Hinweise"),
        }
    }
}

/// What a folder lacks to be a motion.
fn missing(files: &Files, folder: &str) -> Vec<Fault> {
    let mut missing = Vec::new();
    if !files.contains_key(&format!("{folder}/template.toml")) {
        let problem = "dieser Ordner ist noch kein Antrag: es fehlt template.toml; legen Sie eine \
                       Textdatei dieses Namens an, in der mindestens steht: title = \"…\"";
        missing.push(Fault::new(folder, problem));
    }
    if source(files, folder) == folder {
        missing.push(no_document(files, folder));
    }
    missing
}

/// That there is no document, and what to make it of.
pub(super) fn no_document(files: &Files, folder: &str) -> Fault {
    let inside = format!("{folder}/");
    let names = files.keys().filter_map(|path| path.strip_prefix(&inside));
    let mut names = names.filter(|name| !name.contains('/'));
    let advice = names.find_map(|name| {
        let lower = name.to_lowercase();
        if lower.ends_with(".docx") {
            return Some(format!("benennen Sie {name} in motion.docx um"));
        }
        let (_, what) = OTHERS.iter().find(|(ending, _)| lower.ends_with(ending))?;
        Some(format!(
            "{name} ist {what}; speichern Sie den Antrag in Word mit „Speichern unter“ als \
             „Word-Dokument (.docx)“ unter dem Namen motion.docx"
        ))
    });
    let advice =
        advice.unwrap_or_else(|| "legen Sie motion.docx oder motion.md in den Ordner".into());
    Fault::new(folder, format!("der Antrag fehlt: {advice}"))
}

/// What lies beside the motion and may mislead its author.
fn beside(files: &Files, folder: &str) -> Vec<Fault> {
    let [docx, md] = SOURCES.map(|source| format!("{folder}/{source}"));
    let both = files.contains_key(&docx) && files.contains_key(&md);
    let problem = "neben ihr liegt motion.docx, und die gilt; nehmen Sie eine der beiden heraus, damit \
                   niemand vergebens an der falschen arbeitet";
    both.then(|| Fault::new("motion.md", problem))
        .into_iter()
        .collect()
}

/// What is known of a folder's motion, if its `template.toml` is sound.
pub(super) fn manifest(files: &Files, folder: &str) -> Option<Manifest> {
    let path = format!("{folder}/template.toml");
    Manifest::read(&path, files.get(&path)?, None).ok()
}

/// The notes on a document that has faults.
fn notes_of(files: &Files, folder: &str) -> Vec<Fault> {
    let Some(manifest) = manifest(files, folder) else {
        return Vec::new();
    };
    let package = package_on(files, folder, manifest.page());
    package.map_or(Vec::new(), |(_, package)| {
        Document::notes_of(&package, &manifest.keep)
    })
}
