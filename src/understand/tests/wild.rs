//! Whatever people, programs and attackers send: nothing panics, and what comes out is sound.

use proptest::prelude::*;

use super::{mail, offers};
use crate::kommune::Register;
use crate::understand::{Understanding, understand};

/// Understands a text that stands in every field, and looks whether the result is sound.
fn sound(text: &str) -> Understanding {
    let register = Register::built_in();
    let mail = mail(text, text, text, text);
    let found = understand(&mail, register, &offers(), None);
    let asks = !found.questions.is_empty();
    assert!(!asks || found.wishes.is_empty(), "{found:?}");
    assert!(asks || found.nothing_asked || !found.wishes.is_empty());
    assert!(found.questions.iter().all(|q| q.candidates.len() <= 10));
    assert!(found.evidence.len() <= 21, "{:?}", found.evidence);
    for wish in &found.wishes {
        assert!(register.get(&wish.kommune).is_some(), "{wish:?}");
    }
    found
}

#[test]
fn bad_input_is_taken_as_text() {
    let long = "x".repeat(300);
    let marks = [
        "{{ beirat }} {% for x in y %} ${7*7} #{1} <%= 1 %>",
        "<script>alert(1)</script><img src=x onerror=y>",
        "\u{202e}htreuF tdatS\u{202c} Ausländerbeirat",
        "Aus\u{200b}länder\u{200d}beirat F\u{feff}ürth",
        "Fürth\r\nBcc: x@example.org\r\n\r\nAusländerbeirat",
        "\0\u{1}\u{7f}\u{85}\u{2028}",
        "🏙️🇩🇪 Ausländerbeirat ٣ Fürth ½ ß ẞ ﬁ",
        "'; DROP TABLE request; --",
        "Kommune: {{ kommune }}\nBeirat: <b>ABR</b>",
    ];
    for text in marks.into_iter().chain([long.as_str()]) {
        sound(text);
    }
}

#[test]
fn long_texts_and_many_names_are_bounded() {
    let words = "Essen nicht für Ausländerbeirat und ";
    let all = [
        words.repeat(5_000),
        "Fürth, ".repeat(5_000),
        "Ausländerbeirat ".repeat(5_000),
        "Stadt und Kreis ".repeat(5_000),
        "Neustadt Ausländerbeirat. ".repeat(2_000),
        "nicht ".repeat(30_000),
        "(".repeat(30_000),
        "Kommune: Neustadt\n".repeat(5_000),
        "ä".repeat(50_000),
    ];
    for text in &all {
        let found = sound(text);
        assert!(found.wishes.len() <= 1_000);
    }
}

/// Pieces of requests, to be put together at random.
const PIECES: [&str; 24] = [
    "Fürth",
    "Essen",
    "Neustadt",
    "Landkreis",
    "Stadt",
    "Ausländerbeirat",
    "Integrations-",
    "Beirat",
    "für",
    "nicht",
    "sondern",
    "und",
    "oder",
    ",",
    ".",
    "\n",
    ":",
    "(",
    ")",
    "/",
    "statt",
    "Letzteren",
    "90762",
    "Kreistag",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_understood_soundly(text in "\\PC{0,80}") {
        sound(&text);
    }

    #[test]
    fn any_order_of_pieces_is_understood_soundly(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        blank in prop::bool::ANY,
    ) {
        sound(&pieces.join(if blank { " " } else { "" }));
    }
}
