//! `demo`: the daemon on a folder, with sample requests.

use super::program::{House, is_package};

#[test]
fn the_samples_are_answered_and_the_documents_lie_where_it_says() {
    let house = House::new();
    let run = || {
        let run = house.run(&["demo", "--once"]);
        assert_eq!(run.code, 0, "{run:?}");
        run.output()
    };
    let told = run();
    let documents: Vec<&str> = told
        .lines()
        .map(str::trim)
        .filter(|line| line.ends_with(".docx"))
        .collect();
    assert_eq!(documents.len(), 2, "{told}");
    for document in documents {
        let bytes = house.read(document);
        assert!(is_package(&bytes), "{document}");
    }
    assert!(told.contains("Rückfrage gestellt"), "{told}");
    assert_eq!(told.matches("example.net").count(), 3, "{told}");
    // A second run finds the first one's requests and answers new samples all the same.
    assert_eq!(run().matches(".docx").count(), 2);
}
