//! Replies that come back from a real Postfix, and machines that answer the daemon.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mail_parser::MessageParser;
use serde_json::Value;

use crate::correspondence::{replies, request, rows, until_answered, until_rows};
use crate::support::{Daemon, House, PEOPLE, Settings, program};

/// Recipients whom Postfix accepts and cannot deliver to: what stands behind them, what
/// refuses there, and what the log says of it.
const REFUSED: [(&str, &str, &str, &str); 3] = [
    (
        "weg",
        "niemand@example.org",
        "",
        "unzustellbar: unknown user: \"niemand@example.org\" (Status 5.1.1)",
    ),
    (
        "voll",
        "post@voll.example",
        "voll.example error:5.2.2 Das Postfach ist voll",
        "unzustellbar: Das Postfach ist voll (Status 5.2.2)",
    ),
    (
        "klein",
        "post@klein.example",
        "klein.example error:5.3.4 Die Nachricht ist zu gross",
        "unzustellbar: Die Nachricht ist zu gross (Status 5.3.4)",
    ),
];

/// Restarts Postfix with other settings.
fn reconfigure(house: &mut House, settings: &[&str]) {
    house.postfix.stop();
    let mut postconf = Command::new("postconf");
    let etc = house.path("postfix/etc");
    let status = postconf
        .arg("-c")
        .arg(etc)
        .arg("-e")
        .args(settings)
        .status();
    assert!(status.unwrap().success());
    house.postfix.resume();
}

/// Has Postfix pass on these addresses, and refuse or put off what is for these domains.
fn pass_on(house: &mut House, aliases: &str, transports: &str) {
    let [aliases_file, transports_file] =
        ["postfix/etc/aliases", "postfix/etc/transports"].map(|name| house.path(name));
    fs::write(&aliases_file, aliases).unwrap();
    fs::write(&transports_file, transports).unwrap();
    let aliases = format!("virtual_alias_maps=texthash:{}", aliases_file.display());
    let transports = format!("transport_maps=texthash:{}", transports_file.display());
    reconfigure(house, &[&aliases, &transports]);
}

/// A request of this person of the domain.
fn request_of(person: &str) -> Vec<u8> {
    let text = String::from_utf8(request(person)).unwrap();
    text.replace("anna@", &format!("{person}@")).into_bytes()
}

/// A mail that somebody's program sends to the daemon.
fn machine(fields: &str, text: &str) -> Vec<u8> {
    format!(
        "To: antrag@example.org\r\nDate: Tue, 3 Mar 2026 10:00:00 +0100\r\n\
         Content-Type: text/plain; charset=utf-8\r\n{fields}\r\n{text}\r\n"
    )
    .into_bytes()
}

/// How many mails each mailbox holds, what was set aside included.
fn counts(house: &House) -> [usize; 4] {
    house.postfix.until_delivered();
    PEOPLE.map(|person| {
        let mut imap = house.dovecot.login(person);
        let folders = imap.folders();
        folders.iter().map(|folder| imap.count(folder)).sum()
    })
}

fn shown(config: &Path, row: &Value) -> String {
    let show = program(config, &["log", "show", row["id"].as_str().unwrap()]);
    assert_eq!(show.code, 0, "{}", show.errors);
    show.output
}

fn is_ignored(row: &Value) -> bool {
    row["state"] == "ignored" && row["attempts"] == 0
}

