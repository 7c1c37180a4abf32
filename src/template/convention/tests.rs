//! What comes out of a motion's text. Doubts stand in ⟦…⟧, a paragraph that goes is ∅.

use super::{Found, findings};
use crate::kommune::Register;

/// The text as it is once imported; paragraphs are parted by an empty line.
fn imported(text: &str) -> String {
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let mut texts: Vec<String> = paragraphs.iter().map(|text| (*text).to_owned()).collect();
    let findings = findings(&paragraphs, Register::built_in());
    for finding in findings.into_iter().rev() {
        let text = &mut texts[finding.paragraph];
        let plain = text.get(finding.span.clone()).unwrap().to_owned();
        match finding.found {
            Found::Mark(mark) => text.replace_range(finding.span, &mark),
            Found::Note => *text = "∅".to_owned(),
            Found::Doubt(..) => text.replace_range(finding.span, &format!("⟦{plain}⟧")),
        }
    }
    texts.join("\n\n")
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, imported(text)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(text, expected, found)| format!("{text}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_seed() {
    check(&[
        (
            "Der Ausländerbeirat/Integrationsbeirat* bittet den Stadtrat/Kreistag zu beschließen:",
            "{{ Der Beirat }} bittet {{ den Rat }} zu beschließen:",
        ),
        (
            "Der Stadtrat/Kreistag begrüßt und unterstützt die Zielsetzung des Nationalen \
             Integrationsplan und setzt sich für die Übertragung auf die Stadt/ den Landkreis XXX** ein.",
            "{{ Der Rat }} begrüßt und unterstützt die Zielsetzung des Nationalen \
             Integrationsplan und setzt sich für die Übertragung auf {{ den kommune }} ein.",
        ),
        (
            "1. Dem Stadtrat/Kreistag* zu berichten",
            "1. {{ Dem Rat }} zu berichten",
        ),
        (
            "bereits in XXX** umgesetzt werden.",
            "bereits {{ in kommune }} umgesetzt werden.",
        ),
        (
            "die Situation in XXX** übertragen",
            "die Situation {{ in kommune }} übertragen",
        ),
        (
            "(Koordination) in XXX** geschaffen",
            "(Koordination) {{ in kommune }} geschaffen",
        ),
        ("* nicht zutreffendes Streichen", "∅"),
        ("** Name der Kommune einsetzen", "∅"),
        (
            "ihrem Mitgliedsbereich/ihren Mitgliedsverbänden,",
            "ihrem Mitgliedsbereich/ihren Mitgliedsverbänden,",
        ),
    ]);
}

#[test]
fn cases_follow_from_articles_and_genders() {
    check(&[
        (
            "der Stadt/dem Landkreis XXX zu helfen",
            "{{ dem kommune }} zu helfen",
        ),
        (
            "die Verwaltung der Stadt/des Landkreises XXX",
            "die Verwaltung {{ des kommune }}",
        ),
        (
            "die Haltung des Stadtrats/Kreistags",
            "die Haltung {{ des Rat }}",
        ),
        (
            "die Haltung des Stadtrates / des Kreistages",
            "die Haltung {{ des Rat }}",
        ),
        (
            "des Ausländerbeirats/Integrationsbeirats*",
            "{{ des Beirat }}",
        ),
        ("im Landkreis/in der Stadt XXX", "{{ im kommune }}"),
        (
            "in der Stadt/im Landkreis XXX leben",
            "{{ im kommune }} leben",
        ),
        (
            "In der Stadt/im Landkreis XXX leben",
            "{{ Im kommune }} leben",
        ),
        ("in der Stadt XXX", "{{ im kommune }}"),
        ("in die Stadt/den Landkreis XXX", "in {{ den kommune }}"),
        (
            "zum/zur Stadtrat/Stadtverordnetenversammlung",
            "{{ zum Rat }}",
        ),
        (
            "vom Kreistag/von der Stadtverordnetenversammlung",
            "{{ vom Rat }}",
        ),
        ("von der Stadt/vom Landkreis XXX", "{{ vom kommune }}"),
        ("beim Kreistag/bei der Gemeindevertretung", "{{ beim Rat }}"),
        ("am Kreistag/an der Gemeindevertretung", "an {{ dem Rat }}"),
        ("für die Stadt/den Landkreis XXX", "für {{ den kommune }}"),
        ("aus der Stadt XXX", "aus {{ dem kommune }}"),
        (
            "Die Stadt/Der Landkreis XXX wird gebeten",
            "{{ Der kommune }} wird gebeten",
        ),
        (
            "Die Stadt XXX wird gebeten",
            "{{ Der kommune }} wird gebeten",
        ),
        ("dass die Stadt XXX prüft", "dass {{ der kommune }} prüft"),
        (
            "Wir bitten die Stadt XXX zu prüfen",
            "Wir bitten {{ den kommune }} zu prüfen",
        ),
        ("der Beirat der Stadt XXX", "der Beirat {{ des kommune }}"),
        (
            "Gestern hat sehr die Stadt XXX",
            "Gestern hat sehr ⟦die Stadt XXX⟧",
        ),
        ("Antrag an Stadtrat/Kreistag", "Antrag an {{ Rat }}"),
        ("Stadt/Landkreis XXX", "{{ kommune }}"),
        ("Stadt XXX", "{{ kommune }}"),
        (
            "der/die Stadtrat/Stadtverordnetenversammlung tagt",
            "{{ der Rat }} tagt",
        ),
        (
            "das Abgeordnetenhaus/den Stadtrat bitten",
            "{{ den Rat }} bitten",
        ),
        (
            "Die Stadtverordnetenversammlung/Der Stadtrat tagt",
            "{{ Der Rat }} tagt",
        ),
        (
            "Ein Stadtrat/Kreistag entscheidet",
            "⟦Ein Stadtrat/Kreistag⟧ entscheidet",
        ),
        ("dem Stadtrat/der Kreistag", "⟦dem Stadtrat/der Kreistag⟧"),
        ("durch den Stadtrat/Kreistag", "durch {{ den Rat }}"),
        ("seitens des Stadtrats/Kreistags", "seitens {{ des Rat }}"),
    ]);
}

#[test]
fn alternatives_are_written_in_many_ways() {
    check(&[
        (
            "Der Stadtrat/Gemeinderat/Kreistag beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der Stadtrat / Gemeinderat / Kreistag beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der Stadtrat bzw. Kreistag beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der Stadtrat bzw. der Kreistag beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "den Stadtrat oder den Kreistag bitten",
            "{{ den Rat }} bitten",
        ),
        (
            "Der Stadtrat*/Kreistag* beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der (Stadtrat/Kreistag) beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der [Stadtrat/Kreistag] beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der <Stadtrat/Kreistag> beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "[Der Stadtrat/Der Kreistag] beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der Stadt-/Gemeinderat beschließt",
            "{{ Der Rat }} beschließt",
        ),
        (
            "Der Ausländer-/Integrationsbeirat bittet",
            "{{ Der Beirat }} bittet",
        ),
        (
            "Der Ausländer- bzw. Integrationsbeirat bittet",
            "{{ Der Beirat }} bittet",
        ),
        (
            "Der Ausländer*innenbeirat/Integrationsrat bittet",
            "{{ Der Beirat }} bittet",
        ),
        (
            "Der Migrationsbeirat/Zuwanderungsbeirat bittet",
            "{{ Der Beirat }} bittet",
        ),
        (
            "Der Beirat für Migration und Integration/Ausländerbeirat bittet",
            "{{ Der Beirat }} bittet",
        ),
        (
            "Der Aus\u{ad}länder\u{ad}beirat/Integrations\u{ad}beirat* bittet",
            "{{ Der Beirat }} bittet",
        ),
        (
            "Der\u{a0}Stadtrat\u{202f}/\u{a0}Kreistag* bittet",
            "{{ Der Rat }} bittet",
        ),
        (
            "Der Stadtrat\u{2044}Kreistag bittet",
            "{{ Der Rat }} bittet",
        ),
        ("Der Stadtrat|Kreistag bittet", "{{ Der Rat }} bittet"),
        (
            "Der Kreis\u{2011}Integrationsbeirat/Ausländerbeirat bittet",
            "{{ Der Beirat }} bittet",
        ),
        ("Der Stadtrat/Kreistag*) bittet", "{{ Der Rat }} bittet"),
        (
            "Der Stadtrat/Kreistag¹ bittet\n\n¹ Nicht Zutreffendes bitte streichen.",
            "{{ Der Rat }} bittet\n\n∅",
        ),
        (
            "Der Stadtrat/Kreistag bittet\n\n*) Unzutreffendes bitte streichen!",
            "{{ Der Rat }} bittet\n\n∅",
        ),
        (
            "Der Stadtrat/Kreistag (nicht Zutreffendes bitte streichen) tagt",
            "{{ Der Rat }} tagt",
        ),
        (
            "Der Stadtrat* tagt\n\n* nicht Zutreffendes streichen",
            "{{ Der Rat }} tagt\n\n∅",
        ),
        (
            "Der Stadtrat/Kreistag* tagt\n\n* Der Rat hat 40 Sitze.",
            "{{ Der Rat }}* tagt\n\n* ⟦Der Rat⟧ hat 40 Sitze.",
        ),
        (
            "* nicht zutreffendes streichen, ** Name der Kommune einsetzen",
            "∅",
        ),
        ("* nicht Zutreffendes streichen\n** Kommune einsetzen", "∅"),
        (
            "Der Stadtrat/Kreistag erklärt, seine/ihre Haltung",
            "{{ Der Rat }} erklärt, {{ sein Rat }}e Haltung",
        ),
        (
            "Der Ausländerbeirat/Integrationsbeirat bittet den Stadtrat/Kreistag, seine/ihre Haltung",
            "{{ Der Beirat }} bittet {{ den Rat }}, ⟦seine/ihre⟧ Haltung",
        ),
        (
            "Die Stadtverwaltung/Das Landratsamt",
            "Die ⟦Stadtverwaltung/Das Landratsamt⟧",
        ),
        (
            "Stadtverwaltung/Landratsamt",
            "⟦Stadtverwaltung/Landratsamt⟧",
        ),
        ("Der Ausländerbeirat bittet", "⟦Der Ausländerbeirat⟧ bittet"),
        (
            "Die Stadt/der Landkreis fördert",
            "{{ Der kommune }} fördert",
        ),
        (
            "{{ Der Beirat }} bittet den Stadtrat/Kreistag",
            "{{ Der Beirat }} bittet {{ den Rat }}",
        ),
    ]);
}

#[test]
fn places_are_left_open_in_many_ways() {
    check(&[
        ("in [Name der Kommune] leben", "{{ in kommune }} leben"),
        ("in [Kommune] leben", "{{ in kommune }} leben"),
        ("in <Name der Kommune> leben", "{{ in kommune }} leben"),
        (
            "in (Name der Kommune einsetzen) leben",
            "{{ in kommune }} leben",
        ),
        (
            "der Haushalt [Name der Stadt/des Landkreises]",
            "der Haushalt {{ kommune }}",
        ),
        ("in der Stadt ______ leben", "{{ im kommune }} leben"),
        ("in der Stadt …… leben", "{{ im kommune }} leben"),
        ("im Landkreis ......... leben", "{{ im kommune }} leben"),
        ("für den Landkreis N.N. gilt", "für {{ den kommune }} gilt"),
        (
            "Stadt/Landkreis: ____________",
            "Stadt/Landkreis: {{ kommune }}",
        ),
        (
            "Name der Kommune: ............",
            "Name der Kommune: {{ kommune }}",
        ),
        ("in Musterstadt leben", "{{ in kommune }} leben"),
        ("im Landkreis XYZ", "{{ im kommune }}"),
        (
            "für XXX** gilt\n\n** Name der Kommune einsetzen",
            "für {{ den kommune }} gilt\n\n∅",
        ),
        (
            "Bericht aus XXX\n\n** Name der Kommune einsetzen",
            "Bericht aus {{ dem kommune }}\n\n∅",
        ),
        (
            "in ______ (Name der Kommune) leben",
            "{{ in kommune }} leben",
        ),
        (
            "Der Landkreis XXX (Name einsetzen) tagt",
            "{{ Der kommune }} ⟦(Name einsetzen)⟧ tagt",
        ),
        ("in XXX Fällen", "⟦in XXX⟧ Fällen"),
        ("Kosten von XXX Euro", "Kosten ⟦von XXX⟧ Euro"),
        ("Datum der Sitzung: ______", "Datum der Sitzung: ⟦______⟧"),
        ("[Ansprechperson]", "⟦[Ansprechperson]⟧"),
        (
            "Der Vorsitzende N.N. berichtet",
            "Der Vorsitzende ⟦N.N.⟧ berichtet",
        ),
        ("Der XXX-Beirat bittet", "⟦Der XXX-Beirat⟧ bittet"),
        ("am XX.XX.2026", "⟦am XX⟧.⟦XX⟧.2026"),
        (
            "____________, den ____________",
            "____________, den ____________",
        ),
        ("Ort, Datum ____________", "Ort, Datum ____________"),
        ("________________________", "________________________"),
    ]);
}

/// What the note asks for is not every XXX.
#[test]
fn letters_are_no_municipality_in_numbers_labels_and_amounts() {
    let check = |text: &str, expected: &str| {
        let note = "\n\n** Name der Kommune einsetzen";
        assert_eq!(
            imported(&format!("{text}{note}")),
            format!("{expected}\n\n∅")
        );
    };
    check(
        "XXX bekennt sich zu Vielfalt.",
        "{{ kommune }} bekennt sich zu Vielfalt.",
    );
    check("XXX, den 3. Mai", "{{ kommune }}, den 3. Mai");
    check("ca. XXX € pro Jahr", "ca. ⟦XXX⟧ € pro Jahr");
    check("Anlage: XXX", "Anlage: ⟦XXX⟧");
    check("Drucksache XX/XXXX", "Drucksache ⟦XX⟧/⟦XXXX⟧");
    check("Nr. XXX/2026", "Nr. ⟦XXX⟧/2026");
    check("der Haushalt XXX**", "der Haushalt {{ kommune }}");
    check(
        "Antrag: Ausländerbeirat / Integrationsbeirat* der Stadt XXX**",
        "Antrag: {{ Beirat }} {{ des kommune }}",
    );
}

#[test]
fn municipalities_that_are_named_are_seen() {
    check(&[
        (
            "Die Stadt/der Landkreis Fürth fördert",
            "{{ Der kommune }} fördert",
        ),
        (
            "Der Stadtrat/Kreistag Fürth beschließt",
            "{{ Der Rat }} ⟦Fürth⟧ beschließt",
        ),
        (
            "Dem Stadtrat/Kreistag Bericht zu erstatten",
            "{{ Dem Rat }} Bericht zu erstatten",
        ),
        ("Die Stadt Fürth fördert", "Die Stadt Fürth fördert"),
    ]);
}

#[test]
fn lines_to_sign_on_stay() {
    let same = [
        "Für den Beirat: ______________",
        "____________, den ____________",
        "Unterschrift: ______________",
    ];
    check(&same.map(|text| (text, text)));
    check(&[(
        "Für den Ausländerbeirat/Integrationsbeirat: __________",
        "Für {{ den Beirat }}: __________",
    )]);
}

#[test]
fn what_is_no_convention_stays() {
    let same = [
        "Bürger*innen und Einwohner/innen, Schüler/-innen",
        "und/oder 1/2024 km/h 24/7 3 * 4 = 12 und **fett** und *kursiv*",
        "das Stadt/Land-Gefälle",
        "die Stadträte und Kreistage im Land",
        "Städte/Gemeinden/Landkreise",
        "Einleitung ............ 3",
        "Und dann ... ging es weiter",
        "siehe https://example.org/stadtrat/kreistag",
        "die Stadt Fürth",
        "in der Stadt und im Landkreis",
        "auf Rat von Fachleuten",
        "der/die Antragsteller/in",
        "ein/e Bürger/in",
        "Gebühr: 5*7",
        "Fußnote* mit Text",
        "Die Mitglieder [siehe Anlage/Liste] stimmen zu",
        "a < b und c > d",
        "Max Mustermann",
        "Ortsschilder der Stadt zu ergänzen",
        "Abs. 1 S. 2 i. V. m. § 3",
    ];
    check(&same.map(|text| (text, text)));
}
