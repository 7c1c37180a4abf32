//! Lists that count anew.

use super::*;

/// The numbering part: 1 counts, 2 counts from 3 on where the template says so, 3 has
/// bullets, 4 shares the numbers of 1.
fn numbering(added: &str) -> String {
    let level = |level: u32, format: &str| {
        format!(
            r#"<w:lvl w:ilvl="{level}"><w:start w:val="{}"/><w:numFmt w:val="{format}"/></w:lvl>"#,
            level + 1
        )
    };
    let levels = level(0, "decimal") + &level(1, "lowerLetter");
    let own = r#"<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>"#;
    let num = |number: u32, of: u32, own: &str| {
        format!(
            r#"<w:num w:numId="{number}" w:rsid="1"><w:abstractNumId w:val="{of}"/>{own}</w:num>"#
        )
    };
    format!(
        r#"<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:abstractNum w:abstractNumId="1">{}</w:abstractNum>{}{added}<w:numIdMacAtCleanup w:val="1"/></w:numbering>"#,
        level(0, "bullet"),
        num(1, 0, "") + &num(2, 0, own) + &num(3, 1, "") + &num(4, 0, "")
    )
}

/// What is added for a list that counts anew.
fn anew(number: u32, first: u32) -> String {
    format!(
        concat!(
            r#"<w:num w:numId="{}"><w:abstractNumId w:val="0"/>"#,
            r#"<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>"#,
            r#"<w:lvlOverride w:ilvl="1"><w:startOverride w:val="2"/></w:lvlOverride></w:num>"#
        ),
        number, first
    )
}

