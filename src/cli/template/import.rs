//! `template import`: a model motion becomes a template folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::exit::{Class, Failure};
use crate::cli::{print, read_file, render};
use crate::config::{self, Config};
use crate::template::{Doubt, Import, TemplateId};

/// What is asked.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Die Word-Datei mit dem Musterantrag
    #[arg(value_name = "DATEI")]
    file: PathBuf,
    /// In welchem Ordner die Vorlage angelegt wird; sonst unter [templates] path, sonst in ./vorlagen
    #[arg(short, long, value_name = "ORDNER")]
    output: Option<PathBuf>,
    /// Wie die Vorlage heißt; sonst nach dem Titel des Antrags
    #[arg(long)]
    id: Option<String>,
}

/// So many doubts are told one by one.
const TOLD: usize = 100;

/// Writes the folder, and tells what was replaced and what is not sure.
pub(super) fn import(config: &Config, args: &Args) -> Result<(), Failure> {
    let id = args.id.as_deref().map(parse).transpose()?;
    let file = &args.file;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let register = config::load_register(config)?;
    let import = Import::of(&read_file(file)?, &stem, id, register, &render::occasion());
    let import = import.map_err(|fault| unsound(file, &fault.problem))?;
    let parent = args.output.as_deref().or(config.templates.as_deref());
    let parent = parent.unwrap_or(Path::new("vorlagen"));
    let folder = parent.join(import.id.as_str());
    write(&folder, &import)?;
    let mut report = account(file, &folder, &import);
    match &import.examined {
        Ok(found) => {
            report += &format!("\n✓ {} Probedokumente gelingen.\n", found.samples);
            let faults = found.faults.iter().chain(&found.notes);
            report.extend(faults.map(|note| format!("! {note}\n")));
        }
        Err(_) => report += "\nDie Vorlage ist noch nicht in Ordnung; was fehlt, steht am Ende.\n",
    }
    report += &next_steps(config, parent, &import.id);
    print(report)?;
    match import.examined {
        Ok(found) if found.faults.is_empty() => Ok(()),
        Ok(found) => Err(super::faulty(config, found.faults)),
        Err(faults) => Err(super::faulty(config, faults)),
    }
}

fn parse(id: &str) -> Result<TemplateId, Failure> {
    TemplateId::parse(id).ok_or_else(|| {
        Failure::say(Class::Usage, format!("\"{id}\" kann keine Vorlage heißen")).hint(
            "erlaubt sind kleine Buchstaben ohne Umlaute, Ziffern und Bindestriche, etwa --id wahlrecht",
        )
    })
}

fn unsound(file: &Path, problem: &str) -> Failure {
    let failure = Failure::say(Class::Data, format!("{}: {problem}", file.display()));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with("~$") || name.starts_with(".~lock") {
        return failure.hint(
            "das ist nur die Sperrdatei, die Word oder LibreOffice anlegt, solange der Antrag geöffnet ist; nennen \
             Sie den Antrag selbst",
        );
    }
    failure
}

/// Makes the folder; `template.toml` comes last, for without it a folder is no motion.
fn write(folder: &Path, import: &Import) -> Result<(), Failure> {
    let failed = |path: &Path, error: io::Error| {
        let message = format!("{} kann nicht geschrieben werden", path.display());
        let error = anyhow::Error::new(error).context(message);
        Failure::new(Class::CantCreate, error)
    };
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
    }
    fs::create_dir(folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let message = format!("{} gibt es schon", folder.display());
            Failure::say(Class::CantCreate, message).hint(
                "wählen Sie mit --id einen anderen Namen, oder löschen Sie den Ordner, wenn Sie \
                 ihn nicht mehr brauchen",
            )
        }
        _ => failed(folder, error),
    })?;
    let written = import.files.iter().try_for_each(|(name, bytes)| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| failed(&path, error))
    });
    if written.is_err() {
        // half a folder would be in the way of the next attempt
        let _ = fs::remove_dir_all(folder);
    }
    written
}

