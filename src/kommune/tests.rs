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
    let broken = BUILT_IN_FILES
        .kommunen
        .replacen("gemeinde,stadt,", "gemeinde,dorf,", 1);
    let line = 1 + broken
        .lines()
        .position(|l| l.contains("gemeinde,dorf,"))
        .unwrap();
    let files = Files {
        kommunen: &broken,
        ..BUILT_IN_FILES
    };
    let error = Register::read(files).unwrap_err();
    assert_eq!((error.file, error.line), ("kommunen.csv", line as u64));
    assert!(error.to_string().contains("`dorf` is no kind"), "{error}");
}
