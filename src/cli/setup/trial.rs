//! Tries the answers on the servers, and asks anew for what they do not take, and for nothing else.

use super::super::check::{self, Finding};
use super::super::dialogue::{Dialogue, say};
use super::super::exit::{Class, Failure};
use super::super::flaw::{Flaw, Peer};
use super::super::{block_on, login};
use super::answers::{self, Answers, Outbound};
use super::interim::Interim;
use super::logins::{self, Proof};
use super::place::Place;
use super::{compose, oauth, servers};
use crate::config::Config;

/// How often an answer can be corrected: servers lock out whoever tries more passwords.
const CORRECTIONS: usize = 2;
/// How often with tokens: Exchange takes up to two hours to let an app in, and locks nobody out.
const WITH_TOKENS: usize = 20;

/// Tries until everything works; returns whether it does, or else is to be written all the same.
///
/// # Errors
/// [`Class::Unavailable`] if it does not, and whoever answers has no better answer.
pub(super) fn until_sound(
    dialogue: &mut Dialogue,
    answers: &mut Answers,
    place: &Place,
    interim: Option<&Interim>,
) -> Result<bool, Failure> {
    let corrections = interim.map_or(CORRECTIONS, |_| WITH_TOKENS);
    for correction in 0..=corrections {
        let mut config = compose::checked(&compose::text(answers, place), answers, place)?;
        if let Some(interim) = interim {
            config.keep_tokens_in(&interim.file());
        }
        let mut findings = attempt(dialogue, &config)?;
        findings.retain(|finding| !finding.is_well());
        say(&check::as_lines(&findings));
        findings.retain(|finding| !finding.is_sound());
        let flaws: Vec<_> = findings.iter().map(Finding::flaw).collect();
        if flaws.is_empty() {
            say("✓ Postfach und Mailserver nehmen sie an.\n");
            return Ok(true);
        }
        let again = correction < corrections && dialogue.has_asked();
        let is_first = correction == 0;
        if !again || correct(dialogue, answers, interim, &flaws, is_first).is_err() {
            break;
        }
    }
    // A secret that its provider shows only once is typed only once.
    let words = "Trotzdem schreiben, und später prüfen?";
    let is_wanted = interim.is_some()
        && dialogue.has_asked()
        && dialogue.confirm(words, false, "--offline").unwrap_or(false);
    is_wanted.then_some(false).ok_or_else(failed)
}

/// Has somebody sign in where that is needed, then logs in everywhere.
fn attempt(dialogue: &mut Dialogue, config: &Config) -> Result<Vec<Finding>, Failure> {
    if let Some(tokens) = &config.oauth
        && !block_on(async { Ok::<_, Failure>(tokens.is_signed_in().await) })?.unwrap_or(false)
    {
        let finding = login::sign_in(dialogue, tokens, login::account(config))?;
        if !finding.is_sound() {
            return Ok(vec![finding]);
        }
    }
    say("\nIch probiere die Angaben aus …\n");
    block_on(async { Ok::<_, Failure>(check::peers(config).await) })
}

/// Asks anew for what is wrong.
fn correct(
    dialogue: &mut Dialogue,
    answers: &mut Answers,
    interim: Option<&Interim>,
    flaws: &[Option<Flaw>],
    is_first: bool,
) -> Result<(), Failure> {
    let has = |flaw| flaws.contains(&Some(flaw));
    say("\n");
    if flaws.iter().all(Option::is_none) {
        return again(dialogue);
    }
    if let Some(client) = &mut answers.oauth {
        // Some refuse the secret where it is the client that they do not know (RFC 6749 section 5.2).
        if has(Flaw::Client) || has(Flaw::Secret) && !is_first {
            *client = oauth::ask_client_again(dialogue, client)?;
        }
        if has(Flaw::Secret) {
            *client = oauth::ask_secret_again(dialogue, client)?;
        }
        if has(Flaw::SignIn) {
            again(dialogue)?;
        }
        // What was given to another client, or is refused, is worth nothing.
        if [Flaw::Client, Flaw::Secret, Flaw::SignIn]
            .into_iter()
            .any(has)
            && let Some(interim) = interim
        {
            interim.clear();
        }
    }
    correct_servers(dialogue, answers, &has)?;
    correct_logins(dialogue, answers, &has)?;
    if has(Flaw::Folder) {
        answers.archive = answers::ask_archive(dialogue, None, answers.archive.as_deref())?;
    }
    Ok(())
}

fn correct_servers(
    dialogue: &mut Dialogue,
    answers: &mut Answers,
    has: &impl Fn(Flaw) -> bool,
) -> Result<(), Failure> {
    let mut wrong = [Peer::Imap, Peer::Smtp].map(|peer| has(Flaw::Server(peer)));
    let unknown = [Peer::Imap, Peer::Smtp].map(|peer| has(Flaw::Authority(peer)));
    if unknown.contains(&true) {
        match answers::ask_ca_file(dialogue)? {
            Some(file) => answers.ca_file = Some(file),
            None => wrong = [wrong[0] || unknown[0], wrong[1] || unknown[1]],
        }
    }
    let [imap, smtp] = wrong;
    if imap {
        answers.imap = servers::ask(dialogue, Peer::Imap, &answers.imap)?;
    }
    if smtp && let Outbound::Smtp { server, .. } = &mut answers.outbound {
        *server = servers::ask(dialogue, Peer::Smtp, server)?;
    }
    Ok(())
}

fn correct_logins(
    dialogue: &mut Dialogue,
    answers: &mut Answers,
    has: &impl Fn(Flaw) -> bool,
) -> Result<(), Failure> {
    let smtp = match &mut answers.outbound {
        Outbound::Smtp { login, .. } => Some(login),
        Outbound::Graph => None,
    };
    let flawed = [Flaw::Login(Peer::Imap), Flaw::Login(Peer::Smtp)];
    if answers.login.proof == Proof::Token && flawed.into_iter().any(has) {
        // Mostly it is not the name, and a right takes its time.
        again(dialogue)?;
    }
    if has(Flaw::Login(Peer::Imap)) {
        let new = logins::ask_again(dialogue, &answers.login)?;
        let old = std::mem::replace(&mut answers.login, new.clone());
        if let Some(login) = smtp
            && *login == Some(old)
        {
            *login = Some(new);
        }
    } else if has(Flaw::Login(Peer::Smtp))
        && let Some(login) = smtp
    {
        let now = login.as_ref().unwrap_or(&answers.login);
        *login = logins::ask_smtp_again(dialogue, now)?;
    }
    Ok(())
}

fn again(dialogue: &mut Dialogue) -> Result<(), Failure> {
    let again = dialogue.confirm("Noch einmal probieren?", true, "--offline")?;
    again.then_some(()).ok_or_else(failed)
}

fn failed() -> Failure {
    Failure::say(
        Class::Unavailable,
        "so gelingt es nicht; geschrieben wurde nichts",
    )
    .hint("beheben Sie, was oben steht, und rufen Sie setup noch einmal auf; mit --offline schreibt es ohne Probe")
}
