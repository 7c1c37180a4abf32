//! `template import`: a model motion becomes a template folder.

use std::fs;

use crate::program::{CONFIG, House, is_package};

/// A motion in the convention, as a Word file.
fn motion(house: &House, text: &str) -> &'static str {
    let own = "[templates]\npath = \"entwurf\"\ndefault = \"entwurf\"\n";
    house.write("entwurf.toml", format!("{CONFIG}\n{own}"));
    house.write(
        "entwurf/entwurf/template.toml",
        "title = \"Musterantrag\"\n",
    );
    house.write("entwurf/entwurf/motion.md", text);
    let file = "Antrag.docx";
    let run = house.run(&[
        "--config",
        "entwurf.toml",
        "template",
        "export",
        "entwurf",
        "-o",
        file,
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    file
}

const TEXT: &str = "# Musterantrag\n\nMehrsprachige Bürgerbüros\n\n\
    Der Ausländerbeirat/Integrationsbeirat\\* bittet den Stadtrat/Kreistag\\*, in XXX\\*\\* \
    mehr Sprachen zu sprechen. Der Stadtrat hat das zugesagt.\n\n\
    \\* nicht Zutreffendes streichen\n\n\\*\\* Name der Kommune einsetzen\n";

#[test]
fn a_motion_becomes_a_template_in_the_folder_of_templates() {
    let house = House::new();
    let file = motion(&house, TEXT);
    let config = format!(
        "{CONFIG}\n[templates]\npath = \"vorlagen\"\ndefault = \"mehrsprachige-buergerbueros\"\n"
    );
    house.write("antragsbote.toml", config);
    let run = house.run(&["template", "import", file]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let expected = "
Ersetzt (3):
  Text, Absatz 3: „Der Ausländerbeirat/Integrationsbeirat*“ → {{ Der Beirat }}
  Text, Absatz 3: „den Stadtrat/Kreistag*“ → {{ den Rat }}
  Text, Absatz 3: „in XXX**“ → {{ in kommune }}

Entfernt (2):
  Text, Absatz 4: „* nicht Zutreffendes streichen“
  Text, Absatz 5: „** Name der Kommune einsetzen“

Nicht sicher, deshalb unverändert (1); bitte sehen Sie in Word nach:
  Text, Absatz 3: „Der Stadtrat“ – hier ist nur ein Gremium genannt, ohne Wahl; ist das gemeint, das den Antrag stellt oder \
entscheidet, setzen Sie die Marke ein: {{ Der Rat }}

✓ 1554 Probedokumente gelingen.
";
    assert!(run.output().contains(expected), "{}", run.output());
    assert!(!run.output().contains("eingebauten"), "{}", run.output());
    let manifest = house.read("vorlagen/mehrsprachige-buergerbueros/template.toml");
    let manifest = String::from_utf8(manifest).unwrap();
    for line in [
        "title = \"Mehrsprachige Bürgerbüros\"",
        "    \"Mehrsprachige Bürgerbüros\",\n    \"Bürgerbüros\",\n]",
        "file_name = \"Musterantrag_{art}-{name}_{beirat}.docx\"",
    ] {
        assert!(manifest.contains(line), "{manifest}");
    }
    assert!(is_package(
        &house.read("vorlagen/mehrsprachige-buergerbueros/motion.docx")
    ));
    let run = house.run(&["template", "check"]);
    assert_eq!(run.code, 0, "{}", run.errors);

    // a second time it would take the place of what the administrator has changed
    let run = house.run(&["template", "import", file]);
    assert_eq!(run.code, 73, "{}", run.output());
    assert!(
        run.errors.contains("gibt es schon") && run.errors.contains("--id"),
        "{}",
        run.errors
    );
}

#[test]
fn without_a_folder_of_templates_it_is_told_how_to_use_the_template() {
    let house = House::new();
    let file = motion(&house, TEXT);
    let run = house.run(&[
        "template", "import", file, "-o", "neu/hier", "--id", "sprachen",
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(is_package(&house.read("neu/hier/sprachen/motion.docx")));
    for part in [
        "Noch gelten die eingebauten",
        "default = \"sprachen\"",
        "template check sprachen",
    ] {
        assert!(run.output().contains(part), "{}", run.output());
    }
}

#[test]
fn a_motion_without_places_to_fill_in_is_told_of() {
    let house = House::new();
    let file = motion(&house, "# Antrag\n\nMehr Sprachen für alle.\n");
    house.write("~$trag.docx", "");
    let run = house.run(&["template", "import", file]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(is_package(
        &house.read("vorlagen/mehr-sprachen-fuer-alle/motion.docx")
    ));
    for part in [
        "{{ Der Beirat }} bittet {{ den Rat }}",
        "gerade in Word",
        "zuletzt gespeichert",
    ] {
        assert!(run.output().contains(part), "{}", run.output());
    }
}

#[test]
fn what_is_no_word_file_is_named_with_its_remedy() {
    let house = House::new();
    let cases: [(&str, &[u8], &str); 5] = [
        ("Antrag.docx", b"%PDF-1.7\n", "eine PDF-Datei"),
        ("Antrag.doc", b"{\\rtf1 Antrag}", "eine RTF-Datei"),
        ("Leer.docx", b"", "die Datei ist leer"),
        ("~$trag.docx", b"\x05Anna", "Sperrdatei"),
        ("Brief.docx", b"Sehr geehrte", "keine Word-Datei"),
    ];
    for (name, bytes, expected) in cases {
        house.write(name, bytes);
        let run = house.run(&["template", "import", name]);
        assert_eq!(run.code, 65, "{}", run.errors);
        assert!(run.errors.contains(expected), "{}", run.errors);
        assert!(run.errors.contains(name), "{}", run.errors);
    }
    let run = house.run(&["template", "import", "fehlt.docx"]);
    assert_eq!(run.code, 66, "{}", run.errors);
    let run = house.run(&["template", "import", "Antrag.docx", "--id", "Mein Antrag"]);
    assert_eq!(run.code, 64, "{}", run.errors);
    let folders = fs::read_dir(house.path("")).unwrap();
    let made = folders.filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(made.count(), 0, "a folder is left of what failed");
}
