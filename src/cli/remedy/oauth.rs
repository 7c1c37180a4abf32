//! Why there is no token, in German, and what to do.

use super::{SERVER, Words, chain, of_secret};
use crate::oauth::{Error, Refusal};

const ADDRESS: &str = "prüfen Sie token_url unter [oauth], und ob dieser Rechner sie per HTTPS erreicht: vielleicht steht ein Proxy oder eine Anmeldeseite des Netzes dazwischen";
const CLOCK: &str =
    "stellen Sie die Uhr, und lassen Sie sie danach von selbst gehen: timedatectl set-ntp true";
const LOGIN: &str = "rufen Sie `antragsbote login` auf";
const OWNER: &str = "die Datei und ihr Ordner müssen dem Benutzer gehören, unter dem der Dienst läuft, und Platz haben";

/// Why there is no token.
pub(in crate::cli) fn of_oauth(error: &Error) -> Words {
    match error {
        Error::Secret(error) => {
            let (words, _) = of_secret(error);
            let words = words.replace("das Passwort", "das Geheimnis (client_secret)");
            (
                words,
                "das Geheimnis gehört in die erste Zeile der Datei, die unter [oauth] client_secret_file steht, und der Dienst muss sie lesen dürfen",
            )
        }
        Error::Dns(_) | Error::Http(_) => (
            format!("der Anmeldedienst ist nicht zu erreichen: {}", chain(error)),
            ADDRESS,
        ),
        Error::Page { host } => (
            format!("{host} antwortet mit einer Webseite und nicht wie ein Anmeldedienst"),
            ADDRESS,
        ),
        Error::Protocol => (
            "der Anmeldedienst antwortet nicht wie erwartet".to_owned(),
            ADDRESS,
        ),
        Error::Busy { status } => (
            format!("der Anmeldedienst antwortet vorerst nicht (HTTP {status})"),
            SERVER,
        ),
        Error::Refused { refusal, code } => of_refusal(*refusal, code),
        Error::Clock { code, seconds } => (
            format!(
                "der Anmeldedienst lehnt ab ({code}), und die Uhr dieses Rechners geht gegenüber seiner um {} Minuten {}",
                seconds.unsigned_abs() / 60,
                if *seconds > 0 { "vor" } else { "nach" }
            ),
            CLOCK,
        ),
        Error::SignedOut => ("es hat sich noch niemand angemeldet".to_owned(), LOGIN),
        Error::NotConfigured => (
            "dieser Weg der Anmeldung ist nicht eingerichtet".to_owned(),
            "prüfen Sie grant unter [oauth]; bei kind = \"other\" braucht \"device_code\" device_url und \"authorization_code\" authorization_url",
        ),
        Error::Late => (
            "die Zeit für die Anmeldung ist abgelaufen".to_owned(),
            "rufen Sie `antragsbote login` noch einmal auf",
        ),
        Error::NotLanded => (
            "das ist keine Adresse, bei der eine Anmeldung endet".to_owned(),
            "kopieren Sie die ganze Adresse aus der Adresszeile des Browsers, nachdem Sie dort zugestimmt haben; sie beginnt mit http://localhost",
        ),
        Error::OtherSignIn => (
            "diese Adresse gehört zu einer anderen Anmeldung".to_owned(),
            "melden Sie sich mit der Adresse an, die zuletzt angezeigt wurde, und bringen Sie die, bei der das endet",
        ),
        Error::NoToken => (
            "das ist kein Refresh-Token".to_owned(),
            "geben Sie das Refresh-Token ganz ein, und nichts dazu",
        ),
        Error::NotLasting => (
            "der Anmeldedienst gibt kein Refresh-Token, ohne das die Anmeldung nicht hält"
                .to_owned(),
            "unter [oauth] scope muss es erbeten werden, meist mit dem Wort offline_access; die App muss es beim Anbieter dürfen",
        ),
        Error::Store { path, source } => (
            format!("{} ist nicht zu gebrauchen: {source}", path.display()),
            OWNER,
        ),
        Error::Damaged { path } => (
            format!(
                "{} ist beschädigt oder gehört nicht hierher",
                path.display()
            ),
            "legen Sie die Datei beiseite; hat sich ein Mensch angemeldet, meldet er sich danach noch einmal an: `antragsbote login`",
        ),
        Error::Held { path } => (
            format!(
                "{} wird von einem anderen antragsbote festgehalten",
                path.display()
            ),
            "versuchen Sie es noch einmal; bleibt es so, suchen Sie einen, der hängt",
        ),
    }
}

