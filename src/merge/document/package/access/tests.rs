use crate::merge::document::Document;
use crate::merge::document::tests::{TYPES, document, package, strict};

const RELATIONSHIPS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// As a German Word writes them; `berschrift2` is based on `berschrift1`, and two run in
/// a circle.
const STYLES: &str = concat!(
    r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
    r#"<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:lang w:val="de-DE"/></w:rPr></w:rPrDefault></w:docDefaults>"#,
    r#"<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Standard"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="berschrift3"><w:name w:val="Heading 3"/><w:basedOn w:val="Standard"/></w:style>"#,
    r#"<w:style w:type="paragraph" w:customStyle="1" w:styleId="Abschnitt"><w:name w:val="Abschnitt"/><w:basedOn w:val="berschrift1"/></w:style>"#,
    r#"<w:style w:type="paragraph" w:customStyle="1" w:styleId="heading2"><w:name w:val="Fettzeile"/><w:basedOn w:val="Standard"/><w:rPr><w:b/></w:rPr></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:rPr><w:b/><w:sz w:val="40"/></w:rPr></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/><w:rPr><w:b/></w:rPr></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="Listenabsatz"><w:name w:val="List Paragraph"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="Kreis1"><w:name w:val="Kreis 1"/><w:basedOn w:val="Kreis2"/></w:style>"#,
    r#"<w:style w:type="paragraph" w:styleId="Kreis2"><w:name w:val="Kreis 2"/><w:basedOn w:val="Kreis1"/></w:style>"#,
    r#"<w:style w:type="character" w:styleId="Fett"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>"#,
    r#"<w:style w:type="character" w:styleId="English"><w:name w:val="English"/><w:rPr><w:lang w:val="en-US"/></w:rPr></w:style>"#,
    r#"<w:style w:type="table" w:styleId="Tabellenraster"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders><w:top w:val="single"/></w:tblBorders></w:tblPr></w:style>"#,
    r#"</w:styles>"#
);
const TEXT: &str = "Die Verwaltung wird gebeten, zu berichten, welche Empfehlungen in der Stadt \
                    umgesetzt sind.";

/// The notes on a document of this body with these styles.
fn notes_of(body: &str, styles: &str) -> Vec<String> {
    let type_of = |name: &str, kind: &str| {
        format!(
            r#"<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/></Types>"#
        )
    };
    let types = TYPES.replace("</Types>", &type_of("styles", "styles"));
    let parts = [
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", body.as_bytes()),
        ("word/_rels/document.xml.rels", RELATIONSHIPS.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ];
    let template = Document::compile(package(&parts), &strict()).unwrap();
    template.notes().iter().map(ToString::to_string).collect()
}

/// The notes on a body, up to what is to be done.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let notes = notes_of(&document(body), STYLES);
    let told: Vec<&str> = notes
        .iter()
        .map(|note| note.split(';').next().unwrap().trim_start_matches("Text, "))
        .collect();
    assert_eq!(told, expected, "{body}");
    // strict documents, other prefixes, UTF-16 are the same
    let other = |part: &str| {
        part.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        .replace("w:", "x:")
        .replace("xmlns:w=", "xmlns:x=")
    };
    let again = notes_of(&other(&document(body)), &other(STYLES));
    assert_eq!(again, notes, "{body}");
}

