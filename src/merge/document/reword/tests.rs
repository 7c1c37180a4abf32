use super::{Change, Manuscript};
use crate::merge::document::tests::{NAMESPACES, document, package, part};

fn reworded(parts: &[(&str, &[u8])], changes: &[(usize, Change)]) -> Vec<u8> {
    let manuscript = Manuscript::read(&package(parts)).unwrap();
    manuscript.reword(changes).unwrap()
}

#[track_caller]
fn check(body: &str, changes: &[(usize, Change)], expected: &str) {
    let made = reworded(&[("word/document.xml", document(body).as_bytes())], changes);
    assert_eq!(part(&made, "word/document.xml"), document(expected));
}

fn replace(span: std::ops::Range<usize>, text: &str) -> Change {
    Change::Replace(span, text.to_owned())
}

#[test]
fn a_text_takes_the_format_of_its_first_character() {
    let body = concat!(
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Der A</w:t></w:r>",
        "<w:r><w:rPr><w:i/></w:rPr><w:t>BR/I</w:t><w:tab/></w:r>",
        "<w:r><w:t>BR* &amp; mehr</w:t></w:r></w:p>",
    );
    let expected = concat!(
        r#"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Der {{ &lt;x&gt; }}</w:t></w:r>"#,
        r#"<w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve"></w:t></w:r>"#,
        r#"<w:r><w:t xml:space="preserve"> &amp; mehr</w:t></w:r></w:p>"#,
    );
    check(body, &[(0, replace(4..13, "{{ <x> }}"))], expected);
}

