//! Motions that have faults when the daemon starts: it starts all the same, and who asks for one of them
//! waits until it is mended, and then has that one.

use std::fs;

use crate::daemon::{Daemon, House, request, until};
use crate::reload::{DEFAULT, TROUBLE, WELL, document_of, house, told, write};

const FUERTH: &str = "den Landkreis Fürth, Ausländerbeirat";

/// A house whose second motion has a title and a word that are its own; `manifest` may be faulty.
fn house_with(manifest: &str, text: &str) -> House {
    let house = house();
    house.0.write("vorlagen/zweiter/template.toml", manifest);
    write(&house, "zweiter", text);
    house
}

const MANIFEST: &str = "title = \"Fonds für Integration\"\nwords = [\"Bürgerfonds\"]\n";
const SOUND: &str = "Zwei, gesund.";
const FAULTY: &str = "Zwei: {{ kommun }}";

/// Puts a mail that asks for the second motion by its title, its word and its id.
fn ask_for_second(house: &House) {
    for (id, text) in [
        (
            "titel",
            format!("Bitte den Antrag „Fonds für Integration“ für {FUERTH}."),
        ),
        (
            "wort",
            format!("Bitte den Antrag zum Bürgerfonds für {FUERTH}."),
        ),
        (
            "id",
            "Vorlage: zweiter\nKommune: Landkreis Fürth\nBeirat: Ausländerbeirat".to_owned(),
        ),
    ] {
        house.put(id, &request(id, &text));
    }
}

/// Waits until so many requests wait for this motion.
fn until_waiting(house: &House, motion: &str, count: usize) {
    let waiting = || {
        let rows = house.log();
        let waits =
            |row: &&serde_json::Value| row["state"] == "waiting" && row["template"] == motion;
        rows.iter().filter(waits).count()
    };
    until(
        || waiting() == count,
        &format!("{count} to wait for {motion}"),
    );
}

/// The reply to the mail of this id.
fn reply_to(house: &House, id: &str) -> String {
    let answers = format!("In-Reply-To: <{id}@example.net>");
    let find = || {
        house
            .replies()
            .into_iter()
            .find(|reply| reply.contains(&answers))
    };
    until(|| find().is_some(), id);
    find().unwrap()
}

fn until_second_is_sent(house: &House) {
    for id in ["titel", "wort", "id"] {
        assert!(document_of(&reply_to(house, id)).contains(SOUND), "{id}");
    }
}

/// No reply went to a person yet.
fn nobody_is_answered(house: &House) {
    let replies = house.replies();
    let answered = replies
        .iter()
        .filter(|reply| reply.contains("In-Reply-To:"));
    assert_eq!(answered.count(), 0, "{replies:?}");
}

/// Starts what has faulty motions, and says so.
fn serve(house: &House) -> Daemon {
    house.serve_until("started but for what is broken", |_| {})
}

#[test]
fn a_faulty_motion_keeps_nobody_from_the_sound_one() {
    let house = house_with(MANIFEST, FAULTY);
    let daemon = serve(&house);
    ask_for_second(&house);
    until_waiting(&house, "zweiter", 3);
    house.put(
        "eins",
        &request("eins", &format!("Bitte den Musterantrag für {FUERTH}.")),
    );
    assert!(!document_of(&reply_to(&house, "eins")).contains("Zwei"));
    assert_eq!(
        house
            .log()
            .iter()
            .filter(|row| row["state"] == "waiting")
            .count(),
        3
    );
    let mail = told(&house, TROUBLE, 1).remove(0);
    assert!(
        mail.contains("zweiter/motion.md, ") && mail.contains("„kommun“"),
        "{mail}"
    );
    assert!(mail.contains("antragsbote template check NAME"), "{mail}");
    let log = house.0.run(&["log", "list"]).output();
    assert_eq!(log.matches("Vorlage fehlerhaft").count(), 3, "{log}");
    let id = house.log()[0]["id"].as_str().unwrap().to_owned();
    let shown = house.0.run(&["log", "show", &id]).output();
    assert!(
        shown.contains("(unsound)") && shown.contains("zweiter"),
        "{shown}"
    );
    // what still has faults is not asked for in vain
    let run = house.0.run(&["log", "retry", &id]);
    assert_eq!(run.code, 0, "{run:?}");
    until_waiting(&house, "zweiter", 3);

    write(&house, "zweiter", SOUND);
    let run = house.0.run(&["template", "check", "zweiter"]);
    assert!(
        run.output().contains("✓ zweiter: der laufende Dienst"),
        "{run:?}"
    );
    until_second_is_sent(&house);
    told(&house, WELL, 1);
    let lines = daemon.told();
    daemon.stop();
    assert!(
        lines.contains("requests wait until their motion is sound"),
        "{lines}"
    );
    for name in ["zweiter", "Fonds", "kommun", "anna"] {
        assert!(!lines.contains(name), "an event line names {name}: {lines}");
    }
}

