//! Switches, by tables. What Word shows was taken from its own documentation of the
//! switches; where docx-mailmerge2 reads a picture soundly, its text is the same.

use super::*;

#[track_caller]
fn check_case(text: &str, expected: [&str; 4]) {
    let cases = ["upper", "lower", "firstcap", "caps"];
    let seen = cases.map(|case| case::changed(text, case).unwrap());
    assert_eq!(seen, expected, "{text}");
}

#[test]
fn capitals() {
    check_case(
        "straße nach Oberösterreich",
        [
            "STRASSE NACH OBERÖSTERREICH",
            "straße nach oberösterreich",
            "Straße nach Oberösterreich",
            "Straße Nach Oberösterreich",
        ],
    );
    check_case(
        "ärzte-kammer (örtlich) d'accord",
        [
            "ÄRZTE-KAMMER (ÖRTLICH) D'ACCORD",
            "ärzte-kammer (örtlich) d'accord",
            "Ärzte-kammer (örtlich) d'accord",
            "Ärzte-Kammer (Örtlich) D'accord",
        ],
    );
    check_case("", ["", "", "", ""]);
    assert_eq!(case::changed("x", "mittel"), None);
}

/// JSON as its number, all else as text.
fn value(text: &str) -> Value {
    match serde_json::from_str::<serde_json::Number>(text) {
        Ok(number) if number.is_f64() => Value::from(number.as_f64().unwrap()),
        Ok(number) => Value::from(number.as_i128().unwrap()),
        Err(_) => Value::from(text),
    }
}

fn shown(text: &str, picture: &str) -> Option<String> {
    number::written(Decimal::of(&value(text))?, picture)
}

#[track_caller]
fn check_number(picture: &str, texts: &[(&str, &str)]) {
    for (text, expected) in texts {
        assert_eq!(
            shown(text, picture).as_deref(),
            Some(*expected),
            "{text} as {picture}"
        );
    }
}

#[test]
fn numbers_by_picture() {
    check_number(
        "0",
        &[
            ("7", "7"),
            ("-7", "-7"),
            ("2.5", "3"),
            ("0", "0"),
            ("1234567", "1234567"),
        ],
    );
    check_number("#", &[("7", "7"), ("0", "0")]);
    check_number("000", &[("7", "007"), ("-7", "-007"), ("1234", "1234")]);
    check_number(
        "0.00",
        &[
            ("1.005", "1.01"),
            ("-1.005", "-1.01"),
            ("1234.5", "1234.50"),
            ("0.001", "0.00"),
            ("-0.001", "0.00"),
            ("9.999", "10.00"),
        ],
    );
    check_number("0,00", &[("1234.5", "1234,50")]);
    check_number(
        "#,##0.00",
        &[
            ("1234567.891", "1,234,567.89"),
            ("123", "123.00"),
            ("-1234", "-1,234.00"),
            ("0.5", "0.50"),
            ("1.234,5", "1,234.50"),
            ("1 234", "1,234.00"),
        ],
    );
    check_number(
        "#.##0,00",
        &[
            ("1234567.891", "1.234.567,89"),
            ("1.234,5", "1.234,50"),
            ("999999.995", "1.000.000,00"),
        ],
    );
    check_number("#,##0", &[("1234567", "1,234,567"), ("999.5", "1,000")]);
    check_number("#.##0", &[("1234567", "1.234.567")]);
    check_number("#,###", &[("1234567", "1,234,567")]);
    check_number("#,###,##0", &[("1234567", "1,234,567")]);
    check_number("#'##0.00", &[("1234567.5", "1'234'567.50")]);
    check_number("# ##0,00", &[("1234567.5", "1 234 567,50")]);
    check_number("0.000", &[("1.5", "1.500")]);
    check_number("#.##", &[("1.5", "1.50"), ("0.5", "0.50")]);
    check_number("#,##0.00 €", &[("1234.5", "1,234.50 €")]);
    check_number("€ #.##0,00", &[("-5", "€ -5,00")]);
    check_number("'Betrag: '0.00' EUR;'", &[("5", "Betrag: 5.00 EUR;")]);
    check_number("0 'x 0'", &[("5", "5 x 0")]);
    check_number("0 von 10", &[("5", "5 von 10")]);
}

#[test]
fn numbers_by_sign() {
    check_number(
        "#,##0.00;(#,##0.00);-",
        &[
            ("1234", "1,234.00"),
            ("-1234", "(1,234.00)"),
            ("0", "-"),
            ("0.00", "-"),
        ],
    );
    check_number("0.00;-0.00", &[("0", "0.00"), ("-3", "-3.00")]);
    check_number(
        "0;0 'im Minus; oft';null",
        &[("-3", "3 im Minus; oft"), ("0", "null")],
    );
    check_number("+0", &[("5", "+5"), ("-5", "-5"), ("0", " 0")]);
    check_number("-0", &[("5", " 5"), ("-5", "-5")]);
}

#[test]
fn numbers_by_other_pictures() {
    check_number("0%", &[("0.256", "26%"), ("1", "100%"), ("0.004", "0%")]);
    check_number("0.0%", &[("0.2567", "25.7%")]);
    check_number("0.00 %", &[("19", "19.00 %")]);
    check_number("N2", &[("1234.5", "1234.50"), ("2.345", "2.35")]);
    check_number("N0", &[("1234.5", "1235")]);
    check_number("P1", &[("0.256", "25.6%")]);
    check_number("ca. N1 km", &[("3.14", "ca. 3.1 km")]);
    check_number("x##", &[("222492", "492"), ("15", "15")]);
    check_number("0.00x", &[("0.125678", "0.126")]);
    check_number("Preis 0.00", &[("3", "Preis 3.00")]);
    assert_eq!(shown("3", "kein Platz"), None);
    assert_eq!(shown("drei", "0.00"), None);
    assert_eq!(shown("", "0.00"), None);
    let long = shown("1", &format!("0.{}", "0".repeat(1000)));
    assert_eq!(long.map(|text| text.len()), Some(102));
}

