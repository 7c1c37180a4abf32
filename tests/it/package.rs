//! What the Debian package is made of: manual pages, completions, the configuration of a fresh installation.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::program::House;

const COMMANDS: &str = "\
    answer check completions deliver demo kommune kommune-find kommune-import kommune-show log log-export \
    log-forget log-list log-purge log-retry log-show log-stats login man render serve setup template \
    template-check template-export template-fields template-import template-list template-preview";

/// All pages of the manual, by file name.
fn pages() -> Vec<(String, String)> {
    let house = House::new();
    let folder = house.path("man");
    fs::create_dir(&folder).unwrap();
    let run = house.run(&["man", "man"]);
    assert_eq!((run.code, &*run.errors), (0, ""));
    let pages = fs::read_dir(&folder).unwrap().map(|page| {
        let page = page.unwrap();
        let text = fs::read_to_string(page.path()).unwrap();
        (page.file_name().into_string().unwrap(), text)
    });
    pages.collect()
}

#[test]
fn each_command_has_a_page() {
    let mut expected: BTreeSet<String> = COMMANDS
        .split_whitespace()
        .map(|command| format!("antragsbote-{command}.1"))
        .collect();
    expected.extend(["antragsbote.1".to_owned(), "antragsbote.toml.5".to_owned()]);
    let found: BTreeSet<String> = pages().into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, expected);
}

#[test]
fn pages_say_what_they_are_and_speak_german() {
    for (file, text) in pages() {
        let (title, section) = file.rsplit_once('.').unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let head = text.lines().find(|line| line.starts_with(".TH ")).unwrap();
        let (start, day) = (format!(".TH {title} {section} 20"), "\"antragsbote ");
        assert!(head.starts_with(&start), "{file}: {head}");
        let end = format!("{day}{version}\" Antragsbote");
        assert!(head.ends_with(&end), "{file}: {head}");
        let name = format!(".SH NAME\n{} \\- ", title.replace('-', "\\-"));
        assert!(text.contains(&name), "{file}: {text}");
        assert!(text.contains("\n.SH \"SIEHE AUCH\"\n"), "{file}");
        for english in [
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXTRA",
            "SUBCOMMANDS",
            "Usage",
            "Possible values",
            "default:",
            "May also be",
        ] {
            assert!(!text.contains(english), "{file}: {english}");
        }
    }
}

#[test]
fn the_program_s_page_says_how_to_call_it_and_how_it_ends() {
    let house = House::new();
    let run = house.run(&["man"]);
    let page = run.output();
    for part in [
        ".SH ÜBERSICHT\n\\fBantragsbote\\fR [OPTIONEN] <BEFEHL>\n",
        ".SH DATEIEN\n.TP\n\\fB/etc/antragsbote/antragsbote.toml\\fR\n",
        ".TP\nantragsbote\\-log(1)\nDas Protokoll aller Anfragen\n",
        ".TP\n\\fB75\\fR\nJetzt nicht; später noch einmal.\n",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let render = pages()
        .into_iter()
        .find(|(name, _)| name == "antragsbote-render.1");
    let usage = ".SH ÜBERSICHT\n\\fBantragsbote render\\fR [OPTIONEN] \\-\\-output <DATEI>\n";
    assert!(render.unwrap().1.contains(usage));
}

#[test]
fn the_configuration_s_page_holds_every_key_of_the_sample() {
    let pages = pages();
    let (_, page) = pages
        .iter()
        .find(|(name, _)| name == "antragsbote.toml.5")
        .unwrap();
    let sample = fs::read_to_string("config/antragsbote.toml").unwrap();
    let mut keys = 0;
    for line in sample
        .lines()
        .filter(|line| !line.starts_with("# ") && *line != "#")
    {
        let line = line.replace('\\', "\\\\").replace('-', "\\-");
        let shown = match line.chars().next() {
            Some('[') => format!("\n.SH {line}\n"),
            Some(_) => format!("\n\\fB{line}\\fR\n"),
            None => continue,
        };
        assert!(page.contains(&shown), "{shown}");
        keys += 1;
    }
    assert!(keys > 40, "{keys}");
}

/// An upgrade asks about a conffile only if the package's has changed: one without a setting never does.
#[test]
fn a_fresh_installation_is_not_set_up_and_says_how() {
    let fresh = fs::read_to_string("deploy/antragsbote.toml").unwrap();
    assert!(fresh.lines().all(|line| line.starts_with('#')), "{fresh}");
    assert!(fresh.contains("antragsbote setup"), "{fresh}");
}

#[test]
fn every_motion_text_and_file_of_the_register_is_packaged() {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let folders = fs::read_dir("templates")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| path.is_dir()) {
        let folder = folder.to_str().unwrap();
        assert!(manifest.contains(&format!("[\"{folder}/*")), "{folder}");
    }
    for asset in manifest
        .lines()
        .filter_map(|line| line.trim().strip_prefix("[\""))
    {
        let source = asset.split('"').next().unwrap();
        let folder = source.split("/*").next().unwrap();
        assert!(
            source.starts_with("target/") || Path::new(folder).exists(),
            "{source}"
        );
    }
}
