//! A page, taken apart.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page of the handbook.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// below the repository's root
    pub(super) file: String,
    pub(super) blocks: Vec<Block>,
    /// code within a line
    pub(super) spans: Vec<Piece>,
    /// what links and pictures lead to
    pub(super) links: Vec<Piece>,
    /// each with its level and the name that links know it by
    pub(super) headings: Vec<(usize, String)>,
}

/// A text and the line it begins at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) text: String,
}

/// A fenced block; `line` is that of its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) tag: String,
    pub(super) line: usize,
    pub(super) text: String,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    file: String,
    line: usize,
    problem: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

/// All pages there are, but for the summary; in place of one that includes another (mdBook's
/// `#include`) that other.
pub(super) fn all() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = fs::read_dir(root.join("docs/handbuch"))
        .unwrap()
        .map(|entry| format!("docs/handbuch/{}", entry.unwrap().file_name().display()))
        .filter(|file| file.ends_with(".md") && !file.ends_with("/SUMMARY.md"))
        .collect();
    files.sort();
    let texts = files.iter().filter_map(|file| {
        let text = fs::read_to_string(root.join(file)).ok()?;
        let shown = text
            .strip_prefix("{{#include ../")
            .and_then(|rest| rest.split('}').next());
        match shown {
            Some(other) => Some(Page::read(
                file,
                &fs::read_to_string(root.join("docs").join(other)).ok()?,
            )),
            None => Some(Page::read(file, &text)),
        }
    });
    texts.collect()
}

impl Page {
    pub(super) fn read(file: &str, text: &str) -> Self {
        let mut page = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        let line_of = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        let mut fence: Option<Block> = None;
        let mut heading: Option<(usize, String)> = None;
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            let line = line_of(range.start);
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let tag = match kind {
                        CodeBlockKind::Fenced(tag) => tag.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    fence = Some(Block {
                        tag,
                        line: line + 1,
                        text: String::new(),
                    });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(fence.take()),
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some((level as usize, String::new()))
                }
                Event::End(TagEnd::Heading(_)) => {
                    let (level, words) = heading.take().unwrap();
                    let name = page.unused_name(&anchor(&words));
                    page.headings.push((level, name));
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(Piece {
                        line,
                        text: dest_url.to_string(),
                    });
                }
                Event::Text(words) => {
                    if let Some(block) = &mut fence {
                        block.text.push_str(&words);
                    } else if let Some((_, heading)) = &mut heading {
                        heading.push_str(&words);
                    }
                }
                Event::Code(words) => {
                    if let Some((_, heading)) = &mut heading {
                        heading.push_str(&words);
                    }
                    page.spans.push(Piece {
                        line,
                        text: words.to_string(),
                    });
                }
                _ => {}
            }
        }
        page
    }

    pub(super) fn finding(&self, line: usize, problem: impl Into<String>) -> Finding {
        Finding {
            file: self.file.clone(),
            line,
            problem: problem.into(),
        }
    }

    /// The blocks with this tag.
    pub(super) fn tagged(&self, tag: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.tag == tag)
    }

    /// The second of two equal headings gets a number.
    fn unused_name(&self, name: &str) -> String {
        let mut used = BTreeMap::new();
        for (_, known) in &self.headings {
            used.insert(known.clone(), ());
        }
        let numbered = (1..).map(|number| format!("{name}-{number}"));
        let mut names = [name.to_owned()].into_iter().chain(numbered);
        names.find(|name| !used.contains_key(name)).unwrap()
    }
}

impl Block {
    /// Its lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (self.line..).zip(self.text.lines())
    }
}

/// The name mdBook gives a heading, as GitHub does.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(kept)
        .collect()
}
