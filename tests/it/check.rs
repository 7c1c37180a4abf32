//! `check`: one line a look, with what to do.

use serde_json::Value;

use crate::program::{CONFIG, House};

#[test]
fn a_sound_house_passes() {
    let house = House::new();
    house.write("antragsbote.toml", CONFIG);
    for folder in [
        "in/cur", "in/new", "in/tmp", "out/cur", "out/new", "out/tmp",
    ] {
        std::fs::create_dir_all(house.path(folder)).unwrap();
    }
    let run = house.run(&["check"]);
    assert_eq!(run.code, 0, "{}{}", run.output(), run.errors);
    for subject in [
        "Konfiguration",
        "Vorlagen",
        "Register",
        "Protokoll",
        "Postfach",
        "Mailserver",
    ] {
        assert!(
            run.output().contains(&format!("✓ {subject}: ")),
            "{subject}: {}",
            run.output()
        );
    }
    assert!(!house.path("log.db").exists(), "who checks makes no log");
    let lines = run.output();
    let heads = lines.lines().filter(|line| !line.starts_with(' '));
    let subjects: Vec<&str> = heads
        .filter_map(|line| line.split_once(' ')?.1.split(": ").next())
        .filter(|subject| *subject != "Benutzer")
        .collect();
    let expected = "Konfiguration|Verwaltung|Vorlagen|Vorlage|Register|Protokoll|Speicherplatz|\
                    Dienst|Uhr|Postfach|Mailserver|Domain";
    assert_eq!(subjects.join("|"), expected);
    let run = house.run(&["check", "--offline"]);
    assert!(!run.output().contains("Postfach"), "{}", run.output());
}

#[test]
fn broken_settings_are_78_with_line_and_remedy() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        CONFIG.replace("kind = \"maildir\"\npath = \"in\"", "hots = \"h\""),
    );
    let run = house.run(&["check"]);
    assert_eq!(run.code, 78);
    assert!(
        run.output()
            .contains("✗ Konfiguration: antragsbote.toml:5:1: unbekannter Schlüssel `hots`"),
        "{}",
        run.output()
    );
    assert!(
        run.output().contains("→ gemeint ist wohl `host`"),
        "{}",
        run.output()
    );
}

#[test]
fn json_says_the_same() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        CONFIG.replace("url = \"sqlite:log.db\"", "url = \"sqlite:fehlt/log.db\""),
    );
    let run = house.run(&["check", "--offline", "--json"]);
    assert_eq!(run.code, 78);
    let found: Value = serde_json::from_slice(&run.bytes).unwrap();
    assert_eq!(found["ok"], false);
    let log = found["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["name"] == "Protokoll")
        .unwrap();
    assert_eq!(log["ok"], false);
    assert!(log["message"].as_str().unwrap().contains("/fehlt "));
    assert!(log["remedy"].is_string());
}

#[test]
fn an_unreachable_server_is_69_and_named() {
    let house = House::new();
    let server =
        "kind = \"imap\"\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\npassword = \"x\"";
    house.write(
        "antragsbote.toml",
        CONFIG.replace("kind = \"maildir\"\npath = \"in\"", server),
    );
    let run = house.run(&["check"]);
    assert_eq!(run.code, 69, "{}", run.errors);
    let line = run.output();
    let line = line.lines().find(|line| line.contains("Postfach")).unwrap();
    assert!(
        line.starts_with('✗') && line.contains("127.0.0.1"),
        "{line}"
    );
}

#[test]
fn an_allow_list_that_anybody_gets_past_is_a_warning() {
    let house = House::new();
    for (policy, warned) in [
        ("allow = [\"@example.com\"]", true),
        (
            "allow = [\"@example.com\"]\nrequire = \"authenticated\"",
            false,
        ),
        ("allow = [\"*\"]", false),
    ] {
        house.write(
            "antragsbote.toml",
            format!("{CONFIG}\n[policy]\n{policy}\n"),
        );
        let run = house.run(&["check", "--offline"]);
        assert_eq!(run.code, 0, "{}", run.output());
        assert_eq!(
            run.output().contains("! Absender: "),
            warned,
            "{}",
            run.output()
        );
        assert_eq!(run.output().contains("require = \"authenticated\""), warned);
        let run = house.run(&["check", "--offline", "--json"]);
        let found: Value = serde_json::from_slice(&run.bytes).unwrap();
        assert_eq!(found["ok"], true);
    }
}

