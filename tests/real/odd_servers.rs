//! IMAP servers say what they rarely say: each mail is answered once afterwards.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::correspondence::request;
use crate::support::{Daemon, Script, eventually};

/// Only a failing test waits as long.
const PATIENCE: Duration = Duration::from_secs(90);

/// A daemon's folder: its mailbox is a script, its replies lie in a Maildir.
struct Scripted {
    folder: TempDir,
    script: Script,
}

impl Scripted {
    fn new(scripts: &[&str]) -> Self {
        let folder = TempDir::with_prefix("antragsbote-").unwrap();
        let script = Script::play(scripts);
        let text = format!(
            "[bot]\naddress = \"antrag@example.org\"\n\
             [mailbox]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
             password = \"geheim\"\narchive = \"Erledigt\"\n\
             [outbound]\nkind = \"maildir\"\npath = \"out\"\n\
             [log]\nurl = \"sqlite:log.db\"\n",
            script.port
        );
        fs::write(folder.path().join("antragsbote.toml"), text).unwrap();
        Self { folder, script }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("antragsbote.toml")
    }

    fn replies(&self) -> usize {
        fs::read_dir(self.folder.path().join("out/new")).map_or(0, Iterator::count)
    }

    fn until_replies(&self, name: &str, count: usize) {
        eventually(&format!("{name}: {count} replies"), PATIENCE, || {
            (self.replies() == count).then_some(())
        });
    }

    fn until_heard(&self, name: &str, words: &str) {
        eventually(&format!("{name}: {words}"), PATIENCE, || {
            let heard = self.script.heard();
            heard.iter().any(|line| line.contains(words)).then_some(())
        });
    }
}

/// What a server says up to where the folder is selected.
const OPENING: &str = r#"
    S: * OK hello
    C: {tag} CAPABILITY
    S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
    S: {tag} OK
    C: {tag} AUTHENTICATE
    S: +
    C: AG
    S: {tag} OK welcome
    C: {tag} CAPABILITY
    S: * CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS
    S: {tag} OK
    C: {tag} LIST "" ""
    S: * LIST (\Noselect) "/" ""
    S: {tag} OK
    C: {tag} SELECT
    S: * 1 EXISTS
    S: * OK [UIDVALIDITY 7] fine
    S: {tag} OK [READ-WRITE] done
    C: {tag} LIST "" "Erledigt"
    S: * LIST () "/" "Erledigt"
    S: {tag} OK
"#;

/// A look that finds one mail.
const LOOK: &str = r#"
    C: {tag} UID FETCH
    S: * 1 FETCH (UID 5 FLAGS () INTERNALDATE "17-Nov-2026 10:00:00 +0100" RFC822.SIZE @SIZE@)
    S: {tag} OK
"#;

/// The mail, as it should come.
const BODY: &str = r#"
    C: {tag} UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[])
    S+ * 1 FETCH (UID 5 RFC822.SIZE @SIZE@ BODY[] {@SIZE@}\r\n@MAIL@)\r\n
    S: {tag} OK
"#;

/// Waits for the answer, and sets it aside.
const REST: &str = r#"
    C: {tag} IDLE
    S: + idling
    C: DONE
    S: {tag} OK
    C: {tag} UID FETCH
    S: {tag} OK
    C: {tag} UID MOVE 5 "Erledigt"
    S: {tag} OK
    C: {tag} IDLE
    S: + idling
    ! stall
"#;

/// A script of these parts, about one mail.
fn script(parts: &[&str]) -> String {
    let mail = request("1");
    let text = String::from_utf8(mail.clone()).unwrap();
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'\r' => escaped.push_str("\\r"),
            b'\n' => escaped.push_str("\\n"),
            b' '..=b'~' if byte != b'\\' => escaped.push(char::from(byte)),
            other => escaped.push_str(&format!("\\x{other:02x}")),
        }
    }
    parts
        .concat()
        .replace("@SIZE@", &mail.len().to_string())
        .replace("@MAIL@", &escaped)
}

/// The parser cuts the first byte off such words.
const PANICS: &str = "words at which the parser panics";

/// What comes where a well-behaved server would go on, after these parts.
const BROKEN: &[(&str, &[&str], &str)] = &[
    ("bye at once", &[], "S: * BYE too many connections"),
    (
        "bye during the look",
        &[OPENING],
        "C: {tag} UID FETCH\n S: * BYE going down",
    ),
    (
        "no to the look",
        &[OPENING],
        "C: {tag} UID FETCH\n S: {tag} NO [SERVERBUG] index",
    ),
    (
        "no to the fetch",
        &[OPENING, LOOK],
        "C: {tag} UID FETCH\n S: {tag} NO [UNAVAILABLE] later",
    ),
    (
        "bye amid the fetch",
        &[OPENING, LOOK],
        "C: {tag} UID FETCH\n S+ * 1 FETCH (UID 5 BODY[] {400}\\r\\nFrom: An\n ! cut",
    ),
    (
        "a literal of four gigabytes",
        &[OPENING, LOOK],
        "C: {tag} UID FETCH\n S+ * 1 FETCH (UID 5 BODY[] {4000000000}\\r\\nFrom: An\n C: never",
    ),
    (
        "a fetch without its uid",
        &[OPENING, LOOK],
        "C: {tag} UID FETCH\n S+ * 1 FETCH (BODY[] {2}\\r\\nab)\\r\\n\n S: {tag} OK\n C: {tag} UID SEARCH UID 5\n S: * SEARCH 5\n S: {tag} OK\n C: {tag} LOGOUT",
    ),
    (
        "responses without an end",
        &[OPENING],
        "C: {tag} UID FETCH\n S* 2000000 * 1 FETCH (FLAGS (\\Seen) X-PADDING NIL)\n C: never",
    ),
    (
        "a line without an end",
        &[OPENING],
        "C: {tag} UID FETCH\n S+ * OK \n S* 100000 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\\n C: never",
    ),
    (
        "login that fails for the server's own reasons",
        &[],
        "S: * OK hello\n C: {tag} CAPABILITY\n S: * CAPABILITY IMAP4rev1\n S: {tag} OK\n C: {tag} LOGIN\n S: {tag} NO [UNAVAILABLE] directory is down",
    ),
    (PANICS, &[], "S+ * OK [ALERT]\\xc3\\xa4\\r\\n"),
];

