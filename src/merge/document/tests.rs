mod controls;
mod places;

use std::io::{Cursor, Read};
use std::sync::Arc;

use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

use super::*;
use crate::german::{Genus, Nominal};
use crate::merge::{Attribute, Schema};

mod docxtpl;

pub(super) const NAMESPACES: &str = concat!(
    r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#,
    r#"xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" "#,
    r#"xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006""#
);
pub(super) const TYPES: &str = concat!(
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="png" ContentType="image/png"/>"#,
    r#"<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>"#,
    r#"<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>"#,
    r#"<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>"#,
    r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>"#,
    r#"</Types>"#
);
pub(super) const RELS: &str = concat!(
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>"#,
    r#"</Relationships>"#
);

mod repeat;

pub(super) fn document(body: &str) -> String {
    format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
}

/// A package of these parts and those that every package has.
pub(super) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let always: [(&str, &[u8]); 2] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
    ];
    let always = always
        .into_iter()
        .filter(|(name, _)| parts.iter().all(|(other, _)| other != name));
    let entries: Vec<Entry> = always
        .chain(parts.iter().copied())
        .map(|(name, content)| Entry::deflated(name, content).unwrap())
        .collect();
    archive::write(entries.iter()).unwrap()
}

pub(super) fn part(package: &[u8], name: &str) -> String {
    String::from_utf8(part_bytes(package, name)).unwrap()
}

fn part_bytes(package: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut bytes = Vec::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_end(&mut bytes).unwrap();
    bytes
}

pub(super) fn strict() -> Rules {
    let attributes = ["kreistag", "land"].map(str::to_owned);
    Rules::Strict(Schema {
        nouns: [("rat".to_owned(), attributes.into())].into(),
        fields: ["datum", "ja", "nein"].map(str::to_owned).into(),
        ..Schema::default()
    })
}

pub(super) fn values() -> Values {
    let mut values = Values::new();
    let rat = Nominal {
        name: "Kreistag".into(),
        genus: Genus::Maskulinum,
        kasus: ["Kreistag", "Kreistags", "Kreistag", "Kreistag"].map(str::to_owned),
        inside: None,
    };
    let truth = [("kreistag".to_owned(), Attribute::Truth(true))];
    values.noun("rat", rat, truth.into(), Arc::default());
    values.text("datum", "heute");
    values
}

pub(super) fn merge_part(name: &str, content: &str, data: Value) -> String {
    let main = document("<w:p/>");
    let mut parts: Vec<(&str, &[u8])> = vec![(name, content.as_bytes())];
    if name != "word/document.xml" {
        parts.push(("word/document.xml", main.as_bytes()));
    }
    let mut values = values();
    values.json(data.as_object().unwrap());
    let rules = Rules::Lenient(values.schema());
    let document = Document::compile(package(&parts), &rules).unwrap();
    let merged = document.merge(&values).unwrap();
    let part = part(&merged, name);
    assert_eq!(proof::well_formed(part.as_bytes()), Ok(()), "{part}");
    part
}

/// Merges a body and compares what comes out.
#[track_caller]
pub(super) fn check(body: &str, data: Value, expected: &str) {
    let merged = merge_part("word/document.xml", &document(body), data);
    assert_eq!(merged, document(expected), "{body}");
}

#[track_caller]
pub(super) fn check_fault(body: &str, place: &str, expected: &str) {
    let package = package(&[("word/document.xml", document(body).as_bytes())]);
    let faults = Document::compile(package, &strict()).unwrap_err();
    let fault = faults.first().unwrap();
    assert_eq!(fault.place.text, place, "{}", fault.problem);
    assert!(fault.problem.contains(expected), "{}", fault.problem);
}

/// A paragraph of runs with these texts.
pub(super) fn p(texts: &[&str]) -> String {
    let runs: String = texts.iter().map(|text| r(text)).collect();
    format!("<w:p>{runs}</w:p>")
}

