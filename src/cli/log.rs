//! `log`: what became of the requests.

use std::io::{self, BufWriter, Write as _};
use std::time::Duration;

use super::exit::{Class, Failure};
use super::{Settings, block_on, columns, print, remedy};
use crate::clock;
use crate::config::parse_duration;
use crate::german::zeitpunkt;
use crate::log::{History, Log, Row, Stats};
use crate::mailbox::{self, Mailbox};
use crate::request::{RequestId, State};

/// How many requests `list` shows.
const LIST: u32 = 50;

/// What is asked of the log.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Die letzten Anfragen, die neueste zuerst
    List,
    /// Alles über eine Anfrage
    Show {
        /// Ihr Aktenzeichen
        #[arg(value_parser = request_id)]
        id: RequestId,
    },
    /// Zahlen über alle Anfragen
    Stats,
    /// Alle Anfragen, die älteste zuerst, auf die Standardausgabe
    Export {
        /// Ein JSON-Objekt je Zeile, oder eine Tabelle
        #[arg(long, value_enum, default_value = "jsonl", value_name = "FORMAT")]
        format: Format,
        /// Nur was über diese Adresse bekannt ist, das aber ganz (Art. 15 DSGVO); nur als jsonl
        #[arg(long, value_name = "ADRESSE")]
        sender: Option<String>,
    },
    /// Versucht eine gescheiterte oder wartende Anfrage noch einmal
    Retry {
        /// Ihr Aktenzeichen
        #[arg(value_parser = request_id)]
        id: RequestId,
    },
    /// Entfernt, was über eine Adresse bekannt ist; die Zahlen bleiben
    Forget {
        /// Die Adresse
        #[arg(value_name = "ADRESSE")]
        address: String,
    },
    /// Entfernt personenbezogene Daten abgeschlossener Anfragen; die Zahlen bleiben
    Purge {
        /// Alles, was älter ist: 90d, 12h
        #[arg(long, value_name = "DAUER", value_parser = duration)]
        older_than: Duration,
    },
}

/// How `export` writes.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Format {
    /// JSON lines
    Jsonl,
    /// RFC 4180, with a header row; the documents of a request as JSON in one cell
    Csv,
}

/// Asks the log, or has it changed.
pub(super) fn run(settings: &Settings, command: &Command) -> Result<(), Failure> {
    let whole = settings.config()?;
    let config = &whole.log;
    // Who merely asks must not make a log, least of all as root.
    if !config.path.exists() {
        let message = format!("es gibt noch kein Protokoll {}", config.path.display());
        return Err(Failure::say(Class::NoInput, message)
            .hint("`antragsbote serve` legt es beim ersten Start an"));
    }
    block_on(async {
        let log = Log::open(config).await?;
        let result = ask(&log, &whole.mailbox, command).await;
        log.close().await;
        result
    })
}

async fn ask(log: &Log, mailbox: &mailbox::Config, command: &Command) -> Result<(), Failure> {
    match command {
        Command::List => print(table(&log.list(LIST).await?)),
        Command::Show { id } => {
            let history = log.show(id).await?.ok_or_else(|| unknown(id))?;
            print(portrait(&history))
        }
        Command::Stats => print(figures(&log.stats(clock::now()).await?)),
        Command::Export { format, sender } => match (format, sender) {
            (Format::Jsonl, None) => export_jsonl(log).await,
            (Format::Csv, None) => export_csv(log).await,
            (Format::Jsonl, Some(address)) => export_person(log, address).await,
            (Format::Csv, Some(_)) => Err(Failure::say(
                Class::Usage,
                "was über eine Person bekannt ist, passt in keine Tabelle",
            )
            .hint("lassen Sie --format csv weg")),
        },
        Command::Retry { id } => match log.retry(id).await? {
            None => Err(unknown(id)),
            Some(State::Received | State::Waiting) => {
                print(format!("{} wird noch einmal versucht\n", id.as_str()))
            }
            Some(state) => {
                let state = word(state);
                Err(Failure::say(Class::Data, format!("{} bleibt: {state}", id.as_str()))
                    .hint("noch einmal versucht wird, was wartet oder gescheitert ist und noch Inhalt hat"))
            }
        },
        Command::Forget { address } => forget(log, mailbox, address).await,
        Command::Purge { older_than } => {
            let age =
                jiff::SignedDuration::try_from(*older_than).unwrap_or(jiff::SignedDuration::MAX);
            let before = clock::now()
                .checked_sub(age)
                .unwrap_or(jiff::Timestamp::MIN);
            let requests = log.purge(before).await?;
            print(format!(
                "entfernt: personenbezogene Daten von {requests} Anfragen\n"
            ))
        }
    }
}

