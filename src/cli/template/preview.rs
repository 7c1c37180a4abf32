//! `template preview`: sample documents, and what they look like.

use std::fs;
use std::path::{Path, PathBuf};

use super::motion;
use crate::cli::exit::{Class, Failure};
use crate::cli::{block_on, kommune, print, render, write_output};
use crate::config::{self, Config};
use crate::kommune::{Register, Rolle};
use crate::office::{self, Office};
use crate::template::{Motion, Occasion, Variant, distinct, typical, variants};

/// More documents than anybody looks at.
const MAX_DOCUMENTS: usize = 500;

const NO_OFFICE: &str = "PDF und Bilder der Seiten macht LibreOffice, das hier fehlt; \
                         auf Debian und Ubuntu: apt install libreoffice-writer-nogui poppler-utils";
const NO_POPPLER: &str = "Bilder der Seiten macht pdftoppm, das hier fehlt; auf Debian und Ubuntu: apt install poppler-utils";

/// What `preview` is asked.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Der Name des Vorlagenordners
    id: String,
    /// Alle Kombinationen: jede Art von Kommune, Rat und Gremium, jede Auswahl, freie Felder gefüllt und leer
    #[arg(long, conflicts_with_all = ["kommune", "beirat"])]
    all: bool,
    /// Für diese Kommune: Name oder amtlicher Schlüssel
    #[arg(long, value_name = "NAME", requires = "beirat")]
    kommune: Option<String>,
    /// Für dieses Gremium
    #[arg(long, value_name = "NAME", requires = "kommune")]
    beirat: Option<String>,
    /// Wohin; sonst ID-vorschau.docx, mit --all der Ordner ID-vorschau; "-" ist die Standardausgabe
    #[arg(short, long, value_name = "DATEI")]
    output: Option<PathBuf>,
}

/// Writes the samples, and PDF and pictures beside them.
pub(super) fn preview(config: &Config, args: &Args) -> Result<(), Failure> {
    let register = config::load_register(config)?;
    let motion = &motion(config, register, &args.id)?;
    let output = args.output.as_deref();
    let (documents, written) = if args.all {
        all(motion, register, &target(args, output, ""))?
    } else {
        let path = target(args, output, ".docx");
        let document = merge(motion, register, &one(motion, register, args)?)?;
        write_output(&path, &document)?;
        if path == Path::new("-") {
            return Ok(());
        }
        let written = path.display().to_string();
        (vec![path], written)
    };
    look(&documents, &written)
}

/// What is the same for all samples.
pub(super) fn occasion() -> Occasion {
    Occasion {
        anfragende_person: "Maria Muster".to_owned(),
        aktenzeichen: "01JD00000000000000MUSTER00".to_owned(),
        ..render::occasion()
    }
}

fn target(args: &Args, output: Option<&Path>, ending: &str) -> PathBuf {
    let default = || PathBuf::from(format!("{}-vorschau{ending}", args.id));
    output.map_or_else(default, Path::to_owned)
}

/// The sample that was asked for.
fn one<'r>(motion: &Motion, register: &'r Register, args: &Args) -> Result<Variant<'r>, Failure> {
    let (Some(name), Some(beirat)) = (&args.kommune, &args.beirat) else {
        return first(motion, register);
    };
    let kommune = kommune::pick(register, name)?;
    let beirat = render::gremium(register, Rolle::Beirat, beirat)?;
    Ok(Variant::of(motion, kommune, beirat, &occasion()))
}

/// The sample of whoever asks for none in particular.
///
/// # Errors
/// If the register is empty.
pub(super) fn first<'r>(motion: &Motion, register: &'r Register) -> Result<Variant<'r>, Failure> {
    let (kommune, beirat) = typical(register).next().ok_or_else(|| {
        let problem = "das Register kennt keine Kommune und kein Gremium";
        Failure::say(Class::Data, problem)
    })?;
    Ok(Variant::of(motion, kommune, beirat, &occasion()))
}

/// Writes all variants into a folder; says so.
fn all(
    motion: &Motion,
    register: &Register,
    folder: &Path,
) -> Result<(Vec<PathBuf>, String), Failure> {
    if folder == Path::new("-") {
        let problem = "mit --all entstehen viele Dokumente: nennen Sie einen Ordner, -o ORDNER";
        return Err(Failure::say(Class::Usage, problem));
    }
    fs::create_dir_all(folder).map_err(|error| {
        let message = format!(
            "{} ist kein Ordner, in den sich schreiben ließe",
            folder.display()
        );
        Failure::new(
            Class::CantCreate,
            anyhow::Error::new(error).context(message),
        )
    })?;
    let (variants, is_all) = variants(motion, register, &occasion(), MAX_DOCUMENTS);
    let names = distinct(variants.iter().map(Variant::file_name).collect());
    let write = |(variant, name): (&Variant<'_>, String)| {
        let path = folder.join(name);
        write_output(&path, &merge(motion, register, variant)?)?;
        Ok(path)
    };
    let documents: Vec<PathBuf> = variants
        .iter()
        .zip(names)
        .map(write)
        .collect::<Result<_, Failure>>()?;
    let limit = match is_all {
        true => "",
        false => " (nicht jede Auswahl mit jeder: das wären zu viele)",
    };
    let written = format!(
        "{} Dokumente{limit} in {}",
        documents.len(),
        folder.display()
    );
    Ok((documents, written))
}

fn merge(motion: &Motion, register: &Register, variant: &Variant<'_>) -> Result<Vec<u8>, Failure> {
    let values = variant.values(motion, register, &occasion());
    motion.document.merge(&values).map_err(|error| {
        let id = motion.offer.id.as_str();
        Failure::from(error).hint(format!(
            "`antragsbote template check {id}` zeigt alle Fehler"
        ))
    })
}

/// Makes PDF and pictures of what was written, and says so.
fn look(documents: &[PathBuf], written: &str) -> Result<(), Failure> {
    // a device has nothing beside it, and may be where this would be printed
    if documents.iter().any(|path| !path.is_file()) {
        return Ok(());
    }
    let Some(office) = Office::find() else {
        return print(format!("{written}\n{NO_OFFICE}\n"));
    };
    match block_on::<_, office::Error>(office.print(documents)) {
        Ok(pictures) if office.has_pictures() => print(format!(
            "{written}, dazu PDF und Bilder der Seiten ({pictures})\n"
        )),
        Ok(_) => print(format!("{written}, dazu PDF\n{NO_POPPLER}\n")),
        Err(error) => {
            print(format!("{written}\n"))?;
            Err(error)
        }
    }
}

impl From<office::Error> for Failure {
    fn from(error: office::Error) -> Self {
        let hint = match &error {
            office::Error::File { .. } => "prüfen Sie, ob dort Platz ist und Sie schreiben dürfen",
            office::Error::Slow { .. } | office::Error::Interrupted => {
                "die Word-Dateien sind geschrieben"
            }
            _ => {
                "die Word-Dateien sind geschrieben und lassen sich in Word ansehen; \
                 fehlt LibreOffice ein Teil: apt install libreoffice-writer-nogui"
            }
        };
        Self::new(Class::Unavailable, error).hint(hint)
    }
}