fn p(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn styled(id: &str, text: &str) -> String {
    p(&format!(r#"<w:pStyle w:val="{id}"/>"#), text)
}

fn bold(text: &str) -> String {
    format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

fn text() -> String {
    p("", TEXT)
}

#[test]
fn lines_that_only_look_like_headings_are_noted() {
    let looks = |text: &str, also: &str| {
        format!("„{text}“ sieht wie eine Überschrift aus, ist aber nur fett oder groß{also}")
    };
    let begruendung = format!("Absatz 1: {}", looks("Begründung", ""));
    let run = |properties: &str, text: &str| {
        format!("<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>")
    };
    for line in [
        bold("Begründung"),
        styled("heading2", "Begründung"),
        run(r#"<w:rStyle w:val="Fett"/>"#, "Begründung"),
        run(r#"<w:sz w:val="28"/>"#, "Begründung"),
        bold("Be</w:t></w:r><w:r><w:rPr><w:b w:val=\"1\"/></w:rPr><w:t>gründung"),
    ] {
        check(&(line + &text()), &[&begruendung]);
    }
    check(
        &(bold("Antrag") + &bold("Die Kosten") + &text() + &text() + &bold("Beschluss:") + &text()),
        &[&format!(
            "Absatz 1: {}",
            looks("Antrag", " (ebenso bei „Die Kosten“, „Beschluss:“)")
        )],
    );
    for fine in [
        styled("berschrift1", "Begründung") + &text(),
        styled("Abschnitt", "Begründung") + &text(),
        styled("Titel", "Begründung") + &text(),
        p(r#"<w:outlineLvl w:val="0"/>"#, "Begründung") + &text(),
        styled("Kreis1", "Begründung") + &text(),
        styled("Verzeichnis1", "Begründung") + &text(),
        run(r#"<w:sz w:val="24"/>"#, "Begründung") + &text(),
        // bold in bold is plain
        styled("heading2", "Begründung")
            .replace("<w:r>", r#"<w:r><w:rPr><w:rStyle w:val="Fett"/></w:rPr>"#)
            + &text(),
        // text, marks, addresses, lists, and what stands alone
        bold("Das ist wichtig.") + &text(),
        bold("Die Stadtverordnetenversammlung möge daher auf Antrag beschließen:") + &text(),
        bold("1.") + &text(),
        bold("Betreff: Sitzung am 3. Mai") + &p("", "Sehr geehrte Damen und Herren,") + &text(),
        bold("Beirat") + &bold("Straße 1") + &bold("90762 Fürth") + &bold("Telefon 1") + &text(),
        p(
            "<w:numPr><w:numId w:val=\"1\"/></w:numPr><w:rPr><w:b/></w:rPr>",
            "Begründung",
        ) + &text(),
        text() + &bold("Begründung"),
        bold("Begründung") + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" + &text(),
        // nearly all of it is bold
        bold("Begründung") + &text() + &bold(&TEXT.repeat(2)),
    ] {
        check(&fine, &[]);
    }
}

#[test]
fn headings_come_in_order() {
    let headings =
        |ids: &[&str]| -> String { ids.iter().map(|id| styled(id, id) + &text()).collect() };
    check(&headings(&["berschrift1", "Abschnitt"]), &[]);
    check(
        &headings(&["berschrift1", "berschrift3"]),
        &["Absatz 3: auf „berschrift1“ (Überschrift 1) folgt „berschrift3“ als Überschrift 3"],
    );
    check(
        &headings(&["berschrift3"]),
        &["Absatz 1: die erste Überschrift „berschrift3“ ist Überschrift 3"],
    );
    check(
        &(styled("Titel", "Antrag") + &headings(&["berschrift3"])),
        &[],
    );
    check(
        &text().repeat(60),
        &["Text: der Text ist lang und hat keine Überschrift"],
    );
    check(&(styled("berschrift1", "Antrag") + &text().repeat(60)), &[]);
}

#[test]
fn empty_paragraphs_are_noted_where_they_only_make_space() {
    let table = "<w:tbl><w:tr><w:tc><w:p/><w:p/><w:p/></w:tc></w:tr></w:tbl>";
    let empty = "<w:p/>";
    let words = "hinter „Die Verwaltung wird gebeten, zu …“ steht ein leerer Absatz als Abstand";
    check(
        &[&text(), empty, &text()].concat(),
        &[&format!("Absatz 2: {words}")],
    );
    check(
        &[
            empty,
            empty,
            &p("", "Antrag"),
            "<w:p><w:r><w:t> \u{a0}</w:t></w:r></w:p>",
            &text(),
            empty,
            empty,
        ]
        .concat(),
        &[
            "Absatz 1: hier steht ein leerer Absatz als Abstand (ebenso bei „Antrag“, „Die Verwaltung wird gebeten, zu …“)",
        ],
    );
    check(
        &[table, empty, empty, &text()].concat(),
        &["Absatz 1: hier steht ein leerer Absatz als Abstand"],
    );
    let properties = |inner: &str| format!("<w:p><w:pPr>{inner}</w:pPr></w:p>");
    for fine in [
        table.to_owned() + empty + table + empty,
        text() + empty,
        text() + &properties("<w:sectPr/>") + &text(),
        text() + &properties("<w:pageBreakBefore/>") + &text(),
        text() + &properties(r#"<w:pBdr><w:bottom w:val="single"/></w:pBdr>"#) + &text(),
        text() + r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"# + &text(),
        text() + &p("", "{% if ja %}") + &text() + &p("", "{% endif %}") + &text(),
        text() + &p("", "{{ datum }}") + &text(),
        text() + "<w:p><w:r><w:drawing/></w:r></w:p>" + &text(),
    ] {
        check(&fine, &[]);
    }
}

#[test]
fn typed_lists_are_noted() {
    let lines = |lines: &[&str]| -> String { lines.iter().map(|line| p("", line)).collect() };
    let typed = |first: &str| {
        format!("Absatz 1: bei „{first}“ beginnt eine Liste, deren Zeichen getippt sind")
    };
    for list in [
        ["1. Ein Konzept", "2. Ein Bericht"],
        ["a) Ein Konzept", "b) Ein Bericht"],
        ["- Ein Konzept", "- Ein Bericht"],
        ["• Ein Konzept", "• Ein Bericht"],
        ["9)\u{a0}Ein Konzept", "10)\u{a0}Ein Bericht"],
    ] {
        let first = list[0].split_whitespace().collect::<Vec<_>>().join(" ");
        check(&lines(&list), &[&typed(&first)]);
    }
    check(
        "<w:p><w:r><w:t>- Ein Konzept</w:t><w:br/><w:t>- Ein Bericht</w:t><w:br/><w:t>- Mehr</w:t></w:r></w:p>",
        &[&typed("- Ein Konzept - Ein Bericht - Mehr")],
    );
    for fine in [
        lines(&["1. Mai 2026", "3. Mai 2026"]),
        lines(&["1. Ein Konzept", "und", "2. ein Bericht"]),
        lines(&["- – -", "-"]),
        lines(&["12345 Musterstadt", "12346 Musterstadt"]),
        styled("Listenabsatz", "1. a") + &styled("Listenabsatz", "2. b"),
        styled("berschrift1", "1. a") + &styled("berschrift1", "2. b"),
        styled("Verzeichnis1", "1. Antrag") + &styled("Verzeichnis1", "2. Kosten"),
    ] {
        check(&fine, &[]);
    }
}

#[test]
fn tables_need_a_header_row_if_they_show_data() {
    const GRID: &str = r#"<w:tblPr><w:tblStyle w:val="Tabellenraster"/></w:tblPr>"#;
    let row = |cells: &[&str]| -> String {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<w:tc>{}</w:tc>", p("", cell)))
            .collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let head = |row: String| row.replace("<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>");
    let table = |properties: &str, rows: &[String]| {
        format!("<w:tbl>{properties}{}</w:tbl>", rows.concat()) + &text()
    };
    let names = || row(&["Jahr", "Kosten"]);
    let data = || row(&["2026", "100"]);
    let noted =
        "Tabelle 1, Zeile 1, Zelle 1: die Tabelle „Jahr | Kosten“ hat keine Überschriftenzeile";
    let off = head(names()).replace("<w:tblHeader/>", r#"<w:tblHeader w:val="0"/>"#);
    let borders = r#"<w:tblPr><w:tblBorders><w:insideH w:val="single"/></w:tblBorders></w:tblPr>"#;
    for bad in [
        table(GRID, &[names(), data()]),
        table(borders, &[names(), data()]),
        table(GRID, &[off, data()]),
        table(GRID, &[names(), head(data())]),
        table(
            GRID,
            &[
                names(),
                row(&["{%tr for k in [1, 2] %}", ""]),
                row(&["{{ k }}", "1"]),
                row(&["{%tr endfor %}", ""]),
            ],
        ),
    ] {
        check(&bad, &[noted]);
    }
    for fine in [
        table(GRID, &[head(names()), data()]),
        table(
            GRID,
            &[
                row(&["{%tr if ja %}"]),
                head(names()),
                row(&["{%tr endif %}"]),
                data(),
            ],
        ),
        table(GRID, &[names()]),
        table(GRID, &[row(&["Jahr"]), row(&["2026"])]),
        table(GRID, &[row(&["Name:", "Anna"]), row(&["Ort:", "Fürth"])]),
        table(
            GRID,
            &[
                row(&["Gremium", "{{ rat }}"]),
                row(&["Sitzung", "{{ datum }}"]),
            ],
        ),
        table(GRID, &[row(&["", ""]), data()]),
        // without lines it lays out a page
        table("", &[names(), data()]),
        table(&borders.replace("single", "nil"), &[names(), data()]),
    ] {
        check(&fine, &[]);
    }
}

#[test]
fn pictures_need_a_text() {
    let anchor = |properties: &str, inner: &str| {
        format!(
            "<w:p><w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"Grafik 1\"{properties}</wp:docPr>{inner}</wp:inline></w:drawing></w:r></w:p>"
        )
    };
    let vml = |properties: &str| {
        format!(
            r#"<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"{properties}><v:imagedata/></v:shape></w:pict></w:r></w:p>"#
        )
    };
    let noted = "Absatz 1: das Bild „Grafik 1“ hat keinen Alternativtext";
    for bad in [
        anchor(">", ""),
        anchor(r#" descr=" ">"#, ""),
        anchor(r#" descr="Logo.PNG">"#, ""),
        anchor(r#"><x><a:decorative xmlns:a="urn:a" val="0"/></x>"#, ""),
        format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
            r#"<w:drawing><wp:inline><wp:docPr id="1" name="Grafik 1"/></wp:inline></w:drawing>"#,
            vml("")
        ),
    ] {
        check(&bad, &[noted]);
    }
    check(&vml(""), &["Absatz 1: ein Bild hat keinen Alternativtext"]);
    check(
        &(anchor(">", "") + &vml("") + &vml("")),
        &[&format!("{noted} (ebenso an 2 weiteren Stellen)")],
    );
    for fine in [
        anchor(r#" descr="Wappen der Stadt">"#, ""),
        anchor(r#" title="{{ datum }}">"#, ""),
        anchor(r#"><x><a:decorative xmlns:a="urn:a" val="1"/></x>"#, ""),
        anchor(">", "<w:txbxContent><w:p/></w:txbxContent>"),
        vml(r#" alt="Wappen""#),
        vml(r#" id="WordPictureWatermark1""#),
    ] {
        check(&fine, &[]);
    }
}

#[test]
fn the_language_is_looked_for() {
    let body = document(&text());
    let without = STYLES.replace(r#"<w:lang w:val="de-DE"/>"#, "");
    let notes = |styles: &str| -> Vec<String> {
        let notes = notes_of(&body, styles);
        notes
            .iter()
            .map(|note| note.split(';').next().unwrap().to_owned())
            .collect()
    };
    let missing = "Word-Datei: dem Dokument fehlt die Sprache, und ein Vorleseprogramm spricht es vielleicht falsch aus";
    let wrong = "Word-Datei: der Text ist deutsch, aber als Sprache ist „en-US“ eingestellt: ein Vorleseprogramm spricht ihn falsch aus";
    assert_eq!(notes(&without), [missing]);
    assert_eq!(notes(&STYLES.replace("de-DE", "en-US")), [wrong]);
    assert_eq!(notes(&STYLES.replace("de-DE", "de")), [""; 0]);
    let normal = without.replace(
        r#"<w:name w:val="Normal"/>"#,
        r#"<w:name w:val="Normal"/><w:rPr><w:lang w:val="de-AT"/></w:rPr>"#,
    );
    assert_eq!(notes(&normal), [""; 0]);
    // a German document with an English quotation
    let english = p("", "Think global").replace(
        "<w:r>",
        r#"<w:r><w:rPr><w:rStyle w:val="English"/></w:rPr>"#,
    );
    check(&(text() + &english), &[]);
}