#[test]
fn replies_that_postfix_returns_fail_their_requests_and_are_not_answered() {
    let mut house = House::start();
    let aliases = REFUSED.map(|(person, to, ..)| format!("{person}@example.org {to}\n"));
    let transports = REFUSED.map(|(_, _, transport, _)| format!("{transport}\n"));
    pass_on(&mut house, &aliases.concat(), &transports.concat());
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    for (person, ..) in REFUSED {
        house.dovecot.drop_in("antrag", person, &request_of(person));
    }
    until_rows(&config, REFUSED.len(), |row| row["state"] == "failed");
    until_rows(&config, REFUSED.len(), is_ignored);
    daemon.stop();

    let rows = rows(&config);
    assert_eq!(rows.len(), 2 * REFUSED.len());
    for (person, _, _, error) in REFUSED {
        let from = format!("{person}@example.org");
        let request = rows
            .iter()
            .find(|row| row["from"] == from.as_str())
            .unwrap();
        assert_eq!(
            (&request["error"], &request["attempts"]),
            (&error.into(), &1.into())
        );
        let id = request["id"].as_str().unwrap();
        let report = rows
            .iter()
            .find(|row| shown(&config, row).contains(&format!("Anfrage {id}.")));
        let report = report.unwrap();
        let named = format!(
            "Unzustellbar gemeldet durch {}.",
            report["id"].as_str().unwrap()
        );
        assert!(shown(&config, request).contains(&named));
        assert!(shown(&config, report).contains("bounce"));
        // What the events say is for everybody who may read the journal.
        let events = fs::read_to_string(house.path("daemon.txt")).unwrap();
        assert!(events.contains(id) && !events.contains(&from));
    }
    // Three requests and three reports in the daemon's mailbox, nothing anywhere else.
    assert_eq!(counts(&house), [6, 0, 0, 0]);
}

#[test]
fn a_delay_is_noted_and_the_end_of_the_wait_is_the_failure() {
    let mut house = House::start();
    pass_on(
        &mut house,
        "fern@example.org post@fern.example\n",
        "fern.example retry:4.4.1 niemand hebt ab\n",
    );
    let soon = [
        "queue_run_delay=1s",
        "minimal_backoff_time=1s",
        "maximal_backoff_time=1s",
    ];
    reconfigure(
        &mut house,
        &[&soon[..], &["delay_warning_time=1s"]].concat(),
    );
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    house.dovecot.drop_in("antrag", "fern", &request_of("fern"));
    until_rows(&config, 1, is_ignored);
    let delayed = rows(&config).remove(0);
    assert_eq!(
        (&delayed["state"], &delayed["error"]),
        (&"answered".into(), &Value::Null)
    );
    let noted = shown(&config, &delayed);
    assert!(noted.contains("Verzögerung gemeldet durch"), "{noted}");
    assert!(noted.contains("niemand hebt ab (Status 4.4.1)"), "{noted}");

    reconfigure(&mut house, &["maximal_queue_lifetime=1s"]);
    until_rows(&config, 1, |row| row["state"] == "failed");
    daemon.stop();
    let failed = rows(&config).remove(0);
    assert_eq!(
        failed["error"],
        "unzustellbar: niemand hebt ab (Status 4.4.1)"
    );
    assert_eq!(counts(&house), [3, 0, 0, 0]);
}

/// A house whose daemon has answered one mail, and the Message-ID of its reply.
fn once_answered() -> (House, PathBuf, Daemon, String) {
    let house = House::start();
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    house
        .dovecot
        .drop_in("antrag", "anfrage", &request("anfrage"));
    until_answered(&house, 1);
    let ours = replies(&house).remove(0).message_id;
    (house, config, daemon, ours)
}

#[test]
fn a_storm_of_reports_costs_no_reply() {
    let (house, config, daemon, ours) = once_answered();
    for number in 0..200 {
        // Half of them are about a mail nobody here has sent.
        let id = [ours.as_str(), "01m829h6wdah2e0szwt36c1wsy@example.org"][number % 2];
        let fields = format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.net\r\nMessage-ID: <{number}@example.net>\r\n\
             Subject: Undelivered Mail Returned to Sender\r\nIn-Reply-To: <{id}>\r\n"
        );
        let report = machine(&fields, "<anna@example.org>: 550 5.1.1 unknown user");
        house
            .dovecot
            .drop_in("antrag", &format!("report-{number}"), &report);
    }
    until_rows(&config, 200, is_ignored);
    daemon.stop();
    let rows = rows(&config);
    assert_eq!(rows.len(), 201);
    assert_eq!(
        (&rows[0]["state"], &rows[0]["attempts"]),
        (&"failed".into(), &1.into())
    );
    assert_eq!(counts(&house), [201, 1, 0, 0]);
}

