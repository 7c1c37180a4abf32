//! `setup`: asks what matters, tries it out, writes the configuration and its secrets.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::dialogue::Dialogue;
use super::exit::Failure;
use super::{Settings, print};
use crate::oauth::Grant;
use crate::tls::Security;
use answers::Answers;
use interim::Interim;
use place::Place;
use servers::Given;

mod answers;
mod compose;
mod interim;
mod logins;
mod oauth;
mod place;
mod servers;
mod trial;

/// Whether systemd runs this machine (sd_booted(3)).
const SYSTEMD: &str = "/run/systemd/system";
/// Where the service's unit may be installed.
const UNITS: [&str; 3] = [
    "/etc/systemd/system/antragsbote.service",
    "/usr/lib/systemd/system/antragsbote.service",
    "/lib/systemd/system/antragsbote.service",
];

/// What `setup` is asked; what is not given it asks back.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Adresse, an die Anfragen gehen
    #[arg(long, value_name = "ADRESSE")]
    address: Option<String>,
    /// IMAP-Server; ohne Angabe wird er aus der Adresse ermittelt
    #[arg(long, value_name = "SERVER")]
    imap_host: Option<String>,
    /// Port des IMAP-Servers, sonst der übliche
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    imap_port: Option<u16>,
    /// Verschlüsselung dort: tls, starttls; none nur auf diesem Rechner
    #[arg(long, value_name = "ART", value_parser = security(), hide_possible_values = true)]
    imap_security: Option<Security>,
    /// SMTP-Server für die Antworten; ohne Angabe wird er aus der Adresse ermittelt
    #[arg(long, value_name = "SERVER")]
    smtp_host: Option<String>,
    /// Port des SMTP-Servers, sonst der übliche
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    smtp_port: Option<u16>,
    /// Verschlüsselung dort: tls, starttls; none nur auf diesem Rechner
    #[arg(long, value_name = "ART", value_parser = security(), hide_possible_values = true)]
    smtp_security: Option<Security>,
    /// Anmeldename
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Datei, in deren erster Zeile das Passwort steht; - ist die Standardeingabe
    #[arg(long, value_name = "DATEI")]
    password_file: Option<PathBuf>,
    /// Anmeldename beim SMTP-Server, wenn es ein anderer ist; leer: ohne Anmeldung
    #[arg(long, value_name = "NAME")]
    smtp_username: Option<String>,
    /// Datei mit dem Passwort für den SMTP-Server, wenn es ein anderes ist
    #[arg(long, value_name = "DATEI")]
    smtp_password_file: Option<PathBuf>,
    #[command(flatten)]
    oauth: oauth::Options,
    /// Zertifikate (PEM), denen zusätzlich zu denen des Systems vertraut wird
    #[arg(long, value_name = "DATEI")]
    ca_file: Option<PathBuf>,
    /// Ordner für erledigte Mails; leer: keiner
    #[arg(long, value_name = "ORDNER")]
    archive: Option<String>,
    /// Adresse, an die Meldungen über Störungen gehen; leer: keine
    #[arg(long, value_name = "ADRESSE")]
    admin: Option<String>,
    /// Schreibt, ohne die Angaben auszuprobieren
    #[arg(long)]
    offline: bool,
}

impl Args {
    fn imap(&self) -> Given<'_> {
        Given {
            host: self.imap_host.as_deref(),
            port: self.imap_port,
            security: self.imap_security,
        }
    }

    fn smtp(&self) -> Given<'_> {
        Given {
            host: self.smtp_host.as_deref(),
            port: self.smtp_port,
            security: self.smtp_security,
        }
    }
}

fn security() -> impl clap::builder::TypedValueParser<Value = Security> {
    // One of the words, so it is none never.
    PossibleValuesParser::new(servers::words())
        .map(|word| servers::of_word(&word).unwrap_or(Security::Tls))
}

/// Asks, tries, writes, and says how to go on.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let place = Place::of(settings)?;
    let mut dialogue = Dialogue::new(greeting(&place));
    let mut answers = answers::gather(&mut dialogue, args)?;
    let tries_tokens = answers.oauth.is_some() && !args.offline;
    let interim = tries_tokens.then(|| Interim::beside(&place)).transpose()?;
    let untried = if args.offline {
        "Ausprobiert ist davon noch nichts.\n"
    } else if trial::until_sound(&mut dialogue, &mut answers, &place, interim.as_ref())? {
        ""
    } else {
        "Noch geht damit nicht alles; der Dienst versucht es immer wieder.\n"
    };
    let text = compose::text(&answers, &place);
    let config = compose::checked(&text, &answers, &place)?;
    let tokens = config
        .oauth
        .filter(|it| it.config().grant != Grant::ClientCredentials);
    let store = tokens.as_ref().map(|it| it.config().store.as_path());
    let kept = interim.and_then(|interim| interim.keep_at(store?));
    let still_to_sign_in = store.is_some() && kept.is_none();
    let written = place.write(&text, &answers, kept)?;
    let ending = Ending {
        untried,
        still_to_sign_in,
    };
    print(farewell(&answers, &place, &written, &ending))
}

/// What is said before the first question.
fn greeting(place: &Place) -> String {
    let file = place.file().display();
    let not_for_all = match place.is_beside_service() {
        true => {
            "Das wird Ihre eigene; die des installierten Dienstes schreibt `sudo antragsbote setup`.\n"
        }
        false => "",
    };
    format!(
        "Ein paar Fragen, dann wird alles ausprobiert und erst danach geschrieben: nach {file}.\n\
         {not_for_all}Enter nimmt, was in eckigen Klammern steht; Strg-C bricht ab.\n\n"
    )
}

/// What is left to do.
struct Ending {
    untried: &'static str,
    still_to_sign_in: bool,
}

/// What was written and tried, and how to go on.
fn farewell(answers: &Answers, place: &Place, written: &[PathBuf], ending: &Ending) -> String {
    let written: Vec<_> = written
        .iter()
        .map(|path| format!("  {}\n", path.display()))
        .collect();
    let program = match place.is_of_service() {
        true => "antragsbote".to_owned(),
        false => format!("antragsbote --config {}", place.file().display()),
    };
    let has_unit = Path::new(SYSTEMD).is_dir() && UNITS.iter().any(|unit| Path::new(unit).exists());
    let start = match place.unit().filter(|_| has_unit) {
        Some(unit) => format!("systemctl enable --now {unit}"),
        None => format!("{program} serve"),
    };
    let untried = ending.untried;
    let sign_in = match ending.still_to_sign_in {
        true => format!("Das Postfach anmelden:\n  {program} login\n"),
        false => String::new(),
    };
    let address = &answers.address;
    format!(
        "\nGeschrieben; was vertraulich ist, kann nur der Besitzer der Dateien lesen:\n{}{untried}\n\
         {sign_in}Alles prüfen, jetzt und später:\n  {program} check\n\
         Den Dienst starten:\n  {start}\n\
         Dann zur Probe eine Mail an {address}:\n  \
         Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.\n",
        written.concat(),
    )
}
