//! Lists, tests, and how values print.

use super::check;

#[test]
fn lists() {
    check(&[
        ("l|join(', ')", "3, 1, 2"),
        ("people|join(', ', attribute='name')", "Öz, Anna, bernd"),
        ("mixed|join('|')", "1|a|None|true|1.5|[2, 'b']|{'k': 'v'}"),
        ("l|sort", "[1, 2, 3]"),
        ("l|sort(true)", "[3, 2, 1]"),
        ("ls|sort", "['A', 'a', 'b', 'B', 'c']"),
        ("ls|sort(case_sensitive=true)", "['A', 'B', 'a', 'b', 'c']"),
        ("['ä', 'z', 'a', 'Ö']|sort", "['a', 'z', 'ä', 'Ö']"),
        (
            "people|sort(attribute='age,name')|map(attribute='name')|join(',')",
            "Anna,bernd,Öz",
        ),
        (
            "people|sort(false, false, 'name')|map(attribute='name')|join(',')",
            "Anna,bernd,Öz",
        ),
        ("d|dictsort", "[('a', 1), ('b', 2), ('C', 3)]"),
        ("d|dictsort(true)", "[('C', 3), ('a', 1), ('b', 2)]"),
        (
            "d|dictsort(false, 'value', true)",
            "[('C', 3), ('b', 2), ('a', 1)]",
        ),
        ("ls|unique|list", "['b', 'A', 'c']"),
        ("ls|unique(true)|join", "bAcaB"),
        (
            "people|unique(attribute='city')|map(attribute='name')|list",
            "['Öz', 'Anna']",
        ),
        ("l|batch(2)|list", "[[3, 1], [2]]"),
        ("l|batch(2, fill_with='x')|list", "[[3, 1], [2, 'x']]"),
        ("ls|slice(3)|list", "[['b', 'A'], ['c', 'a'], ['B']]"),
        (
            "ls|slice(3, 'x')|list",
            "[['b', 'A'], ['c', 'a'], ['B', 'x']]",
        ),
        (
            "people|groupby('city')|map('first')|list",
            "['Bonn', 'Fürth']",
        ),
        (
            "people|groupby('missing', default='x')|map('first')|list",
            "['x']",
        ),
        ("l|sum", "6"),
        ("l|sum(start=10)", "16"),
        ("people|sum(attribute='age')", "85"),
        ("[[1], [2]]|sum(start=[])", "[1, 2]"),
        (
            "people|map(attribute='missing', default='x')|list",
            "['x', 'x', 'x']",
        ),
        ("ls|map('upper')|join(',')", "B,A,C,A,B"),
        ("ls|map('replace', 'a', 'x')|join(',')", "b,A,c,x,B"),
        ("l|select('odd')|list", "[3, 1]"),
        ("l|reject('in', [1, 2])|list", "[3]"),
        (
            "people|selectattr('age', 'lt', 30)|map(attribute='name')|list",
            "['Anna']",
        ),
        (
            "people|rejectattr('city', 'equalto', 'Bonn')|map(attribute='name')|list",
            "['Öz', 'bernd']",
        ),
        (
            "people|max(attribute='age')",
            "{'name': 'Öz', 'age': 30, 'city': 'Fürth'}",
        ),
        ("ls|min ~ ls|max ~ ls|min(case_sensitive=true)", "AcA"),
        ("l|first ~ l|last ~ l|length ~ l|count", "3233"),
        ("d|length ~ d|list", "3['b', 'a', 'C']"),
        ("d|tojson", "{\"C\": 3, \"a\": 1, \"b\": 2}"),
        ("'ä<'|tojson", "\"\\u00e4\\u003c\""),
        (
            "mixed|tojson",
            "[1, \"a\", null, true, 1.5, [2, \"b\"], {\"k\": \"v\"}]",
        ),
        (
            "{'a': [1]}|tojson(indent=2)",
            "{\n  \"a\": [\n    1\n  ]\n}",
        ),
        ("range(2, 8, 2)|list", "[2, 4, 6]"),
        ("dict(a=1, b=2)", "{'a': 1, 'b': 2}"),
        ("l[1:] + l[::-1]", "[1, 2, 2, 1, 3]"),
        (
            "l[-1] ~ s[-1] ~ s[1:4] ~ s[::-1]",
            "2zellzab rab oof dlrow olleh",
        ),
    ]);
}

