//! The way out: what the service needs of it, line by line. Nothing is sent.

use super::finding::Finding;
use super::record::size;
use super::rights::{self, Use};
use super::{oauth, validity};
use crate::cli::exit::Class;
use crate::cli::flaw::{Flaw, Peer};
use crate::cli::remedy;
use crate::config::Config;
use crate::outbound::{self, Error, GraphConfig, LARGEST_BY_GRAPH, SmtpConfig, Step, Survey};
use crate::policy;

const OUTBOUND: &str = "Mailserver";
const SENDER: &str = "Mailserver, Absender";
const SIZE: &str = "Mailserver, Größe";

/// The largest reply in bytes: base 64 in lines of 76 characters makes four of three.
fn largest(documents: usize) -> u64 {
    (documents / 3 * 4 / 76 * 78 + policy::REST_OF_REPLY) as u64
}

/// Logs in and asks whether replies would be taken.
pub(super) async fn look(config: &Config) -> Vec<Finding> {
    match &config.outbound {
        outbound::Config::Smtp(smtp) => {
            let sender = &config.bot.email;
            match Box::pin(outbound::survey(smtp, sender)).await {
                Ok(survey) => of_smtp(smtp, sender, &survey, config.policy.documents_in_reply),
                Err(error) => vec![unusable(&error)],
            }
        }
        outbound::Config::Graph(graph) => match Box::pin(outbound::ask_graph(graph)).await {
            Ok(()) => of_graph(graph),
            Err(error) => vec![unusable(&error)],
        },
        outbound::Config::Sendmail(program) => vec![sendmail(program)],
        outbound::Config::Maildir(path) => vec![rights::maildir(OUTBOUND, path)],
        outbound::Config::Memory(_) => Vec::new(),
    }
}

fn unusable(error: &Error) -> Finding {
    if let Error::Token(_) = error {
        return oauth::missing(OUTBOUND);
    }
    let (message, remedy) = remedy::of_outbound(error);
    let finding = Finding::wrong(OUTBOUND, Class::Unavailable, message, remedy);
    finding.blaming(Flaw::of_outbound(error))
}

fn sendmail(program: &std::path::Path) -> Finding {
    match rights::obstacle(program, Use::Run) {
        None if program.is_file() => Finding::sound(OUTBOUND, program.display().to_string()),
        None => Finding::wrong(
            OUTBOUND,
            Class::Unavailable,
            format!("{} ist kein Programm", program.display()),
            "nennen Sie unter path den vollen Pfad von sendmail",
        ),
        Some((message, _)) => Finding::wrong(
            OUTBOUND,
            Class::Unavailable,
            message,
            "nennen Sie unter path den vollen Pfad von sendmail; gibt es keines, installieren Sie einen Mailserver wie postfix",
        ),
    }
}

fn of_smtp(config: &SmtpConfig, own: &str, survey: &Survey, documents: usize) -> Vec<Finding> {
    let login = match &config.username {
        Some(username) => format!("angemeldet an {} als {username}", config.host),
        None => format!("{} nimmt Mails ohne Anmeldung an", config.host),
    };
    let mut findings = vec![Finding::sound(OUTBOUND, login)];
    findings.extend(validity::look("Mailserver, TLS", survey.certificate_end));
    findings.push(sender(own, &survey.sender));
    findings.push(limit(survey.size_limit, largest(documents)));
    findings
}

/// That it takes mail shows only with the first: nothing is sent here.
fn of_graph(config: &GraphConfig) -> Vec<Finding> {
    let mailbox = config.mailbox.as_deref();
    let mailbox = mailbox.unwrap_or("das Postfach dessen, der sich angemeldet hat");
    vec![
        Finding::sound(
            OUTBOUND,
            format!(
                "{} nimmt das Token an und antwortet für {mailbox}",
                config.url
            ),
        ),
        Finding::sound(
            SIZE,
            format!(
                "Mails bis {}, das sind gut 150 Anträge auf einmal",
                size(LARGEST_BY_GRAPH as u64)
            ),
        ),
    ]
}

fn sender(own: &str, taken: &Result<(), Error>) -> Finding {
    let error = match taken {
        Ok(()) => return Finding::sound(SENDER, format!("{own} wird angenommen")),
        Err(error) => error,
    };
    let Error::Refused {
        step,
        code,
        enhanced,
        reply,
    } = error
    else {
        let (message, remedy) = remedy::of_outbound(error);
        return Finding::wrong(SENDER, Class::Unavailable, message, remedy);
    };
    let class = enhanced.as_deref().unwrap_or_default();
    // RFC 3463 3.2, 3.3: the recipient's address or mailbox; 1.7 and 1.8 are the sender's.
    let is_recipient = *step == Step::Rcpt
        && [
            "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.2.2",
        ]
        .contains(&class);
    if *code < 500 {
        return Finding::warning(
            SENDER,
            format!("der Server nimmt von {own} gerade nichts an: {code} {reply}"),
            "der Dienst versucht es immer wieder; rufen Sie in ein paar Minuten noch einmal check auf",
        );
    }
    if is_recipient {
        return Finding::warning(
            SENDER,
            format!(
                "der Server nimmt an {own} keine Mails an; ob er welche davon annimmt, bleibt offen: {code} {reply}"
            ),
            "ist das Postfach eingerichtet, und stimmt bot.address?",
        );
    }
    Finding::wrong(
        SENDER,
        Class::Unavailable,
        format!("der Server nimmt von {own} keine Mails an: {code} {reply}"),
        "bot.address muss zur Anmeldung gehören: ändern Sie username oder bot.address, oder lassen Sie die Betreiber des Servers diesen Absender erlauben",
    )
    .blaming(Some(Flaw::Login(Peer::Smtp)))
}

fn limit(told: Option<u64>, largest: u64) -> Finding {
    match told {
        None => Finding::sound(SIZE, "der Server nennt keine Grenze"),
        Some(limit) if limit >= largest => {
            Finding::sound(SIZE, format!("Mails bis {}", size(limit)))
        }
        Some(limit) => Finding::warning(
            SIZE,
            format!(
                "der Server nimmt Mails nur bis {}; eine Antwort mit sehr vielen Anträgen hat bis zu {}",
                size(limit),
                size(largest)
            ),
            "für einzelne Anträge genügt das meist; sonst bitten Sie die Betreiber des Servers um eine höhere Grenze",
        ),
    }
}
