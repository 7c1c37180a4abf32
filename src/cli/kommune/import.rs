//! `kommune import`: the Gemeindeverzeichnis of the statistical office in the place of the
//! municipalities there are. The service sees the new files at its next reload.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::cli::draft::Draft;
use crate::cli::exit::{Class, Failure};
use crate::cli::{Settings, columns, print, unreadable};
use crate::config::{self, RegisterFiles};
use crate::german::grouped;
use crate::kommune::verzeichnis::{self, Changes, Fault, Gone, Rows, Stand, Update, Verzeichnis};
use crate::kommune::{Kommune, Register};
use crate::sheet;

/// The largest file that is read, in bytes; the workbook of a year has 2.4 million.
const MAX_FILE: u64 = 64 * 1024 * 1024;
/// The most rows of a sheet that are read; there are some 16 000.
const ROWS: usize = 50_000;
/// What a file is called that another took the place of.
const BEFORE: &str = "alt";

/// Shows what changes, and writes it if there is a place for it.
pub(super) fn run(settings: &Settings, file: &Path, dry_run: bool) -> Result<(), Failure> {
    let faulty = |fault: Fault| {
        let problem = format!("{}: {fault}", file.display());
        Failure::say(Class::Data, problem).hint(fault.remedy)
    };
    let config = settings.config_or_default()?;
    let folder = config.registry.as_deref();
    let verzeichnis = parse(&read(file)?).map_err(faulty)?;
    let files = present(folder)?;
    let present = files
        .with(Register::read)
        .map_err(|source| config::Error::Register {
            path: folder.unwrap_or(Path::new("")).to_owned(),
            source,
        })?;
    let stand = files.stand();
    let update = files
        .with(|files| verzeichnis::update(&present, files, stand, &verzeichnis))
        .map_err(faulty)?;
    let mut report = headline(verzeichnis.stand(), stand, &update);
    report += &changes(&update.changes);
    match folder {
        Some(folder) if !dry_run => report += &write(folder, &update)?,
        Some(folder) => {
            let _ = writeln!(
                report,
                "Nichts geschrieben; ohne --dry-run nach {}",
                folder.display()
            );
        }
        None => report += NO_FOLDER,
    }
    print(settings.adapt(&report))
}

const NO_FOLDER: &str = "Nichts geschrieben: In der Konfiguration fehlt der Ordner dafür. Tragen Sie ihn ein, etwa so:\n\
    \n    [registry]\n    path = \"register\"\n\n\
    und rufen Sie den Befehl noch einmal auf.\n";

/// As much of a file as a Gemeindeverzeichnis can have, and one byte more.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(file, error))?;
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Verzeichnis, Fault> {
    if u64::try_from(bytes.len()).is_ok_and(|size| size > MAX_FILE) {
        return Err(Fault {
            line: None,
            problem: "die Datei ist zu groß für ein Gemeindeverzeichnis".to_owned(),
            remedy: "geben Sie die Datei GV100AD oder den GV-Auszug selbst an".to_owned(),
        });
    }
    match verzeichnis::File::of(bytes)? {
        verzeichnis::File::Text(text) => Verzeichnis::of_text(&text),
        verzeichnis::File::Workbook => {
            let sheets = sheet::read_workbook(bytes, ROWS).unwrap_or_default();
            let rows = |sheet: Vec<sheet::Row>| -> Rows {
                sheet
                    .into_iter()
                    .map(|row| (row.number, row.cells))
                    .collect()
            };
            Verzeichnis::of_sheets(&sheets.into_iter().map(rows).collect::<Vec<_>>())
        }
    }
}

/// The files in use: the built-in ones as long as the folder holds none.
fn present(folder: Option<&Path>) -> Result<RegisterFiles, Failure> {
    match folder
        .filter(|folder| folder.exists())
        .map(RegisterFiles::load)
    {
        None | Some(Err(config::Error::NoRegister { .. })) => Ok(RegisterFiles::default()),
        Some(files) => Ok(files?),
    }
}

