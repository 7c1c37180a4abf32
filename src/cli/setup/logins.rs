//! Logins: whose tokens or which password, at the mailbox and at the mail server.

use super::super::dialogue::{Dialogue, Question, read_secret, say, wrapped};
use super::super::exit::{Class, Failure};
use super::Args;
use super::answers::{NONE, check_text};
use crate::discover::{Endpoint, Found};
use crate::oauth::Provider;
use crate::tls::Security;

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

impl Login {
    pub(super) fn password(&self) -> Option<&str> {
        match &self.proof {
            Proof::Password(password) => Some(password),
            Proof::Token => None,
        }
    }
}

/// Whose tokens the bot logs in with; `None` if it has a password.
///
/// # Errors
/// [`Class::Unavailable`] if neither opens the mailbox.
pub(super) fn choose_proof(
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

/// Asks for the login of the mailbox: by a token where there is one, else by a password.
pub(super) fn ask(
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

/// The login at the mail server: that of the mailbox, unless the options say otherwise.
pub(super) fn ask_smtp(
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

/// Asks for name and password of the mailbox again.
pub(super) fn ask_again(dialogue: &mut Dialogue, now: &Login) -> Result<Login, Failure> {
    let username = ask_username(dialogue, None, &now.username)?;
    let proof = match now.proof {
        Proof::Password(_) => Proof::Password(ask_password(dialogue)?),
        Proof::Token => Proof::Token,
    };
    Ok(Login { username, proof })
}

/// Asks for name and password at the mail server, where they are other ones.
pub(super) fn ask_smtp_again(
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
