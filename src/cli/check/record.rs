//! The log and what it lies on, and whether a daemon works on it.

use std::path::Path;

use jiff::{Timestamp, Unit};
use nix::sys::statvfs::statvfs;

use super::finding::Finding;
use super::rights::{self, Use};
use crate::cli::exit::Class;
use crate::cli::remedy;
use crate::clock;
use crate::config::Config;
use crate::log::{self, Survey};

const LOG: &str = "Protokoll";
const SPACE: &str = "Speicherplatz";
const SERVICE: &str = "Dienst";

/// A reply that has waited for so long deserves a look, in minutes.
const LONG: i64 = 60;

const MIB: u64 = 1 << 20;
/// Room for a day of requests, in bytes.
const LEAST_ROOM: u64 = 50 * MIB;
const LITTLE_ROOM: u64 = 500 * MIB;
/// Files that may still be made; the log needs three.
const LEAST_FILES: u64 = 100;
const FEW_FILES: u64 = 1_000;

/// Looks without making a log, or bringing one up to date; says as well whether a daemon works
/// on it.
pub(super) async fn look(config: &Config) -> (Vec<Finding>, bool) {
    let path = &config.log.path;
    let surveyed = log::survey(&config.log).await;
    let held = matches!(&surveyed, Ok(Some(survey)) if survey.held);
    let mut findings = vec![match surveyed {
        Ok(Some(survey)) => recorded(path, &survey, clock::now()),
        Ok(None) => not_yet(path),
        Err(log::Error::ReadOnly(_)) => closed(path),
        Err(error) => {
            let (message, remedy) = remedy::of_log(&error);
            Finding::wrong(LOG, Class::Config, message, remedy)
        }
    }];
    findings.extend(path.parent().and_then(space));
    findings.push(service(held));
    (findings, held)
}

fn recorded(path: &Path, survey: &Survey, now: Timestamp) -> Finding {
    let mut message = format!(
        "{}, {}, Version {}; {} wartend, {} gescheitert",
        path.display(),
        size(survey.size_bytes),
        survey.version,
        survey.waiting,
        survey.failed
    );
    if survey.version < survey.current {
        let current = survey.current;
        message.push_str(&format!(
            "; beim nächsten Start des Dienstes kommt Version {current}"
        ));
    }
    let since = survey.oldest_waiting.and_then(|oldest| {
        let span = now.since((Unit::Minute, oldest)).ok()?;
        Some(span.get_minutes())
    });
    match since {
        Some(minutes) if minutes >= LONG => Finding::warning(
            LOG,
            format!("{message}; die älteste wartet seit {}", duration(minutes)),
            "`antragsbote log list` nennt sie, `antragsbote log show` den Grund; läuft der Dienst?",
        ),
        Some(minutes) => {
            let duration = duration(minutes);
            Finding::sound(
                LOG,
                format!("{message}; die älteste wartet seit {duration}"),
            )
        }
        None => Finding::sound(LOG, message),
    }
}

/// The service makes it, and for that its folder has to be there and open to it.
fn not_yet(path: &Path) -> Finding {
    let folder = path.parent().unwrap_or(path);
    if matches!(folder.try_exists(), Ok(false)) {
        let (message, remedy) = remedy::of_log(&log::Error::NoFolder(folder.to_owned()));
        return Finding::wrong(LOG, Class::Config, message, remedy);
    }
    match rights::obstacle(folder, Use::Fill) {
        Some((message, remedy)) => Finding::wrong(LOG, Class::Config, message, remedy),
        None => Finding::sound(
            LOG,
            format!("{} wird beim ersten Start angelegt", path.display()),
        ),
    }
}

/// The file or a folder above it is closed to who looks.
fn closed(path: &Path) -> Finding {
    let (message, remedy) = rights::obstacle(path, Use::Change).unwrap_or_else(|| {
        let (message, remedy) = remedy::of_log(&log::Error::ReadOnly(path.to_owned()));
        (message, remedy.to_owned())
    });
    Finding::wrong(LOG, Class::Config, message, remedy)
}

fn service(held: bool) -> Finding {
    Finding::sound(
        SERVICE,
        match held {
            true => "läuft",
            false => "läuft gerade nicht; gestartet wird er mit: systemctl start antragsbote",
        },
    )
}

/// `None` where the folder is missing or the system does not tell.
fn space(folder: &Path) -> Option<Finding> {
    let told = statvfs(folder).ok()?;
    let bytes = told.blocks_available().saturating_mul(told.fragment_size());
    // Some file systems have files without end, and say 0.
    let files = (told.files() > 0).then(|| told.files_available());
    Some(judge_space(folder, bytes, files))
}

fn judge_space(folder: &Path, bytes: u64, files: Option<u64>) -> Finding {
    let files = files.unwrap_or(u64::MAX);
    let mut message = format!("{} frei in {}", size(bytes), folder.display());
    if files < FEW_FILES {
        message.push_str(&format!(", und nur noch für {files} Dateien (Inodes)"));
    }
    let remedy = "schaffen Sie Platz auf dem Datenträger; ohne Platz wird keine Mail angenommen";
    if bytes < LEAST_ROOM || files < LEAST_FILES {
        Finding::wrong(SPACE, Class::Config, message, remedy)
    } else if bytes < LITTLE_ROOM || files < FEW_FILES {
        Finding::warning(SPACE, message, remedy)
    } else {
        Finding::sound(SPACE, message)
    }
}

/// "812 kB", "3 MB", "12 GB".
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..10_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

/// "5 Minuten", "3 Stunden", "2 Tagen".
fn duration(minutes: i64) -> String {
    match minutes {
        ..=119 => format!("{minutes} Minuten"),
        120..=2_879 => format!("{} Stunden", minutes / 60),
        _ => format!("{} Tagen", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::as_lines;
    use super::*;

    fn said(finding: Finding) -> String {
        as_lines(&[finding])
    }

    #[test]
    fn little_room_is_a_warning_and_none_is_wrong() {
        let folder = Path::new("/var/lib/antragsbote");
        let gib = 1024 * MIB;
        for (bytes, files, sign) in [
            (20 * gib, Some(1_000_000), '✓'),
            (20 * gib, None, '✓'),
            (499 * MIB, None, '!'),
            (49 * MIB, None, '✗'),
            (20 * gib, Some(999), '!'),
            (20 * gib, Some(3), '✗'),
        ] {
            let said = said(judge_space(folder, bytes, files));
            assert!(said.starts_with(sign), "{said}");
            assert_eq!(said.contains("Inodes"), files.is_some_and(|n| n < 1_000));
        }
    }

    #[test]
    fn what_waits_for_long_is_a_warning() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let mut survey = Survey {
            version: 5,
            current: 6,
            size_bytes: 81_920,
            waiting: 2,
            failed: 1,
            oldest_waiting: Some("2026-11-23T11:50:30Z".parse().unwrap()),
            held: false,
        };
        let path = Path::new("/log.db");
        assert_eq!(
            said(recorded(path, &survey, now)),
            "✓ Protokoll: /log.db, 82 kB, Version 5; 2 wartend, 1 gescheitert; beim nächsten Start des \
             Dienstes kommt Version 6; die älteste wartet seit 9 Minuten\n"
        );
        survey.oldest_waiting = Some("2026-11-20T11:50:00Z".parse().unwrap());
        survey.version = 6;
        let said = said(recorded(path, &survey, now));
        assert!(said.starts_with("! "), "{said}");
        assert!(
            said.contains("gescheitert; die älteste wartet seit 3 Tagen\n  → "),
            "{said}"
        );
    }
}