#[test]
fn tests() {
    check(&[
        ("n is odd and n is not even", "true"),
        ("n is divisibleby 7", "true"),
        ("n is divisibleby(2)", "false"),
        ("n is number and f is number and t is number", "true"),
        ("n is integer and f is float and t is boolean", "true"),
        ("s is string and n is not string", "true"),
        ("no is none and missing is not none", "true"),
        ("missing is undefined and n is defined", "true"),
        (
            "[s is sequence, l is sequence, d is sequence, n is sequence]",
            "[true, true, true, false]",
        ),
        (
            "[s is iterable, d is mapping, l is mapping]",
            "[true, true, false]",
        ),
        ("['abc' is lower, 'ABC' is upper]", "[true, true]"),
        ("n is sameas n", "true"),
        (
            "n is eq 7 and n is ge 7 and n is lt 8 and n is ne 5",
            "true",
        ),
        ("1 is in l", "true"),
        ("[range is callable, n is callable]", "[true, false]"),
        (
            "['upper' is filter, 'nix' is filter, 'odd' is test]",
            "[true, false, true]",
        ),
        ("[t is true, 1 is true, 0 is false]", "[true, false, false]"),
        ("1 < 2 < 3", "true"),
        ("1 < 3 < 2", "false"),
        ("1 == 1.0 and '1' != 1", "true"),
        (
            "'hello' in s and 3 in l and 'a' in d and 9 not in l",
            "true",
        ),
        ("'ä' < 'z'", "false"),
        ("l == [3, 1, 2] and [1, 2] < [1, 3]", "true"),
    ]);
}

#[test]
fn printing() {
    check(&[
        ("l", "[3, 1, 2]"),
        ("d", "{'b': 2, 'a': 1, 'C': 3}"),
        ("mixed", "[1, 'a', None, true, 1.5, [2, 'b'], {'k': 'v'}]"),
        ("people|first", "{'name': 'Öz', 'age': 30, 'city': 'Fürth'}"),
        ("()", "()"),
        ("(1,)", "(1,)"),
        (
            r#"["it's", 'say "hi"', 'a\\b']"#,
            "[\"it's\", 'say \"hi\"', 'a\\\\b']",
        ),
        ("[1e16, 0.1, 1.0]", "[1e+16, 0.1, 1.0]"),
        ("no", ""),
        ("missing", ""),
        ("[missing, no]", "[Undefined, None]"),
        ("t", "true"),
        ("[t, not t]", "[true, false]"),
        ("'a' ~ 1 ~ 1.5 ~ 1e16 ~ l", "a11.51e+16[3, 1, 2]"),
        ("'a' ~ no ~ missing", "aNone"),
        ("'a' ~ n * 2 ~ 'b'", "a14b"),
        ("'a' ~ -n", "a-7"),
        ("n ~ 'a' if n ~ '' == '7' else 'b'", "7a"),
        ("'a' * 3 ~ [0] * 3", "aaa[0, 0, 0]"),
        ("d.a ~ d['a'] ~ nested.x.y[1].z ~ nested.x.y.0", "11tief1"),
        ("missing|default('x') ~ d.x|default('y')", "xy"),
        (
            "''|default('x', true) ~ 0|default(boolean=true, default_value=5)",
            "x5",
        ),
        ("no|default('x', true)", "x"),
        ("1 if le", ""),
        ("e or 'leer'", "leer"),
        (r#"'a\tb' ~ '\u00e4\x41'"#, "a\tbäA"),
        ("'a' 'b'", "ab"),
    ]);
}
