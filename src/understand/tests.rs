mod neighbours;
mod wild;

use super::*;
use crate::mail::{Address, Legibility, Origin, Text};

/// What is said of each text is what is expected of it; all that differ are told at once.
pub(super) fn compare(cases: &[(&str, &str)], said: impl Fn(&str) -> String) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, said(text)))
        .filter(|(_, expected, got)| got != *expected)
        .map(|(text, expected, got)| format!("{text}\n   wanted {expected}\n   got    {got}"))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

pub(super) fn mail(from: &str, subject: &str, new: &str, signature: &str) -> Mail {
    Mail {
        message_id: None,
        from: Some(Address {
            name: Some(from.to_owned()),
            email: "person@example.net".to_owned(),
        }),
        other_authors: Vec::new(),
        reply_to: None,
        sender: None,
        subject: Some(subject.to_owned()),
        date: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        loops: Vec::new(),
        authentication: Vec::new(),
        origin: Origin::Person,
        sign: None,
        report: None,
        legibility: Legibility::Readable,
        text: Text {
            new: new.to_owned(),
            signature: signature.to_owned(),
            quoted: String::new(),
        },
        files: Vec::new(),
        templates: Vec::new(),
        fingerprint: String::new(),
    }
}

fn offers() -> Vec<Offer> {
    let offer = |id: &str, title: &str, word: &str, default| Offer {
        id: TemplateId::parse(id).unwrap(),
        title: title.to_owned(),
        words: word.split('|').map(str::to_owned).collect(),
        default,
        felder: Vec::new(),
    };
    vec![
        offer(
            "nationaler-integrationsplan",
            "Umsetzung des Nationalen Integrationsplanes",
            "Integrationsplan|Selbstverpflichtungen der kommunalen Spitzenverbände",
            true,
        ),
        offer("wahlrecht", "Kommunales Wahlrecht", "Wahlrecht", false),
    ]
}

