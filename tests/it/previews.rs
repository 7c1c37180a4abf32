//! `template preview`, `template fields` and `template export`: what an administrator sees of
//! a motion.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::case::archive::word_file;
use crate::program::{CONFIG, House, Run, finish, is_package, text_of};

const ID: &str = "nationaler-integrationsplan";

const FIELDS: &str = "title = \"Anfrage\"\n\
    [fields.sitzung]\ntype = \"date\"\ntitle = \"Datum der Sitzung\"\ndefault = \"3. Mai 2026\"\n\
    [fields.betrag]\ntype = \"number\"\ndefault = 1250.5\n\
    [fields.form]\ntype = \"choice\"\noptions = [\"mündlich\", \"schriftlich\"]\nrequired = true\n\
    [fields.\"begründung\"]\ntype = \"text\"\n\
    [fields.unbenutzt]\ntype = \"text\"\n\
    [fields.ein_name_den_words_seriendruck_nicht_mehr_nimmt]\ntype = \"text\"\n";

const MOTION: &str = "# Anfrage\n\n{{ Der Beirat }} fragt {{ form }} am {{ sitzung }} nach \
    {{ betrag }} Euro.{% if begründung %} Denn: {{ begründung }}.{% endif %}\n";

/// A house with a motion that has fields of each kind.
fn house() -> House {
    let house = House::new();
    let templates = "[templates]\npath = \"vorlagen\"\ndefault = \"anfrage\"\n";
    house.write("antragsbote.toml", format!("{CONFIG}\n{templates}"));
    house.write("vorlagen/anfrage/template.toml", FIELDS);
    house.write("vorlagen/anfrage/motion.md", MOTION);
    house
}

/// Runs the program where there are no other programs but those in `programme`.
fn run(house: &House, arguments: &[&str]) -> Run {
    finish(command(house, arguments), b"")
}

fn command(house: &House, arguments: &[&str]) -> Command {
    let mut command = house.command(arguments);
    command.env("PATH", house.path("programme"));
    command
}

/// A program that is a script. Another process writes it: what this one has open for writing
/// while it forks elsewhere cannot be run.
fn script(house: &House, name: &str, text: &str) {
    std::fs::create_dir_all(house.path("programme")).unwrap();
    let write =
        "printf '#!/bin/sh\\nPATH=/usr/bin:/bin\\n%s\\n' \"$1\" > \"$2\" && chmod 700 \"$2\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", write, "sh", text]);
    let path = house.path("programme").join(name);
    assert!(shell.arg(path).status().unwrap().success());
}

/// A Word file of these paragraphs.
fn word_of(paragraphs: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{paragraphs}</w:body></w:document>"
    );
    word_file(&document, &[])
}

