//! Loops, assignments, macros.

use super::check_text;

#[test]
fn loops() {
    for (source, expected) in [
        (
            "{% for x in l %}{{ x }}{{ ', ' if not loop.last }}{% endfor %}",
            "3, 1, 2",
        ),
        (
            "{% for x in l if x > 1 %}{{ loop.index }}{{ x }}{% endfor %}",
            "1322",
        ),
        ("{% for x in le %}a{% else %}leer{% endfor %}", "leer"),
        ("{% for x in missing %}a{% else %}leer{% endfor %}", "leer"),
        (
            "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
            "b=2;a=1;C=3;",
        ),
        (
            "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
            "123",
        ),
        (
            "{% for x in l %}{{ loop.cycle('a', 'b') }}{{ loop.revindex }}{% endfor %}",
            "a3b2a1",
        ),
        (
            "{% for x in l %}{{ loop.previtem }}-{{ loop.nextitem }} {% endfor %}",
            "-1 3-2 1- ",
        ),
        (
            "{% for x in [1, 1, 2] %}{{ loop.changed(x) }} {% endfor %}",
            "true false true ",
        ),
        (
            "{% for x in l %}{{ loop.depth }}{% for y in le %}{% endfor %}{% endfor %}",
            "111",
        ),
        (
            "{% for x in [{'n': 1, 'c': [{'n': 2}]}] recursive %}{{ x.n }}{{ loop.depth }}{% if x.c %}({{ loop(x.c) }}){% endif %}{% endfor %}",
            "11(22)",
        ),
        (
            "{% for g in people|groupby('city') %}{{ g.grouper }}:{% for p in g.list %} {{ p.name }}{% endfor %};{% endfor %}",
            "Bonn: Anna;Fürth: Öz bernd;",
        ),
        (
            "{% for row in ls|batch(2, '-') %}{{ row|join }}|{% endfor %}",
            "bA|ca|B-|",
        ),
    ] {
        check_text(source, expected);
    }
}

#[test]
fn assignments_and_macros() {
    for (source, expected) in [
        ("{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12"),
        (
            "{% set x = 1 %}{% for y in l %}{% set x = x + y %}{% endfor %}{{ x }}",
            "1",
        ),
        (
            "{% set ns = namespace(c=0) %}{% for x in l %}{% set ns.c = ns.c + x %}{% endfor %}{{ ns.c }}",
            "6",
        ),
        ("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}", "3"),
        (
            "{% macro m(a, b='y') %}{{ a }}-{{ b }}{% endmacro %}{{ m('x') }} {{ m(b=1, a=2) }}",
            "x-y 2-1",
        ),
        (
            "{% macro m(a) %}<{{ caller(a) }}>{% endmacro %}{% call(y) m(1) %}in {{ y }}{% endcall %}",
            "<in 1>",
        ),
        (
            "{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
            "3210",
        ),
        (
            "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.next() }}",
            "abaa",
        ),
        (
            "{% set j = joiner('; ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}",
            "3; 1; 2",
        ),
    ] {
        check_text(source, expected);
    }
}

#[test]
fn what_a_block_captures_is_text() {
    for (source, expected) in [
        (
            "{% set x %}a „{{ n }}\" \\n{% endset %}{{ x }}{{ x|length }}",
            "a „7\" \\n8",
        ),
        (
            "{% set x | upper %}straße {{ n }}{% endset %}{{ x }}",
            "STRASSE 7",
        ),
        (
            "{% filter upper %}a {% if t %}b{% endif %} {{ s[:2] }}{% endfilter %}",
            "A B HE",
        ),
        (
            "{% filter replace('a', 'o') %}banane{% endfilter %}",
            "bonone",
        ),
        (
            "{% macro m() %}ab{{ n }}{% endmacro %}{{ m()|upper ~ m()|length }}",
            "AB73",
        ),
        (
            "{% macro m() %}{{ caller()|reverse }}{% endmacro %}{% call m() %}abc{% endcall %}",
            "cba",
        ),
        ("{% set x %}{{ '{{' }} n }}{% endset %}{{ x }}", "{{ n }}"),
    ] {
        check_text(source, expected);
    }
}
