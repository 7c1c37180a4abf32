//! `kommune`: looks into the register.

use std::cmp::Reverse;
use std::path::PathBuf;

use super::exit::{Class, Failure};
use super::{Settings, columns, print};
use crate::config;
use crate::german::Form;
use crate::kommune::{Candidate, Kommune, Nearness, Register, Schluessel};

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
    /// Übernimmt ein neues Gemeindeverzeichnis (noch nicht)
    Import {
        /// Das Gemeindeverzeichnis
        #[arg(value_name = "DATEI")]
        file: PathBuf,
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
                return Err(unknown(name));
            }
            print(table(register, &candidates))
        }
        Command::Show { key } => {
            let register = register()?;
            let kommune = Schluessel::parse(key).and_then(|key| register.get(&key));
            print(portrait(register, kommune.ok_or_else(|| unknown(key))?))
        }
        Command::Import { .. } => Err(Failure::not_yet("`kommune import`")),
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
    let candidates = register.find(spelling);
    if candidates.is_empty() {
        return Err(unknown(spelling));
    }
    meant(&candidates).ok_or_else(|| {
        let table = table(register, &candidates);
        Failure::say(
            Class::Data,
            format!("\"{spelling}\" ist nicht eindeutig:\n{}", table.trim_end()),
        )
        .hint("nennen Sie den Schlüssel aus der ersten Spalte")
    })
}

/// Whom a name means as mails are understood: a Gemeinde before all others, and the largest
/// of them if it has ten times the inhabitants of the next. What is merely similar is not meant.
fn meant<'a>(candidates: &[Candidate<'a>]) -> Option<&'a Kommune> {
    let named = candidates
        .iter()
        .filter(|candidate| candidate.nearness != Nearness::Similar);
    let named: Vec<_> = named.map(|candidate| candidate.kommune).collect();
    let (mut gemeinden, others): (Vec<_>, Vec<_>) = named
        .into_iter()
        .partition(|kommune| kommune.art.is_gemeinde());
    if gemeinden.is_empty() {
        gemeinden = others;
    }
    gemeinden.sort_by_key(|kommune| Reverse(kommune.einwohner));
    match gemeinden.as_slice() {
        [only] => Some(only),
        [largest, next, ..] if largest.einwohner? >= next.einwohner?.saturating_mul(10) => {
            Some(largest)
        }
        _ => None,
    }
}

fn unknown(spelling: &str) -> Failure {
    Failure::say(Class::Data, format!("keine Kommune heißt \"{spelling}\""))
        .hint("`antragsbote kommune find NAME` sucht auch nach ähnlichen Namen")
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
            kommune.einwohner.map_or_else(|| "-".to_owned(), thousands),
            match candidate.nearness {
                Nearness::Exact => "so geschrieben".to_owned(),
                Nearness::Former => "früherer Name".to_owned(),
                Nearness::Similar => "ähnlich".to_owned(),
            },
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
            kommune.einwohner.map_or_else(|| "-".to_owned(), thousands),
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

/// 132032 → "132.032".
fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{pick, thousands};
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

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.000"),
            (3_677_472, "3.677.472"),
        ] {
            assert_eq!(thousands(number), text);
        }
    }
}