/// Merges a body of lists; `expected` are the lists of its paragraphs, `added` those
/// that count anew.
#[track_caller]
fn check_lists(body: &str, expected: &[&str], added: &str) {
    let data = json!({"xs": [1, 2], "ys": [1, 2]});
    let parts = [("numbering", numbering(""))];
    let parts = parts.each_ref().map(|(name, part)| (*name, part.as_str()));
    let [merged, merged_numbering] = merge_parts(body, &parts, &data, ["document", "numbering"]);
    let lists: Vec<&str> = merged
        .split("<w:numId w:val=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(lists, expected, "{merged}");
    assert_eq!(merged_numbering, numbering(added), "{merged}");
}

#[test]
fn lists_count_anew_where_they_did_in_the_template() {
    let looped = |over: &str, inner: &str| {
        mark(&format!("{{% for x in {over} %}}")) + inner + &mark("{% endfor %}")
    };
    let item = |number: u32| list_item(number, "{{ x }}");
    let heading = p(&["Titel"]);
    let blank = p(&[" "]);
    // below a heading
    check_lists(
        &looped("xs", &(heading.clone() + &item(1) + &item(1))),
        &["1", "1", "5", "5"],
        &anew(5, 1),
    );
    check_lists(
        &looped("xs", &(heading.clone() + &item(2))),
        &["2", "5"],
        &anew(5, 3),
    );
    // the numbered paragraph itself is what is repeated
    check_lists(&looped("xs", &item(1)), &["1", "1"], "");
    check_lists(&looped("xs", &(item(1) + &heading)), &["1", "1"], "");
    check_lists(&looped("xs", &(blank + &item(1))), &["1", "1"], "");
    // nested: the list belongs to the outer loop
    check_lists(
        &looped("xs", &(heading.clone() + &looped("ys", &item(1)))),
        &["1", "1", "5", "5"],
        &anew(5, 1),
    );
    check_lists(
        &looped("xs", &looped("ys", &(heading.clone() + &item(1)))),
        &["1", "5", "6", "7"],
        &(anew(5, 1) + &anew(6, 1) + &anew(7, 1)),
    );
    // it goes on outside of the loop, or goes on where another has ended
    check_lists(
        &(looped("xs", &(heading.clone() + &item(1))) + &list_item(1, "a")),
        &["1", "1", "1"],
        "",
    );
    check_lists(
        &(list_item(4, "a") + &looped("xs", &(heading.clone() + &item(1)))),
        &["4", "1", "1"],
        "",
    );
    check_lists(
        &(list_item(4, "a") + &looped("xs", &(heading.clone() + &item(2)))),
        &["4", "2", "5"],
        &anew(5, 3),
    );
    // bullets, unknown lists, no list
    for number in ["3", "99", "0"] {
        let item = list_item(number.parse().unwrap(), "a");
        check_lists(
            &looped("xs", &(heading.clone() + &item)),
            &[number, number],
            "",
        );
    }
    // a condition repeats nothing
    check_lists(
        &(mark("{% if xs %}") + &heading + &list_item(1, "a") + &mark("{% endif %}")),
        &["1"],
        "",
    );
}

#[test]
fn lists_in_rows_count_anew_and_columns_of_numbers_do_not() {
    let rows = |over: &str, row: &str| {
        table_row(&[&mark(&format!("{{% for x in {over} %}}"))])
            + row
            + &table_row(&[&mark("{% endfor %}")])
    };
    let (text, item) = (p(&["a"]), list_item(1, "{{ x }}"));
    let two = item.clone() + &item;
    // a column of numbers, wherever it stands
    check_lists(
        &table(&rows("xs", &table_row(&[&item, &text]))),
        &["1", "1"],
        "",
    );
    check_lists(
        &table(&rows("xs", &table_row(&[&text, &item]))),
        &["1", "1"],
        "",
    );
    // a list within a cell
    check_lists(
        &table(&rows("xs", &table_row(&[&text, &two]))),
        &["1", "1", "5", "5"],
        &anew(5, 1),
    );
    check_lists(
        &table(&rows("xs", &table_row(&[&(text.clone() + &item)]))),
        &["1", "5"],
        &anew(5, 1),
    );
    let inner = mark("{% for y in ys %}") + &item + &mark("{% endfor %}");
    check_lists(
        &table(&rows("xs", &table_row(&[&inner]))),
        &["1", "1", "5", "5"],
        &anew(5, 1),
    );
    // a column of numbers below a row of its own
    check_lists(
        &table(&rows(
            "xs",
            &(table_row(&[&text]) + &rows("ys", &table_row(&[&item]))),
        )),
        &["1", "1", "5", "5"],
        &anew(5, 1),
    );
    // a table in a loop
    check_lists(
        &(mark("{% for x in xs %}")
            + &table(&(table_row(&[&text]) + &rows("ys", &table_row(&[&item]))))
            + &mark("{% endfor %}")),
        &["1", "1", "5", "5"],
        &anew(5, 1),
    );
}

#[test]
fn lists_keep_what_they_say_of_their_levels() {
    let own = r#"<n:lvlOverride n:ilvl="0"><n:lvl n:ilvl="0"><n:start n:val="7"/></n:lvl></n:lvlOverride>"#;
    let part = |added: &str| {
        format!(
            r#"<n:numbering xmlns:n="{WORD}"><n:abstractNum n:abstractNumId="0"/><n:num n:numId="1"><n:abstractNumId n:val="0"/>{own}</n:num>{added}</n:numbering>"#
        )
    };
    let body = mark("{% for x in xs %}") + &p(&["a"]) + &list_item(1, "b") + &mark("{% endfor %}");
    let data = json!({"xs": [1, 2]});
    let [merged] = merge_parts(&body, &[("numbering", &part(""))], &data, ["numbering"]);
    let levels: String = (1..9)
        .map(|level| {
            format!(
                r#"<n:lvlOverride n:ilvl="{level}"><n:startOverride n:val="1"/></n:lvlOverride>"#
            )
        })
        .collect();
    let own = own.replace("<n:lvl ", r#"<n:startOverride n:val="7"/><n:lvl "#);
    let added = format!(r#"<n:num n:numId="2"><n:abstractNumId n:val="0"/>{own}{levels}</n:num>"#);
    assert_eq!(merged, part(&added));
}
