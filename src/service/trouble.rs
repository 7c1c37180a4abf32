//! Errors for event lines and alarms: a fixed word instead of a peer's own words, which may
//! quote addresses and mail.

use super::alarm::{Alarms, Cause};
use crate::{log, mailbox, outbound};

/// The fixed word for an error, by its nearest cause that has one.
pub(super) fn kind(error: &anyhow::Error) -> &'static str {
    error.chain().find_map(kind_of).unwrap_or("other")
}

fn kind_of(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let of_log = || error.downcast_ref().map(log::Error::kind);
    let of_mailbox = || error.downcast_ref().map(mailbox::Error::kind);
    let of_outbound = || error.downcast_ref().map(outbound::Error::kind);
    let of_system = || error.is::<std::io::Error>().then_some("system");
    of_log()
        .or_else(of_mailbox)
        .or_else(of_outbound)
        .or_else(of_system)
}

/// Raises an alarm if it was the log that failed.
pub(super) fn tell_of_log(alarms: &Alarms, error: &anyhow::Error) {
    let mut causes = error.chain();
    if let Some(error) = causes.find_map(|cause| cause.downcast_ref::<log::Error>()) {
        alarms.raise(Cause::Log, words(error.kind()));
    }
}

/// What such a word means, for the administrator.
pub(super) fn words(kind: &str) -> &'static str {
    match kind {
        "login" => "Der Server nimmt Name oder Passwort nicht an.",
        "secret" => "Das Passwort kann nicht gelesen werden.",
        "certificate" => "Das Zertifikat des Servers wird nicht angenommen.",
        "starttls" => "Der Server bietet keine sichere Verbindung (STARTTLS) an.",
        "handshake" => "Mit dem Server kommt keine sichere Verbindung (TLS) zustande.",
        "roots" => "Wurzelzertifikate oder ca_file können nicht gelesen werden.",
        "host-not-found" => "Der Name des Servers ist unbekannt.",
        "refused" => "Der Server nimmt keine Verbindung an.",
        "no-answer" | "unreachable" => "Der Server ist nicht zu erreichen.",
        "timeout" => "Der Server antwortet nicht rechtzeitig.",
        "lost" | "bye" => "Der Server beendet die Verbindung.",
        "folder" => "Der Ordner des Postfachs ist nicht zu gebrauchen.",
        "maildir" => "Der Maildir-Ordner ist nicht zu gebrauchen.",
        "protocol" | "refused-command" => "Der Server antwortet nicht wie erwartet.",
        "full" => "Auf dem Datenträger ist kein Platz mehr.",
        "read-only" => "Die Datei des Protokolls kann nicht beschrieben werden.",
        "busy" => "Ein anderes Programm hält das Protokoll fest.",
        "damaged" | "not-a-log" => "Die Datei des Protokolls ist beschädigt.",
        "replaced" => "Die Datei des Protokolls wurde entfernt oder ausgetauscht.",
        "closed" => "Die Arbeit am Protokoll ist abgebrochen; der Dienst startet neu.",
        "cannot-open" | "no-folder" => "Die Datei des Protokolls kann nicht geöffnet werden.",
        _ => "Mehr sagen die Ereigniszeilen: journalctl -u antragsbote",
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn the_word_is_found_below_any_context() {
        let login = mailbox::Error::Login {
            username: "anna@example.org".into(),
            words: "no such user anna@example.org".into(),
        };
        let error = Err::<(), _>(login).context("cannot look").unwrap_err();
        assert_eq!(kind(&error), "login");
        let full = log::Error::Full("log.db".into());
        let error = Err::<(), _>(full).context("cannot record").unwrap_err();
        assert_eq!(kind(&error), "full");
        assert_eq!(kind(&anyhow::anyhow!("no word")), "other");
    }
}
