//! `kommune`: looks into the register, and takes a new one over.

mod import;

use std::path::PathBuf;

use super::exit::{Class, Failure};
use super::{Settings, columns, print};
use crate::config;
use crate::german::{Form, grouped};
use crate::kommune::{Candidate, Kommune, Nearness, Register, Schluessel, Slip};
use crate::understand::kommunen_meant_by;

/// What is asked of the register.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Wen ein Name meinen kann
    Find {
        /// Der Name, wie man ihn schreibt: "Rothenburg o.d.T.", "Landkreis Fürth"
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Alles über eine Kommune, mit allen Formen ihres Namens
    Show {
        /// Der amtliche Schlüssel: fünf, acht oder neun Ziffern
        #[arg(value_name = "SCHLÜSSEL")]
        key: String,
    },
    /// Übernimmt ein neues Gemeindeverzeichnis nach [registry] path und zeigt, was sich ändert
    Import {
        /// Von www.destatis.de: GV100AD (Text oder ZIP) oder der GV-Auszug (XLSX)
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Zeigt nur und schreibt nichts
        #[arg(long)]
        dry_run: bool,
    },
}

/// Looks into the register.
pub(super) fn run(settings: &Settings, command: &Command) -> Result<(), Failure> {
    let register = || config::load_register(&settings.config_or_default()?).map_err(Failure::from);
    match command {
        Command::Find { name } => {
            let register = register()?;
            let candidates = register.find(name);
            if candidates.is_empty() {
                return Err(unlike_any(name));
            }
            let table = table(register, &candidates);
            print(format!("{table}\n{}\n", in_a_mail(register, name)))
        }
        Command::Show { key } => {
            let register = register()?;
            let kommune = Schluessel::parse(key).and_then(|key| register.get(&key));
            print(portrait(register, kommune.ok_or_else(|| unknown(key))?))
        }
        Command::Import { file, dry_run } => import::run(settings, file, *dry_run),
    }
}

/// The one municipality that a key or a name means.
///
/// # Errors
/// If none is called so, or several are: then with all of them, to pick from.
pub(super) fn pick<'a>(register: &'a Register, spelling: &str) -> Result<&'a Kommune, Failure> {
    if let Some(key) = Schluessel::parse(spelling) {
        return register.get(&key).ok_or_else(|| unknown(spelling));
    }
    if let Some(meant) = register.means(spelling) {
        return Ok(meant);
    }
    let candidates = register.find(spelling);
    if candidates.is_empty() {
        return Err(unlike_any(spelling));
    }
    let table = table(register, &candidates);
    let problem = format!("\"{spelling}\" ist nicht eindeutig:\n{}", table.trim_end());
    Err(Failure::say(Class::Data, problem).hint("nennen Sie den Schlüssel aus der ersten Spalte"))
}

/// No municipality has the key.
fn unknown(key: &str) -> Failure {
    let problem = format!("keine Kommune hat den Schlüssel \"{key}\"");
    Failure::say(Class::Data, problem).hint("`antragsbote kommune find NAME` sucht nach dem Namen")
}

/// No municipality has the name or a similar one.
fn unlike_any(name: &str) -> Failure {
    let problem = format!("keine Kommune heißt \"{name}\" oder ähnlich");
    Failure::say(Class::Data, problem)
        .hint("Ortsteile stehen nicht im Register; nennen Sie die Gemeinde, zu der der Ort gehört")
}

/// Candidates with key, title, state, district, population and why they are some.
fn table(register: &Register, candidates: &[Candidate<'_>]) -> String {
    let row = |candidate: &Candidate<'_>| {
        let kommune = candidate.kommune;
        [
            kommune.schluessel.as_str().to_owned(),
            kommune.title(),
            kommune.land.name().to_owned(),
            district(register, kommune).unwrap_or_else(|| "-".to_owned()),
            kommune.einwohner.map_or_else(|| "-".to_owned(), grouped),
            reason(candidate),
        ]
    };
    let head = [
        "Schlüssel",
        "Kommune",
        "Land",
        "Kreis",
        "Einwohner",
        "warum",
    ]
    .map(str::to_owned);
    columns(
        &std::iter::once(head)
            .chain(candidates.iter().map(row))
            .collect::<Vec<_>>(),
    )
}

