//! What conditions and loops leave behind: no husks, no empty paragraphs, no torn XML.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};

use super::*;

#[test]
fn tables_without_rows_and_rows_without_cells_disappear() {
    let (a, b) = (p(&["a"]), p(&["b"]));
    let condition = |inner: &str| {
        table_row(&[&mark("{% if x %}")]) + inner + &table_row(&[&mark("{% endif %}")])
    };
    let (yes, no) = (json!({"x": true}), json!({"x": false}));
    let row = table_row(&[&a]);
    let check_both = |body: &str, with: &str, without: &str| {
        check(body, yes.clone(), with);
        check(body, no.clone(), without);
    };
    check_both(
        &(a.clone() + &table(&condition(&row)) + &b),
        &(a.clone() + &table(&row) + &b),
        &(a.clone() + &b),
    );
    // a row that always stays keeps the table, before or behind
    check_both(
        &table(&(row.clone() + &condition(&row))),
        &table(&row.repeat(2)),
        &table(&row),
    );
    check_both(
        &table(&(condition(&row) + &row)),
        &table(&row.repeat(2)),
        &table(&row),
    );
    // two conditions, tables one behind another, else
    let two = table(&(condition(&row) + &condition(&row)));
    check_both(&(two.clone() + &two), &table(&row.repeat(2)).repeat(2), "");
    let other = condition(&(row.clone() + &table_row(&[&mark("{% else %}")]) + &table_row(&[&b])));
    check_both(&table(&other), &table(&row), &table(&table_row(&[&b])));
    // cells of a row, and the table with its only row
    let cells = |inner: &str| {
        format!(
            "<w:tr>{}{inner}{}</w:tr>",
            cell(&mark("{%tc if x %}")),
            cell(&mark("{%tc endif %}"))
        )
    };
    check_both(
        &table(&(cells(&cell(&a)) + &row)),
        &table(&row.repeat(2)),
        &table(&row),
    );
    check_both(&table(&cells(&cell(&a))), &table(&row), "");
    // a table within a cell, which then needs a paragraph
    let outer = |content: &str| table(&table_row(&[content]));
    check_both(
        &outer(&(table(&condition(&row)) + &mark("{% if x %}") + &b + &mark("{% endif %}"))),
        &outer(&(table(&row) + &b)),
        &outer("<w:p/>"),
    );
    check_both(
        &outer(&(table(&condition(&row)) + &b)),
        &outer(&(table(&row) + &b)),
        &outer(&b),
    );
    check_both(
        &table(&condition(&table_row(&[&(table(&condition(&row)) + &b)]))),
        &table(&table_row(&[&(table(&row) + &b)])),
        "",
    );
}