#[test]
fn texts_are_read_as_numbers() {
    let read = |text| number::written(Decimal::read(text)?, "0.000");
    for (text, expected) in [
        ("1234.5", "1234.500"),
        ("1.234,5", "1234.500"),
        ("1,234.5", "1234.500"),
        ("1.234.567", "1234567.000"),
        ("1.234", "1234.000"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1 234 567,5", "1234567.500"),
        ("1\u{202f}234", "1234.000"),
        ("1'234.5", "1234.500"),
        (" +7 ", "7.000"),
        ("−7", "-7.000"),
        ("007", "7.000"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "-",
        "12a",
        "1.2.3",
        "1,2,3",
        "1.23.456",
        "12 34",
        "1..5",
        ".5",
        "5.",
        "1e5",
        "22.11.2026",
        "§ 5",
        "½",
        "٣",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[track_caller]
fn check_date(text: &str, picture: &str, expected: &str) {
    let seen = date::read(text).map(|date| date::written(date, picture));
    assert_eq!(seen.as_deref(), Some(expected), "{text} as {picture}");
}

#[test]
fn dates_by_picture() {
    let text = "2026-03-02T15:04:05";
    check_date(text, "d.M.yyyy", "2.3.2026");
    check_date(text, "dd.MM.yy", "02.03.26");
    check_date(text, "D. MMMM YYYY", "2. März 2026");
    check_date(text, "dddd, d. MMM yyyy", "Montag, 2. Mrz 2026");
    check_date(text, "ddd DD", "Mo 02");
    check_date(text, "HH:mm:ss", "15:04:05");
    check_date(text, "H:m:s", "15:4:5");
    check_date(text, "h:mm AM/PM", "3:04 PM");
    check_date(text, "hh:mm am/pm", "03:04 PM");
    check_date("2026-03-02T00:30", "h", "12");
    check_date(text, "HH.mm 'Uhr' - MM", "15.04 Uhr - 03");
    check_date(text, "'den 'd. MMMM", "den 2. März");
    check_date(text, "yyyy-MM-ddTHH:mm", "2026-03-02T15:04");
    check_date(text, "MMMM d, yyyy", "März 2, 2026");
    check_date(text, "", "");
    check_date(text, "'offen", "offen");
}

#[test]
fn dates_are_read() {
    for text in [
        "2026-11-22",
        "2026-11-22T10:30:00",
        "2026-11-22 10:30",
        "2026-11-22T10:30:00Z",
        "2026-11-22T10:30:00.123+02:00",
        "22.11.2026",
        "22.11.26",
        "22. November 2026",
        "22. Nov. 2026",
        "22.\u{a0}November\u{a0}2026",
        " 22.11.2026, 10:30 Uhr ",
        "22.11.2026 10:30:15",
    ] {
        check_date(text, "dd.MM.yyyy", "22.11.2026");
    }
    check_date("22.11.2026 10:30", "HH:mm", "10:30");
    check_date("2026-11-22T10:30:00Z", "HH:mm", "10:30");
    for text in [
        "",
        "morgen",
        "2026",
        "31.02.2026",
        "2026-13-01",
        "1.2.3",
        "22.Foo.2026",
        "22.11.2026 bald",
    ] {
        assert_eq!(date::read(text), None, "{text}");
    }
}

#[test]
fn comparisons() {
    for (left, operator, right, expected) in [
        ("10", ">", "9", true),
        ("10", "<", "9", false),
        ("1.0", "=", "1", true),
        ("1.000,5", "=", "1000.5", true),
        ("-1", "<", "0", true),
        ("-2", "<", "-1", true),
        ("0", "=", "-0", true),
        ("9007199254740992", "<", "9007199254740993", true),
        ("1.234", "<", "5", true),
        ("Ja", "=", "JA", true),
        ("Öl", "=", "öl", true),
        ("Ja", "<>", "nein", true),
        ("Ja", "!=", "ja", false),
        ("abc", "<", "b", true),
        ("B", ">=", "a", true),
        ("10", "<", "9a", true),
        ("", "=", "", true),
        ("", "<>", "", false),
        ("x", "<>", "", true),
        ("Fürth", "=", "F*", true),
        ("Fürth", "=", "F?rth", true),
        ("Fürth", "=", "*t*", true),
        ("Fürth", "=", "F?th", false),
        ("Fürth", "<>", "N*", true),
        ("F*", "=", "Fürth", false),
        ("", "=", "*", true),
        ("aXbXc", "=", "a*x*c", true),
        ("true", "=", "True", true),
    ] {
        let seen = compare::holds(&value(left), operator, &value(right)).unwrap();
        assert_eq!(seen, Some(expected), "{left} {operator} {right}");
    }
    let holds = |left: &str, operator, right: &str| {
        compare::holds(&left.into(), operator, &right.into()).unwrap()
    };
    assert_eq!(holds("a", "~", "b"), None);
    assert_eq!(holds("1.234", "=", "1234"), Some(true));
    let long = "a".repeat(5_000);
    assert_eq!(holds(&long, "=", &"*a".repeat(1_000)), Some(true));
    assert_eq!(
        holds(&long, "=", &format!("{}b", "a*".repeat(50))),
        Some(false)
    );
}
