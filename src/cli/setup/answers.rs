//! What is asked, in its order.

use std::path::{Path, PathBuf};

use super::super::dialogue::{Dialogue, Question, read_secret, say, wrapped};
use super::super::exit::{Class, Failure};
use super::super::flaw::Peer;
use super::super::{block_on, confine};
use super::Args;
use super::oauth::{self, Registration};
use super::{place, servers};
use crate::discover::{self, Endpoint, Finder, Found, Source};
use crate::oauth::Provider;
use crate::tls::Security;
use crate::{config, policy};

/// Where handled mail goes unless somebody wants otherwise.
const ARCHIVE: &str = "Erledigt";
/// What is typed for nothing, where Enter alone takes what is offered.
const NONE: &str = "-";

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

/// A name with what proves it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) username: String,
    pub(super) proof: Proof,
}

/// What proves who logs in.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Proof {
    Password(String),
    Token,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
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

impl Login {
    fn password(&self) -> Option<&str> {
        match &self.proof {
            Proof::Password(password) => Some(password),
            Proof::Token => None,
        }
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
    let tokens_of = choose_proof(dialogue, args, &found, &imap)?;
    let login = ask_login(dialogue, args, &found.username, tokens_of)?;
    let oauth = tokens_of.map(|provider| {
        let options = &args.oauth;
        oauth::ask(dialogue, options, provider, &login.username, smtp.is_none())
    });
    let oauth = oauth.transpose()?;
    let outbound = match smtp {
        None => Outbound::Graph,
        Some(server) => Outbound::Smtp {
            login: ask_smtp_login(dialogue, args, &server, &login)?,
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

/// Whose tokens the bot logs in with; `None` if it has a password.
///
/// # Errors
/// [`Class::Unavailable`] if neither opens the mailbox.
fn choose_proof(
    dialogue: &mut Dialogue,
    args: &Args,
    found: &Found,
    imap: &Endpoint,
) -> Result<Option<Provider>, Failure> {
    let named = args.imap_host.is_some() && args.smtp_host.is_some();
    if args.oauth.oauth.is_some() || named || *imap != found.imap {
        return Ok(args.oauth.oauth);
    }
    if let Some(note) = found.note {
        dialogue.tell(&format!("\n{}\n", wrapped(note)));
    }
    if args.password_file.is_none()
        && let Some(provider) = found.oauth
    {
        let question = Question {
            words: "Anmeldung mit Passwort oder OAuth",
            offer: Some("Passwort"),
            may_be_left_open: true,
            option: "--oauth",
        };
        let with_token = !found.takes_password
            || dialogue.ask(&question, |typed| match &*typed.to_lowercase() {
                "passwort" | "p" => Ok(false),
                "oauth" | "o" => Ok(true),
                _ => Err("die Antwort ist Passwort oder OAuth".to_owned()),
            })?;
        return Ok(with_token.then_some(provider));
    }
    let option = "--imap-host und --smtp-host";
    let goes_on = found.takes_password
        || dialogue.confirm("Trotzdem mit einem Passwort versuchen?", false, option)?;
    goes_on.then_some(None).ok_or_else(|| {
        let message = "mit diesem Postfach geht es nicht; geschrieben wurde nichts";
        Failure::say(Class::Unavailable, message)
    })
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

fn ask_login(
    dialogue: &mut Dialogue,
    args: &Args,
    offer: &str,
    tokens_of: Option<Provider>,
) -> Result<Login, Failure> {
    let given = args.username.as_deref();
    // Tokens are asked for by the mailbox's address.
    let given = given.or(tokens_of.map(|_| offer));
    let username = ask_username(dialogue, given, offer)?;
    let proof = match &args.password_file {
        _ if tokens_of.is_some() => Proof::Token,
        Some(file) => Proof::Password(read_secret(file, "--password-file")?),
        None => Proof::Password(ask_password(dialogue)?),
    };
    Ok(Login { username, proof })
}

/// Asks for name and password of the mailbox again.
pub(super) fn ask_login_again(dialogue: &mut Dialogue, now: &Login) -> Result<Login, Failure> {
    let username = ask_username(dialogue, None, &now.username)?;
    let proof = match now.proof {
        Proof::Password(_) => Proof::Password(ask_password(dialogue)?),
        Proof::Token => Proof::Token,
    };
    Ok(Login { username, proof })
}

/// Asks for name and password at the mail server, where they are other ones.
pub(super) fn ask_smtp_login_again(
    dialogue: &mut Dialogue,
    now: &Login,
) -> Result<Option<Login>, Failure> {
    let question = Question {
        words: "Anmeldename beim SMTP-Server (- für ohne Anmeldung)",
        offer: Some(&now.username),
        may_be_left_open: false,
        option: "--smtp-username",
    };
    let username = dialogue.ask(&question, check_text)?;
    if username == NONE {
        return Ok(None);
    }
    let proof = match now.proof {
        Proof::Password(_) => {
            Proof::Password(dialogue.password("Passwort", "--smtp-password-file")?)
        }
        Proof::Token => Proof::Token,
    };
    Ok(Some(Login { username, proof }))
}

fn ask_password(dialogue: &mut Dialogue) -> Result<String, Failure> {
    dialogue.password("Passwort", "--password-file")
}

fn ask_username(
    dialogue: &mut Dialogue,
    given: Option<&str>,
    offer: &str,
) -> Result<String, Failure> {
    let question = Question {
        words: "Anmeldename",
        offer: Some(offer),
        may_be_left_open: true,
        option: "--username",
    };
    dialogue.answer(given, &question, check_text)
}

/// The login at the mail server: that of the mailbox, unless the options say otherwise.
fn ask_smtp_login(
    dialogue: &mut Dialogue,
    args: &Args,
    smtp: &Endpoint,
    login: &Login,
) -> Result<Option<Login>, Failure> {
    let file = args.smtp_password_file.as_deref();
    let username = match args.smtp_username.as_deref().map(str::trim) {
        Some("") => return Ok(None),
        // A server of this machine that is spoken to in clear knows its own.
        None if smtp.security == Security::None && file.is_none() => {
            if dialogue.has_asked() {
                say(&format!(
                    "  An {} gehen die Antworten ohne Anmeldung.\n",
                    smtp.host
                ));
            }
            return Ok(None);
        }
        Some(username) => check_text(username)
            .map_err(|why| Failure::say(Class::Usage, format!("--smtp-username: {why}")))?,
        None => login.username.clone(),
    };
    let proof = match file {
        Some(file) => Proof::Password(read_secret(file, "--smtp-password-file")?),
        None if username == login.username => login.proof.clone(),
        None => {
            let words = format!("Passwort von {username}");
            Proof::Password(dialogue.password(&words, "--smtp-password-file")?)
        }
    };
    Ok(Some(Login { username, proof }))
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
