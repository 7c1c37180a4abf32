//! `answer`: one mail in, the reply or its explanation out.

use serde_json::Value;

use crate::program::{CONFIG, House};

const REQUEST: &str = "From: Ada <ada@example.com>\r\nTo: antrag@example.org\r\nSubject: Musterantrag\r\nMessage-ID: <1@example.com>\r\nDate: Sun, 22 Nov 2026 10:15:00 +0000\r\n\r\nKommune: Stadt Fürth\r\nBeirat: Ausländerbeirat\r\n";

#[test]
fn a_request_is_answered_on_standard_output() {
    let house = House::new();
    house.write("mail.eml", REQUEST);
    for run in [
        house.run(&["answer", "mail.eml"]),
        house.feed(&["answer"], REQUEST.as_bytes()),
        house.feed(&["answer", "-"], REQUEST.as_bytes()),
    ] {
        assert_eq!(run.code, 0, "{}", run.errors);
        let reply = run.output();
        assert!(
            reply.contains("Auto-Submitted: auto-replied\r\n"),
            "{reply}"
        );
        assert!(reply.contains("In-Reply-To: <1@example.com>\r\n"));
        assert!(
            reply.contains("antragsbote@localhost"),
            "without a configuration"
        );
    }
    house.write("antragsbote.toml", CONFIG);
    let run = house.run(&["answer", "mail.eml"]);
    assert!(
        run.output().contains("antrag@example.org"),
        "{}",
        run.errors
    );
}

#[test]
fn explain_prints_one_object() {
    let house = House::new();
    let run = house.feed(&["answer", "--explain"], REQUEST.as_bytes());
    assert_eq!(run.code, 0, "{}", run.errors);
    let explained: Value = serde_json::from_slice(&run.bytes).unwrap();
    assert_eq!(explained["decision"], "document");
    assert_eq!(explained["documents"][0]["kommune"], "09563000");
    assert_eq!(explained["documents"][0]["rat"], "Stadtrat");
    assert_eq!(
        explained["documents"][0]["file"],
        "Musterantrag_Stadt-Fürth_Ausländerbeirat.docx"
    );
    assert_eq!(explained["reason"], Value::Null);
}

#[test]
fn what_is_ignored_says_why_and_prints_nothing() {
    let house = House::new();
    let run = house.feed(
        &["answer"],
        REQUEST
            .replace("Subject:", "Auto-Submitted: auto-replied\r\nSubject:")
            .as_bytes(),
    );
    assert_eq!(run.code, 0);
    assert_eq!(run.output(), "");
    assert!(run.errors.contains("auto-submitted"), "{}", run.errors);
}

#[test]
fn any_bytes_end_with_0() {
    let house = House::new();
    let deep = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n".repeat(500);
    for bytes in [
        &b""[..],
        b"\0\xff\xfe",
        b"From: x\n",
        b"\r\n\r\n",
        deep.as_bytes(),
        &[0xc3; 3000],
    ] {
        let run = house.feed(&["answer", "--explain"], bytes);
        assert_eq!(run.code, 0, "{}", run.errors);
        assert!(serde_json::from_slice::<Value>(&run.bytes).unwrap()["decision"].is_string());
    }
}

#[test]
fn a_mail_above_the_limit_is_too_large() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[policy]\nmax_message_size = \"10 kB\"\n"),
    );
    let mail = format!("{REQUEST}{}", "x\r\n".repeat(10_000));
    house.write("mail.eml", &mail);
    for run in [
        house.run(&["answer", "--explain", "mail.eml"]),
        house.feed(&["answer", "--explain"], mail.as_bytes()),
    ] {
        assert_eq!(run.code, 0, "{}", run.errors);
        let explained: Value = serde_json::from_slice(&run.bytes).unwrap();
        assert_eq!(
            (&explained["decision"], &explained["reason"]),
            (&"refuse".into(), &"too-large".into())
        );
    }
}

#[test]
fn explain_honours_what_the_mail_server_noted() {
    let house = House::new();
    let explain = |policy: &str, above: &str| {
        house.write(
            "antragsbote.toml",
            format!("{CONFIG}\n[policy]\nrequire = \"authenticated\"\n{policy}"),
        );
        let run = house.feed(
            &["answer", "--explain"],
            format!("{above}{REQUEST}").as_bytes(),
        );
        assert_eq!(run.code, 0, "{}", run.errors);
        let explained: Value = serde_json::from_slice(&run.bytes).unwrap();
        let word = |name: &str| explained[name].as_str().unwrap_or("-").to_owned();
        let told = explained["evidence"][0].as_str().unwrap().to_owned();
        (word("decision"), word("reason"), told)
    };
    let id = "authserv_id = \"mx.example.org\"\n";
    let field = |result: &str| format!("Authentication-Results: mx.example.org; {result}\r\n");
    let (decision, reason, _) = explain(id, &field("dkim=pass header.d=example.com"));
    assert_eq!((decision.as_str(), reason.as_str()), ("document", "-"));
    for (policy, above, expected) in [
        (
            id,
            field("dmarc=fail header.from=example.com"),
            "Der Mailserver mx.example.org bestätigt example.com nicht; er hat vermerkt: dmarc=fail (example.com).",
        ),
        (
            "",
            field("dkim=pass header.d=example.com"),
            "Die DKIM-Unterschriften wurden nicht geprüft: das tut nur der laufende Dienst, denn die Schlüssel stehen im DNS.",
        ),
    ] {
        let (decision, reason, told) = explain(policy, &above);
        assert_eq!(
            (decision.as_str(), reason.as_str()),
            ("refuse", "sender-not-allowed")
        );
        assert_eq!(told, expected);
    }
}