#[test]
fn rows_that_fields_repeat_stay_sound() {
    let row = |id: &str, content: &str| {
        format!(r#"<w:tr w14:paraId="{id}"><w:tc><w:p>{content}</w:p></w:tc></w:tr>"#)
    };
    let field = format!(
        r#"<w:fldSimple w:instr=" MERGEFIELD a ">{}</w:fldSimple>"#,
        r("«a»")
    );
    let body = table(&row("00000007", &field)) + &p(&["Ende"]);
    let rows = row("00000007", &r("1")) + &row("00000001", &r("2"));
    check(
        &body,
        json!({"a": [{"a": 1}, {"a": 2}]}),
        &(table(&rows) + &p(&["Ende"])),
    );
    check(&body, json!({"a": []}), &p(&["Ende"]));
}

#[test]
fn content_controls_without_content_disappear() {
    let control =
        |content: &str| format!("<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>");
    let (a, b) = (p(&["a"]), p(&["b"]));
    let condition = mark("{% if x %}") + &a + &mark("{% endif %}");
    let (yes, no) = (json!({"x": true}), json!({"x": false}));
    check(
        &(control(&condition) + &b),
        yes.clone(),
        &(control(&a) + &b),
    );
    check(&(control(&condition) + &b), no.clone(), &b);
    let with_more = control(&(condition.clone() + &b));
    check(&with_more, no.clone(), &control(&b));
    // a cell that holds nothing else; one that ends with a control needs no more
    let in_cell = |content: &str| table(&table_row(&[content]));
    check(
        &in_cell(&control(&condition)),
        no.clone(),
        &in_cell("<w:p/>"),
    );
    check(&in_cell(&control(&condition)), yes, &in_cell(&control(&a)));
    check(&in_cell(&with_more), no.clone(), &in_cell(&control(&b)));
    // around rows
    let row = table_row(&[&a]);
    let rows = table_row(&[&mark("{% if x %}")]) + &row + &table_row(&[&mark("{% endif %}")]);
    check(&table(&control(&rows)), no, "");
}

#[test]
fn stories_always_end_with_a_paragraph() {
    let condition = mark("{% if x %}") + &p(&["a"]) + &mark("{% endif %}");
    let header = |content: &str| format!("<w:hdr {NAMESPACES}>{content}</w:hdr>");
    let merged =
        |content: &str, x: bool| merge_part("word/header1.xml", &header(content), json!({"x": x}));
    assert_eq!(merged(&condition, false), header("<w:p/>"));
    assert_eq!(merged(&condition, true), header(&p(&["a"])));
    assert_eq!(merged(&mark("{# nichts #}"), true), header("<w:p/>"));
    let text_box = |content: &str| {
        format!("<w:p><w:r><w:pict><w:txbxContent>{content}</w:txbxContent></w:pict></w:r></w:p>")
    };
    check(
        &text_box(&condition),
        json!({"x": false}),
        &text_box("<w:p/>"),
    );
    let body = table(&table_row(&[&p(&["a"])])) + &condition;
    let cell = |content: &str| table(&table_row(&[content]));
    check(
        &cell(&body),
        json!({"x": true}),
        &cell(&(table(&table_row(&[&p(&["a"])])) + &p(&["a"]))),
    );
    check(
        &cell(&body),
        json!({"x": false}),
        &cell(&(table(&table_row(&[&p(&["a"])])) + "<w:p/>")),
    );
}

#[test]
fn a_false_condition_leaves_no_empty_paragraph_and_takes_none_that_was_wanted() {
    let (a, b, c) = (p(&["a"]), p(&["b"]), p(&["c"]));
    let blank = "<w:p><w:pPr><w:spacing/></w:pPr></w:p>";
    let ask = |body: &str, expected: [&str; 3]| {
        for (x, expected) in ["erst", "zweit", "sonst"].into_iter().zip(expected) {
            check(body, json!({"x": x}), expected);
        }
    };
    let branches = mark("{% if x == 'erst' %}")
        + &a
        + &mark("{% elif x == 'zweit' %}")
        + &b
        + &mark("{% else %}")
        + &c
        + &mark("{% endif %}");
    ask(&branches, [&a, &b, &c]);
    // blank paragraphs stay, around and within
    let around = blank.to_owned() + &branches + blank;
    ask(
        &around,
        [&a, &b, &c]
            .map(|p| format!("{blank}{p}{blank}"))
            .each_ref()
            .map(String::as_str),
    );
    let within = mark("{% if x == 'erst' %}") + blank + &a + blank + &mark("{% endif %}");
    ask(
        &(b.clone() + &within + &c),
        [
            &(b.clone() + blank + &a + blank + &c),
            &(b.clone() + &c),
            &(b.clone() + &c),
        ],
    );
    // nested, with several marks in one paragraph
    let nested = mark("{% if x != 'sonst' %}{% if x == 'erst' %}")
        + &a
        + &mark("{% endif %}")
        + &b
        + &mark("{% endif %}");
    ask(&nested, [&(a.clone() + &b), &b, ""]);
    // within a line: the paragraph stays, it holds text of its own
    let line = p(&["vor{% if x == 'erst' %} mitten{% endif %} nach"]);
    ask(
        &line,
        [
            &p(&["vor mitten nach"]),
            &p(&["vor nach"]),
            &p(&["vor nach"]),
        ],
    );
    // a paragraph that is all conditional text stays, as it does in Word's own fields
    let whole = p(&["{% if x == 'erst' %}a{% endif %}"]);
    ask(&whole, [&a, &p(&[""]), &p(&[""])]);
    // items of a list, their marks formatted as items, too
    let item = |text: &str| list_item(1, text);
    let items =
        item("a") + &item("{% if x == 'erst' %}") + &item("b") + &item("{% endif %}") + &item("c");
    ask(
        &items,
        [
            &(item("a") + &item("b") + &item("c")),
            &(item("a") + &item("c")),
            &(item("a") + &item("c")),
        ],
    );
    // cells, rows, across cells of a row
    let in_cell = |content: &str| table(&table_row(&[content, &c]));
    ask(
        &in_cell(&branches),
        [&in_cell(&a), &in_cell(&b), &in_cell(&c)],
    );
    let in_cell_row = |mark_text: &str| table_row(&[&mark(mark_text), &mark("")]);
    let rows = in_cell_row("{% if x == 'erst' %}")
        + &table_row(&[&a, &a])
        + &in_cell_row("{% elif x == 'zweit' %}")
        + &table_row(&[&b, &b])
        + &in_cell_row("{% else %}")
        + &table_row(&[&c, &c])
        + &in_cell_row("{% endif %}");
    ask(
        &table(&rows),
        [&a, &b, &c]
            .map(|p| table(&table_row(&[p, p])))
            .each_ref()
            .map(String::as_str),
    );
    let cells = [
        "{%tc if x == 'erst' %}",
        "a",
        "{%tc else %}",
        "b",
        "{%tc endif %}",
    ]
    .map(mark);
    let cells = table(&table_row(&cells.each_ref().map(String::as_str)));
    let one = |content: &str| table(&table_row(&[content]));
    ask(&cells, [&one(&a), &one(&b), &one(&b)]);
    let across = table(&table_row(&[
        &p(&["a{% if x == 'erst' %}b"]),
        &p(&["c{% endif %}d"]),
    ]));
    ask(
        &across,
        [
            &table(&table_row(&[&p(&["ab"]), &p(&["cd"])])),
            &one(&p(&["ad"])),
            &one(&p(&["ad"])),
        ],
    );
}

#[test]
fn sections_are_repeated() {
    let section =
        r#"<w:p><w:pPr><w:sectPr><w:headerReference r:id="rId1"/></w:sectPr></w:pPr></w:p>"#;
    let (start, end) = (mark("{% for x in xs %}"), mark("{% endfor %}"));
    let data = json!({"xs": [1, 2]});
    check(
        &(start.clone() + &p(&["{{ x }}"]) + section + &end),
        data.clone(),
        &(p(&["1"]) + section + &p(&["2"]) + section),
    );
    // a mark in the paragraph that ends the section does not take it along
    let ending = |text: &str| section.replace("</w:p>", &(r(text) + "</w:p>"));
    check(
        &(p(&["{% for x in xs %}{{ x }}"]) + &ending("{% endfor %}")),
        data,
        &(p(&["1"]) + &ending("2") + &ending("")),
    );
}

#[test]
fn blocks_are_nested_within_bounds() {
    let nested = |depth: usize, opening: &str, closing: &str| {
        mark(opening).repeat(depth) + &p(&["{{ x }}"]) + &mark(closing).repeat(depth)
    };
    let data = json!({"x": 1, "xs": [1]});
    check(
        &nested(60, "{% if x %}", "{% endif %}"),
        data.clone(),
        &p(&["1"]),
    );
    check(
        &nested(60, "{% for x in xs %}", "{% endfor %}"),
        data.clone(),
        &p(&["1"]),
    );
    let within = "{% if x %}".repeat(60) + "{{ x }}" + &"{% else %}-{% endif %}".repeat(60);
    check(&p(&[&within]), data, &p(&["1"]));
    let deep = document(&nested(200, "{% if ja %}", "{% endif %}").replace("{{ x }}", ""));
    let package = package(&[("word/document.xml", deep.as_bytes())]);
    let faults = Document::compile(package, &strict()).unwrap_err();
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    assert_eq!(fault.place.text, "Text, Absatz 65");
    assert!(fault.problem.contains("zu tief ineinander geschachtelt"));
}

#[test]
fn blocks_that_would_tear_the_document_apart_are_refused() {
    let rows = table(&(table_row(&[&p(&["{% for d in datum %}a"])]) + &table_row(&[&mark("x")])))
        + &p(&["{% endfor %}b"]);
    check_fault(
        &rows,
        "Text, Tabelle 1, Zeile 1, Zelle 1",
        "endet an anderer Stelle (Text, Absatz 1)",
    );
    let other = mark("{% for d in datum %}")
        + &p(&["a"])
        + &table(&table_row(&[&p(&["{% else %}b"])]))
        + &mark("{% endfor %}");
    check_fault(&other, "Text, Absatz 1", "endet an anderer Stelle");
    let middle = mark("{% if ja %}")
        + &table(&table_row(&[&p(&["a{% elif nein %}b"])]))
        + &mark("{% else %}")
        + &mark("{% endif %}");
    check_fault(&middle, "Text, Absatz 1", "der Block „if“ beginnt hier");
}

/// What may stand in a cell or between two: paragraphs, tables, and blocks around them.
#[derive(Debug, Clone)]
enum Part {
    Paragraph,
    /// a block that is passed so often
    Block(usize, Vec<Part>),
    Table(Vec<Row>),
}

#[derive(Debug, Clone)]
enum Row {
    Cells(Vec<Part>),
    Block(usize, Vec<Row>),
}

impl Part {
    fn any() -> impl Strategy<Value = Vec<Self>> {
        let leaf = Just(Self::Paragraph);
        let part = leaf.prop_recursive(5, 24, 3, |part| {
            let parts = || vec(part.clone(), 0..3);
            let cells = parts().prop_map(Row::Cells);
            let rows = cells.prop_recursive(3, 8, 3, |row| {
                (0..3usize, vec(row, 0..3)).prop_map(|(times, rows)| Row::Block(times, rows))
            });
            prop_oneof![
                (0..3usize, parts()).prop_map(|(times, parts)| Self::Block(times, parts)),
                vec(rows, 1..3).prop_map(Self::Table),
            ]
        });
        vec(part, 0..4)
    }

    fn template(parts: &[Self]) -> String {
        let part = |part: &Self| match part {
            Self::Paragraph => p(&["a"]),
            Self::Block(times, parts) => {
                let (opening, closing) = block(*times);
                mark(opening) + &Self::template(parts) + &mark(closing)
            }
            Self::Table(rows) => table(&Row::template(rows)),
        };
        parts.iter().map(part).collect()
    }

    fn expected(parts: &[Self]) -> String {
        let part = |part: &Self| match part {
            Self::Paragraph => p(&["a"]),
            Self::Block(times, parts) => Self::expected(parts).repeat(*times),
            Self::Table(rows) => match Row::expected(rows).as_str() {
                "" => String::new(),
                rows => table(rows),
            },
        };
        parts.iter().map(part).collect()
    }
}

impl Row {
    fn template(rows: &[Self]) -> String {
        let row = |row: &Self| match row {
            Self::Cells(parts) => {
                let content = Part::template(parts) + &last(parts);
                table_row(&[&p(&["b"]), &content])
            }
            Self::Block(times, rows) => {
                let (opening, closing) = block(*times);
                table_row(&[&mark(opening)]) + &Self::template(rows) + &table_row(&[&mark(closing)])
            }
        };
        rows.iter().map(row).collect()
    }

    fn expected(rows: &[Self]) -> String {
        let row = |row: &Self| match row {
            Self::Cells(parts) => {
                let content = Part::expected(parts) + &last(parts);
                let ends_well = content.ends_with("</w:p>");
                let guard = if ends_well { "" } else { "<w:p/>" };
                table_row(&[&p(&["b"]), &(content + guard)])
            }
            Self::Block(times, rows) => Self::expected(rows).repeat(*times),
        };
        rows.iter().map(row).collect()
    }
}

/// What Word demands at the end of a cell.
fn last(parts: &[Part]) -> String {
    match parts.last() {
        Some(Part::Paragraph | Part::Block(..)) => String::new(),
        Some(Part::Table(_)) | None => p(&["c"]),
    }
}

fn block(times: usize) -> (&'static str, &'static str) {
    match times {
        0 => ("{% if nein %}", "{% endif %}"),
        1 => ("{% if ja %}", "{% endif %}"),
        _ => ("{% for y in ys %}", "{% endfor %}"),
    }
}

proptest! {
    #[test]
    fn any_blocks_leave_a_sound_document(parts in Part::any()) {
        let data = json!({"ja": true, "nein": false, "ys": [1, 2]});
        check(&Part::template(&parts), data, &Part::expected(&parts));
    }
}
