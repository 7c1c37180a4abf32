//! What holds for any splitting of marks and any nesting of blocks.

use antragsbote::merge::Values;
use minijinja::Value;
use proptest::prelude::{
    ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample::Index;

use crate::case::{Case, outline_of_text};

/// Ends a run in the text of a case.
const RUN: char = '¦';

/// A value, the same in all texts.
const WERT: &str = "<&>";

/// A piece of a template.
#[derive(Debug, Clone)]
enum Piece {
    Text(u8),
    If(u8, Vec<Piece>, Vec<Piece>),
    For(u8, Vec<Piece>),
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let leaf = any::<u8>().prop_map(Piece::Text);
    let piece = leaf.prop_recursive(5, 40, 4, |inner| {
        let body = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            (0..4u8, body(), body()).prop_map(|(name, yes, no)| Piece::If(name, yes, no)),
            (0..3u8, body()).prop_map(|(count, body)| Piece::For(count, body)),
        ]
    });
    prop::collection::vec(piece, 0..5)
}

/// The template, one text or mark a line.
fn lines(pieces: &[Piece], out: &mut Vec<String>) {
    for piece in pieces {
        match piece {
            Piece::Text(number) => out.push(format!("Satz {number} {{{{ wert }}}}")),
            Piece::If(name, yes, no) => {
                out.push(format!("{{% if w{name} %}}"));
                lines(yes, out);
                if !no.is_empty() {
                    out.push("{% else %}".to_owned());
                    lines(no, out);
                }
                out.push("{% endif %}".to_owned());
            }
            Piece::For(count, body) => {
                out.push(format!("{{% for x in range({count}) %}}"));
                lines(body, out);
                out.push("{% endfor %}".to_owned());
            }
        }
    }
}

/// What minijinja makes of the template as plain text, each sentence followed by `end`.
fn as_plain_text(template: &[String], end: &str, truths: [bool; 4]) -> String {
    let line = |line: &String| match line.starts_with("{%") {
        true => line.clone(),
        false => format!("{line}{end}"),
    };
    let template: String = template.iter().map(line).collect();
    let named = |(number, truth): (usize, &bool)| (format!("w{number}"), Value::from(*truth));
    let wert = ("wert".to_owned(), Value::from(WERT));
    let values = truths.iter().enumerate().map(named).chain([wert]);
    let environment = minijinja::Environment::new();
    environment
        .render_str(&format!("{template}."), Value::from_pairs(values))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn marks_may_be_split_anywhere(case in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 1..20)) {
        let plain: Vec<Case> =
            Case::all().into_iter().filter(|case| case.is_plain() && !case.is_wrong() && case.read("archive.txt").is_none()).collect();
        let case = case.get(&plain);
        let body = case.read("document.txt").unwrap().replace(RUN, "");
        let mut lines: Vec<Vec<char>> = body.lines().map(|line| line.chars().collect()).collect();
        for cut in cuts {
            let line = cut.get(&lines).clone();
            // cells are written with blanks around them
            if line.len() > 2 && line[0] != '|' {
                let at = 1 + cut.index(line.len() - 1);
                let number = cut.index(lines.len());
                lines[number].insert(at, RUN);
            }
        }
        let body = lines.iter().map(|line| line.iter().collect::<String>() + "\n").collect::<String>();
        prop_assert_eq!(case.outline_of(&body), case.read("expected.txt").unwrap(), "{}: {}", case.name, body);
    }

    #[test]
    fn blocks_nest_as_in_plain_text(pieces in pieces(), truths in any::<[bool; 4]>()) {
        let mut template = Vec::new();
        lines(&pieces, &mut template);
        template.push("Ende".to_owned());
        let mut values = Values::new();
        let named = |(number, truth): (usize, &bool)| (format!("w{number}"), (*truth).into());
        values.json(&truths.iter().enumerate().map(named).collect());
        values.text("wert", WERT);
        let row = |line: &str| format!("| {line} |\n");
        let expected = as_plain_text(&template, "\n", truths);
        let expected = expected.strip_suffix('.').unwrap();
        let rows: String = template.iter().map(|line| row(line)).collect();
        prop_assert_eq!(outline_of_text(&template.join("\n"), &values), expected);
        prop_assert_eq!(outline_of_text(&rows, &values), expected.lines().map(row).collect::<String>() + "\n");
        // the same within one paragraph
        let expected = as_plain_text(&template, "", truths);
        let expected = expected.strip_suffix('.').unwrap();
        prop_assert_eq!(outline_of_text(&template.concat(), &values), format!("{expected}\n"));
    }
}
