//! `template fields`: what may stand in a motion, as a table or as a data source for Word.

use std::path::Path;

use super::preview::{first, occasion};
use super::{faulty, motion};
use crate::cli::exit::{Class, Failure};
use crate::cli::{columns, print, write_output};
use crate::config::{self, Config};
use crate::kommune::Register;
use crate::merge::{Fault, forms};
use crate::template::{
    Column, Feld, FeldArt, Motion, Need, Overview, Variant, typical, unnamed_in_word,
};

/// The fields of every motion that are texts.
const BUILT_IN: [(&str, &str); 10] = [
    ("datum", "Tag der Anfrage"),
    ("anfragende_person", "wer die Mail geschrieben hat"),
    ("aktenzeichen", "Nummer im Protokoll"),
    ("kommune.art", "Art der Kommune"),
    ("kommune.land", "Land"),
    ("kommune.kreis", "Kreis, in dem sie liegt"),
    ("kommune.schluessel", "amtlicher Schlüssel"),
    ("kommune.einwohner", "Zahl der Einwohner"),
    ("beirat.geschlecht", "m, f oder n"),
    ("rat.geschlecht", "m, f oder n"),
];

/// Shows the fields of a motion.
pub(super) fn fields(
    config: &Config,
    id: &str,
    csv: bool,
    output: Option<&Path>,
) -> Result<(), Failure> {
    let register = config::load_register(config)?;
    let motion = &motion(config, register, id)?;
    let unknown = |faults| faulty(config, faults);
    let text = if csv {
        let overview = Overview::of_all(motion, register).map_err(unknown)?;
        for feld in unnamed_in_word(motion) {
            let name = &feld.name;
            eprintln!(
                "{name} ist nicht dabei: Words Seriendruck nimmt nur Namen bis zu 40 Zeichen; \
                 {{{{ {name} }}}} geht trotzdem"
            );
        }
        data_source(&overview, motion, register)?
    } else {
        let variant = first(motion, register)?;
        let table = table(&variant, motion, register);
        table.map_err(unknown)?.into_bytes()
    };
    match output {
        Some(path) => write_output(path, &text),
        None => print(text),
    }
}

/// A data source that a German Word opens without a question, and Excel too: UTF-8 with a
/// byte order mark, else both take it for Windows-1252; semicolons, the list separator of
/// German settings; lines that end in CR and LF. In front stands the field that is missed
/// least, for readers that count the mark to the first name.
fn data_source(
    overview: &Overview,
    motion: &Motion,
    register: &Register,
) -> Result<Vec<u8>, Failure> {
    let names = overview.columns().iter().map(|column| column.name.clone());
    let records = typical(register).map(|(kommune, beirat)| {
        let variant = Variant::of(motion, kommune, beirat, &occasion());
        overview.values(&variant.values(motion, register, &occasion()))
    });
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    std::iter::once(names.collect())
        .chain(records)
        .try_for_each(|row| writer.write_record(row))
        .map_err(|error| Failure::new(Class::CantCreate, error))?;
    let bytes = writer.into_inner();
    bytes.map_err(|error| Failure::from(error.into_error()))
}

/// The fields, the forms of the nouns, and how to go on.
fn table(
    variant: &Variant<'_>,
    motion: &Motion,
    register: &Register,
) -> Result<String, Vec<Fault>> {
    let values = variant.values(motion, register, &occasion());
    let say = |marks: Vec<String>| {
        let columns = marks.into_iter().map(|mark| Column {
            name: mark.clone(),
            mark,
        });
        Ok::<_, Vec<Fault>>(Overview::of(columns.collect(), motion, register)?.values(&values))
    };
    let described: Vec<(&str, String)> = motion
        .offer
        .felder
        .iter()
        .map(|feld| (feld.name.as_str(), description(feld)))
        .chain(BUILT_IN.map(|(mark, words)| (mark, words.to_owned())))
        .collect();
    let said = say(described
        .iter()
        .map(|(mark, _)| (*mark).to_owned())
        .collect())?;
    let head = ["In Word", "Beispiel", "Was es ist"].map(str::to_owned);
    let rows = described.into_iter().zip(said);
    let rows = rows.map(|((mark, words), example)| [format!("{{{{ {mark} }}}}"), example, words]);
    let fields: Vec<[String; 3]> = std::iter::once(head).chain(rows).collect();

    let mut of_nouns = vec![["In Word", "beirat", "rat", "kommune"].map(str::to_owned)];
    for form in std::iter::once(None).chain(forms().map(Some)) {
        let nouns = ["beirat", "rat", "kommune"];
        let mark = |noun: &str| form.map_or(noun.to_owned(), |form| format!("{form} {noun}"));
        let said = say(nouns.map(mark).to_vec())?;
        let [beirat, rat, kommune] = [0, 1, 2].map(|at| said.get(at).cloned().unwrap_or_default());
        of_nouns.push([format!("{{{{ {} }}}}", mark("…")), beirat, rat, kommune]);
    }
    let id = motion.offer.id.as_str();
    let used: Vec<&str> = motion
        .document
        .fields()
        .iter()
        .map(String::as_str)
        .collect();
    Ok(format!(
        "{id} verwendet {}.\n\n{}\n{}\n{}",
        used.join(", "),
        columns(&fields),
        columns(&of_nouns),
        advice(id)
    ))
}

/// What a further field is called and holds, and what is done without it.
fn description(feld: &Feld) -> String {
    let art = match &feld.art {
        FeldArt::Text => "Text".to_owned(),
        FeldArt::Date => "Tag".to_owned(),
        FeldArt::Number => "Zahl".to_owned(),
        FeldArt::Choice(options) => options.join(" oder "),
    };
    let need = match &feld.need {
        Need::Required => "wird erfragt".to_owned(),
        Need::Default(wert) => format!("sonst {wert}"),
        Need::Optional => "darf fehlen".to_owned(),
    };
    format!("{}: {art}, {need}", feld.title)
}

fn advice(id: &str) -> String {
    format!(
        "Großgeschrieben beginnt auch der Text groß: {{{{ Der Beirat }}}}. Bedingungen: \
         {{% if rat.kreistag %}}…{{% else %}}…{{% endif %}}.\n\
         Für Words Seriendruck: `antragsbote template fields {id} --csv -o felder.csv`, dann in Word \
         Sendungen > Empfänger auswählen > Vorhandene Liste verwenden.\n"
    )
}
