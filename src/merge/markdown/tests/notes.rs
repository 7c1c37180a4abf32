//! Footnotes.

use super::*;

const REFERENCE: &str = r#"<w:rStyle w:val="FootnoteReference"/>"#;

fn reference(id: usize) -> String {
    format!(r#"<w:r><w:rPr>{REFERENCE}</w:rPr><w:footnoteReference w:id="{id}"/></w:r>"#)
}

/// A footnote of these runs in its first paragraph, and what follows that.
fn note(id: usize, runs: &str, rest: &str) -> String {
    format!(
        r#"<w:footnote w:id="{id}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr>{REFERENCE}</w:rPr><w:footnoteRef/></w:r><w:r><w:t> </w:t></w:r>{runs}</w:p>{rest}</w:footnote>"#
    )
}

fn notes(package: &[u8]) -> String {
    let notes = part(package, "word/footnotes.xml");
    let (_, notes) = notes
        .split_once("<w:continuationSeparator/></w:r></w:p></w:footnote>")
        .unwrap();
    notes.replace(r#" xml:space="preserve""#, "")
}

#[test]
fn footnotes_are_those_of_word() {
    let markdown = "[^b]: {{ kommune }}\n\na[^A] b[^b].\n\n[^a]: c *d*\n\n    [e](https://f.de)\n";
    check(
        markdown,
        &format!(
            "<w:p><w:r><w:t>a</w:t></w:r>{}<w:r><w:t> b</w:t></w:r>{}<w:r><w:t>.</w:t></w:r></w:p>",
            reference(1),
            reference(2)
        ),
    );
    let package = word_package(markdown, "T").unwrap();
    let second = format!(
        r#"<w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>{}</w:p>"#,
        link(1, &r(LINK, "e"))
    );
    let first = format!("<w:r><w:t>c </w:t></w:r>{}", r(ITALIC, "d"));
    assert_eq!(
        notes(&package),
        note(1, &first, &second)
            + &note(2, "<w:r><w:t>{{ kommune }}</w:t></w:r>", "")
            + "</w:footnotes>"
    );
    let separators = part(&package, "word/footnotes.xml");
    assert!(separators.contains(r#"<w:footnote w:type="separator" w:id="-1">"#));
    assert!(
        part(&package, "word/settings.xml").contains(r#"<w:footnotePr><w:footnote w:id="-1"/>"#)
    );
    assert!(part(&package, "word/_rels/footnotes.xml.rels").contains(r#"Target="https://f.de""#));
}

#[test]
fn further_references_get_copies() {
    let markdown =
        "# a[^1]\n\n> - b[^1]\n\n| c[^1] |\n|---|\n\n[^1]: d\n{% if x %}\ne\n{% endif %}";
    let package = word_package(markdown, "T").unwrap();
    let text = "<w:r><w:t>d</w:t></w:r>";
    let expected: String = (1..=3).map(|id| note(id, text, "")).collect();
    assert_eq!(notes(&package), expected + "</w:footnotes>");
    // a block mark below an explanation is none of its text
    assert!(
        body(markdown).ends_with(
            &(p(r#"<w:spacing w:before="120"/>"#, "{% if x %}")
                .replace("<w:pPr><w:spacing w:before=\"120\"/></w:pPr>", "")
                + &p("", "e")
                + &p("", "{% endif %}"))
        )
    );
}

#[test]
fn a_footnote_may_hold_blocks() {
    let markdown = "a[^1]\n\n[^1]:\n    {% if x %}\n    b\n    {% endif %}";
    let package = word_package(markdown, "T").unwrap();
    let text = note(1, "<w:r><w:t>b</w:t></w:r>", &p("", "{% endif %}"));
    let text = text.replace(
        "<w:p><w:pPr>",
        &format!("{}<w:p><w:pPr>", p("", "{% if x %}")),
    );
    assert_eq!(notes(&package), text + "</w:footnotes>");
}

#[test]
fn who_has_no_footnotes_has_no_part_for_them() {
    let package = word_package("a", "T").unwrap();
    assert!(!part(&package, "[Content_Types].xml").contains("footnotes"));
    assert!(!part(&package, "word/settings.xml").contains("footnote"));
}
