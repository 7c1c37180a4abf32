//! Whatever is written, what comes of it is well-formed, or a fault.

use proptest::prelude::{Just, any, proptest};
use proptest::strategy::{Strategy, Union};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::merge::{Document, Rules, Schema, Values};

/// What Markdown and marks are made of.
const FRAGMENTS: [&str; 34] = [
    "\n",
    "\n",
    "\n\n",
    "\n    ",
    "  ",
    "text ",
    "# ",
    "- ",
    "3. ",
    "> ",
    "| a | b |",
    "\n|---|-:|\n",
    "|",
    "[^1]",
    "\n\n[^1]: ",
    "[^2]",
    "{% if a %}",
    "\n{% for b in c %}\n",
    "\n{% endfor %}\n",
    "{% endif %}",
    "{{ d }}",
    "---\n",
    "\\pagebreak",
    "<br>",
    "<!--",
    "-->",
    "**",
    "*",
    "~~",
    "[e](https://f.de)",
    "[",
    "](",
    "\\",
    "\u{f0000}",
];

fn fragment() -> impl Strategy<Value = String> {
    let known = Union::new(FRAGMENTS.map(Just)).prop_map(str::to_owned);
    let other = any::<char>().prop_map(String::from);
    Union::new_weighted(vec![(9, known.boxed()), (1, other.boxed())])
}

proptest! {
    #[test]
    fn any_text_becomes_a_sound_package(fragments in proptest::collection::vec(fragment(), 0..40)) {
        let markdown = fragments.concat();
        let page = Page { header: Some(&markdown), ..Page::from("T") };
        let Ok(package) = word_package(&markdown, page) else {
            return Ok(());
        };
        for name in ["word/document.xml", "word/header1.xml", "word/footnotes.xml", "word/_rels/document.xml.rels"] {
            let mut archive = zip::ZipArchive::new(Cursor::new(&package)).unwrap();
            if archive.by_name(name).is_err() {
                continue;
            }
            let part = part(&package, name);
            let mut reader = Reader::from_str(&part);
            while !matches!(reader.read_event().unwrap(), Event::Eof) {}
        }
        if let Ok(template) = Document::compile(package, &Rules::Lenient(Schema::default())) {
            let _ = template.merge(&Values::new());
        }
    }
}
