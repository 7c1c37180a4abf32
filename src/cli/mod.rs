//! The command line: one file a command, how errors look, exit codes.
//!
//! In: arguments, standard input. Out: standard output, the exit code; errors and
//! events on standard error. Never here: what the commands do, only how they are asked
//! and what they print.
#![allow(
    clippy::disallowed_methods,
    reason = "commands read and write the files they are given"
)]

mod answer;
mod check;
mod confine;
mod deliver;
mod demo;
mod dialogue;
mod draft;
mod exit;
mod flaw;
mod kommune;
mod log;
mod login;
mod manual;
mod remedy;
mod render;
mod report;
mod serve;
mod setup;
mod template;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{self, Config, Installation, Surroundings};
use crate::telemetry::{self, Sink};
use exit::{Class, Failure};

/// Beantwortet Mails, die um einen Musterantrag bitten, mit dem fertigen Antrag als Word-Dokument
#[derive(Debug, Parser)]
#[command(name = "antragsbote", version, arg_required_else_help = true)]
struct Arguments {
    /// Konfiguration; sonst $ANTRAGSBOTE_CONFIG, ./antragsbote.toml, /etc/antragsbote/antragsbote.toml
    #[arg(
        long,
        global = true,
        env = "ANTRAGSBOTE_CONFIG",
        hide_env = true,
        value_name = "DATEI"
    )]
    config: Option<OsString>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Der Dienst: beobachtet das Postfach und antwortet
    Serve,
    /// Der Dienst zum Ausprobieren: eigenes Postfach in ./antragsbote-demo mit Beispielanfragen
    Demo(demo::Args),
    /// Beantwortet eine Mail aus DATEI oder der Standardeingabe; ohne Protokoll, ohne Netz
    Answer(answer::Args),
    /// Gibt eine Mail von der Standardeingabe beim laufenden Dienst ab (für .forward, aliases, sieve)
    Deliver,
    /// Füllt eine Vorlage aus
    Render(render::Args),
    /// Fragt das Nötigste ab, prüft es und schreibt die Konfiguration
    Setup(Box<setup::Args>),
    /// Meldet das Postfach an, wenn es Token braucht (OAuth 2.0)
    Login(login::Args),
    /// Prüft Konfiguration, Vorlagen, Register, Protokoll, Postfach und Mailserver
    Check(check::Args),
    /// Die Vorlagen: was angeboten wird und ob es stimmt
    #[command(subcommand)]
    Template(template::Command),
    /// Das Register der Gemeinden und Landkreise
    #[command(subcommand)]
    Kommune(kommune::Command),
    /// Das Protokoll aller Anfragen
    #[command(subcommand)]
    Log(log::Command),
    /// Vervollständigung für die Shell, auf die Standardausgabe
    Completions(manual::CompletionsArgs),
    /// Die Handbuchseite, auf die Standardausgabe
    Man(manual::ManArgs),
}

/// Runs the program: reads its arguments, does what they say, reports how it ended.
pub fn run() -> ExitCode {
    let arguments = match command()
        .try_get_matches()
        .and_then(|found| Arguments::from_arg_matches(&found))
    {
        Ok(arguments) => arguments,
        Err(usage) => {
            // Whoever closed the pipe does not want to read it.
            let _ = usage.print();
            return if usage.use_stderr() {
                ExitCode::from(Class::Usage.code())
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    confine::no_dumps();
    let sink = telemetry::start(match arguments.command {
        // The demo shows a table of its own.
        Command::Demo(_) => "warn",
        _ => "info",
    });
    let serves = matches!(arguments.command, Command::Serve);
    let settings = Settings {
        // An empty variable counts as none.
        explicit: arguments
            .config
            .filter(|path| !path.is_empty())
            .map(PathBuf::from),
    };
    match dispatch(&settings, arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if is_closed_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => {
            // What is printed has neither fields nor a priority there.
            if serves && sink == Sink::Journal {
                tracing::error!(error.kind = failure.kind, "the service has ended");
            }
            let report = settings.adapt(&report::render(&failure));
            let _ = io::stderr().write_all(report.as_bytes());
            ExitCode::from(failure.class.code())
        }
    }
}

fn dispatch(settings: &Settings, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve => serve::run(settings),
        Command::Demo(args) => demo::run(&args),
        Command::Answer(args) => answer::run(settings, &args),
        Command::Deliver => deliver::run(settings),
        Command::Render(args) => render::run(settings, &args),
        Command::Setup(args) => setup::run(settings, &args),
        Command::Login(args) => login::run(settings, &args),
        Command::Check(args) => check::run(settings, &args),
        Command::Template(command) => template::run(settings, &command),
        Command::Kommune(command) => kommune::run(settings, &command),
        Command::Log(command) => log::run(settings, &command),
        Command::Completions(args) => manual::completions(&args, self::command()),
        Command::Man(args) => manual::man(&args, self::command()),
    }
}

/// The command line, as clap knows it, with its frame in German: clap's own is English.
pub fn command() -> clap::Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .global(true)
        .action(ArgAction::Help);
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version);
    let root = Arguments::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(help.help("Zeigt diese Hilfe"))
        .arg(version.help("Zeigt die Version"));
    in_german(root)
}

