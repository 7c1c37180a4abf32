use std::io::{Cursor, Read};

use super::*;

/// A part of the package as text.
fn part(package: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The body of what this Markdown becomes, without what every paragraph has.
fn body(markdown: &str) -> String {
    let package = word_package(markdown, "Titel").unwrap();
    let document = part(&package, "word/document.xml");
    let (_, body) = document.split_once("<w:body>").unwrap();
    let (body, _) = body.rsplit_once("<w:sectPr>").unwrap();
    body.replace(r#" xml:space="preserve""#, "")
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    assert_eq!(body(markdown), expected, "{markdown}");
}

fn p(properties: &str, text: &str) -> String {
    let properties = if properties.is_empty() {
        String::new()
    } else {
        format!("<w:pPr>{properties}</w:pPr>")
    };
    format!("<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn item(style: &str, level: usize, list: usize, text: &str) -> String {
    let numbering =
        format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#);
    p(&format!(r#"<w:pStyle w:val="{style}"/>{numbering}"#), text)
}

fn styled(style: &str, text: &str) -> String {
    p(&format!(r#"<w:pStyle w:val="{style}"/>"#), text)
}

#[test]
fn text_is_kept_to_the_letter() {
    check(
        "a  b « c » „d“ “e” -- 'f' ... (c)",
        &p("", "a  b « c » „d“ “e” -- &apos;f&apos; ... (c)"),
    );
    check("z. B. 100 % & <b", &p("", "z. B. 100 % &amp; &lt;b"));
    check(r"XXX\*\* \_", &p("", "XXX** _"));
    check("a\nb", &p("", "a b"));
    check(
        "a  \nb\\\nc",
        "<w:p><w:r><w:t>a</w:t><w:br w:type=\"textWrapping\"/><w:t>b</w:t><w:br w:type=\"textWrapping\"/><w:t>c</w:t></w:r></w:p>",
    );
    check(
        "a **b** *c*",
        "<w:p><w:r><w:t>a </w:t></w:r><w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t>b</w:t></w:r><w:r><w:t> </w:t></w:r><w:r><w:rPr><w:i/><w:iCs/></w:rPr><w:t>c</w:t></w:r></w:p>",
    );
    check(
        "[AGABY](https://agaby.de) <https://a.de>",
        &p("", "AGABY (https://agaby.de) https://a.de"),
    );
    check(
        "a\u{f0000}b\u{100001}\u{0b}",
        &p("", "a\u{f0000}b\u{100001}"),
    );
}

#[test]
fn marks_survive() {
    check(
        "x {{ a_b|default('*') }} y_z_",
        &p("", "x {{ a_b|default(&apos;*&apos;) }} y_z_"),
    );
    check(
        "{{ Der  Rat }}**{{ a }}**",
        "<w:p><w:r><w:t>{{ Der  Rat }}</w:t></w:r><w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t>{{ a }}</w:t></w:r></w:p>",
    );
    check(
        "a {% if b < c %}d{% endif %}",
        &p("", "a {% if b &lt; c %}d{% endif %}"),
    );
    check("{{ offen", &p("", "{{ offen"));
}

#[test]
fn block_marks_alone_on_their_line_are_paragraphs() {
    let expected =
        p("", "a") + &p("", "{% if x %}") + &p("", "b") + &p("", "{% endif %}") + &p("", "c");
    check("a\n\n{% if x %}\n\nb\n\n{% endif %}\n\nc", &expected);
    check("a\n{% if x %}\nb\n{% endif %}\nc", &expected);
    let list = "ListParagraph";
    let expected = item(list, 0, 2, "a")
        + &p("", "{% if x %}")
        + &item(list, 0, 2, "b")
        + &p("", "{% endif %}")
        + &item(list, 0, 2, "c");
    check("1. a\n{% if x %}\n2. b\n{% endif %}\n3. c", &expected);
    check(
        "1. a\n\n{% if x %}\n\n2. b\n\n{% endif %}\n\n3. c",
        &expected,
    );
    let expected = p("", "{% if x %}") + &styled("Quote", "a") + &p("", "{% endif %}");
    check("{% if x %}\n\n> a\n> {% endif %}", &expected);
}

#[test]
fn headings_lists_and_quotes_are_real() {
    check(
        "# A\n\n### B",
        &(styled("Heading1", "A") + &styled("Heading3", "B")),
    );
    let list = "ListParagraph";
    check(
        "1. a\n2. b\n   - c\n3. d",
        &(item(list, 0, 2, "a")
            + &item(list, 0, 2, "b")
            + &item(list, 1, 3, "c")
            + &item(list, 0, 2, "d")),
    );
    // each list begins anew
    check(
        "1. a\n\nx\n\n1. b",
        &(item(list, 0, 2, "a") + &p("", "x") + &item(list, 0, 3, "b")),
    );
    let second = p(
        r#"<w:pStyle w:val="ListParagraph"/><w:ind w:left="425"/>"#,
        "b",
    );
    check("- a\n\n  b", &(item(list, 0, 2, "a") + &second));
    check(
        "> «a\n> 1. b\n> 10. c »",
        &(styled("Quote", "«a") + &item("Quote", 0, 2, "b") + &item("Quote", 0, 2, "c »")),
    );
    let keep = r#"<w:keepNext/>"#;
    check("a:\n\nb", &(p(keep, "a:") + &p("", "b")));
}

#[test]
fn numbering_keeps_start_and_indentation() {
    let package = word_package("> 7. a\n", "T").unwrap();
    let numbering = part(&package, "word/numbering.xml");
    let (_, list) = numbering
        .split_once(r#"<w:abstractNum w:abstractNumId="2">"#)
        .unwrap();
    let expected = concat!(
        r#"<w:lvl w:ilvl="0"><w:start w:val="7"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>"#,
        r#"<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="992" w:hanging="425"/></w:pPr></w:lvl>"#
    );
    assert!(list.starts_with(expected), "{list}");
}

#[test]
fn pages_and_signatures() {
    check(
        "a\n\n\\pagebreak\n\nb",
        &(p("", "a") + &p("<w:pageBreakBefore/>", "b")),
    );
    check(
        "a\n\n---\n\nOrt, Datum",
        &(p("<w:keepNext/>", "a")
            + &styled("Signature", "Ort, Datum").replace(
                "<w:r>",
                concat!(
                    r#"<w:r><w:tab/><w:br w:type="textWrapping"/></w:r>"#,
                    "<w:r>"
                ),
            )),
    );
}

#[test]
fn tables_have_a_header() {
    let table = body("| a | b |\n|---|--:|\n| {{ x|upper }} | 1 |\n\nz");
    assert!(
        table.starts_with("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/>"),
        "{table}"
    );
    assert_eq!(table.matches("<w:tblHeader/>").count(), 1);
    assert!(table.contains("{{ x|upper }}"), "{table}");
    assert!(
        table.ends_with(&p(r#"<w:spacing w:before="120"/>"#, "z")),
        "{table}"
    );
}

#[test]
fn what_markdown_cannot_hold_is_a_fault_with_its_line() {
    for (markdown, line, expected) in [
        ("a\n\n![x](y.png)", 3, "Bilder"),
        ("a\n{% if x %}\nb\n{% endif %}\n<div>", 5, "HTML"),
        ("a `b`", 1, "Programmtext"),
        ("a\n\n    b", 3, "Programmtext"),
        ("a\n\n---\n\n# b", 5, "muss ein Absatz folgen"),
        ("a\n\n---", 3, "muss ein Absatz folgen"),
    ] {
        let fault = word_package(markdown, "T").unwrap_err();
        assert_eq!(fault.place.text, format!("Zeile {line}"), "{markdown}");
        assert!(fault.problem.contains(expected), "{fault}");
    }
    check("a <!-- weg -->b", &p("", "a b"));
}

#[test]
fn the_package_is_complete_and_repeatable() {
    let package = word_package("a", "Titel & {{ datum }}").unwrap();
    assert_eq!(package, word_package("a", "Titel & {{ datum }}").unwrap());
    let core = part(&package, "docProps/core.xml");
    assert!(
        core.contains("<dc:title>Titel &amp; {{ datum }}</dc:title>"),
        "{core}"
    );
    assert!(part(&package, "word/styles.xml").contains(r#"<w:lang w:val="de-DE""#));
    let footer = part(&package, "word/footer1.xml");
    assert!(
        footer.contains("Seite ") && footer.contains("NUMPAGES"),
        "{footer}"
    );
    let document = part(&package, "word/document.xml");
    assert!(
        document.contains(r#"<w:pgSz w:w="11906" w:h="16838"/>"#),
        "{document}"
    );
    for name in [
        "word/document.xml",
        "word/numbering.xml",
        "word/footer1.xml",
    ] {
        assert!(!part(&package, name).contains("paraId"));
    }
}
