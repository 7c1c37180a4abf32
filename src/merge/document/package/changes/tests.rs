use crate::merge::document::Document;
use crate::merge::document::tests::{TYPES, document, p, package, part, r, strict, values};
use crate::merge::{Rules, Schema};

/// Merges a body as of the catalogue and compares what comes out.
#[track_caller]
fn check(body: &str, expected: &str) {
    for namespace in [
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ] {
        let of = |body: &str| {
            let transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
            document(body).replace(transitional, namespace)
        };
        let package = package(&[("word/document.xml", of(body).as_bytes())]);
        let template = Document::compile(package, &strict()).unwrap();
        let merged = template.merge(&values()).unwrap();
        assert_eq!(part(&merged, "word/document.xml"), of(expected), "{body}");
    }
}

fn ins(content: &str) -> String {
    format!(r#"<w:ins w:id="1" w:author="A">{content}</w:ins>"#)
}

fn del(content: &str) -> String {
    format!(r#"<w:del w:id="1" w:author="A">{content}</w:del>"#)
}

/// A paragraph whose mark is deleted.
fn open_p(style: &str, content: &str) -> String {
    format!(
        r#"<w:p w:x="1"><w:pPr><w:pStyle w:val="{style}"/><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{content}</w:p>"#
    )
}

fn styled(style: &str, content: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>"#)
}

#[test]
fn inserted_text_stays_and_deleted_text_goes() {
    let within = |content: &str| format!("<w:p>{content}</w:p>");
    check(
        &within(&(ins(&r("a")) + &del(&r("b")) + &r("c"))),
        &within(&(r("a") + &r("c"))),
    );
    check(&within(&ins(&del(&r("b")))), &within(""));
    check(
        &within(&format!(
            "<w:moveTo>{}</w:moveTo><w:moveFrom>{}</w:moveFrom>",
            r("a"),
            r("b")
        )),
        &within(&r("a")),
    );
    // a mark partly deleted is what is left of it
    check(
        &within(&(r("{{ dat") + &del(&r("ei")) + &ins(&r("um }}")))),
        &within(&(r("heute") + &r(""))),
    );
    // ranges keep the end that lies outside
    let start = r#"<w:bookmarkStart w:id="3" w:name="x"/>"#;
    let end = r#"<w:bookmarkEnd w:id="3"/>"#;
    check(
        &within(&(del(&(start.to_owned() + &r("b"))) + end)),
        &within(&(start.to_owned() + end)),
    );
    check(
        &within(&(del(&(start.to_owned() + &r("b") + end)))),
        &within(""),
    );
}

#[test]
fn notes_of_changes_go() {
    check(
        concat!(
            r#"<w:p><w:pPr><w:jc w:val="left"/><w:rPr><w:ins w:id="1"/><w:b/></w:rPr>"#,
            r#"<w:pPrChange w:id="2"><w:pPr/></w:pPrChange></w:pPr>"#,
            r#"<w:moveFromRangeStart w:id="3"/><w:moveFromRangeEnd w:id="3"/>"#,
            r#"<w:r><w:rPr><w:b/><w:rPrChange w:id="4"><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr></w:r></w:p>"#,
            r#"<w:sectPr><w:pgSz/><w:sectPrChange w:id="5"><w:sectPr/></w:sectPrChange></w:sectPr>"#
        ),
        concat!(
            r#"<w:p><w:pPr><w:jc w:val="left"/><w:rPr><w:b/></w:rPr></w:pPr>"#,
            r#"<w:r><w:rPr><w:b/></w:rPr></w:r></w:p><w:sectPr><w:pgSz/></w:sectPr>"#
        ),
    );
    check(
        &format!(
            concat!(
                r#"<w:customXmlDelRangeStart w:id="1"/><w:sdt><w:sdtPr/><w:sdtContent><w:customXmlDelRangeEnd w:id="1"/>{0}"#,
                r#"<w:customXmlDelRangeStart w:id="2"/></w:sdtContent></w:sdt><w:customXmlDelRangeEnd w:id="2"/>"#,
                r#"<w:sdt><w:sdtPr/><w:sdtContent>{0}</w:sdtContent></w:sdt>"#
            ),
            p(&["a"])
        ),
        &format!(
            "{0}<w:sdt><w:sdtPr/><w:sdtContent>{0}</w:sdtContent></w:sdt>",
            p(&["a"])
        ),
    );
}

#[test]
fn paragraphs_without_their_mark_are_joined_with_the_next() {
    check(
        &(open_p("A", &r("a")) + &styled("B", &r("b"))),
        &styled("B", &(r("a") + &r("b"))),
    );
    check(
        &(open_p("A", &del(&r("a"))) + &open_p("A", &r("b")) + &p(&["c"]) + &p(&["d"])),
        &(p(&["b", "c"]) + &p(&["d"])),
    );
    check(&(open_p("A", &r("a")) + "<w:p/>"), &p(&["a"]));
    // ranges between them stay
    let end = r#"<w:bookmarkEnd w:id="3"/>"#;
    check(
        &(open_p("A", &r("a")) + end + &p(&["b"])),
        &format!("<w:p>{}{end}{}</w:p>", r("a"), r("b")),
    );
    // a mark over both of them is one now
    check(
        &(open_p("A", &r("{{ da")) + &p(&["tum }}"])),
        &p(&["heute", ""]),
    );
    // nothing to join with
    let table = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", p(&["x"]));
    check(&(open_p("A", &del(&r("a"))) + &table), &table);
    let alone = styled("A", &r("a")).replace("</w:pPr>", "<w:rPr></w:rPr></w:pPr>");
    let alone = alone.replace("<w:p>", r#"<w:p w:x="1">"#);
    check(&(open_p("A", &r("a")) + &table), &(alone.clone() + &table));
    let cell = |content: &str| format!("<w:tbl><w:tr><w:tc>{content}</w:tc></w:tr></w:tbl>");
    check(&cell(&open_p("A", &r("a"))), &cell(&alone));
    check(
        &cell(&(p(&["a"]) + &open_p("A", ""))),
        &cell(&(p(&["a"]) + &alone.replace(&r("a"), ""))),
    );
}

#[test]
fn rows_and_cells_go_with_their_deletion() {
    let row = |properties: &str, cells: &str| format!("<w:tr>{properties}{cells}</w:tr>");
    let cell = |properties: &str, text: &str| format!("<w:tc>{properties}{}</w:tc>", p(&[text]));
    let table = |rows: &str| format!("<w:tbl>{rows}</w:tbl>");
    let gone = r#"<w:trPr><w:del w:id="1"/></w:trPr>"#;
    let added = r#"<w:trPr><w:ins w:id="1"/></w:trPr>"#;
    let kept = row("", &cell("", "a"));
    check(
        &table(&(kept.clone() + &row(gone, &cell("", "b")) + &row(added, &cell("", "c")))),
        &table(&(kept.clone() + &row("<w:trPr></w:trPr>", &cell("", "c")))),
    );
    check(
        &(table(&row(gone, &cell("", "b"))) + &p(&["x"])),
        &p(&["x"]),
    );
    check(
        &(open_p("A", &r("a")) + &table(&row(gone, &cell("", "b"))) + &p(&["c"])),
        &p(&["a", "c"]),
    );
    let gone = r#"<w:tcPr><w:cellDel w:id="1"/></w:tcPr>"#;
    check(
        &table(&row("", &(cell("", "a") + &cell(gone, "b")))),
        &table(&kept),
    );
    check(
        &table(&(kept.clone() + &row("", &(cell(gone, "a") + &cell(gone, "b"))))),
        &table(&kept),
    );
    // an inner table's rows are not those of the outer
    let nested = |inner: &str| table(&row("", &format!("<w:tc>{inner}{}</w:tc>", p(&["a"]))));
    check(
        &nested(&table(&row(
            r#"<w:trPr><w:del w:id="1"/></w:trPr>"#,
            &cell("", "b"),
        ))),
        &nested(""),
    );
    let merged = |properties: &str| table(&row("", &cell(properties, "a")));
    check(
        &merged(
            r#"<w:tcPr><w:tcW w:w="1"/><w:shd/><w:cellMerge w:id="1" w:vMerge="cont"/></w:tcPr>"#,
        ),
        &merged(r#"<w:tcPr><w:tcW w:w="1"/><w:vMerge w:val="continue"/><w:shd/></w:tcPr>"#),
    );
}

#[test]
fn every_part_is_accepted_and_noted_and_tracking_ends() {
    let types = TYPES.replace(
        "</Types>",
        r#"<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>"#,
    );
    let ns = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
    let header = format!(
        "<w:hdr {ns}><w:p>{}{}</w:p></w:hdr>",
        del(&r("{{ a")),
        r("b")
    );
    let settings = format!("<w:settings {ns}><w:zoom/><w:trackRevisions/></w:settings>");
    let package = package(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", document("<w:p/>").as_bytes()),
        ("word/header1.xml", header.as_bytes()),
        ("word/settings.xml", settings.as_bytes()),
    ]);
    let template = Document::compile(package.clone(), &strict()).unwrap();
    let merged = template.merge(&values()).unwrap();
    assert_eq!(
        part(&merged, "word/header1.xml"),
        format!("<w:hdr {ns}><w:p>{}</w:p></w:hdr>", r("b"))
    );
    assert_eq!(
        part(&merged, "word/settings.xml"),
        format!("<w:settings {ns}><w:zoom/></w:settings>")
    );
    let notes: Vec<String> = template.notes().iter().map(ToString::to_string).collect();
    // behind them stands what the document lacks, here its language
    assert_eq!(
        notes[..notes.len() - 1],
        [
            "Kopfzeile 1, Absatz 1: hier stehen nachverfolgte Änderungen; sie gelten als angenommen; \
             damit Sie sehen, was gilt, nehmen Sie sie in Word an oder lehnen Sie sie ab \
             (Überprüfen, Annehmen)"
        ]
    );
    // a foreign file keeps its markup
    let header = header.replace("{{ a", "a");
    let foreign = crate::merge::document::tests::package(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", document("<w:p/>").as_bytes()),
        ("word/header1.xml", header.as_bytes()),
        ("word/settings.xml", settings.as_bytes()),
    ]);
    let template = Document::compile(foreign, &Rules::Lenient(Schema::default())).unwrap();
    let merged = template.merge(&values()).unwrap();
    assert_eq!(part(&merged, "word/header1.xml"), header);
    assert_eq!(part(&merged, "word/settings.xml"), settings);
}
