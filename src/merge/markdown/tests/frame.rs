//! Header and footer.

use super::*;

fn lines(package: &[u8], name: &str) -> String {
    let part = part(package, name);
    let (_, lines) = part.split_once("<w:p>").unwrap();
    let (lines, _) = lines.rsplit_once("</w:p>").unwrap();
    lines.replace(r#" xml:space="preserve""#, "")
}

fn field(instruction: &str) -> String {
    [
        r#"<w:r><w:fldChar w:fldCharType="begin"/>"#,
        &format!("<w:instrText>{instruction}</w:instrText>"),
        r#"<w:fldChar w:fldCharType="separate"/><w:t>1</w:t>"#,
        r#"<w:fldChar w:fldCharType="end"/></w:r>"#,
    ]
    .concat()
}

#[test]
fn header_and_footer_hold_marks_and_numbers_of_pages() {
    let page = Page {
        title: "T",
        header: Some("{{ Der Beirat }} <&>\n{{ datum }}\n"),
        footer: Some("{{Seite}}/{{ SEITEN }} {{ seiten|int }}"),
    };
    let package = word_package("a", page).unwrap();
    let style = r#"<w:pPr><w:pStyle w:val="Header"/></w:pPr>"#;
    assert_eq!(
        lines(&package, "word/header1.xml"),
        format!(
            "{style}<w:r><w:t>{{{{ Der Beirat }}}} &lt;&amp;&gt;</w:t></w:r></w:p>\
             <w:p>{style}<w:r><w:t>{{{{ datum }}}}</w:t></w:r>"
        )
    );
    assert_eq!(
        lines(&package, "word/footer1.xml"),
        format!(
            r#"<w:pPr><w:pStyle w:val="Footer"/></w:pPr>{}<w:r><w:t>/</w:t></w:r>{}<w:r><w:t> {{{{ seiten|int }}}}</w:t></w:r>"#,
            field("PAGE"),
            field("NUMPAGES")
        )
    );
    let document = part(&package, "word/document.xml");
    assert!(document.contains(concat!(
        r#"<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader1"/>"#,
        r#"<w:footerReference w:type="default" r:id="rIdFooter1"/><w:pgSz"#
    )));
}

#[test]
fn an_empty_footer_is_none() {
    let page = Page {
        footer: Some(""),
        ..Page::from("T")
    };
    let package = word_package("a", page).unwrap();
    let names = ["[Content_Types].xml", "word/_rels/document.xml.rels"];
    let parts = names.map(|name| part(&package, name)).concat();
    assert!(
        !parts.contains("footer") && !parts.contains("header"),
        "{parts}"
    );
    let document = part(&package, "word/document.xml");
    assert!(document.contains("<w:sectPr><w:pgSz "), "{document}");
}
