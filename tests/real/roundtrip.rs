//! From the request to the printed page, for all four combinations of the seed.

use crate::correspondence::{mail, replies, until_answered};
use crate::seed::COMBINATIONS;
use crate::support::{Daemon, House, Settings, text_of_documents};

#[test]
fn every_combination_of_the_seed_arrives_to_the_letter() {
    let house = House::start();
    let daemon = Daemon::start(&house.configure(Settings::default()));
    for (number, combination) in COMBINATIONS.iter().enumerate() {
        let raw = mail(&number.to_string(), combination.request);
        house
            .postfix
            .send("anna@example.org", "antrag@example.org", &raw);
    }
    until_answered(&house, COMBINATIONS.len());
    daemon.stop();
    let replies = replies(&house);

    let mut documents = Vec::new();
    for (reply, combination) in replies.iter().zip(COMBINATIONS) {
        assert_eq!(reply.from, "antrag@example.org");
        let names: Vec<_> = reply.documents.iter().map(|(name, _)| name).collect();
        assert_eq!(names, [combination.file]);
        documents.push(reply.documents[0].1.clone());
    }
    let prints = text_of_documents(&house.path("office"), &documents);
    for (print, combination) in prints.iter().zip(COMBINATIONS) {
        let text = without_page_numbers(print);
        let mut rest = text.as_str();
        for sentence in combination.sentences() {
            let after = rest.strip_prefix(sentence.as_str());
            let after = after.unwrap_or_else(|| panic!("not {sentence:?}, but {rest:?}"));
            rest = after.trim_start();
        }
        let never = [
            "*",
            "XXX",
            "nicht zutreffendes",
            "Name der Kommune",
            "{{",
            "{%",
        ];
        for absent in never.into_iter().chain(combination.absent) {
            assert!(!text.contains(absent), "{absent:?} is in {text:?}");
        }
    }
}

/// The text of a print as one line: without what stands below each page, white space made single.
fn without_page_numbers(print: &str) -> String {
    let lines = print.split(['\n', '\x0c']);
    let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let text = lines.filter(|words| !matches!(words[..], ["Seite", _, "von", _]));
    text.flatten().collect::<Vec<_>>().join(" ")
}