fn in_german(command: clap::Command) -> clap::Command {
    command
        .help_template("{about-with-newline}\nAufruf: {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("Befehle")
        .subcommand_value_name("BEFEHL")
        .mut_args(|arg| {
            let heading = if arg.is_positional() {
                "Angaben"
            } else {
                "Optionen"
            };
            values_in_german(arg.help_heading(heading))
        })
        .mut_subcommands(in_german)
}

/// What may be given and what is taken if nothing is: clap's own words for both are English.
fn values_in_german(arg: Arg) -> Arg {
    if !arg.get_action().takes_values() {
        return arg;
    }
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let possible = arg.get_possible_values();
    let possible: Vec<_> = possible.iter().map(|value| value.get_name()).collect();
    if !possible.is_empty() {
        help.push_str(&format!(" [möglich: {}]", possible.join(", ")));
    }
    if let Some(default) = arg.get_default_values().first() {
        help.push_str(&format!(" [Vorgabe: {}]", default.display()));
    }
    arg.help(help)
        .hide_possible_values(true)
        .hide_default_value(true)
}

/// Where the settings of this call come from.
#[derive(Debug)]
pub(crate) struct Settings {
    explicit: Option<PathBuf>,
}

impl Settings {
    /// The configuration file.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn file(&self) -> Result<PathBuf, Failure> {
        config::find(self.explicit.as_deref()).ok_or_else(|| {
            Failure::say(Class::Config, "es gibt keine Konfiguration")
                .hint("`antragsbote setup` schreibt eine; oder nennen Sie sie mit --config DATEI")
        })
    }

    /// The configuration.
    ///
    /// # Errors
    /// If there is none or if it has problems.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(&self.file()?)?)
    }

    /// What is said of the first bot of a machine, said of the one whose configuration this is.
    fn adapt(&self, text: &str) -> String {
        let file = config::find(self.explicit.as_deref());
        let bot = file.and_then(|file| Installation::in_folder(&Surroundings::of(&file).dir));
        bot.map_or_else(|| text.to_owned(), |bot| bot.adapt(text))
    }

    /// The configuration, or the defaults if there is none or nothing is set in it.
    ///
    /// # Errors
    /// If it has problems.
    pub(crate) fn config_or_default(&self) -> Result<Config, Failure> {
        let is_blank = |file: &PathBuf| {
            std::fs::read_to_string(file).is_ok_and(|text| config::is_blank(&text))
        };
        // The package brings a file that says how to set up, and nothing else.
        match config::find(self.explicit.as_deref()).filter(|file| !is_blank(file)) {
            Some(file) => Ok(Config::load(&file)?),
            None => Ok(Config::on_maildirs(Path::new("."))),
        }
    }
}

/// Reads a file that was named on the command line.
fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| unreadable(path, error))
}

/// A file that was named on the command line and cannot be read.
fn unreadable(path: &Path, error: io::Error) -> Failure {
    let message = format!("{} kann nicht gelesen werden", path.display());
    Failure::new(Class::NoInput, anyhow::Error::new(error).context(message))
}

/// Writes what a command made to a file, or to standard output if it is called `-`.
fn write_output(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if path == Path::new("-") {
        return print(bytes);
    }
    std::fs::write(path, bytes).map_err(|error| {
        let message = format!("{} kann nicht geschrieben werden", path.display());
        Failure::new(
            Class::CantCreate,
            anyhow::Error::new(error).context(message),
        )
    })
}

/// Writes to standard output, to the last byte.
fn print(bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes.as_ref())?;
    Ok(out.flush()?)
}

/// Rows as aligned columns, two blanks between them; what would play with the terminal is left out.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let harmless =
        |cell: &String| cell.replace(|c: char| c.is_control() || is_bidi_control(c), " ");
    let rows: Vec<_> = rows
        .iter()
        .map(|row| row.each_ref().map(harmless))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// Marks that turn the direction of text (Unicode Standard Annex 9, table 1).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whoever read standard output has heard enough: no failure.
fn is_closed_pipe(failure: &Failure) -> bool {
    let error = failure.error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Threads that drive tasks: these wait for peers, and a machine of 64 cores waits no better.
const WORKERS: usize = 4;

/// Threads for what holds its thread up: 20 deliveries ask for the address of their server at once,
/// beside them mails are decided and files read. With those of SQLite it stays below half of the
/// unit's TasksMax; the rest is for programs that are started.
const BLOCKING: usize = 32;

/// As many as there are cores, and two at least: one that is held up must not hold up all.
fn workers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    cores.clamp(2, WORKERS)
}

/// Runs a command's asynchronous part.
fn block_on<T, E: Into<Failure>>(work: impl Future<Output = Result<T, E>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .max_blocking_threads(BLOCKING)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::new(Class::Unavailable, error))?;
    let result = runtime.block_on(work);
    // A mail that is worked on without end must not keep the program from ending.
    runtime.shutdown_background();
    result.map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn columns_align_by_characters() {
        let rows = [
            ["Fürth".to_owned(), "1".to_owned()],
            ["Köln am Rhein".to_owned(), "22".to_owned()],
        ];
        assert_eq!(columns(&rows), "Fürth          1\nKöln am Rhein  22\n");
    }
}
