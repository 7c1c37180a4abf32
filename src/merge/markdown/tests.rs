use std::io::{Cursor, Read};

use super::*;

mod any;
mod faults;
mod frame;
mod notes;
mod tables;

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
    check("~10 bis ~20 ~ 3~", &p("", "~10 bis ~20 ~ 3~"));
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
        "a\n\n\\pagebreak\n\n{% if x %}\n\n# b\n\n{% endif %}",
        &(p("", "a")
            + &p("", "{% if x %}")
            + &p(r#"<w:pStyle w:val="Heading1"/><w:pageBreakBefore/>"#, "b")
            + &p("", "{% endif %}")),
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

/// Runs as Word has them.
fn r(properties: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
}

fn link(id: usize, runs: &str) -> String {
    format!(r#"<w:hyperlink r:id="rIdLink{id}" w:history="1">{runs}</w:hyperlink>"#)
}

const LINK: &str = r#"<w:rStyle w:val="Hyperlink"/>"#;
const BOLD: &str = "<w:b/><w:bCs/>";
const ITALIC: &str = "<w:i/><w:iCs/>";

#[test]
fn emphasis_may_be_nested() {
    let both = format!("{BOLD}{ITALIC}");
    check(
        "***a***~~b~~",
        &format!("<w:p>{}{}</w:p>", r(&both, "a"), r("<w:strike/>", "b")),
    );
    check(
        "**a *b* ~~c~~**",
        &format!(
            "<w:p>{}{}{}{}</w:p>",
            r(BOLD, "a "),
            r(&both, "b"),
            r(BOLD, " "),
            r(&format!("{BOLD}<w:strike/>"), "c")
        ),
    );
}

#[test]
fn links_are_hyperlinks() {
    let markdown = "[A **b**](https://a.de/?x=1&y=2), <https://b.de>, <c@d.de>, \
                    [{{ kommune }}](https://{{ kommune.name|lower }}.de), [e]({{ seite }})\n\n\
                    [f g]: <https://e.de/f g>\n\n[F G]";
    let bold = format!("{LINK}{BOLD}");
    let expected = format!(
        "<w:p>{}<w:r><w:t>, </w:t></w:r>{}<w:r><w:t>, </w:t></w:r>{}<w:r><w:t>, </w:t></w:r>{}\
         <w:r><w:t>, </w:t></w:r>{}</w:p><w:p>{}</w:p>",
        link(1, &(r(LINK, "A ") + &r(&bold, "b"))),
        link(2, &r(LINK, "https://b.de")),
        link(3, &r(LINK, "c@d.de")),
        link(4, &r(LINK, "{{ kommune }}")),
        link(5, &r(LINK, "e")),
        link(6, &r(LINK, "F G")),
    );
    check(markdown, &expected);
    let package = word_package(markdown, "T").unwrap();
    let relationships = part(&package, "word/_rels/document.xml.rels");
    let targets: Vec<&str> = relationships
        .split("Target=\"")
        .filter_map(|piece| piece.split_once("\" TargetMode=\"External\""))
        .map(|(target, _)| target)
        .collect();
    let expected = [
        "https://a.de/?x=1&amp;y=2",
        "https://b.de",
        "mailto:c@d.de",
        "https://{{ kommune.name|lower }}.de",
        "{{ seite }}",
        "https://e.de/f%20g",
    ];
    assert_eq!(targets, expected);
}

#[test]
fn items_hold_paragraphs_and_quotes_and_headings() {
    let list = "ListParagraph";
    let inside = |style: &str, text: &str| {
        p(
            &format!(r#"<w:pStyle w:val="{style}"/><w:ind w:left="425"/>"#),
            text,
        )
    };
    check(
        "1. a\n\n   b\n\n   > c\n\n   # d\n2. e",
        &(item(list, 0, 2, "a")
            + &inside(list, "b")
            + &p(r#"<w:pStyle w:val="Quote"/><w:ind w:left="992"/>"#, "c")
            + &inside("Heading1", "d")
            + &item(list, 0, 2, "e")),
    );
    check("- # a", &item("Heading1", 0, 2, "a"));
    // a line to fill in by hand
    let empty = item(list, 0, 2, "").replace("<w:r><w:t></w:t></w:r>", "");
    check("1.\n2. b", &(empty + &item(list, 0, 2, "b")));
    check(
        "> a\n>\n> > b\n>\n> # c",
        &(styled("Quote", "a")
            + &p(r#"<w:pStyle w:val="Quote"/><w:ind w:left="1134"/>"#, "b")
            + &p(r#"<w:pStyle w:val="Heading1"/><w:ind w:left="567"/>"#, "c")),
    );
}

/// The second list of a shape has the levels of the first, and begins anew.
#[test]
fn lists_of_one_shape_share_their_levels() {
    let package = word_package("3. a\n\nx\n\n7. b\n\nx\n\n- c", "T").unwrap();
    let numbering = part(&package, "word/numbering.xml");
    let (_, lists) = numbering.split_once(r#"<w:num w:numId="2">"#).unwrap();
    let expected = concat!(
        r#"<w:abstractNumId w:val="2"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/>"#,
        r#"<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>"#,
        r#"<w:num w:numId="4"><w:abstractNumId w:val="4"/></w:num></w:numbering>"#
    );
    assert_eq!(lists, expected);
}

#[test]
fn lists_have_the_nine_levels_of_word() {
    let nested = |depth: usize| -> String {
        let line = |level: usize| format!("{}- {level}\n", "  ".repeat(level));
        (0..depth).map(line).collect()
    };
    let nine: String = (0..9)
        .map(|level| item("ListParagraph", level, level + 2, &level.to_string()))
        .collect();
    check(&nested(9), &nine);
    let fault = word_package(&nested(10), "T").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "Zeile 10: Word kennt nur 9 Ebenen von Listen"
    );
}

/// Word shows these names in the user's language, and knows the styles by them alone.
#[test]
fn styles_have_the_names_of_those_built_in() {
    let styles = include_str!("styles.xml");
    let attribute = |piece: &str, name: &str| {
        let (_, rest) = piece.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let found: Vec<(String, String)> = styles
        .split("<w:style ")
        .skip(1)
        .map(|style| {
            let name = style.split_once("<w:name").unwrap().1;
            (attribute(style, "w:styleId"), attribute(name, "w:val"))
        })
        .collect();
    let expected = [
        ("Normal", "Normal"),
        ("DefaultParagraphFont", "Default Paragraph Font"),
        ("TableNormal", "Normal Table"),
        ("NoList", "No List"),
        ("Heading1", "heading 1"),
        ("Heading2", "heading 2"),
        ("Heading3", "heading 3"),
        ("Heading4", "heading 4"),
        ("Heading5", "heading 5"),
        ("Heading6", "heading 6"),
        ("ListParagraph", "List Paragraph"),
        ("Quote", "Quote"),
        ("Signature", "Signature"),
        ("Tabellentext", "Tabellentext"),
        ("FootnoteText", "footnote text"),
        ("FootnoteReference", "footnote reference"),
        ("Hyperlink", "Hyperlink"),
        ("Header", "header"),
        ("Footer", "footer"),
        ("TableGrid", "Table Grid"),
    ];
    let found: Vec<(&str, &str)> = found.iter().map(|(id, name)| (&**id, &**name)).collect();
    assert_eq!(found, expected);
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
