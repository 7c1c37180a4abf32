//! Content controls.

use serde_json::json;

use super::{check, check_fault, document, merge_part, p, package, part, r, row, strict, values};
use crate::merge::Document;

const W14: &str = r#"xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml""#;

fn sdt(properties: &str, content: &str) -> String {
    format!("<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>")
}

fn tag(name: &str) -> String {
    format!(r#"<w:tag w:val="{name}"/>"#)
}

fn in_paragraph(properties: &str, content: &str) -> String {
    format!("<w:p>{}</w:p>", sdt(properties, content))
}

#[track_caller]
fn check_same(body: &str) {
    check(body, json!({"a": "x"}), body);
}

#[test]
fn tags_and_titles_name_fields() {
    let filled = |properties: &str, value: &str| {
        check(
            &in_paragraph(properties, &r("alt")),
            json!({"a": "x", "Straße und Nr.": "y", "kunde": {"name": "z"}}),
            &in_paragraph(properties, &r(value)),
        );
    };
    filled(&tag("a"), "x");
    filled(&tag("A"), "x");
    filled(&tag("straße_und_Nr."), "y");
    filled(&tag("Kunde.name"), "z");
    filled(&tag("Dem_Rat"), "Dem Kreistag");
    filled(&tag("rat.name"), "Kreistag");
    filled(r#"<w:alias w:val="Der Rat"/>"#, "Der Kreistag");
    // the tag first, then the title
    filled(&format!(r#"<w:alias w:val="datum"/>{}"#, tag("a")), "x");
    filled(
        &format!(r#"<w:alias w:val="a"/>{}"#, tag("goog_rdk_0")),
        "x",
    );
    for other in ["goog_rdk_0", "b", "datun", "der ort", ""] {
        check_same(&in_paragraph(&tag(other), &r("alt")));
    }
    check_same(&in_paragraph("", &r("alt")));
}

#[test]
fn a_run_keeps_its_format() {
    let bold = |text: &str| {
        format!(r#"<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#)
    };
    check(
        &in_paragraph(
            &tag("a"),
            &(bold("alt") + "<w:bookmarkStart/>" + &r("mehr")),
        ),
        json!({"a": "1\n2"}),
        &in_paragraph(
            &tag("a"),
            &(bold(r#"1</w:t><w:br/><w:t xml:space="preserve">2"#) + "<w:bookmarkStart/>"),
        ),
    );
    // of a placeholder, what the control wants
    let placeholder = concat!(
        r#"<w:r><w:rPr><w:rStyle w:val="Platzhaltertext"/><w:lang w:val="de-DE"/></w:rPr>"#,
        "<w:t>Klicken Sie hier</w:t></w:r>"
    );
    let wanted = "<w:rPr><w:b/></w:rPr>";
    check(
        &in_paragraph(
            &format!("{wanted}{}<w:showingPlcHdr/>", tag("a")),
            placeholder,
        ),
        json!({"a": "x"}),
        &in_paragraph(&format!("{wanted}{}", tag("a")), &bold("x")),
    );
    // … else its own without the style
    check(
        &in_paragraph(&format!("{}<w:showingPlcHdr/>", tag("a")), placeholder),
        json!({"a": "x"}),
        &in_paragraph(
            &tag("a"),
            r#"<w:r><w:rPr><w:lang w:val="de-DE"/></w:rPr><w:t xml:space="preserve">x</w:t></w:r>"#,
        ),
    );
    // empty so far
    let empty = format!(
        "<w:sdt><w:sdtPr>{wanted}{}</w:sdtPr><w:sdtContent/></w:sdt>",
        tag("a")
    );
    check(
        &format!("<w:p>{empty}</w:p>"),
        json!({"a": "x"}),
        &in_paragraph(&format!("{wanted}{}", tag("a")), &bold("x")),
    );
    check(
        &empty,
        json!({"a": "x"}),
        &sdt(
            &format!("{wanted}{}", tag("a")),
            &format!("<w:p>{}</w:p>", bold("x")),
        ),
    );
}

#[test]
fn paragraphs_and_cells_are_filled() {
    let paragraph = |text: &str| {
        format!(
            r#"<w:p w:rsidR="1"><w:pPr><w:jc w:val="left"/></w:pPr>{}</w:p>"#,
            r(text)
        )
    };
    check(
        &sdt(&tag("a"), &(paragraph("alt") + &p(&["mehr"]))),
        json!({"a": "x"}),
        &sdt(&tag("a"), &paragraph("x")),
    );
    check(
        &sdt(&tag("a"), &paragraph("alt")),
        json!({"a": "x\u{7}y"}),
        &sdt(
            &tag("a"),
            &(paragraph("x") + &paragraph("y").replace(r#" w:rsidR="1""#, "")),
        ),
    );
    let in_row = |content: &str| format!("<w:tbl><w:tr>{content}</w:tr></w:tbl>");
    let cell = |text: &str| format!("<w:tc><w:tcPr><w:vAlign/></w:tcPr>{text}</w:tc>");
    check(
        &in_row(&sdt(&tag("a"), &cell(&(paragraph("alt") + &p(&["mehr"]))))),
        json!({"a": "x"}),
        &in_row(&sdt(&tag("a"), &cell(&paragraph("x")))),
    );
    // rows, tables, sections, several cells, and what is deleted are no text
    let table = |rows: &str| format!("<w:tbl>{rows}</w:tbl>");
    check_same(&table(&sdt(&tag("a"), &row(&["alt"]))));
    check_same(&sdt(&tag("a"), &(table(&row(&["alt"])) + &p(&["b"]))));
    check_same(&sdt(&tag("a"), "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"));
    check_same(&in_row(&sdt(&tag("a"), &cell(&p(&["b"])).repeat(2))));
    check_same(&format!(
        "<w:p><w:del>{}</w:del></w:p>",
        sdt(&tag("a"), &r("alt"))
    ));
}

#[test]
fn what_the_control_knew_is_forgotten() {
    let date = |attribute: &str| {
        format!(
            r#"{}<w:date{attribute}><w:dateFormat w:val="d"/></w:date>"#,
            tag("a")
        )
    };
    check(
        &in_paragraph(
            &format!(
                r#"<w:dataBinding w:xpath="/a"/><w15:dataBinding/>{}"#,
                date(r#" w:fullDate="2020-01-01T00:00:00Z""#)
            ),
            &r("alt"),
        ),
        json!({"a": "x"}),
        &in_paragraph(&date(""), &r("x")),
    );
    check(
        &in_paragraph(
            &format!(
                "{}<w:dropDownList><w:listItem w:value=\"y\"/></w:dropDownList>",
                tag("a")
            ),
            &r("alt"),
        ),
        json!({"a": "x"}),
        &in_paragraph(
            &format!(
                "{}<w:dropDownList><w:listItem w:value=\"y\"/></w:dropDownList>",
                tag("a")
            ),
            &r("x"),
        ),
    );
    for kind in ["w:picture", "w:group", "w:equation", "w15:repeatingSection"] {
        check_same(&in_paragraph(&format!("{}<{kind}/>", tag("a")), &r("alt")));
    }
}

#[test]
fn marks_within_are_merged_and_the_outermost_is_filled() {
    let data = || json!({"a": "x", "b": "y"});
    check(
        &in_paragraph(&tag("a"), &r("{{ b }}!")),
        data(),
        &in_paragraph(&tag("a"), &r("y!")),
    );
    check_same(&in_paragraph(
        &tag("a"),
        r#"<w:fldSimple w:instr=" MERGEFIELD  "><w:r><w:t>b</w:t></w:r></w:fldSimple>"#,
    ));
    let inner = sdt(&tag("b"), &p(&["alt"]));
    check(&sdt(&tag("a"), &inner), data(), &sdt(&tag("a"), &p(&["x"])));
    check(
        &sdt(&(tag("b") + "<w:group/>"), &inner),
        data(),
        &sdt(&(tag("b") + "<w:group/>"), &sdt(&tag("b"), &p(&["y"]))),
    );
    // within a block
    check(
        &(p(&["{% for b in [1, 2] %}"]) + &sdt(&tag("a"), &p(&["alt"])) + &p(&["{% endfor %}"])),
        data(),
        &sdt(&tag("a"), &p(&["x"])).repeat(2),
    );
}

#[test]
fn check_boxes_are_ticked() {
    let control = |checked: &str, states: &str, run: &str| {
        in_paragraph(
            &format!(
                "{}<w14:checkbox {W14}>{checked}{states}</w14:checkbox>",
                tag("a")
            ),
            run,
        )
    };
    let checked = |value: &str| format!(r#"<w14:checked w14:val="{value}"/>"#);
    let fonts = |font: &str| {
        format!(
            r#"<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>"#
        )
    };
    let glyph = |glyph: &str| {
        let fonts = fonts("MS Gothic");
        format!("<w:r><w:rPr>{fonts}<w:b/></w:rPr><w:t>{glyph}</w:t></w:r>")
    };
    let states = concat!(
        r#"<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>"#,
        r#"<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>"#
    );
    let truths = [
        (json!(true), true),
        (json!(false), false),
        (json!("ja"), true),
        (json!("Nein"), false),
        (json!("false"), false),
        (json!(""), false),
        (json!(1), true),
        (json!(0), false),
        (json!(null), false),
    ];
    for (value, ticked) in truths {
        let (state, shown) = if ticked { ("1", "☒") } else { ("0", "☐") };
        for (before, run) in [("1", glyph("☒")), ("0", glyph("☐"))] {
            check(
                &control(&checked(before), states, &run),
                json!({"a": value}),
                &control(&checked(state), states, &glyph(shown)),
            );
        }
    }
    // symbol fonts; no state noted so far; none described
    let states = r#"<w14:checkedState w14:val="00FE" w14:font="Wingdings"/>"#;
    check(
        &control("", states, "<w:r><w:t>☐</w:t></w:r>"),
        json!({"a": true}),
        &control(
            &checked("1"),
            states,
            r#"<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>"#,
        ),
    );
    check(
        &control("", states, "<w:r><w:t>☒</w:t></w:r>"),
        json!({"a": false}),
        &control(
            &checked("0"),
            states,
            &format!(
                "<w:r><w:rPr>{}</w:rPr><w:t>☐</w:t></w:r>",
                fonts("MS Gothic")
            ),
        ),
    );
}

#[test]
fn repeating_sections_go_through_lists() {
    let item = |content: &str| sdt("<w15:repeatingSectionItem/>", content);
    let section = |items: &str| sdt(&(tag("Posten") + "<w15:repeatingSection/>"), items);
    let table = |rows: &str| format!("<w:tbl>{}</w:tbl>", section(rows));
    let cell = |text: &str| {
        let control = sdt(&tag("Art"), &r(text));
        format!("<w:tr><w:tc><w:p>{control}</w:p></w:tc></w:tr>")
    };
    check(
        &table(&(item(&cell("alt")) + &item(&cell("mehr")))),
        json!({"posten": [{"art": "x"}, {"art": "y"}]}),
        &table(&(item(&cell("x")) + &item(&cell("y")))),
    );
    check(
        &section(&item(
            &(p(&["{{ a }} «a»"]) + &sdt(&tag("b"), &p(&["alt"]))),
        )),
        json!({"posten": [{"b": "x"}, {"a": 1}], "a": 2}),
        &section(
            &(item(&(p(&["2 2"]) + &sdt(&tag("b"), &p(&["x"]))))
                + &item(&(p(&["2 1"]) + &sdt(&tag("b"), &p(&[""]))))),
        ),
    );
    check_same(&section(&item(&cell("alt"))));
}

#[test]
fn misspelt_tags_are_faults() {
    let control = |name: &str| in_paragraph(&tag(name), &r("alt"));
    let place = "Text, Absatz 1";
    check_fault(
        &control("Datun"),
        place,
        "„Datun“ ist kein bekanntes Feld; meinten Sie „datum“? – in: „Inhaltssteuerelement Datun“",
    );
    check_fault(&control("Der_Ort"), place, "„Ort“ ist kein bekanntes Feld");
    check_fault(
        &control("Dre_Rat"),
        place,
        "„Dre“ ist keine Form; meinten Sie „der“?",
    );
    check_fault(
        &control("rat.lnd"),
        place,
        "„rat“ hat kein „lnd“; meinten Sie „land“?",
    );
    check_fault(&sdt(&tag("Datun"), &p(&["alt"])), place, "„Datun“");
}

#[test]
fn strict_rules_fill_what_they_know() {
    let body = in_paragraph(&tag("Dem_Rat"), &r("alt"))
        + &in_paragraph(&tag("goog_rdk_0"), &r("alt"))
        + &in_paragraph(
            &format!("{}<w14:checkbox {W14}></w14:checkbox>", tag("rat.kreistag")),
            &r("alt"),
        );
    let template = package(&[("word/document.xml", document(&body).as_bytes())]);
    let merged = Document::compile(template, &strict())
        .unwrap()
        .merge(&values())
        .unwrap();
    let main = part(&merged, "word/document.xml");
    assert!(
        main.contains("Dem Kreistag") && main.contains("alt"),
        "{main}"
    );
    assert!(
        main.contains(r#"<w14:checked w14:val="1"/>"#) && main.contains('☒'),
        "{main}"
    );
}

#[test]
fn controls_of_other_parts_and_prefixes_are_filled() {
    let header = |text: &str| {
        format!(
            concat!(
                "<x:hdr xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><x:sdt><x:sdtPr>",
                "<x:tag x:val='a'/></x:sdtPr><x:sdtContent><x:p/>{}</x:sdtContent></x:sdt></x:hdr>"
            ),
            text
        )
    };
    let merged = merge_part("word/header1.xml", &header(""), json!({"a": "x\ny"}));
    let expected = concat!(
        r#"<x:p><x:r><x:t xml:space="preserve">x</x:t><x:br/>"#,
        r#"<x:t xml:space="preserve">y</x:t></x:r></x:p>"#
    );
    assert_eq!(merged, header(expected).replace("<x:p/>", ""));
}
