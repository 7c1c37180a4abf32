//! `render`: one template and what is given on the command line → one document.

use std::path::{Path, PathBuf};

use super::exit::{Class, Failure};
use super::{Settings, kommune, read_file, template, write_output};
use crate::clock;
use crate::config::{self, Config};
use crate::german::in_germany;
use crate::kommune::{Gremium, Register, Rolle, fold};
use crate::merge::{Document, Rules, Values};
use crate::template::{Feld, Need, Occasion, Wert, Werte, fill};

/// How many bodies are named instead of an unknown one.
const NEAREST: usize = 5;

/// What `render` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Eine Vorlage des Angebots
    #[arg(
        long,
        value_name = "ID",
        conflicts_with = "template_file",
        required_unless_present = "template_file"
    )]
    template: Option<String>,
    /// Eine Word-Datei mit Marken; was nicht gegeben ist, bleibt leer
    #[arg(long, value_name = "DATEI")]
    template_file: Option<PathBuf>,
    /// Die Kommune: Name oder amtlicher Schlüssel
    #[arg(long, value_name = "NAME", requires = "beirat")]
    kommune: Option<String>,
    /// Das Gremium, das den Antrag stellt
    #[arg(long, value_name = "NAME", requires = "kommune")]
    beirat: Option<String>,
    /// Der Rat, der entscheidet; sonst der, den die Kommune hat
    #[arg(long, value_name = "NAME", requires = "kommune")]
    rat: Option<String>,
    /// Setzt ein Feld; mehrfach möglich
    #[arg(long = "set", value_name = "FELD=WERT", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// Ein JSON-Objekt: jedes Element wird ein Feld
    #[arg(long, value_name = "DATEI")]
    data: Option<PathBuf>,
    /// Wohin das Dokument geschrieben wird; "-" ist die Standardausgabe
    #[arg(short, long, value_name = "DATEI")]
    output: PathBuf,
}

/// Merges one document.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let config = settings.config_or_default()?;
    let merged = match (&args.template, &args.template_file) {
        (_, Some(file)) => {
            let values = values(&config, args, &[])?;
            foreign(file, &values)?.merge(&values)?
        }
        (Some(id), None) => {
            let motion = template::motion(&config, config::load_register(&config)?, id)?;
            let values = values(&config, args, &motion.offer.felder)?;
            motion.document.merge(&values)?
        }
        (None, None) => {
            return Err(Failure::say(
                Class::Usage,
                "--template oder --template-file fehlt",
            ));
        }
    };
    write_output(&args.output, &merged)
}

/// A Word file that is no part of the catalogue.
fn foreign(file: &Path, values: &Values) -> Result<Document, Failure> {
    let rules = Rules::Lenient(values.schema());
    Document::compile(read_file(file)?, &rules).map_err(|faults| {
        Failure::new(
            Class::Data,
            config::Error::Templates {
                path: Some(file.to_owned()),
                faults,
            },
        )
    })
}

/// Kommune and bodies first, then what the data says, then what was set: the latest wins.
fn values(config: &Config, args: &Args, felder: &[Feld]) -> Result<Values, Failure> {
    let mut values = match (&args.kommune, &args.beirat) {
        (Some(name), Some(beirat)) => {
            let register = config::load_register(config)?;
            let kommune = kommune::pick(register, name)?;
            let beirat = gremium(register, Rolle::Beirat, beirat)?;
            let rat = match &args.rat {
                Some(rat) => gremium(register, Rolle::Rat, rat)?,
                None => register.rat_of(kommune),
            };
            crate::template::values(register, kommune, beirat, rat, &occasion())
        }
        _ if args.template.is_some() && args.data.is_none() => {
            return Err(Failure::say(Class::Usage, "--kommune und --beirat fehlen")
                .hint("etwa --kommune 09563000 --beirat Ausländerbeirat, oder eigene Werte mit --data DATEI.json"));
        }
        _ => {
            let mut values = Values::new();
            values.time(occasion().now);
            values
        }
    };
    let data = args.data.as_deref().map(object).transpose()?;
    let mut data = data.unwrap_or_default();
    let mut werte = Werte::new();
    for (field, value) in &args.settings {
        if let Some(feld) = felder.iter().find(|feld| feld.is_called(&fold(field))) {
            data.remove(&feld.name);
            werte.insert(feld.name.clone(), wert(feld, value)?);
            continue;
        }
        values.text(field, value);
        if let Some(given) = data.get_mut(field) {
            *given = value.as_str().into();
        }
    }
    let missing = |feld: &&Feld| {
        let given = werte.contains_key(&feld.name) || data.contains_key(&feld.name);
        feld.need == Need::Required && !given
    };
    if let Some(feld) = felder.iter().find(missing) {
        let example = feld.sample(in_germany(occasion().now).date());
        return Err(Failure::say(Class::Usage, format!("{} fehlt", feld.title))
            .hint(format!("etwa --set \"{}={example}\"", feld.name)));
    }
    fill(&mut values, felder, &werte);
    values.json(&data);
    Ok(values)
}

/// The value of a field, read as in a mail.
fn wert(feld: &Feld, value: &str) -> Result<Wert, Failure> {
    let today = in_germany(occasion().now).date();
    feld.read(value, Some(today)).map_err(|near| {
        let near = match near.as_slice() {
            [] => vec![feld.sample(today)],
            near => near.to_vec(),
        };
        let near: Vec<String> = near.iter().map(ToString::to_string).collect();
        let problem = format!("\"{value}\" passt nicht zu {}", feld.title);
        Failure::say(Class::Data, problem).hint(format!("etwa {}", near.join(" oder ")))
    })
}

/// What is the same for all documents of this call. Their time is that at which the day
/// began, so that the same data give the same bytes as long as `datum` is the same.
pub(super) fn occasion() -> Occasion {
    Occasion {
        now: crate::template::begin_of_day(clock::now()),
        anfragende_person: String::new(),
        aktenzeichen: String::new(),
    }
}

/// The body of this name; else those that are called nearly so.
pub(super) fn gremium<'a>(
    register: &'a Register,
    rolle: Rolle,
    spelling: &str,
) -> Result<&'a Gremium, Failure> {
    register.gremium(rolle, spelling).ok_or_else(|| {
        let known = register
            .gremien()
            .iter()
            .filter(|gremium| gremium.rolle == rolle);
        let mut names: Vec<_> = known.map(|gremium| gremium.name.as_str()).collect();
        let likeness = |name: &&str| strsim::normalized_damerau_levenshtein(name, spelling);
        names.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
        names.truncate(NEAREST);
        Failure::say(Class::Data, format!("kein Gremium heißt \"{spelling}\""))
            .hint(format!("ähnlich heißen {}", names.join(", ")))
    })
}

fn object(file: &Path) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    serde_json::from_slice(&read_file(file)?).map_err(|error| {
        let place = format!("{}:{}:{}", file.display(), error.line(), error.column());
        let error = anyhow::Error::new(error).context(format!("{place}: kein JSON-Objekt"));
        Failure::new(Class::Data, error).hint("erwartet wird {\"Feld\": \"Wert\", …}")
    })
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("erwartet wird FELD=WERT")?;
    let field = field.trim();
    if field.is_empty() {
        return Err("vor dem = fehlt der Name des Feldes".to_owned());
    }
    Ok((field.to_owned(), value.to_owned()))
}
