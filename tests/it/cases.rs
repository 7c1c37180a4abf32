//! The table of cases, through the program.

use crate::case::Case;

#[path = "../../fuzz/bodies.rs"]
pub(crate) mod bodies;

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

/// The fuzzer's targets do not rot, and what it has found stays mended.
#[test]
fn every_case_holds_what_the_fuzzer_looks_for() {
    let endless = |case: &Case| {
        case.read("error.txt")
            .is_some_and(|e| e.contains("ohne Ende?"))
    };
    for case in Case::all().iter().filter(|case| !endless(case)) {
        case.template()
            .iter()
            .for_each(|template| bodies::package(template));
        (case.read("motion.md").iter()).for_each(|text| bodies::markdown(text.as_bytes()));
        for file in ["document.txt", "motion.md"] {
            case.read(file).iter().for_each(|text| {
                bodies::marks(text.as_bytes());
                bodies::understand(text.as_bytes());
            });
        }
    }
}
