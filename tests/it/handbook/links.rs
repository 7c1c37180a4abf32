//! Links: each leads somewhere, within the handbook or to a page that all can reach.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::page::{Finding, Page};

const SUMMARY: &str = "docs/handbuch/SUMMARY.md";

pub(super) fn check(page: &Page, pages: &[Page]) -> Vec<Finding> {
    let mut found = Vec::new();
    for link in &page.links {
        let problem = problem(page, &link.text, pages);
        found.extend(problem.map(|problem| page.finding(link.line, problem)));
    }
    let titles = page
        .headings
        .iter()
        .filter(|(level, _)| *level == 1)
        .count();
    let includes = page.headings.is_empty();
    if titles != 1 && !includes {
        found.push(page.finding(1, format!("{titles} headings of the first level")));
    }
    found
}

fn problem(page: &Page, target: &str, pages: &[Page]) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    if let Some(picture) = target.strip_prefix("bilder/") {
        return (!is_made(picture)).then(|| format!("docs/pictures/make makes no {target}"));
    }
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = page.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = if file.is_empty() {
        page.file.clone()
    } else {
        format!("{folder}/{file}")
    };
    if Path::new(&file).extension().is_none_or(|kind| kind != "md") {
        let exists = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file).is_file();
        return (!exists || file.contains(".."))
            .then(|| format!("{target} is no file of the handbook"));
    }
    let Some(meant) = pages.iter().find(|page| page.file == file) else {
        return Some(format!("{target} is no page of the handbook"));
    };
    let reached = heading.is_empty() || meant.headings.iter().any(|(_, name)| name == heading);
    (!reached).then(|| format!("{target}: no such heading there"))
}

/// Whether the picture is one of those that the build makes.
fn is_made(picture: &str) -> bool {
    let made = include_str!("../../../docs/pictures/make");
    let name = picture.strip_suffix(".png").unwrap_or_default();
    made.contains(&format!("\"{name}\": "))
}

/// The pages in the folder, but for the summary itself.
pub(super) fn in_the_folder() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/handbuch");
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<String> = names
        .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
        .collect();
    pages.into_iter().collect()
}

/// The pages the summary names, sorted.
pub(super) fn of_summary() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SUMMARY)).unwrap();
    let mut pages: Vec<_> = Page::read(SUMMARY, &text)
        .links
        .into_iter()
        .map(|link| link.text)
        .collect();
    pages.sort();
    pages
}

/// The handbook's pages a text names by their path.
pub(super) fn to_the_handbook(text: &str) -> BTreeSet<String> {
    let words = text.split([' ', '\n', '(', ')', '`', '#']);
    let paths = words.filter_map(|word| word.get(word.find("docs/handbuch/")?..));
    paths
        .filter(|path| path.ends_with(".md"))
        .map(str::to_owned)
        .collect()
}
