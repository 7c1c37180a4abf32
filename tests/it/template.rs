//! `template`: the catalogue on the command line.

use std::io::Write;

use crate::program::{self, CONFIG, House};

const ID: &str = "nationaler-integrationsplan";

#[test]
fn the_built_in_templates_are_listed_and_sound() {
    let house = House::new();
    let run = house.run(&["template", "list"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(run.output().contains(ID), "{}", run.output());
    for arguments in [&["template", "check"][..], &["template", "check", ID]] {
        let run = house.run(arguments);
        assert_eq!(run.code, 0, "{}", run.errors);
        assert!(
            run.output().contains(&format!("✓ {ID}")),
            "{}",
            run.output()
        );
    }
}

/// What `export` writes takes the place of the Markdown it came from.
#[test]
fn an_exported_template_is_a_template() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\ndefault = \"{ID}\"\n"),
    );
    house.write(
        &format!("vorlagen/{ID}/template.toml"),
        "title = \"Ein Antrag\"\n",
    );
    house.write(
        &format!("vorlagen/{ID}/motion.md"),
        "# Antrag\n\n{{ Der Beirat }} bittet {{ den Rat }}.\n",
    );
    let run = house.run(&[
        "template",
        "export",
        ID,
        "-o",
        &format!("vorlagen/{ID}/motion.docx"),
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    std::fs::remove_file(house.path(&format!("vorlagen/{ID}/motion.md"))).unwrap();
    let run = house.run(&["template", "check"]);
    assert_eq!(run.code, 0, "{}", run.errors);
}

/// What a sound template lacks is told, and changes no exit code.
#[test]
fn notes_are_told_and_are_0() {
    let house = House::new();
    let template = format!("vorlagen/{ID}/motion.docx");
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\ndefault = \"{ID}\"\n"),
    );
    house.write(
        &format!("vorlagen/{ID}/template.toml"),
        "title = \"Ein Antrag\"\nkeep = [\"author\"]\n",
    );
    house.write(&format!("vorlagen/{ID}/motion.md"), "# Antrag\n");
    let run = house.run(&["template", "export", ID, "-o", &template]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let mut package =
        zip::ZipWriter::new_append(std::io::Cursor::new(house.read(&template))).unwrap();
    let options = zip::write::SimpleFileOptions::default();
    package
        .start_file("word/_rels/footer1.xml.rels", options)
        .unwrap();
    package
        .write_all(br#"<Relationships><Relationship Id="1" Type="x/image" Target="logo.png"/></Relationships>"#)
        .unwrap();
    house.write(&template, package.finish().unwrap().into_inner());
    let run = house.run(&["template", "check"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let note = format!(
        "! {ID}: Fußzeile 1: das Bild führt zu „logo.png“, das in der Datei fehlt; fügen Sie es in Word neu ein"
    );
    assert!(
        run.output().lines().any(|line| line == note),
        "{}",
        run.output()
    );
}

#[test]
fn faults_are_told_in_words_and_are_65() {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\ndefault = \"probe\"\n"),
    );
    house.write("vorlagen/probe/template.toml", "title = \"Probe\"\n");
    house.write(
        "vorlagen/probe/motion.md",
        "# Antrag\n\n{{ Der Beirrat }} bittet.\n",
    );
    for arguments in [&["template", "check"][..], &["template", "check", "probe"]] {
        let run = house.run(arguments);
        assert_eq!(run.code, 65, "{}", run.errors);
        assert!(run.errors.contains("Beirrat"), "{}", run.errors);
        assert!(!run.output().contains('✓'), "{}", run.output());
    }
    // For every other command that needs it, it is the configuration that is broken.
    let asks = program::mail("Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.");
    let run = house.feed(&["answer"], asks.as_bytes());
    assert_eq!(run.code, 78, "{}", run.errors);
    assert!(run.errors.contains("Beirrat"), "{}", run.errors);
}
