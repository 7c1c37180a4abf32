//! `kommune`: the register on the command line.

use crate::program::House;

#[test]
fn find_lists_whom_a_name_may_mean() {
    let house = House::new();
    let run = house.run(&["kommune", "find", "Fürth"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let output = run.output();
    for words in [
        &["09563000", "Stadt Fürth", "Bayern"][..],
        &["09573", "Landkreis Fürth", "Bayern"],
        &["06431007", "Hessen", "Bergstraße"],
    ] {
        let line = output
            .lines()
            .find(|line| line.starts_with(words[0]))
            .unwrap_or_else(|| panic!("{output}"));
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }
}

#[test]
fn find_tells_why_and_what_a_mail_would_mean() {
    let house = House::new();
    let asks = "folgt eine Rückfrage";
    for (name, why, mail) in [
        ("Fürth", "der Name", "meint: Stadt Fürth (09563000)"),
        ("Neustadt", "der Name", asks),
        ("Neustadt (NEA)", "der Name, Kennzeichen NEA", "(09575153)"),
        ("Bad Homburg vdH", "der Name", "(06434001)"),
        ("Badhomburg", "andere Schreibweise", "(06434001)"),
        ("Homburg v.d.H.", "der Name ohne „Bad“", asks),
        (
            "Gelsenkirchn",
            "ein Buchstabe fehlt: Gelsenkirchen",
            "(05513000)",
        ),
        ("Bamburg", "ein Buchstabe anders: Hamburg", asks),
        (
            "Berga/Elster",
            "Berga/Elster ging 2024 auf in Berga-Wünschendorf",
            asks,
        ),
        (
            "Landkreis Fuhrt",
            "2 Buchstaben anders: Landkreis Fürth",
            asks,
        ),
        ("LK OF", "Kennzeichen OF", asks),
        ("Stadt Fürth (Hessen)", "passt nicht", asks),
    ] {
        let run = house.run(&["kommune", "find", name]);
        assert_eq!(run.code, 0, "{name}: {}", run.errors);
        let output = run.output();
        assert!(
            output.contains(why) && output.contains(mail),
            "{name}: {output}"
        );
    }
}

#[test]
fn show_says_every_form() {
    let house = House::new();
    let run = house.run(&["kommune", "show", "09573"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    for words in [
        "Landkreis Fürth",
        "des Landkreises Fürth",
        "im Landkreis Fürth",
        "Kreistag",
        "Bayern",
    ] {
        assert!(run.output().contains(words), "{words}: {}", run.output());
    }
}

#[test]
fn what_nobody_is_called_is_65() {
    let house = House::new();
    for arguments in [
        ["find", "Xyzzyqwertz"],
        ["show", "99999999"],
        ["show", "keine Zahl"],
    ] {
        let run = house.run(&["kommune", arguments[0], arguments[1]]);
        assert_eq!(run.code, 65, "{arguments:?} {}", run.output());
        assert!(run.errors.contains(arguments[1]), "{}", run.errors);
    }
}
