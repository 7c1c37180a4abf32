use super::{Form, Genus, Nominal, declension};
use Form::{Beim, Dem, Den, Der, Des, Er, Im, In, Name, Sein, Vom, Zum};
use Genus::{Femininum, Maskulinum, Neutrum};

/// Every form of the table in the order of its rows.
fn check(nominal: &Nominal, expected: [&str; 12]) {
    let forms = [Name, Der, Den, Dem, Des, Im, Zum, Vom, Beim, In, Er, Sein];
    for (form, expected) in forms.into_iter().zip(expected) {
        assert_eq!(nominal.say(form, false), expected, "{form:?}");
    }
}

#[test]
fn says_every_form_in_every_gender() {
    check(
        &Nominal::regular("Ausländerbeirat", Maskulinum),
        [
            "Ausländerbeirat",
            "der Ausländerbeirat",
            "den Ausländerbeirat",
            "dem Ausländerbeirat",
            "des Ausländerbeirats",
            "im Ausländerbeirat",
            "zum Ausländerbeirat",
            "vom Ausländerbeirat",
            "beim Ausländerbeirat",
            "im Ausländerbeirat",
            "er",
            "sein",
        ],
    );
    check(
        &Nominal::regular("Stadtverordnetenversammlung", Femininum),
        [
            "Stadtverordnetenversammlung",
            "die Stadtverordnetenversammlung",
            "die Stadtverordnetenversammlung",
            "der Stadtverordnetenversammlung",
            "der Stadtverordnetenversammlung",
            "in der Stadtverordnetenversammlung",
            "zur Stadtverordnetenversammlung",
            "von der Stadtverordnetenversammlung",
            "bei der Stadtverordnetenversammlung",
            "in der Stadtverordnetenversammlung",
            "sie",
            "ihr",
        ],
    );
    check(
        &Nominal::regular("Abgeordnetenhaus", Neutrum),
        [
            "Abgeordnetenhaus",
            "das Abgeordnetenhaus",
            "das Abgeordnetenhaus",
            "dem Abgeordnetenhaus",
            "des Abgeordnetenhauses",
            "im Abgeordnetenhaus",
            "zum Abgeordnetenhaus",
            "vom Abgeordnetenhaus",
            "beim Abgeordnetenhaus",
            "im Abgeordnetenhaus",
            "es",
            "sein",
        ],
    );
}

#[test]
fn begins_with_a_capital_where_asked() {
    let rat = Nominal::regular("Kreistag", Maskulinum);
    assert_eq!(rat.say(Dem, true), "Dem Kreistag");
    assert_eq!(rat.say(Er, true), "Er");
    let mut stadt = Nominal::regular("Übach", Femininum);
    stadt.inside = Some("in Übach".into());
    assert_eq!(stadt.say(In, true), "In Übach");
    stadt.name = "übach".into();
    assert_eq!(stadt.say(Name, true), "Übach");
}