pub(super) fn r(text: &str) -> String {
    format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<w:tc>{}</w:tc>", p(&[cell])))
        .collect();
    format!("<w:tr>{cells}</w:tr>")
}

#[test]
fn marks_split_over_runs_are_joined() {
    check(&p(&["{{ a }}"]), json!({"a": "x"}), &p(&["x"]));
    check(
        &p(&["a{", "{ a ", "}", "}b"]),
        json!({"a": "x"}),
        &p(&["ax", "", "", "b"]),
    );
    // the mark takes the format of its first character; spelling marks and bookmarks stay
    check(
        concat!(
            r#"<w:p><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>Der {{</w:t></w:r>"#,
            r#"<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="1" w:name="x"/>"#,
            r#"<w:r w:rsidR="1"><w:t xml:space="preserve"> a</w:t><w:tab/><w:t>}</w:t></w:r>"#,
            r#"<w:bookmarkEnd w:id="1"/><w:r><w:t>}.</w:t></w:r></w:p>"#
        ),
        json!({"a": "x"}),
        concat!(
            r#"<w:p><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Der x</w:t></w:r>"#,
            r#"<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="1" w:name="x"/>"#,
            r#"<w:r w:rsidR="1"><w:t xml:space="preserve"></w:t><w:t xml:space="preserve"></w:t></w:r>"#,
            r#"<w:bookmarkEnd w:id="1"/><w:r><w:t xml:space="preserve">.</w:t></w:r></w:p>"#
        ),
    );
    // entities, CDATA, other prefixes
    check(
        &p(&["{% if 1 &lt; 2 %}&amp;{% endif %}"]),
        json!({}),
        &p(&["&amp;"]),
    );
    check(
        &p(&["<![CDATA[<a>{{ a }}</a>]]>"]),
        json!({"a": "&"}),
        &p(&["<![CDATA[<a>]]>&amp;<![CDATA[</a>]]>"]),
    );
    check(
        "<x:p xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><x:r><x:t>{{ a }}</x:t></x:r></x:p>",
        json!({"a": "1\n2"}),
        concat!(
            "<x:p xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><x:r>",
            r#"<x:t xml:space="preserve">1</x:t><x:br/><x:t xml:space="preserve">2</x:t></x:r></x:p>"#
        ),
    );
    // what is deleted does not count, what is inserted does
    check(
        &format!(
            "<w:p><w:del><w:r><w:delText>{{{{</w:delText></w:r></w:del><w:ins>{}</w:ins></w:p>",
            r("{{ a }}")
        ),
        json!({"a": "x"}),
        &format!(
            "<w:p><w:del><w:r><w:delText>{{{{</w:delText></w:r></w:del><w:ins>{}</w:ins></w:p>",
            r("x")
        ),
    );
}

