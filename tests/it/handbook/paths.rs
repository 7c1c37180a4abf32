//! Files and folders of the installed program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::page::{Finding, Page};
use super::samples::SOURCES;

/// What the package brings below `/etc`, beside what `setup` and the administrator make there.
const SETTINGS: [&str; 4] = ["antragsbote.toml", "templates", "register", "credentials"];

/// What the handbook calls a second bot.
const FURTHER: &str = "verein";

/// Every file of the package, and every folder.
static PACKAGED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"]
        .as_array()
        .unwrap();
    let mut files: BTreeSet<String> = assets
        .iter()
        .flat_map(|asset| of_asset(asset[0].as_str().unwrap(), asset[1].as_str().unwrap()))
        // cargo-deb packs this one, as Debian wants it.
        .map(|file| {
            file.replace(
                "/doc/antragsbote/changelog",
                "/doc/antragsbote/changelog.gz",
            )
        })
        .collect();
    files.extend(
        names_in("deploy")
            .filter(|name| name.ends_with(".service"))
            .map(|name| format!("usr/lib/systemd/system/{name}")),
    );
    let folders: Vec<String> = files
        .iter()
        .flat_map(|file| {
            Path::new(file)
                .ancestors()
                .skip(1)
                .map(|folder| folder.to_str().unwrap().to_owned())
        })
        .collect();
    files.extend(folders);
    files
});

fn names_in(folder: &str) -> impl Iterator<Item = String> {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    folder.map(|entry| entry.unwrap().file_name().into_string().unwrap())
}

/// The files an asset becomes.
fn of_asset(source: &str, target: &str) -> Vec<String> {
    let name = source.rsplit('/').next().unwrap();
    if !target.ends_with('/') {
        return vec![target.to_owned()];
    }
    if source.starts_with("target/deploy/handbuch/") {
        let pages = names_in("docs/handbuch")
            .filter_map(|name| Some(format!("{target}{}.html", name.strip_suffix(".md")?)));
        return pages
            .chain(["index", "print"].map(|name| format!("{target}{name}.html")))
            .collect();
    }
    match source.split_once('*') {
        Some((folder, _)) if !source.starts_with("target/") => below(folder.trim_end_matches('/'))
            .into_iter()
            .map(|file| format!("{target}{file}"))
            .collect(),
        _ => vec![format!("{target}{name}")],
    }
}

fn below(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    for name in names_in(folder) {
        let path = format!("{folder}/{name}");
        if Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).is_dir() {
            files.extend(
                below(&path)
                    .into_iter()
                    .map(|file| format!("{name}/{file}")),
            );
        } else {
            files.push(name);
        }
    }
    files
}

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let spans = page
        .spans
        .iter()
        .map(|span| (span.line, span.text.as_str()));
    let lines = page.blocks.iter().flat_map(|block| block.lines());
    let mut found = Vec::new();
    for (line, text) in spans.chain(lines) {
        let unknown = paths_in(text).filter(|path| !is_known(path));
        found.extend(unknown.map(|path| page.finding(line, format!("nothing brings {path}"))));
    }
    found
}

/// The absolute paths in a text.
fn paths_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !"/._-@~".contains(c));
    words
        .filter(|word| word.starts_with('/'))
        .map(|word| word.trim_end_matches(['/', '.']))
}

fn is_known(path: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else {
        return true;
    };
    if let Some(rest) = path.strip_prefix("etc/antragsbote/") {
        let rest = rest.strip_prefix(FURTHER).unwrap_or(rest);
        let first = rest.trim_start_matches('/').split('/').next().unwrap();
        return first.is_empty() || SETTINGS.contains(&first);
    }
    let state = ["var/lib/antragsbote/", "run/antragsbote/"];
    if let Some(rest) = state.iter().find_map(|folder| path.strip_prefix(folder)) {
        let rest = rest.strip_prefix(FURTHER).unwrap_or(rest);
        let name = rest.trim_start_matches('/');
        // What has no kind is a folder the page itself makes.
        return !name.contains('.') || SOURCES.knows(name.split('-').next().unwrap());
    }
    !(path.starts_with("usr/") && path.contains("antragsbote")) || PACKAGED.contains(path)
}
