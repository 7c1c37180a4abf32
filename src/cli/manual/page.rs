//! The pages of section 1: what clap_mangen makes of the commands, with its frame in German.

use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::exit::Class;

/// The day of its newest version is the day of the pages.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");
/// The program and its version, at the foot of each page.
pub(super) const SOURCE: &str = concat!("antragsbote ", env!("CARGO_PKG_VERSION"));
/// What the pages are part of, at the head of each.
pub(super) const MANUAL: &str = "Antragsbote";

/// English rules would hyphenate the German text.
const UNHYPHENATED: &str = "\n.nh\n.ad l";

const DESCRIPTION: &str = "\
Wer eine Mail wie „Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat“ an den Boten
schickt, bekommt den fertigen Antrag als Word-Dokument zurück. Der Dienst (antragsbote serve)
beobachtet dafür ein Postfach, versteht die Mail, füllt die Vorlage aus, antwortet und hält jede
Anfrage in einem Protokoll fest.

Eingerichtet wird er einmal: antragsbote setup fragt das Nötigste ab und schreibt die
Konfiguration, antragsbote check prüft sie jederzeit und nennt, was zu tun ist. Gestartet wird der
Dienst mit systemctl enable --now antragsbote.";

const SIGNALS: [(&str, &str); 2] = [
    (
        "SIGHUP",
        "Der Dienst liest Konfiguration, Vorlagen und Register neu (systemctl reload antragsbote). \
         Ist etwas daran falsch, gilt weiter, was zuletzt richtig war.",
    ),
    (
        "SIGTERM",
        "Der Dienst endet innerhalb von fünf Sekunden; nichts geht verloren.",
    ),
];

const VARIABLES: [(&str, &str); 3] = [
    (
        "ANTRAGSBOTE_CONFIG",
        "Die Konfiguration, wenn --config fehlt.",
    ),
    (
        "CREDENTIALS_DIRECTORY",
        "Wo systemd dem Dienst die Passwörter hinlegt.",
    ),
    (
        "SSL_CERT_FILE",
        "Zertifikate, denen statt denen des Systems vertraut wird.",
    ),
];

const FILES: [(&str, &str); 8] = [
    (
        "/etc/antragsbote/antragsbote.toml",
        "Die Konfiguration, siehe antragsbote.toml(5).",
    ),
    (
        "/etc/antragsbote/credentials/",
        "Passwörter und Geheimnisse, je Datei eines; nur root darf sie lesen. Der Dienst bekommt sie von systemd.",
    ),
    (
        "/etc/antragsbote/templates/",
        "Die Vorlagen, ein Ordner je Antrag, und unter mail/ die Texte der Antworten.",
    ),
    (
        "/etc/antragsbote/register/",
        "Eigene Angaben zu Gremien (gremien.csv) und Räten (raete.csv).",
    ),
    (
        "/var/lib/antragsbote/log.db",
        "Das Protokoll. Es bleibt, wenn das Paket entfernt wird, bis zu apt purge.",
    ),
    (
        "/var/lib/antragsbote/oauth.json",
        "Die Token, mit denen sich der Dienst anmeldet, wo es kein Passwort gibt (antragsbote login).",
    ),
    (
        "/run/antragsbote/deliver.sock",
        "Hier gibt antragsbote deliver Mails ab.",
    ),
    (
        "/usr/share/doc/antragsbote/handbuch/index.html",
        "Das Handbuch, auch zum Drucken (print.html).",
    ),
];

const EXITS: [(Option<Class>, &str); 8] = [
    (None, "Alles ist gut."),
    (Some(Class::Usage), "Falscher Aufruf."),
    (
        Some(Class::Data),
        "Was angegeben wurde, ist nicht zu gebrauchen.",
    ),
    (
        Some(Class::NoInput),
        "Was genannt wurde, gibt es nicht oder ist nicht zu lesen.",
    ),
    (
        Some(Class::Unavailable),
        "Ein Server oder ein Programm ist nicht zu erreichen.",
    ),
    (
        Some(Class::CantCreate),
        "Eine Datei ist nicht zu schreiben.",
    ),
    (Some(Class::TryAgain), "Jetzt nicht; später noch einmal."),
    (Some(Class::Config), "Die Konfiguration ist falsch."),
];

/// The page of the program itself.
///
/// # Errors
/// None: it is written into memory.
pub(super) fn of_program(command: Command) -> io::Result<Vec<u8>> {
    let mut end = Roff::default();
    end.control("SH", ["SIGNALE"]);
    list(&mut end, &SIGNALS);
    end.control("SH", ["UMGEBUNGSVARIABLEN"]);
    list(&mut end, &VARIABLES);
    end.control("SH", ["DATEIEN"]);
    list(&mut end, &FILES);
    end.control("SH", ["EXIT-STATUS"]);
    for (class, meaning) in &EXITS {
        let code = class.map_or(0, Class::code).to_string();
        list(&mut end, &[(&code, meaning)]);
    }
    see_also(
        &mut end,
        &["antragsbote.toml(5)", "systemctl(1)", "journalctl(1)"],
    );
    render(command.long_about(DESCRIPTION), &end)
}

/// The page of a command.
///
/// # Errors
/// None: it is written into memory.
pub(super) fn of_command(command: &Command) -> io::Result<Vec<u8>> {
    let mut end = Roff::default();
    see_also(&mut end, &["antragsbote(1)", "antragsbote.toml(5)"]);
    render(command.clone(), &end)
}

/// The day of the newest version, as in `2026-11-23`.
pub(super) fn date() -> &'static str {
    let mut heads = CHANGELOG
        .lines()
        .filter_map(|line| line.strip_prefix("## "));
    let released = heads.find_map(|head| head.split_once(" - "));
    released.map_or("", |(_, day)| day)
}

/// The section of references.
pub(super) fn see_also(page: &mut Roff, pages: &[&str]) {
    page.control("SH", ["SIEHE AUCH"]);
    page.text([roman(pages.join(", "))]);
}

fn list(page: &mut Roff, items: &[(&str, &str)]) {
    for (name, meaning) in items {
        page.control("TP", []);
        page.text([bold(*name)]);
        page.text([roman(*meaning)]);
    }
}

fn render(mut command: Command, end: &Roff) -> io::Result<Vec<u8>> {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let usage = usage.replace("[OPTIONS]", "[OPTIONEN]");
    // The version stands at the foot of the page.
    let command = command.override_usage(usage).version(None::<&str>);
    let described = command.get_long_about().is_some();
    let mut page = Vec::new();
    Man::new(command)
        .date(date())
        .source(SOURCE)
        .manual(MANUAL)
        .render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    let mut page = in_german(&page, described);
    page.push_str(&end.to_roff());
    Ok(page.into_bytes())
}

/// clap_mangen's page with headings in German. A description that is the summary again goes.
fn in_german(page: &str, described: bool) -> String {
    let mut sections = page.split("\n.SH ");
    let mut german = sections.next().unwrap_or_default().to_owned();
    german.push_str(UNHYPHENATED);
    for section in sections {
        let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
        let heading = match heading {
            "SYNOPSIS" => "ÜBERSICHT",
            "DESCRIPTION" if described => "BESCHREIBUNG",
            "DESCRIPTION" => continue,
            other => &other.to_uppercase(),
        };
        german.push_str(&format!("\n.SH {heading}\n{}", text.trim_end()));
    }
    german.push('\n');
    german
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_carry_the_day_of_the_newest_release() {
        let day: jiff::civil::Date = date().parse().unwrap();
        assert!(day.year() >= 2026, "{day}");
    }
}
