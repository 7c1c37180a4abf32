//! `template check`: what an administrator may put into a folder by mistake, each named with
//! its remedy; and the copy with comments.

use std::io::{Cursor, Read as _, Write as _};

use crate::program::{CONFIG, House, Run, is_package};

const TITLE: &str = "title = \"Probe\"\n";

/// Files below the folder of templates.
type Contents<'a> = &'a [(&'a str, &'a [u8])];

/// A house with the motion `probe`, of these files.
fn house(files: Contents<'_>) -> House {
    let house = House::new();
    house.write(
        "antragsbote.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\ndefault = \"probe\"\n"),
    );
    for (name, content) in files {
        house.write(&format!("vorlagen/{name}"), content);
    }
    house
}

/// A Word file whose paragraphs are these.
fn word(paragraphs: &[String]) -> Vec<u8> {
    let body: String = paragraphs
        .iter()
        .map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"))
        .collect();
    let namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#.to_owned(),
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#.to_owned(),
        ),
        (
            "word/document.xml",
            format!(r#"<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>"#),
        ),
    ];
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        package.start_file(name, options).unwrap();
        package.write_all(content.as_bytes()).unwrap();
    }
    package.finish().unwrap().into_inner()
}

fn comments(package: Vec<u8>) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut part = String::new();
    let mut file = archive.by_name("word/comments.xml").unwrap();
    file.read_to_string(&mut part).unwrap();
    let texts = part.split("preserve\">").skip(1);
    let texts = texts.map(|text| text.split('<').next().unwrap().to_owned());
    texts.collect()
}

/// Checks a motion; what it says, without the house's own path.
fn checked(house: &House, arguments: &[&str]) -> Run {
    let run = house.run(&[&["template", "check"], arguments].concat());
    let errors = run
        .errors
        .replace(&format!("{}/", house.path("").display()), "");
    let errors = errors.replace(&format!("{}", house.path("").display()), "");
    Run { errors, ..run }
}

#[track_caller]
fn assert_run(run: &Run, code: i32, output: &str, errors: &str) {
    assert_eq!(run.code, code, "{}{}", run.output(), run.errors);
    assert_eq!(run.output(), output);
    assert_eq!(run.errors, errors);
}

#[test]
fn files_that_are_no_word_files_are_named_with_their_remedy() {
    let sound = word(&["a".to_owned()]);
    let cut = &sound[..sound.len() / 2];
    for (content, expected) in [
        (
            &b"%PDF-1.7\n..."[..],
            "das ist eine PDF-Datei, keine Vorlage; speichern Sie sie in Word als „Word-Dokument (.docx)“",
        ),
        (
            b"",
            "die Datei ist leer; speichern Sie den Antrag in Word noch einmal, oder kopieren Sie ihn neu in den Ordner",
        ),
        (
            cut,
            "die Datei ist unvollständig: ihr Ende fehlt; übertragen oder speichern Sie sie noch einmal",
        ),
    ] {
        let house = house(&[
            ("probe/template.toml", TITLE.as_bytes()),
            ("probe/motion.docx", content),
        ]);
        let run = checked(&house, &["probe", "--annotate", "kopie.docx"]);
        let errors = format!(
            "error: vorlagen: probe/motion.docx, Word-Datei: {expected}\n\
             hint: 1 Fehler; keine Kopie geschrieben: die Datei lässt sich nicht als \
             Word-Dokument lesen\n"
        );
        assert_run(&run, 65, "", &errors);
        assert!(!house.path("kopie.docx").exists());
    }
}

