//! What the pages for those who take the project over say, each thing in one place and agreed to by the others.

use std::fs;
use std::path::Path;

/// `The antragsbote authors <antragsbote@example.org>`: the maintainer, from `Cargo.toml`.
const AUTHOR: &str = env!("CARGO_PKG_AUTHORS");
/// Who holds the rights; a new maintainer does not change it.
const OWNER: &str = "The antragsbote authors";

fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What stands behind a key of `publiccode.yml`, on its line.
fn described(key: &str) -> String {
    let file = read("publiccode.yml");
    let head = format!("{key}:");
    let mut values = file
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix(&head));
    let value = values.next().unwrap_or_else(|| panic!("no {key}"));
    value.trim().trim_matches('"').to_owned()
}

/// Number and day of the newest version in the changelog.
fn released() -> (String, String) {
    let file = read("CHANGELOG.md");
    let mut heads = file.lines().filter_map(|line| line.strip_prefix("## "));
    let head = heads.find_map(|head| head.split_once(" - ")).unwrap();
    (head.0.to_owned(), head.1.to_owned())
}

#[test]
fn the_newest_version_is_the_same_everywhere() {
    let (version, day) = released();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    assert_eq!(described("softwareVersion"), version);
    assert_eq!(described("releaseDate"), day);
}

#[test]
fn weaknesses_are_reported_to_the_maintainer() {
    let (_, address) = AUTHOR.split_once('<').unwrap();
    let address = address.trim_end_matches('>');
    let page = read("SECURITY.md");
    assert!(page.contains(&format!("Write to {address}, ")), "{page}");
}

#[test]
fn licence_and_owner_are_the_same_everywhere() {
    assert_eq!(described("license"), env!("CARGO_PKG_LICENSE"));
    assert_eq!(described("mainCopyrightOwner"), OWNER);
    let named = format!("2026 {OWNER}");
    for file in ["LICENSE-MIT", "REUSE.toml", "deploy/debian/copyright"] {
        assert!(read(file).contains(&named), "{file}");
    }
}

#[test]
fn what_the_pages_point_to_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let check = |page: &str, paths: &[&str]| {
        let missing: Vec<_> = paths
            .iter()
            .filter(|path| !root.join(path).exists())
            .collect();
        assert!(missing.is_empty(), "{page}: {missing:?}");
    };
    for page in [
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "README.md",
        "SECURITY.md",
    ] {
        let text = read(page);
        let targets = text.split("](").skip(1);
        let targets = targets.filter_map(|rest| rest.split([')', '#']).next());
        let links: Vec<&str> = targets.filter(|link| !link.contains("://")).collect();
        check(page, &links);
    }
    let catalogue = read("publiccode.yml");
    let pictures = catalogue.lines().map(str::trim);
    let pictures: Vec<&str> = pictures
        .filter_map(|line| line.strip_prefix("- docs/"))
        .collect();
    assert_eq!(pictures.len(), 2);
    for picture in pictures {
        assert!(root.join("docs").join(picture).exists(), "{picture}");
    }
    let folders = ["src/", "tests/", "deploy/", "config/", "docs/", ".ci/"];
    for page in ["CONTRIBUTING.md", "SECURITY.md"] {
        let text = read(page);
        let spans = text.split('`').skip(1).step_by(2);
        let paths = spans.filter(|span| folders.iter().any(|folder| span.starts_with(folder)));
        let paths: Vec<&str> = paths.filter_map(|path| path.split(' ').next()).collect();
        assert!(!paths.is_empty(), "{page}");
        check(page, &paths);
    }
}
