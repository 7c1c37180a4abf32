//! `check` logs in to the real servers and names what is wrong.

use crate::support::{House, Settings, Validity, program};

#[test]
fn sound_settings_pass() {
    let house = House::start();
    for security in ["tls", "starttls", "none"] {
        let config = house.configure(Settings {
            mailbox: security,
            outbound: security,
            ..Settings::default()
        });
        let check = program(&config, &["check"]);
        assert_eq!(
            check.code, 0,
            "{security}: {}{}",
            check.output, check.errors
        );
    }
}

#[test]
fn a_wrong_password_an_unknown_host_and_an_expired_certificate_are_named() {
    let good = House::start();
    let expired = House::with_certificate(Validity::Expired);
    let cases = [
        (
            &good,
            Settings {
                password: "falsch",
                ..Settings::default()
            },
            ["Passwort", "antrag@example.org"],
        ),
        (
            &good,
            Settings {
                host: "gibt-es-nicht.invalid",
                ..Settings::default()
            },
            ["gibt-es-nicht.invalid", "unbekannt"],
        ),
        (&expired, Settings::default(), ["Zertifikat", "abgelaufen"]),
    ];
    for (house, settings, words) in cases {
        let check = program(&house.configure(settings), &["check"]);
        let said = check.output + &check.errors;
        assert_eq!(check.code, 69, "{said}");
        for word in words {
            assert!(said.contains(word), "{word:?} is not in {said:?}");
        }
    }
}
