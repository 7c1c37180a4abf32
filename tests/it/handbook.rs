//! The handbook holds: what its pages say to type, to set and to expect is what the program does.
//!
//! Read are `docs/handbuch/*.md` and `docs/anfragen.md`. Who writes there keeps to this:
//!
//! | in the page | what has to be true |
//! | --- | --- |
//! | a page | stands in `SUMMARY.md`, begins with its only `#` heading |
//! | a fence | has one of the tags below, or that of another program's file: `ini`, `nginx`, `yaml`, `json`, `text` |
//! | ```` ```sh ```` | commands to type, as many as wanted, without a prompt and without output; each `antragsbote …` is one the program takes |
//! | ```` ```console ```` | lines that begin with `$ `, each one `antragsbote …`, and below it what it prints, on both outputs. It is run, one page's blocks after another in one folder (see [`folder`] for what lies there), and compared; `…` stands for any words, on a line of its own for any lines |
//! | ```` ```ausgabe ```` | output that needs servers: each part of a line (after `✓`, `!`, `✗`, `→`, two blanks, `: `) is a text of the program's, `…` for what it fills in |
//! | ```` ```toml ```` | a part of `antragsbote.toml`, or of a `template.toml`: sound, as the program itself judges |
//! | ```` ```word ```` | what an author replaces in Word, `before → after`: done to the template that the page's commands made |
//! | ```` ```csv ```` | rows of the register with their head: the page's `console` blocks know them |
//! | ```` ```anfrage ```` | the text of a mail: it is answered with a document |
//! | ```` ```vorlage ```` | lines of a motion: without a fault; fields of its own are declared in a `toml` block of the page |
//! | `` `antragsbote log show NAME` `` | a command the program takes, or the beginning of one; words in capitals stand for a value. Without the program's name, too: `` `log show` `` |
//! | `` `--option` `` | an option of the program's; another program's is written with that program |
//! | `` `[section]` ``, `` `[section] key` ``, `` `section.key` `` | one of the configuration's |
//! | `` `small_letters` `` | with an underscore: a word of the program, its data or its samples |
//! | `ANTRAGSBOTE_…` | a variable the program reads |
//! | `/usr/…antragsbote…` | a file or folder the package brings; so are the folders below `/etc`, `/var` and `/run` |
//! | a picture | `bilder/NAME.png`, one that `docs/pictures/make` makes |
//! | a link | leads to a page of the handbook, and to a heading there; or begins with `https://` |

mod author;
mod commands;
mod folder;
mod links;

mod page;
mod paths;
mod samples;
mod settings;
mod shell;
mod tables;
mod words;

use std::fs;
use std::path::Path;

use page::{Finding, Page};

/// Everything that is wrong with these pages.
fn findings(pages: &[Page]) -> Vec<Finding> {
    let mut found = Vec::new();
    for page in pages {
        found.extend(commands::check(page));
        found.extend(words::check(page));
        found.extend(settings::check(page));
        found.extend(samples::check(page));
        found.extend(paths::check(page));
        found.extend(links::check(page, pages));
    }
    found.sort();
    found
}

fn as_text(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn every_page_holds() {
    let found = findings(&page::all());
    assert!(found.is_empty(), "\n{}", as_text(&found));
}

#[test]
fn the_summary_names_every_page_once() {
    assert_eq!(links::of_summary(), links::in_the_folder());
}

/// What points to the handbook from outside.
#[test]
fn links_from_elsewhere_reach_a_page() {
    let pages = page::all();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in [
        "README.md",
        "deploy/README.md",
        "templates/README.md",
        "tests/FAULTS.md",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        for target in links::to_the_handbook(&text) {
            assert!(
                pages.iter().any(|page| page.file == target),
                "{file}: {target}"
            );
        }
    }
}

/// One of each kind of fault, and what is said of it.
#[test]
fn a_wrong_page_is_found_out() {
    let text = include_str!("handbook/wrong.md");
    let page = Page::read("docs/handbuch/wrong.md", text);
    let expected = include_str!("handbook/wrong.txt");
    assert_eq!(as_text(&findings(&[page])), expected);
}
