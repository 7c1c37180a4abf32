use crate::german::Form::{Beim, Dem, Den, Der, Des, Er, Im, In, Name, Vom, Zum};
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
