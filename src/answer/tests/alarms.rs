use super::knowledge;
use crate::answer::{Alarm, Cause};
use crate::mail::parse;
use crate::policy::{self, Ignored, Judgement, Recent};

const ID: &str = "01JD00000000000000000000AB";

fn alarm(cause: Cause, well: bool) -> Alarm {
    Alarm {
        cause,
        well,
        since: "2026-11-22T10:15:00Z".parse().expect("a timestamp"),
        details: vec!["erste Zeile".into(), "zweite Zeile".into()],
        more: 3,
    }
}

fn written(alarm: &Alarm) -> Vec<u8> {
    let mail = alarm.mail(&knowledge(), "technik@example.org", ID, alarm.since);
    mail.expect("a mail").bytes
}

#[test]
fn every_cause_says_what_happened_since_when_and_what_to_do() {
    for (cause, command) in [
        (Cause::Reload, "antragsbote check --offline"),
        (Cause::RequestFailed, "antragsbote log retry AKTENZEICHEN"),
        (Cause::Log, "df -h"),
        (Cause::Mailbox, "antragsbote check"),
        (Cause::Tokens, "antragsbote check"),
        (Cause::TokensEnd, "client_secret_expires"),
        (Cause::Breaker, "antragsbote log list"),
        (Cause::Rival, "systemctl stop antragsbote"),
    ] {
        let mail = parse(&written(&alarm(cause, false)));
        let subject = mail.subject.as_deref().unwrap_or_default();
        assert!(subject.starts_with("Bitte nachsehen: "), "{subject}");
        let text = &mail.text.new;
        for words in [
            command,
            "- erste Zeile\n- zweite Zeile\n- und 3 weitere\n",
            "1. ",
        ] {
            assert!(text.contains(words), "{words:?} is not in {text}");
        }
        if cause != Cause::RequestFailed {
            assert!(text.contains("22. November 2026, 11:15 Uhr"), "{text}");
        }
        let mail = parse(&written(&alarm(cause, true)));
        let subject = mail.subject.as_deref().unwrap_or_default();
        assert!(subject.starts_with("Erledigt: "), "{subject}");
        let text = &mail.text.new;
        assert!(text.contains("alles ist wieder gut"), "{text}");
        assert!(!text.contains("erste Zeile"), "{text}");
    }
}

#[test]
fn it_reads_as_a_person_would_write_it() {
    let failed = Alarm {
        details: vec![ID.into()],
        more: 0,
        ..alarm(Cause::RequestFailed, false)
    };
    assert_eq!(
        parse(&written(&failed)).text.new,
        "Guten Tag,\n\n\
         eine Anfrage konnte nicht beantwortet werden, und von selbst wird sie nicht noch einmal versucht:\n\n\
         - 01JD00000000000000000000AB\n\n\
         Was Sie tun können:\n\n\
         1. Warum es misslang, zeigt: antragsbote log show AKTENZEICHEN\n\
         2. Ist die Ursache behoben, versucht es noch einmal: antragsbote log retry AKTENZEICHEN\n\
         3. Sonst schreiben Sie der Person bitte selbst; ihre Adresse steht im Protokoll.\n\n\
         Diese Nachricht wurde automatisch geschrieben. Sie kommt zu jeder Ursache höchstens einmal in der Stunde."
    );
}

#[test]
fn what_comes_back_of_it_is_answered_by_nobody() {
    let bytes = written(&alarm(Cause::Mailbox, false));
    let text = String::from_utf8(bytes.clone()).expect("ASCII");
    for field in [
        "Auto-Submitted: auto-generated\r\n",
        "X-Loop: antrag@example.org\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "Message-ID: <01jd00000000000000000000ab@example.org>\r\n",
    ] {
        assert!(text.contains(field), "{field:?} is not in {text}");
    }
    assert!(!text.contains("In-Reply-To"), "{text}");
    let rules = &knowledge().rules;
    let own = "antrag@example.org";
    let judgement = policy::judge(&parse(&bytes), rules, own, &Recent::default());
    assert_eq!(judgement, Judgement::Ignore(Ignored::OwnMail));
}