/// Why the token server says no.
fn of_refusal(refusal: Refusal, code: &str) -> Words {
    let (words, remedy) = match refusal {
        Refusal::SecretExpired => (
            "das Geheimnis (client_secret) ist abgelaufen",
            "legen Sie beim Anbieter ein neues an, schreiben Sie es in die Datei, die unter [oauth] client_secret_file steht, seinen letzten Tag unter client_secret_expires, und starten Sie den Dienst neu: systemctl restart antragsbote",
        ),
        Refusal::SecretWrong => (
            "das Geheimnis (client_secret) stimmt nicht",
            "vergleichen Sie es mit dem beim Anbieter, und client_id auch: gebraucht wird der Wert des Geheimnisses, nicht seine ID; ist er verloren, legen Sie ein neues an; danach: systemctl restart antragsbote",
        ),
        Refusal::Client => (
            "diese App oder dieser Mandant ist dort unbekannt, oder die App darf so nicht fragen",
            "vergleichen Sie client_id und tenant unter [oauth] mit dem, was der Anbieter zeigt; für grant = \"device_code\" muss die App im Portal öffentliche Clientflows zulassen (Authentifizierung → Einstellungen)",
        ),
        Refusal::Scope => (
            "was unter scope erbeten wird, gibt es dort nicht",
            "prüfen Sie scope unter [oauth]; bei Microsoft und Google streichen Sie es am besten; hat sich ein Mensch angemeldet, meldet er sich nach einer Änderung neu an: `antragsbote login`",
        ),
        Refusal::Consent => (
            "der App hat noch niemand zugestimmt",
            "ein Administrator des Mandanten muss bei der App unter „API-Berechtigungen“ die Administratorzustimmung erteilen",
        ),
        Refusal::Forbidden => (
            "der Mandant lässt die App oder das Konto nicht zu",
            "ein Administrator des Mandanten muss sie zulassen: Ist die App abgeschaltet oder das Konto gesperrt, verlangt die App eine Zuweisung, oder verbietet eine Regel (bedingter Zugriff) die Anmeldung von diesem Rechner?",
        ),
        Refusal::SignIn => (
            "die Anmeldung gilt nicht mehr",
            "rufen Sie `antragsbote login` auf; bei Google endet sie mit jedem neuen Passwort, und nach sieben Tagen, solange die App dort „im Test“ ist",
        ),
        Refusal::Denied => (
            "der Anmeldung wurde nicht zugestimmt",
            "rufen Sie `antragsbote login` noch einmal auf, und stimmen Sie zu",
        ),
        Refusal::ForNow => ("vorerst gibt es kein Token", SERVER),
        Refusal::Other => (
            "es gibt kein Token",
            "prüfen Sie client_id, client_secret, tenant und scope unter [oauth]",
        ),
    };
    (
        format!("der Anmeldedienst lehnt ab: {words} ({code})"),
        remedy,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_it_is_and_what_to_do() {
        let error = Error::Refused {
            refusal: Refusal::SecretExpired,
            code: "AADSTS7000222".to_owned(),
        };
        let (words, remedy) = of_oauth(&error);
        assert_eq!(
            words,
            "der Anmeldedienst lehnt ab: das Geheimnis (client_secret) ist abgelaufen (AADSTS7000222)"
        );
        assert!(remedy.contains("client_secret_file"), "{remedy}");
        let clock = Error::Clock {
            code: "invalid_grant".to_owned(),
            seconds: -610,
        };
        assert_eq!(
            of_oauth(&clock).0,
            "der Anmeldedienst lehnt ab (invalid_grant), und die Uhr dieses Rechners geht gegenüber seiner um 10 Minuten nach"
        );
    }
}
