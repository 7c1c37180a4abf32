//! What the program knows: templates and register, read from their folders.

use std::fs;
use std::io;
use std::path::Path;

use super::{Config, Error};
use crate::answer::Knowledge;
use crate::kommune::{self, Register};
use crate::template::{self, Catalogue, Files, Texts};

/// How deep folders of templates may nest: `nationaler-integrationsplan/bilder/…` is two.
const MAX_DEPTH: usize = 4;
/// How many files a folder of templates may hold; a mistyped path such as "/" holds more.
const MAX_FILES: usize = 2_000;
/// How large they may be together, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// All that stays the same from request to request: templates, texts, register, rules.
pub fn load_knowledge(config: &Config) -> Result<Knowledge, Error> {
    let files = load_files(config)?;
    let register = load_register(config)?;
    let faulty = |faults| Error::Templates {
        path: config.templates.clone(),
        faults,
    };
    Ok(Knowledge {
        bot: config.bot.clone(),
        admin: config.admin.clone(),
        register,
        catalogue: Catalogue::read(&files, &config.default_template, register).map_err(faulty)?,
        texts: Texts::read(&files, register).map_err(faulty)?,
        rules: config.policy.clone(),
    })
}

/// The files of the templates: the configured folder, else the built-in ones.
pub fn load_files(config: &Config) -> Result<Files, Error> {
    config
        .templates
        .as_deref()
        .map_or_else(|| Ok(template::built_in()), load_templates)
}

/// Reads a folder of templates with all its folders; hidden files and Word's lock files are left out.
pub fn load_templates(folder: &Path) -> Result<Files, Error> {
    let mut files = Files::new();
    let mut room = MAX_BYTES;
    read_folder(folder, "", MAX_DEPTH, &mut files, &mut room)?;
    Ok(files)
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut Files,
    room: &mut u64,
) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let entry = entry.map_err(unreadable(folder))?;
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if name.starts_with(['.', '~']) {
            continue;
        }
        let data = fs::metadata(&path).map_err(unreadable(&path))?;
        if data.is_dir() && depth > 0 {
            read_folder(&path, &format!("{prefix}{name}/"), depth - 1, files, room)?;
        } else if data.is_file() {
            *room = room
                .checked_sub(data.len())
                .filter(|_| files.len() < MAX_FILES)
                .ok_or_else(|| Error::Oversized {
                    path: folder.to_owned(),
                })?;
            let content = fs::read(&path).map_err(unreadable(&path))?;
            files.insert(format!("{prefix}{name}"), content);
        }
    }
    Ok(())
}

/// The register: the built-in one, with the files of the configured folder in the place of
/// its own; only bodies are added to those there are.
///
/// A register of one's own stays in memory until the process ends; only a reload makes another.
pub fn load_register(config: &Config) -> Result<&'static Register, Error> {
    let Some(folder) = &config.registry else {
        return Ok(Register::built_in());
    };
    fs::read_dir(folder).map_err(unreadable(folder))?;
    let read = |name: &str| {
        let path = folder.join(name);
        if !path.exists() {
            return Ok(None);
        }
        fs::read_to_string(&path)
            .map_err(unreadable(&path))
            .map(Some)
    };
    let kommunen = read("kommunen.csv")?;
    let changes = [read("nachtrag.csv")?, read("merged.csv")?];
    let [gremien, raete] = [read("gremien.csv")?, read("raete.csv")?];
    let files = [kommunen.as_ref(), gremien.as_ref(), raete.as_ref()];
    if files.iter().all(Option::is_none) {
        return Err(Error::NoRegister {
            path: folder.clone(),
        });
    }
    let built_in = kommune::Files::BUILT_IN;
    // the program's own changes are changes of its own municipalities
    let of_own = |changes: &'static str| if kommunen.is_some() { "" } else { changes };
    let [nachtrag, merged] = &changes;
    let gremien: Vec<&str> = gremien.iter().map(String::as_str).collect();
    let files = kommune::Files {
        kommunen: kommunen.as_deref().unwrap_or(built_in.kommunen),
        nachtrag: nachtrag.as_deref().unwrap_or(of_own(built_in.nachtrag)),
        merged: merged.as_deref().unwrap_or(of_own(built_in.merged)),
        gremien: &[built_in.gremien, &gremien].concat(),
        raete: raete.as_deref().unwrap_or(built_in.raete),
    };
    let register = Register::read(files).map_err(|source| Error::Register {
        path: folder.clone(),
        source,
    })?;
    Ok(Box::leak(Box::new(register)))
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::Unreadable { path, source }
}