#[test]
fn derives_the_declension_from_name_and_gender() {
    // name, gender, nominative, genitive, dative, accusative
    let cases = [
        ("Rat", Maskulinum, "Rat", "Rates", "Rat", "Rat"),
        (
            "Markt Schwaben",
            Maskulinum,
            "Markt Schwaben",
            "Marktes Schwaben",
            "Markt Schwaben",
            "Markt Schwaben",
        ),
        (
            "Flecken", Maskulinum, "Flecken", "Fleckens", "Flecken", "Flecken",
        ),
        (
            "Bezirk Mitte",
            Maskulinum,
            "Bezirk Mitte",
            "Bezirks Mitte",
            "Bezirk Mitte",
            "Bezirk Mitte",
        ),
        (
            "Rhein-Kreis Neuss",
            Maskulinum,
            "Rhein-Kreis Neuss",
            "Rhein-Kreises Neuss",
            "Rhein-Kreis Neuss",
            "Rhein-Kreis Neuss",
        ),
        (
            "Märkischer Kreis",
            Maskulinum,
            "Märkische Kreis",
            "Märkischen Kreises",
            "Märkischen Kreis",
            "Märkischen Kreis",
        ),
        (
            "Rheinisch-Bergischer Kreis",
            Maskulinum,
            "Rheinisch-Bergische Kreis",
            "Rheinisch-Bergischen Kreises",
            "Rheinisch-Bergischen Kreis",
            "Rheinisch-Bergischen Kreis",
        ),
        (
            "Gemeinsamer Ständiger Ausschuss",
            Maskulinum,
            "Gemeinsame Ständige Ausschuss",
            "Gemeinsamen Ständigen Ausschusses",
            "Gemeinsamen Ständigen Ausschuss",
            "Gemeinsamen Ständigen Ausschuss",
        ),
        (
            "Runder Tisch Integration",
            Maskulinum,
            "Runde Tisch Integration",
            "Runden Tisches Integration",
            "Runden Tisch Integration",
            "Runden Tisch Integration",
        ),
        (
            "Leipziger Migrantenbeirat",
            Maskulinum,
            "Leipziger Migrantenbeirat",
            "Leipziger Migrantenbeirats",
            "Leipziger Migrantenbeirat",
            "Leipziger Migrantenbeirat",
        ),
        (
            "Wuppertaler Rat",
            Maskulinum,
            "Wuppertaler Rat",
            "Wuppertaler Rates",
            "Wuppertaler Rat",
            "Wuppertaler Rat",
        ),
        (
            "Kommunale Vertretung",
            Femininum,
            "Kommunale Vertretung",
            "Kommunalen Vertretung",
            "Kommunalen Vertretung",
            "Kommunale Vertretung",
        ),
        (
            "Kölner Versammlung",
            Femininum,
            "Kölner Versammlung",
            "Kölner Versammlung",
            "Kölner Versammlung",
            "Kölner Versammlung",
        ),
        (
            "Internationales Forum",
            Neutrum,
            "Internationale Forum",
            "Internationalen Forums",
            "Internationalen Forum",
            "Internationale Forum",
        ),
        (
            "Bündnis für Toleranz",
            Neutrum,
            "Bündnis für Toleranz",
            "Bündnisses für Toleranz",
            "Bündnis für Toleranz",
            "Bündnis für Toleranz",
        ),
        (
            "Integrationsbüro",
            Neutrum,
            "Integrationsbüro",
            "Integrationsbüros",
            "Integrationsbüro",
            "Integrationsbüro",
        ),
        ("AIB", Maskulinum, "AIB", "AIB", "AIB", "AIB"),
        (
            "Integrationsbeauftragter",
            Maskulinum,
            "Integrationsbeauftragte",
            "Integrationsbeauftragten",
            "Integrationsbeauftragten",
            "Integrationsbeauftragten",
        ),
        ("", Neutrum, "", "", "", ""),
    ];
    for (name, genus, nominative, genitive, dative, accusative) in cases {
        assert_eq!(
            declension(name, genus),
            [nominative, genitive, dative, accusative],
            "{name}"
        );
    }
}