#[test]
fn several_texts_of_one_run_are_replaced() {
    let run = |space: &str, text: &str| format!("<w:p><w:r><w:t{space}>{text}</w:t></w:r></w:p>");
    let changes = [(0, replace(2..3, "B")), (0, replace(0..1, "A"))];
    let expected = run(r#" xml:space="preserve""#, "A B");
    check(&run("", "a b"), &changes, &expected);
}

#[test]
fn paragraphs_go_where_word_can_do_without() {
    let note = "<w:p><w:r><w:t>* Notiz</w:t></w:r></w:p>";
    let anchored = "<w:p><w:bookmarkStart w:id=\"1\" w:name=\"a\"/><w:r><w:t>*</w:t></w:r></w:p>";
    let section = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>*</w:t></w:r></w:p>";
    let cell = |inner: &str| format!("<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>");
    let kept = "<w:p/>";
    let emptied = |paragraph: &str| {
        paragraph
            .replace("<w:t>* Notiz", r#"<w:t xml:space="preserve">"#)
            .replace("<w:t>*", r#"<w:t xml:space="preserve">"#)
    };
    let remove = |number| [(number, Change::Remove)];
    check(
        &format!("{kept}{note}{kept}"),
        &remove(1),
        &format!("{kept}{kept}"),
    );
    check(
        &format!("{kept}{anchored}{kept}"),
        &remove(1),
        &format!("{kept}<w:bookmarkStart w:id=\"1\" w:name=\"a\"/>{kept}"),
    );
    check(
        &format!("{section}{kept}"),
        &remove(0),
        &format!("{}{kept}", emptied(section)),
    );
    check(
        &format!("{}{kept}", cell(note)),
        &remove(0),
        &format!("{}{kept}", cell(&emptied(note))),
    );
    let after_table = format!("{}{note}", cell(kept));
    check(
        &after_table,
        &remove(1),
        &format!("{}{}", cell(kept), emptied(note)),
    );
}

#[test]
fn a_footnote_without_text_goes_with_its_references() {
    let reference = "<w:r><w:rPr><w:b/></w:rPr><w:footnoteReference w:id=\"2\"/></w:r>";
    let body = document(&format!("<w:p><w:r><w:t>XXX</w:t></w:r>{reference}</w:p>"));
    let note = "<w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Name</w:t></w:r></w:p></w:footnote>";
    let other = "<w:footnote w:id=\"3\"><w:p><w:r><w:t>Quelle</w:t></w:r></w:p></w:footnote>";
    let notes = |inner: &str| format!("<w:footnotes {NAMESPACES}>{inner}</w:footnotes>");
    let made = reworded(
        &[
            ("word/document.xml", body.as_bytes()),
            (
                "word/footnotes.xml",
                notes(&format!("{note}{other}")).as_bytes(),
            ),
        ],
        &[(0, replace(0..3, "{{ kommune }}")), (1, Change::Remove)],
    );
    let expected = r#"<w:p><w:r><w:t xml:space="preserve">{{ kommune }}</w:t></w:r></w:p>"#;
    assert_eq!(part(&made, "word/document.xml"), document(expected));
    assert_eq!(part(&made, "word/footnotes.xml"), notes(other));
}

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    let body = document("<w:p><w:r><w:t>a</w:t></w:r></w:p>");
    let package = package(&[
        ("word/document.xml", body.as_bytes()),
        ("word/x.bin", &[1, 2, 3]),
    ]);
    let manuscript = Manuscript::read(&package).unwrap();
    assert_eq!(manuscript.reword(&[]).unwrap(), package);
}

#[test]
fn passages_tell_what_is_highlighted_and_what_repeats() {
    let body = concat!(
        "<w:p><w:r><w:t>a</w:t></w:r>",
        r#"<w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr><w:t>bc</w:t></w:r></w:p>"#,
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>",
        "<w:p><w:r><w:t>Text</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><mc:AlternateContent><mc:Fallback><w:txbxContent>",
        "<w:p><w:r><w:t>e</w:t></w:r></w:p>",
        "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    );
    let manuscript = Manuscript::read(&package(&[(
        "word/document.xml",
        document(body).as_bytes(),
    )]))
    .unwrap();
    let seen: Vec<_> = manuscript
        .passages()
        .into_iter()
        .map(|passage| {
            let of = |span: &std::ops::Range<usize>| passage.text.get(span.clone()).unwrap();
            let highlighted: Vec<&str> = passage.highlighted.iter().map(of).collect();
            (
                passage.text.to_owned(),
                highlighted.concat(),
                passage.is_copy,
            )
        })
        .collect();
    let expected = [
        ("abc", "bc", false),
        ("Text", "Text", false),
        ("", "", false),
        ("e", "", true),
    ];
    let expected = expected.map(|(text, marked, copy)| (text.to_owned(), marked.to_owned(), copy));
    assert_eq!(seen, expected);
}

/// As a German Word names them.
#[test]
fn headings_are_known_by_the_name_of_their_style() {
    let paragraph = |style: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"#)
    };
    let body = ["berschrift1", "Titel", "Standard"].map(paragraph).concat();
    let styles = format!(
        r#"<w:styles {NAMESPACES}><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:styleId="Standard"><w:name w:val="Normal"/></w:style></w:styles>"#
    );
    let rels = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
    let package = package(&[
        ("word/_rels/document.xml.rels", rels.as_bytes()),
        ("word/document.xml", document(&body).as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ]);
    let manuscript = Manuscript::read(&package).unwrap();
    let seen: Vec<bool> = manuscript
        .passages()
        .iter()
        .map(|passage| passage.is_heading)
        .collect();
    assert_eq!(seen, [true, true, false]);
}

#[test]
fn tracked_changes_are_accepted_and_told() {
    let body = "<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:ins><w:r><w:t>a</w:t></w:r></w:ins></w:p>";
    let manuscript = Manuscript::read(&package(&[(
        "word/document.xml",
        document(body).as_bytes(),
    )]))
    .unwrap();
    assert_eq!(manuscript.notes().len(), 1);
    assert_eq!(manuscript.passages()[0].text, "a");
    let made = manuscript.reword(&[]).unwrap();
    let expected = "<w:p><w:r><w:t>a</w:t></w:r></w:p>";
    assert_eq!(part(&made, "word/document.xml"), document(expected));
}
