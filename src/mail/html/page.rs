//! A page as it is read, tag by tag: what is open, and the lines so far.

use std::collections::BTreeMap;

use html5ever::tokenizer::Tag;

use super::effect::{self, Effect, attribute};
use super::table::{Cell, Table};
use crate::mail::lines::{Line, Place};

/// Elements nested deeper than this have no effect of their own.
const MAX_OPEN: usize = 256;

/// Tables nested deeper than this are read as plain blocks; newsletters stay below ten.
const MAX_TABLES: usize = 16;

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "frame",
];

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "div",
    "li",
    "dl",
    "dt",
    "dd",
    "address",
    "article",
    "section",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
    "center",
    "form",
    "fieldset",
    "figure",
    "figcaption",
    "caption",
    "body",
    "hr",
    "tbody",
    "thead",
    "tfoot",
];

/// Elements that stand off from their surroundings by a blank line.
const PARAGRAPHS: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "blockquote",
    "pre",
];

#[derive(Default)]
struct Open {
    name: String,
    /// its own effect and that of all it stands in
    effect: Effect,
    /// it begins and ends a line
    block: bool,
    /// it holds what Gmail writes above a quote, from this line on
    attribution: Option<usize>,
    /// the items of a numbered list so far
    items: Option<u32>,
}

/// Where text goes: the body, or the cell of a table.
#[derive(Default)]
struct Frame {
    lines: Vec<Line>,
    current: String,
    /// text that is not bold was seen
    plain: bool,
}

/// A page as far as it is read.
#[derive(Default)]
pub(super) struct Page {
    open: Vec<Open>,
    /// how many elements of each name are open beyond the limit
    deeper: BTreeMap<String, usize>,
    /// the number or dot that Word has put before an item, not yet written
    marker: String,
    frames: Vec<Frame>,
    root: Frame,
    tables: Vec<Table>,
    /// how many tables are open that are read as plain blocks
    plain_tables: usize,
    rest_is_quote: bool,
}

