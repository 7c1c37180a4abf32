//! `login`: a person signs in for the bot, once, as `[oauth]` says.

use std::path::PathBuf;
use std::time::Duration;

use super::check::{self, Finding};
use super::dialogue::{Dialogue, Question, read_secret, say};
use super::exit::{Class, Failure};
use super::{Settings, block_on, print, remedy};
use crate::config::Config;
use crate::oauth::{Browse, Device, Error, Grant, Tokens};
use crate::{mailbox, outbound};

/// What the findings about a sign-in are called.
const SUBJECT: &str = "Anmeldung";

/// What `login` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Datei, in deren erster Zeile ein Refresh-Token steht, das anderswo ausgestellt wurde; - ist die Standardeingabe
    #[arg(long, value_name = "DATEI")]
    refresh_token_file: Option<PathBuf>,
}

/// Signs in, then logs in everywhere with what that brings.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let config = settings.config()?;
    let Some(tokens) = &config.oauth else {
        let message = "in der Konfiguration fehlt der Abschnitt [oauth]";
        return Err(Failure::say(Class::Config, message)
            .hint("mit einem Passwort ist keine Anmeldung nötig; mit OAuth 2.0 schreibt ihn `antragsbote setup`"));
    };
    let brought = args.refresh_token_file.as_deref();
    let finding = match (tokens.config().grant, brought) {
        (Grant::ClientCredentials, None) => {
            print(
                "Mit grant = \"client_credentials\" meldet sich niemand an: Der Bote weist sich mit seinem Geheimnis aus.\n",
            )?;
            None
        }
        (Grant::ClientCredentials, Some(_)) => {
            let message = "mit grant = \"client_credentials\" gibt es kein Refresh-Token";
            return Err(Failure::say(Class::Usage, message)
                .hint("lassen Sie --refresh-token-file weg, oder ändern Sie [oauth] grant"));
        }
        (_, Some(file)) => {
            let token = read_secret(file, "--refresh-token-file")?;
            let brought = block_on(async { Ok::<_, Failure>(tokens.bring(&token).await) })?;
            Some(of_sign_in(brought))
        }
        (_, None) => Some(sign_in(
            &mut Dialogue::new(String::new()),
            tokens,
            account(&config),
        )?),
    };
    let signed_in = finding.is_some();
    told(settings, finding.into_iter().collect())?;
    let peers = block_on(async { Ok::<_, Failure>(check::peers(&config).await) })?;
    told(settings, peers)?;
    match signed_in {
        true => {
            print("Ein laufender Dienst nimmt das von selbst auf, spätestens nach zehn Minuten.\n")
        }
        false => Ok(()),
    }
}

/// Prints them, and fails with the first that is wrong.
fn told(settings: &Settings, findings: Vec<Finding>) -> Result<(), Failure> {
    print(settings.adapt(&check::as_lines(&findings)))?;
    let failed = findings.iter().find_map(Finding::failed);
    failed.map_or(Ok(()), |class| {
        Err(Failure::say(class, "so gelingt es noch nicht"))
    })
}

/// The name that the bot logs in with: whoever signs in does so as this one.
pub(super) fn account(config: &Config) -> &str {
    let imap = match &config.mailbox {
        mailbox::Config::Imap(imap) => Some(imap.username.as_str()),
        _ => None,
    };
    let smtp = match &config.outbound {
        outbound::Config::Smtp(smtp) => smtp.username.as_deref(),
        _ => None,
    };
    imap.or(smtp).unwrap_or(&config.bot.email)
}

/// Has a person sign in, in a browser on whatever machine; what that brings is in the store then.
///
/// # Errors
/// [`Class::Usage`] if she breaks off. That it is refused is a finding.
pub(super) fn sign_in(
    dialogue: &mut Dialogue,
    tokens: &Tokens,
    account: &str,
) -> Result<Finding, Failure> {
    let signed_in = match tokens.config().grant {
        Grant::ClientCredentials => Ok(()),
        Grant::DeviceCode => block_on(async { Ok::<_, Failure>(by_code(tokens, account).await) })?,
        Grant::AuthorizationCode => match tokens.browse() {
            Ok(browse) => in_browser(dialogue, &browse, account)?,
            Err(error) => Err(error),
        },
    };
    Ok(of_sign_in(signed_in))
}

async fn by_code(tokens: &Tokens, account: &str) -> Result<(), Error> {
    let device = tokens.device().await?;
    say(&code_shown(&device, account));
    device.wait().await
}

fn code_shown(device: &Device, account: &str) -> String {
    let minutes = device.expires_in.max(Duration::from_mins(1)).as_secs() / 60;
    let Device {
        verification_uri,
        user_code,
        ..
    } = device;
    format!(
        "\nÖffnen Sie in einem Browser, auf irgendeinem Gerät:\n\n  {verification_uri}\n\n\
         Geben Sie dort diesen Code ein:\n\n  {user_code}\n\n\
         und melden Sie sich als {account} an; fragt ein Fenster, ob der Zugriff erlaubt\n\
         ist, stimmen Sie zu. Der Code gilt {minutes} Minuten. Ich warte …\n"
    )
}

fn in_browser(
    dialogue: &mut Dialogue,
    browse: &Browse,
    account: &str,
) -> Result<Result<(), Error>, Failure> {
    dialogue.tell(&format!(
        "\nÖffnen Sie in einem Browser, auf irgendeinem Gerät:\n\n  {}\n\n\
         Melden Sie sich dort als {account} an, und stimmen Sie zu. Zuletzt landet der\n\
         Browser bei einer Adresse, die mit http://localhost beginnt, und kann sie nicht\n\
         anzeigen: das ist richtig so. Kopieren Sie diese Adresse hierher.\n\n",
        browse.address
    ));
    let question = Question {
        words: "Adresse, bei der der Browser gelandet ist",
        offer: None,
        may_be_left_open: false,
        option: "--refresh-token-file",
    };
    dialogue.ask(&question, |pasted| {
        let landed = block_on(async { Ok::<_, Failure>(browse.landed(pasted).await) });
        match landed.map_err(|failure| failure.error.to_string())? {
            // Another address may be the right one.
            Err(error @ (Error::NotLanded | Error::OtherSignIn)) => {
                let (words, remedy) = remedy::of_oauth(&error);
                Err(format!("{words}; {remedy}"))
            }
            landed => Ok(landed),
        }
    })
}

fn of_sign_in(signed_in: Result<(), Error>) -> Finding {
    match signed_in {
        Ok(()) => Finding::sound(SUBJECT, "gelungen"),
        Err(error) => check::refused(SUBJECT, &error),
    }
}
