//! `serve` on a pair of Maildirs: what goes in comes out once, whatever happens in between.

use std::fs;
use std::path::Path;

use super::daemon::{FUERTH, House, files, request, until};
use super::motions;

#[test]
fn a_request_is_answered_with_the_document_and_recorded() {
    let house = House::new();
    let daemon = house.serve();
    house.put("one", &request("one", FUERTH));
    let reply = house.wait_for_replies(1).remove(0);
    assert!(reply.contains("In-Reply-To: <one@example.net>"), "{reply}");
    assert!(reply.contains("Auto-Submitted: auto-replied"));
    assert!(reply.contains("X-Auto-Response-Suppress: All"));
    assert!(reply.contains("wordprocessingml.document"));
    house.wait_for_states(&["answered"]);
    let row = house.log().remove(0);
    assert_eq!(row["decision"], "document");
    assert_eq!(row["documents"][0]["kommune"], "09573");
    assert_eq!(row["documents"][0]["rat"], "Kreistag");
    assert_eq!(row["attempts"], 1);
    assert_eq!(row["message_id"], "<one@example.net>");
    until(
        || files(&house.path("in/cur")).len() == 1,
        "the handled mail to be marked",
    );
    let lines = daemon.told();
    daemon.stop();
    for personal in ["anna", "Anna", "Musterantrag", "Fürth"] {
        assert!(
            !lines.contains(personal),
            "an event line names {personal}: {lines}"
        );
    }
}

#[test]
fn mail_read_before_the_first_start_is_left_alone_and_unread_mail_is_taken_up() {
    let house = House::new();
    fs::write(house.path("in/cur/old:2,S"), request("old", FUERTH)).unwrap();
    fs::write(house.path("in/cur/unread:2,"), request("unread", FUERTH)).unwrap();
    let daemon = house.serve();
    let replies = house.wait_for_replies(1);
    assert!(replies[0].contains("In-Reply-To: <unread@example.net>"));
    daemon.stop();
    let daemon = house.serve();
    house.put("new", &request("new", FUERTH));
    let replies = house.wait_for_replies(2);
    assert_eq!(replies.len(), 2);
    assert!(!replies.concat().contains("<old@example.net>"));
    daemon.stop();
}

#[test]
fn what_is_in_the_log_when_the_daemon_is_killed_is_answered_once_by_the_next() {
    let house = House::new();
    let daemon = house.serve();
    for number in 0..40 {
        let name = format!("mail{number:02}");
        let sender = format!("person{number}@example.net");
        let mail = request(&name, FUERTH).replace("anna@example.net", &sender);
        house.put(&name, &mail);
    }
    house.wait_for_replies(3);
    daemon.kill();
    let daemon = house.serve();
    until(
        || {
            let rows = house.log();
            rows.len() == 40 && rows.iter().all(|row| row["state"] == "answered")
        },
        "all to be answered",
    );
    daemon.stop();
    let replies = house.replies();
    for number in 0..40 {
        let answered = format!("In-Reply-To: <mail{number:02}@example.net>");
        let ids: Vec<&str> = replies
            .iter()
            .filter(|reply| reply.contains(&answered))
            .filter_map(|reply| reply.lines().find(|line| line.starts_with("Message-ID:")))
            .collect();
        assert!(!ids.is_empty(), "mail{number:02} has no reply");
        assert!(
            ids.iter().all(|id| *id == ids[0]),
            "mail{number:02}: {ids:?}"
        );
    }
}

#[test]
fn broken_mails_leave_the_daemon_running_and_get_their_rows() {
    let house = House::new();
    let daemon = house.serve();
    house.put("a-empty", "");
    house.put("b-noise", "\u{0}\u{1}keine Kopfzeile\n\n\n");
    house.put("c-good", &request("good", FUERTH));
    let replies = house.wait_for_replies(1);
    assert!(
        replies
            .iter()
            .any(|reply| reply.contains("<good@example.net>"))
    );
    until(|| house.log().len() == 3, "three rows");
    daemon.stop();
}