#[test]
fn values_are_text() {
    let plain =
        |value: &str, expected: &str| check(&p(&["{{ a }}"]), json!({"a": value}), &p(&[expected]));
    plain("<b>&\"'</b>", "&lt;b&gt;&amp;&quot;'&lt;/b&gt;");
    plain("{{ a }}{% x %}", "{{ a }}{% x %}");
    plain("a\u{0}\u{1}\u{11}\u{1b}\u{202e}\u{fffe}b", "ab");
    plain(
        "a\nb\r\nc",
        r#"a</w:t><w:br/><w:t xml:space="preserve">b</w:t><w:br/><w:t xml:space="preserve">c"#,
    );
    plain("a\tb", r#"a</w:t><w:tab/><w:t xml:space="preserve">b"#);
    let format = "<w:p><w:pPr><w:b/></w:pPr><w:r><w:rPr><w:i/></w:rPr>";
    let paragraph =
        |text: &str| format!(r#"{format}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#);
    check(
        &paragraph("{{ a }}"),
        json!({"a": "x\u{7}y"}),
        &(paragraph("x") + &paragraph("y")),
    );
    let page = r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#;
    check(
        &paragraph("{{ a }}"),
        json!({"a": "x\u{c}y"}),
        &(paragraph("x") + page + &paragraph("y")),
    );
    check(
        &p(&["{{ a|safe }}{{ a|e }}"]),
        json!({"a": "<"}),
        &p(&["&lt;&lt;"]),
    );
    check(
        &p(&["{% set x %}<b {{ a }}>{% endset %}{{ x }}"])
            .replace("<b {{ a }}>", "&lt;b {{ a }}&gt;"),
        json!({"a": "&"}),
        &p(&["&lt;b &amp;&gt;"]),
    );
    check(
        &p(&["{_{ a }_} }} #}"]),
        json!({"a": "x"}),
        &p(&["{{ a }} }} #}"]),
    );
}

#[test]
fn blocks_within_text() {
    check(
        &p(&["a{% if x %}b{% else %}c{% endif %}d"]),
        json!({"x": true}),
        &p(&["abd"]),
    );
    check(
        &p(&["{% for x in xs %}{{ x }}, {% endfor %}."]),
        json!({"xs": [1, 2]}),
        &p(&["1, 2, ."]),
    );
    check(
        &p(&["a{% if x %}b", "c{% endif %}d"]),
        json!({"x": true}),
        &p(&["ab", "cd"]),
    );
    check(
        &p(&["a{% if x %}b", "c{% endif %}d"]),
        json!({"x": false}),
        &p(&["ad"]),
    );
    // begins in one paragraph and ends in another: cut and joined, as docxtpl does
    check(
        &(p(&["{% for x in xs %}{{ x }}"])
            + &p(&["{% endfor %}"])
            + &p(&["{% if xs %}"])
            + &p(&["a"])
            + &p(&["{% endif %}"])),
        json!({"xs": [1, 2]}),
        &(p(&["1"]) + &p(&["2"]) + &p(&[""]) + &p(&["a"])),
    );
    check(
        &(p(&["a{% if x %}b"]) + &p(&["c{% endif %}d"])),
        json!({"x": false}),
        &p(&["ad"]),
    );
}

#[test]
fn paragraphs_and_rows_of_blocks_disappear() {
    let body = p(&["vor"])
        + &p(&["{%", " if x %}"])
        + &p(&["ja"])
        + &p(&[" {% endif %} "])
        + &p(&["nach"]);
    check(
        &body,
        json!({"x": true}),
        &(p(&["vor"]) + &p(&["ja"]) + &p(&["nach"])),
    );
    check(&body, json!({"x": false}), &(p(&["vor"]) + &p(&["nach"])));
    check(
        &(p(&["{# nur ein Kommentar #}"]) + &p(&["a"])),
        json!({}),
        &p(&["a"]),
    );
    check(
        &(p(&["{%p if x %}weg"]) + &p(&["a"]) + &p(&["{%p endif %}"])),
        json!({"x": 1}),
        &p(&["a"]),
    );
    check(
        &(p(&["{{ x }}{% if x %}"]) + &p(&["{% endif %}b"])),
        json!({"x": 1}),
        &(p(&["1"]) + &p(&["b"])),
    );
    let run = format!(
        "<w:p>{}{}{}</w:p>",
        r("{%r if x %}"),
        r("a"),
        r("{%r endif %}")
    );
    check(&run, json!({"x": 0}), "<w:p></w:p>");
    // a paragraph that also holds a picture, a page break or a section's end stays
    for kept in ["<w:drawing/>", r#"<w:br w:type="page"/>"#] {
        let with = format!(
            "<w:p><w:r><w:t xml:space=\"preserve\">{{% if x %}}{{% endif %}}</w:t>{kept}</w:r></w:p>"
        );
        let without = format!("<w:p><w:r><w:t xml:space=\"preserve\"></w:t>{kept}</w:r></w:p>");
        check(&with, json!({}), &without);
    }
    // bookmarks outlive the paragraph
    let bookmark = r#"<w:bookmarkStart w:id="0" w:name="b"/>"#;
    check(
        &format!(
            r#"<w:p>{bookmark}{}</w:p>{}<w:bookmarkEnd w:id="0"/>"#,
            r("{% if x %}"),
            p(&["{% endif %}"])
        ),
        json!({}),
        &format!(r#"{bookmark}<w:bookmarkEnd w:id="0"/>"#),
    );

    let table = |rows: &str| format!("<w:tbl>{rows}</w:tbl>");
    let rows = row(&["{% for x in xs %}", ""])
        + &row(&["{{ x.a }}", "{{ x.b }}"])
        + &row(&["{% endfor %}", " "]);
    let data = json!({"xs": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]});
    check(
        &table(&rows),
        data.clone(),
        &table(&(row(&["1", "2"]) + &row(&["3", "4"]))),
    );
    let rows = row(&["{%tr for x in xs %}", "egal"])
        + &row(&["{{ x.a }}", ""])
        + &row(&["{%tr endfor %}"]);
    check(
        &table(&rows),
        data.clone(),
        &table(&(row(&["1", ""]) + &row(&["3", ""]))),
    );
    let cells = "<w:tr>".to_owned()
        + "<w:tc>"
        + &p(&["{%tc for x in xs %}"])
        + "</w:tc><w:tc>"
        + &p(&["{{ x.a }}"])
        + "</w:tc><w:tc>"
        + &p(&["{%tc endfor %}"])
        + "</w:tc></w:tr>";
    check(&table(&cells), data, &table(&row(&["1", "3"])));
}

#[test]
fn a_cell_always_ends_with_a_paragraph() {
    let cell = |content: &str| {
        format!(
            "<w:tbl><w:tr><w:tc>{content}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
            p(&["x"])
        )
    };
    let body = p(&["{% if x %}"]) + &p(&["a"]) + &p(&["{% endif %}"]);
    check(&cell(&body), json!({"x": true}), &cell(&p(&["a"])));
    check(&cell(&body), json!({"x": false}), &cell("<w:p/>"));
    let body = p(&["a"]) + &p(&["{% if x %}"]) + &p(&["b"]) + &p(&["{% endif %}"]);
    check(&cell(&body), json!({"x": false}), &cell(&p(&["a"])));
}

#[test]
fn every_part_with_text_is_merged() {
    let header = |text: &str| format!("<w:hdr {NAMESPACES}>{}</w:hdr>", p(&[text]));
    assert_eq!(
        merge_part("word/header1.xml", &header("{{ a }}"), json!({"a": "x"})),
        header("x")
    );
    let note = |text: &str| {
        format!(
            "<w:footnotes {NAMESPACES}><w:footnote>{}</w:footnote></w:footnotes>",
            p(&[text])
        )
    };
    assert_eq!(
        merge_part("word/footnotes.xml", &note("{{ a }}"), json!({"a": "x"})),
        note("x")
    );
    let core = |text: &str| {
        format!(
            "<c:coreProperties xmlns:c='c' xmlns:d='d'><d:title>{text}</d:title></c:coreProperties>"
        )
    };
    assert_eq!(
        merge_part(
            "docProps/core.xml",
            &core("Antrag: {{ a }}"),
            json!({"a": "x\n&"})
        ),
        core("Antrag: x &amp;")
    );
    let rels = |target: &str| {
        format!(
            "<Relationships xmlns='r'><Relationship Id='1' Target=\"{target}\"/></Relationships>"
        )
    };
    assert_eq!(
        merge_part(
            "word/_rels/document.xml.rels",
            &rels("http://a/%7B%7B%20a%20%7D%7D?b=1%202"),
            json!({"a": "x y&"})
        ),
        rels("http://a/x%20y&amp;?b=1%202")
    );
    // text boxes in both branches, alternative texts
    let text_box = |text: &str| {
        format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:txbxContent>{0}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{0}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            p(&[text])
        )
    };
    check(&text_box("{{ a }}"), json!({"a": "x"}), &text_box("x"));
    let picture = |text: &str| {
        format!(
            "<w:p><w:r><w:drawing><wp:docPr id=\"1\" descr=\"{text}\"/></w:drawing></w:r></w:p>"
        )
    };
    check(
        &picture("Wappen von {{ a|default(&quot;&quot;) }}"),
        json!({"a": "\"x\""}),
        &picture("Wappen von &quot;x&quot;"),
    );
    let single = |text: &str| picture(text).replace('"', "'");
    check(
        &single("{{ a }}"),
        json!({"a": "x' y='\n"}),
        &single("x&apos; y=&apos; "),
    );
}

#[test]
fn utf_16_stays_utf_16() {
    let text = |value: &str| {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}",
            document(&p(&[value]))
        );
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let template = package(&[("word/document.xml", &text("{{ a }}"))]);
    let document = Document::compile(template, &Rules::Lenient(Schema::default())).unwrap();
    let mut values = Values::new();
    values.text("a", "ü𝄞");
    assert_eq!(
        document.merge(&values).unwrap(),
        package_like(&document, &text("ü𝄞"))
    );
}