#[test]
fn a_faulty_default_motion_is_waited_for_until_a_reload() {
    let house = house_with(MANIFEST, SOUND);
    write(&house, DEFAULT, "Eins: {{ kommun }}");
    let daemon = serve(&house);
    house.put(
        "eins",
        &request("eins", &format!("Bitte den Musterantrag für {FUERTH}.")),
    );
    until_waiting(&house, DEFAULT, 1);
    ask_for_second(&house);
    until_second_is_sent(&house);
    write(&house, DEFAULT, "Eins, gesund.");
    daemon.reload("reloaded motions=2");
    assert!(document_of(&reply_to(&house, "eins")).contains("Eins, gesund."));
    daemon.stop();
}

#[test]
fn what_is_no_toml_still_says_what_it_is_called() {
    for manifest in [
        "title = \"Fonds für Integration\nwords = [\"Bürgerfonds\"\n",
        "titel: Fonds für Integration\nwords: Bürgerfonds\n",
    ] {
        let house = house_with(manifest, SOUND);
        let daemon = serve(&house);
        ask_for_second(&house);
        until_waiting(&house, "zweiter", 3);
        nobody_is_answered(&house);
        house.0.write("vorlagen/zweiter/template.toml", MANIFEST);
        daemon.reload("reloaded motions=2");
        until_second_is_sent(&house);
        daemon.stop();
    }
}

#[test]
fn who_waits_is_answered_after_a_restart_once_all_is_mended() {
    let house = house_with(MANIFEST, FAULTY);
    let daemon = serve(&house);
    ask_for_second(&house);
    until_waiting(&house, "zweiter", 3);
    daemon.stop();
    let daemon = serve(&house);
    until_waiting(&house, "zweiter", 3);
    nobody_is_answered(&house);
    daemon.stop();
    write(&house, "zweiter", SOUND);
    let daemon = house.serve();
    until_second_is_sent(&house);
    told(&house, WELL, 1);
    daemon.stop();
}

/// Who corrects himself while he waits has both in their order, and the correction of the first.
#[test]
fn a_thread_keeps_its_order_while_it_waits() {
    let house = house_with(MANIFEST, FAULTY);
    let daemon = serve(&house);
    house.put(
        "a",
        &request(
            "a",
            &format!("Bitte den Antrag zum Bürgerfonds für {FUERTH}."),
        ),
    );
    until_waiting(&house, "zweiter", 1);
    let correction = request("b", "Nein, doch für die Stadt Zirndorf.");
    let correction = correction.replace("Date:", "In-Reply-To: <a@example.net>\nDate:");
    house.put("b", &correction);
    until_waiting(&house, "zweiter", 2);
    nobody_is_answered(&house);
    write(&house, "zweiter", SOUND);
    daemon.reload("reloaded motions=2");
    assert!(document_of(&reply_to(&house, "a")).contains(SOUND));
    assert!(document_of(&reply_to(&house, "b")).contains(SOUND));
    let kommunen: Vec<_> = (house.log().iter())
        .map(|row| row["documents"][0]["kommune"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kommunen, ["09573", "09573134"]);
    daemon.stop();
}

#[test]
fn without_the_texts_the_built_in_ones_are_sent() {
    let house = house_with(MANIFEST, SOUND);
    house
        .0
        .write("vorlagen/mail/document.txt", "{{ verwaltun }}");
    let daemon = serve(&house);
    ask_for_second(&house);
    until_second_is_sent(&house);
    let mail = told(&house, TROUBLE, 1).remove(0);
    assert!(mail.contains("mail/document.txt, "), "{mail}");
    daemon.stop();
}

#[test]
fn commands_for_one_motion_mind_no_other() {
    let house = house_with(MANIFEST, FAULTY);
    let answer = |text: &str| house.0.feed(&["answer"], request("a", text).as_bytes());
    let run = answer(&format!("Bitte den Musterantrag für {FUERTH}."));
    assert_eq!(run.code, 0, "{run:?}");
    let faults = |errors: &str| {
        assert!(
            errors.contains("zweiter/motion.md, ") && errors.contains("„kommun“"),
            "{errors}"
        );
        assert!(!errors.contains(DEFAULT), "{errors}");
    };
    let run = answer(&format!("Bitte den Antrag zum Bürgerfonds für {FUERTH}."));
    assert_eq!(run.code, 78, "{run:?}");
    faults(&run.errors);
    let render = |motion: &str| {
        let kommune = [
            "--kommune",
            "09573",
            "--beirat",
            "Ausländerbeirat",
            "-o",
            "a.docx",
        ];
        house
            .0
            .run(&[&["render", "--template", motion][..], &kommune].concat())
    };
    assert_eq!(render(DEFAULT).code, 0);
    let run = render("zweiter");
    assert_eq!(run.code, 78, "{run:?}");
    faults(&run.errors);
    let listed = house.0.run(&["template", "list"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let rows = listed.output();
    let row = rows.lines().find(|row| row.starts_with("zweiter")).unwrap();
    assert!(
        row.contains("Fonds für Integration") && row.ends_with("(fehlerhaft)"),
        "{rows}"
    );
    // what is wrong is still said by who is asked for that
    assert_eq!(house.0.run(&["check", "--offline"]).code, 78);
    assert_eq!(house.0.run(&["template", "check"]).code, 65);
    fs::remove_dir_all(house.path("vorlagen").join(DEFAULT)).unwrap();
    assert_eq!(house.0.run(&["serve"]).code, 78, "without a default motion");
}
