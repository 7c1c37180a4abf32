use crate::german::Form::{Beim, Dem, Den, Der, Des, Er, Im, In, Name, Sein, Vom, Zum};
use crate::german::Genus;
use crate::kommune::{Art, Kommune, Land, Register, Schluessel};

fn kommune(art: Art, name: &str) -> Kommune {
    Kommune {
        schluessel: Schluessel::parse("09563000").expect("eight digits"),
        art,
        name: name.into(),
        official_name: name.into(),
        land: Land::BY,
        kreis: None,
        einwohner: None,
        plz: None,
    }
}

#[test]
fn declines_every_kind() {
    // kind, name, {{ kommune }}, der, den, des, im, in
    let cases = [
        (
            Art::KreisfreieStadt,
            "Fürth",
            "Fürth",
            "die Stadt Fürth",
            "die Stadt Fürth",
            "der Stadt Fürth",
            "in der Stadt Fürth",
            "in Fürth",
        ),
        (
            Art::Stadt,
            "Bad Homburg v. d. Höhe",
            "Bad Homburg v. d. Höhe",
            "die Stadt Bad Homburg v. d. Höhe",
            "die Stadt Bad Homburg v. d. Höhe",
            "der Stadt Bad Homburg v. d. Höhe",
            "in der Stadt Bad Homburg v. d. Höhe",
            "in Bad Homburg v. d. Höhe",
        ),
        (
            Art::Landkreis,
            "Landkreis Fürth",
            "Landkreis Fürth",
            "der Landkreis Fürth",
            "den Landkreis Fürth",
            "des Landkreises Fürth",
            "im Landkreis Fürth",
            "im Landkreis Fürth",
        ),
        (
            Art::Landkreis,
            "Kreis Bergstraße",
            "Kreis Bergstraße",
            "der Kreis Bergstraße",
            "den Kreis Bergstraße",
            "des Kreises Bergstraße",
            "im Kreis Bergstraße",
            "im Kreis Bergstraße",
        ),
        (
            Art::Kreis,
            "Rhein-Sieg-Kreis",
            "Rhein-Sieg-Kreis",
            "der Rhein-Sieg-Kreis",
            "den Rhein-Sieg-Kreis",
            "des Rhein-Sieg-Kreises",
            "im Rhein-Sieg-Kreis",
            "im Rhein-Sieg-Kreis",
        ),
        (
            Art::Kreis,
            "Märkischer Kreis",
            "Märkischer Kreis",
            "der Märkische Kreis",
            "den Märkischen Kreis",
            "des Märkischen Kreises",
            "im Märkischen Kreis",
            "im Märkischen Kreis",
        ),
        (
            Art::Landkreis,
            "Eifelkreis Bitburg-Prüm",
            "Eifelkreis Bitburg-Prüm",
            "der Eifelkreis Bitburg-Prüm",
            "den Eifelkreis Bitburg-Prüm",
            "des Eifelkreises Bitburg-Prüm",
            "im Eifelkreis Bitburg-Prüm",
            "im Eifelkreis Bitburg-Prüm",
        ),
        (
            Art::Region,
            "Region Hannover",
            "Region Hannover",
            "die Region Hannover",
            "die Region Hannover",
            "der Region Hannover",
            "in der Region Hannover",
            "in der Region Hannover",
        ),
        (
            Art::Staedteregion,
            "Städteregion Aachen",
            "Städteregion Aachen",
            "die Städteregion Aachen",
            "die Städteregion Aachen",
            "der Städteregion Aachen",
            "in der Städteregion Aachen",
            "in der Städteregion Aachen",
        ),
        (
            Art::Regionalverband,
            "Regionalverband Saarbrücken",
            "Regionalverband Saarbrücken",
            "der Regionalverband Saarbrücken",
            "den Regionalverband Saarbrücken",
            "des Regionalverbands Saarbrücken",
            "im Regionalverband Saarbrücken",
            "im Regionalverband Saarbrücken",
        ),
        (
            Art::Markt,
            "Garmisch-Partenkirchen",
            "Garmisch-Partenkirchen",
            "der Markt Garmisch-Partenkirchen",
            "den Markt Garmisch-Partenkirchen",
            "des Marktes Garmisch-Partenkirchen",
            "im Markt Garmisch-Partenkirchen",
            "in Garmisch-Partenkirchen",
        ),
        (
            Art::Markt,
            "Markt Schwaben",
            "Markt Schwaben",
            "der Markt Schwaben",
            "den Markt Schwaben",
            "des Marktes Schwaben",
            "im Markt Schwaben",
            "in Markt Schwaben",
        ),
        (
            Art::Flecken,
            "Ottersberg",
            "Ottersberg",
            "der Flecken Ottersberg",
            "den Flecken Ottersberg",
            "des Fleckens Ottersberg",
            "im Flecken Ottersberg",
            "in Ottersberg",
        ),
        (
            Art::Verbandsgemeinde,
            "Montabaur",
            "Verbandsgemeinde Montabaur",
            "die Verbandsgemeinde Montabaur",
            "die Verbandsgemeinde Montabaur",
            "der Verbandsgemeinde Montabaur",
            "in der Verbandsgemeinde Montabaur",
            "in der Verbandsgemeinde Montabaur",
        ),
        (
            Art::Samtgemeinde,
            "Altes Amt Lemförde",
            "Samtgemeinde Altes Amt Lemförde",
            "die Samtgemeinde Altes Amt Lemförde",
            "die Samtgemeinde Altes Amt Lemförde",
            "der Samtgemeinde Altes Amt Lemförde",
            "in der Samtgemeinde Altes Amt Lemförde",
            "in der Samtgemeinde Altes Amt Lemförde",
        ),
        (
            Art::Bezirk,
            "Mitte",
            "Bezirk Mitte",
            "der Bezirk Mitte",
            "den Bezirk Mitte",
            "des Bezirks Mitte",
            "im Bezirk Mitte",
            "im Bezirk Mitte",
        ),
        (
            Art::Stadt,
            "Stadt Wehlen",
            "Stadt Wehlen",
            "die Stadt Wehlen",
            "die Stadt Wehlen",
            "der Stadt Wehlen",
            "in der Stadt Wehlen",
            "in der Stadt Wehlen",
        ),
    ];
    for (art, name, bare, der, den, des, im, inside) in cases {
        let nominal = kommune(art, name).nominal();
        let said = [Name, Der, Den, Des, Im, In].map(|form| nominal.say(form, false));
        assert_eq!(said, [bare, der, den, des, im, inside].map(String::from));
    }
}

