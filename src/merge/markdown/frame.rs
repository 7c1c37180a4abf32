//! Header and footer: lines of text with marks, two of which are Word's own fields.

use docx_rs::{Docx, Footer, Header, NumPages, PageMargin, PageNum, Paragraph, Run};

use super::Page;
use crate::merge::mark;
use crate::merge::xml::is_harmless;

/// The footer of who asks for none in particular.
const PAGE_OF_PAGES: &str = "Seite {{ seite }} von {{ seiten }}";

/// Lays out the page: A4 with its margins (twips), header and footer.
pub(super) fn around(docx: Docx, page: &Page<'_>) -> Docx {
    let margin = PageMargin::new()
        .top(1417)
        .bottom(1134)
        .left(1417)
        .right(1417)
        .header(709)
        .footer(567);
    let mut docx = docx.page_size(11906, 16838).page_margin(margin);
    if let Some(text) = page.header.filter(|text| !text.trim().is_empty()) {
        let lines = lines(text, "Header");
        docx = docx.header(lines.fold(Header::new(), Header::add_paragraph));
    }
    let footer = page.footer.unwrap_or(PAGE_OF_PAGES);
    if !footer.trim().is_empty() {
        let lines = lines(footer, "Footer");
        docx = docx.footer(lines.fold(Footer::new(), Footer::add_paragraph));
    }
    docx
}

/// A paragraph for each line.
fn lines(text: &str, style: &str) -> impl Iterator<Item = Paragraph> {
    text.trim_end().lines().map(move |line| {
        let mut paragraph = Paragraph::new().style(style);
        let mut done = 0;
        for span in mark::spans(line) {
            let code = line.get(span.clone()).unwrap_or_default();
            let name = code.trim_start_matches("{{").trim_end_matches("}}").trim();
            let number = name.to_lowercase();
            if !code.starts_with("{{") || !matches!(number.as_str(), "seite" | "seiten") {
                continue;
            }
            paragraph = with_text(paragraph, line.get(done..span.start));
            paragraph = match number.as_str() {
                "seite" => paragraph.add_page_num(PageNum::new()),
                _ => paragraph.add_num_pages(NumPages::new()),
            };
            done = span.end;
        }
        with_text(paragraph, line.get(done..))
    })
}

fn with_text(paragraph: Paragraph, text: Option<&str>) -> Paragraph {
    let text = text.unwrap_or_default().replace('\t', " ");
    let text: String = text.chars().filter(|c| is_harmless(*c)).collect();
    if text.is_empty() {
        return paragraph;
    }
    paragraph.add_run(Run::new().add_text(text))
}
