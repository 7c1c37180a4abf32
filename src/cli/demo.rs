//! `demo`: the same daemon on a pair of Maildirs under `./antragsbote-demo`, with sample
//! requests put in.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the demo makes folders and files, and shows a table"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::block_on;
use super::exit::{Class, Failure};
use crate::clock;
use crate::config::{self, Config, Loaded};
use crate::log::{Log, Row};
use crate::mail;
use crate::request::State;
use crate::service::Service;

/// Where the demo lives.
const FOLDER: &str = "antragsbote-demo";

const CONFIG: &str = r#"# Die Einstellungen der Vorführung: zwei Ordner statt eines Postfachs.
[bot]
address = "antrag@example.org"
name = "Antragsbote"

[mailbox]
kind = "maildir"
path = "eingang"

[outbound]
kind = "maildir"
path = "ausgang"

[log]
url = "sqlite:log.db"

[policy]
replies_per_sender_per_hour = 1000
"#;

/// The sample requests: a plain one, one from Outlook in HTML, an ambiguous one.
const SAMPLES: [(&str, &str); 3] = [
    ("einfach", include_str!("demo/einfach.eml")),
    ("outlook", include_str!("demo/outlook.eml")),
    ("mehrdeutig", include_str!("demo/mehrdeutig.eml")),
];

/// How often the log is asked for news: soon enough for a person who watches.
const LOOK: Duration = Duration::from_millis(200);
/// Three mails take well under a second; a machine under load gets its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `demo` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Endet nach den Beispielanfragen
    #[arg(long)]
    once: bool,
}

/// Runs the daemon on the samples; goes on watching unless told to end.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let folder = PathBuf::from(FOLDER);
    let file = prepare(&folder).map_err(|error| {
        let error =
            anyhow::Error::new(error).context(format!("{FOLDER} kann nicht angelegt werden"));
        Failure::new(Class::CantCreate, error)
    })?;
    let config = Config::load(&file)?;
    let loaded = config::load_knowledge(&config, None)?;
    block_on(watch(config, loaded, &folder, args.once))
}

async fn watch(config: Config, loaded: Loaded, folder: &Path, once: bool) -> anyhow::Result<()> {
    let log = Log::open(&config.log).await?;
    let mut shown: BTreeSet<String> = ids(&log).await?;
    let mut service = Service::start(config, loaded, log.clone()).await?;
    put_samples(folder)?;
    println!("Der Antragsbote läuft. Drei Beispielanfragen liegen im Eingang.\n");
    let samples = show(&log, folder, &mut shown, SAMPLES.len());
    tokio::time::timeout(PATIENCE, samples)
        .await
        .context("die Beispielanfragen wurden nicht binnen einer Minute beantwortet")??;
    if !once {
        invite(folder);
        tokio::select! {
            stopped = tokio::signal::ctrl_c() => stopped?,
            error = service.failure() => return Err(error),
            shown = show(&log, folder, &mut shown, usize::MAX) => shown?,
        }
    }
    service.stop().await
}

/// Makes the folder and its configuration; an earlier demo's requests stay.
fn prepare(folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder.join("dokumente"))?;
    for maildir in ["eingang", "ausgang"] {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(folder.join(maildir).join(part))?;
        }
    }
    let file = folder.join("antragsbote.toml");
    fs::write(&file, CONFIG)?;
    Ok(file)
}

/// Drops the samples in as a mail server does: into `tmp`, then over to `new`.
fn put_samples(folder: &Path) -> anyhow::Result<()> {
    let id = clock::request_id();
    let date = clock::now()
        .strftime("%a, %d %b %Y %H:%M:%S +0000")
        .to_string();
    for (name, sample) in SAMPLES {
        let mail = sample.replace("{id}", id.as_str()).replace("{date}", &date);
        let file = format!("{}.{name}", id.as_str());
        let inbox = folder.join("eingang");
        fs::write(inbox.join("tmp").join(&file), mail)?;
        fs::rename(inbox.join("tmp").join(&file), inbox.join("new").join(&file))?;
    }
    Ok(())
}

async fn ids(log: &Log) -> anyhow::Result<BTreeSet<String>> {
    Ok(log.list(ALL).await?.into_iter().map(|row| row.id).collect())
}

/// More requests than anybody puts into a demo.
const ALL: u32 = 1000;

/// Shows requests as they end, until `count` have been shown.
async fn show(
    log: &Log,
    folder: &Path,
    shown: &mut BTreeSet<String>,
    count: usize,
) -> anyhow::Result<()> {
    let mut done = 0;
    while done < count {
        progress(done, count);
        let mut rows = log.list(ALL).await?;
        rows.retain(|row| {
            matches!(row.state, State::Answered | State::Ignored | State::Failed)
                && !shown.contains(&row.id)
        });
        for row in rows.iter().rev() {
            print_row(row, &save_documents(folder, row)?);
            shown.insert(row.id.clone());
            done += 1;
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// A line that is overwritten, where somebody watches.
fn progress(done: usize, count: usize) {
    let mut err = io::stderr();
    if err.is_terminal() && count != usize::MAX {
        // A terminal that has gone needs no progress.
        let _ = write!(err, "\r{done} von {count} beantwortet …\r");
        let _ = err.flush();
    }
}

fn print_row(row: &Row, documents: &[PathBuf]) {
    let from = row.from.as_deref().unwrap_or("(ohne Absender)");
    let result = match (row.decision.as_deref(), row.state) {
        (_, State::Failed) => "gescheitert",
        (Some("document"), _) => "beantwortet mit",
        (Some("question"), _) => "Rückfrage gestellt",
        (Some("refuse"), _) => "abgelehnt",
        _ => "nicht beantwortet",
    };
    println!("{from:<22} {result}");
    for document in documents {
        println!("{:<22}   {}", "", document.display());
    }
}

/// Lays the documents of a sent reply where they can be opened; names the reply where there is none.
fn save_documents(folder: &Path, row: &Row) -> anyhow::Result<Vec<PathBuf>> {
    let Some(reply_id) = &row.reply_message_id else {
        return Ok(Vec::new());
    };
    let Some((reply, raw)) = find_reply(folder, reply_id)? else {
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for attachment in mail::attachments(&raw) {
        let path = folder.join("dokumente").join(attachment.name);
        fs::write(&path, attachment.bytes)?;
        paths.push(path);
    }
    if paths.is_empty() {
        paths.push(reply);
    }
    Ok(paths)
}

/// The sent mail with this Message-ID.
fn find_reply(folder: &Path, message_id: &str) -> anyhow::Result<Option<(PathBuf, Vec<u8>)>> {
    for entry in fs::read_dir(folder.join("ausgang").join("new"))? {
        let path = entry?.path();
        let raw = fs::read(&path)?;
        if mail::parse(&raw)
            .message_id
            .is_some_and(|id| id.as_str() == message_id)
        {
            return Ok(Some((path, raw)));
        }
    }
    Ok(None)
}

fn invite(folder: &Path) {
    let inbox = folder.join("eingang").join("new");
    println!(
        "\nJetzt Sie: Schreiben Sie eine Anfrage, der Antragsbote schaut weiter zu.\n\n  \
         printf 'From: ich@example.net\\nSubject: Musterantrag\\n\\n\
         Bitte den Musterantrag für die Stadt Hanau, Ausländerbeirat.\\n' > {}/meine\n\n\
         Die Antworten liegen in {}, die Dokumente in {}.\n\
         Mit Strg+C beenden Sie die Vorführung.\n",
        inbox.display(),
        folder.join("ausgang").join("new").display(),
        folder.join("dokumente").display(),
    );
}