impl Page {
    fn effect(&self) -> Effect {
        self.open
            .last()
            .map_or(Effect::default(), |open| open.effect)
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.root)
    }

    fn place(&self) -> Place {
        let effect = self.effect();
        if self.rest_is_quote || effect.quote {
            Place::Quote
        } else if effect.signature {
            Place::Signature
        } else {
            Place::Own
        }
    }

    /// Takes up text.
    pub(super) fn text(&mut self, text: &str) {
        let effect = self.effect();
        if effect.hidden {
            return;
        }
        if effect.marker {
            self.marker.push_str(text.trim());
            return;
        }
        if !self.marker.is_empty() && !text.trim().is_empty() {
            let marker = std::mem::take(&mut self.marker);
            self.frame().current.push_str(&item_marker(&marker));
        }
        for c in text.chars() {
            let frame = self.frame();
            frame.plain |= !effect.bold && !c.is_whitespace();
            match c {
                '\n' if effect.verbatim => self.break_line(),
                c if effect.verbatim || !c.is_ascii_whitespace() => frame.current.push(c),
                _ if frame.current.is_empty() || frame.current.ends_with(' ') => {}
                _ => frame.current.push(' '),
            }
        }
    }

    /// Ends the line, also an empty one.
    fn break_line(&mut self) {
        let place = self.place();
        let verbatim = self.effect().verbatim;
        let frame = self.frame();
        let text = std::mem::take(&mut frame.current);
        frame.lines.push(match verbatim {
            true => Line::new(place, &text),
            false => Line::new(place, &with_single_blanks(&text)),
        });
    }

    /// Ends the line if something stands in it.
    fn end_line(&mut self) {
        if !self.frame().current.is_empty() {
            self.break_line();
        }
    }

    fn stand_off(&mut self) {
        self.end_line();
        if self
            .frame()
            .lines
            .last()
            .is_some_and(|line| !line.is_blank())
        {
            self.break_line();
        }
    }

    /// Takes up a start tag.
    pub(super) fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let effect = Effect::of(tag);
        match name {
            "p" | "li" | "dt" | "dd" if self.open.last().is_some_and(|o| o.name == name) => {
                self.end(name);
            }
            "table" => self.start_table(),
            "tr" if self.plain_tables == 0 => self.end_row(),
            "tbody" | "thead" | "tfoot" if self.plain_tables == 0 => self.start_row_group(),
            "td" | "th" if self.plain_tables == 0 => self.start_cell(),
            "br" => self.break_line(),
            _ => {}
        }
        let row = name == "tr" && self.plain_tables == 0;
        if let Some(table) = self.tables.last_mut().filter(|_| row) {
            table.start_row(self.open.len());
        }
        // Word sets paragraphs without distance and writes empty ones instead.
        let word_paragraph = attribute(tag, "class").starts_with("Mso");
        // Quotes and signatures begin and end lines, whatever element they are.
        let block = effect.quote || effect.signature || BLOCKS.contains(&name);
        let paragraph = PARAGRAPHS.contains(&name);
        if paragraph && !word_paragraph {
            self.stand_off();
        } else if paragraph || block {
            self.end_line();
        }
        // An answer may stand below a quote that holds the mark of another.
        self.rest_is_quote |= effect::begins_quoted_rest(tag) && !self.effect().quote;
        if effect::begins_signature_rest(tag) {
            self.change_here(|effect| effect.signature = true);
        }
        if name == "li" {
            self.start_item();
        }
        let closed = VOID.contains(&name) || tag.self_closing && effect.hidden;
        if closed {
            return;
        }
        if self.open.len() < MAX_OPEN {
            let lines = self.frame().lines.len();
            self.open.push(Open {
                name: name.to_owned(),
                effect: effect.within(self.effect()),
                block: block || paragraph,
                attribution: effect::is_attribution(tag).then_some(lines),
                items: (name == "ol").then(|| attribute(tag, "start").parse().unwrap_or(1)),
            });
        } else {
            *self.deeper.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// Takes up an end tag.
    pub(super) fn end(&mut self, name: &str) {
        match name {
            "table" if self.plain_tables > 0 => self.plain_tables -= 1,
            "table" => return self.end_table(),
            "tr" if self.plain_tables == 0 => return self.end_row(),
            "td" | "th" if self.plain_tables == 0 => return self.end_cell(),
            _ => {}
        }
        if let Some(deeper) = self.deeper.get_mut(name).filter(|deeper| **deeper > 0) {
            *deeper -= 1;
            return;
        }
        let floor = self.tables.last().map_or(0, Table::floor);
        let found = self.open.iter().skip(floor).rposition(|o| o.name == name);
        let Some(at) = found.map(|position| position + floor) else {
            return;
        };
        if self.open.get(at).is_some_and(|open| open.block) {
            self.end_line();
        }
        let attribution = self.open.get(at).and_then(|open| open.attribution);
        self.close_to(at);
        if attribution.is_some_and(|from| self.is_forward(from)) {
            self.change_here(|effect| effect.quote = true);
        }
    }

    /// Closes the elements that were opened when there were `height`.
    fn close_to(&mut self, height: usize) {
        self.open.truncate(height);
        if self.open.len() < MAX_OPEN {
            self.deeper.clear();
        }
    }

    /// Changes what the innermost open element does to all that still comes in it.
    fn change_here(&mut self, change: impl FnOnce(&mut Effect)) {
        if self.open.is_empty() {
            self.open.push(Open::default());
        }
        if let Some(open) = self.open.last_mut() {
            change(&mut open.effect);
        }
    }

    /// Whether Gmail announces a forwarded mail, which it does not mark as it marks a quote.
    fn is_forward(&mut self, from: usize) -> bool {
        let written = self.frame().lines.get(from..).unwrap_or_default();
        let first = written.iter().find(|line| !line.is_blank());
        first.is_some_and(|line| line.text.starts_with("-----"))
    }

    /// Begins an item of a list with its number, if the list has numbers.
    fn start_item(&mut self) {
        let is_list = |open: &&mut Open| open.name == "ol" || open.name == "ul";
        let list = self.open.iter_mut().rev().find(is_list);
        let number = list.and_then(|list| list.items.as_mut()).map(|next| {
            let number = *next;
            *next = next.saturating_add(1);
            number
        });
        match number {
            Some(number) => self.text(&format!("{number}. ")),
            None => self.text("- "),
        }
    }

    fn start_table(&mut self) {
        if self.tables.len() < MAX_TABLES {
            self.stand_off();
            self.tables.push(Table::new(self.open.len()));
        } else {
            self.end_line();
            self.plain_tables += 1;
        }
    }

    /// Ends the open row of the innermost table, if there is one.
    fn end_row(&mut self) {
        self.end_cell();
        if let Some(height) = self.tables.last_mut().and_then(Table::end_row) {
            self.close_to(height);
        }
    }

    /// Ends what is open of the innermost table but the table itself.
    fn start_row_group(&mut self) {
        self.end_row();
        if let Some(height) = self.tables.last().map(Table::height) {
            self.close_to(height + 1);
        }
    }

    fn start_cell(&mut self) {
        self.end_cell();
        let height = self.open.len();
        if let Some(table) = self.tables.last_mut() {
            table.start_cell(height);
            self.frames.push(Frame::default());
        }
    }

    /// Ends the open cell of the innermost table, if there is one.
    fn end_cell(&mut self) {
        self.end_line();
        let Some(height) = self.tables.last_mut().and_then(Table::end_cell) else {
            return;
        };
        self.close_to(height);
        let frame = self.frames.pop().unwrap_or_default();
        if let Some(table) = self.tables.last_mut() {
            table.push(Cell {
                lines: frame.lines,
                heading: !frame.plain,
            });
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        let Some(table) = self.tables.pop() else {
            return;
        };
        self.close_to(table.height());
        let lines = table.into_lines();
        self.frame().lines.extend(lines);
        self.stand_off();
    }

    /// Ends what is open; all lines.
    pub(super) fn finish(mut self) -> Vec<Line> {
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end_line();
        self.root.lines
    }
}

/// The text with runs of blanks made one, those that do not break, too.
fn with_single_blanks(text: &str) -> String {
    let words = text.split([' ', '\u{A0}']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What Word puts before an item: a number, or a dot out of a font that has letters for dots.
fn item_marker(marker: &str) -> String {
    match marker.ends_with(['.', ')']) {
        true => format!("{marker} "),
        false => "- ".to_owned(),
    }
}
