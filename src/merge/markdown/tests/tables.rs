//! Tables.

use super::*;

/// The cells of each row, a line a row.
fn rows(markdown: &str) -> Vec<String> {
    let body = body(markdown);
    let rows = body.split("<w:tr>").skip(1);
    rows.map(|row| {
        let cells = row.split("<w:tc>").skip(1).map(|cell| {
            let texts = cell.split("<w:t>").skip(1);
            let texts = texts.filter_map(|text| Some(text.split_once("</w:t>")?.0));
            texts.collect::<String>()
        });
        cells.collect::<Vec<_>>().join(" | ")
    })
    .collect()
}

#[test]
fn tables_have_a_header() {
    let table = body("| a | b |\n|---|--:|\n| {{ x|upper }} | 1 |\n\nz");
    assert!(
        table.starts_with("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/>"),
        "{table}"
    );
    assert_eq!(table.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(table.matches(r#"<w:jc w:val="right"/>"#).count(), 2);
    assert!(table.contains("{{ x|upper }}"), "{table}");
    assert!(
        table.ends_with(&p(r#"<w:spacing w:before="120"/>"#, "z")),
        "{table}"
    );
}

#[test]
fn block_marks_between_rows_are_rows() {
    let table = "| a | b |\n|---|---|\n{% for x in y %}\n| {{ x|upper }} | 1 |\n\
                 {%tr if x %}{% set z = 1 %}\n| 2 |\n{%tr else %}\n| 3 |\n{%tr endif %}\n{% endfor %}\n| 4 | 5 |";
    let expected = [
        "a | b",
        "{% for x in y %} | ",
        "{{ x|upper }} | 1",
        "{%tr if x %}{% set z = 1 %} | ",
        "2 | ",
        "{%tr else %} | ",
        "3 | ",
        "{%tr endif %} | ",
        "{% endfor %} | ",
        "4 | 5",
    ];
    assert_eq!(rows(table), expected);
    let quoted: String = table.lines().map(|line| format!("> {line}\n")).collect();
    assert_eq!(rows(&quoted), expected);
    // a row may hold its marks in its cells, as in Word
    let marks = "a | b\n-|-\n{% for x in y %} |\n{{ x }} | 1\n{% endfor %} |";
    assert_eq!(
        rows(marks),
        [
            "a | b",
            "{% for x in y %} | ",
            "{{ x }} | 1",
            "{% endfor %} | "
        ]
    );
}

#[test]
fn blocks_around_a_table_are_not_in_it() {
    let markdown =
        "{% if a %}\n| b |\n|---|\n{% for c in d %}\n| e |\n{% endfor %}\n{% endif %}\nf";
    assert_eq!(
        rows(markdown),
        ["b", "{% for c in d %}", "e", "{% endfor %}{% endif %}f"]
    );
    let body = body(markdown);
    assert!(
        body.starts_with(&(p("", "{% if a %}") + "<w:tbl>")),
        "{body}"
    );
    let end = format!("</w:tbl>{}{}", p("", "{% endif %}"), p("", "f"));
    assert!(body.ends_with(&end), "{body}");
    let else_ = "{% if a %}\n| b |\n|---|\n{% else %}\n| c |\n|---|\n{% endif %}";
    assert_eq!(rows(else_), ["b{% else %}", "c{% endif %}"]);
}

#[test]
fn columns_share_the_room_as_they_are_written() {
    let widths = |markdown: &str| -> Vec<String> {
        let body = body(markdown);
        let columns = body.split("<w:gridCol w:w=\"").skip(1);
        columns
            .map(|column| column.split('"').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(widths("| a | b |\n|---|---|"), ["4536", "4536"]);
    assert_eq!(widths("| a | b |\n|--|-----:|"), ["2268", "6804"]);
    assert_eq!(widths("| abcdef | b |\n|---|---|"), ["6048", "3024"]);
    let long = format!("| a | b |\n|-|{}|", "-".repeat(999));
    assert_eq!(widths(&long), ["432", "8639"]);
    // within a list there is less of it
    let in_list = body("- a\n\n  | b |\n  |---|");
    let place = r#"<w:tblW w:w="8647" w:type="dxa"/><w:jc w:val="left"/><w:tblInd w:w="425" w:type="dxa"/>"#;
    assert!(in_list.contains(place), "{in_list}");
}

#[test]
fn cells_may_break_lines_and_pages() {
    let table = body("a\n\n\\pagebreak\n\n| b<br>c<br/>d |\n|---|\n\ne");
    let cell = concat!(
        r#"<w:p><w:pPr><w:pStyle w:val="Tabellentext"/><w:pageBreakBefore/></w:pPr><w:r><w:rPr><w:b/><w:bCs/></w:rPr>"#,
        r#"<w:t>b</w:t><w:br w:type="textWrapping"/><w:t>c</w:t><w:br w:type="textWrapping"/><w:t>d</w:t></w:r></w:p>"#
    );
    assert!(table.contains(cell), "{table}");
    assert_eq!(table.matches("<w:pageBreakBefore/>").count(), 1);
}