/// Why it is a candidate.
fn reason(candidate: &Candidate<'_>) -> String {
    let name = &candidate.kommune.name;
    let reason = match candidate.nearness {
        Nearness::Name => "der Name".to_owned(),
        Nearness::Spelling => "andere Schreibweise".to_owned(),
        Nearness::Former { name: old, year } => match year {
            Some(year) => format!("früherer Name: {old} ging {year} auf in {name}"),
            None => format!("früherer Name: {old} ging auf in {name}"),
        },
        Nearness::Shortened => "der Name ohne „Bad“".to_owned(),
        Nearness::Kennzeichen => "kein Name".to_owned(),
        Nearness::Conflict => "der Name, aber die Angabe dabei passt nicht".to_owned(),
        Nearness::Similar(slip) => match slip {
            Slip::Swapped => format!("zwei Buchstaben vertauscht: {name}"),
            Slip::Missing => format!("ein Buchstabe fehlt: {name}"),
            Slip::Extra => format!("ein Buchstabe zu viel: {name}"),
            Slip::Other => format!("ein Buchstabe anders: {name}"),
            Slip::Several(count) => format!("{count} Buchstaben anders: {name}"),
        },
    };
    match candidate.kennzeichen {
        Some(letters) => format!("{reason}, Kennzeichen {letters}"),
        None => reason,
    }
}

/// What a mail with this spelling means.
fn in_a_mail(register: &Register, spelling: &str) -> String {
    let meant = kommunen_meant_by(spelling, register);
    match meant.iter().filter_map(|key| register.get(key)).next() {
        Some(kommune) if meant.len() == 1 => format!(
            "Eine Mail mit „{spelling}“ meint: {} ({}).",
            kommune.title(),
            kommune.schluessel.as_str()
        ),
        _ => format!("Auf eine Mail mit „{spelling}“ folgt eine Rückfrage."),
    }
}

/// Everything about a municipality.
fn portrait(register: &Register, kommune: &Kommune) -> String {
    let facts = [
        ("Schlüssel", kommune.schluessel.as_str().to_owned()),
        ("Kommune", kommune.title()),
        ("Amtlich", kommune.official_name.clone()),
        ("Land", kommune.land.name().to_owned()),
        (
            "Kreis",
            district(register, kommune).unwrap_or_else(|| "-".to_owned()),
        ),
        (
            "Einwohner",
            kommune.einwohner.map_or_else(|| "-".to_owned(), grouped),
        ),
        (
            "Postleitzahl",
            kommune.plz.clone().unwrap_or_else(|| "-".to_owned()),
        ),
        ("Rat", register.rat_of(kommune).name.clone()),
    ];
    let nominal = kommune.nominal();
    let forms = [
        ("{{ kommune }}", Form::Name),
        ("{{ der kommune }}", Form::Der),
        ("{{ den kommune }}", Form::Den),
        ("{{ dem kommune }}", Form::Dem),
        ("{{ des kommune }}", Form::Des),
        ("{{ im kommune }}", Form::Im),
        ("{{ zum kommune }}", Form::Zum),
        ("{{ vom kommune }}", Form::Vom),
        ("{{ beim kommune }}", Form::Beim),
        ("{{ in kommune }}", Form::In),
        ("{{ er kommune }}", Form::Er),
        ("{{ sein kommune }}", Form::Sein),
    ];
    let facts = facts.map(|(name, value)| [name.to_owned(), value]);
    let forms = forms.map(|(mark, form)| [mark.to_owned(), nominal.say(form, false)]);
    format!("{}\n{}", columns(&facts), columns(&forms))
}

fn district(register: &Register, kommune: &Kommune) -> Option<String> {
    register.get(kommune.kreis.as_ref()?).map(Kommune::title)
}

#[cfg(test)]
mod tests {
    use super::pick;
    use crate::kommune::Register;

    #[test]
    fn a_name_means_one_or_is_asked_about() {
        let register = Register::built_in();
        for (name, key) in [
            ("Fürth", Some("09563000")),
            ("Landkreis Fürth", Some("09573")),
            ("09573", Some("09573")),
            ("München", Some("09162000")),
            ("Hochtaunuskreis", Some("06434")),
            ("Neustadt", None),
            ("Nürnbreg", None),
            ("00000000", None),
        ] {
            let picked = pick(register, name)
                .ok()
                .map(|kommune| kommune.schluessel.as_str());
            assert_eq!(picked, key, "{name}");
        }
    }
}
