//! Where marks work: in every part and attribute that a reader sees text of.

use proptest::prelude::{any, proptest};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::{NAMESPACES, TYPES, check, document, p, package, part, r, strict, values};
use crate::merge::document::proof;
use crate::merge::{Document, Rules};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
const OFFICE: &str = "application/vnd.openxmlformats-officedocument.";

/// Merges a part of this content type.
fn merge(name: &str, kind: &str, content: &str, data: Value) -> String {
    let types = TYPES.replace(
        "</Types>",
        &format!(r#"<Override PartName="/{name}" ContentType="{kind}"/></Types>"#),
    );
    merge_with(&[("[Content_Types].xml", &types)], name, content, data)
}

fn merge_with(parts: &[(&str, &str)], name: &str, content: &str, data: Value) -> String {
    let main = document("<w:p/>");
    let main = [("word/document.xml", main.as_str())];
    let mut all: Vec<(&str, &[u8])> = vec![(name, content.as_bytes())];
    for (name, content) in main.iter().chain(parts) {
        if all.iter().all(|(other, _)| other != name) {
            all.push((name, content.as_bytes()));
        }
    }
    let mut values = values();
    values.json(data.as_object().unwrap());
    let template = Document::compile(package(&all), &Rules::Lenient(values.schema())).unwrap();
    let merged = part(&template.merge(&values).unwrap(), name);
    assert_eq!(proof::well_formed(merged.as_bytes()), Ok(()), "{merged}");
    merged
}

/// Merges `@` of a part, once written with braces, once with guillemets.
#[track_caller]
fn check_part(name: &str, kind: &str, content: &str) {
    for mark in ["{{ a }}", "«a»", "{% if a %}{{ a }}{% endif %}"] {
        let merged = merge(name, kind, &content.replace('@', mark), json!({"a": "<x>"}));
        assert_eq!(merged, content.replace('@', "&lt;x&gt;"), "{name}");
    }
}

#[test]
fn stories_of_a_document() {
    let table = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", p(&["@"]));
    let stories = [
        ("word/document.xml", "document.main+xml", "document", "body"),
        ("word/header1.xml", "header+xml", "hdr", "sdtContent"),
        ("word/header2.xml", "header+xml", "hdr", "sdtContent"),
        ("word/footer3.xml", "footer+xml", "ftr", "sdtContent"),
        (
            "word/footnotes.xml",
            "footnotes+xml",
            "footnotes",
            "footnote",
        ),
        ("word/endnotes.xml", "endnotes+xml", "endnotes", "endnote"),
        ("word/comments.xml", "comments+xml", "comments", "comment"),
    ];
    let field = r#"<w:p><w:fldSimple w:instr=" MERGEFIELD a "><w:r><w:t>«a»</w:t></w:r></w:fldSimple></w:p>"#;
    for (name, kind, root, story) in stories {
        let kind = format!("{WORD}{kind}");
        let content = format!("<w:{root} {NAMESPACES}><w:{story}>{field}</w:{story}></w:{root}>");
        let merged = merge(name, &kind, &content, json!({"a": "x"}));
        assert_eq!(outline(&merged), "x\u{7}", "{name}");
        let text = p(&["a ", "@ b"]) + &table + &p(&[""]);
        check_part(
            name,
            &kind,
            &format!("<w:{root} {NAMESPACES}><w:{story}>{text}</w:{story}></w:{root}>"),
        );
    }
}

#[test]
fn properties_of_a_document() {
    let core = concat!(
        r#"<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>@</dc:title>"#,
        "<dc:subject>a @</dc:subject><dc:creator>@</dc:creator><cp:keywords>@, b</cp:keywords>",
        "<dc:description>@</dc:description><cp:category>@</cp:category></cp:coreProperties>"
    );
    check_part(
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        core,
    );
    check_part(
        "docProps/custom.xml",
        &format!("{OFFICE}custom-properties+xml"),
        concat!(
            r#"<Properties xmlns="p" xmlns:vt="v"><property name="Thema"><vt:lpwstr>@</vt:lpwstr>"#,
            "</property><property><vt:lpstr>@</vt:lpstr></property></Properties>"
        ),
    );
    check_part(
        "docProps/app.xml",
        &format!("{OFFICE}extended-properties+xml"),
        r#"<Properties xmlns="p"><Manager>@</Manager><Company>@ e. V.</Company></Properties>"#,
    );
}

#[test]
fn drawings() {
    let text = concat!(
        r#"<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">"#,
        "<a:r><a:rPr/><a:t>a @</a:t></a:r></a:p>"
    );
    let drawings = [
        (
            "word/charts/chart1.xml",
            "drawingml.chart+xml",
            r#"<c:chart xmlns:c="c"><c:title><c:tx><c:rich>#</c:rich></c:tx></c:title></c:chart>"#,
        ),
        (
            "word/drawings/drawing1.xml",
            "drawingml.chartshapes+xml",
            r#"<c:userShapes xmlns:c="c">#</c:userShapes>"#,
        ),
        (
            "word/diagrams/data1.xml",
            "drawingml.diagramData+xml",
            r#"<d:dataModel xmlns:d="d"><d:pt><d:t>#</d:t></d:pt></d:dataModel>"#,
        ),
        (
            "word/diagrams/drawing1.xml",
            "ms-office.drawingml.diagramDrawing+xml",
            r#"<d:drawing xmlns:d="d"><d:txBody>#</d:txBody></d:drawing>"#,
        ),
    ];
    for (name, kind, content) in drawings {
        check_part(
            name,
            &format!("{OFFICE}{kind}"),
            &content.replace('#', text),
        );
    }
}

#[test]
fn text_boxes_and_links() {
    let places = [
        // both branches of a text box
        format!(
            concat!(
                "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>",
                "<w:txbxContent>{0}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict>",
                "<w:txbxContent>{0}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>",
                "</w:r></w:p>"
            ),
            p(&["@", "b"])
        ),
        format!(
            r#"<w:p><w:hyperlink r:id="rId4" w:tooltip="a @">{}</w:hyperlink></w:p>"#,
            r("@")
        ),
        // alternative texts of pictures and tables, WordArt, watermarks
        concat!(
            r#"<w:p><w:r><w:drawing><wp:docPr id="1" title="@" descr="a @"/><pic:cNvPr descr="@"/>"#,
            r#"</w:drawing><w:pict><v:shape alt="@" title='@'><v:textpath string="@"/></v:shape>"#,
            "</w:pict></w:r></w:p>"
        )
        .to_owned(),
        format!(
            concat!(
                r#"<w:tbl><w:tblPr><w:tblCaption w:val="@"/><w:tblDescription w:val="@"/></w:tblPr>"#,
                "<w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
            ),
            p(&["a"])
        ),
    ];
    for body in places {
        for mark in ["{{ a }}", "«A»"] {
            check(
                &body.replace('@', mark),
                json!({"a": "<x>"}),
                &body.replace('@', "&lt;x&gt;"),
            );
        }
    }
    // an attribute of this name that no reader sees
    check(
        r#"<w:p><w:style w:val="{{ a }}" string="«a»"/></w:p>"#,
        json!({"a": "x"}),
        r#"<w:p><w:style w:val="{{ a }}" string="«a»"/></w:p>"#,
    );
}

#[test]
fn targets_of_links() {
    let name = "word/_rels/document.xml.rels";
    let rels = |target: &str| {
        format!(
            r#"<Relationships xmlns="r"><Relationship Id="1" TargetMode="External" Target="{target}"/></Relationships>"#
        )
    };
    for written in [
        "http://a/{{ ä }}?b=1%202",
        "http://a/%7B%7B%20ä%20%7D%7D?b=1%202",
        "http://a/%7b%7b%c3%a4%7d%7d?b=1%202",
        "http://a/«ä»?b=1%202",
        "http://a/%C2%AB%C3%A4%C2%BB?b=1%202",
    ] {
        let merged = merge_with(&[], name, &rels(written), json!({"ä": "x y&100%\n"}));
        assert_eq!(
            merged,
            rels("http://a/x%20y&amp;100%25?b=1%202"),
            "{written}"
        );
    }
    let merged = merge_with(&[], name, &rels("{{ a }}"), json!({"a": "http://a/b%20c"}));
    assert_eq!(merged, rels("http://a/b%20c"));
}

#[test]
fn links_that_are_fields() {
    let link = |instruction: &[&str], shown: &str| {
        let instruction: String = instruction
            .iter()
            .map(|text| format!("<w:r><w:instrText>{text}</w:instrText></w:r>"))
            .collect();
        let char = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
        let (begin, separate, end) = (char("begin"), char("separate"), char("end"));
        format!("<w:p>{begin}{instruction}{separate}{}{end}</w:p>", r(shown))
    };
    check(
        &link(
            &[
                " HYPERLINK &quot;http://a/%7B%7B",
                " a }}/«a»&quot; \\o {{",
                " a }} ",
            ],
            "{{ a }}",
        ),
        json!({"a": "x „\"y"}),
        &link(
            &[
                " HYPERLINK &quot;http://a/x%20%E2%80%9E%22y",
                "/x%20%E2%80%9E%22y&quot; \\o x%20%E2%80%9E%22y",
                " ",
            ],
            "x „&quot;y",
        ),
    );
    let simple = |target: &str| {
        format!(
            r#"<w:p><w:fldSimple w:instr=" HYPERLINK &quot;{target}&quot;">{}</w:fldSimple></w:p>"#,
            r("a")
        )
    };
    check(&simple("{{ a }}"), json!({"a": "x y"}), &simple("x%20y"));
}

#[test]
fn guillemets_quote_what_is_no_field() {
    check(
        &(p(&["«Den R", "at», «kommune» und « Datum »"]) + &p(&["«rat", "»"])),
        json!({}),
        &(p(&["Den Kreistag", ", «kommune» und heute"]) + &p(&["Kreistag", ""])),
    );
    check(
        &(p(&["«rat"]) + &p(&["»"])),
        json!({}),
        &(p(&["«rat"]) + &p(&["»"])),
    );
    check(
        &p(&["{% if rat.name == «Kreistag» %}«rat.name»{% endif %}"]),
        json!({}),
        &p(&["Kreistag"]),
    );
    let compiled = |text: &str| {
        let main = document(&p(&[text]));
        Document::compile(
            package(&[("word/document.xml", main.as_bytes())]),
            &strict(),
        )
    };
    assert!(compiled("«Rad» «der Ratt» «Integrationsplan»").is_ok());
    let faults = compiled("am «Datun»").unwrap_err();
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}")
    };
    assert_eq!(
        fault.to_string(),
        "Text, Absatz 1: „Datun“ ist kein bekanntes Feld; meinten Sie „datum“? \
         – in: „am «Datun»“"
    );
}

