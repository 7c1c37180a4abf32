use super::*;

fn keys(spelling: &str) -> Vec<(&'static str, Nearness<'static>)> {
    let found = Register::built_in().find(spelling);
    let pairs = found
        .iter()
        .map(|candidate| (candidate.kommune.schluessel.as_str(), candidate.nearness));
    pairs.collect()
}

#[test]
fn every_name_finds_its_bearer() {
    let register = Register::built_in();
    let mut lost = Vec::new();
    for kommune in register.kommunen() {
        for spelling in [&kommune.name, &kommune.official_name, &kommune.title()] {
            let found = register.find(spelling).iter().any(|candidate| {
                matches!(candidate.nearness, Nearness::Name | Nearness::Spelling)
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
        ("Rothenburg o. d. Tauber", "09571193"),
        ("Rothenburg o.d.Tbr.", "09571193"),
        ("Rothenburg (Tauber)", "09571193"),
        ("Rothenburg-Tauber", "09571193"),
        ("Rothenburg a. d. Tauber", "09571193"),
        ("Rothenburg odT", "09571193"),
        ("Große Kreisstadt Rothenburg o.d.T.", "09571193"),
        ("die Stadt Rothenburg ob der Tauber", "09571193"),
        ("Frankfurt aM", "06412000"),
        ("Ludwigshafen-am-Rhein", "07314000"),
        ("Ludwigshafen/Rh.", "07314000"),
        ("Bad Homburg vdH", "06434001"),
        ("Bad Homburg v. d. Höhe", "06434001"),
        ("Bd. Homburg", "06434001"),
        ("Neu Isenburg", "06438009"),
        ("Neuisenburg", "06438009"),
        ("Castroprauxel", "05562004"),
        ("Castrop Rauxel", "05562004"),
        ("Neu Brandenburg", "13071107"),
        ("Gr. Gerau", "06433006"),
        ("Gr.-Gerau", "06433006"),
        ("Ob.-Ramstadt", "06432016"),
        ("Schw. Hall", "08127076"),
        ("Schwäb. Gmünd", "08136065"),
        ("Hann. Münden", "03159017"),
        ("Skt. Wendel", "10046117"),
        ("Cösfeld", "05558012"),
        ("Soest", "05974040"),
        ("Aurich", "03452001"),
        ("Koln", "05315000"),
        ("Koeln", "05315000"),
        ("Rosenheim/Obb.", "09163000"),
        ("Rosenheim Obb.", "09163000"),
        ("Neustadt (NEA)", "09575153"),
        ("Neustadt/WN", "09374139"),
        ("Lichtenfels KB", "06635016"),
        ("Lichtenfels (Kennzeichen KB)", "06635016"),
        ("Fürth (HE)", "06431007"),
        ("Neustadt 93333", "09273152"),
        ("Neustadt, 93333", "09273152"),
        ("Hansestadt Stralsund", "13073088"),
        ("Lutherstadt Wittenberg", "15091375"),
        ("Wissenschaftsstadt Darmstadt", "06411000"),
        ("Freie und Hansestadt Hamburg", "02000000"),
        ("Barlachstadt Güstrow", "13072043"),
        ("Indersdorf", "09174131"),
        ("Neukirchen beim Heiligen Blut", "09372144"),
        ("Main-Taunus", "06436"),
        ("Rhein-Neckar", "08226"),
        ("Kreis Offenbach", "06438"),
        ("StädteRegion Aachen", "05334"),
        ("Landkreis Neustadt/Waldnaab", "09374"),
        ("Kr. Offenbach", "06438"),
        ("VG Montabaur", "071435004"),
        ("Verbandsgem. Montabaur", "071435004"),
        ("SG Bersenbrück", "034595402"),
        ("des Landkreises Fürth", "09573"),
        ("im Hochtaunuskreis", "06434"),
        ("Hochtaunuskreises", "06434"),
        ("Bezirk Altona", "02000002"),
        ("Brunswick", "03101000"),
        ("Ha\u{200e}nau", "06415000"),
    ];
    for (spelling, key) in table {
        // a Kreis of the same name may follow
        let found = keys(spelling);
        let gemeinden = found.iter().filter(|(key, _)| key.len() == 8).count();
        assert!(gemeinden <= 1, "{spelling}: {found:?}");
        let said = |(_, nearness): &&(&str, Nearness<'_>)| {
            matches!(nearness, Nearness::Name | Nearness::Spelling)
        };
        let first = found.first().filter(said).map(|(key, _)| *key);
        assert_eq!(first, Some(key), "{spelling}: {found:?}");
    }
}

#[test]
fn doubt_yields_several() {
    for (spelling, least) in [("Neustadt", 10), ("Rosenheim", 3), ("Heiligenstadt", 2)] {
        let found = keys(spelling);
        assert!(found.len() >= least, "{spelling}: {found:?}");
        let named = |(_, nearness): &(&str, Nearness<'_>)| *nearness == Nearness::Name;
        assert!(found.iter().all(named), "{spelling}: {found:?}");
    }
    assert!(keys("Bamburg").len() >= 2);
    assert!(keys("Musterhausen am Bach").is_empty());
    assert!(keys("").is_empty());
}

#[test]
fn every_candidate_has_its_reason() {
    let former = |name, year| Nearness::Former { name, year };
    let table: &[(&str, &str, Nearness<'_>)] = &[
        ("Stuttgart", "08111000", Nearness::Name),
        ("Stuttgarts", "08111000", Nearness::Spelling),
        ("Fürther", "09563000", Nearness::Spelling),
        ("Darmstädter", "06411000", Nearness::Spelling),
        ("Munchen", "09162000", Nearness::Spelling),
        ("Badhomburg", "06434001", Nearness::Spelling),
        ("Munich", "09162000", Nearness::Name),
        ("Stuttgrat", "08111000", Nearness::Similar(Slip::Swapped)),
        ("Gelsenkirchn", "05513000", Nearness::Similar(Slip::Missing)),
        ("Stuttggart", "08111000", Nearness::Similar(Slip::Extra)),
        (
            "Rotenburg ob der Tauber",
            "09571193",
            Nearness::Similar(Slip::Missing),
        ),
        (
            "Rotenburg o.d.T.",
            "09571193",
            Nearness::Similar(Slip::Missing),
        ),
        (
            "Rothenborg ob der Tauber",
            "09571193",
            Nearness::Similar(Slip::Other),
        ),
        ("Nürnbarg", "09564000", Nearness::Similar(Slip::Other)),
        (
            "Landkreis Fuhrt",
            "09573",
            Nearness::Similar(Slip::Several(2)),
        ),
        (
            "Berga/Elster",
            "16076094",
            former("Berga/Elster", Some("2024")),
        ),
        ("Bromskirchen", "06635001", former("Bromskirchen", None)),
        ("Anrode", "16064046", former("Anrode", None)),
        ("Homburg v.d.H.", "06434001", Nearness::Shortened),
        ("Stadt Fürth (Hessen)", "09563000", Nearness::Conflict),
        ("LK OF", "06438", Nearness::Kennzeichen),
        ("Kreis FÜ", "09573", Nearness::Kennzeichen),
        ("MTK", "06436", Nearness::Kennzeichen),
    ];
    for (spelling, key, nearness) in table {
        assert_eq!(
            keys(spelling).first(),
            Some(&(*key, *nearness)),
            "{spelling}"
        );
    }
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

#[test]
fn wild_names_are_nobody_and_bounded() {
    let long = "Neustadt".repeat(40);
    let many = "Neustadt ".repeat(100_000);
    for spelling in [
        long.as_str(),
        many.as_str(),
        "{{ kommune }}",
        "{% for x in range(9) %}Fürth{% endfor %}",
        "<script>alert(1)</script>",
        "\u{202e}\u{200b}",
        "Kreis ÄÖÜ",
        "((((((((((",
        "ſ\u{308}\u{308}\u{308}",
    ] {
        assert_eq!(keys(spelling), [], "{spelling:.40}");
    }
    // marks of direction are not read, blanks that look like others are
    for spelling in ["Han\u{200b}au", "\u{202e}Hanau\u{202c}", "Hanau\u{a0}"] {
        assert_eq!(keys(spelling), [("06415000", Nearness::Name)]);
    }
}

#[test]
fn a_name_of_a_thousand_has_a_hundred_candidates() {
    let header = Files::BUILT_IN.kommunen.lines().next().unwrap_or_default();
    let rows =
        (0..1000).map(|i| format!("01{i:06},gemeinde,gemeinde,Neudorf,Neudorf,,SH,,{i},00000\n"));
    let kommunen = format!("{header}\n{}", rows.collect::<String>());
    let files = Files {
        kommunen: &kommunen,
        nachtrag: Files::BUILT_IN.nachtrag.lines().next().unwrap_or_default(),
        merged: Files::BUILT_IN.merged.lines().next().unwrap_or_default(),
        ..Files::BUILT_IN
    };
    let register = Register::read(files).unwrap();
    for spelling in ["Neudorf", "Neudorv", "Gemeinde Neudorf (Bayern)"] {
        assert_eq!(register.find(spelling).len(), 100, "{spelling}");
        assert_eq!(register.means(spelling), None, "{spelling}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_finds_a_bounded_number(spelling in "(?s).{0,60}|[A-ZÄÖÜ]{1,3} [a-zß./()-]{1,20}") {
        proptest::prop_assert!(Register::built_in().find(&spelling).len() <= 100);
    }

    /// One slip in a long name leads back to it.
    #[test]
    fn one_slip_is_forgiven(name in proptest::sample::select(&LONG_NAMES[..]), at in 1_usize..9, kind in 0_u8..3) {
        let mut letters: Vec<char> = name.chars().collect();
        match kind {
            0 => letters.swap(at, at + 1),
            1 => { letters.remove(at); }
            _ => letters.insert(at, letters[at]),
        }
        let spelling: String = letters.into_iter().collect();
        let register = Register::built_in();
        let found = register.find(&spelling);
        proptest::prop_assert!(found.iter().any(|candidate| candidate.kommune.name == name), "{spelling}: {found:?}");
    }
}

/// Names of which none is another with a slip or two.
const LONG_NAMES: [&str; 6] = [
    "Gelsenkirchen",
    "Recklinghausen",
    "Schwetzingen",
    "Aschaffenburg",
    "Kaiserslautern",
    "Wolfenbüttel",
];