/// What was done, and what there is to look at.
fn account(file: &Path, folder: &Path, import: &Import) -> String {
    let mut report = format!("Die Vorlage liegt in {}.\n", folder.display());
    if is_open(file) {
        report += "! Der Antrag ist gerade in Word oder LibreOffice geöffnet; gelesen wurde, was zuletzt gespeichert war.\n";
    }
    report.extend(import.notes.iter().map(|note| format!("! {note}\n")));
    if import.replaced.is_empty() {
        report += NOTHING;
    } else {
        report += &format!("\nErsetzt ({}):\n", import.replaced.len());
        report.extend(import.replaced.iter().map(|replaced| {
            let after = if replaced.after.is_empty() {
                "entfernt".to_owned()
            } else {
                replaced.after.clone()
            };
            format!("  {}: „{}“ → {after}\n", replaced.place, replaced.before)
        }));
    }
    if !import.removed.is_empty() {
        report += &format!("\nEntfernt ({}):\n", import.removed.len());
        let line = |(place, text): &(String, String)| format!("  {place}: „{text}“\n");
        report.extend(import.removed.iter().map(line));
    }
    if !import.doubts.is_empty() {
        report += &format!(
            "\nNicht sicher, deshalb unverändert ({}); bitte sehen Sie in Word nach:\n",
            import.doubts.len()
        );
        report.extend(import.doubts.iter().take(TOLD).map(doubt));
        if let Some(more) = import
            .doubts
            .len()
            .checked_sub(TOLD)
            .filter(|more| *more > 0)
        {
            report += &format!("  … und {more} weitere\n");
        }
    }
    report
}

const NOTHING: &str = "
In dem Antrag steht nichts, was der Bote als Platz zum Ausfüllen erkennt („Stadtrat/Kreistag*“, „XXX**“,
„[Name der Kommune]“); alle bekämen denselben Text. Schreiben Sie in motion.docx mit Word an diese Stellen:
  {{ Der Beirat }} bittet {{ den Rat }} …    das Gremium, das den Antrag stellt; der Rat, der entscheidet
  {{ den kommune }}, {{ in kommune }}        die Stadt Fürth, in Fürth
";

fn doubt(doubt: &Doubt) -> String {
    let marks = match doubt.marks.as_slice() {
        [] => String::new(),
        marks => format!(": {}", marks.join(" oder ")),
    };
    format!(
        "  {}: „{}“ – {}{marks}\n",
        doubt.place, doubt.text, doubt.reason
    )
}

/// Whether Word or LibreOffice has the file open: either leaves a file of its own beside it.
fn is_open(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // of long names Word leaves out the first letters
    let after = |count: usize| {
        name.char_indices()
            .nth(count)
            .and_then(|(at, _)| name.get(at..))
    };
    let words = (0..=2).filter_map(after).map(|rest| format!("~${rest}"));
    words
        .chain([format!(".~lock.{name}#")])
        .any(|lock| file.with_file_name(lock).exists())
}

fn next_steps(config: &Config, parent: &Path, id: &TemplateId) -> String {
    let id = id.as_str();
    let mut steps = "\nWie es weitergeht:\n".to_owned();
    let used = |path: &Path| path.canonicalize().ok() == parent.canonicalize().ok();
    match &config.templates {
        Some(path) if used(path) => {}
        Some(path) => {
            steps += &format!(
                "  Verschieben Sie den Ordner {id} nach {}: dort liegen Ihre Vorlagen.\n",
                path.display()
            );
        }
        None => {
            let parent = parent.canonicalize().unwrap_or_else(|_| parent.to_owned());
            steps += &format!(
                "  Noch gelten die eingebauten Anträge. Tragen Sie in antragsbote.toml ein, wo Ihre Vorlagen liegen:\n\
                 \x20     [templates]\n      path = {}\n      default = \"{id}\"\n",
                toml::Value::String(parent.display().to_string())
            );
        }
    }
    steps += &format!(
        "  Sehen Sie motion.docx in Word durch, und ergänzen Sie in template.toml Beschreibung und Wörter.\n\
         \x20 antragsbote template check {id}      prüft die Vorlage\n\
         \x20 antragsbote template preview {id}    zeigt, was herauskommt\n"
    );
    steps
}