#[test]
fn markdown_may_write_guillemets() {
    let text = "«Der_Rat» und «rat.name», «nein\n\nnein» und *«Da*tum»";
    let template = crate::merge::word_package(text, "«datum»").unwrap();
    let template = Document::compile(template, &strict()).unwrap();
    let merged = template.merge(&values()).unwrap();
    let lines = outline(&part(&merged, "word/document.xml"));
    let expected = ["Der Kreistag und Kreistag, «nein", "nein» und heute"];
    assert_eq!(lines.trim_end_matches('\u{7}'), expected.join("\u{7}"));
    assert!(part(&merged, "docProps/core.xml").contains(">heute<"));
}

#[test]
fn relationships_tell_what_content_types_do_not() {
    let types = |overrides: &str| {
        let types = TYPES.replace(
            "<Default Extension=\"png\"",
            &format!("{overrides}<Default Extension=\"png\""),
        );
        let (start, end) = types
            .split_once("<Override PartName=\"/word/header1")
            .unwrap();
        let (_, end) = end.split_once("/>").unwrap();
        format!("{start}{end}")
    };
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = |relationships: &[(&str, &str)]| {
        let each = |(kind, target): &(&str, &str)| {
            format!(r#"<Relationship Id="1" Type="{office}/{kind}" Target="{target}"/>"#)
        };
        let all: String = relationships.iter().map(each).collect();
        format!(r#"<Relationships xmlns="r">{all}</Relationships>"#)
    };
    let main = rels(&[
        ("header", "header1.xml"),
        ("glossaryDocument", "glossary/document.xml"),
    ]);
    let header = |text: &str| format!("<w:hdr {NAMESPACES}>{}</w:hdr>", p(&[text]));
    let merged = |types: &str, main: &str, name: &str| {
        let glossary = rels(&[
            ("header", "../header1.xml"),
            ("footer", "/word/header2.xml"),
        ]);
        let parts = [
            ("[Content_Types].xml", types),
            ("word/_rels/document.xml.rels", main),
            ("word/glossary/_rels/document.xml.rels", &glossary),
        ];
        merge_with(&parts, name, &header("{{ a }}"), json!({"a": "x"})) == header("x")
    };
    let xml = r#"<Default Extension="xml" ContentType="application/xml"/>"#;
    assert!(merged(&types(""), &main, "word/header1.xml"));
    assert!(merged(&types(xml), &main, "word/header1.xml"));
    assert!(merged(
        &types(xml),
        &main.replace("\"header1", "\"./../Word/HEADER1"),
        "word/header1.xml"
    ));
    assert!(!merged(&types(xml), &main, "word/other.xml"));
    assert!(!merged(
        &types(xml),
        &main.replace("/header\"", "/theme\""),
        "word/header1.xml"
    ));
    // what only building blocks show is left alone
    let header =
        format!(r#"<Override PartName="/word/header2.xml" ContentType="{WORD}header+xml"/>"#);
    assert!(!merged(&types(&header), &main, "word/header2.xml"));
    assert!(merged(&types(&header), &rels(&[]), "word/header2.xml"));
}

/// The text of a document as a reader sees it, by the rules of ECMA-376 alone.
fn outline(xml: &str) -> String {
    let mut text = String::new();
    let mut reader = Reader::from_str(xml);
    let mut within = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.local_name().as_ref() == "t" => within = true,
            Event::End(tag) if tag.local_name().as_ref() == "t" => within = false,
            Event::End(tag) if tag.local_name().as_ref() == "p" => text.push('\u{7}'),
            Event::Empty(tag) if tag.local_name().as_ref() == "tab" => text.push('\t'),
            Event::Empty(tag) if tag.local_name().as_ref() == "br" => {
                let kind = tag.attributes().count();
                text.push(if kind == 0 { '\n' } else { '\u{c}' });
            }
            Event::Text(plain) if within => text.push_str(&plain.borrow().into_inner()),
            Event::GeneralRef(entity) if within => {
                let entity = format!("&{};", entity.borrow().into_inner());
                text.push_str(&unescape(&entity).unwrap());
            }
            Event::Eof => return text,
            _ => {}
        }
    }
}

/// The values of all attributes of this name.
fn attributes(xml: &str, name: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes().map(Result::unwrap) {
                    if attribute.key.local_name().as_ref() == name {
                        values.push(unescape(&attribute.value).unwrap().into_owned());
                    }
                }
            }
            Event::Eof => return values,
            _ => {}
        }
    }
}