#[test]
fn what_servers_rarely_say() {
    let good = script(&[OPENING, LOOK, BODY, REST]);
    let cases: Vec<_> = BROKEN
        .iter()
        .map(|&(name, parts, rest)| {
            let broken = script(&[&parts.concat(), rest]);
            let good = good.clone();
            thread::spawn(move || {
                let scripted = Scripted::new(&[&broken, &good]);
                let daemon = Daemon::start(&scripted.config());
                scripted.until_heard(name, "UID MOVE");
                assert_eq!(scripted.replies(), 1, "{name}");
                // A debug build reads all its symbols to tell of a panic.
                let peak = daemon.peak_memory();
                assert!(peak < 60 << 20 || name == PANICS, "{name}: {peak}");
                daemon.stop();
            })
        })
        .collect();
    for case in cases {
        case.join().unwrap();
    }
}

/// Goes well in the end, on one connection.
const ODD: &[(&str, &str, usize)] = &[
    (
        "told of other things in between",
        "
        C: {tag} UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[])
        S: * 4 EXPUNGE
        S: * 1 FETCH (FLAGS (\\Seen))
        S: * OK Still here
        S: * CAPABILITY IMAP4rev1
        S+ * 1 FETCH (UID 9 BODY[] {1}\\r\\nx)\\r\\n
        S+ * 1 FETCH (UID 5 RFC822.SIZE 3 BODY[] {@SIZE@}\\r\\n@MAIL@)\\r\\n
        S: {tag} OK
    ",
        1,
    ),
    (
        "a body that is nil",
        "
        C: {tag} UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[])
        S: * 1 FETCH (UID 5 RFC822.SIZE 0 BODY[] NIL)
        S: {tag} OK
    ",
        0,
    ),
    (
        "gone between list and fetch",
        "
        C: {tag} UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[])
        S: {tag} OK
        C: {tag} UID SEARCH UID 5
        S: * SEARCH
        S: {tag} OK
    ",
        0,
    ),
];

#[test]
fn what_is_odd_and_yet_no_trouble() {
    for &(name, answer, replies) in ODD {
        let rest = "C: {tag} IDLE\n S: + idling\n ! stall";
        let scripted = Scripted::new(&[&script(&[OPENING, LOOK, answer, rest])]);
        let daemon = Daemon::start(&scripted.config());
        scripted.until_heard(name, "IDLE");
        scripted.until_replies(name, replies);
        daemon.stop();
        assert_eq!(scripted.script.surprises(), [""; 0], "{name}");
        assert_eq!(scripted.script.connections(), 1, "{name}");
    }
}

#[test]
fn a_refused_move_leaves_the_mail_and_answers_it_once() {
    let refusal = r#"
    C: {tag} IDLE
    S: + idling
    C: DONE
    S: {tag} OK
    C: {tag} UID FETCH
    S: * 1 FETCH (UID 5 FLAGS () INTERNALDATE "17-Nov-2026 10:00:00 +0100" RFC822.SIZE @SIZE@)
    S: {tag} OK
    C: {tag} UID MOVE 5 "Erledigt"
    S: {tag} NO [OVERQUOTA] full
    C: {tag} IDLE
    S: + idling
    S: * 2 EXISTS
    C: DONE
    S: {tag} OK
    C: {tag} UID FETCH 6
    S: * 1 FETCH (UID 5 FLAGS () INTERNALDATE "17-Nov-2026 10:00:00 +0100" RFC822.SIZE @SIZE@)
    S: {tag} OK
    C: {tag} IDLE
    S: + idling
    ! stall
    "#;
    let scripted = Scripted::new(&[&script(&[OPENING, LOOK, BODY, refusal])]);
    let daemon = Daemon::start(&scripted.config());
    eventually("the third look", PATIENCE, || {
        let heard = scripted.script.heard();
        let idles = heard.iter().filter(|line| line.ends_with("IDLE")).count();
        (idles == 3).then_some(())
    });
    daemon.stop();
    assert_eq!(scripted.replies(), 1);
    assert_eq!(scripted.script.surprises(), [""; 0]);
    assert_eq!(scripted.script.connections(), 1);
}
