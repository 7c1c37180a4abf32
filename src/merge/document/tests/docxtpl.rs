//! docxtpl's conventions, in what they do to the XML.

use super::*;

/// A table of one row with these cells.
fn table(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<w:tc>{cell}</w:tc>"))
        .collect();
    format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
}

#[test]
fn marks_say_what_their_cell_is() {
    let text = |text: &str| p(&[text]);
    let cell = |properties: &str| format!("<w:tcPr>{properties}</w:tcPr>{}", text("x"));
    let says = |mark: &str, properties: &str, expected: &str| {
        let before = format!("{properties}{}", text(&format!("{mark}x")));
        let data = json!({"n": 2, "c": "#FFCC00", "leer": ""});
        check(&table(&[&before]), data, &table(&[&cell(expected)]));
    };
    // made where it is missing, empty, or there
    says("{% colspan n + 1 %}", "", r#"<w:gridSpan w:val="3"/>"#);
    says(
        "{% colspan '3' %}",
        "<w:tcPr/>",
        r#"<w:gridSpan w:val="3"/>"#,
    );
    says(
        "{% colspan leer %}",
        "<w:tcPr></w:tcPr>",
        r#"<w:gridSpan w:val="1"/>"#,
    );
    says(
        "{% cellbg c %}",
        "",
        r#"<w:shd w:val="clear" w:color="auto" w:fill="FFCC00"/>"#,
    );
    says(
        "{% cellbg leer %}",
        "",
        r#"<w:shd w:val="clear" w:color="auto" w:fill="auto"/>"#,
    );
    // in the order of the schema, instead of what was there
    let others = [r#"<w:tcW w:w="1"/>"#, "<w:tcBorders/>", "<w:vAlign/>"];
    let [width, borders, align] = others;
    let old = format!(
        r#"<w:tcPr>{width}<w:gridSpan w:val="7"/>{borders}<w:shd w:fill="7"/>{align}</w:tcPr>"#
    );
    let bare = format!("<w:tcPr>{width}{borders}{align}</w:tcPr>");
    let new = format!(
        r#"{width}<w:gridSpan w:val="2"/>{borders}<w:shd w:val="clear" w:color="auto" w:fill="red"/>{align}"#
    );
    for properties in [&old, &bare] {
        says("{% cellbg 'red' %}{% colspan n %}", properties, &new);
    }
}

#[test]
fn a_mark_of_a_cell_takes_its_run_along_but_not_its_paragraph() {
    let span = r#"<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>"#;
    let check = |runs: &[&str], expected: &str| {
        let expected = format!("{span}{expected}");
        check(&table(&[&p(runs)]), json!({}), &table(&[&expected]));
    };
    check(&["{% colspan 2 %}"], "<w:p></w:p>");
    check(&["{% colspan 2 %}", "x"], &p(&["x"]));
    check(&["{% col", "span 2 %}", "x"], &p(&["", "", "x"]));
    check(&["{% colspan 2 %}x"], &p(&["x"]));
    check_fault(&p(&["{% vm %}"]), "Text, Absatz 1", "in keiner");
}

#[test]
fn cells_are_merged_within_loops() {
    let rows = |first: &str, second: &str| {
        format!(
            "<w:tbl><w:tr><w:tc>{first}</w:tc></w:tr><w:tr><w:tc>{second}</w:tc></w:tr></w:tbl>"
        )
    };
    let format = "<w:pPr><w:jc/></w:pPr>";
    let down = |merge: &str| format!(r#"<w:tcPr><w:vMerge w:val="{merge}"/></w:tcPr>"#);
    let template = format!(
        "<w:tbl>{}<w:tr><w:tc><w:p>{format}{}</w:p>{}</w:tc></w:tr>{}</w:tbl>",
        row(&["{%tr for x in [1, 2] %}"]),
        r("{% vm %}a"),
        p(&["b"]),
        row(&["{%tr endfor %}"])
    );
    check(
        &template,
        json!({}),
        &rows(
            &format!(
                "{}<w:p>{format}{}</w:p>{}",
                down("restart"),
                r("a"),
                p(&["b"])
            ),
            &format!("{}<w:p>{format}</w:p>", down("continue")),
        ),
    );
    let wide = |properties: &str| format!("{properties}{}", p(&["{% hm %}a"]));
    let two = r#"<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>"#;
    for (properties, width) in [("", 3), (two, 6), ("<w:tcPr/>", 3)] {
        let begins = p(&["{%tc for x in [1, 2, 3] %}"]);
        let ends = p(&["{%tc endfor %}"]);
        let merged = format!(
            r#"<w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr>{}"#,
            p(&["a"])
        );
        check(
            &table(&[&begins, &wide(properties), &ends]),
            json!({}),
            &table(&[&merged]),
        );
    }
}

#[test]
fn a_row_that_begins_and_ends_its_loop_is_repeated() {
    let table = |rows: &str| format!("<w:tbl>{rows}</w:tbl>");
    let data = json!({"xs": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]});
    check(
        &table(&row(&[
            "{%tr for x in xs %}{{ x.a }}",
            "{{ x.b }}{%tr endfor %}",
        ])),
        data.clone(),
        &table(&(row(&["1", "2"]) + &row(&["3", "4"]))),
    );
    check(
        &table(&row(&[
            "{%tr for x in xs %}{%tr if x.a > 1 %}{{ x.a }}{%tr endif %}{%tr endfor %}",
        ])),
        data.clone(),
        &table(&row(&["3"])),
    );
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(&[text]));
    check(
        &table(&format!(
            "<w:tr>{}</w:tr>",
            cell("{%tc for x in xs %}{{ x.a }}{%tc endfor %}")
        )),
        data,
        &table(&format!("<w:tr>{}{}</w:tr>", cell("1"), cell("3"))),
    );
    check(
        &p(&["{%p if x %}", "ja", "{%p endif %}"]),
        json!({"x": true}),
        &p(&["", "ja", ""]),
    );
    check(&p(&["{%p if x %}", "ja", "{%p endif %}"]), json!({}), "");
}

#[test]
fn paragraphs_are_joined() {
    let anchor = r#"<w:bookmarkStart w:id="0" w:name="b"/>"#;
    let centred = |text: &str| format!("<w:p><w:pPr><w:jc/></w:pPr>{}</w:p>", r(text));
    check(
        &(p(&["a"])
            + anchor
            + &centred("{%- if x -%}")
            + "<w:p/>"
            + &centred(" b")
            + &centred("{%- endif %} c")),
        json!({"x": true}),
        &format!(
            "<w:p>{}{anchor}{}{}{}</w:p>",
            r("a"),
            r(""),
            r(" b"),
            r(" c")
        ),
    );
    // what is no paragraph beside it stays apart, and only white space goes
    let cells = |first: &str, second: &str| table(&[&p(&[first]), &p(&[second])]);
    check(
        &cells("a", " {%- if x %} b{% endif %}"),
        json!({"x": true}),
        &cells("a", " b"),
    );
    let section = |text: &str| format!("<w:p><w:pPr><w:sectPr/></w:pPr>{}</w:p>", r(text));
    check(
        &(section("a") + &p(&["{%- if x %} b{% endif %}"])),
        json!({"x": true}),
        &(section("a") + &p(&[" b"])),
    );
    check(
        &(p(&["{%p if x -%}"]) + &p(&["a"]) + &p(&["{%p endif %}"])),
        json!({"x": true}),
        &p(&["a"]),
    );
}

#[test]
fn runs_are_parted() {
    let bold = |text: &str| {
        format!(r#"<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#)
    };
    check(
        &format!("<w:p>{}</w:p>", bold("a {%r if x %}b{%r endif %} c")),
        json!({"x": false}),
        &format!("<w:p>{}{}</w:p>", bold("a "), bold(" c")),
    );
    // over several runs
    check(
        &p(&["a{%r i", "f x %}b", "{%r endif %}", "c"]),
        json!({"x": true}),
        &p(&["a", "", "b", "c"]),
    );
}

#[test]
fn raw_text_stays_as_it_is() {
    check(
        &(p(&["{% raw %}"])
            + &p(&["{{ a }}", "{% if"])
            + &p(&["{%p endraw %}"])
            + &p(&["{{ a }}"])),
        json!({"a": 1}),
        &(p(&["{{ a }}", "{% if"]) + &p(&["1"])),
    );
    check_fault(
        &(p(&["a"]) + &p(&["{% raw %}{{ x }}"])),
        "Text, Absatz 2",
        "es fehlt {% endraw %}",
    );
}

#[test]
fn what_a_block_captures_is_text() {
    check(
        &p(&[
            "{% set x %}a &lt;",
            "{{ 1 }}",
            "{% endset %}{{ x|upper }} ",
            "{{ x|length }}",
        ]),
        json!({}),
        &p(&["A &lt;1 4"])
            .replace("1 4", "1 ")
            .replace("</w:p>", &format!("{}</w:p>", r("4"))),
    );
    let picture = |text: &str| format!(r#"<w:p><w:r><wp:docPr descr="{text}"/></w:r></w:p>"#);
    check(
        &(p(&["{% set x %}a", "b{% endset %}."]) + &picture("{{ x }}")),
        json!({}),
        &(p(&["."]) + &picture("ab")),
    );
}
