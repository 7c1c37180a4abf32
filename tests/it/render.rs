//! `render`: a motion from the command line.

use crate::program::{House, is_package, text_of};

const FÜRTH: [&str; 6] = [
    "render",
    "--template",
    "nationaler-integrationsplan",
    "--kommune",
    "09563000",
    "--beirat",
];

#[test]
fn a_motion_of_the_catalogue() {
    let house = House::new();
    for (kommune, rat) in [("09563000", "Stadtrat"), ("Landkreis Fürth", "Kreistag")] {
        let run = house.run(&[
            "render",
            "--template",
            "nationaler-integrationsplan",
            "--kommune",
            kommune,
            "--beirat",
            "Integrationsbeirat",
            "-o",
            "antrag.docx",
        ]);
        assert_eq!(run.code, 0, "{}", run.errors);
        let text = text_of(&house.path("antrag.docx"));
        assert!(
            text.contains("Integrationsbeirat") && text.contains(rat),
            "{text}"
        );
    }
}

#[test]
fn a_council_may_be_named() {
    let house = House::new();
    let run = house.run(
        &[
            &FÜRTH[..],
            &[
                "Ausländerbeirat",
                "--rat",
                "Stadtverordnetenversammlung",
                "-o",
                "antrag.docx",
            ],
        ]
        .concat(),
    );
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(text_of(&house.path("antrag.docx")).contains("Stadtverordnetenversammlung"));
}

#[test]
fn the_document_may_go_to_standard_output_and_is_reproducible() {
    let house = House::new();
    let runs = [(); 2].map(|()| house.run(&[&FÜRTH[..], &["Ausländerbeirat", "-o", "-"]].concat()));
    assert!(runs.iter().all(|run| run.code == 0), "{}", runs[0].errors);
    assert!(is_package(&runs[0].bytes));
    assert_eq!(runs[0].bytes, runs[1].bytes);
}

#[test]
fn an_ambiguous_name_lists_its_candidates_with_their_keys() {
    let house = House::new();
    let run = house.run(&[
        "render",
        "--template",
        "nationaler-integrationsplan",
        "--kommune",
        "Neustadt",
        "--beirat",
        "Ausländerbeirat",
        "-o",
        "x.docx",
    ]);
    assert_eq!(run.code, 65, "{}", run.errors);
    assert!(run.errors.matches("Neustadt").count() > 2, "{}", run.errors);
    assert!(run.errors.contains("Schlüssel"), "{}", run.errors);
    assert!(!house.path("x.docx").exists());
}

#[test]
fn an_unknown_body_names_the_known_ones() {
    let house = House::new();
    let run = house.run(&[&FÜRTH[..], &["Kegelverein", "-o", "x.docx"]].concat());
    assert_eq!(run.code, 65, "{}", run.errors);
    assert!(
        run.errors.contains("Kegelverein") && run.errors.contains("Ausländerbeirat"),
        "{}",
        run.errors
    );
}

#[test]
fn a_foreign_file_prints_nothing_for_what_is_missing() {
    let house = House::new();
    let template = docx(&["Guten Tag {{ name }},", "{{ fehlt }}Ende {{ adresse.ort }}"]);
    house.write("brief.docx", template);
    house.write(
        "daten.json",
        r#"{"name": "<Anna> & {{ Co }}", "adresse": {"ort": "Hof"}}"#,
    );
    let run = house.run(&[
        "render",
        "--template-file",
        "brief.docx",
        "--data",
        "daten.json",
        "-o",
        "aus.docx",
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(
        text_of(&house.path("aus.docx")).trim(),
        "Guten Tag &lt;Anna&gt; &amp; {{ Co }},\nEnde Hof"
    );
    let run = house.run(&[
        "render",
        "--template-file",
        "brief.docx",
        "--data",
        "daten.json",
        "--set",
        "name=Bea",
        "-o",
        "aus.docx",
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(text_of(&house.path("aus.docx")).contains("Guten Tag Bea,"));
}

#[test]
fn bad_data_is_65_with_its_place() {
    let house = House::new();
    house.write("brief.docx", docx(&["x"]));
    for data in ["{\n \"a\": }", "[1]", ""] {
        house.write("daten.json", data);
        let run = house.run(&[
            "render",
            "--template-file",
            "brief.docx",
            "--data",
            "daten.json",
            "-o",
            "aus.docx",
        ]);
        assert_eq!(run.code, 65, "{data}: {}", run.errors);
        assert!(run.errors.contains("daten.json:"), "{}", run.errors);
    }
    house.write("kaputt.docx", "kein Word");
    let run = house.run(&["render", "--template-file", "kaputt.docx", "-o", "aus.docx"]);
    assert_eq!(run.code, 65, "{}", run.errors);
    assert!(run.errors.contains("kaputt.docx"), "{}", run.errors);
}

/// A Word file of these paragraphs.
fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let add = |docx: docx_rs::Docx, text: &&str| {
        docx.add_paragraph(docx_rs::Paragraph::new().add_run(docx_rs::Run::new().add_text(*text)))
    };
    let mut out = std::io::Cursor::new(Vec::new());
    paragraphs
        .iter()
        .fold(docx_rs::Docx::new(), add)
        .build()
        .pack(&mut out)
        .unwrap();
    out.into_inner()
}
