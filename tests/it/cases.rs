//! The table of cases, through the program.

use crate::case::Case;

/// How many of all cases are wrong templates: a third.
const WRONG: usize = 3;

#[test]
fn every_case_comes_out_as_written_down() {
    let cases = Case::all();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("=== {}: {}", case.name, case.check().err()?)))
        .collect();
    let (failed, all) = (failures.len(), cases.len());
    assert!(
        failures.is_empty(),
        "{failed} of {all} cases\n{}",
        failures.join("\n")
    );
    let wrong = cases.iter().filter(|case| case.is_wrong()).count();
    assert!(wrong * WRONG >= all, "{wrong} of {all} are wrong");
}