/// "09563000 Ausländerbeirat Stadtrat" a wish, "?kommune beirat" for questions, "-" for nothing asked.
fn said(understanding: &Understanding) -> String {
    if understanding.nothing_asked {
        return "-".to_owned();
    }
    if !understanding.questions.is_empty() {
        let mut topics: Vec<String> = understanding
            .questions
            .iter()
            .map(|question| format!("{:?}", question.topic).to_lowercase())
            .collect();
        topics.dedup();
        return format!("?{}", topics.join(" "));
    }
    let wishes: Vec<String> = understanding
        .wishes
        .iter()
        .map(|wish| {
            format!(
                "{} {} {}",
                wish.kommune.as_str(),
                wish.beirat.name,
                wish.rat.name
            )
        })
        .collect();
    wishes.join(" + ")
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let got = understand(
                &mail("Ingrid Nolte", "Musterantrag", text, ""),
                Register::built_in(),
                &offers(),
                None,
            );
            (said(&got) != *expected).then(|| {
                format!(
                    "{text}\n   wanted {expected}\n   got    {} {:?}",
                    said(&got),
                    got.questions
                )
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn places_and_bodies_in_free_text() {
    check(&[
        (
            "Bitte den Antrag für den Ausländerbeirat der Stadt Erlangen.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "Der Erlanger Ausländerbeirat möchte den Antrag stellen.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "wir vom Darmstädter Ausländerbeirat hätten den Antrag gern",
            "06411000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Für Schweinfurt bitte, Gremium ist der Integrationsbeirat.",
            "09662000 Integrationsbeirat Stadtrat",
        ),
        (
            "Hallo, wir brauchen den Musterantrag. Kommune ist Fulda, Gremium der Ausländerbeirat, das Stadtparlament entscheidet.",
            "06631009 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        ("Integrationsrat Bielefeld", "05711000 Integrationsrat Rat"),
        (
            "bitte für die Integrationskommission in Neu-Isenburg",
            "06438009 Integrations-Kommission Stadtverordnetenversammlung",
        ),
        (
            "Ausländerbeirat Main-Taunus-Kreis, bitte zusenden",
            "06436 Ausländerbeirat Kreistag",
        ),
        (
            "der Kreisausländerbeirat Offenbach braucht den Antrag",
            "06438 Kreisausländerbeirat Kreistag",
        ),
        (
            "Der Kreismigrationsbeirat des Landkreises Göppingen bittet um den Antrag.",
            "08117 Kreismigrationsbeirat Kreistag",
        ),
        (
            "Antrag für Ausländerbeirat im Landkreis Marburg-Biedenkopf",
            "06534 Ausländerbeirat Kreistag",
        ),
        (
            "Wir, der Beirat für Migration und Integration des Westerwaldkreises, bitten um den Antrag.",
            "07143 Beirat für Migration und Integration Kreistag",
        ),
        (
            "Der Integrationsrat im Märkischen Kreis hätte ihn gern.",
            "05962 Integrationsrat Kreistag",
        ),
        (
            "Bitte den Antrag für die Region Hannover, Integrationsbeirat.",
            "03241 Integrationsbeirat Regionsversammlung",
        ),
        (
            "Integrationsbeirat der Landeshauptstadt Hannover",
            "03241001 Integrationsbeirat Rat",
        ),
        (
            "Migrationsbeirat Berlin-Neukölln bittet um Zusendung",
            "11000008 Migrationsbeirat Bezirksverordnetenversammlung",
        ),
        (
            "Wir sind der Ausländerbeirat in Weiden i.d.OPf. und bitten um den Antrag.",
            "09363000 Ausländerbeirat Stadtrat",
        ),
        (
            "Integrationsbeirat von Forst (Lausitz) bitte",
            "12071076 Integrationsbeirat Stadtverordnetenversammlung",
        ),
        (
            "Migrantenbeirat der Universitätsstadt Gießen",
            "06531005 Migrantenbeirat Stadtverordnetenversammlung",
        ),
        (
            "Bitte für den Ausländerbeirat der Stadt Hof, vielen Dank.",
            "09464000 Ausländerbeirat Stadtrat",
        ),
        (
            "Der Integrationsbeirat Regen bittet um den Antrag.",
            "09276138 Integrationsbeirat Stadtrat",
        ),
        (
            "Der Integrationsrat in Essen bittet um den Antrag.",
            "05113000 Integrationsrat Rat",
        ),
        (
            "Unser Ausländerbeirat tagt beim Essen im Hof. Wir kommen aus Wetzlar.",
            "06532023 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Herr Horn und Frau Stein vom Ausländerbeirat Kassel bitten um den Antrag.",
            "06611000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Ausländerbeirat Marburg an der Lahn bitte",
            "06534014 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "AUSLAENDERBEIRAT NUERNBERG BITTE",
            "09564000 Ausländerbeirat Stadtrat",
        ),
        (
            "ausländerbeirat fürth bitte",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Der Integrationsbeirat der Stadt Ausgburg bittet um den Antrag.",
            "09761000 Integrationsbeirat Stadtrat",
        ),
        (
            "Der Auslaenderbeirrat der Stadt Wiesbaden möchte den Antrag.",
            "06414000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Ausländerbeirat Garmisch-Partenkirchn",
            "09180117 Ausländerbeirat Marktgemeinderat",
        ),
        (
            "Please send the motion for the Integrationsrat of the city of Bonn.",
            "05314000 Integrationsrat Rat",
        ),
        (
            "Wir sind der Integrationsbeirat der Samtgemeinde Zeven.",
            "033575408 Integrationsbeirat Samtgemeinderat",
        ),
        (
            "Integrationsbeirat, Große Kreisstadt Freising",
            "09178124 Integrationsbeirat Stadtrat",
        ),
        (
            "Antragsteller: Ausländerbeirat der Stadt Langen (Hessen)",
            "06438006 Ausländerbeirat Stadtverordnetenversammlung",
        ),
    ]);
}

#[test]
fn qualifiers_tell_between_several() {
    check(&[
        (
            "Ausländerbeirat Neustadt in Sachsen bitte",
            "14628260 Ausländerbeirat Stadtrat",
        ),
        (
            "Ausländerbeirat Neustadt an der Weinstraße",
            "07316000 Ausländerbeirat Stadtrat",
        ),
        (
            "Integrationsbeirat in Altenstadt (Landkreis Weilheim-Schongau)",
            "09190111 Integrationsbeirat Gemeinderat",
        ),
        (
            "Integrationsbeirat in Bergen auf Rügen",
            "13073010 Integrationsbeirat Stadtvertretung",
        ),
        (
            "Im Landkreis Weilheim-Schongau hat die Gemeinde Altenstadt einen Integrationsbeirat; der bittet um den Antrag.",
            "09190111 Integrationsbeirat Gemeinderat",
        ),
        (
            "der Ausländerbeirat im hessischen Lichtenfels, Stadtverordnetenversammlung",
            "06635016 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Ausländerbeirat Münster (Westfalen)",
            "05515000 Ausländerbeirat Rat",
        ),
        (
            "Ausländerbeirat 36251 Bad Hersfeld",
            "06632002 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Integrationsbeirat Lichtenfels, Bayern",
            "09478139 Integrationsbeirat Stadtrat",
        ),
        (
            "Ausländerbeirat Rosenheim, zuständig ist der Kreistag",
            "09187 Ausländerbeirat Kreistag",
        ),
        (
            "Ausländerbeirat Fürth, Hessen, bitte",
            "06431007 Ausländerbeirat Gemeindevertretung",
        ),
        (
            "Beirat für Migration und Integration Konz, der Verbandsgemeinderat entscheidet",
            "072355003 Beirat für Migration und Integration Verbandsgemeinderat",
        ),
        (
            "Ausländerbeirat Stadt Hanau, Main-Kinzig-Kreis",
            "06415000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        ("Ausländerbeirat Homburg v.d.H.", "?kommune"),
        (
            "Ausländerbeirat Fürth (Odenwald)",
            "06431007 Ausländerbeirat Gemeindevertretung",
        ),
        ("Ausländerbeirat der Stadt Fürth in Hessen", "?kommune"),
        ("Ausländerbeirat Münster", "05515000 Ausländerbeirat Rat"),
        ("Ausländerbeirat Landkreis Hanau", "?kommune"),
        ("Kreisausländerbeirat Hanau", "?kommune"),
        (
            "Ausländerbeirat der Stadt Fürth, der Kreistag soll beschließen",
            "?rat",
        ),
        (
            "Ausländerbeirat des Landkreises Fürth, beschließen soll der Stadtrat",
            "?rat",
        ),
        (
            "Integrationsrat der Stadt Köln, im Stadtrat",
            "05315000 Integrationsrat Stadtrat",
        ),
        ("Ausländerbeirat Neustadt", "?kommune"),
        ("Ausländerbeirat Landkreis Neustadt", "?kommune"),
    ]);
}

#[test]
fn several_are_paired_or_asked_about() {
    check(&[
        (
            "Bitte für den Ausländerbeirat und den Integrationsbeirat der Stadt Ulm.",
            "08421000 Ausländerbeirat Gemeinderat + 08421000 Integrationsbeirat Gemeinderat",
        ),
        (
            "Ausländerbeirat Fulda und Integrationsbeirat Coburg",
            "06631009 Ausländerbeirat Stadtverordnetenversammlung + 09463000 Integrationsbeirat Stadtrat",
        ),
        (
            "Integrationsbeirat für Stadt und Landkreis Coburg",
            "09463000 Integrationsbeirat Stadtrat + 09473 Integrationsbeirat Kreistag",
        ),
        (
            "Wir brauchen ihn für die Ausländerbeiräte der Städte Fulda, Hanau und Kassel.",
            "06631009 Ausländerbeirat Stadtverordnetenversammlung + 06415000 Ausländerbeirat Stadtverordnetenversammlung + 06611000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Ausländerbeirat oder Integrationsbeirat der Stadt Ulm?",
            "?beirat",
        ),
        (
            "Der Ausländerbeirat/Integrationsbeirat der Stadt Ulm",
            "?beirat",
        ),
        ("Ausländerbeirat, entweder Fürth oder Erlangen", "?kommune"),
        (
            "Ich bin mir nicht sicher, ob Stadt oder Landkreis Coburg; Ausländerbeirat.",
            "?kommune",
        ),
        (
            "- Stadt Fürth: Ausländerbeirat\n- Stadt Erlangen: Integrationsbeirat",
            "09563000 Ausländerbeirat Stadtrat + 09562000 Integrationsbeirat Stadtrat",
        ),
        ("Ausländerbeiräte in Augsburg und Neustadt", "?kommune"),
        (
            "Nicht für Fürth, sondern für Erlangen bitte, Ausländerbeirat.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "Der Integrationsbeirat (früher Ausländerbeirat) der Stadt Ulm bittet darum.",
            "08421000 Integrationsbeirat Gemeinderat",
        ),
        (
            "Ich lebe in Nürnberg, es geht aber um den Ausländerbeirat Erlangen.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "So wie in Fürth wollen wir es auch: Ausländerbeirat Erlangen.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "Der Ausländerbeirat Fürth hat den Antrag schon gestellt. Bitte auch für unseren Ausländerbeirat in Erlangen.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "Wir treffen uns am Montag in Nürnberg. Der Ausländerbeirat Erlangen bittet um den Antrag.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
    ]);
}

#[test]
fn hearsay_models_and_doubt_send_nothing_wrong() {
    check(&[
        (
            "Ich brauche den Antrag des Integrationsbeirats Regensburg als Vorlage für uns in Passau.",
            "?beirat",
        ),
        (
            "Ich habe den Antrag vom Integrationsbeirat Regensburg gesehen. Wir in Passau, auch Integrationsbeirat, wollen ihn ebenfalls.",
            "09262000 Integrationsbeirat Stadtrat",
        ),
        (
            "Sie haben mir den Antrag für Regensburg geschickt, ich brauche ihn aber für Passau. Integrationsbeirat.",
            "09262000 Integrationsbeirat Stadtrat",
        ),
        (
            "Den Antrag für Fürth haben wir schon, jetzt brauchen wir ihn für Erlangen. Ausländerbeirat.",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "Bitte für alle Städte im Landkreis Fürth, Integrationsbeirat.",
            "?kommune",
        ),
        ("Integrationsbeirat/-rat Passau bitte", "?beirat"),
        ("Ausländerbeirat in Brandenburg bitte", "?kommune"),
        ("Ausländerbeirat Stadt und Land Rosenheim bitte", "?kommune"),
        (
            "Ausländerbeirat für Stadt/Landkreis Rosenheim bitte",
            "?kommune",
        ),
        (
            "Für den Ausländerbeirat Fürth. Gemeint ist der Landkreis.",
            "09573 Ausländerbeirat Kreistag",
        ),
        (
            "Landratsamt Rosenheim, Integrationsbeirat: bitte den Antrag senden",
            "09187 Integrationsbeirat Kreistag",
        ),
        ("Stadt Essen (Oldenburg), Integrationsbeirat", "?kommune"),
        (
            "Ich weiß nicht, ob Stadtrat oder Kreistag. Ausländerbeirat Rosenheim.",
            "?rat",
        ),
        (
            "Integrationsrat Herford und Kreis Herford",
            "05758012 Integrationsrat Rat + 05758 Integrationsrat Kreistag",
        ),
        (
            "Integrationsrat Lage (Lippe) bitte",
            "05766040 Integrationsrat Rat",
        ),
        (
            "Bei diesem Wetter: Integrationsrat Witten bitte.",
            "05954036 Integrationsrat Rat",
        ),
    ]);
}

#[test]
fn fields_decide() {
    check(&[
        (
            "Kommune: Fürth\nLand: Hessen\nBeirat: Ausländerbeirat",
            "06431007 Ausländerbeirat Gemeindevertretung",
        ),
        (
            "Gemeinde: Altenstadt\nLandkreis: Weilheim-Schongau\nBeirat: Integrationsbeirat",
            "09190111 Integrationsbeirat Gemeinderat",
        ),
        (
            "Landkreis: Fürth\nGremium: Integrationsbeirat",
            "09573 Integrationsbeirat Kreistag",
        ),
        (
            "Stadt: Fürth\nBeirat: Ausländerbeirat\nRat: Stadtrat",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Beirat: Ausländerbeirat\nKommune: Fürth\nKommune: Erlangen",
            "09563000 Ausländerbeirat Stadtrat + 09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "Beirat: Ausländerbeirat\nbitte für die Stadt Fürth",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Kommune: Stadt Fürth\nwir sind der Ausländerbeirat",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Kommune: \nBeirat: Ausländerbeirat\n\nIch wohne in der Stadt Fürth.",
            "?kommune",
        ),
        ("Kommune: Stadt Fürth\nBeirat: ", "?beirat"),
        ("Kommune: Musterhausen\nBeirat: Ausländerbeirat", "?kommune"),
        (
            "Kommune: Stuttgrat\nBeirat: Ausländerbeirat",
            "08111000 Ausländerbeirat Gemeinderat",
        ),
        (
            "Kommune: Stadt Fürth\nBeirat: Ausländerbeirat\nRat: Kreistag",
            "?rat",
        ),
        (
            "Kommune: Neustadt\nPLZ: 93333\nBeirat: Integrationsbeirat",
            "09273152 Integrationsbeirat Stadtrat",
        ),
        (
            "Kommune: Stadt Fürth und Landkreis Fürth\nBeirat: Integrationsbeirat",
            "09563000 Integrationsbeirat Stadtrat + 09573 Integrationsbeirat Kreistag",
        ),
    ]);
}

#[test]
fn what_is_missing_is_asked() {
    check(&[
        ("Bitte den Antrag.", "?kommune beirat"),
        ("", "?kommune beirat"),
        ("Bitte den Antrag für die Stadt Fürth.", "?beirat"),
        (
            "Unser Ausländerbeirat bittet um den Antrag. Wir sind in der Lage, ihn selbst zu stellen.",
            "?kommune",
        ),
        ("Ausländerbeirat Musterhausen bitte", "?kommune"),
        ("Ausländerbeirat der Gemeinde Musterhausen", "?kommune"),
        ("Rosenheim", "?beirat"),
        ("Landkreis", "?kommune beirat"),
        (
            "Antrag für unseren Seniorenbeirat in Fürth bitte",
            "?beirat",
        ),
        ("Vielen Dank, hat alles wunderbar geklappt!", "-"),
        (
            "Danke für den Antrag für den Ausländerbeirat Fürth, er ist angekommen.",
            "-",
        ),
        (
            "Vielen Dank im Voraus für den Antrag für den Ausländerbeirat Fürth, den wir brauchen.",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Musterantrag zum Thema Hundesteuer für den Ausländerbeirat Fürth bitte",
            "?template",
        ),
        (
            "Wir hätten gern den Musterantrag zum Klimaschutz für den Ausländerbeirat Fürth.",
            "?template",
        ),
        (
            "Ich hätte gern einen Antrag gegen Rassismus, Ausländerbeirat Fürth.",
            "?template",
        ),
        (
            "Bitte den Musterantrag zur Umsetzung der Selbstverpflichtungen, Ausländerbeirat Fürth.",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Bitte den Antrag zur Weiterleitung an den Ausländerbeirat Fürth.",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Musterantrag zum Klimaschutz, Fürth, Integrationsbeirat",
            "?template",
        ),
        (
            "Der Antrag ist für Kassel. Wir hatten ihn schon für Göttingen. Ausländerbeirat.",
            "06611000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        ("Ausländerbeirat Mainz-Spessart-Kreis", "?kommune"),
        ("Integrationsbeirat Klein-Ulm", "?kommune"),
        (
            "Ausländerbeirat Frankfurt-Main, bitte den Antrag",
            "06412000 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "Integrationsbeirat-Ulm, bitte den Antrag",
            "08421000 Integrationsbeirat Gemeinderat",
        ),
    ]);
}

#[test]
fn text_subject_and_signature_rank() {
    let register = Register::built_in();
    for (subject, text, signature, expected) in [
        (
            "Ausländerbeirat Fürth",
            "Bitte den Antrag.",
            "",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "Ausländerbeirat Fürth",
            "Bitte den Antrag für Erlangen.",
            "",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "WG: Ausländerbeirat Fürth",
            "Bitte den Antrag.",
            "",
            "?kommune beirat",
        ),
        (
            "Neustadt (Hessen)",
            "Ausländerbeirat Neustadt bitte",
            "",
            "06534016 Ausländerbeirat Stadtverordnetenversammlung",
        ),
        (
            "",
            "Bitte den Antrag.",
            "Viele Grüße\nAusländerbeirat der Stadt Fürth\nKönigstraße 86, 90762 Fürth",
            "09563000 Ausländerbeirat Stadtrat",
        ),
        (
            "",
            "Bitte den Antrag, Ausländerbeirat.",
            "Muster GmbH\nKönigstraße 86, 90762 Fürth",
            "?kommune",
        ),
        (
            "",
            "Bitte den Antrag, Ausländerbeirat Erlangen.",
            "Viele Grüße\nKönigstraße 86, 90762 Fürth",
            "09562000 Ausländerbeirat Stadtrat",
        ),
        (
            "",
            "Unser Ausländerbeirat bittet um den Antrag.",
            "Anna Horn",
            "?kommune",
        ),
    ] {
        let got = understand(
            &mail("Anna Horn", subject, text, signature),
            register,
            &offers(),
            None,
        );
        assert_eq!(said(&got), expected, "{subject} | {text} | {signature}");
    }
}

#[test]
fn every_line_of_a_choice_means_its_municipality() {
    let register = Register::built_in();
    let lost: Vec<String> = register
        .kommunen()
        .filter_map(|kommune| {
            let line = question::kommune_line(kommune, register);
            let value = line.strip_prefix("Kommune: ").unwrap_or_default();
            let means = decide::value_means(value, register);
            (means != [kommune.schluessel.clone()]).then(|| format!("{line}: {means:?}"))
        })
        .collect();
    assert!(lost.is_empty(), "{} lost: {lost:#?}", lost.len());
}

#[test]
fn questions_carry_candidates_and_what_is_settled() {
    let got = understand(
        &mail(
            "Anna Horn",
            "",
            "Ausländerbeirat der Stadt Friedberg bitte",
            "",
        ),
        Register::built_in(),
        &offers(),
        None,
    );
    let question = got.questions.first().unwrap();
    assert_eq!(question.heard.as_deref(), Some("Stadt Friedberg"));
    let first = question.candidates.first().unwrap();
    assert!(
        first.label.starts_with("Stadt Friedberg ("),
        "{}",
        first.label
    );
    assert!(
        first.line.starts_with("Kommune: Stadt Friedberg ("),
        "{}",
        first.line
    );
    assert_eq!(
        got.request,
        [vec![
            Line::Open(Topic::Kommune, Some("Stadt Friedberg".to_owned())),
            Line::Settled(Topic::Beirat, "Beirat: Ausländerbeirat".to_owned()),
        ]]
    );
}

#[test]
fn the_account_tells_what_decided_and_what_was_set_aside() {
    let told = |text: &str| {
        let mail = mail("Ingrid Nolte", "Musterantrag", text, "");
        understand(&mail, Register::built_in(), &offers(), None).evidence
    };
    assert_eq!(
        told(
            "Nicht für Hanau, sondern für den Ausländerbeirat im Lkr. Fulda. Beim Essen kam die Idee."
        ),
        [
            "„Lkr. Fulda“ ist Landkreis Fulda (Hessen): die Art ist genannt.",
            "„Lkr. Fulda“ ist gemeint: 8 Punkte, genannt (+1), beim Gremium „Ausländerbeirat“ (+3), \
             das Gremium ist erbeten (+3), mit der Art („Stadt“, „Landkreis“ …) (+1).",
            "Das Gremium ist genannt: Ausländerbeirat.",
            "Der Rat ist Kreistag: er folgt aus Land und Art (Hessen, Landkreis).",
            "„Hanau“ ist nicht erbeten: genannt (+1), hinter „für“ (+3), verneint (schließt aus).",
            "„Essen“ zählt nicht als Ort: genannt (+1), \
             auch ein gewöhnliches Wort oder ein Familienname (-2).",
        ]
    );
    assert_eq!(
        told("Bitte für Friedberg, Seniorenbeirat."),
        [
            "Gefragt wird nach der Kommune: „Friedberg“ kann 2 Kommunen meinen, \
             und keine hat zehnmal so viele Einwohner wie die nächste.",
            "Gefragt wird nach dem Gremium: kein Gremium ist genannt.",
        ]
    );
}
