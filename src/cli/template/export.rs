//! `template export`: a motion as a folder with a Word file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{faulty, motion, motion_folder};
use crate::cli::exit::{Class, Failure};
use crate::cli::{print, write_output};
use crate::config::{self, Config};
use crate::template::{self, Files, TemplateId};

const WORD: &str = "motion.docx";
const MARKDOWN: &str = "motion.md";

const OWN_FOLDER: &str = "in einen Ordner für Ihre Vorlagen; in der Konfiguration steht dann unter \
                          [templates] path = \"…\"";

/// Writes the folder of a motion with a Word file in it, or the Word file alone: as it lies
/// in the motion's folder, or as its Markdown becomes one.
pub(super) fn export(config: &Config, id: &str, output: Option<&Path>) -> Result<(), Failure> {
    let files = config::load_files(config)?;
    motion_folder(&files, id)?;
    motion(config, config::load_register(config)?, id)?;
    let (source, package) =
        template::package(&files, id).map_err(|faults| faulty(config, faults))?;
    let output = output.unwrap_or(Path::new(id));
    if output == Path::new("-")
        || output
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("docx"))
    {
        return write_output(output, &package);
    }
    let was_markdown = source.ends_with(MARKDOWN);
    let mut folder = folder_of(&files, id);
    if was_markdown {
        folder.remove(MARKDOWN);
    }
    folder.insert(WORD.to_owned(), package);
    write_folder(output, &folder)?;
    print(advice(config, id, output, was_markdown))
}

/// The files of one motion, by their paths within its folder.
fn folder_of(files: &Files, id: &str) -> Files {
    let prefix = format!("{id}/");
    let within = |(path, bytes): (&String, &Vec<u8>)| {
        Some((path.strip_prefix(&prefix)?.to_owned(), bytes.clone()))
    };
    files.iter().filter_map(within).collect()
}

/// Writes a new folder, or nothing.
fn write_folder(folder: &Path, files: &Files) -> Result<(), Failure> {
    if fs::symlink_metadata(folder).is_ok() {
        let problem = format!("{} gibt es schon; nichts wurde geändert", folder.display());
        return Err(Failure::say(Class::CantCreate, problem)
            .hint("nennen Sie einen neuen Ordner: -o ORDNER"));
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
    for (path, bytes) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, bytes));
        written.map_err(|error| {
            // half a template is none
            let _ = fs::remove_dir_all(folder);
            unwritable(&path, error)
        })?;
    }
    Ok(())
}

fn unwritable(path: &Path, error: io::Error) -> Failure {
    let message = format!("{} kann nicht geschrieben werden", path.display());
    let error = anyhow::Error::new(error).context(message);
    Failure::new(Class::CantCreate, error)
}

/// What there is now, and what to do with it.
fn advice(config: &Config, id: &str, folder: &Path, was_markdown: bool) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let id = TemplateId::parse(&name).map_or(id, |_| &*name).to_owned();
    let place = match &config.templates {
        Some(path) => format!("nach {}", path.join(&id).display()),
        None if id == config.default_template.as_str() => OWN_FOLDER.to_owned(),
        None => format!("{OWN_FOLDER} und default = \"{id}\""),
    };
    let markdown = if was_markdown {
        "motion.md ist nicht dabei: es zählt motion.docx, wo beide liegen.\n"
    } else {
        ""
    };
    format!(
        "{} ist geschrieben.\n\
         1. Gestalten Sie {} in Word; was in {{{{ }}}} und {{% %}} steht, bleibt.\n\
         2. Der Ordner gehört {place}.\n\
         3. antragsbote template check {id}\n\
         {markdown}",
        folder.display(),
        PathBuf::from(folder).join(WORD).display(),
    )
}
