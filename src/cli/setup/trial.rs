//! Tries the answers on the servers, and asks anew for what they do not take, and for nothing else.

use super::super::block_on;
use super::super::check::{self, Finding};
use super::super::exit::{Class, Failure};
use super::super::flaw::{Flaw, Peer};
use super::answers::{self, Answers};
use super::super::dialogue::{Dialogue, say};
use super::place::Place;
use super::{compose, servers};

/// How often an answer can be corrected: servers lock out whoever tries more passwords.
const CORRECTIONS: usize = 2;

/// Tries until everything works.
///
/// # Errors
/// [`Class::Unavailable`] if it does not, and whoever answers has no better answer.
pub(super) fn until_sound(
    dialogue: &mut Dialogue,
    answers: &mut Answers,
    place: &Place,
) -> Result<(), Failure> {
    for correction in 0..=CORRECTIONS {
        let config = compose::checked(&compose::text(answers, place), answers, place)?;
        say("\nIch probiere die Angaben aus …\n");
        let mut findings = block_on(async { Ok::<_, Failure>(check::peers(&config).await) })?;
        findings.retain(|finding| !finding.is_well());
        say(&check::as_lines(&findings));
        findings.retain(|finding| !finding.is_sound());
        let flaws: Vec<_> = findings.iter().map(Finding::flaw).collect();
        if flaws.is_empty() {
            say("✓ Postfach und Mailserver nehmen sie an.\n");
            return Ok(());
        }
        let again = correction < CORRECTIONS && dialogue.has_asked();
        if !again || correct(dialogue, answers, &flaws).is_err() {
            break;
        }
    }
    Err(failed())
}

/// Asks anew for what is wrong.
fn correct(
    dialogue: &mut Dialogue,
    answers: &mut Answers,
    flaws: &[Option<Flaw>],
) -> Result<(), Failure> {
    let has = |flaw| flaws.contains(&Some(flaw));
    say("\n");
    if flaws.iter().all(Option::is_none) {
        let again = dialogue.confirm("Noch einmal probieren?", true, "--offline")?;
        return again.then_some(()).ok_or_else(failed);
    }
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
    if smtp {
        answers.smtp = servers::ask(dialogue, Peer::Smtp, &answers.smtp)?;
    }
    if has(Flaw::Login(Peer::Imap)) {
        let is_shared = answers.smtp_login.as_ref() == Some(&answers.login);
        answers.login = answers::ask_login_again(dialogue, answers)?;
        if is_shared {
            answers.smtp_login = Some(answers.login.clone());
        }
    } else if has(Flaw::Login(Peer::Smtp)) {
        answers.smtp_login = answers::ask_smtp_login_again(dialogue, answers)?;
    }
    if has(Flaw::Folder) {
        answers.archive = answers::ask_archive(dialogue, None, answers.archive.as_deref())?;
    }
    Ok(())
}

fn failed() -> Failure {
    Failure::say(
        Class::Unavailable,
        "so gelingt es nicht; geschrieben wurde nichts",
    )
    .hint("beheben Sie, was oben steht, und rufen Sie setup noch einmal auf; mit --offline schreibt es ohne Probe")
}
