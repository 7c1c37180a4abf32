//! README: its figures are those that were recorded.

use std::fs;
use std::path::Path;

fn text_of(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The cells of the rows of all tables below a heading.
fn cells(readme: &str, heading: &str) -> Vec<String> {
    let (_, rest) = readme.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let cells = rows.flat_map(|row| row.split('|').map(|cell| cell.trim().to_owned()));
    cells.collect()
}

/// "533 mails/s" and "93 % of a bare loop": the number stands in a row with its unit or alone.
fn is_recorded(figure: &str, recorded: &str) -> bool {
    let number = figure.split(' ').next().unwrap();
    recorded
        .split([' ', '|', '\n', '('])
        .any(|word| word == number)
}

#[test]
fn each_figure_and_its_command_is_recorded_with_the_measurements() {
    let (readme, recorded) = (text_of("README.md"), text_of("benches/README.md"));
    let mut figures = 0;
    for cell in cells(&readme, "How fast") {
        for command in cell.split('`').skip(1).step_by(2) {
            assert!(recorded.contains(command), "{command}");
        }
        let begins = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
        for figure in cell.split(", ").filter(begins) {
            assert!(is_recorded(figure, &recorded), "{figure}");
            figures += 1;
        }
    }
    // six rows with eight figures, five engines with two each, and "100,000 requests"
    assert_eq!(figures, 8 + 10 + 1);
}
