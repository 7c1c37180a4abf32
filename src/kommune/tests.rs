use super::*;

fn keys(spelling: &str) -> Vec<(&'static str, Nearness)> {
    Register::built_in()
        .find(spelling)
        .iter()
        .map(|candidate| (candidate.kommune.schluessel.as_str(), candidate.nearness))
        .map(|(key, nearness)| (String::from(key).leak() as &str, nearness))
        .collect()
}

#[test]
fn every_name_finds_its_bearer() {
    let register = Register::built_in();
    let mut lost = Vec::new();
    for kommune in register.kommunen() {
        for spelling in [&kommune.name, &kommune.official_name, &kommune.title()] {
            let found = register.find(spelling).iter().any(|candidate| {
                candidate.nearness == Nearness::Exact
                    && candidate.kommune.schluessel == kommune.schluessel
            });
            if !found {
                lost.push(format!("{} {spelling}", kommune.schluessel.as_str()));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost: {lost:#?}", lost.len());
}

#[test]
fn spellings_find_the_one_they_mean() {
    let table = [
        ("Hanau", "06415000"),
        ("Rothenburg o.d.T.", "09571193"),
        ("Rothenburg ob der Tauber", "09571193"),
        ("Rothenburg/Tauber", "09571193"),
        ("Neustadt a. d. Aisch", "09575153"),
        ("Neustadt an der Aisch", "09575153"),
        ("Neustadt/Aisch", "09575153"),
        ("Neustadt bei Coburg", "09473151"),
        ("Neustadt (Hessen)", "06534016"),
        ("Frankfurt a. M.", "06412000"),
        ("Frankfurt/M", "06412000"),
        ("Ffm", "06412000"),
        ("Frankfurt (Oder)", "12053000"),
        ("Frankfurt/Oder", "12053000"),
        ("halle/saale", "15002000"),
        ("Halle (Westf.)", "05754012"),
        ("Halle Westfalen", "05754012"),
        ("Sankt Ingbert", "10045117"),
        ("St. Ingbert", "10045117"),
        ("Bad Homburg v.d.H.", "06434001"),
        ("Weiden in der Oberpfalz", "09363000"),
        ("Weiden i.d.OPf.", "09363000"),
        ("NUERNBERG", "09564000"),
        ("Stadt Munchen", "09162000"),
        ("Stadt Bautzen", "14625020"),
        ("Budyšin", "14625020"),
        ("Chóśebuz", "12052000"),
        ("Garmisch Partenkirchen", "09180117"),
        ("Hochtaunuskreis", "06434"),
        ("Kreis Wetterau", "06440"),
        ("Märkischen Kreises", "05962"),
        ("Lkr. Kassel", "06633"),
        ("Landkreises Neustadt an der Waldnaab", "09374"),
        ("Stadt Fürth", "09563000"),
        ("Stadt Fürth (Bayern)", "09563000"),
        ("Gemeinde Fürth", "06431007"),
        ("Landkreis Fürth", "09573"),
        ("Rhein-Sieg-Kreis", "05382"),
        ("Region Hannover", "03241"),
        ("Verbandsgemeinde Konz", "072355003"),
        ("Markt Garmisch-Partenkirchen", "09180117"),
        ("93333 Neustadt", "09273152"),
        (
            "Gemeinde Altenstadt, Landkreis Weilheim-Schongau",
            "09190111",
        ),
        ("Gemeinde Fürth im Kreis Bergstraße (Hessen)", "06431007"),
        ("Berlin-Neukölln", "11000008"),
        ("Hamburg-Altona", "02000002"),
        ("Stadt Wehlen", "14628370"),
    ];
    for (spelling, key) in table {
        // a Kreis of the same name may follow
        let found = keys(spelling);
        let gemeinden = found.iter().filter(|(key, _)| key.len() == 8).count();
        assert!(gemeinden <= 1, "{spelling}: {found:?}");
        assert_eq!(found.first(), Some(&(key, Nearness::Exact)), "{spelling}");
    }
}

#[test]
fn doubt_yields_several() {
    for (spelling, nearness, least) in [
        ("Neustadt", Nearness::Exact, 10),
        ("Rosenheim", Nearness::Exact, 3),
        ("Bamburg", Nearness::Similar, 2),
        ("Berga/Elster", Nearness::Former, 1),
        ("Stuttgrat", Nearness::Similar, 1),
        ("Stadt Fürth (Hessen)", Nearness::Similar, 1),
    ] {
        let found = keys(spelling);
        assert!(found.len() >= least, "{spelling}: {found:?}");
        assert!(
            found.iter().all(|(_, n)| *n == nearness),
            "{spelling}: {found:?}"
        );
    }
    assert_eq!(keys("Stuttgrat"), [("08111000", Nearness::Similar)]);
    assert!(keys("Musterhausen am Bach").is_empty());
    assert!(keys("").is_empty());
}

#[test]
fn titles_hold_their_kind_once() {
    let register = Register::built_in();
    for (key, title) in [
        ("09563000", "Stadt Fürth"),
        ("09573", "Landkreis Fürth"),
        ("05382", "Rhein-Sieg-Kreis"),
        ("14628370", "Stadt Wehlen"),
        ("072355003", "Verbandsgemeinde Konz"),
        ("11000008", "Bezirk Neukölln"),
    ] {
        let kommune = Schluessel::parse(key).and_then(|key| register.get(&key));
        assert_eq!(kommune.map(Kommune::title).as_deref(), Some(title));
    }
}

#[test]
fn councils_follow_kind_and_exception() {
    let register = Register::built_in();
    for (key, rat) in [
        ("09563000", "Stadtrat"),
        ("09573", "Kreistag"),
        ("01002000", "Ratsversammlung"),
        ("01003000", "Bürgerschaft"),
        ("06415000", "Stadtverordnetenversammlung"),
        ("03241", "Regionsversammlung"),
        ("07131090", "Gemeinderat"),
    ] {
        let kommune = Schluessel::parse(key).and_then(|key| register.get(&key));
        assert_eq!(kommune.map(|k| register.rat_of(k).name.as_str()), Some(rat));
    }
}

#[test]
fn bodies_are_known_in_every_spelling() {
    let register = Register::built_in();
    for (rolle, spelling, name) in [
        (Rolle::Beirat, "AUSLAENDERBEIRAT", "Ausländerbeirat"),
        (Rolle::Beirat, "Ausländer Beirat", "Ausländerbeirat"),
        (Rolle::Beirat, "Ausländer:innenbeirats", "Ausländerbeirat"),
        (Rolle::Beirat, "Ausländerbeiräten", "Ausländerbeirat"),
        (Rolle::Beirat, "Integrationsräte", "Integrationsrat"),
        (
            Rolle::Beirat,
            "Beiräte für Migration und Integration",
            "Beirat für Migration und Integration",
        ),
        (
            Rolle::Beirat,
            "Internationalen Ausschusses",
            "Internationaler Ausschuss",
        ),
        (Rolle::Rat, "Rat der Stadt", "Rat"),
        (Rolle::Rat, "SVV", "Stadtverordnetenversammlung"),
    ] {
        let found = register.gremium(rolle, spelling).map(|g| g.name.as_str());
        assert_eq!(found, Some(name), "{spelling}");
    }
    assert!(register.gremium(Rolle::Rat, "Ausländerbeirat").is_none());
}

#[test]
fn a_fault_names_file_and_line() {
    let broken = Files::BUILT_IN
        .kommunen
        .replacen("gemeinde,stadt,", "gemeinde,dorf,", 1);
    let line = 1 + broken
        .lines()
        .position(|l| l.contains("gemeinde,dorf,"))
        .unwrap();
    let files = Files {
        kommunen: &broken,
        ..Files::BUILT_IN
    };
    let error = Register::read(files).unwrap_err();
    assert_eq!((error.file, error.line), ("kommunen.csv", line as u64));
    assert!(
        error
            .to_string()
            .contains("in der Spalte „kind“ steht „dorf“"),
        "{error}"
    );
}

/// Every case and spelling of bodies and councils, compiled by hand: what the register
/// derives must come to the same.
const BY_HAND: &str = include_str!("tests/gremien.csv");

#[test]
fn all_spellings_compiled_by_hand_are_found() {
    let register = Register::built_in();
    let mut reader = csv::Reader::from_reader(BY_HAND.as_bytes());
    let mut lost = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        let rolle = match &row[0] {
            "beirat" => Rolle::Beirat,
            _ => Rolle::Rat,
        };
        let spellings = row.iter().skip(3).flat_map(|cell| cell.split('|'));
        for spelling in spellings.chain([&row[1]]).filter(|text| !text.is_empty()) {
            let found = register.gremium(rolle, spelling).map(|g| g.name.as_str());
            if found != Some(&row[1]) {
                lost.push(format!("{}: {spelling} is {found:?}", &row[1]));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost: {lost:#?}", lost.len());
}

/// Articles and contractions are set by this test itself.
#[test]
fn all_forms_compiled_by_hand_are_said() {
    use crate::german::Form;
    let register = Register::built_in();
    let mut reader = csv::Reader::from_reader(BY_HAND.as_bytes());
    let mut bodies = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let gremium = register
            .gremien()
            .iter()
            .find(|g| g.name == row[1])
            .unwrap();
        let (nominative, accusative, dative, genitive) = (&row[3], &row[4], &row[5], &row[6]);
        // der, den, dem, des, im, zum, vom, beim, er, sein
        let words = match &row[2] {
            "m" => [
                "der", "den", "dem", "des", "im", "zum", "vom", "beim", "er", "sein",
            ],
            "f" => [
                "die", "die", "der", "der", "in der", "zur", "von der", "bei der", "sie", "ihr",
            ],
            _ => [
                "das", "das", "dem", "des", "im", "zum", "vom", "beim", "es", "sein",
            ],
        };
        let nouns = [
            nominative, accusative, dative, genitive, dative, dative, dative, dative,
        ];
        let mut expected: Vec<String> = words
            .iter()
            .zip(nouns)
            .map(|(word, noun)| format!("{word} {noun}"))
            .collect();
        expected.extend(words[8..].iter().map(|word| (*word).to_owned()));
        let said = [
            Form::Der,
            Form::Den,
            Form::Dem,
            Form::Des,
            Form::Im,
            Form::Zum,
            Form::Vom,
            Form::Beim,
            Form::Er,
            Form::Sein,
        ]
        .map(|form| gremium.nominal().say(form, false));
        assert_eq!(said.as_slice(), expected, "{}", gremium.name);
        assert_eq!(gremium.nominal().say(Form::Name, false), row[1]);
        bodies += 1;
    }
    assert_eq!(bodies, register.gremien().len());
}

#[test]
fn bodies_that_are_added_are_found_in_every_form() {
    let own = "name,genus\nBeirat für Vielfalt,m\nHaus der Kulturen,n\nInterkulturelle Runde,f\nBeirat,m\n";
    let files = Files {
        gremien: &[Files::BUILT_IN.gremien[0], own],
        ..Files::BUILT_IN
    };
    let register = Register::read(files).unwrap();
    for (spelling, name) in [
        ("Beirates für Vielfalt", "Beirat für Vielfalt"),
        ("beirat fuer vielfalt", "Beirat für Vielfalt"),
        ("Beiräten für Vielfalt", "Beirat für Vielfalt"),
        ("Beirat Vielfalt", "Beirat für Vielfalt"),
        ("Hauses der Kulturen", "Haus der Kulturen"),
        ("Häuser der Kulturen", "Haus der Kulturen"),
        ("interkulturellen Runde", "Interkulturelle Runde"),
        ("Interkultureller Runde", "Interkulturelle Runde"),
        ("Beirats", "Beirat"),
        ("Auslaenderbeirat", "Ausländerbeirat"),
    ] {
        let found = register
            .gremium(Rolle::Beirat, spelling)
            .map(|g| g.name.as_str());
        assert_eq!(found, Some(name), "{spelling}");
    }
    assert_eq!(
        register.gremien().len(),
        Register::built_in().gremien().len() + 4
    );
}

#[test]
fn bodies_are_words_with_and_without_umlauts() {
    let register = Register::built_in();
    for (rolle, name, words) in [
        (
            Rolle::Rat,
            "Bürgerschaft",
            ["bürgerschaft", "buergerschaft"],
        ),
        (
            Rolle::Beirat,
            "Rat für Integration",
            ["rat_für_integration", "rat_fuer_integration"],
        ),
    ] {
        assert_eq!(register.gremium(rolle, name).unwrap().words(), words);
        assert!(
            words
                .iter()
                .all(|word| register.words(rolle).contains(*word))
        );
    }
}
