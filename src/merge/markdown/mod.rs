//! A Markdown template as a Word package.
//!
//! In: CommonMark with tables, footnotes and `~~…~~`; header and footer as text. Out: a
//! package whose marks [`super::Document`] compiles. docx-rs writes the parts; what it
//! cannot write is in `tidy.rs`, `package.rs` and `styles.xml`. Never silent: what the
//! package cannot hold is a [`Fault`] with its line.
//!
//! Beyond CommonMark: a paragraph that is `\pagebreak` starts a new page; the paragraph
//! behind a thematic break (`---`) is the caption of a line to sign on; a block mark
//! alone on its line is a paragraph of its own and ends no list, between rows of a table
//! it is a row.

mod frame;
mod inline;
mod link;
mod list;
mod marks;
mod note;
mod package;
mod rows;
mod table;
mod tidy;
mod writer;

#[cfg(test)]
mod tests;

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

use self::marks::Hidden;
use self::note::Notes;
use self::writer::Writer;
use super::Fault;

/// What starts a new page, alone in a paragraph.
const PAGE_BREAK: &str = r"\pagebreak";

/// What a Markdown template has around its text; all of it may hold marks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Page<'a> {
    /// the document's title property
    pub title: &'a str,
    /// the header, a line each; `None`: without
    pub header: Option<&'a str>,
    /// the footer, a line each; `None`: "Seite 1 von 2", right-aligned; empty: without
    pub footer: Option<&'a str>,
}

/// The title alone, with the usual footer.
impl<'a> From<&'a str> for Page<'a> {
    fn from(title: &'a str) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }
}

/// An event of the parser and the bytes of [`Hidden::markdown`] it is about.
type Spanned<'a> = (Event<'a>, Range<usize>);

/// Writes Markdown as a Word template; the same text gives the same bytes. In header and
/// footer `{{ seite }}` is the number of the page and `{{ seiten }}` that of all pages.
///
/// # Errors
///
/// A [`Fault`] with the line of what Markdown templates cannot hold: pictures, HTML,
/// program code, lists of more than nine levels, footnotes that nothing refers to.
pub fn word_package<'a>(markdown: &str, page: impl Into<Page<'a>>) -> Result<Vec<u8>, Fault> {
    let page = page.into();
    let hidden =
        Hidden::new(markdown).ok_or_else(|| Fault::new("Markdown", "das sind zu viele Marken"))?;
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut parser = Parser::new_ext(&hidden.markdown, options).into_offset_iter();
    let events: Vec<Spanned<'_>> = parser.by_ref().collect();
    let targets = parser.reference_definitions().iter();
    let targets = targets.map(|(name, target)| (name, target.span.start));
    if let Some((name, at)) = link::unused(targets, &events) {
        let problem =
            format!("auf die Adresse [{name}]: verweist nichts; schreiben Sie \\[ für das Zeichen");
        return Err(hidden.fault(at, problem));
    }
    let (events, definitions) = note::split(events);
    let mut notes = Notes::read(definitions, &hidden)?;
    let mut writer = Writer::new(&hidden, Some(&mut notes));
    writer.read(events)?;
    let (docx, links) = writer.into_docx();
    let note_links = notes.into_links(&hidden)?;
    let docx = frame::around(docx, &page).build();
    package::pack(docx, page.title, &links, &note_links)
        .map_err(|failure| Fault::new("Markdown", failure.to_string()))
}
