//! A broken configuration gets file, line, the nearest known key and exit code 78.

use crate::program::{CONFIG, House, finish};

#[test]
fn faults_are_named_with_line_nearest_key_and_excerpt() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        CONFIG.replace("path = \"in\"", "pfad = \"in\""),
    );
    for command in [
        &["serve"][..],
        &["log", "list"],
        &["kommune", "find", "Fürth"],
        &["template", "list"],
    ] {
        let run = house.run(command);
        assert_eq!(run.code, 78, "{command:?}: {}", run.errors);
        assert_eq!(run.output(), "");
        assert!(
            run.errors
                .contains("error: antragsbote.toml:6:1: unbekannter Schlüssel `pfad`"),
            "{}",
            run.errors
        );
        assert!(
            run.errors.contains("  6 | pfad = …\n    | ^^^^\n"),
            "{}",
            run.errors
        );
        assert!(
            run.errors.contains("hint: gemeint ist wohl `path`"),
            "{}",
            run.errors
        );
    }
}

#[test]
fn all_faults_come_at_once() {
    let house = House::new();
    let text = CONFIG
        .replace("address = ", "adress = ")
        .replace(
            "path = \"out\"",
            "path = \"out\"\nhost = \"mail.example.org\"",
        )
        .replace("url = ", "retention = \"immer\"\nurl = ");
    house.write("antragsbote.toml", text);
    let run = house.run(&["serve"]);
    for place in [":1:", ":2:", ":11:", ":14:"] {
        assert!(
            run.errors.contains(&format!("antragsbote.toml{place}")),
            "{place} {}",
            run.errors
        );
    }
    assert_eq!(run.code, 78);
}

#[test]
fn the_file_is_looked_for_in_the_order_of_the_contract() {
    let house = House::new();
    for (name, key) in [
        ("option.toml", "eins"),
        ("variable.toml", "zwei"),
        ("antragsbote.toml", "drei"),
    ] {
        house.write(name, format!("{key} = 1\n"));
    }
    for (option, variable, key) in [
        (true, true, "eins"),
        (false, true, "zwei"),
        (false, false, "drei"),
    ] {
        let mut command = house.command(&["serve"]);
        if option {
            command.args(["--config", "option.toml"]);
        }
        // An empty variable counts as none.
        command.env(
            "ANTRAGSBOTE_CONFIG",
            if variable { "variable.toml" } else { "" },
        );
        let run = finish(command, b"");
        assert!(
            run.errors.contains(&format!("`{key}`")),
            "{key}: {}",
            run.errors
        );
        assert_eq!(run.code, 78);
    }
}

#[test]
fn a_missing_configuration_is_named() {
    let house = House::new();
    let run = house.run(&["serve"]);
    assert_eq!(run.code, 78);
    assert!(run.errors.contains("setup"), "{}", run.errors);
    let run = house.run(&["--config", "gibt-es-nicht.toml", "answer"]);
    assert_eq!(run.code, 78);
    assert!(run.errors.contains("gibt-es-nicht.toml"), "{}", run.errors);
}

#[test]
fn paths_are_relative_to_the_file() {
    let house = House::new();
    house.write(
        "conf/bot.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\n"),
    );
    let run = house.run(&["--config", "conf/bot.toml", "template", "list"]);
    assert_eq!(run.code, 78);
    assert!(run.errors.contains("conf/vorlagen"), "{}", run.errors);
}

#[test]
fn nothing_set_is_as_no_configuration_for_whom_the_defaults_are_enough() {
    let house = House::new();
    house.write("antragsbote.toml", "# noch nicht eingerichtet\n");
    for arguments in [
        &["template", "check"][..],
        &["kommune", "find", "Landkreis Fürth"],
    ] {
        let run = house.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.errors);
    }
    let run = house.run(&["serve"]);
    assert_eq!(run.code, 78);
    assert!(run.errors.contains("antragsbote setup"), "{}", run.errors);
}

#[test]
fn how_tokens_are_had_is_checked_before_anybody_is_asked() {
    let house = House::new();
    let section = "[oauth]\nkind = \"google\"\ngrant = \"device_code\"\nclient_id = \"bot\"\n\
                   token_url = \"http://login.example.org/token\"\ntenant = \"example.org\"\n";
    house.write("antragsbote.toml", format!("{CONFIG}{section}"));
    let run = house.run(&["check", "--offline"]);
    assert_eq!(run.code, 78, "{}", run.output());
    for words in [
        "Google gibt Zugang zu Postfächern nur nach einer Anmeldung im Browser",
        "`oauth.client_secret_file` fehlt",
        "`oauth.token_url` hat keinen brauchbaren Wert",
        "`tenant` passt nicht",
    ] {
        assert!(run.output().contains(words), "{words}: {}", run.output());
    }
}
