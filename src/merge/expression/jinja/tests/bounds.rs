//! What is wrong, and what would take too long.

use super::{check_text, render};

#[test]
fn what_is_wrong_is_said() {
    for (source, expected) in [
        (
            "{{ fehlt.x }}",
            "„fehlt“ hat keinen Wert, also auch „fehlt.x“ nicht; prüfen Sie die Schreibweise, oder fragen Sie zuvor: {% if fehlt is defined %}",
        ),
        (
            "{{ people[0].ort.name }}",
            "„people[0].ort“ hat keinen Wert; prüfen Sie die Schreibweise, oder fragen Sie zuvor: {% if people[0].ort is defined %}",
        ),
        (
            "{{ fehlt + 1 }}",
            "„fehlt“ hat keinen Wert; prüfen Sie die Schreibweise, oder fragen Sie zuvor: {% if fehlt is defined %}",
        ),
        (
            "{{ fehlt() }}",
            "„fehlt“ ist keine Funktion; möglich sind range, dict, namespace, cycler, joiner und die Makros dieser Vorlage",
        ),
        (
            "{{ 'a' + 1 }}",
            "„+“ geht nicht mit diesen Werten: ein Text und eine Zahl; Texte fügt „~“ zusammen, aus einem Text macht „|int“ eine Zahl",
        ),
        ("{{ 1 / 0 }}", "„1 / 0“: durch null lässt sich nicht teilen"),
        (
            "{{ 2 ** 500 }}",
            "„2 ** 500“ lässt sich nicht berechnen; das Ergebnis ist zu groß",
        ),
        (
            "{% for x in n %}{% endfor %}",
            "hier wird eine Liste gebraucht, aber da ist eine Zahl",
        ),
        (
            "{% for a, b in [[1]] %}{% endfor %}",
            "es sollen 2 Teile sein, der Wert hat aber 1",
        ),
        ("{{ s.nix() }}", "ein Text kennt kein „nix()“"),
        (
            "{{ s|upper(1) }}",
            "in den Klammern stehen zu viele Angaben",
        ),
        ("{{ s|replace('a') }}", "in den Klammern fehlt eine Angabe"),
        (
            "{{ l|sort(foo=1) }}",
            "eine Angabe namens „foo“ gibt es hier nicht",
        ),
        (
            "{{ l|map('nix')|list }}",
            "„map“ nennt einen Filter, den es nicht gibt",
        ),
        (
            "{{ s|round }}",
            "„round“ braucht eine Zahl; Text macht „|float“ zur Zahl",
        ),
        (
            "{{ s|truncate('a') }}",
            "„a“ ist keine ganze Zahl, und hier wird eine gebraucht",
        ),
        ("{{ '%d' % s }}", "das Format passt nicht zu seinen Werten"),
        (
            "{{ l.append(1) }}",
            "„append“ würde die Liste ändern, und das geht in einer Vorlage nicht; bilden Sie eine neue: {% set liste = liste + [wert] %}",
        ),
        (
            "{{ lipsum() }}",
            "„lipsum“ ist keine Funktion; möglich sind range, dict, namespace, cycler, joiner und die Makros dieser Vorlage",
        ),
        ("{{ l|random }}", "„random“ ist kein bekannter Filter"),
        (
            "{{ n + }}",
            "der Ausdruck ist nicht zu verstehen: er endet zu früh; es fehlt ein Wert",
        ),
        (
            "{{ (n }}",
            "der Ausdruck ist nicht zu verstehen: er endet zu früh; es fehlt „)“",
        ),
        (
            "{{ n 'a' }}",
            "der Ausdruck ist nicht zu verstehen: hinter dem Ausdruck steht noch etwas; fehlt ein „~“, ein Komma oder ein Anführungszeichen?",
        ),
        (
            "a{% set x = %}b{{ n }}",
            "der Ausdruck ist nicht zu verstehen: er endet zu früh",
        ),
        (
            "{% set loop = 1 %}",
            "der Ausdruck ist nicht zu verstehen: „loop“ ist schon vergeben; nehmen Sie einen anderen Namen",
        ),
    ] {
        let around = format!("{expected} – in: „");
        let problem = render(source).unwrap_err();
        assert!(problem.starts_with(&around), "{source}: {problem}");
    }
}

#[test]
fn nothing_grows_without_end() {
    let long = "was die Marke ergäbe, ist zu lang";
    let work =
        "die Vorlage rechnet zu lange oder macht zu viel Text; läuft eine Schleife ohne Ende?";
    let deep = "Makros oder Schleifen rufen sich zu oft selbst auf";
    for (source, expected) in [
        ("{{ 'x' * 10 ** 9 }}", long),
        ("{{ [1] * 10 ** 9 }}", long),
        ("{{ range(10 ** 9) }}", long),
        ("{{ s|center(10 ** 9) }}", long),
        ("{{ s.ljust(10 ** 9) }}", long),
        ("{{ s.zfill(10 ** 9) }}", long),
        ("{{ '\\t'.expandtabs(10 ** 9) }}", long),
        ("{{ ml|indent(10 ** 9) }}", long),
        ("{{ '%1000000000d' % n }}", long),
        ("{{ '{:1000000000}'.format(n) }}", long),
        ("{{ ('{0}' * 10 ** 5).format('x' * 10 ** 5) }}", long),
        ("{{ ('x' * 10 ** 5).replace('x', 'x' * 10 ** 5) }}", long),
        ("{{ ('x' * 10 ** 5).join('x' * 10 ** 5) }}", long),
        ("{{ ['x' * 10 ** 5] * 10 ** 5 }}", long),
        ("{{ (['x' * 10 ** 5] * 10 ** 5) ~ '' }}", long),
        ("{{ (['x' * 10 ** 5] * 10 ** 5)|upper }}", long),
        ("{{ (['x' * 10 ** 5] * 10 ** 5)|tojson }}", long),
        ("{{ ('x ' * 10 ** 6)|wordwrap(1) }}", long),
        ("{{ l|batch(10 ** 9, 'x') }}", work),
        ("{{ l|slice(10 ** 9) }}", work),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", deep),
        ("{% for x in l recursive %}{{ loop(l) }}{% endfor %}", deep),
    ] {
        let problem = render(source).unwrap_err();
        assert!(problem.starts_with(expected), "{source}: {problem}");
    }
    let nested = "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}\
                  {% endfor %}{{ ns.x|length }}{{ (ns.x ~ '')|length }}";
    check_text(nested, "1133");
}