/// The configuration of a second bot, in a folder of its own: the one of "verwaltung".
fn second_bot(house: &House, config: &Path) -> PathBuf {
    let folder = house.path("zweiter");
    fs::create_dir(&folder).unwrap();
    fs::copy(house.path("kennwort"), folder.join("kennwort")).unwrap();
    let text = fs::read_to_string(config).unwrap();
    let file = folder.join("antragsbote.toml");
    fs::write(&file, text.replace("antrag@", "verwaltung@")).unwrap();
    file
}

#[test]
fn two_bots_end_after_one_mail() {
    let house = House::start();
    let first = house.configure(Settings::default());
    let second = second_bot(&house, &first);
    let daemons = [Daemon::start(&first), Daemon::start(&second)];
    let other = "From: Anna <anna@example.org>\r\nReply-To: verwaltung@example.org\r\nSubject: Musterantrag\r\n";
    for (number, text) in ["Stadt Fürth, Ausländerbeirat", "Bitte den Musterantrag."]
        .iter()
        .enumerate()
    {
        let fields = format!("{other}Message-ID: <{number}@example.org>\r\n");
        let name = format!("bot-{number}");
        house
            .dovecot
            .drop_in("antrag", &name, &machine(&fields, text));
    }
    until_rows(&first, 2, |row| row["state"] == "answered");
    until_rows(&second, 2, is_ignored);
    daemons.into_iter().for_each(Daemon::stop);
    let decisions: Vec<_> = rows(&first)
        .into_iter()
        .map(|row| row["decision"].clone())
        .collect();
    assert_eq!(decisions, ["document", "question"]);
    // One letter each, which is answered by nobody: antrag, anna, bernd, verwaltung.
    assert_eq!(counts(&house), [2, 0, 0, 2]);
}

#[test]
fn responders_on_the_other_side_end_it_soon() {
    let (house, config, daemon, ours) = once_answered();
    let anna =
        format!("From: anna@example.org\r\nSubject: Re: Musterantrag\r\nIn-Reply-To: <{ours}>\r\n");
    let absence = "Ich bin bis Montag nicht im Büro. Ihre Mail wird nicht weitergeleitet.";
    for (number, fields) in [
        "Auto-Submitted: auto-replied (vacation)\r\nReturn-Path: <>\r\n",
        "X-Autoreply: yes\r\nPrecedence: bulk\r\n",
        "",
    ]
    .iter()
    .enumerate()
    {
        let fields = format!("{anna}Message-ID: <weg-{number}@example.org>\r\n{fields}");
        let name = format!("weg-{number}");
        house
            .dovecot
            .drop_in("antrag", &name, &machine(&fields, absence));
    }
    until_rows(&config, 3, is_ignored);
    assert_eq!(counts(&house), [4, 1, 0, 0]);

    // One that repeats what it gets under words of its own, and shows by no field what it is.
    let begun = format!(
        "From: bernd@example.org\r\nMessage-ID: <r@example.org>\r\nIn-Reply-To: <{ours}>\r\n"
    );
    let mut echo = machine(&begun, "Status: offen");
    for round in 0..6 {
        house.dovecot.drop_in("antrag", &format!("r{round}"), &echo);
        until_rows(&config, 5 + round, |row| {
            row["state"] == "answered" || row["state"] == "ignored"
        });
        house.postfix.until_delivered();
        let letter = house
            .dovecot
            .login("bernd")
            .messages("INBOX")
            .pop()
            .unwrap();
        let letter = MessageParser::default().parse(&letter.raw).unwrap();
        let quoted = letter.body_text(0).unwrap().replace('\n', "\n> ");
        let fields = format!(
            "From: bernd@example.org\r\nSubject: Re: Musterantrag\r\nMessage-ID: <r{round}@example.org>\r\n\
             In-Reply-To: <{}>\r\n",
            letter.message_id().unwrap()
        );
        echo = machine(&fields, &format!("Status: offen\r\n\r\n> {quoted}"));
    }
    daemon.stop();
    assert_eq!(counts(&house), [10, 1, 3, 0], "three letters and no more");
}
