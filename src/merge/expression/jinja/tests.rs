//! What Python's Jinja 3.1 gives for these marks, but for truth values, which print as
//! `true` and `false`, and for nothing, which prints nothing.

mod blocks;
mod bounds;
mod lists;

use crate::merge::{Rules, Schema, Text, Values};

fn render(source: &str) -> Result<String, String> {
    let data = serde_json::json!({
        "a": "straße Ärger öl", "s": "hello world foo bar baz", "n": 7, "f": 3.1459,
        "l": [3, 1, 2], "ls": ["b", "A", "c", "a", "B"], "le": [], "no": null, "t": true,
        "d": {"b": 2, "a": 1, "C": 3},
        "people": [
            {"name": "Öz", "age": 30, "city": "Fürth"},
            {"name": "Anna", "age": 25, "city": "Bonn"},
            {"name": "bernd", "age": 30, "city": "Fürth"},
        ],
        "nested": {"x": {"y": [1, {"z": "tief"}]}},
        "mixed": [1, "a", null, true, 1.5, [2, "b"], {"k": "v"}],
        "html": "<p>Hallo &amp; <b>Welt</b></p>", "ml": "eins\nzwei\n\ndrei",
        "ws": "  viel   Platz \t ",
    });
    let mut values = Values::new();
    values.json(data.as_object().unwrap());
    let rules = Rules::Lenient(Schema::default());
    let text = Text::compile("Text", source, &rules).map_err(|faults| faults[0].problem.clone())?;
    text.merge(&values).map_err(|error| error.problem)
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (code, expected) in rows {
        check_text(&format!("{{{{ {code} }}}}"), expected);
    }
}

#[track_caller]
fn check_text(source: &str, expected: &str) {
    assert_eq!(render(source).as_deref(), Ok(expected), "{source}");
}

#[test]
fn texts() {
    check(&[
        ("a|upper", "STRASSE ÄRGER ÖL"),
        ("a|lower", "straße ärger öl"),
        ("a|title", "Straße Ärger Öl"),
        ("a|capitalize", "Straße ärger öl"),
        ("'ß'|upper", "SS"),
        (
            r#""don't stop o'neil (paren) x-y"|title"#,
            "Don't Stop O'neil (Paren) X-Y",
        ),
        ("'2nd ÄRGER'|capitalize", "2nd ärger"),
        ("s|center(30)", "   hello world foo bar baz    "),
        ("'ab'|center(5) ~ '|'", "  ab |"),
        ("'ab'|center(width=6) ~ '|'", "  ab  |"),
        ("s|truncate(11)", "hello..."),
        ("s|truncate(11, true)", "hello wo..."),
        ("s|truncate(11, true, '')", "hello world"),
        ("s|truncate(11, killwords=true, end='…')", "hello worl…"),
        ("s|truncate(length=11, end='##', leeway=0)", "hello##"),
        ("s|truncate(20)", "hello world foo bar baz"),
        ("'ÄÖÜßäöü'|truncate(4, true, '…', 0)", "ÄÖÜ…"),
        ("s|wordcount", "5"),
        ("'a-b c_d e.f 1,5'|wordcount", "7"),
        ("s|replace('o', '0')", "hell0 w0rld f00 bar baz"),
        ("s|replace('o', '0', 1)", "hell0 world foo bar baz"),
        ("s|replace(old='o', new='0')", "hell0 w0rld f00 bar baz"),
        ("f|replace('.', ',')", "3,1459"),
        ("'[' ~ ws|trim ~ ']'", "[viel   Platz]"),
        ("'xyaxy'|trim('xy')", "a"),
        ("'xyaxy'|trim(chars='xy')", "a"),
        ("html|striptags", "Hallo & Welt"),
        ("'&lt;b&gt; &auml; &#228;'|striptags", "<b> ä ä"),
        ("ml|indent(2)", "eins\n  zwei\n\n  drei"),
        ("ml|indent(2, true, true)", "  eins\n  zwei\n  \n  drei"),
        ("ml|indent('> ')", "eins\n> zwei\n\n> drei"),
        (
            "'Der Beirat bittet den Rat um Bericht'|wordwrap(12)",
            "Der Beirat\nbittet den\nRat um\nBericht",
        ),
        (
            "'Der Beirat bittet den Rat um Bericht'|wordwrap(12, wrapstring=' / ')",
            "Der Beirat / bittet den / Rat um / Bericht",
        ),
        (
            "'Sonder-Ausschuss-Sitzung am Montag'|wordwrap(10)",
            "Sonder-\nAusschuss-\nSitzung am\nMontag",
        ),
        (
            "'supercalifragilistic'|wordwrap(8)",
            "supercal\nifragili\nstic",
        ),
        (
            "'supercalifragilistic x'|wordwrap(8, false)",
            "supercalifragilistic\nx",
        ),
        ("'a b/ü&?'|urlencode", "a%20b/%C3%BC%26%3F"),
        ("{'a': 'b c', 'ü': 1}|urlencode", "a=b+c&%C3%BC=1"),
        (
            r#"{'class': 'x', 'id': n, 'no': no, 'c': '<&">'}|xmlattr"#,
            " class=\"x\" id=\"7\" c=\"&lt;&amp;&#34;&gt;\"",
        ),
        ("s|reverse", "zab rab oof dlrow olleh"),
        ("s|first ~ s|last", "hz"),
        ("s|list|length", "23"),
        ("html|e", "<p>Hallo &amp; <b>Welt</b></p>"),
    ]);
}

