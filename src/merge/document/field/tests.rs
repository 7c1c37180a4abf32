use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

use super::find;
use crate::merge::document::Document;
use crate::merge::document::scan::Scan;
use crate::merge::document::tests::{
    TYPES, check, check_fault, document, merge_part, package, r, strict,
};

/// A run with a piece of a field.
fn mark(kind: &str) -> String {
    format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#)
}

fn instruction(text: &str) -> String {
    format!(r#"<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>"#)
}

/// A complex field: each part of its instruction is text, or a field.
fn field(code: &[&str], result: &str) -> String {
    let code: String = code
        .iter()
        .map(|part| match part.starts_with("<w:") {
            true => (*part).to_owned(),
            false => instruction(part),
        })
        .collect();
    let (begin, separate, end) = (mark("begin"), mark("separate"), mark("end"));
    format!("{begin}{code}{separate}{result}{end}")
}

fn merge_field(name: &str) -> String {
    field(&[&format!(" MERGEFIELD {name} ")], &r(&format!("«{name}»")))
}

fn in_paragraph(inner: &str) -> String {
    format!("<w:p>{inner}</w:p>")
}

/// Merges the inside of a paragraph and compares what comes out.
#[track_caller]
fn check_runs(runs: &str, data: Value, expected: &str) {
    check(&in_paragraph(runs), data, &in_paragraph(expected));
}

/// What a reader of the merged body reads: its text, its paragraphs divided by `|`.
#[track_caller]
fn check_text(body: &str, data: Value, expected: &str) {
    let merged = merge_part("word/document.xml", &document(body), data);
    for left in ["fldChar", "instrText", "fldSimple"] {
        assert!(!merged.contains(left), "{merged}");
    }
    assert_eq!(text(&merged), expected, "{merged}");
}

fn text(xml: &str) -> String {
    let ends = xml.replace("</w:p>", "|").replace("<w:br/>", "/");
    let mut text = String::new();
    for piece in ends.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    let text = text.trim_end_matches('|').replace("&quot;", "\"");
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn simple(instruction: &str, result: &str) -> String {
    format!(r#"<w:fldSimple w:instr="{instruction}">{result}</w:fldSimple>"#)
}

fn bold(text: &str) -> String {
    format!(r#"<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| match cell.starts_with("<w:tbl") {
        true => format!("<w:tc>{cell}<w:p/></w:tc>"),
        false => format!("<w:tc>{}</w:tc>", in_paragraph(cell)),
    });
    format!("<w:tr>{}</w:tr>", cells.collect::<String>())
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl>{}</w:tbl>", rows.concat())
}

#[test]
fn fields_become_runs() {
    check_runs(&merge_field("a"), json!({"a": "x"}), &r("x"));
    check_runs(
        &simple(" MERGEFIELD a ", &bold("«a»")),
        json!({"a": "x"}),
        &bold("x"),
    );
    check_runs(&simple("mergefield a", ""), json!({"a": "x"}), &r("x"));
    let (begin, separate, end) = (mark("begin"), mark("separate"), mark("end"));
    let split = [" MER", "GEFI", "ELD", "  a"].map(instruction).concat();
    check_runs(
        &format!("{begin}{split}{separate}{end}"),
        json!({"a": "x"}),
        &r("x"),
    );
    check_runs(
        &format!("{begin}{split}{end}{}", r("y")),
        json!({"a": "x"}),
        &(r("x") + &r("y")),
    );
    let two = format!("{}{}{}", merge_field("a"), r(" und "), merge_field("b"));
    check_runs(
        &two,
        json!({"a": "x", "b": "y"}),
        &(r("x") + &r(" und ") + &r("y")),
    );
    check_runs(
        &merge_field("a"),
        json!({"a": "1\n2"}),
        &r("1</w:t><w:br/><w:t xml:space=\"preserve\">2"),
    );
    check_runs(&merge_field("a"), json!({}), &r(""));
    check_runs(
        &merge_field("a"),
        json!({"a": "{{ b }} & <c>"}),
        &r("{{ b }} &amp; &lt;c&gt;"),
    );
}

#[test]
fn a_field_within_one_run_is_cut_out_of_it() {
    let inner = concat!(
        r#"<w:t>von </w:t><w:fldChar w:fldCharType="begin"/><w:instrText> MERGEFIELD a </w:instrText>"#,
        r#"<w:fldChar w:fldCharType="separate"/><w:t>«a»</w:t><w:fldChar w:fldCharType="end"/>"#,
        r#"<w:t> an</w:t>"#,
    );
    let rpr = "<w:rPr><w:b/></w:rPr>";
    check_runs(
        &format!("<w:r>{rpr}{inner}</w:r>"),
        json!({"a": "x"}),
        &format!(
            r#"<w:r>{rpr}<w:t>von </w:t></w:r>{}<w:r>{rpr}<w:t> an</w:t></w:r>"#,
            bold("x")
        ),
    );
    let only = inner
        .replace("<w:t>von </w:t>", "")
        .replace("<w:t> an</w:t>", "");
    check_runs(
        &format!("<w:r>{rpr}{only}</w:r>"),
        json!({"a": "x"}),
        &bold("x"),
    );
}

#[test]
fn names_are_found_however_they_are_written() {
    let data = json!({
        "Straße und Nr.": "Hof 1", "vorname": "Ada", "Ort_Name": "Fürth", "a": {"b": {"c": "tief"}},
        "sagt „ja“": "ja", "DATUM": "morgen", "x\"y": "z",
    });
    let cases = [
        (r#""Straße und Nr.""#, "Hof 1"),
        ("„Straße und Nr.“", "Hof 1"),
        ("“Straße und Nr.”", "Hof 1"),
        ("&quot;Straße und Nr.&quot;", "Hof 1"),
        ("Straße und Nr.", "Hof 1"),
        ("Straße_und_Nr.", "Hof 1"),
        (r"Vorname\* MERGEFORMAT", "Ada"),
        (r"VORNAME \*Upper", "ADA"),
        ("ort name", "Fürth"),
        ("a.b.c", "tief"),
        (r#""sagt „ja“""#, "ja"),
        (r#""x\"y""#, "z"),
        ("Der_Rat", "Der Kreistag"),
        ("dem rat", "dem Kreistag"),
        ("Des Rat", "Des Kreistags"),
        ("RAT", "Kreistag"),
        ("rat.kreistag", "true"),
        ("Rat.Name", "Kreistag"),
        ("DATUM", "morgen"),
        ("Datum", "heute"),
        ("gibt es nicht", ""),
        ("vorname.x", ""),
    ];
    for (name, expected) in cases {
        let complex = in_paragraph(&field(&[&format!(" MERGEFIELD  {name}")], ""));
        check_text(&complex, data.clone(), expected);
        let name = name.replace('"', "&quot;");
        let simple = in_paragraph(&simple(&format!("MERGEFIELD {name} "), &r("«»")));
        check_text(&simple, data.clone(), expected);
    }
}

/// The code for a field with this instruction.
fn code(parts: &[&str]) -> Option<String> {
    let source = document(&in_paragraph(&field(parts, "")));
    let mut scan = Scan::read(&source).unwrap();
    let codes = std::mem::take(&mut scan.codes);
    find::find(codes, &source, &scan).expression(0)
}

#[test]
fn switches_are_filters() {
    let cases = [
        (r"\* Upper", r#"|__case("upper")"#),
        (r"\* LOWER \* MERGEFORMAT", r#"|__case("lower")"#),
        (r"\*firstcap\* Charformat", r#"|__case("firstcap")"#),
        (r"\* MERGEFORMAT \v \m", ""),
        (r#"\b "(" \f ")""#, r#"|__around("(", ")")"#),
        (r#"\f„!“"#, r#"|__around("", "!")"#),
        (r#"\b "sehr \"" "#, r#"|__around("sehr \"", "")"#),
        (r#"\@ "dd.MM.yyyy" "#, r#"|__date("dd.MM.yyyy")"#),
        (
            r##"\* Caps \f - \# "0,00 €""##,
            r#"|__number("0,00 €")|__case("caps")|__around("", "-")"#,
        ),
        (r"\b", ""),
        ("\\", ""),
    ];
    for (switches, expected) in cases {
        let code = code(&[&format!(" MERGEFIELD a {switches}")]);
        assert_eq!(
            code,
            Some(format!("__field(\"a\"){expected}")),
            "{switches}"
        );
    }
    let before = merge_field("b");
    assert_eq!(
        code(&[r#" MERGEFIELD a \b ""#, &before, r#": " "#]).unwrap(),
        r#"__field("a")|__around(__field("b") ~ ": ", "")"#
    );
    assert_eq!(
        code(&["IF ", &before, r#"&lt;&gt;"{{ c }}, " ja"#]).unwrap(),
        r#"("ja" if __compare(__field("b"), "<>", (c) ~ ", ") else "")"#
    );
    assert_eq!(
        code(&["NEXTIF a=1"]).unwrap(),
        r#"(__next() if __compare("a", "=", "1") else "")"#
    );
    assert_eq!(code(&["IF ", &field(&["PAGE"], ""), " = 1 ja"]), None);
}

#[test]
fn values_take_the_format_of_the_instruction_or_of_the_last_result() {
    let rpr = |of: &str| format!("<w:rPr><w:{of}/></w:rPr>");
    let instruction = |switch: &str| {
        let rpr = rpr("i");
        format!("<w:r>{rpr}<w:instrText> MERGEFIELD a {switch}</w:instrText></w:r>")
    };
    let run = |of: &str| {
        let rpr = rpr(of);
        format!(r#"<w:r>{rpr}<w:t xml:space="preserve">x</w:t></w:r>"#)
    };
    let data = json!({"a": "x"});
    check_runs(
        &field(&[&instruction("")], &bold("«a»")),
        data.clone(),
        &run("i"),
    );
    check_runs(
        &field(&[&instruction(r"\* CHARFORMAT")], &bold("«a»")),
        data.clone(),
        &run("i"),
    );
    check_runs(
        &field(&[&instruction(r"\* MERGEFORMAT")], &bold("«a»")),
        data.clone(),
        &run("b"),
    );
    check_runs(
        &field(&[&instruction(r"\* MERGEFORMAT")], ""),
        data,
        &run("i"),
    );
}

#[test]
fn bookmarks_outlive_fields_and_spelling_marks_do_not() {
    let bookmark = r#"<w:bookmarkStart w:id="1" w:name="x"/><w:bookmarkEnd w:id="1"/>"#;
    let result = format!(r#"<w:proofErr w:type="spellStart"/>{bookmark}{}"#, r("«a»"));
    let body = field(&["MERGEFIELD a"], &result);
    check_runs(&body, json!({"a": "x"}), &format!("{bookmark}{}", r("x")));
    let simple = simple("MERGEFIELD a", &result);
    check_runs(&simple, json!({"a": "x"}), &format!("{bookmark}{}", r("x")));
}

#[test]
fn fields_stand_within_other_elements() {
    let data = json!({"a": "x"});
    for (open, close) in [
        (r#"<w:hyperlink w:anchor="y">"#, "</w:hyperlink>"),
        ("<w:smartTag>", "</w:smartTag>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("<w:ins>", "</w:ins>"),
        (
            "<w:r><w:pict><w:txbxContent><w:p>",
            "</w:p></w:txbxContent></w:pict></w:r>",
        ),
    ] {
        let runs = |inner: &str| format!("{open}{inner}{close}");
        check_runs(&runs(&merge_field("a")), data.clone(), &runs(&r("x")));
        check_runs(
            &runs(&simple("MERGEFIELD a", "")),
            data.clone(),
            &runs(&r("x")),
        );
    }
    // the end stands elsewhere than the beginning
    let (begin, end) = (mark("begin"), mark("end"));
    let code = instruction("MERGEFIELD a");
    check_runs(
        &format!("{begin}{code}<w:ins>{end}{}</w:ins>", r("y")),
        data.clone(),
        &format!("{}<w:ins>{}</w:ins>", r("x"), r("y")),
    );
    check_runs(
        &format!(
            "<w:ins>{}{begin}{code}</w:ins><w:ins>{end}{}</w:ins>",
            r("v"),
            r("y")
        ),
        data.clone(),
        &format!("<w:ins>{}{}{}</w:ins>", r("v"), r("x"), r("y")),
    );
    check_runs(
        &format!("{}{begin}{code}</w:p><w:p><w:pPr/>{end}{}", r("v"), r("y")),
        data,
        &format!("{}{}{}", r("v"), r("x"), r("y")),
    );
}

#[test]
fn deleted_fields_are_none() {
    let deleted = field(
        &[r#"<w:r><w:delInstrText> MERGEFIELD a </w:delInstrText></w:r>"#],
        &r("y"),
    );
    let deleted = format!("<w:del>{deleted}</w:del>");
    let runs = format!("{}{deleted}", merge_field("a"));
    check_runs(&runs, json!({"a": "x"}), &(r("x") + &deleted));
    let renamed = field(
        &[
            " MERGEFIELD ",
            "<w:del><w:r><w:delInstrText>b</w:delInstrText></w:r></w:del>",
            &format!("<w:ins>{}</w:ins>", instruction("a")),
        ],
        "",
    );
    check_runs(&renamed, json!({"a": "x", "b": "y"}), &r("x"));
}

#[test]
fn what_a_field_showed_is_no_text() {
    let body = in_paragraph(&field(&["MERGEFIELD a"], &r("{{ b }}")));
    check_text(&body, json!({"a": "x", "b": "y"}), "x");
    // the paragraph with the field is not alone with its block
    let body = format!(
        "{}{}",
        in_paragraph(&format!("{}{}", r("{% if b %}"), merge_field("a"))),
        in_paragraph(&r("{% endif %}y")),
    );
    check_text(&body, json!({"a": "x", "b": true}), "x|y");
    let within = format!("{}{}{}", r("{{ b "), merge_field("a"), r(" }}"));
    let package = crate::merge::document::tests::package(&[(
        "word/document.xml",
        document(&in_paragraph(&within)).as_bytes(),
    )]);
    let rules = crate::merge::Rules::Lenient(crate::merge::Schema::default());
    let faults = crate::merge::Document::compile(package, &rules).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn other_fields_stay_but_for_marks_and_fields_in_them() {
    for kept in [
        field(&[" PAGE "], &r("1")),
        field(
            &[r#" TOC \o "1-3" \h "#],
            &field(&[r" PAGEREF _Toc1 \h "], &r("7")),
        ),
        simple(" DATE ", &r("gestern")),
        field(&[" REF x "], ""),
        field(&[r#" ASK a "Wer?" "#], &r("ich")),
        mark("end"),
        mark("separate"),
        instruction(" MERGEFIELD a "),
    ] {
        check_runs(
            &format!("{kept}{}", r("{{ a }}")),
            json!({"a": "x"}),
            &format!("{kept}{}", r("x")),
        );
    }
    let with = |target: &str, result: &str| {
        field(&[&format!(r#" HYPERLINK "https://x/{target}" "#)], result)
    };
    check_runs(
        &with(
            "{{ nr }}?{% if b %}y{% endif %}",
            &(r("Nr. {{ nr }}") + &merge_field("nr")),
        ),
        json!({"nr": "1\" \\ „2“&", "b": true}),
        &with(
            "1%22%20%5C%20%E2%80%9E2%E2%80%9C&amp;?y",
            &(r("Nr. 1&quot; \\ „2“&amp;") + &r("1&quot; \\ „2“&amp;")),
        ),
    );
    check_runs(
        &simple("HYPERLINK &quot;{{ nr }}&quot;", &r("y")),
        json!({"nr": "\"'\n"}),
        &simple("HYPERLINK &quot;%22&apos;&quot;", &r("y")),
    );
    let quote = |text: &str| field(&[&format!(" QUOTE &quot;{text}&quot; ")], &r("y"));
    check_runs(
        &quote("{{ nr }}"),
        json!({"nr": "1\" \\ „2“\n&"}),
        &quote("1  2 &amp;"),
    );
    let to = |target: &str| field(&[" HYPERLINK \"", target, "\""], &r("y"));
    check_runs(
        &to(&merge_field("a")),
        json!({"a": "https://x/ä b"}),
        &to(&instruction("https://x/ä%20b")),
    );
    let encoded = "https://x/%7B%7B%20nr%20%7D%7D";
    check_runs(&to(encoded), json!({"nr": 1}), &to("https://x/1"));
    let formula = |operand: &str| field(&[" = ", operand, " * 2 "], &r("6"));
    check_runs(
        &formula(&merge_field("a")),
        json!({"a": 3}),
        &formula(&instruction("3")),
    );
    let choice = field(&[" IF ", &merge_field("a"), r#" = 3 "drei" "viele" "#], "");
    check_runs(
        &formula(&choice),
        json!({"a": 3}),
        &formula(&instruction("drei")),
    );
    // what we cannot compute is left to Word
    let page = field(&[" PAGE "], &r("1"));
    let left = |name: &str| field(&[" IF ", &page, r#" = 1 ""#, name, r#"" "" "#], &r("y"));
    check_runs(
        &left(&merge_field("a")),
        json!({"a": "x"}),
        &left(&instruction("x")),
    );
}

/// An IF field that asks whether `a` is 1.
fn choice(branches: &[&str]) -> String {
    let condition = [" IF ", &merge_field("a"), " = 1 "];
    field(&[&condition[..], branches].concat(), &r("alt"))
}

#[test]
fn branches_are_chosen() {
    let yes = json!({"a": 1, "b": 2});
    let no = json!({"a": 2, "b": 2});
    let inner = choice(&[r#""11" "22""#]);
    let other = field(&[" IF ", &merge_field("b"), r#" = 2 "b" "#], "");
    let cases: [(&[&str], &str, &str); 14] = [
        (&[r#""ja" "nein""#], "ja", "nein"),
        (&[r#""ja""#], "ja", ""),
        (&[r#""" "nein""#], "", "nein"),
        (&[r#""ja" """#], "ja", ""),
        (&[r#""" """#], "", ""),
        (&[""], "", ""),
        (&["ja nein"], "ja", "nein"),
        (&["ja"], "ja", ""),
        (
            &["\"", "ja", "\"", " ", "\"", "ne", "in", "\" "],
            "ja",
            "nein",
        ),
        (&["„ja“ “nein”"], "ja", "nein"),
        (&[r#""sagt \"ja\"" "C:\\x""#], r#"sagt "ja""#, r"C:\x"),
        (
            &[
                r#""zwei "#,
                &merge_field("b"),
                r#" und {{ b }}" "#,
                &merge_field("b"),
            ],
            "zwei 2 und 2",
            "2",
        ),
        (&["\"", &inner, "\" \"<", &other, ">\""], "11", "<b>"),
        (&[&inner, " ", &inner], "11", "22"),
    ];
    for (branches, then, otherwise) in cases {
        let branches: Vec<String> = branches
            .iter()
            .map(|b| match b.starts_with("<w:") {
                true => (*b).to_owned(),
                false => b.replace("\"<", "\"&lt;").replace(">\"", "&gt;\""),
            })
            .collect();
        let branches: Vec<&str> = branches.iter().map(String::as_str).collect();
        let body = in_paragraph(&format!("{}{}{}", r("["), choice(&branches), r("]")));
        check_text(&body, yes.clone(), &format!("[{}]", then));
        check_text(&body, no.clone(), &format!("[{}]", otherwise));
    }
}

#[test]
fn branches_keep_their_formats() {
    let part = |of: &str, text: &str| {
        format!("<w:r><w:rPr><w:{of}/></w:rPr><w:instrText>{text}</w:instrText></w:r>")
    };
    let picture = "<w:r><w:drawing/></w:r>";
    let runs = field(
        &[
            " IF ",
            &merge_field("a"),
            &part("i", r#" = 1 "ja, "#),
            &part("b", "sehr"),
            picture,
            &part("i", r#"" "nein" "#),
        ],
        &r("alt"),
    );
    let run = |of: &str, text: &str| {
        format!(r#"<w:r><w:rPr><w:{of}/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#)
    };
    check_runs(
        &runs,
        json!({"a": 1}),
        &format!("{}{}{picture}", run("i", "ja, "), run("b", "sehr")),
    );
    check_runs(&runs, json!({"a": 2}), &run("i", "nein"));
}

#[test]
fn branches_may_be_several_paragraphs() {
    let body = format!(
        "<w:p>{}{}{}{}{}</w:p><w:p>{}</w:p><w:p>{}{}{}</w:p><w:p>{}{}{}</w:p>",
        r("v "),
        mark("begin"),
        instruction(" IF "),
        merge_field("a"),
        instruction(r#" = 1 "eins"#),
        instruction("zwei"),
        instruction(r#"drei" "vier" "#),
        mark("separate"),
        r("eins"),
        r("alt"),
        mark("end"),
        r(" n"),
    );
    check_text(&body, json!({"a": 1}), "v eins|zwei|drei n");
    check_text(&body, json!({"a": 2}), "v vier n");
}

#[test]
fn marks_and_fields_are_blocks_in_each_other() {
    let inside = choice(&[r#""{% if b %}b{% else %}c{% endif %}" "{% if b %}d{% endif %}""#]);
    check_text(&in_paragraph(&inside), json!({"a": 1, "b": true}), "b");
    check_text(&in_paragraph(&inside), json!({"a": 1}), "c");
    check_text(&in_paragraph(&inside), json!({"a": 2, "b": 1}), "d");
    let body = [
        r("{% for x in xs %}"),
        choice(&[r#""{{ x }}""#]),
        merge_field("x"),
        r("{% endfor %}"),
    ];
    check_text(
        &in_paragraph(&body.concat()),
        json!({"a": 1, "xs": [3, 4]}),
        "3344",
    );
    let operand = field(&[r#" IF "{{ rat.name }}" = "kreistag" "ja" "nein" "#], "");
    check_text(&in_paragraph(&operand), json!({}), "ja");
    let simple = simple(
        "IF &quot;{{ b }}&quot; &lt;&gt; 1 &quot;ungleich&quot; gleich",
        "",
    );
    check_text(&in_paragraph(&simple), json!({"b": 2}), "ungleich");
    check_text(&in_paragraph(&simple), json!({"b": 1}), "gleich");
}

#[test]
fn operators_need_no_blanks() {
    for (code, expected) in [
        (r#"="x" "ja" "nein""#, "ja"),
        (r#"&lt;&gt;"x" "ja" "nein""#, "nein"),
        (r#" &lt;= x "ja" "nein""#, "ja"),
        (r#" &gt;= y "ja" "nein""#, "nein"),
        (r#"&lt;y "ja" "nein""#, "ja"),
        (r#" &gt; "" "ja" "nein""#, "ja"),
    ] {
        let body = field(&["IF ", &merge_field("a"), code], "");
        check_text(&in_paragraph(&body), json!({"a": "x"}), expected);
    }
    let body = field(&[r#"IF = "" "leer" "voll""#], "");
    check_text(&in_paragraph(&body), json!({}), "leer");
}

#[test]
fn rows_are_repeated_for_the_records_of_a_list() {
    let one = table(&[
        row(&[&r("Kopf")]),
        row(&[&merge_field("name"), &merge_field("ort"), &merge_field("c")]),
    ]);
    let list = json!({"name": [{"name": "Ada", "ort": "Ulm"}, {"name": "Eva"}], "ort": "Fürth"});
    check_text(&one, list, "Kopf|Ada|Ulm||Eva|Fürth");
    let single = json!({"name": "Ada", "ort": "Ulm", "c": ["x"]});
    check_text(&one, single, "Kopf|Ada|Ulm|['x']");
    check_text(&one, json!({"name": []}), "Kopf");
    // the first field that is a list tells, whatever its place
    let list = json!({"c": [{"c": 1, "name": "Ada"}, {"c": 2}], "name": "nie"});
    check_text(&one, list, "Kopf|Ada||1|nie||2");
    // a field in the condition counts, too
    let chosen = field(
        &[" IF ", &merge_field("name"), r#" = "Ada" "ja" "nein" "#],
        "",
    );
    let list = json!({"name": [{"name": "Ada"}, {"name": "Eva"}]});
    check_text(
        &table(&[row(&[&chosen, &simple("MERGEREC", "")])]),
        list,
        "ja|1|nein|2",
    );
}

#[test]
fn tables_within_rows_have_lists_of_their_own() {
    let inner = table(&[row(&[
        &merge_field("kind"),
        &merge_field("name"),
        &merge_field("ort"),
    ])]);
    let body = table(&[row(&[&merge_field("name"), &inner])]);
    let data = json!({"ort": "Ulm", "name": [
        {"name": "Ada", "kind": [{"kind": "a"}, {"kind": "b", "ort": "Fürth"}]},
        {"name": "Eva", "kind": "c"},
        {"name": "Ida", "kind": []},
    ]});
    check_text(&body, data, "Ada|a|Ada|Ulm|b|Ada|Fürth|Eva|c|Eva|Ulm|Ida");
}

#[test]
fn blocks_of_the_author_go_on_working_with_rows() {
    let rows = |cells: &[&str]| {
        table(&[
            row(&[&r("{%tr for x in xs %}")]),
            row(cells),
            row(&[&r("{%tr endfor %}")]),
        ])
    };
    let body = rows(&[&merge_field("x.n"), &r("{{ loop.index }}")]);
    check_text(&body, json!({"xs": [{"n": "a"}, {"n": "b"}]}), "a|1|b|2");
    let body = rows(&[&merge_field("l"), &r("{{ x }}")]);
    check_text(
        &body,
        json!({"xs": [1, 2], "l": [{"l": 3}, {"l": 4}]}),
        "3|1|4|1|3|2|4|2",
    );
    let set = format!("{}{}", r("{% set y = 1 %}"), merge_field("a"));
    let body = table(&[row(&[&set])]) + &in_paragraph(&r("{{ y }}"));
    check_text(&body, json!({"a": "x"}), "x|1");
    let inside = format!(
        "{}{}{}",
        r("{% if b %}"),
        merge_field("l"),
        r("{% endif %}")
    );
    check_text(
        &table(&[row(&[&inside])]),
        json!({"b": 1, "l": [{"l": 3}, {"l": 4}]}),
        "3|4",
    );
}

#[test]
fn labels_go_through_the_records() {
    let next = field(&[" NEXT "], "");
    let label = |next: &str| {
        format!(
            "{next}{}{}{}",
            merge_field("Ort"),
            r(" "),
            merge_field("Name")
        )
    };
    let body = table(&[
        row(&[&label(""), &label(&next)]),
        row(&[&label(&next), &label(&next)]),
    ]);
    let data = json!({"Name": [
        {"Name": "Ada", "Ort": "Ulm"}, {"Name": "Eva"}, {"Name": "Ida", "ort": "Hof"},
    ]});
    check_text(&body, data, "Ulm Ada| Eva|Hof Ida| ");
    let condition = field(&["NEXTIF ", &merge_field("Name"), " = Ada"], "");
    let body = in_paragraph(&(label("") + &condition + &label("") + &condition + &label("")));
    let data = json!({"Name": [{"Name": "Ada"}, {"Name": "Eva"}, {"Name": "Ida"}], "Ort": 1});
    check_text(&body, data, "1 Ada1 Eva1 Eva");
    let body = in_paragraph(&format!(
        "{}{}{next}{}",
        simple("MERGESEQ", ""),
        merge_field("a"),
        field(&["MERGEREC"], "")
    ));
    check_text(&body, json!({"a": "x"}), "1x2");
    check_runs(&next, json!({}), "");
    let skip = field(&["SKIPIF ", &merge_field("a"), " = 1"], &r("y"));
    check_runs(&(skip + &r("x")), json!({"a": 1}), &r("x"));
}

#[test]
fn what_makes_no_sense_is_left_or_told() {
    let endless = format!("{}{}", mark("begin"), instruction("MERGEFIELD a"));
    let cases = [
        (field(&[" MERGEFIELD "], &r("«x»")), "fehlt der Name"),
        (
            field(&[r" MERGEFIELD \* MERGEFORMAT"], ""),
            "fehlt der Name",
        ),
        (
            field(&[" MERGEFIELD x", &merge_field("datum")], ""),
            "schreiben Sie ihn aus",
        ),
        (
            simple("IF Kommune &quot;x&quot;", &r("y")),
            "fehlt der Vergleich",
        ),
        (field(&["IF Kommune = "], &r("y")), "fehlt der Wert"),
        (endless, "endet nirgends"),
    ];
    for (runs, problem) in cases {
        let runs = r("vor ") + &runs;
        check_fault(&in_paragraph(&runs), "Text, Absatz 1", problem);
        check_fault(&in_paragraph(&runs), "Text, Absatz 1", " – in: „vor");
        let kept = runs.replace(&merge_field("datum"), &instruction("heute"));
        check_runs(
            &(runs + &r("{{ a }}")),
            json!({"a": "x"}),
            &(kept + &r("x")),
        );
    }
    // an endless field does not take the others along
    let runs = format!("{}{}", mark("begin"), merge_field("a"));
    check_runs(&runs, json!({"a": "x"}), &(mark("begin") + &r("x")));
    let box_of = |inner: &str| {
        format!("<w:r><w:pict><w:txbxContent><w:p>{inner}</w:p></w:txbxContent></w:pict></w:r>")
    };
    let runs = field(&["MERGEFIELD a"], "") + &box_of(&mark("begin")) + &merge_field("a");
    check_runs(
        &runs,
        json!({"a": "x"}),
        &(r("x") + &box_of(&mark("begin")) + &r("x")),
    );
    // what is nested deeper than Word nests is left to it
    let endless: String = vec![mark("begin"); 5_000].concat() + &vec![mark("end"); 5_000].concat();
    check_runs(
        &(endless.clone() + &merge_field("a")),
        json!({"a": "x"}),
        &(endless + &r("x")),
    );
    // nor can a branch end within what has begun behind the condition
    let branch = instruction(" \"ja\" \"");
    let torn = |code: &str| {
        let (begin, end) = (mark("begin"), mark("end"));
        format!(
            "{begin}{code}{branch}<w:ins>{}{end}</w:ins>",
            instruction("nein\" ")
        )
    };
    let condition =
        |operand: &str| format!("{}{operand}{}", instruction("IF "), instruction(" = 1"));
    check_runs(
        &torn(&condition(&merge_field("a"))),
        json!({"a": 1}),
        &torn(&condition(&instruction("1"))),
    );
    // two cells cannot be joined
    let cells = |one: &str, other: &str| table(&[row(&[one, other])]);
    let torn = cells(
        &(mark("begin") + &instruction("MERGEFIELD a")),
        &mark("end"),
    );
    check(
        &(torn.clone() + &in_paragraph(&merge_field("a"))),
        json!({"a": "x"}),
        &(torn + &in_paragraph(&r("x"))),
    );
}

#[test]
fn strict_rules_know_the_names() {
    check_fault(
        &in_paragraph(&merge_field("datun")),
        "Text, Absatz 1",
        "„datun“ ist kein bekanntes Feld; meinten Sie „datum“? – in: „«datun»“",
    );
    let choice = field(&["IF ", &merge_field("rat.x"), r#" = 1 "" """#], "");
    check_fault(
        &in_paragraph(&choice),
        "Text, Absatz 1",
        "„rat“ hat kein „x“",
    );
}

/// As Word 365 writes it, with revision ids, spelling marks and a language.
#[test]
fn a_document_of_words_own_comes_out_clean() {
    let body = concat!(
        r#"<w:p w:rsidR="00A1" w:rsidRDefault="00A2"><w:r w:rsidRPr="00A3"><w:t xml:space="preserve">Der </w:t></w:r>"#,
        r#"<w:proofErr w:type="spellStart"/><w:r w:rsidR="00A4"><w:fldChar w:fldCharType="begin"/></w:r>"#,
        r#"<w:r w:rsidR="00A4"><w:instrText xml:space="preserve"> MERGEFIELD Der_Rat \* MERGEFORMAT </w:instrText></w:r>"#,
        r#"<w:r w:rsidR="00A4"><w:fldChar w:fldCharType="separate"/></w:r>"#,
        r#"<w:r w:rsidR="00A4"><w:rPr><w:noProof/></w:rPr><w:t>«</w:t></w:r><w:proofErr w:type="spellEnd"/>"#,
        r#"<w:r w:rsidR="00A4"><w:rPr><w:noProof/></w:rPr><w:t>Der_Rat»</w:t></w:r>"#,
        r#"<w:r w:rsidR="00A4"><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>, </w:t></w:r>"#,
        r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> IF </w:instrText></w:r>"#,
        r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> MERGEFIELD Geschlecht </w:instrText></w:r>"#,
        r#"<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:noProof/></w:rPr><w:instrText>«Geschlecht»</w:instrText></w:r>"#,
        r#"<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:instrText xml:space="preserve"> = "w" "Frau" "Herr" </w:instrText></w:r>"#,
        r#"<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:noProof/></w:rPr><w:t>Herr</w:t></w:r>"#,
        r#"<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#,
    );
    let expected = concat!(
        r#"<w:p w:rsidR="00A1" w:rsidRDefault="00A2"><w:r w:rsidRPr="00A3"><w:t xml:space="preserve">Der </w:t></w:r>"#,
        r#"<w:proofErr w:type="spellStart"/>"#,
        r#"<w:r><w:rPr><w:noProof/></w:rPr><w:t xml:space="preserve">Der Kreistag</w:t></w:r><w:r><w:t>, </w:t></w:r>"#,
        r#"<w:r><w:t xml:space="preserve">Frau</w:t></w:r></w:p>"#,
    );
    check(body, json!({"Geschlecht": "W"}), expected);
}

proptest! {
    #[test]
    fn any_name_is_found(name in "[a-zäÜß 0-9\"\\\\„“{}%#'|()&<>.-]{0,20}[a-z]") {
        let escaped = crate::merge::xml::escape(&name.replace('\\', r"\\").replace('"', r#"\""#)).into_owned();
        let body = in_paragraph(&field(&[&format!("MERGEFIELD \"{escaped}\"")], ""));
        check_text(&body, json!({name: "x"}), "x");
    }

    #[test]
    fn no_value_breaks_out_of_an_instruction(value in any::<String>(), link in any::<bool>()) {
        let kind = if link { "HYPERLINK" } else { "QUOTE" };
        let runs = field(&[&format!("{kind} \""), &merge_field("a"), "{{ a }}\""], "");
        let merged = merge_part("word/document.xml", &document(&in_paragraph(&runs)), json!({"a": value}));
        let start = merged.find(kind).unwrap();
        let shown = text(merged.get(start..).unwrap());
        assert_eq!(shown.matches(['"', '\\']).count(), 2, "{merged}");
    }
}

/// The notes on a body, as an author reads them.
fn notes_on(body: &str) -> Vec<String> {
    let parts = [("word/document.xml", document(body))];
    let parts = parts
        .each_ref()
        .map(|(name, text)| (*name, text.as_bytes()));
    let types = ("[Content_Types].xml", TYPES.as_bytes());
    let template = Document::compile(package(&[types, parts[0]]), &strict()).unwrap();
    let notes = template.notes().iter().map(ToString::to_string);
    notes.filter(|note| note.contains("das Feld")).collect()
}

#[test]
fn what_is_left_of_a_seriendruck_is_noted_once_a_kind() {
    let plain = |kind: &str| in_paragraph(&field(&[&format!(" {kind} ")], &r("«alt»")));
    let ask = "das Feld FILLIN bleibt stehen und stellt seine Frage dem, der den fertigen Antrag \
               aktualisiert oder druckt";
    let remedy = "nehmen Sie stattdessen ein eigenes Feld, etwa {{ thema }} mit [fields.thema] in \
                  template.toml: danach wird schon in der Mail gefragt";
    let fillin = plain(r#"fillin "Thema?""#);
    assert_eq!(
        notes_on(&fillin),
        [format!("Text, Absatz 1: {ask}; {remedy}")]
    );
    let again = in_paragraph(&r("a")) + &fillin + &fillin + &fillin;
    assert_eq!(
        notes_on(&again),
        [format!(
            "Text, Absatz 2: {ask} (ebenso an 2 weiteren Stellen); {remedy}"
        )]
    );
    for (code, told) in [
        (r#"ASK thema "Thema?""#, "das Feld ASK bleibt stehen"),
        (
            "ADDRESSBLOCK \\f x",
            "das Feld ADDRESSBLOCK wird nicht ausgefüllt",
        ),
        (
            "GREETINGLINE \\f x",
            "das Feld GREETINGLINE wird nicht ausgefüllt",
        ),
        ("DATABASE \\d x", "das Feld DATABASE holt seine Tabelle"),
        ("NEXT", "das Feld NEXT hat keine Wirkung"),
        (r#"NEXTIF "a" = "b""#, "das Feld NEXTIF hat keine Wirkung"),
        (r#"SKIPIF "a" = "b""#, "das Feld SKIPIF hat keine Wirkung"),
        (
            "DATE \\@ \"d. MMMM yyyy\"",
            "das Feld DATE zeigt, wann jemand das Dokument öffnet",
        ),
        ("TIME", "das Feld TIME zeigt, wann jemand"),
        (
            "CREATEDATE",
            "das Feld CREATEDATE zeigt einen Tag aus der Geschichte",
        ),
        (
            "SAVEDATE",
            "das Feld SAVEDATE zeigt einen Tag aus der Geschichte",
        ),
        (
            "PRINTDATE",
            "das Feld PRINTDATE zeigt einen Tag aus der Geschichte",
        ),
    ] {
        let [note] = &notes_on(&plain(code))[..] else {
            panic!("{code}")
        };
        assert!(
            note.starts_with(&format!("Text, Absatz 1: {told}")),
            "{note}"
        );
    }
    let simple =
        r#"<w:p><w:fldSimple w:instr=" DATE "><w:r><w:t>1.1.</w:t></w:r></w:fldSimple></w:p>"#;
    assert_eq!(notes_on(simple).len(), 1);
}

#[test]
fn what_is_included_is_noted_only_if_it_was_to_change() {
    let picture = |inside: &str| {
        let code = [" INCLUDEPICTURE \"", inside, "\" \\d "];
        notes_on(&in_paragraph(&field(&code, &r("Bild"))))
    };
    assert_eq!(picture("logo.png"), [""; 0]);
    let filled = [picture(&merge_field("datum")), picture("{{ datum }}.png")];
    for notes in filled {
        let [note] = &notes[..] else {
            panic!("{notes:?}")
        };
        assert!(
            note.contains("das Feld INCLUDEPICTURE zeigt immer"),
            "{note}"
        );
    }
    for silent in [
        "PAGE",
        "NUMPAGES",
        "TOC \\o",
        "REF x",
        "MERGEFIELD datum",
        "MERGEREC",
    ] {
        let body = in_paragraph(&field(&[&format!(" {silent} ")], &r("1")));
        assert_eq!(notes_on(&body), [""; 0], "{silent}");
    }
}