/// The rows of a data source; what Word and Excel need is proven on the way.
fn rows(source: &[u8]) -> Vec<Vec<String>> {
    let text = source
        .strip_prefix(b"\xEF\xBB\xBF")
        .expect("a byte order mark");
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(text.as_bytes());
    // rows of different lengths are an error
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn fields_are_shown_with_examples() {
    let run = house().run(&["template", "fields", "anfrage"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: HashSet<String> = run.output().lines().map(squeezed).collect();
    for line in [
        "anfrage verwendet begründung, beirat, betrag, form, sitzung.",
        "{{ sitzung }} 3. Mai 2026 Datum der Sitzung: Tag, sonst 3. Mai 2026",
        "{{ betrag }} 1.250,5 betrag: Zahl, sonst 1.250,5",
        "{{ form }} mündlich form: mündlich oder schriftlich, wird erfragt",
        "{{ begründung }} begründung begründung: Text, darf fehlen",
        "{{ anfragende_person }} Maria Muster wer die Mail geschrieben hat",
        "{{ kommune.land }} Schleswig-Holstein Land",
        "{{ … }} Ausländerbeirat Ratsversammlung Flensburg",
        "{{ der … }} der Ausländerbeirat die Ratsversammlung die Stadt Flensburg",
        "{{ in … }} im Ausländerbeirat in der Ratsversammlung in Flensburg",
    ] {
        assert!(lines.contains(line), "{line}\n{}", run.output());
    }
}

#[test]
fn the_data_source_keeps_words_rules() {
    let house = house();
    let run = house.run(&["template", "fields", "anfrage", "--csv", "-o", "felder.csv"]);
    assert_eq!((run.code, run.output().as_str()), (0, ""), "{}", run.errors);
    assert!(
        run.errors
            .contains("ein_name_den_words_seriendruck_nicht_mehr_nimmt ist nicht dabei"),
        "{}",
        run.errors
    );
    let rows = rows(&house.read("felder.csv"));
    let (names, records) = rows.split_first().unwrap();
    for name in names {
        assert!(name.starts_with(char::is_alphabetic), "{name}");
        assert!(
            name.chars().all(|c| c.is_alphanumeric() || c == '_'),
            "{name}"
        );
        assert!(name.chars().count() <= 40, "{name}");
    }
    let folded: HashSet<String> = names.iter().map(|name| name.to_uppercase()).collect();
    assert!(folded.len() == names.len() && names.len() <= 255);
    let column = |name: &str| {
        let at = names.iter().position(|known| known == name);
        let at = at.unwrap_or_else(|| panic!("{name} is no column"));
        records
            .iter()
            .map(|record| record[at].as_str())
            .collect::<BTreeSet<_>>()
    };
    for (name, value) in [
        ("Der_Beirat", "Die Ausländervertretung"),
        ("Beirat_der", "die Ausländervertretung"),
        ("den_Rat", "den Kreistag"),
        ("Rat_Dem", "Dem Kreistag"),
        ("in_Kommune", "in Flensburg"),
        ("Kommune_land", "Hamburg"),
        ("sitzung", "3. Mai 2026"),
        ("betrag", "1.250,5"),
        ("begründung", "begründung"),
    ] {
        assert!(column(name).contains(value), "{name}: {:?}", column(name));
    }
}

/// A field that Word's menu inserts is one that the engine knows, and says what Word showed.
#[test]
fn each_column_is_a_field() {
    let house = house();
    let source = house.run(&["template", "fields", "anfrage", "--csv"]);
    let rows = rows(&source.bytes);
    let paragraph = |name: &String| {
        format!(
            "<w:p><w:fldSimple w:instr=\" MERGEFIELD {name} \"><w:r><w:t>«{name}»</w:t></w:r></w:fldSimple></w:p>"
        )
    };
    let paragraphs: String = rows[0].iter().map(paragraph).collect();
    let manifest = FIELDS.replace("\"Anfrage\"", "\"Alle Felder\"");
    house.write("vorlagen/alle/template.toml", manifest);
    house.write("vorlagen/alle/motion.docx", word_of(&paragraphs));
    let run = run(&house, &["template", "preview", "alle", "-o", "alle.docx"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let text = text_of(&house.path("alle.docx"));
    let merged: BTreeMap<&String, &str> = rows[0].iter().zip(text.lines()).collect();
    let shown: BTreeMap<&String, &str> = rows[0]
        .iter()
        .zip(rows[1].iter().map(String::as_str))
        .collect();
    assert_eq!(merged, shown);
    assert_eq!(text.lines().count(), rows[0].len());
}

#[test]
fn without_libreoffice_there_is_the_document_and_a_word() {
    let house = house();
    let run = run(&house, &["template", "preview", "anfrage"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(is_package(&house.read("anfrage-vorschau.docx")));
    let output = run.output();
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[0], "anfrage-vorschau.docx");
    assert!(
        lines[1].contains("apt install libreoffice-writer-nogui"),
        "{output}"
    );
    let piped = self::run(&house, &["template", "preview", "anfrage", "-o", "-"]);
    assert!(is_package(&piped.bytes));
}

#[test]
fn a_preview_may_be_of_ones_own() {
    let house = house();
    let run = run(
        &house,
        &[
            "template",
            "preview",
            "anfrage",
            "--kommune",
            "Landkreis Fürth",
            "--beirat",
            "Integrationsrat",
            "-o",
            "a.docx",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.errors);
    let expected = "Anfrage\nDer Integrationsrat fragt mündlich am 3. Mai 2026 nach 1.250,5 Euro. \
                    Denn: begründung.\n";
    assert!(text_of(&house.path("a.docx")).starts_with(expected));
}

/// What the document does not name changes nothing, and is not varied.
#[test]
fn all_combinations_are_written_once() {
    let house = house();
    let run = run(&house, &["template", "preview", "anfrage", "--all"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let folder = house.path("anfrage-vorschau");
    let names = std::fs::read_dir(&folder).unwrap();
    let names: BTreeSet<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let summary = format!("{} Dokumente in anfrage-vorschau", names.len());
    assert_eq!(run.output().lines().next(), Some(summary.as_str()));
    let of_flensburg: Vec<&str> = names
        .iter()
        .filter_map(|name| name.strip_prefix("Stadt-Flensburg_Ausländerbeirat_"))
        .collect();
    assert_eq!(
        of_flensburg,
        [
            "mündlich_mit begründung.docx",
            "mündlich_ohne begründung.docx",
            "schriftlich_mit begründung.docx",
            "schriftlich_ohne begründung.docx",
        ]
    );
    let text =
        text_of(&folder.join("Stadt-Flensburg_Ausländerbeirat_schriftlich_ohne begründung.docx"));
    let expected =
        "Anfrage\nDer Ausländerbeirat fragt schriftlich am 3. Mai 2026 nach 1.250,5 Euro.\n";
    assert!(text.starts_with(expected), "{text}");
    assert!(
        names.iter().any(|name| name.starts_with("Landkreis-")),
        "{names:?}"
    );
}

/// Many choices are varied one by one, and with the first municipality only.
#[test]
fn combinations_are_bounded() {
    let house = house();
    let options = |name: &str, count: usize| {
        let options: Vec<String> = (0..count).map(|n| format!("\"Wahl {n}\"")).collect();
        format!(
            "[fields.{name}]\ntype = \"choice\"\nrequired = true\noptions = [{}]\n",
            options.join(", ")
        )
    };
    let manifest = format!(
        "title = \"V\"\n{}{}",
        options("eins", 9),
        options("zwei", 10)
    );
    house.write("vorlagen/viele/template.toml", manifest);
    house.write("vorlagen/viele/motion.md", "{{ eins }} {{ zwei }}\n");
    let all = run(&house, &["template", "preview", "anfrage", "--all"]);
    let kinds: usize = all
        .output()
        .split(' ')
        .next()
        .unwrap()
        .parse::<usize>()
        .unwrap()
        / 4;
    let run = run(&house, &["template", "preview", "viele", "--all"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let names = std::fs::read_dir(house.path("viele-vorschau")).unwrap();
    let names: BTreeSet<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    let expected = 1 + 8 + 9 + (kinds - 1);
    assert_eq!(names.len(), expected);
    let summary =
        format!("{expected} Dokumente (nicht jede Auswahl mit jeder: das wären zu viele)");
    assert!(run.output().starts_with(&summary), "{}", run.output());
    for name in [
        "Stadt-Flensburg_Ausländerbeirat.docx",
        "Stadt-Flensburg_Ausländerbeirat_Wahl 7.docx",
    ] {
        assert!(names.contains(std::ffi::OsStr::new(name)), "{names:?}");
    }
}

/// The document stays where its pictures fail.
#[test]
fn a_libreoffice_that_fails_is_quoted() {
    let house = house();
    script(
        &house,
        "soffice",
        "echo 'Error: source file could not be loaded' >&2",
    );
    let run = run(&house, &["template", "preview", "anfrage"]);
    assert_eq!(run.code, 69, "{}", run.errors);
    assert_eq!(run.output(), "anfrage-vorschau.docx\n");
    assert!(
        run.errors.contains("kein PDF gemacht: Error: source file"),
        "{}",
        run.errors
    );
    assert!(run.errors.contains("hint: "), "{}", run.errors);
    assert!(is_package(&house.read("anfrage-vorschau.docx")));
}

/// Ctrl-C ends LibreOffice and what that has started, and leaves no folder behind.
#[test]
fn who_interrupts_a_preview_ends_libreoffice() {
    let house = house();
    std::fs::create_dir(house.path("tmp")).unwrap();
    let note = house.path("note");
    let text = format!(
        "sleep 300 & echo $! > {0}.new; mv {0}.new {0}; wait",
        note.display()
    );
    script(&house, "soffice", &text);
    let mut command = command(&house, &["template", "preview", "anfrage"]);
    command
        .env("TMPDIR", house.path("tmp"))
        .stdin(Stdio::null());
    let preview = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let child = until(|| std::fs::read_to_string(&note).ok());
    let interrupt = Command::new("kill")
        .args(["-INT", &preview.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    let output = preview.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(69), "{errors}");
    assert!(errors.contains("abgebrochen"), "{errors}");
    let stat = format!("/proc/{}/stat", child.trim());
    // one that nobody has waited for yet is a zombie
    until(|| {
        std::fs::read_to_string(&stat).map_or(Some(()), |stat| stat.contains(") Z ").then_some(()))
    });
    assert_eq!(std::fs::read_dir(house.path("tmp")).unwrap().count(), 0);
}

fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The four ways to fill in the seed.
const COMBINATIONS: [(&str, &str); 4] = [
    ("09563000", "Ausländerbeirat"),
    ("09563000", "Integrationsbeirat"),
    ("09573", "Ausländerbeirat"),
    ("09573", "Integrationsbeirat"),
];

#[test]
fn an_exported_folder_merges_to_the_same_text() {
    let house = House::new();
    let run = house.run(&["template", "export", ID, "-o", &format!("vorlagen/{ID}")]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let output = run.output();
    for words in [
        "motion.docx in Word",
        "[templates] path",
        "template check",
        "motion.md ist nicht dabei",
    ] {
        assert!(output.contains(words), "{words}: {output}");
    }
    let files = std::fs::read_dir(house.path(&format!("vorlagen/{ID}"))).unwrap();
    let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(
        files,
        BTreeSet::from(["motion.docx".into(), "template.toml".into()])
    );
    house.write(
        "eigene.toml",
        format!("{CONFIG}\n[templates]\npath = \"vorlagen\"\n"),
    );
    let run = house.run(&["--config", "eigene.toml", "template", "check"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    for (kommune, beirat) in COMBINATIONS {
        let render = |config: &[&str], file: &str| {
            let render = [
                "render",
                "--template",
                ID,
                "--kommune",
                kommune,
                "--beirat",
                beirat,
                "-o",
                file,
            ];
            let run = house.run(&[config, &render].concat());
            assert_eq!(run.code, 0, "{}", run.errors);
            text_of(&house.path(file))
        };
        let original = render(&[], "original.docx");
        assert!(
            original.contains(&format!("Der {beirat} bittet den ")),
            "{original}"
        );
        assert_eq!(
            render(&["--config", "eigene.toml"], "eigene.docx"),
            original
        );
    }
}

#[test]
fn nothing_is_written_over_by_an_export() {
    let house = House::new();
    house.write(&format!("{ID}/notiz.txt"), "bleibt");
    let run = house.run(&["template", "export", ID]);
    assert_eq!(run.code, 73, "{}", run.errors);
    assert!(run.errors.contains("gibt es schon"), "{}", run.errors);
    assert_eq!(std::fs::read_dir(house.path(ID)).unwrap().count(), 1);
    // a Word file alone is what it was
    for file in ["antrag.docx", "-"] {
        let run = house.run(&["template", "export", ID, "-o", file]);
        assert_eq!(run.code, 0, "{}", run.errors);
        let bytes = if file == "-" {
            run.bytes
        } else {
            house.read(file)
        };
        assert!(is_package(&bytes), "{file}");
    }
}

/// A motion that is a Word file already is copied with all that lies beside it.
#[test]
fn a_word_motion_is_exported_as_it_is() {
    let house = house();
    let word = word_of("<w:p><w:r><w:t>{{ Der Beirat }}</w:t></w:r></w:p>");
    let files = [
        ("template.toml", b"title = \"Word\" # so\n".to_vec()),
        ("motion.docx", word),
        ("motion.md", b"nicht mehr".to_vec()),
        ("bilder/logo.txt", b"logo".to_vec()),
    ];
    for (name, content) in &files {
        house.write(&format!("vorlagen/word/{name}"), content);
    }
    let run = house.run(&["template", "export", "word", "-o", "heraus/neu"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(
        run.output().contains("template check neu"),
        "{}",
        run.output()
    );
    for (name, content) in files {
        assert_eq!(house.read(&format!("heraus/neu/{name}")), content, "{name}");
    }
}
