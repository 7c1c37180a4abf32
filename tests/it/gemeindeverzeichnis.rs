//! `kommune import`: the Gemeindeverzeichnis goes into the folder of the register, and what
//! the program knows afterwards is what it says.

mod edition;

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::program::{CONFIG, House, Run, mail};
use edition::{Record, archive, records, text, workbook};

fn house(registry: &str) -> House {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[registry]\n{registry}\n"),
    );
    house
}

fn import(house: &House, content: impl AsRef<[u8]>) -> Run {
    house.write("verzeichnis", content);
    house.run(&["kommune", "import", "verzeichnis"])
}

fn content(house: &House, name: &str) -> String {
    String::from_utf8(house.read(name)).unwrap()
}

/// The names of the files in the folder of the register.
fn files(house: &House) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(house.path("register")) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string();
    let mut names: Vec<String> = entries.map(|entry| name(entry).unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_same_day_gives_the_same_register() {
    let shipped = antragsbote::kommune::Files::BUILT_IN;
    // which Gemeinden form a Verband is not in the register: its inhabitants are left out
    let of_verband = |line: &str| line.contains(",verband,");
    let expected: Vec<String> = shipped
        .kommunen
        .lines()
        .map(|line| match of_verband(line) {
            true => line.rsplitn(3, ',').nth(2).unwrap().to_owned() + ",,",
            false => line.replace("und  Hoch", "und Hoch"),
        })
        .collect();
    for (file, kind) in [
        (workbook(&records(), "31.12.2023"), "XLSX"),
        (
            archive(&[(
                "GV100AD_31122023.txt",
                text(&records(), "20231231").as_bytes(),
            )]),
            "ZIP",
        ),
    ] {
        let house = house("path = \"register\"");
        let run = import(&house, &file);
        assert_eq!(run.code, 0, "{}", run.errors);
        let output = run.output();
        assert!(
            output.starts_with("Gebietsstand 31.12.2023 (bisher 31.12.2023): 10.751 Gemeinden, 294 Kreise\nAndere Einwohnerzahl: 26"),
            "{kind}: {output}"
        );
        let written = content(&house, "register/kommunen.csv").replace("und  Hoch", "und Hoch");
        for (written, expected) in written.lines().zip(&expected) {
            assert_eq!(written, expected, "{kind}");
        }
        assert_eq!(written.lines().count(), expected.len());
        // what happened after the day is still to come
        assert_eq!(content(&house, "register/nachtrag.csv"), shipped.nachtrag);
        let merged = content(&house, "register/merged.csv");
        assert_eq!(
            merged.lines().count(),
            shipped.merged.lines().count(),
            "{merged}"
        );
        assert_eq!(
            files(&house),
            ["kommunen.csv", "merged.csv", "nachtrag.csv", "quelle.txt"]
        );
        let run = import(&house, &file);
        assert!(
            run.output().contains("Es ändert sich nichts."),
            "{}",
            run.output()
        );
        assert_eq!(files(&house).len(), 4, "nothing was replaced");
    }
}

/// A change of each day: one that has happened a year later, one that has not.
const CHANGES: [&str; 2] = ["2024-01-01,13071114,", "2026-01-01,06435014,"];

/// The edition of a year later: a Gemeinde less, one of another key, one of another name, a
/// town more, and what was known to happen by then.
fn a_year_later() -> Vec<Record> {
    let mut records = records();
    records.retain(|record| record.key() != "13071114");
    let at = |records: &[Record], key: &str| records.iter().position(|r| r.key() == key).unwrap();
    // Damnatz went up in Gusborn, which has another postal code, and nobody else grew there
    let damnatz = records.remove(at(&records, "03354003"));
    let gusborn = at(&records, "03354008");
    records[gusborn].einwohner =
        Some(records[gusborn].einwohner.unwrap() + damnatz.einwohner.unwrap());
    let goehrde = at(&records, "03354006");
    records[goehrde].gemeinde = "999".to_owned();
    let karwitz = at(&records, "03354012");
    records[karwitz].name = "Neukarwitz".to_owned();
    let haar = at(&records, "09184123");
    (records[haar].kennzeichen, records[haar].name) = ("63", "Haar, St".to_owned());
    records
}

fn explain(house: &House, wish: &str) -> Value {
    house.explain(&format!("Bitte den Musterantrag für {wish}"))
}

#[test]
fn a_later_day_is_shown_written_and_used() {
    let shipped = antragsbote::kommune::Files::BUILT_IN;
    let house = house("path = \"register\"");
    let is_kept = |line: &&str| {
        line.starts_with("effective") || CHANGES.iter().any(|change| line.starts_with(change))
    };
    let nachtrag: Vec<&str> = shipped.nachtrag.lines().filter(is_kept).collect();
    for (name, content) in [
        ("kommunen.csv", shipped.kommunen),
        ("merged.csv", shipped.merged),
        ("nachtrag.csv", &nachtrag.join("\n")),
        ("quelle.txt", "Gebietsstand 31.12.2023"),
        ("gremien.csv", "name,genus\nBeirat für Vielfalt,m\n"),
    ] {
        house.write(&format!("register/{name}"), content);
    }
    let records = a_year_later();
    let run = import(&house, text(&records, "20241231").replace('\n', "\r\n"));
    assert_eq!(run.code, 0, "{}", run.errors);
    let expected = "\
Gebietsstand 31.12.2024 (bisher 31.12.2023): 10.771 Gemeinden, 294 Kreise
Weggefallen: 1
  03354003  Gemeinde Damnatz  Niedersachsen  vermutlich jetzt Gemeinde Gusborn (03354008)
Anderer Schlüssel: 1
  03354006  Gemeinde Göhrde  Niedersachsen  jetzt Gemeinde Göhrde (03354999)
Anderer Name: 1
  03354012  Gemeinde Karwitz  Niedersachsen  jetzt Gemeinde Neukarwitz (03354012)
Andere Art: 1
  09184123  Gemeinde Haar  Bayern  jetzt Stadt Haar (09184123)
";
    let output = run.output();
    assert!(output.starts_with(expected), "{output}");
    assert!(output.contains("systemctl reload antragsbote"), "{output}");
    let listed = files(&house);
    let kept = [
        "kommunen.csv.alt",
        "merged.csv.alt",
        "nachtrag.csv.alt",
        "quelle.txt.alt",
    ];
    assert!(
        kept.iter()
            .all(|name| listed.iter().any(|file| file == name)),
        "{listed:?}"
    );
    assert!(
        !listed.iter().any(|name| name.ends_with(".neu")),
        "{listed:?}"
    );
    assert_eq!(
        content(&house, "register/kommunen.csv.alt"),
        shipped.kommunen
    );
    for name in ["kommunen.csv", "merged.csv", "nachtrag.csv", "quelle.txt"] {
        let mode = std::fs::metadata(house.path(&format!("register/{name}")))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o644, "{name}");
    }
    let nachtrag = content(&house, "register/nachtrag.csv");
    let days: Vec<&str> = nachtrag
        .lines()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(days, ["effective", "2026-01-01"]);
    let merged = content(&house, "register/merged.csv");
    for line in [
        "03354003,Damnatz,03354008,Gusborn,2024",
        "03354006,Göhrde,03354999,Göhrde,2024",
        "03354012,Karwitz,03354012,Neukarwitz,2024",
        "13071114,Penkow,13071043,Göhren-Lebbin,2024",
        "01059101,Tastrup,01059126,Hürup,",
    ] {
        assert!(
            merged.lines().any(|found| found == line),
            "{line}\n{merged}"
        );
    }
    for (name, said) in [
        ("Damnatz", "früherer Name: Damnatz ging 2024 auf in Gusborn"),
        (
            "Karwitz",
            "früherer Name: Karwitz ging 2024 auf in Neukarwitz",
        ),
        ("Penkow", "ging 2024 auf in Göhren-Lebbin"),
        ("Hanau", "(06415000)"),
        ("Wandsbek", "Bezirk Wandsbek"),
    ] {
        let run = house.run(&["kommune", "find", name]);
        assert!(run.output().contains(said), "{name}: {}", run.output());
    }
    assert!(
        house
            .run(&["kommune", "show", "09184123"])
            .output()
            .contains("Stadt Haar")
    );
    let old = explain(&house, "Damnatz, Beirat für Vielfalt");
    assert_eq!(
        old["question_about"],
        serde_json::json!(["kommune"]),
        "{old}"
    );
    let run = house.feed(
        &["answer"],
        mail("Bitte den Musterantrag für Damnatz, Beirat für Vielfalt").as_bytes(),
    );
    let reply = mail_parser::MessageParser::default()
        .parse(&run.bytes)
        .unwrap();
    let reply = reply.body_text(0).unwrap().into_owned();
    assert!(
        reply.contains("Damnatz") && reply.contains("Gusborn"),
        "{reply}"
    );
    let new = explain(&house, "Neukarwitz, Beirat für Vielfalt");
    assert_eq!(new["documents"][0]["kommune"], "03354012", "{new}");
}

