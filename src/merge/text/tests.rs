//! The language of marks, shown on plain text.

use std::sync::Arc;

use super::super::{Attribute, Schema};
use super::*;
use crate::german::{Genus, Nominal};

fn rules() -> Rules {
    let attributes = ["kreistag", "land", "art"].map(str::to_owned);
    Rules::Strict(Schema {
        nouns: [("rat", &attributes), ("kommune", &attributes)]
            .into_iter()
            .map(|(noun, attributes)| (noun.to_owned(), attributes.clone().into()))
            .collect(),
        fields: ["datum".to_owned(), "anfragende_person".to_owned()].into(),
        ..Schema::default()
    })
}

fn values() -> Values {
    let rat = Nominal {
        name: "Kreistag".into(),
        genus: Genus::Maskulinum,
        kasus: ["Kreistag", "Kreistags", "Kreistag", "Kreistag"].map(str::to_owned),
        inside: None,
    };
    let kommune = Nominal {
        name: "Fürth".into(),
        genus: Genus::Femininum,
        kasus: ["Stadt Fürth"; 4].map(str::to_owned),
        inside: Some("in Fürth".into()),
    };
    let mut values = Values::new();
    let truth = [("kreistag".to_owned(), Attribute::Truth(true))];
    values.noun("rat", rat, truth.into(), Arc::default());
    let land = [("land".to_owned(), Attribute::Text("Bayern".into()))];
    values.noun("kommune", kommune, land.into(), Arc::default());
    values.text("datum", "22. November 2026");
    values.text("anfragende_person", "A <b>&\u{1}\u{7}\u{202e}{{ rat }}");
    values
}

#[track_caller]
fn check(source: &str, expected: &str) {
    let text = Text::compile("text", source, &rules()).unwrap();
    assert_eq!(text.merge(&values()).unwrap(), expected, "{source}");
}

#[track_caller]
fn check_data(source: &str, data: serde_json::Value, expected: &str) {
    let text = Text::compile("text", source, &Rules::Lenient(Schema::default())).unwrap();
    let mut values = values();
    values.json(data.as_object().unwrap());
    assert_eq!(text.merge(&values).unwrap(), expected, "{source}");
}

#[track_caller]
fn check_fault(source: &str, place: &str, expected: &str) {
    let faults = Text::compile("text", source, &rules()).unwrap_err();
    let fault = faults.first().unwrap();
    assert_eq!(fault.place.text, place);
    assert!(
        fault.problem.contains(expected),
        "{source}: {}",
        fault.problem
    );
}

#[test]
fn forms_are_said() {
    check(
        "{{ rat }} {{ Rat }} {{ KOMMUNE }}",
        "Kreistag Kreistag Fürth",
    );
    check(
        "{{ Der Rat }} bittet {{ den Rat }}.",
        "Der Kreistag bittet den Kreistag.",
    );
    check(
        "{{ in kommune }}, {{ In Kommune }}, {{ kommune.in }}",
        "in Fürth, In Fürth, in Fürth",
    );
    check(
        "{{ dem rat|upper }} {{ der kommune ~ '!' }}",
        "DEM KREISTAG die Stadt Fürth!",
    );
    check("{{\u{a0}des\u{202f}rat\u{a0}}}", "des Kreistags");
    check("{% if in kommune == „in Fürth“ %}ja{% endif %}", "ja");
    check(
        "{% for x in [der rat, im rat] %}<{{ x }}>{% endfor %}",
        "<der Kreistag><im Kreistag>",
    );
    check(
        "{{ rat.name }} {{ kommune.Land }} {{ rat['kreistag'] }}",
        "Kreistag Bayern true",
    );
    check("{% set r = rat %}{{ der r }}", "der Kreistag");
}

#[test]
fn conditions_see_nouns_as_names() {
    check(
        "{% if rat == 'Kreistag' %}ja{% else %}nein{% endif %}",
        "ja",
    );
    check(
        "{% if 'Kreis' in rat %}ja{% endif %}{% if rat %}ja{% endif %}",
        "jaja",
    );
    check("{% if rat.kreistag and not false %}ja{% endif %}", "ja");
}

#[test]
fn conditions_see_nouns_as_names_in_foreign_files_too() {
    use serde_json::json;
    let check = |source: &str, data: serde_json::Value, expected: &str| {
        let mut values = values();
        values.json(data.as_object().unwrap());
        let text = Text::compile("text", source, &Rules::Lenient(values.schema())).unwrap();
        assert_eq!(text.merge(&values).unwrap(), expected, "{source}");
    };
    let source = "{{ 'x' if rat == 'Kreistag' }}{{ 'y' if Rat in ['Kreistag', 'Y'] }}";
    check(source, json!({}), "xy");
    check(source, json!({"Rat": "Y"}), "xy");
    check(source, json!({"rat": {"name": "Kreistag"}}), "y");
    check(
        "{% for rat in ['Kreistag', 'B'] %}{{ rat == 'Kreistag' }} {% endfor %}",
        json!({}),
        "true false ",
    );
    check(
        "{{ [rat, 'B'] }}{{ rat ~ '!' }}",
        json!({}),
        "['Kreistag', 'B']Kreistag!",
    );
}

#[test]
fn values_are_text() {
    check("{{ anfragende_person }}", "A <b>&{{ rat }}");
    check(
        "{{ anfragende_person|safe }}|{{ anfragende_person|e }}",
        "A <b>&{{ rat }}|A <b>&{{ rat }}",
    );
    check(
        "{% set x %}<{{ datum }}>{% endset %}{{ x }}",
        "<22. November 2026>",
    );
    check(
        "100 % {a} }} #} {_{ datum }_} {_% x %_}",
        "100 % {a} }} #} {{ datum }} {% x %}",
    );
    check("{# weg #}a{# {{ b }} #}", "a");
}