#[test]
fn motions_are_named_with_their_notes_and_faults() {
    let house = House::new();
    let config = format!("{CONFIG}\n[templates]\npath = \"templates\"\n");
    house.write("antragsbote.toml", config);
    house.write(
        "templates/nationaler-integrationsplan/template.toml",
        "title = \"Plan\"\n",
    );
    house.write(
        "templates/nationaler-integrationsplan/motion.md",
        "Der {{ Rat }} beschließt.\n",
    );
    house.write("templates/zweiter/template.toml", "title = \"Zweiter\"\n");
    house.write("templates/zweiter/motion.md", "Text {{ unbekannt }}\n");
    let run = house.run(&["check", "--offline"]);
    assert_eq!(run.code, 78, "{}", run.output());
    let said = run.output();
    assert!(
        said.contains("✓ Vorlage: nationaler-integrationsplan\n"),
        "{said}"
    );
    assert!(
        said.contains("✗ Vorlage: zweiter: zweiter/motion.md"),
        "{said}"
    );
    assert!(
        said.contains("→ `antragsbote template check zweiter` zeigt alles"),
        "{said}"
    );
    assert!(run.errors.contains("eine Prüfung ist fehlgeschlagen"));
}

/// As Excel saves it unless told otherwise.
#[test]
fn a_table_in_another_encoding_is_told_how_to_save() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[registry]\npath = \"register\"\n"),
    );
    house.write(
        "register/gremien.csv",
        b"name;genus\r\nBeirat f\xfcr Vielfalt;m\r\n",
    );
    let run = house.run(&["check", "--offline"]);
    assert_eq!(run.code, 78, "{}", run.output());
    let output = run.output();
    let mut lines = output
        .lines()
        .skip_while(|line| !line.contains("gremien.csv"));
    assert!(
        lines
            .next()
            .unwrap()
            .ends_with(" ist nicht in UTF-8 gespeichert")
    );
    assert!(
        lines
            .next()
            .unwrap()
            .contains("„CSV UTF-8 (durch Trennzeichen getrennt)“")
    );
}

#[test]
fn what_cannot_be_written_to_is_wrong() {
    let house = House::new();
    house.write("in", "eine Datei");
    let config = CONFIG.replace(
        "kind = \"maildir\"\npath = \"out\"",
        "kind = \"sendmail\"\npath = \"fehlt/sendmail\"",
    );
    house.write("antragsbote.toml", config);
    let run = house.run(&["check"]);
    assert_eq!(run.code, 69, "{}", run.output());
    let said = run.output();
    let name = house.path("in").display().to_string();
    assert!(
        said.contains(&format!("✗ Postfach: {name} ist kein Ordner")),
        "{said}"
    );
    let name = house.path("fehlt").display().to_string();
    assert!(
        said.contains(&format!("✗ Mailserver: {name} fehlt\n")),
        "{said}"
    );
}

#[test]
fn an_address_for_figures_that_is_taken_is_wrong() {
    let house = House::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let config = format!(
        "{CONFIG}\n[metrics]\nlisten = \"{address}\"\n\n[admin]\naddress = \"chefin@example.org\"\n"
    );
    house.write("antragsbote.toml", config);
    let run = house.run(&["check", "--offline"]);
    assert_eq!(run.code, 78, "{}", run.output());
    assert!(
        run.output().contains(&format!(
            "✗ Kennzahlen: auf {address} kann nicht gelauscht werden"
        )),
        "{}",
        run.output()
    );
    assert!(
        run.output()
            .contains("✓ Verwaltung: Störungen werden chefin@example.org gemeldet\n")
    );
    drop(taken);
    let run = house.run(&["check", "--offline"]);
    assert_eq!(run.code, 0, "{}", run.output());
    assert!(
        run.output()
            .contains(&format!("✓ Kennzahlen: {address} ist frei\n"))
    );
}

#[test]
fn only_the_configuration_is_told_of_while_it_is_wrong() {
    let house = House::new();
    house.write("antragsbote.toml", "[bot]\naddress = \"keine\"\n");
    let run = house.run(&["check"]);
    assert_eq!(run.code, 78);
    let said = run.output();
    let heads = said.lines().filter(|line| !line.starts_with(' '));
    assert!(heads.clone().count() >= 3, "{said}");
    for head in heads {
        assert!(head.starts_with("✗ Konfiguration: "), "{said}");
    }
}