#[test]
fn the_same_mail_twice_is_answered_once() {
    let house = House::new();
    let daemon = house.serve();
    house.put("one", &request("same", FUERTH));
    house.wait_for_states(&["answered"]);
    house.put("two", &request("same", FUERTH));
    house.wait_for_states(&["answered", "ignored"]);
    assert_eq!(house.replies().len(), 1);
    daemon.stop();
}

#[test]
fn deliver_hands_mail_to_the_service_and_says_when_there_is_none() {
    let house = House::new();
    let deliver = |mail: &str| house.0.feed(&["deliver"], mail.as_bytes()).code;
    assert_eq!(deliver(&request("early", FUERTH)), 75);
    let daemon = house.serve();
    assert_eq!(deliver(&request("piped", FUERTH)), 0);
    assert_eq!(house.log().len(), 1, "0 means: on disk");
    let replies = house.wait_for_replies(1);
    assert!(replies[0].contains("In-Reply-To: <piped@example.net>"));
    daemon.stop();
}

#[test]
fn who_is_forgotten_while_the_daemon_runs_leaves_no_byte_behind() {
    let house = House::new();
    let daemon = house.serve();
    house.put("one", &request("one", FUERTH));
    house.wait_for_states(&["answered"]);
    let run = house.0.run(&["log", "forget", "Anna@Example.net"]);
    assert_eq!(run.code, 0, "{run:?}");
    let remains = || {
        ["log.db", "log.db-wal", "log.db-shm"].iter().any(|name| {
            let bytes = fs::read(house.path(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).contains("anna@example.net")
        })
    };
    until(|| !remains(), "the address to be gone");
    assert_eq!(house.log().len(), 1, "the count stays");
    house.put("two", &request("two", FUERTH));
    house.wait_for_replies(2);
    daemon.stop();
}

#[test]
fn hangup_takes_up_changed_texts_and_a_broken_one_leaves_the_last_sound_one() {
    let house = House::new();
    let mail = house.path("templates/mail");
    let motion = house.path("templates/nationaler-integrationsplan");
    fs::create_dir_all(&mail).unwrap();
    fs::create_dir_all(&motion).unwrap();
    let shipped =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/nationaler-integrationsplan");
    for file in files(&shipped) {
        fs::copy(&file, motion.join(file.file_name().unwrap())).unwrap();
    }
    house.configure("[templates]\npath = \"templates\"\n");
    let daemon = house.serve();
    let text = mail.join("question.txt");
    let reply_to = |name: &str| house.ask(name, &request(name, "Bitte den Musterantrag."));
    fs::write(&text, "Geaenderter Text der Rueckfrage.\n").unwrap();
    daemon.reload("reloaded");
    assert!(reply_to("changed").contains("Geaenderter Text"));
    fs::write(&text, "{{ nicht_zu_ende").unwrap();
    daemon.reload("last sound state stays in use");
    assert!(reply_to("broken").contains("Geaenderter Text"));
    daemon.stop();
}

/// A mail of the same sender that answers one of the daemon's replies without quoting it.
fn answer_to(reply: &str, id: &str, field: &str, text: &str) -> String {
    let line = reply.lines().find(|line| line.starts_with("Message-ID:"));
    let own = line.unwrap().trim_start_matches("Message-ID:").trim();
    let mail = request(id, text).replace("Subject: ", "Subject: AW: ");
    mail.replace("MIME-Version", &format!("{field}: {own}\nMIME-Version"))
}

const FRIEDBERG: &str = "Bitte den Musterantrag für den Ausländerbeirat Friedberg.";

#[test]
fn an_answer_in_the_thread_completes_the_request_also_after_a_restart() {
    let house = House::new();
    let daemon = house.serve();
    let question = house.ask("one", &request("one", FRIEDBERG));
    assert!(!question.contains("wordprocessingml"), "{question}");
    daemon.stop();
    let daemon = house.serve();
    let two = answer_to(&question, "two", "In-Reply-To", "2");
    let reply = house.ask("two", &two);
    assert!(reply.contains("wordprocessingml"), "{reply}");
    assert_eq!(house.last(), ("document".into(), vec!["09771130".into()]));
    // and a correction of what was sent, known by its References alone
    let three = answer_to(&reply, "three", "References", "Nein, das in Hessen.");
    house.ask("three", &three);
    assert_eq!(house.last(), ("document".into(), vec!["06440008".into()]));
    house.ask("four", &answer_to(&reply, "four", "In-Reply-To", "Falsch!"));
    assert_eq!(house.last().0, "question");
    let ids: Vec<String> = house
        .log()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    let run = house.0.run(&["log", "show", &ids[1]]);
    let shown = run.output();
    let thread: Vec<&str> = shown
        .lines()
        .filter(|line| line.starts_with("vorher") || line.starts_with("nachher"))
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    assert_eq!(thread, [&ids[0], &ids[2], &ids[3]], "{shown}");
    daemon.stop();
}

#[test]
fn a_second_motion_is_asked_about_sent_and_recorded() {
    let house = House::new();
    house.configure(motions::WITH_TEMPLATES);
    motions::take_up_example(&house.0);
    let daemon = house.serve();
    let which = "Bitte die Anträge zum Integrationsfonds und zum Integrationsplan.\n\n\
        Kommune: Fürth\nBeirat: Ausländerbeirat\nSitzung: 3.5.2026";
    let question = house.ask("one", &request("one", which));
    let question = house.ask(
        "two",
        &answer_to(&question, "two", "In-Reply-To", "den Fonds"),
    );
    let reply = house.ask(
        "three",
        &answer_to(&question, "three", "In-Reply-To", "5000 Euro"),
    );
    assert!(reply.contains("wordprocessingml"), "{reply}");
    house.wait_for_states(&["answered", "answered", "answered"]);
    let rows: Vec<String> = house
        .log()
        .iter()
        .map(|row| {
            let file = &row["documents"][0]["file"];
            format!("{} {} {file}", row["decision"], row["template"])
        })
        .collect();
    assert_eq!(
        rows,
        [
            "\"question\" null null",
            "\"question\" \"integrationsfonds\" null",
            "\"document\" \"integrationsfonds\" \"Integrationsfonds_Stadt-Fürth_Ausländerbeirat.docx\"",
        ]
    );
    daemon.stop();
}

#[test]
fn nobody_else_completes_a_request() {
    let house = House::new();
    let daemon = house.serve();
    let question = house.ask("one", &request("one", FRIEDBERG));
    let two = answer_to(&question, "two", "In-Reply-To", "2");
    let other = two.replace("anna@example.net", "berta@example.net");
    house.ask("two", &other);
    assert_eq!(house.last(), ("question".into(), Vec::new()));
    let three = answer_to(&question, "three", "In-Reply-To", "2");
    let same = three.replace("anna@example.net", "ANNA@Example.NET");
    house.ask("three", &same);
    assert_eq!(house.last(), ("document".into(), vec!["09771130".into()]));
    daemon.stop();
}

#[test]
fn two_rounds_are_asked_then_comes_a_word_and_no_more() {
    let house = House::new();
    house.configure("[admin]\naddress = \"amt@example.org\"\n");
    let daemon = house.serve();
    let mut reply = house.ask("m0", &request("m0", FRIEDBERG));
    for id in ["m1", "m2"] {
        assert!(!reply.contains("amt@example.org"), "{reply}");
        reply = house.ask(
            id,
            &answer_to(&reply, id, "In-Reply-To", "Das ist schwierig."),
        );
    }
    assert!(reply.contains("amt@example.org"), "{reply}");
    assert_eq!(house.last(), ("question".into(), Vec::new()));
    house.put("m3", &answer_to(&reply, "m3", "In-Reply-To", "Aha."));
    let states = ["answered", "answered", "answered", "ignored"];
    house.wait_for_states(&states);
    let run = house
        .0
        .run(&["log", "show", house.log()[3]["id"].as_str().unwrap()]);
    assert!(run.output().contains("loop"), "{}", run.output());
    // whoever says it after all gets the motion
    house.ask(
        "m4",
        &answer_to(&reply, "m4", "In-Reply-To", "Friedberg in Hessen"),
    );
    assert_eq!(house.last(), ("document".into(), vec!["06440008".into()]));
    daemon.stop();
}