#[test]
fn lines_of_blocks_disappear() {
    check("a\n{% if rat.kreistag %}\nb\n{% endif %}\nc\n", "a\nb\nc\n");
    check(
        "a\n  {% if false %}{# nie #}\nb\n{% endif %}{% if true %}\nc\n{% endif %}",
        "a\nc\n",
    );
    check("a {% if true %}\nb{% endif %}\n", "a \nb\n");
    check("a\n{{ datum }}\n", "a\n22. November 2026\n");
    check("a  {%- if true -%}  b {%- endif %}", "ab");
}

#[test]
fn data_wins_and_missing_names_are_empty() {
    use serde_json::json;
    check_data("{{ rat }} {{ Rat }}", json!({"Rat": "X"}), "Kreistag X");
    check_data(
        "<{{ fehlt }}>{% for x in fehlt %}{{ x }}{% endfor %}",
        json!({}),
        "<>",
    );
    check_data(
        "{{ a.b[1] }} {{ größe }}",
        json!({"a": {"b": [1, 2.5]}, "größe": true}),
        "2.5 true",
    );
    check_data(
        "{% for k, v in a|items %}{{ k }}{{ v }}{% endfor %}",
        json!({"a": {"z": 1, "a": 2}}),
        "z1a2",
    );
    let text = Text::compile("text", "{{ fehlt.b }}", &Rules::Lenient(Schema::default())).unwrap();
    let error = text.merge(&values()).unwrap_err();
    assert_eq!(error.place.text, "text, Zeile 1");
}

#[test]
fn faults_name_place_and_neighbour() {
    check_fault(
        "x\nHallo {{ Ratt }} da",
        "text, Zeile 2",
        "„Ratt“ ist kein bekanntes Feld; meinten Sie „rat“? – in: „x Hallo {{ Ratt }} da“",
    );
    check_fault(
        "{{ rat.kreistagg }}",
        "text, Zeile 1",
        "„rat“ hat kein „kreistagg“; meinten Sie „kreistag“?",
    );
    check_fault(
        "{{ dre rat }}",
        "text, Zeile 1",
        "„dre“ ist keine Form; meinten Sie „der“?",
    );
    check_fault(
        "{{ der datum }}",
        "text, Zeile 1",
        "„datum“ ist ein Text und kennt keine Form „der“",
    );
    check_fault(
        "{{ kommune.land.x }}",
        "text, Zeile 1",
        "keine weiteren Teile",
    );
    check_fault(
        "{{ datum|gross }}",
        "text, Zeile 1",
        "„gross“ ist kein bekannter Filter",
    );
    check_fault(
        "{% if datum is schön %}{% endif %}",
        "text, Zeile 1",
        "„schön“ ist kein bekannter Test",
    );
    check_fault("{{ datum", "text, Zeile 1", "nicht geschlossen");
    check_fault("{{ „datum }}", "text, Zeile 1", "Anführungszeichen");
    check_fault("{{ }}", "text, Zeile 1", "nichts");
    check_fault("{{ datum + }}", "text, Zeile 1", "nicht zu verstehen");
    check_fault("a\n{% if rat %}", "text, Zeile 2", "es fehlt {% endif %}");
    check_fault("{% endif %}", "text, Zeile 1", "schließt nichts");
    check_fault(
        "{% if rat %}{% endfor %}",
        "text, Zeile 1",
        "müsste „endif“ stehen",
    );
    check_fault("{% iff rat %}", "text, Zeile 1", "meinten Sie „if“?");
    check_fault(
        "{% include 'x' %}",
        "text, Zeile 1",
        "„include“ holt etwas aus einer anderen Datei",
    );
    check_fault("a\n{% raw %}", "text, Zeile 2", "nicht geschlossen");
    check_fault("{% endraw %}", "text, Zeile 1", "davor steht kein „raw“");
    check_fault("{% vm %}", "text, Zeile 1", "gilt einer Tabellenzelle");
    check_fault(
        "{% for x in y %}{{ z }}{% endfor %}",
        "text, Zeile 1",
        "„y“",
    );
    check_fault(
        "{% for x in [1] %}{% endfor %}{{ x }}",
        "text, Zeile 1",
        "„x“ ist kein bekanntes Feld",
    );
    check_fault("{{ debug() }}", "text, Zeile 1", "„debug“");
}

#[test]
fn endless_work_ends() {
    let source =
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}";
    let error = Text::compile("text", source, &Rules::Lenient(Schema::default()))
        .unwrap()
        .merge(&values())
        .unwrap_err();
    assert!(error.problem.contains("zu lange"), "{error}");
    let deep = "{% if rat %}".repeat(200);
    check_fault(&deep, "text, Zeile 1", "zu tief");
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(500), ")".repeat(500));
    check_fault(&deep, "text, Zeile 1", "nicht zu verstehen");
}

#[test]
fn fields_are_called_by_the_names_word_has_for_them() {
    check("{{ __field(\"Der_Rat\")|upper }}", "DER KREISTAG");
    check("{{ __field('anfragende_person')|length }}", "17");
    check("{{ __field(\"kommune.land\") }}", "Bayern");
    check_fault(
        "{{ __field(\"Der_Ratt\") }}",
        "text, Zeile 1",
        "„Der_Ratt“ ist kein bekanntes Feld; meinten Sie „der rat“?",
    );
    let data = serde_json::json!({"Straße Nr.": "A 1"});
    check_data("{{ __field(\"Straße Nr.\") }}", data, "A 1");
}