#[test]
fn hamburg_is_free_and_hanseatic() {
    let hamburg = Kommune {
        land: Land::HH,
        ..kommune(Art::KreisfreieStadt, "Hamburg")
    }
    .nominal();
    assert_eq!(hamburg.say(Der, true), "Die Freie und Hansestadt Hamburg");
    assert_eq!(hamburg.say(Dem, false), "der Freien und Hansestadt Hamburg");
    assert_eq!(hamburg.say(Zum, false), "zur Freien und Hansestadt Hamburg");
    assert_eq!(hamburg.say(In, false), "in Hamburg");
    assert_eq!(hamburg.say(Er, false), "sie");
    assert_eq!(hamburg.say(Name, false), "Hamburg");
}

#[test]
fn a_bare_name_that_needs_an_article_takes_its_kind() {
    let with_kind = [
        "Am Mellensee",
        "An der Schmücke",
        "Südliches Anhalt",
        "Hohe Börde",
        "Insel Poel",
        "Fehmarn",
        "Helgoland",
        "Niederer Fläming",
        "Blomesche Wildnis",
        "Ruhner Berge",
        "Nottertal-Heilinger Höhen",
        "Märkische Heide/Markojska Góla",
        "Hallig Hooge",
        "Elisabeth-Sophien-Koog",
        "Amt Neuhaus",
    ];
    for name in with_kind {
        let nominal = kommune(Art::Gemeinde, name).nominal();
        assert_eq!(nominal.say(In, false), format!("in der Gemeinde {name}"));
        assert_eq!(nominal.say(Vom, false), format!("von der Gemeinde {name}"));
        assert_eq!(nominal.say(Den, false), format!("die Gemeinde {name}"));
    }
    let bare = [
        "Halle (Saale)",
        "Ober Kostenz",
        "Hohen Neuendorf",
        "Weil der Stadt",
        "Werther (Westf.)",
        "Schönwalde am Bungsberg",
        "Neuhausen/Spree / Kopańce/Sprjewja",
        "Elsterheide / Halštrowska Hola",
        "Münchweiler an der Alsenz",
        "Bad Düben",
        "Königs Wusterhausen",
        "Cottbus/Chóśebuz",
        "Kloster Lehnin",
        "Freital",
    ];
    for name in bare {
        let nominal = kommune(Art::Gemeinde, name).nominal();
        assert_eq!(nominal.say(In, false), format!("in {name}"));
    }
}