/// The package that a merge is to give, with this main part.
#[track_caller]
fn package_like(document: &Document, main: &[u8]) -> Vec<u8> {
    let merged = document.merge(&{
        let mut values = Values::new();
        values.text("a", "ü𝄞");
        values
    });
    let merged = merged.unwrap();
    assert_eq!(part_bytes(&merged, "word/document.xml"), main);
    merged
}

#[test]
fn faults_name_their_place() {
    check_fault(
        &(p(&["a"]) + &p(&["b {{ der ", "Ratt }}"])),
        "Text, Absatz 2",
        "„Ratt“ ist kein bekanntes Feld; meinten Sie „rat“? – in: „b {{ der Ratt }}“",
    );
    check_fault(
        &format!("<w:tbl>{}{}</w:tbl>", row(&["a"]), row(&["{{ x }}"])),
        "Text, Tabelle 1, Zeile 2, Zelle 1",
        "„x“",
    );
    check_fault(
        &p(&["{% if ja %}"]),
        "Text, Absatz 1",
        "es fehlt {% endif %}",
    );
    check_fault(&p(&["{{ datum"]), "Text, Absatz 1", "nicht geschlossen");
    check_fault(
        &p(&["{{ datum", "</w:t></w:r></w:p><w:p><w:r><w:t>}}"]),
        "Text, Absatz 1",
        "nicht geschlossen",
    );
    check_fault(
        &(p(&["{% if ja %}a"]) + &format!("<w:tbl>{}</w:tbl>", row(&["{% endif %}b"]))),
        "Text, Absatz 1",
        "endet an anderer Stelle (Text, Tabelle 1, Zeile 1, Zelle 1)",
    );
    check_fault(
        &(p(&["{% set x %}a"]) + &p(&["b{% endset %}"])),
        "Text, Absatz 1",
        "in denselben Absatz",
    );
    check_fault("<!DOCTYPE x>", "Text", "DTD");
    check_fault("<w:p>&unbekannt;</w:p>", "Text", "Entitäten");
    check_fault("<w:p>", "Text", "kein gültiges XML");
    check_fault(&"<w:p>".repeat(600), "Text", "tief");
}

