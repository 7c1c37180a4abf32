//! What is asked, in its order.

use std::path::{Path, PathBuf};

use super::super::dialogue::{Dialogue, Question, say};
use super::super::exit::{Class, Failure};
use super::super::flaw::Peer;
use super::super::{block_on, confine};
use super::Args;
use super::logins::{self, Login};
use super::oauth::{self, Registration};
use super::{place, servers};
use crate::discover::{self, Endpoint, Finder, Found, Source};
use crate::oauth::Provider;
use crate::{config, policy};

/// Where handled mail goes unless somebody wants otherwise.
const ARCHIVE: &str = "Erledigt";
/// What is typed for nothing, where Enter alone takes what is offered.
pub(super) const NONE: &str = "-";

/// All that was asked.
#[derive(Debug)]
pub(super) struct Answers {
    /// where requests are sent to
    pub(super) address: String,
    pub(super) imap: Endpoint,
    pub(super) login: Login,
    pub(super) outbound: Outbound,
    /// who gives out tokens, if anything logs in with one
    pub(super) oauth: Option<Registration>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) archive: Option<String>,
    /// who hears of trouble
    pub(super) admin: Option<String>,
}

/// How replies leave.
#[derive(Debug)]
pub(super) enum Outbound {
    /// by Microsoft Graph, as whoever reads the mailbox
    Graph,
    Smtp {
        server: Endpoint,
        /// `None` if the server asks for none
        login: Option<Login>,
    },
}

impl Answers {
    /// What is secret in them, with the name of the file it goes to.
    pub(super) fn secrets(&self) -> Vec<(&'static str, &str)> {
        let smtp = match &self.outbound {
            Outbound::Smtp { login, .. } => login.as_ref(),
            Outbound::Graph => None,
        };
        let client = self.oauth.as_ref();
        let all = [
            (place::MAILBOX, self.login.password()),
            (place::OUTBOUND, smtp.and_then(Login::password)),
            (place::OAUTH, client.and_then(|it| it.secret.as_deref())),
        ];
        let given = all.map(|(name, secret)| Some((name, secret?)));
        given.into_iter().flatten().collect()
    }
}

/// Asks what the options leave open.
///
/// # Errors
/// [`Class::Usage`] if an answer is missing or cannot be used, [`Class::NoInput`] for a file.
pub(super) fn gather(dialogue: &mut Dialogue, args: &Args) -> Result<Answers, Failure> {
    let ca_file = args.ca_file.as_deref().map(check_ca_file).transpose();
    let ca_file =
        ca_file.map_err(|why| Failure::say(Class::NoInput, format!("--ca-file: {why}")))?;
    let question = Question {
        words: "Adresse, an die Anfragen gehen",
        offer: None,
        may_be_left_open: false,
        option: "--address",
    };
    let address = dialogue.answer(args.address.as_deref(), &question, check_address)?;
    let found = find(dialogue, args, &address)?;
    let (imap, smtp) = choose_servers(dialogue, args, &address, &found)?;
    let tokens_of = logins::choose_proof(dialogue, args, &found, &imap)?;
    let login = logins::ask(dialogue, args, &found.username, tokens_of)?;
    let oauth = tokens_of.map(|provider| {
        let options = &args.oauth;
        oauth::ask(dialogue, options, provider, &login.username, smtp.is_none())
    });
    let oauth = oauth.transpose()?;
    let outbound = match smtp {
        None => Outbound::Graph,
        Some(server) => Outbound::Smtp {
            login: logins::ask_smtp(dialogue, args, &server, &login)?,
            server,
        },
    };
    let admin = ask_admin(dialogue, args, &address)?;
    let archive = ask_archive(dialogue, args.archive.as_deref(), Some(ARCHIVE))?;
    Ok(Answers {
        address,
        imap,
        login,
        outbound,
        oauth,
        ca_file,
        archive,
        admin,
    })
}

/// What is known of the address's servers; asks the network only where it may and the answer matters.
fn find(dialogue: &mut Dialogue, args: &Args, address: &str) -> Result<Found, Failure> {
    let provider = args.oauth.oauth;
    if let Some(found) = provider.and_then(|it| discover::of_tokens(address, it)) {
        return Ok(found);
    }
    let named = args.imap_host.is_some() && args.smtp_host.is_some();
    if args.offline || named {
        return Ok(discover::guess(address));
    }
    dialogue.tell("Ich suche die Server dazu …\n");
    let finder = Finder::of_system(args.ca_file.clone());
    block_on(async { Ok::<_, Failure>(finder.find(address).await) })
}