#[test]
fn half_written_folders_say_what_they_lack() {
    let cases: [(Contents<'_>, &str); 4] = [
        (
            &[("probe/motion.docx", b"PK")],
            "probe: dieser Ordner ist noch kein Antrag: es fehlt template.toml; legen Sie eine \
             Textdatei dieses Namens an, in der mindestens steht: title = \"…\"",
        ),
        (
            &[
                ("probe/template.toml", TITLE.as_bytes()),
                ("probe/motion.doc", b"x"),
            ],
            "probe: der Antrag fehlt: motion.doc ist im alten Word-Format; speichern Sie den \
             Antrag in Word mit „Speichern unter“ als „Word-Dokument (.docx)“ unter dem Namen \
             motion.docx",
        ),
        (
            &[
                ("probe/template.toml", TITLE.as_bytes()),
                ("probe/Unser Antrag.docx", b"x"),
            ],
            "probe: der Antrag fehlt: benennen Sie Unser Antrag.docx in motion.docx um",
        ),
        (
            &[("probe/template.toml", TITLE.as_bytes())],
            "probe: der Antrag fehlt: legen Sie motion.docx oder motion.md in den Ordner",
        ),
    ];
    for (files, expected) in cases {
        let run = checked(&house(files), &["probe"]);
        assert_run(
            &run,
            65,
            "",
            &format!("error: vorlagen: {expected}\nhint: 1 Fehler\n"),
        );
    }
    // all that is missing at once
    let run = checked(&house(&[("probe/motion.odt", b"x")]), &["probe"]);
    let lines: Vec<&str> = run.errors.lines().collect();
    let [toml, document, "hint: 2 Fehler"] = lines.as_slice() else {
        panic!("{}", run.errors);
    };
    assert!(toml.contains("es fehlt template.toml"), "{toml}");
    assert!(
        document.contains("motion.odt ist ein LibreOffice-Text"),
        "{document}"
    );
    // beside a sound motion it is none, and disturbs nothing
    let house = house(&[
        ("probe/template.toml", TITLE.as_bytes()),
        ("probe/motion.md", "{{ Der Beirat }}\n".as_bytes()),
        ("neu/motion.docx", b"PK"),
    ]);
    let run = house.run(&["template", "check"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(
        run.output()
            .contains("! neu: neu: dieser Ordner ist noch kein Antrag"),
        "{}",
        run.output()
    );
    assert!(
        run.output().ends_with("keine Fehler, 1 Hinweis\n"),
        "{}",
        run.output()
    );
}

#[test]
fn what_lies_beside_a_motion_is_told() {
    let house = house(&[
        ("probe/template.toml", TITLE.as_bytes()),
        ("probe/motion.md", b"alt {{ x }}\n"),
        ("probe/motion.docx", &word(&["{{ Der Beirat }}".to_owned()])),
        ("probe/~$motion.docx", b"\x04Anna"),
    ]);
    let run = checked(&house, &["probe"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    for expected in [
        "✓ probe: ",
        "! probe: motion.docx: die Datei ist gerade in Word geöffnet, und geprüft wurde, was zuletzt gespeichert ist; speichern und schließen Sie sie, und prüfen Sie dann noch einmal\n",
        "! probe: motion.md: neben ihr liegt motion.docx, und die gilt; nehmen Sie eine der beiden heraus, damit niemand vergebens an der falschen arbeitet\n",
    ] {
        assert!(run.output().contains(expected), "{}", run.output());
    }
}

#[test]
fn five_hundred_faults_are_told_and_commented_at_once() {
    let marks: Vec<String> = (0..500).map(|n| format!("{{{{ quatsch{n} }}}}")).collect();
    let house = house(&[
        ("probe/template.toml", TITLE.as_bytes()),
        ("probe/motion.docx", &word(&marks)),
    ]);
    let run = checked(&house, &["probe", "--annotate", "kopie.docx"]);
    assert_eq!(run.code, 65, "{}", run.errors);
    let lines: Vec<&str> = run.errors.lines().collect();
    assert_eq!(lines.len(), 501);
    for (number, line) in lines.iter().take(500).enumerate() {
        let start = format!(
            "error: vorlagen: probe/motion.docx, Text, Absatz {}: „quatsch{number}“ ist kein bekanntes Feld",
            number + 1
        );
        assert!(line.starts_with(&start), "{line}");
    }
    assert!(lines[500].starts_with("hint: 500 Fehler"), "{}", lines[500]);
    assert!(
        lines[500].ends_with("mit Kommentaren in Word: kopie.docx"),
        "{}",
        lines[500]
    );
    let comments = comments(house.read("kopie.docx"));
    assert_eq!(comments.len(), 500);
    assert!(
        comments[498].starts_with("„quatsch498“ ist kein bekanntes Feld"),
        "{}",
        comments[498]
    );
    // the last fault, and what else such a document lacks: language, headings
    assert!(
        comments[499].starts_with("noch 3 weitere Stellen sind zu prüfen"),
        "{}",
        comments[499]
    );
}

#[test]
fn a_sound_motion_gets_no_copy_and_markdown_gets_one_where_it_becomes_word() {
    let house = house(&[
        ("probe/template.toml", TITLE.as_bytes()),
        (
            "probe/motion.md",
            "# Antrag\n\n{{ Der Beirat }} bittet.\n".as_bytes(),
        ),
    ]);
    let check = ["probe", "--annotate", "kopie.docx"];
    let run = checked(&house, &check);
    assert_eq!(run.code, 0, "{}", run.errors);
    let end = "keine Fehler; es gibt nichts zu kommentieren, keine Kopie geschrieben\n";
    assert!(run.output().ends_with(end), "{}", run.output());
    assert!(!house.path("kopie.docx").exists());

    house.write(
        "vorlagen/probe/motion.md",
        "# Antrag\n\n{{ Der Beirrat }} bittet.\n",
    );
    let run = checked(&house, &check);
    assert_eq!(run.code, 65, "{}", run.errors);
    assert_eq!(
        comments(house.read("kopie.docx")),
        [
            "„Beirrat“ ist kein bekanntes Feld; meinten Sie „beirat“? – in: „{{ Der Beirrat }} bittet.“"
        ]
    );
    let output = house.run(&["template", "check", "probe", "--annotate", "-"]);
    assert!(is_package(&output.bytes));
}

/// A fault that only some samples have is told once, with how many and for which.
#[test]
fn every_branch_is_merged_and_each_fault_told_once() {
    let fields = "title = \"Probe\"\n\
                  [fields.dringlich]\ntype = \"choice\"\noptions = [\"nein\", \"ja\"]\ndefault = \"nein\"\n\
                  [fields.sitzung]\ntype = \"text\"\nrequired = false\n";
    let marks = [
        "{{ Der Beirat }}",
        "{% if kommune.bezirk %}{{ 1 // 0 }}{% endif %}",
        "{% if dringlich == \"ja\" %}{{ 2 // 0 }}{% endif %}",
        "{% if not sitzung %}{{ 3 // 0 }}{% endif %}",
        "{% if beirat.migrationsbeirat %}{{ 4 // 0 }}{% endif %}",
    ];
    let house = house(&[
        ("probe/template.toml", fields.as_bytes()),
        ("probe/motion.docx", &word(&marks.map(str::to_owned))),
    ]);
    let run = checked(&house, &["probe"]);
    assert_eq!(run.code, 65, "{}", run.errors);
    let lines: Vec<&str> = run.errors.lines().collect();
    assert_eq!(lines.len(), 5, "{}", run.errors);
    for (paragraph, division) in [(2, "1 // 0"), (3, "2 // 0"), (4, "3 // 0"), (5, "4 // 0")] {
        let start = format!(
            "error: vorlagen: probe/motion.docx, Text, Absatz {paragraph}: „{division}“: durch null"
        );
        let line = lines.iter().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("{start} not in {}", run.errors));
        assert!(line.contains(" Probedokumenten, so für "), "{line}");
    }
    assert!(lines[4].starts_with("hint: 4 Fehler"), "{}", lines[4]);
}