/// What is left of a value wherever it is put.
fn harmless(value: &str) -> String {
    let bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let control = |c: char| c < ' ' && !matches!(c, '\n' | '\r' | '\t' | '\u{7}' | '\u{c}');
    let gone = |c: &char| control(*c) || bidi(*c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let value = value.replace("\r\n", "\n").replace('\r', "\n");
    value.chars().filter(|c| !gone(c)).collect()
}

/// What is left of it on a single line.
fn on_one_line(value: &str) -> String {
    harmless(value).replace(char::is_control, " ")
}

proptest! {
    #[test]
    fn any_value_comes_back_from_paragraphs_and_controls(value in any::<String>(), lines in "[\\n\\t\\r\\x07\\x0c<&ä»]*") {
        let value = value + &lines;
        let tag = r#"<w:sdtPr><w:tag w:val="a"/></w:sdtPr>"#;
        let control = |content: &str| {
            format!("<w:sdt>{tag}<w:sdtContent>{content}</w:sdtContent></w:sdt>")
        };
        // a page begins in a paragraph of its own
        let paragraphs = harmless(&value).replace('\u{c}', "\u{7}\u{c}\u{7}") + "\u{7}";
        for body in [p(&["{{ a }}"]), p(&["«a»"]), control(&p(&["alt"]))] {
            let merged = super::merge_part("word/document.xml", &document(&body), json!({"a": value}));
            assert_eq!(outline(&merged), paragraphs, "{body}");
        }
        // within a paragraph that is not its own, a control begins no other
        let body = format!("<w:p>{}</w:p>", control(&r("alt")));
        let merged = super::merge_part("word/document.xml", &document(&body), json!({"a": value}));
        let expected = harmless(&value).replace('\u{7}', "\n") + "\u{7}";
        assert_eq!(outline(&merged), expected);
    }

    #[test]
    fn any_value_comes_back_from_attributes_and_properties(value in any::<String>(), quotes in "[\"'<&>\\n]*") {
        let value = value + &quotes;
        for quote in ['"', '\''] {
            let body = r#"<w:p><w:r><wp:docPr descr="{{ a }}"/></w:r></w:p>"#.replace('"', &quote.to_string());
            let merged = super::merge_part("word/document.xml", &document(&body), json!({"a": value}));
            assert_eq!(attributes(&merged, "descr"), [on_one_line(&value)]);
        }
        let core = r#"<c xmlns:dc="d"><dc:t>{{ a }}</dc:t></c>"#;
        let merged = super::merge_part("docProps/core.xml", core, json!({"a": value}));
        assert_eq!(outline(&merged), on_one_line(&value));
    }

    #[test]
    fn any_value_comes_back_from_targets(value in any::<String>(), quotes in "[\"'<&>%{} a]*") {
        let value = value + &quotes;
        let rels = r#"<R xmlns="r"><R Target="{{ a }}"/></R>"#;
        let merged = merge_with(&[], "word/_rels/document.xml.rels", rels, json!({"a": value}));
        let [target] = attributes(&merged, "Target").try_into().unwrap();
        assert!(!target.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']), "{target}");
        let kept: String = harmless(&value).chars().filter(|c| !c.is_control()).collect();
        assert_eq!(decoded(&target), decoded(&kept));
    }
}

/// A URI with its percent-encoded characters as bytes.
fn decoded(uri: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.map(|hex| u8::from_str_radix(hex, 16).unwrap()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}