/// The servers that were found, unless the options or a person say otherwise; no server for sending
/// where that is up to Microsoft Graph.
fn choose_servers(
    dialogue: &mut Dialogue,
    args: &Args,
    address: &str,
    found: &Found,
) -> Result<(Endpoint, Option<Endpoint>), Failure> {
    let mut imap = servers::given(Peer::Imap, &args.imap(), &found.imap)?;
    let mut smtp = servers::given(Peer::Smtp, &args.smtp(), &found.smtp)?;
    let by_graph = args.smtp_host.is_none()
        && args.password_file.is_none()
        && found.oauth == Some(Provider::Microsoft);
    let option = match (&args.imap_host, &args.smtp_host) {
        (Some(_), Some(_)) => return Ok((imap, Some(smtp))),
        // Whoever names the provider knows its servers.
        _ if args.oauth.oauth.is_some_and(|it| found.oauth == Some(it)) => {
            return Ok((imap, (!by_graph).then_some(smtp)));
        }
        (Some(_), None) => "--smtp-host",
        (None, Some(_)) => "--imap-host",
        (None, None) => "--imap-host und --smtp-host",
    };
    dialogue.tell(&format!("\n{}:\n", origin(address, found)));
    dialogue.tell(&servers::shown("Postfach:  IMAP", &imap));
    dialogue.tell(&match by_graph {
        true => "  Antworten: Microsoft Graph\n".to_owned(),
        false => servers::shown("Antworten: SMTP", &smtp),
    });
    if !found.unconfirmed.is_empty() {
        dialogue.tell(&format!(
            "  Nur das DNS nennt {}, und das lässt sich fälschen: kennen Sie den Namen?\n",
            found.unconfirmed.join(" und ")
        ));
    }
    if dialogue.confirm("Stimmt das?", true, option)? {
        return Ok((imap, (!by_graph).then_some(smtp)));
    }
    if args.imap_host.is_none() {
        imap = servers::ask(dialogue, Peer::Imap, &imap)?;
    }
    if args.smtp_host.is_none() {
        smtp = servers::ask(dialogue, Peer::Smtp, &smtp)?;
    }
    Ok((imap, Some(smtp)))
}

/// Where the servers are known from, for a person to judge.
fn origin(address: &str, found: &Found) -> String {
    let domain = address.rsplit('@').next().unwrap_or_default();
    match (found.source, found.provider) {
        (_, Some(provider)) => format!("Gefunden bei {provider}"),
        (Source::Srv, _) => format!("Gefunden im DNS von {domain}"),
        (Source::Autoconfig | Source::Provider, _) => format!("Gefunden bei {domain}"),
        (Source::Probe, _) => format!("Unter den üblichen Namen von {domain} antworten"),
        (Source::Guess, _) => format!("Zu {domain} ist nichts zu finden; üblich wäre"),
    }
}

fn ask_admin(
    dialogue: &mut Dialogue,
    args: &Args,
    address: &str,
) -> Result<Option<String>, Failure> {
    let question = Question {
        words: "Ihre Adresse, für Meldungen über Störungen (leer: keine)",
        offer: None,
        may_be_left_open: false,
        option: "--admin",
    };
    let admin = dialogue.answer(args.admin.as_deref(), &question, |typed| match typed {
        "" => Ok(None),
        typed if policy::is_own_address(typed, address) => Err(
            "das ist die Adresse des Antragsboten selbst; nennen Sie die eines Menschen".to_owned(),
        ),
        typed => check_address(typed).map(Some),
    })?;
    if admin.is_none() {
        say(
            "  Dann steht von Störungen nur etwas im Journal. Nachtragen lässt sie sich unter [admin].\n",
        );
    }
    Ok(admin)
}

/// Asks for the folder that handled mail is moved to.
pub(super) fn ask_archive(
    dialogue: &mut Dialogue,
    given: Option<&str>,
    offer: Option<&str>,
) -> Result<Option<String>, Failure> {
    let question = Question {
        words: "Ordner für erledigte Mails (- für keinen)",
        offer: Some(offer.unwrap_or(NONE)),
        may_be_left_open: true,
        option: "--archive",
    };
    dialogue.answer(given, &question, |typed| match typed {
        "" | NONE => Ok(None),
        typed if typed.eq_ignore_ascii_case("INBOX") => {
            Err("das ist der Posteingang selbst".to_owned())
        }
        typed => check_text(typed).map(Some),
    })
}

/// Asks for the certificate of an authority that this machine does not know; `None` if it is not meant.
pub(super) fn ask_ca_file(dialogue: &mut Dialogue) -> Result<Option<PathBuf>, Failure> {
    let question = Question {
        words: "Datei mit dem Zertifikat dieser Stelle, PEM (leer: ein anderer Server)",
        offer: None,
        may_be_left_open: false,
        option: "--ca-file",
    };
    dialogue.ask(&question, |typed| match typed {
        "" => Ok(None),
        typed => check_ca_file(Path::new(typed)).map(Some),
    })
}

fn check_address(text: &str) -> Result<String, String> {
    config::parse_address(text)
        .ok_or_else(|| "das ist keine Mailadresse wie antrag@example.org".to_owned())
}

/// A line that something stands in.
pub(super) fn check_text(text: &str) -> Result<String, String> {
    match text {
        "" => Err("hier muss etwas stehen".to_owned()),
        text if text.contains(char::is_control) => {
            Err("darin stehen Steuerzeichen, etwa von Pfeiltasten".to_owned())
        }
        text => Ok(text.to_owned()),
    }
}

/// The file, if whoever runs the service can read it, too.
fn check_ca_file(path: &Path) -> Result<PathBuf, String> {
    let shown = path.display();
    let path = path
        .canonicalize()
        .map_err(|error| format!("{shown} kann nicht gelesen werden: {error}"))?;
    if confine::is_root() && !confine::is_open_to_all(&path) {
        return Err(format!(
            "{shown} kann nur root lesen, der Dienst aber nicht; legen Sie eine Kopie neben die Konfiguration"
        ));
    }
    Ok(path)
}
