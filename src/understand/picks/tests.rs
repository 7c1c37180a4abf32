use super::*;

fn question(topic: Topic, labels: &[&str]) -> Question {
    Question {
        topic,
        heard: None,
        candidates: labels
            .iter()
            .map(|label| Choice {
                label: (*label).to_owned(),
                line: String::new(),
            })
            .collect(),
    }
}

#[test]
fn numbers_are_told_from_dates_and_counts() {
    let asked = [
        question(
            Topic::Kommune,
            &[
                "Stadt Fürth (Bayern, 132.032 Einwohner)",
                "Gemeinde Fürth (Hessen, Landkreis Bergstraße, 10.650 Einwohner)",
                "Landkreis Fürth (Bayern, 119.906 Einwohner)",
            ],
        ),
        question(Topic::Beirat, &["Ausländerbeirat", "Integrationsbeirat"]),
    ];
    let person = ["nolte".to_owned()];
    for (text, expected) in [
        ("2", &[2][..]),
        ("2.", &[2]),
        ("Nr. 2", &[2]),
        ("Nr.2", &[2]),
        ("Nummer zwei", &[2]),
        ("die zweite", &[2]),
        ("das zweite bitte", &[2]),
        ("Antwort 2", &[2]),
        ("Antwort: 2", &[2]),
        ("Die 2te bitte!", &[2]),
        ("1 und 4", &[1, 4]),
        ("1, 4", &[1, 4]),
        ("1+4", &[1, 4]),
        ("1\n4", &[1, 4]),
        ("ja genau, die erste", &[1]),
        ("Danke! 2. Viele Grüße", &[2]),
        ("2 Viele Grüße Ingrid Nolte", &[2]),
        ("2. Nolte", &[2]),
        ("2. Wir freuen uns auf den Antrag.", &[2]),
        (
            "2. Gemeinde Fürth (Hessen, Landkreis Bergstraße, 10.650 Einwohner)",
            &[2],
        ),
        ("Nummer 3 (Landkreis Fürth)", &[3]),
        ("2\nUnsere Sitzung ist am 3. Mai um 4 Uhr.", &[2]),
        ("nicht 2, sondern 3", &[3]),
        ("Nicht die erste, sondern die zweite.", &[2]),
        ("die letzte", &[]),
        ("Hallo,\n\nich meine die 3.\n\nLG", &[3]),
        // none of these picks
        ("am 2. Mai", &[]),
        ("2. Mai", &[]),
        ("02.03.2026", &[]),
        ("Tel. 0911 2 3", &[]),
        ("0911/2", &[]),
        ("Wir haben 2 Beiräte.", &[]),
        ("um 2 Uhr", &[]),
        ("2:30", &[]),
        ("2 oder 3", &[]),
        ("2, oder doch 3", &[]),
        ("2?", &[]),
        ("2 %", &[]),
        ("7", &[]),
        ("02", &[]),
        ("2 (Landkreis Fürth in Sachsen)", &[]),
        ("zum ersten Mal", &[]),
        ("Landkreis", &[]),
        ("91781", &[]),
    ] {
        let text = Text::of(text);
        let picks = read(&text, &asked, &person);
        assert_eq!(
            picks.numbers,
            expected,
            "{}",
            text.words.source(0..text.words.len())
        );
    }
}

#[test]
fn all_yes_and_no_are_said_of_one_question() {
    let two = question(Topic::Kommune, &["Stadt Fürth", "Landkreis Fürth"]);
    let three = question(Topic::Kommune, &["Lauf", "Hof", "Singen"]);
    let one = question(Topic::Kommune, &["Stadt Fürth"]);
    for (text, question, expected) in [
        ("beide", &two, 2),
        ("Alle bitte", &two, 2),
        ("alle zwei", &two, 2),
        ("Beide!", &three, 0),
        ("alle drei", &three, 3),
        ("ja", &one, 1),
        ("Ja, genau.", &one, 1),
        ("Richtig, danke!", &one, 1),
        ("ja", &two, 0),
        ("nein", &one, 0),
        ("stimmt nicht", &one, 0),
        ("alle Gemeinden im Kreis", &two, 0),
    ] {
        let asked = std::slice::from_ref(question);
        let picks = read(&Text::of(text), asked, &[]);
        assert_eq!(picks.of(question, 1, asked).len(), expected, "{text}");
    }
}