#[test]
fn methods() {
    check(&[
        ("a.upper()", "STRASSE ÄRGER ÖL"),
        ("a.swapcase()", "STRASSE äRGER ÖL"),
        ("'x'.join(['a', 'b'])", "axb"),
        ("s.split()", "['hello', 'world', 'foo', 'bar', 'baz']"),
        ("s.split(' ', 1)", "['hello', 'world foo bar baz']"),
        ("s.rsplit(' ', 1)", "['hello world foo bar', 'baz']"),
        ("ml.splitlines()", "['eins', 'zwei', '', 'drei']"),
        ("s.replace('o', '0', 1)", "hell0 world foo bar baz"),
        ("s.startswith('hello') and s.endswith('baz')", "true"),
        ("s.find('o') ~ s.rfind('o') ~ s.find('xyz')", "414-1"),
        ("s.index('o')", "4"),
        ("s.count('o')", "4"),
        ("'a'.center(5, '*')", "**a**"),
        ("'a'.ljust(3, '.') ~ 'a'.rjust(3, '.')", "a....a"),
        ("'-7'.zfill(4)", "-007"),
        ("'a,b,c'.partition(',')", "('a', ',', 'b,c')"),
        ("'a,b,c'.rpartition(',')", "('a,b', ',', 'c')"),
        ("'prefix-x'.removeprefix('prefix-')", "x"),
        ("'x-suffix'.removesuffix('-suffix')", "x"),
        ("'Straße'.casefold()", "strasse"),
        ("'abc'.isalpha() and '123'.isdigit()", "true"),
        ("'Abc Def'.istitle()", "true"),
        ("d.get('a') ~ d.get('x', 'y') ~ d.get('z')", "1yNone"),
        ("d.keys()|list", "['b', 'a', 'C']"),
        ("d.values()|sum", "6"),
        ("d.items()|list", "[('b', 2), ('a', 1), ('C', 3)]"),
        ("l.index(2)", "2"),
        ("l.count(1)", "1"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("2.5|round", "2.0"),
        ("3.5|round", "4.0"),
        ("2.675|round(2)", "2.67"),
        ("1250|round(-2)", "1200"),
        ("f|round(precision=3)", "3.146"),
        ("f|round(1, 'ceil')", "3.2"),
        ("n|round(1, 'floor')", "7.0"),
        ("n|round(2)", "7"),
        ("'42'|int", "42"),
        ("' 4_2 '|int", "42"),
        ("'4,5'|int", "0"),
        ("'4x'|int(5)", "5"),
        ("'4x'|int(default=3)", "3"),
        ("'0x1f'|int(16)", "16"),
        ("'11'|int(0, base=2)", "3"),
        ("-3.7|int", "-3"),
        ("l|int", "0"),
        ("'4.25'|float", "4.25"),
        ("'x'|float(1.5)", "1.5"),
        ("n|float", "7.0"),
        ("-7|abs", "7"),
        ("1|filesizeformat", "1 Byte"),
        ("1500000|filesizeformat", "1.5 MB"),
        ("1000000|filesizeformat(true)", "976.6 KiB"),
        ("999.9|filesizeformat", "999 Bytes"),
        ("7 // 2 ~ ' ' ~ -7 // 2 ~ ' ' ~ 7 // -2", "3 -4 -4"),
        ("7 % 3 ~ ' ' ~ -7 % 3 ~ ' ' ~ 7 % -3", "1 2 -2"),
        ("-7.5 // 2", "-4.0"),
        ("7 / 2", "3.5"),
        ("6 / 2", "3.0"),
        ("2 ** 10", "1024"),
        ("2 ** -1", "0.5"),
        ("-2 ** 2", "4"),
        ("2 ** 100", "1267650600228229401496703205376"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("1 / 3", "0.3333333333333333"),
        ("1.0", "1.0"),
        ("1e16", "1e+16"),
        ("1e-5", "1e-05"),
        ("1e15", "1000000000000000.0"),
        ("123456789012345678.0", "1.2345678901234568e+17"),
        ("12345678901234567890", "12345678901234567890"),
        ("+n", "7"),
        ("t + 1", "2"),
    ]);
}

#[test]
fn formats() {
    check(&[
        ("'%s ist %d'|format('a', 5)", "a ist 5"),
        ("'%05.2f'|format(f)", "03.15"),
        ("'%d'|format(3.9)", "3"),
        ("'%(x)s'|format(x='y')", "y"),
        (
            "'12345678 %% 12345678 %s'|format('a')",
            "12345678 % 12345678 a",
        ),
        (
            "'{{12345678}} {}'.format(5) ~ '{}12345678'.format(5)",
            "{12345678} 5512345678",
        ),
        ("'%r'|format('a')", "'a'"),
        ("'%.2f €' % f", "3.15 €"),
        ("'%s-%s' % ('a', l[0])", "a-3"),
        ("'%d %%' % n", "7 %"),
        ("'%(b)s' % d", "2"),
        ("'%s' % a|upper ~ '!'", "STRASSE ÄRGER ÖL!"),
        ("'{} und {}'.format(1, 'b')", "1 und b"),
        ("'{0} {1} {0}'.format('a', 'b')", "a b a"),
        ("'{x:>5}|'.format(x=5)", "    5|"),
        ("'{:,.2f}'.format(1234567.891)", "1,234,567.89"),
        ("'{:05d}'.format(42)", "00042"),
        ("'{:.1%} {}'.format(0.256, n)", "25.6% 7"),
        ("'{:x} {:+d}'.format(255, 5)", "ff +5"),
    ]);
}