/// As the register has them: every kind, and every class of odd names.
#[test]
fn municipalities_of_the_register_are_said_as_people_say_them() {
    // key, den, des, zum, in
    let table = [
        (
            "09563000",
            "die Stadt Fürth",
            "der Stadt Fürth",
            "zur Stadt Fürth",
            "in Fürth",
        ),
        (
            "13074087",
            "die Stadt Wismar",
            "der Stadt Wismar",
            "zur Stadt Wismar",
            "in Wismar",
        ),
        (
            "14628370",
            "die Stadt Wehlen",
            "der Stadt Wehlen",
            "zur Stadt Wehlen",
            "in der Stadt Wehlen",
        ),
        (
            "04011000",
            "die Stadt Bremen",
            "der Stadt Bremen",
            "zur Stadt Bremen",
            "in Bremen",
        ),
        (
            "02000000",
            "die Freie und Hansestadt Hamburg",
            "der Freien und Hansestadt Hamburg",
            "zur Freien und Hansestadt Hamburg",
            "in Hamburg",
        ),
        (
            "11000000",
            "die Stadt Berlin",
            "der Stadt Berlin",
            "zur Stadt Berlin",
            "in Berlin",
        ),
        (
            "05962",
            "den Märkischen Kreis",
            "des Märkischen Kreises",
            "zum Märkischen Kreis",
            "im Märkischen Kreis",
        ),
        (
            "05162",
            "den Rhein-Kreis Neuss",
            "des Rhein-Kreises Neuss",
            "zum Rhein-Kreis Neuss",
            "im Rhein-Kreis Neuss",
        ),
        (
            "05334",
            "die Städteregion Aachen",
            "der Städteregion Aachen",
            "zur Städteregion Aachen",
            "in der Städteregion Aachen",
        ),
        (
            "03241",
            "die Region Hannover",
            "der Region Hannover",
            "zur Region Hannover",
            "in der Region Hannover",
        ),
        (
            "10041",
            "den Regionalverband Saarbrücken",
            "des Regionalverbands Saarbrücken",
            "zum Regionalverband Saarbrücken",
            "im Regionalverband Saarbrücken",
        ),
        (
            "01053",
            "den Kreis Herzogtum Lauenburg",
            "des Kreises Herzogtum Lauenburg",
            "zum Kreis Herzogtum Lauenburg",
            "im Kreis Herzogtum Lauenburg",
        ),
        (
            "06434",
            "den Hochtaunuskreis",
            "des Hochtaunuskreises",
            "zum Hochtaunuskreis",
            "im Hochtaunuskreis",
        ),
        (
            "12072002",
            "die Gemeinde Am Mellensee",
            "der Gemeinde Am Mellensee",
            "zur Gemeinde Am Mellensee",
            "in der Gemeinde Am Mellensee",
        ),
        (
            "01055046",
            "die Stadt Fehmarn",
            "der Stadt Fehmarn",
            "zur Stadt Fehmarn",
            "in der Stadt Fehmarn",
        ),
        (
            "01056025",
            "die Gemeinde Helgoland",
            "der Gemeinde Helgoland",
            "zur Gemeinde Helgoland",
            "in der Gemeinde Helgoland",
        ),
    ];
    let register = Register::built_in();
    for (key, den, des, zum, inside) in table {
        let key = Schluessel::parse(key).expect("a key");
        let kommune = register.get(&key).expect("a municipality");
        let nominal = kommune.nominal();
        let said = [Den, Des, Zum, In].map(|form| nominal.say(form, false));
        assert_eq!(said, [den, des, zum, inside].map(String::from));
    }
}

#[test]
fn the_whole_register_declines_soundly() {
    let register = Register::built_in();
    let doubled = |form: &str| {
        let words: Vec<&str> = form.split(' ').collect();
        words.windows(2).any(|pair| pair[0] == pair[1])
    };
    for kommune in register.kommunen() {
        let nominal = kommune.nominal();
        let said: Vec<String> = [Name, Der, Den, Dem, Des, Im, Zum, Vom, Beim, In]
            .map(|form| nominal.say(form, false))
            .into();
        for form in &said {
            assert!(!doubled(form), "{form}");
            assert!(!form.contains("  ") && !form.ends_with(' '), "{form:?}");
        }
        let (_, place) = kommune.kind_and_place();
        let end = place.rsplit(' ').next().unwrap_or_default();
        for form in said.iter().filter(|form| !form.starts_with("des ")) {
            assert!(form.ends_with(end), "{form} does not end in {end}");
        }
        let feminine = nominal.say(Der, false).starts_with("die ");
        assert_eq!(feminine, nominal.genus == Genus::Femininum);
        let words = match nominal.genus {
            Genus::Maskulinum => [
                (Der, "der "),
                (Den, "den "),
                (Dem, "dem "),
                (Des, "des "),
                (Im, "im "),
                (Zum, "zum "),
                (Vom, "vom "),
                (Beim, "beim "),
                (Er, "er"),
                (Sein, "sein"),
            ],
            _ => [
                (Der, "die "),
                (Den, "die "),
                (Dem, "der "),
                (Des, "der "),
                (Im, "in der "),
                (Zum, "zur "),
                (Vom, "von der "),
                (Beim, "bei der "),
                (Er, "sie"),
                (Sein, "ihr"),
            ],
        };
        for (form, word) in words {
            let said = nominal.say(form, false);
            assert!(said.starts_with(word), "{form:?}: {said}");
        }
        let dative = nominal.say(Dem, false);
        let noun = dative.split_once(' ').map_or("", |(_, noun)| noun);
        for form in [Im, Zum, Vom, Beim] {
            let said = nominal.say(form, false);
            assert!(said.ends_with(noun), "{said} is no dative");
        }
        if nominal.genus == Genus::Maskulinum {
            let genitive = nominal.say(Des, false);
            let kind = [
                "Kreises",
                "kreises",
                "Marktes",
                "Fleckens",
                "Bezirks",
                "Regionalverbands",
            ];
            assert!(
                kind.iter().any(|kind| genitive.contains(kind)),
                "{genitive}"
            );
        }
    }
}
