use std::collections::BTreeSet;

use super::*;
use crate::merge::Anchor;
use crate::merge::document::proof;
use crate::merge::document::tests::{NAMESPACES, TYPES, document, p, package, part, r, strict};
use crate::merge::document::{Document, Keep};

const MAIN: &str = "word/document.xml";
const COMMENTS: &str = "word/comments.xml";

fn at(paragraph: usize, problem: &str) -> Fault {
    Fault::new(Place::in_part(MAIN, "Absatz", Some(paragraph)), problem)
}

/// The text of the body with the comments in it: `[0: …]` around what each comments.
fn outline(annotated: &[u8]) -> String {
    let main = part(annotated, MAIN);
    let ids = main.split("commentRangeStart").skip(1);
    let id = |rest: &str| {
        rest.split('"')
            .find(|it| it.parse::<u32>().is_ok())
            .unwrap()
            .to_owned()
    };
    let ids: BTreeSet<String> = ids.map(id).collect();
    let mut text = main;
    for id in &ids {
        for (name, sign) in [
            ("commentRangeStart", format!("[{id}: ")),
            ("commentRangeEnd", "]".to_owned()),
        ] {
            let at = text.match_indices(name).map(|(at, _)| at);
            let at = at.into_iter().find(|at| {
                let rest = text.get(*at..).unwrap();
                rest.split("/>")
                    .next()
                    .unwrap()
                    .contains(&format!("id=\"{id}\""))
            });
            let start = text.get(..at.unwrap()).unwrap().rfind('<').unwrap();
            let end = start + text.get(start..).unwrap().find("/>").unwrap() + 2;
            text.replace_range(start..end, &format!("\u{1}{sign}\u{2}"));
        }
    }
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, tag)) = rest.split_once(['<', '\u{1}']) {
        plain.push_str(before);
        let is_sign = rest.get(before.len()..).unwrap().starts_with('\u{1}');
        let (tag, after) = tag.split_once(if is_sign { '\u{2}' } else { '>' }).unwrap();
        if is_sign {
            plain.push_str(tag);
        } else if tag == "/w:p" {
            plain.push('|');
        }
        rest = after;
    }
    plain + rest
}

