//! Changed motions while the daemon runs: what is sound is taken up, what is broken stays as it was.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders as _};

use crate::daemon::{Daemon, House, files, request, until};
use crate::program;

pub(crate) const DEFAULT: &str = "nationaler-integrationsplan";
const ADMIN: &str = "technik@example.net";

/// A house whose templates lie in a folder of its own: the shipped motion and a second one.
pub(crate) fn house() -> House {
    let house = House::new();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("templates")
        .join(DEFAULT);
    for file in files(&shipped) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let content = fs::read(&file).unwrap();
        house
            .0
            .write(&format!("vorlagen/{DEFAULT}/{name}"), content);
    }
    house.0.write(
        "vorlagen/zweiter/template.toml",
        "title = \"Der zweite Antrag\"\n",
    );
    write(&house, "zweiter", "Zwei, erste Fassung.");
    house.configure(&format!(
        "[templates]\npath = \"vorlagen\"\n[admin]\naddress = \"{ADMIN}\"\n"
    ));
    house
}

/// Changes the text of a motion.
pub(crate) fn write(house: &House, motion: &str, text: &str) {
    house.0.write(
        &format!("vorlagen/{motion}/motion.md"),
        format!("# Antrag\n\n{text}\n"),
    );
}

/// The text of the document that answers a request for a motion.
fn document(house: &House, id: &str, motion: &str) -> String {
    let text = format!("Vorlage: {motion}\nKommune: Landkreis Fürth\nBeirat: Ausländerbeirat");
    document_of(&house.ask(id, &request(id, &text)))
}

/// The text of the document that a reply carries.
pub(crate) fn document_of(reply: &str) -> String {
    let mail = MessageParser::default().parse(reply.as_bytes()).unwrap();
    let word = mail.attachments().find(|part| {
        let name = part.attachment_name().unwrap_or_default();
        name.ends_with(".docx")
    });
    let word = word.unwrap_or_else(|| panic!("no document in {reply}"));
    let bytes = std::io::Cursor::new(word.contents());
    let mut package = zip::ZipArchive::new(bytes).unwrap();
    let mut xml = String::new();
    let mut part = package.by_name("word/document.xml").unwrap();
    part.read_to_string(&mut xml).unwrap();
    xml
}

/// The texts of the mails to the administrator under a subject, once there are so many.
pub(crate) fn told(house: &House, subject: &str, count: usize) -> Vec<String> {
    let told = || -> Vec<String> {
        let replies = house.replies();
        let mails = replies
            .iter()
            .map(|raw| MessageParser::default().parse(raw.as_bytes()).unwrap());
        mails
            .filter(|mail| mail.subject().is_some_and(|own| own.starts_with(subject)))
            .map(|mail| mail.body_text(0).unwrap().into_owned())
            .collect()
    };
    until(|| told().len() >= count, subject);
    told()
}

pub(crate) const TROUBLE: &str = "Bitte nachsehen: Dateien";
pub(crate) const WELL: &str = "Erledigt: Dateien";
const KEPT: &str = "there the last sound state stays in use";

/// Reloads, and waits until the daemon has said so often what it says of it.
pub(crate) fn hang_up(daemon: &Daemon, words: &str, count: usize) {
    daemon.signal("-HUP");
    until(|| daemon.told().matches(words).count() == count, words);
}