#[test]
fn without_a_folder_or_on_trial_nothing_is_written() {
    let file = text(&records(), "20231231");
    let house = house("");
    let run = import(&house, &file);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(
        run.output().contains("[registry]\n    path = \"register\""),
        "{}",
        run.output()
    );
    assert!(files(&house).is_empty());
    let house = self::house("path = \"register\"");
    house.write("verzeichnis", &file);
    let run = house.run(&["kommune", "import", "--dry-run", "verzeichnis"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(
        run.output()
            .contains("Nichts geschrieben; ohne --dry-run nach "),
        "{}",
        run.output()
    );
    assert!(files(&house).is_empty());
}

#[test]
fn what_is_none_or_not_whole_is_named_and_changes_nothing() {
    let records = records();
    let whole = text(&records, "20231231");
    let cut: String = whole
        .lines()
        .take(9_000)
        .map(|line| format!("{line}\n"))
        .collect();
    let gone = |is: &dyn Fn(&Record) -> bool| {
        let left: Vec<Record> = records.iter().filter(|r| !is(r)).cloned().collect();
        text(&left, "20231231")
    };
    let half = gone(&|r| {
        r.satzart == "60" && r.key().starts_with("10") && r.key().ends_with(['2', '4', '6', '8'])
    });
    let old = text(&records, "20201231");
    let cases: [(&[u8], &str, &str); 9] = [
        (b"", "die Datei ist leer", "noch einmal herunter"),
        (b"%PDF-1.7 x", "das ist ein PDF", "www.destatis.de"),
        (b"<html>", "das ist eine Webseite", "www.destatis.de"),
        (
            b"key,name\n1,2\n",
            "Zeile 1: erwartet werden Satzart",
            "GV100AD",
        ),
        (
            &archive(&[("word/document.xml", b"<x/>")]),
            "keine Datei GV100AD",
            "packen Sie es aus",
        ),
        (
            &workbook(&records, "31.12.2023")[..300_000],
            "beschädigt oder abgeschnitten",
            "noch einmal herunter",
        ),
        (
            cut.as_bytes(),
            "die Datei nennt 8.410 Gemeinden, das Register 10.751",
            "noch einmal herunter",
        ),
        (
            half.as_bytes(),
            "Gemeinden (Saarland), das Register 52; sie ist unvollständig",
            "noch einmal herunter",
        ),
        (
            old.as_bytes(),
            "der Gebietsstand 31.12.2020 ist älter als der des Registers, 31.12.2023",
            "die neueste Ausgabe",
        ),
    ];
    let house = house("path = \"register\"");
    house.write(
        "register/gremien.csv",
        "name,genus\nBeirat für Vielfalt,m\n",
    );
    for (file, problem, remedy) in cases {
        let run = import(&house, file);
        assert_eq!(run.code, 65, "{problem}: {}{}", run.output(), run.errors);
        assert!(
            run.errors.contains("verzeichnis: ")
                && run.errors.contains(problem)
                && run.errors.contains(remedy),
            "{problem}: {}",
            run.errors
        );
        assert_eq!(files(&house), ["gremien.csv"], "{problem}");
    }
    let run = house.run(&["kommune", "import", "fehlt.txt"]);
    assert_eq!(run.code, 66, "{}", run.errors);
    // a share of the Gemeinden of every Kreis
    let thin = gone(&|r| r.satzart == "60" && r.kennzeichen == "64" && r.key().ends_with('3'));
    let run = import(&house, thin);
    assert_eq!(run.code, 65, "{}", run.output());
    assert!(
        run.errors.contains("Gemeinden, das Register 10.7"),
        "{}",
        run.errors
    );
}

#[test]
fn own_bodies_and_councils_need_a_name_and_a_gender() {
    let house = house("path = \"register\"");
    house.write(
        "register/gremien.csv",
        "role;name;genus\r\n;Haus der Kulturen;n\r\nrat;Bürgerforum;n\r\n",
    );
    house.write(
        "register/raete.csv",
        "rat;keys\r\nBürgerforum;09573|09563000\r\n",
    );
    let run = house.run(&["kommune", "show", "09573"]);
    assert!(
        run.output().contains("Bürgerforum"),
        "{}{}",
        run.output(),
        run.errors
    );
    // all others keep theirs
    let run = house.run(&["kommune", "show", "09571"]);
    assert!(run.output().contains("Kreistag"), "{}", run.output());
    let explained = explain(&house, "den Landkreis Fürth, Haus der Kulturen");
    let document = &explained["documents"][0];
    assert_eq!(
        [&document["kommune"], &document["beirat"], &document["rat"]],
        ["09573", "Haus der Kulturen", "Bürgerforum"],
        "{explained}"
    );
    // an inflected form, and the council beside the body
    let explained = explain(
        &house,
        "die Stadt Fürth (Bayern) im Namen des Hauses der Kulturen ans Bürgerforum",
    );
    let document = &explained["documents"][0];
    assert_eq!(
        [&document["beirat"], &document["rat"]],
        ["Haus der Kulturen", "Bürgerforum"],
        "{explained}"
    );
    for (name, file, expected) in [
        (
            "raete.csv",
            "rat,keys\nBürgerforum,09999\n",
            "raete.csv, Zeile 2: es gibt keine Kommune 09999; `antragsbote kommune find NAME` nennt den Schlüssel",
        ),
        (
            "raete.csv",
            "rat,keys\nBürgerrat,09573\n",
            "raete.csv, Zeile 2: in der Spalte „rat“ steht „Bürgerrat“; erwartet wird ein Rat aus gremien.csv",
        ),
        (
            "raete.csv",
            "rat,keys\nBürgerforum,\n",
            "raete.csv, Zeile 2: die Spalte „state“ ist leer; erwartet wird ein Land wie BY",
        ),
        (
            "raete.csv",
            "rat,schluessel\nBürgerforum,09573\n",
            "raete.csv, Zeile 1: die Spalte „keys“ fehlt; nötig sind rat, keys",
        ),
        (
            "raete.csv",
            "rat,keys,ort\nBürgerforum,09573,x\n",
            "raete.csv, Zeile 1: die Spalte „ort“ ist unbekannt; es gibt state, kind, rat, keys, source",
        ),
        (
            "gremien.csv",
            "Name,Geschlecht\nX,m\n",
            "gremien.csv, Zeile 1: die Spalte „name“ fehlt; nötig sind name, genus",
        ),
    ] {
        house.write(&format!("register/{name}"), file);
        let run = house.run(&["kommune", "show", "09573"]);
        assert_eq!(run.code, 78, "{expected}: {}", run.output());
        assert!(run.errors.contains(expected), "{expected}\n{}", run.errors);
    }
}
