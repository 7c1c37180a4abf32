//! What Markdown cannot hold, and what would do harm.

use super::*;

#[track_caller]
fn fault(markdown: &str, line: usize, expected: &str) {
    let fault = word_package(markdown, "T").unwrap_err();
    assert_eq!(fault.place.text, format!("Zeile {line}"), "{markdown}");
    assert!(fault.problem.contains(expected), "{fault}");
}

#[test]
fn what_markdown_cannot_hold_is_a_fault_with_its_line() {
    for (markdown, line, expected) in [
        ("a\n\n![x](y.png)", 3, "Bilder"),
        ("a\n{% if x %}\nb\n{% endif %}\n<div>", 5, "HTML"),
        ("a <b>b</b>", 1, "HTML"),
        ("a `b`", 1, "Programmtext"),
        ("a\n\n    b", 3, "Programmtext"),
        ("a\n\n---\n\n# b", 5, "muss ein Absatz folgen"),
        ("a\n\n---", 3, "muss ein Absatz folgen"),
        ("a\n\n\\pagebreak", 3, "folgt nichts"),
        ("a\n\n<!-- b --> c", 3, "neue Zeile"),
        ("a\n\n<!-- b\n\nc", 3, "nicht geschlossen"),
        (
            "a\n\n[Ort]: Hof",
            3,
            "auf die Adresse [Ort]: verweist nichts",
        ),
        ("[a](https://b.de 'c')", 1, "„c“ hinter der Adresse"),
        ("- - a", 1, "beginnt mit Text; vor einer weiteren Liste"),
        ("- | a |\n  |---|", 1, "beginnt mit Text; vor der Tabelle"),
    ] {
        fault(markdown, line, expected);
    }
    check("a <!-- weg -->b", &p("", "a b"));
    check("<!-- {{ x }}\nweg\n-->\n\nb", &p("", "b"));
}

#[test]
fn links_lead_to_whole_addresses() {
    for target in [
        "",
        "agaby.de",
        "#kapitel",
        "a.md",
        "https://",
        "javascript:x",
        "file:///a",
    ] {
        let expected = format!("„{target}“ ist keine vollständige Adresse");
        fault(&format!("a\n[b](<{target}>)"), 2, &expected);
    }
}

#[test]
fn footnotes_and_references_belong_together() {
    for (markdown, line, expected) in [
        ("a[^1]", 1, "[^1] ist nirgends erklärt"),
        ("a\nb[^x y]\n\n[^1]: c", 2, "[^x y] ist nirgends erklärt"),
        ("a\n\n[^1]: b", 3, "auf die Fußnote [^1] verweist nichts"),
        ("a[^1]\n\n[^1]: b\n[^1]: c", 4, "[^1] ist zweimal erklärt"),
        ("a[^1]\n\n[^1]:\n", 3, "[^1] ist leer"),
        ("a[^1]\n\n[^1]:\n\n    {% set x = 1 %}", 3, "[^1] ist leer"),
        ("a[^1]\n\n[^1]: b[^2]\n[^2]: c", 3, "keine Fußnote haben"),
        ("a[^1]\n\n[^1]: b\n\n    - c", 5, "nur Text"),
        ("a[^1]\n\n[^1]: b\n\n    # c", 5, "nur Text"),
        ("a[^1]\n\n[^1]: ![b](c.png)", 3, "Bilder"),
    ] {
        fault(markdown, line, expected);
    }
    check(r"a\[^1] b[^]", &p("", "a[^1] b[^]"));
}

#[test]
fn tables_lose_nothing() {
    let head = "| a | b |\n|---|---|\n";
    for (row, line, expected) in [
        ("| 1 | 2 | 3 |", 3, "hat 3 Zellen, ihr Kopf nur 2"),
        ("Text", 3, "gehört eine Leerzeile"),
        ("\n| 1 | 2 |", 4, "eine Kopfzeile und darunter"),
        ("\n| c | d |\n|---|---|", 4, "zwischen zwei Tabellen"),
    ] {
        fault(&format!("{head}{row}"), line, expected);
    }
    let columns = "|-".repeat(64);
    fault(
        &format!("{}|\n{columns}|", "| a ".repeat(64)),
        1,
        "höchstens 63 Spalten",
    );
    assert!(body(&format!("{head}| 1 \\| 2 | {{{{ x|y }}}} |")).contains("1 | 2"));
}

/// Deep nesting is refused by its line, without taking the stack or hours.
#[test]
fn nesting_has_bounds() {
    fault(&format!("{}a", "> ".repeat(6)), 1, "Zitate ineinander");
    fault(&format!("{}a", ">".repeat(100_000)), 1, "Zitate ineinander");
    fault(&format!("{}a", "- ".repeat(50_000)), 1, "beginnt mit Text");
    let stars = "*".repeat(50_000);
    assert!(body(&format!("{stars}a{stars}")).contains("<w:b/>"));
    let brackets = format!("{}a{}", "[".repeat(50_000), "]".repeat(50_000));
    check(&brackets, &p("", &brackets));
}

#[test]
fn large_documents_take_their_time_and_no_more() {
    let many = 10_000;
    let notes: String = (0..many)
        .map(|n| format!("a[^{n}]\n\n[^{n}]: b\n\n"))
        .collect();
    assert_eq!(body(&notes).matches("<w:footnoteReference ").count(), many);
    let lists = "1. a\n\nb\n\n".repeat(many);
    assert_eq!(body(&lists).matches("<w:numPr>").count(), many);
    let links = "[a](https://b.de) ".repeat(many);
    assert_eq!(body(&links).matches("<w:hyperlink ").count(), many);
    let rows = format!("| a |\n|---|\n{}", "| {{ b }} |\n".repeat(many));
    assert_eq!(body(&rows).matches("<w:tr>").count(), many + 1);
    let rows = format!("| a |\n|---|\n{}", "{% if b %}\n{% endif %}\n".repeat(many));
    assert_eq!(body(&rows).matches("<w:tr>").count(), 2 * many + 1);
    let marks = "{% if a %}\n\n".repeat(70_000);
    let fault = word_package(&marks, "T").unwrap_err();
    assert_eq!(fault.to_string(), "Markdown: das sind zu viele Marken");
    // a long footnote that is referred to very often
    let long = format!("{}\n\n[^1]: {}", "a[^1] ".repeat(many), "b".repeat(100_000));
    let fault = word_package(&long, "T").unwrap_err();
    assert!(fault.problem.contains("zu lang"), "{fault}");
}

#[test]
fn strange_text_stays_text() {
    for text in [
        "\u{200f}שלום\u{202e} a",
        "\u{0}\u{1}a\u{b}",
        "\u{feff}e\u{301}",
        "🏳️‍🌈\u{fffd}\u{2028}",
        "\u{fffe}\u{ffff}\u{10ffff}",
    ] {
        let document = body(text);
        let harmful = |c: char| c < ' ' || matches!(c, '\u{202e}' | '\u{fffe}' | '\u{ffff}');
        assert!(!document.contains(harmful), "{document:?}");
        assert!(document.starts_with("<w:p>"), "{document:?}");
    }
}