async fn forget(log: &Log, mailbox: &mailbox::Config, address: &str) -> Result<(), Failure> {
    let forgotten = log.forget(address).await?;
    print(format!("vergessen: {} Anfragen\n", forgotten.requests))?;
    let archive = forget_in_archive(mailbox, address).await;
    let Some(trouble) = forgotten.scraps else {
        return archive;
    };
    let (words, remedy) = remedy::of_log(&trouble);
    let message = format!(
        "entfernt ist alles, aber die Datei konnte noch nicht neu geschrieben werden: {words}"
    );
    archive.and(Err(Failure::say(Class::TryAgain, message).hint(format!(
        "{remedy}; der laufende Dienst holt es von selbst nach, oder rufen Sie dies noch einmal auf"
    ))))
}

/// Mails in the mailbox are the administrator's, unless a time is set after which they go.
async fn forget_in_archive(mailbox: &mailbox::Config, address: &str) -> Result<(), Failure> {
    if mailbox.archive_retention().is_none() {
        return print(
            "im Postfach können noch Mails von dieser Adresse liegen: dort wird ohne [mailbox] \
             archive_retention nichts gelöscht\n",
        );
    }
    match erase(mailbox, address).await {
        Ok(mails) => print(format!(
            "aus dem Archiv des Postfachs gelöscht: {mails} Mails\n"
        )),
        Err(error) => {
            let (words, remedy) = remedy::of_mailbox(&error);
            let message = format!(
                "im Protokoll ist alles entfernt, aber nicht im Archiv des Postfachs: {words}"
            );
            Err(Failure::say(Class::TryAgain, message)
                .hint(format!("{remedy}; rufen Sie dies danach noch einmal auf")))
        }
    }
}

async fn erase(config: &mailbox::Config, address: &str) -> Result<u64, mailbox::Error> {
    let mut mailbox = Mailbox::open(config).await?;
    let erased = mailbox.erase(address).await;
    mailbox.close().await;
    erased
}

async fn export_jsonl(log: &Log) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout());
    log.export(|row| line(&mut out, &row)).await?;
    Ok(out.flush()?)
}

async fn export_person(log: &Log, address: &str) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout());
    log.dossier(address, |dossier| line(&mut out, &dossier))
        .await?;
    Ok(out.flush()?)
}

fn line(out: &mut impl io::Write, object: &impl serde::Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, object).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

async fn export_csv(log: &Log) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(io::stdout());
    let broken = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        kind => Failure::say(Class::Data, format!("{kind:?}")),
    };
    out.write_record(COLUMNS).map_err(broken)?;
    log.export(|row| -> Result<(), Failure> {
        out.write_record(cells(&row).map(harmless)).map_err(broken)
    })
    .await?;
    Ok(out.flush()?)
}

/// The header row; the names are the contract's.
const COLUMNS: [&str; 13] = [
    "id",
    "received_at",
    "message_id",
    "from",
    "subject",
    "decision",
    "template",
    "documents",
    "state",
    "attempts",
    "answered_at",
    "reply_message_id",
    "error",
];

/// A request's cells, in the order of [`COLUMNS`].
fn cells(row: &Row) -> [String; 13] {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    [
        row.id.clone(),
        row.received_at.clone(),
        text(&row.message_id),
        text(&row.from),
        text(&row.subject),
        text(&row.decision),
        text(&row.template),
        serde_json::to_string(&row.documents).unwrap_or_default(),
        row.state.word().to_owned(),
        row.attempts.to_string(),
        text(&row.answered_at),
        text(&row.reply_message_id),
        text(&row.error),
    ]
}

/// A cell that spreadsheets do not take for a formula, whatever a sender wrote
/// (OWASP, "CSV Injection").
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn table(rows: &[Row]) -> String {
    let head = [
        "Aktenzeichen",
        "Eingang",
        "Stand",
        "Entscheidung",
        "Von",
        "Betreff",
    ]
    .map(str::to_owned);
    let row = |row: &Row| {
        [
            row.id.clone(),
            moment(&row.received_at),
            word(row.state).to_owned(),
            outcome(row).to_owned(),
            row.from.clone().unwrap_or_default(),
            row.subject.clone().unwrap_or_default(),
        ]
    };
    columns(
        &std::iter::once(head)
            .chain(rows.iter().map(row))
            .collect::<Vec<_>>(),
    )
}

fn portrait(history: &History) -> String {
    let row = &history.row;
    let known = [
        ("Aktenzeichen", Some(row.id.clone())),
        ("Eingang", Some(moment(&row.received_at))),
        ("Message-ID", row.message_id.clone()),
        ("Von", row.from.clone()),
        ("Betreff", row.subject.clone()),
        ("Stand", Some(word(row.state).to_owned())),
        (
            "Entscheidung",
            row.decision.as_deref().map(|word| decided(word).to_owned()),
        ),
        ("Grund", row.reason.as_deref().map(because)),
        ("Vorlage", row.template.clone()),
        ("Versuche", Some(row.attempts.to_string())),
        ("Beantwortet", row.answered_at.as_deref().map(moment)),
        ("Antwort", row.reply_message_id.clone()),
        ("Fehler", row.error.clone()),
    ];
    let facts = known
        .into_iter()
        .filter_map(|(name, value)| Some([name.to_owned(), value?]));
    let documents = row.documents.iter().map(|document| {
        let what = format!(
            "{} ({}, {}, {})",
            document.file, document.kommune, document.beirat, document.rat
        );
        ["Dokument".to_owned(), what]
    });
    let thread = history.thread.iter().map(|id| {
        let name = if *id < row.id { "vorher" } else { "nachher" };
        [name.to_owned(), id.clone()]
    });
    let evidence = history
        .evidence
        .iter()
        .map(|said| ["Beleg".to_owned(), said.clone()]);
    let deliveries = history
        .deliveries
        .iter()
        .map(|(at, how)| format!("{}  {}", moment(at), delivered(how)))
        .map(|said| ["Zustellung".to_owned(), said]);
    columns(
        &facts
            .chain(documents)
            .chain(thread)
            .chain(evidence)
            .chain(deliveries)
            .collect::<Vec<_>>(),
    )
}

