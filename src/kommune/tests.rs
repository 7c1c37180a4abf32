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

/// The ways to write a name that people use, without those that take something away from it.
fn written_forms(kommune: &Kommune) -> Vec<String> {
    let name = kommune.name.as_str();
    let ascii = |text: &str, pairs: &[(&str, &str)]| {
        let replaced = pairs.iter();
        replaced.fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let written_out = [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("Ä", "Ae"),
        ("Ö", "Oe"),
        ("Ü", "Ue"),
        ("ß", "ss"),
    ];
    let undotted = [
        ("ä", "a"),
        ("ö", "o"),
        ("ü", "u"),
        ("Ä", "A"),
        ("Ö", "O"),
        ("Ü", "U"),
        ("ß", "ss"),
    ];
    let in_full = [
        ("a.d.", "an der "),
        ("a. d. ", "an der "),
        ("i.d.", "in der "),
        ("v.d.", "vor der "),
        ("OPf.", "Oberpfalz"),
        ("St. ", "Sankt "),
    ];
    let dotted = [
        (" an der ", " a.d. "),
        (" am ", " a. "),
        (" ob der ", " o.d."),
        (" in der ", " i.d."),
        (" im ", " i."),
        (" bei ", " b. "),
        ("Sankt ", "St. "),
    ];
    let mut forms = vec![name.to_owned(), kommune.title(), name.to_uppercase()];
    forms.push(ascii(name, &written_out));
    forms.push(ascii(name, &undotted));
    forms.push(ascii(name, &in_full));
    forms.push(ascii(name, &dotted));
    forms.push(name.replace('-', " "));
    forms.push(name.replace(" am ", "-am-").replace(" an der ", "-an-der-"));
    forms.push(name.replace(" (", "/").replace(')', ""));
    forms.push(name.replace(" (", " ").replace(')', ""));
    forms.push(name.replace(". ", "."));
    forms.push(name.replace('.', ". ").trim_end().to_owned());
    forms.push(format!("{name} ({})", kommune.land.name()));
    if let Some(plz) = &kommune.plz {
        forms.push(format!("{plz} {name}"));
        forms.push(format!("{name}, {plz}"));
    }
    for (long, short) in [("Groß ", "Gr. "), ("Klein ", "Kl. "), ("Bad ", "Bd. ")] {
        let rest = name.strip_prefix(long);
        forms.extend(rest.map(|rest| format!("{short}{rest}")));
    }
    if name.len() > 2
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_uppercase())
        && !name.ends_with(['s', 'x', 'z'])
    {
        forms.push(format!("{name}s"));
    }
    forms.sort();
    forms.dedup();
    forms
}

#[test]
fn every_written_form_finds_its_bearer() {
    let register = Register::built_in();
    let (mut count, mut lost) = (0, Vec::new());
    for kommune in register.kommunen() {
        for form in written_forms(kommune) {
            // the genitive of Badem is Bad Ems in one word
            if form == "Badems" {
                continue;
            }
            count += 1;
            let found = register.find(&form);
            let own = found.iter().find(|candidate| candidate.kommune == kommune);
            let best =
                |nearness: Nearness<'_>| matches!(nearness, Nearness::Name | Nearness::Spelling);
            if !own.is_some_and(|candidate| best(candidate.nearness)) {
                lost.push(format!(
                    "{} {form}: {:?}",
                    kommune.schluessel.as_str(),
                    found
                        .iter()
                        .map(|f| (&f.kommune.name, f.nearness))
                        .take(3)
                        .collect::<Vec<_>>()
                ));
            }
        }
    }
    let some: Vec<_> = lost.iter().take(80).collect();
    assert!(lost.is_empty(), "{} of {count} lost: {some:#?}", lost.len());
}

#[test]
fn every_form_of_the_index_finds_its_bearer() {
    let register = Register::built_in();
    let mut bearers: HashMap<String, Vec<&Kommune>> = HashMap::new();
    let mut written = Vec::new();
    for kommune in register.kommunen() {
        for form in forms::of_kommune(kommune) {
            let text = match &form.addition {
                Some(addition) => format!("{} ({addition})", form.base),
                None => form.base.clone(),
            };
            bearers.entry(form.base.clone()).or_default().push(kommune);
            written.push((kommune, form, text));
        }
    }
    let mut wrong = Vec::new();
    for (kommune, form, text) in &written {
        let found = register.find(text);
        let alone = bearers[&form.base].iter().all(|other| other == kommune);
        let is_found = found.iter().any(|candidate| candidate.kommune == *kommune);
        // a name that is one wins over a spelling that is not
        let hidden = form.bond != names::Bond::Name && !alone;
        if !(is_found || hidden) || alone && found.len() != 1 {
            wrong.push(format!(
                "{} {text} {:?}: {:?}",
                kommune.name,
                form.bond,
                found
                    .iter()
                    .map(|f| (&f.kommune.name, f.nearness))
                    .take(3)
                    .collect::<Vec<_>>()
            ));
        }
    }
    let some: Vec<_> = wrong.iter().take(80).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong: {some:#?}",
        wrong.len(),
        written.len()
    );
}

#[test]
fn every_old_name_finds_its_successors() {
    let register = Register::built_in();
    for old in &register.former {
        for spelling in [old.name.clone(), fold(&old.name)] {
            let found = register.find(&spelling);
            // another bears the name today
            let lives_on = found
                .iter()
                .all(|candidate| candidate.nearness == Nearness::Name);
            for successor in &old.successors {
                let own = found
                    .iter()
                    .find(|candidate| candidate.kommune.schluessel == *successor);
                assert!(own.is_some() || lives_on, "{spelling}: {found:?}");
            }
            assert!(
                !old.successors.is_empty() && !found.is_empty(),
                "{spelling}"
            );
        }
    }
}