fn headline(new: Stand, before: Option<Stand>, update: &Update) -> String {
    let [gemeinden, kreise] = update.counts.map(grouped);
    let before = before.map_or_else(|| "unbekannt".to_owned(), |stand| stand.to_string());
    format!("Gebietsstand {new} (bisher {before}): {gemeinden} Gemeinden, {kreise} Kreise\n")
}

/// What changes, a list each.
fn changes(changes: &Changes) -> String {
    if changes.is_empty() {
        return "Es ändert sich nichts.\n".to_owned();
    }
    let pair =
        |(before, now): &(Kommune, Kommune)| (before.clone(), format!("jetzt {}", titled(now)));
    let mut report = String::new();
    list(
        &mut report,
        "Neu",
        changes.new.iter().map(|new| (new.clone(), String::new())),
    );
    list(&mut report, "Weggefallen", changes.gone.iter().map(gone));
    list(
        &mut report,
        "Anderer Schlüssel",
        changes.rekeyed.iter().map(pair),
    );
    list(
        &mut report,
        "Anderer Name",
        changes.renamed.iter().map(pair),
    );
    list(&mut report, "Andere Art", changes.kinds.iter().map(pair));
    for (what, count) in [
        ("Anderer Zusatz zum Namen", changes.additions),
        ("Andere Einwohnerzahl", changes.einwohner),
        ("Andere Postleitzahl", changes.plz),
    ] {
        if count > 0 {
            let _ = writeln!(report, "{what}: {}", grouped(count));
        }
    }
    if changes.gone.iter().any(|gone| gone.successor.is_none()) {
        report += "Wo der Nachfolger unbekannt ist, tragen Sie seinen Schlüssel in merged.csv, Spalte new_key, ein: dann werden Mails mit dem alten Namen verstanden.\n";
    }
    report
}

fn list(report: &mut String, what: &str, entries: impl Iterator<Item = (Kommune, String)>) {
    let row = |(kommune, now): (Kommune, String)| {
        let key = format!("  {}", kommune.schluessel.as_str());
        [key, kommune.title(), kommune.land.name().to_owned(), now]
    };
    let rows: Vec<_> = entries.map(row).collect();
    if !rows.is_empty() {
        let _ = write!(report, "{what}: {}\n{}", rows.len(), columns(&rows));
    }
}

fn gone(gone: &Gone) -> (Kommune, String) {
    let now = gone.successor.as_ref();
    let now = now.map_or_else(
        || "Nachfolger unbekannt".to_owned(),
        |now| format!("vermutlich jetzt {}", titled(now)),
    );
    (gone.kommune.clone(), now)
}

fn titled(kommune: &Kommune) -> String {
    format!("{} ({})", kommune.title(), kommune.schluessel.as_str())
}

/// Writes the files, each whole or not at all, and keeps those they take the place of.
fn write(folder: &Path, update: &Update) -> Result<String, Failure> {
    let failed = |path: PathBuf| {
        move |error: io::Error| {
            let message = format!("{} kann nicht geschrieben werden", path.display());
            Failure::new(Class::CantCreate, anyhow::Error::new(error).context(message))
                .hint("prüfen Sie die Rechte des Ordners und den freien Platz; der Dienst arbeitet mit dem bisherigen Register weiter")
        }
    };
    make_folder(folder).map_err(failed(folder.to_owned()))?;
    let mut kept = false;
    for (name, content) in &update.files {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(before) if before == content.as_bytes() => continue,
            Ok(before) => {
                kept = true;
                replace(&folder.join(format!("{name}.{BEFORE}")), &before)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
        .and_then(|()| replace(&path, content.as_bytes()))
        .map_err(failed(path))?;
    }
    let mut report = format!("Geschrieben nach {}", folder.display());
    if kept {
        let _ = write!(report, "; die bisherigen Dateien enden dort auf .{BEFORE}");
    }
    report += ".\nDer laufende Dienst übernimmt es mit `systemctl reload antragsbote`.\n";
    Ok(report)
}

/// Makes the folder, if it is missing, so that the service can read it whatever umask the
/// administrator has.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

/// Puts a file in its place that everybody may read, on disk before it is seen.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    Draft::write(path, 0o644, content)?.put()
}