#[test]
fn all_faults_are_told_at_once() {
    let package = package(&[(
        "word/document.xml",
        document(&(p(&["{{ x }} {{ y }}"]) + &p(&["{{ z"]))).as_bytes(),
    )]);
    assert_eq!(Document::compile(package, &strict()).unwrap_err().len(), 3);
}

#[test]
fn strict_merges_of_missing_values_fail_in_words() {
    let package = package(&[(
        "word/document.xml",
        document(&(p(&["a"]) + &p(&["{{ ja }}"]))).as_bytes(),
    )]);
    let document = Document::compile(package, &strict()).unwrap();
    let error = document.merge(&values()).unwrap_err();
    assert_eq!(error.place.text, "Text, Absatz 2");
    assert_eq!(document.fields(), &["ja".to_owned()].into());
}

#[test]
fn untouched_parts_are_copied_and_results_repeat() {
    let picture: Vec<u8> = (0..2000u32).flat_map(|n| (n * n).to_le_bytes()).collect();
    let main = document(&(p(&["{{ Der rat }} {{ datum }}"]) + &p(&["text"; 200])));
    let template = package(&[
        ("word/media/image1.png", &picture),
        ("word/document.xml", main.as_bytes()),
        (
            "word/header1.xml",
            format!("<w:hdr {NAMESPACES}/>").as_bytes(),
        ),
    ]);
    let document = Document::compile(template.clone(), &strict()).unwrap();
    let merged = document.merge(&values()).unwrap();
    assert_eq!(merged, document.merge(&values()).unwrap());
    assert!(part(&merged, "word/document.xml").contains("Der Kreistag heute"));
    let raw = |package: &[u8], name: &str| {
        let mut archive = zip::ZipArchive::new(Cursor::new(package.to_vec())).unwrap();
        let index = archive.index_for_name(name).unwrap();
        let mut bytes = Vec::new();
        archive
            .by_index_raw(index)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    };
    for name in [
        "[Content_Types].xml",
        "word/media/image1.png",
        "word/header1.xml",
    ] {
        assert_eq!(raw(&template, name), raw(&merged, name), "{name}");
    }
    let names = |package: &[u8]| {
        let archive = zip::ZipArchive::new(Cursor::new(package.to_vec())).unwrap();
        archive
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&template), names(&merged));
}