/// The comments' texts, in order.
fn comments(annotated: &[u8], name: &str) -> Vec<String> {
    let part = part(annotated, name);
    assert_eq!(proof::well_formed(part.as_bytes()), Ok(()), "{part}");
    let texts = part.split("preserve\">").skip(1);
    texts
        .map(|text| text.split('<').next().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn check(body: &str, faults: &[Fault], expected: &str) -> Vec<u8> {
    let package = package(&[(MAIN, document(body).as_bytes())]);
    let annotated = annotate(&package, faults).unwrap();
    let main = part(&annotated, MAIN);
    assert_eq!(proof::well_formed(main.as_bytes()), Ok(()), "{main}");
    assert_eq!(outline(&annotated), expected, "{main}");
    assert!(Document::compile(annotated.clone(), &strict()).is_ok());
    annotated
}

#[test]
fn faults_become_comments_around_their_paragraphs() {
    let styled = r#"<w:p><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:t>b</w:t></w:r></w:p>"#;
    let body = p(&["a"]) + styled + "<w:p/>" + r#"<w:p w:x="1" />"#;
    let faults = [
        at(1, "eins & zwei"),
        at(1, "drei"),
        at(2, "leer"),
        at(3, "x"),
    ];
    let annotated = check(&body, &faults, "a|[0: [1: b]]|[2: ]|[3: ]|");
    assert_eq!(
        part(&annotated, MAIN),
        document(
            &(p(&["a"])
                + r#"<w:p><w:pPr><w:jc w:val="left"/></w:pPr><w:commentRangeStart w:id="0"/><w:commentRangeStart w:id="1"/><w:r><w:t>b</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r><w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r></w:p>"#
                + r#"<w:p><w:commentRangeStart w:id="2"/><w:commentRangeEnd w:id="2"/><w:r><w:commentReference w:id="2"/></w:r></w:p>"#
                + r#"<w:p w:x="1" ><w:commentRangeStart w:id="3"/><w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r></w:p>"#)
        )
    );
    assert_eq!(
        comments(&annotated, COMMENTS),
        ["eins &amp; zwei", "drei", "leer", "x"]
    );
    assert!(part(&annotated, COMMENTS).contains(
        r#"<w:comment w:id="0" w:author="Antragsbote" w:initials="AB"><w:p><w:r><w:t xml:space="preserve">eins &amp; zwei</w:t></w:r></w:p></w:comment>"#
    ));
    let rels = part(&annotated, "word/_rels/document.xml.rels");
    assert!(rels.contains(r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/>"#), "{rels}");
    let types = part(&annotated, "[Content_Types].xml");
    assert!(types.contains(r#"<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/></Types>"#), "{types}");
}

/// Without faults, and in every part that has nothing to do with comments.
#[test]
fn all_else_stays_byte_for_byte() {
    let header = format!("<w:hdr {NAMESPACES}>{}</w:hdr>", p(&["{{ kopf }}"]));
    let main = document(&p(&["{{ x }}"]));
    let parts: [(&str, &[u8]); 3] = [
        (MAIN, main.as_bytes()),
        ("word/header1.xml", header.as_bytes()),
        ("word/media/a.png", b"\x89PNG"),
    ];
    let package = package(&parts);
    assert_eq!(annotate(&package, &[]).unwrap(), package);
    let annotated = annotate(&package, &[at(0, "x")]).unwrap();
    assert_eq!(part(&annotated, "word/header1.xml"), header);
    assert_eq!(
        part(&annotated, "_rels/.rels"),
        part(&package, "_rels/.rels")
    );
    assert_eq!(annotate(&package, &[at(0, "x")]).unwrap(), annotated);
}

#[test]
fn comments_that_are_there_stay() {
    let old = format!(
        r#"<w:comments {NAMESPACES}><w:comment w:id="0" w:author="Anna">{}</w:comment></w:comments>"#,
        p(&["alt"])
    );
    let body = p(&["a"])
        + r#"<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>b</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r><w:r><w:commentReference w:id="2"/></w:r></w:p>"#;
    let rels = r#"<r:Relationships xmlns:r="http://schemas.openxmlformats.org/package/2006/relationships"><r:Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/></r:Relationships>"#;
    let types = TYPES.replace("</Types>", r#"<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/></Types>"#);
    let package = package(&[
        ("[Content_Types].xml", types.as_bytes()),
        (MAIN, document(&body).as_bytes()),
        (COMMENTS, old.as_bytes()),
        ("word/_rels/document.xml.rels", rels.as_bytes()),
    ]);
    let annotated = annotate(&package, &[at(0, "neu"), at(1, "auch")]).unwrap();
    assert_eq!(outline(&annotated), "[1: a]|[3: [0: b]]|");
    let kept = old.strip_suffix("</w:comments>").unwrap();
    assert!(part(&annotated, COMMENTS).starts_with(kept));
    assert_eq!(comments(&annotated, COMMENTS), ["alt", "neu", "auch"]);
    for name in ["[Content_Types].xml", "word/_rels/document.xml.rels"] {
        assert_eq!(part(&annotated, name), part(&package, name));
    }
}

#[test]
fn what_has_no_place_in_the_text_is_told_at_its_beginning() {
    let faults = [
        Fault::new(
            Place::in_part("word/header1.xml", "Absatz 1", Some(0)),
            "kopf",
        ),
        Fault::new("Word-Datei", "signiert"),
        at(7, "weg"),
        at(1, "hier"),
    ];
    let body = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        p(&["a"]),
        p(&["b"])
    );
    let annotated = check(&body, &faults, "[0: [1: [2: a]]]|[3: b]|");
    assert_eq!(
        comments(&annotated, COMMENTS),
        [
            "Kopfzeile 1, Absatz 1: kopf",
            "Word-Datei: signiert",
            "Text, Absatz: weg",
            "hier"
        ]
    );
    let empty = package(&[(MAIN, document("<w:sectPr/>").as_bytes())]);
    let refused = annotate(&empty, &faults).unwrap_err();
    assert!(refused.problem.contains("keinen Absatz"), "{refused}");
}

/// Word allows no comments within text boxes.
#[test]
fn the_paragraph_that_holds_a_text_box_gets_its_comments() {
    let inner = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(&[text]));
    let drawing = format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>{}</w:drawing>\
         </mc:Choice><mc:Fallback><w:pict>{}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        inner("{{ daum }}"),
        inner("{{ daum }}")
    );
    let body = p(&["a"]) + "<w:p>" + &drawing + "</w:p>" + &p(&["{{ ratt }}"]);
    let package = package(&[(MAIN, document(&body).as_bytes())]);
    let faults = Document::compile(package.clone(), &strict()).unwrap_err();
    let told: Vec<_> = faults
        .iter()
        .map(|fault| fault.place.text.as_str())
        .collect();
    assert_eq!(told, ["Text, Absatz 2, Textfeld", "Text, Absatz 3"]);
    let annotated = annotate(&package, &faults).unwrap();
    assert_eq!(
        outline(&annotated),
        "a|[0: {{ daum }}|{{ daum }}|]|[1: {{ ratt }}]|"
    );
    assert!(comments(&annotated, COMMENTS)[0].starts_with("Text, Absatz 2, Textfeld: "));
}

/// Faults count paragraphs as they are once changes are accepted; the copy has the changes.
#[test]
fn tracked_changes_stay_and_the_right_paragraph_is_found() {
    let open = |text: &str| {
        format!(
            "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr>{}</w:p>",
            r(text)
        )
    };
    let row = |change: &str, text: &str| {
        format!(
            "<w:tr><w:trPr>{change}</w:trPr><w:tc>{}</w:tc></w:tr>",
            p(&[text])
        )
    };
    let body = p(&["a"])
        + &format!(
            "<w:tbl>{}{}</w:tbl>",
            row("<w:del w:id=\"2\"/>", "weg"),
            row("", "{{ ratt }}")
        )
        + &open("{{ da")
        + r#"<w:bookmarkEnd w:id="7"/>"#
        + &open("t")
        + &p(&["um }}{{ datun }}"])
        + &format!("<w:p><w:ins w:id=\"3\">{}</w:ins></w:p>", r("{{ nien }}"));
    let package = package(&[(MAIN, document(&body).as_bytes())]);
    let faults = Document::compile(package.clone(), &strict()).unwrap_err();
    let anchors: Vec<_> = faults
        .iter()
        .map(|it| it.place.anchor.clone().unwrap().paragraph)
        .collect();
    assert_eq!(anchors, [1, 2, 3]);
    let annotated = annotate(&package, &faults).unwrap();
    assert_eq!(
        outline(&annotated),
        "a|weg|[0: {{ ratt }}]|[1: {{ da|t|um }}{{ datun }}]|[2: {{ nien }}]|"
    );
    let left = |text: &str| {
        text.replace("<w:commentRange", "<")
            .contains("<w:del w:id=\"2\"/>")
    };
    assert!(left(&part(&annotated, MAIN)));

    let notes = Document::notes_of(&package, &Keep::default());
    // behind it stands what the document lacks, here its language
    let [note, _] = notes.as_slice() else {
        panic!("{notes:?}");
    };
    assert_eq!(note.place.text, "Text, Tabelle 1, Zeile 1, Zelle 1");
    assert!(
        note.problem
            .starts_with("hier stehen nachverfolgte Änderungen (auch: Absatz 2; Absatz 3); "),
        "{}",
        note.problem
    );
}

#[test]
fn other_prefixes_strict_documents_and_utf_16_are_annotated() {
    let strict_namespace = "http://purl.oclc.org/ooxml/wordprocessingml/main";
    let transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    for namespace in [transitional, strict_namespace] {
        for prefix in ["x:", ""] {
            let xmlns = match prefix {
                "" => "xmlns".to_owned(),
                prefix => format!("xmlns:{}", prefix.trim_end_matches(':')),
            };
            let main = format!(
                "<?xml version=\"1.0\"?><{prefix}document {xmlns}=\"{namespace}\"><{prefix}body><{prefix}p><{prefix}r><{prefix}t>a</{prefix}t></{prefix}r></{prefix}p></{prefix}body></{prefix}document>"
            );
            let wide: Vec<u8> = format!("\u{feff}{main}")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            for bytes in [main.as_bytes(), &wide] {
                let package = package(&[(MAIN, bytes)]);
                let annotated = annotate(&package, &[at(0, "ä")]).unwrap();
                let comments = part(&annotated, COMMENTS);
                assert!(
                    comments.contains(&format!(
                        "<w:comments xmlns:w=\"{namespace}\"><w:comment w:id=\"0\""
                    )),
                    "{comments}"
                );
                let kind = match namespace == strict_namespace {
                    true => "http://purl.oclc.org/ooxml/officeDocument/relationships/comments",
                    false => {
                        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
                    }
                };
                assert!(part(&annotated, "word/_rels/document.xml.rels").contains(kind));
                if bytes.len() == wide.len() {
                    continue;
                }
                let w = if prefix.is_empty() { "w:" } else { prefix };
                let declared = match prefix {
                    "" => format!(" xmlns:w=\"{namespace}\""),
                    _ => String::new(),
                };
                let main = part(&annotated, MAIN);
                assert!(
                    main.contains(&format!(
                        "<{prefix}p><{w}commentRangeStart{declared} {w}id=\"0\"/><{prefix}r>"
                    )),
                    "{main}"
                );
                assert!(main.contains(&format!(
                    "<{w}commentRangeEnd{declared} {w}id=\"0\"/><{w}r{declared}><{w}commentReference {w}id=\"0\"/></{w}r></{prefix}p>"
                )), "{main}");
            }
        }
    }
}

#[test]
fn five_hundred_are_told_and_more_are_counted() {
    let body: String = (0..600)
        .map(|number| p(&[&format!("{{{{ f{number} }}}}")]))
        .collect();
    let package = package(&[(MAIN, document(&body).as_bytes())]);
    let faults = Document::compile(package.clone(), &strict()).unwrap_err();
    assert_eq!(faults.len(), 600);
    let told = |faults: &[Fault]| comments(&annotate(&package, faults).unwrap(), COMMENTS);
    let all = told(faults.get(..500).unwrap());
    assert_eq!(all.len(), 500);
    assert!(
        all.iter()
            .enumerate()
            .all(|(n, text)| text.contains(&format!("„f{n}“")))
    );
    let all = told(&faults);
    assert_eq!(all.len(), 500);
    assert!(
        all[499].starts_with("noch 101 weitere Stellen"),
        "{}",
        all[499]
    );
}

#[test]
fn what_is_no_word_file_is_said() {
    for (bytes, expected) in [
        (&b"%PDF-1.7 x"[..], "das ist eine PDF-Datei, keine Vorlage"),
        (b"", "die Datei ist leer"),
    ] {
        let refused = annotate(bytes, &[at(0, "x")]).unwrap_err();
        assert!(refused.problem.starts_with(expected), "{refused}");
    }
}

#[test]
fn the_anchor_names_the_part_in_the_package() {
    let body = p(&["a"]) + &p(&["{{ datun }}"]);
    let package = package(&[(MAIN, document(&body).as_bytes())]);
    let faults = Document::compile(package, &strict()).unwrap_err();
    let anchor = Anchor {
        part: MAIN.to_owned(),
        paragraph: 1,
    };
    assert_eq!(faults[0].place.anchor.as_deref(), Some(&anchor));
}