/// Names that an administrator may add; only the genitive tells what is hard about them.
#[test]
fn hard_names_have_their_genitive() {
    let table = [
        (
            "Migrationsausschuss",
            Maskulinum,
            "des Migrationsausschusses",
        ),
        (
            "Migrationsausschuß",
            Maskulinum,
            "des Migrationsausschusses",
        ),
        (
            "Internationaler Ausschuss",
            Maskulinum,
            "des Internationalen Ausschusses",
        ),
        (
            "Beirat für Migration und Integration",
            Maskulinum,
            "des Beirats für Migration und Integration",
        ),
        (
            "Rat der Migrantinnen und Migranten",
            Maskulinum,
            "des Rates der Migrantinnen und Migranten",
        ),
        ("Forum der Kulturen", Neutrum, "des Forums der Kulturen"),
        (
            "Kommunale Integrationskommission",
            Femininum,
            "der Kommunalen Integrationskommission",
        ),
        (
            "Ausländerinnen- und Ausländerbeirat",
            Maskulinum,
            "des Ausländerinnen- und Ausländerbeirats",
        ),
        (
            "Migrations-, Integrations- und Flüchtlingsrat",
            Maskulinum,
            "des Migrations-, Integrations- und Flüchtlingsrats",
        ),
        (
            "Inter- und Transkultureller Rat",
            Maskulinum,
            "des Inter- und Transkulturellen Rates",
        ),
        (
            "Kommunaler und regionaler Beirat",
            Maskulinum,
            "des Kommunalen und regionalen Beirats",
        ),
        (
            "Unabhängiger Beirat",
            Maskulinum,
            "des Unabhängigen Beirats",
        ),
        ("Weltoffener Kreis", Maskulinum, "des Weltoffenen Kreises"),
        (
            "Integrationsbeauftragte/r",
            Maskulinum,
            "des Integrationsbeauftragten",
        ),
        (
            "Integrationsbeauftragte",
            Femininum,
            "der Integrationsbeauftragten",
        ),
        ("Netzwerk Migration", Neutrum, "des Netzwerks Migration"),
        ("Haus der Kulturen", Neutrum, "des Hauses der Kulturen"),
        (
            "Runder Tisch Integration",
            Maskulinum,
            "des Runden Tisches Integration",
        ),
        ("Arbeitskreis Asyl", Maskulinum, "des Arbeitskreises Asyl"),
        (
            "Interkulturelles Bündnis",
            Neutrum,
            "des Interkulturellen Bündnisses",
        ),
        ("Komitee", Neutrum, "des Komitees"),
        ("Team Vielfalt", Neutrum, "des Teams Vielfalt"),
        ("Integrationsteam", Neutrum, "des Integrationsteams"),
        ("Center Vielfalt", Neutrum, "des Centers Vielfalt"),
        ("Verein", Maskulinum, "des Vereins"),
        ("Zentrum", Neutrum, "des Zentrums"),
        ("Museum", Neutrum, "des Museums"),
        ("Gremium", Neutrum, "des Gremiums"),
        ("Plenum", Neutrum, "des Plenums"),
        ("Kollegium", Neutrum, "des Kollegiums"),
        (
            "Parlament der Vielfalt",
            Neutrum,
            "des Parlaments der Vielfalt",
        ),
        ("Konvent", Maskulinum, "des Konvents"),
        ("Kongress", Maskulinum, "des Kongresses"),
        ("Kuratorium", Neutrum, "des Kuratoriums"),
        ("Vorstand", Maskulinum, "des Vorstands"),
        ("Bund", Maskulinum, "des Bundes"),
        ("Verband", Maskulinum, "des Verbands"),
        ("Bistum", Neutrum, "des Bistums"),
        ("Campus", Maskulinum, "des Campus"),
        ("Kosmos", Maskulinum, "des Kosmos"),
        ("Netz", Neutrum, "des Netzes"),
        ("Komplex", Maskulinum, "des Komplexes"),
        ("Dienst", Maskulinum, "des Dienstes"),
        ("Frühling", Maskulinum, "des Frühlings"),
        (
            "Treff International",
            Maskulinum,
            "des Treffs International",
        ),
        ("Café Welt", Neutrum, "des Cafés Welt"),
        ("Büro für Integration", Neutrum, "des Büros für Integration"),
        ("AK Integration", Maskulinum, "des AK Integration"),
        ("AStA", Maskulinum, "des AStA"),
        ("MiGremium", Neutrum, "des MiGremiums"),
        (
            "Bonner Institut für Migrationsforschung",
            Neutrum,
            "des Bonner Instituts für Migrationsforschung",
        ),
    ];
    for (name, genus, expected) in table {
        assert_eq!(Nominal::regular(name, genus).say(Des, false), expected);
    }
}
