//! `answer`: one mail in, the reply out; no log, no network.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use super::exit::{Class, Failure};
use super::{Settings, print, template, unreadable};
use crate::answer::{Circumstances, Error, answer};
use crate::config::{self, Config};
use crate::kommune::Register;
use crate::{clock, mail, policy};

/// What `answer` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Druckt statt der Antwort ein JSON-Objekt: was entschieden wurde und warum
    #[arg(long)]
    explain: bool,
    /// Die Mail; ohne Angabe oder mit "-" die Standardeingabe
    #[arg(value_name = "DATEI")]
    file: Option<PathBuf>,
}

/// Answers one mail.
pub(super) fn run(settings: &Settings, args: &Args) -> Result<(), Failure> {
    let config = settings.config_or_default()?;
    let (raw, size) = read_mail(args.file.as_deref(), config.policy.max_message_size)?;
    let knowledge = config::load_knowledge(&config, None)?.knowledge;
    let recent = policy::Recent {
        size,
        ..policy::Recent::default()
    };
    let (now, request) = (clock::now(), clock::request_id());
    let circumstances = Circumstances::new(now, request, &knowledge.bot, recent, None);
    let answer = answer(&mail::parse(&raw), &knowledge, &circumstances);
    let answer = answer.map_err(|error| failure(error, &config, knowledge.register))?;
    let explained = answer.explain(knowledge.register);
    if args.explain {
        return print(format!("{explained:#}\n"));
    }
    match &answer.reply {
        Some(reply) => print(&reply.bytes),
        None => {
            let reason = explained.get("reason").and_then(|reason| reason.as_str());
            let _ = writeln!(
                io::stderr(),
                "keine Antwort: {}",
                reason.unwrap_or("kein Grund")
            );
            Ok(())
        }
    }
}

/// Why a mail cannot be answered: of a motion that is not sound, all its faults.
fn failure(error: Error, config: &Config, register: &Register) -> Failure {
    let faults = match &error {
        Error::Unsound { template } => template::motion(config, register, template.as_str()).err(),
        _ => None,
    };
    faults.unwrap_or_else(|| {
        let hint = error.hint();
        Failure::new(Class::Data, error).hint(hint)
    })
}

/// The mail, cut off behind `limit` bytes, and its true size as far as that is known.
fn read_mail(file: Option<&Path>, limit: u64) -> Result<(Vec<u8>, u64), Failure> {
    let mut raw = Vec::new();
    let path = file.filter(|path| *path != Path::new("-"));
    let known = if let Some(path) = path {
        let read = File::open(path).and_then(|file| {
            let size = file.metadata()?.len();
            file.take(limit.saturating_add(1)).read_to_end(&mut raw)?;
            Ok(size)
        });
        read.map_err(|error| unreadable(path, error))?
    } else {
        let mut input = io::stdin().lock().take(limit.saturating_add(1));
        input
            .read_to_end(&mut raw)
            .map_err(|error| unreadable(Path::new("-"), error))?;
        0
    };
    let size = known.max(u64::try_from(raw.len()).unwrap_or(u64::MAX));
    Ok((raw, size))
}