#[test]
fn a_broken_motion_stays_as_it_was_and_the_others_are_taken_up() {
    let house = house();
    let daemon = house.serve();
    write(&house, DEFAULT, "Eins, zweite Fassung.");
    hang_up(&daemon, "reloaded", 1);
    assert!(document(&house, "a", DEFAULT).contains("Eins, zweite Fassung."));

    write(&house, DEFAULT, "Eins, dritte Fassung: {{ kommun }}");
    write(&house, "zweiter", "Zwei, zweite Fassung.");
    hang_up(&daemon, KEPT, 1);
    assert!(document(&house, "b", DEFAULT).contains("Eins, zweite Fassung."));
    assert!(document(&house, "c", "zweiter").contains("Zwei, zweite Fassung."));
    let mail = told(&house, TROUBLE, 1).remove(0);
    assert!(
        mail.contains(&format!("{DEFAULT}/motion.md, ")) && mail.contains("„kommun“"),
        "{mail}"
    );

    // mended and checked, it is taken up without a signal
    write(&house, DEFAULT, "Eins, vierte Fassung.");
    let run = house.0.run(&["template", "check", DEFAULT]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let sentence = format!("✓ {DEFAULT}: der laufende Dienst verwendet diesen Stand\n");
    assert!(run.output().ends_with(&sentence), "{}", run.output());
    assert!(document(&house, "d", DEFAULT).contains("Eins, vierte Fassung."));
    told(&house, WELL, 1);
    let lines = daemon.told();
    daemon.stop();
    for name in [DEFAULT, "zweiter", "kommun", "technik"] {
        assert!(!lines.contains(name), "an event line names {name}: {lines}");
    }
}

#[test]
fn what_is_checked_is_taken_up_alone() {
    let house = house();
    let daemon = house.serve();
    write(&house, DEFAULT, "Noch nicht fertig.");
    write(&house, "zweiter", "Zwei, geprüft.");
    let run = house.0.run(&["template", "check", "zweiter"]);
    assert!(
        run.output().contains("✓ zweiter: der laufende Dienst"),
        "{run:?}"
    );
    assert!(document(&house, "a", "zweiter").contains("Zwei, geprüft."));
    assert!(!document(&house, "b", DEFAULT).contains("Noch nicht fertig."));
    // a motion that was not on offer
    house
        .0
        .write("vorlagen/neu/template.toml", "title = \"Ganz neu\"\n");
    write(&house, "neu", "Drei, neu.");
    let run = house.0.run(&["template", "check", "neu"]);
    assert!(
        run.output().contains("✓ neu: der laufende Dienst"),
        "{run:?}"
    );
    assert!(document(&house, "c", "neu").contains("Drei, neu."));
    // what is checked under another folder of templates is none of the service's
    let other = format!(
        "{}[templates]\npath = \"andere\"\ndefault = \"neu\"\n",
        program::CONFIG
    );
    house.0.write("andere.toml", other);
    for file in ["template.toml", "motion.md"] {
        let content = house.0.read(&format!("vorlagen/neu/{file}"));
        house.0.write(&format!("andere/neu/{file}"), content);
    }
    house
        .0
        .write("andere/neu/motion.md", "Aus dem anderen Ordner.");
    let run = house
        .0
        .run(&["--config", "andere.toml", "template", "check", "neu"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(
        run.output().contains(
            "! neu: der laufende Dienst kann das nicht übernehmen: er verwendet einen anderen"
        ),
        "{}",
        run.output()
    );
    assert!(document(&house, "d", "neu").contains("Drei, neu."));
    daemon.stop();
}

#[test]
fn half_written_folders_change_nothing_and_removed_ones_are_gone() {
    let house = house();
    let daemon = house.serve();
    let folder = house.path("vorlagen/zweiter");
    // a Word file that is still being copied, beside the old text
    fs::write(folder.join("motion.docx"), b"PK\x03\x04halb").unwrap();
    hang_up(&daemon, KEPT, 1);
    assert!(document(&house, "a", "zweiter").contains("Zwei, erste Fassung."));
    fs::remove_file(folder.join("motion.docx")).unwrap();
    fs::remove_file(folder.join("template.toml")).unwrap();
    hang_up(&daemon, KEPT, 2);
    assert!(document(&house, "b", "zweiter").contains("Zwei, erste Fassung."));

    fs::remove_dir_all(&folder).unwrap();
    daemon.reload("reloaded motions=1");
    let asked = house.ask(
        "c",
        &request(
            "c",
            "Vorlage: zweiter\nKommune: Stadt Fürth\nBeirat: Ausländerbeirat",
        ),
    );
    assert!(!asked.contains("wordprocessingml"), "{asked}");
    assert_eq!(house.log().pop().unwrap()["decision"], "question");

    // without a default motion there would be nothing to offer
    fs::remove_dir_all(house.path("vorlagen").join(DEFAULT)).unwrap();
    hang_up(&daemon, KEPT, 3);
    assert!(
        document(&house, "d", DEFAULT).contains("wir"),
        "the shipped text"
    );
    let mails = told(&house, TROUBLE, 1);
    assert!(!mails.is_empty());
    daemon.stop();
    // but nothing starts with that
    let run = house.0.run(&["serve"]);
    assert_eq!(run.code, 78, "{run:?}");
}

#[test]
fn a_check_without_a_service_says_nothing_of_it() {
    let house = house();
    let check = || {
        let run = house.0.run(&["template", "check", "zweiter"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(!run.output().contains("Dienst"), "{}", run.output());
        assert_eq!(run.errors, "");
    };
    check();
    assert!(
        !house.path("log.db").exists(),
        "who merely checks makes no log"
    );
    house.serve().stop();
    check();
    fs::write(house.path("log.db"), "kein Protokoll").unwrap();
    check();
}