fn figures(stats: &Stats) -> String {
    let count = |name: &str, number: u64| [name.to_owned(), number.to_string()];
    let mut rows = vec![
        count("Anfragen", stats.total),
        count("in der letzten Stunde", stats.last_hour),
        count("in den letzten 24 Stunden", stats.last_day),
    ];
    rows.extend(
        stats
            .states
            .iter()
            .map(|(state, number)| count(word(*state), *number)),
    );
    rows.extend(
        stats
            .decisions
            .iter()
            .map(|(decision, number)| count(decided(decision), *number)),
    );
    rows.extend(
        stats
            .oldest_waiting
            .iter()
            .map(|at| ["älteste wartende".to_owned(), moment(at)]),
    );
    columns(&rows)
}

/// A time of the log, for people; exports keep the contract's.
fn moment(at: &str) -> String {
    at.parse().map_or_else(|_| at.to_owned(), zeitpunkt)
}

/// How far a request has come, for people.
fn word(state: State) -> &'static str {
    match state {
        State::Received => "eingegangen",
        State::Waiting => "wartet",
        State::Answered => "beantwortet",
        State::Failed => "gescheitert",
        State::Ignored => "nicht beantwortet",
    }
}

/// What was decided, or why nothing could be yet.
fn outcome(row: &Row) -> &str {
    match (&row.decision, &row.reason) {
        (Some(decision), _) => decided(decision),
        (None, Some(_)) => "Vorlage fehlerhaft",
        (None, None) => "",
    }
}

/// What was decided, for people; exports keep the contract's word.
fn decided(decision: &str) -> &str {
    match decision {
        "document" => "Dokument",
        "question" => "Rückfrage",
        "refuse" => "abgelehnt",
        "ignore" => "keine Antwort",
        other => other,
    }
}

/// Why nothing else was decided, for people; the contract's word stands behind.
fn because(reason: &str) -> String {
    let said = match reason {
        "own-mail" => "eigene Mail",
        "loop" => "Schleife",
        "bounce" => "Unzustellbarkeitsmeldung",
        "auto-submitted" => "von einem Programm geschrieben",
        "list" => "Verteiler",
        "no-reply-address" => "Absender nimmt keine Antwort an",
        "duplicate" => "dieselbe Mail noch einmal",
        "nothing-asked" => "es wird um nichts gebeten",
        "sender-not-allowed" => "Absender nicht zugelassen",
        "rate-limit" => "zu viele Anfragen in einer Stunde",
        "too-large" => "zu groß",
        "unreadable" => "nicht lesbar",
        "unsound" => "die Vorlage hat Fehler; sobald sie behoben sind, wird geantwortet",
        other => return other.to_owned(),
    };
    format!("{said} ({reason})")
}

/// How a delivery ended, for people: its verdict, then the server's own words.
fn delivered(how: &str) -> String {
    let (verdict, words) = how.split_once(": ").unwrap_or((how, ""));
    let verdict = match verdict {
        "accepted" => "angenommen",
        "try-again" => "wird wiederholt",
        "give-up" => "endgültig abgelehnt",
        "unknown" => "ungewiss, wird wiederholt",
        other => other,
    };
    format!("{verdict}: {words}")
}

fn unknown(id: &RequestId) -> Failure {
    Failure::say(
        Class::NoInput,
        format!("es gibt keine Anfrage {}", id.as_str()),
    )
    .hint("`antragsbote log list` zeigt die letzten")
}

fn request_id(text: &str) -> Result<RequestId, String> {
    RequestId::parse(text)
        .ok_or_else(|| "ein Aktenzeichen hat 26 Buchstaben und Ziffern".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "erwartet wird eine Dauer wie 90d oder 12h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{because, delivered, harmless};

    #[test]
    fn words_of_the_log_are_told_in_german() {
        assert_eq!(because("loop"), "Schleife (loop)");
        assert_eq!(because("new"), "new");
        assert_eq!(
            delivered("accepted: 250 2.0.0 Ok: 1"),
            "angenommen: 250 2.0.0 Ok: 1"
        );
        assert_eq!(
            delivered("unknown: cut: off"),
            "ungewiss, wird wiederholt: cut: off"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("<1@example.com>", "<1@example.com>"),
            ("Antrag = gut", "Antrag = gut"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell.to_owned()), expected);
        }
    }
}