#[test]
fn loops_stay_bounded_and_small() {
    let body = p(&["{% for x in xs %}"]) + &p(&["Zeile {{ x }}"]) + &p(&["{% endfor %}"]);
    let document = Document::compile(
        package(&[("word/document.xml", document(&body).as_bytes())]),
        &Rules::Lenient(Schema::default()),
    )
    .unwrap();
    let mut values = Values::new();
    values.json(
        json!({"xs": (0..10_000).collect::<Vec<_>>()})
            .as_object()
            .unwrap(),
    );
    let merged = document.merge(&values).unwrap();
    assert_eq!(
        part(&merged, "word/document.xml").matches("<w:p>").count(),
        10_000
    );
    assert!(merged.len() < 200_000, "{}", merged.len());
}

#[test]
fn templates_become_documents() {
    let types = TYPES.replace("document.main+xml", "template.main+xml");
    let main = document("<w:p/>");
    let template = package(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", main.as_bytes()),
    ]);
    let merged = Document::compile(template, &strict())
        .unwrap()
        .merge(&values())
        .unwrap();
    assert_eq!(part(&merged, "[Content_Types].xml"), TYPES);
}

#[test]
fn what_a_block_captures_is_text() {
    check(
        &p(&[
            "{% set x %}Müller &amp; {{ a }}{% endset %}",
            "{{ x|upper }} ({{ x|length }})",
        ]),
        json!({"a": "<Söhne>"}),
        &p(&["", "MÜLLER &amp; &lt;SÖHNE&gt; (16)"]),
    );
}

#[test]
fn templates_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Document>();
    shared::<crate::merge::Text>();
    shared::<Values>();
}

proptest! {
    #[test]
    fn any_value_comes_back_as_text(value in any::<String>(), other in ".*") {
        let body = p(&["<{{ a }}>", "{{ b }}"]).replace("<{{ a }}>", "&lt;{{ a }}&gt;");
        let merged = merge_part("word/document.xml", &document(&body), json!({"a": value, "b": other}));
        let scan = scan::Scan::read(&merged).unwrap();
        let paragraph = |value: &str| -> String {
            let kept = |c: &char| crate::merge::xml::is_harmless(*c) || matches!(c, '\r' | '\x07' | '\x0c');
            value.replace("\r\n", "\n").replace('\r', "\n").chars().filter(kept).collect()
        };
        let texts: Vec<&str> = scan.regions.iter().map(|region| region.text.as_str()).collect();
        let expected = paragraph(&format!("<{value}>{other}")).replace('\x0c', "\x07\n\x07");
        assert_eq!(texts.join("\x07"), expected);
    }
}
