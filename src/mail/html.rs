//! HTML to lines of text: by blocks, tables by their fields, without what is hidden or
//! struck out; quotes and signatures are known by the marks mail programs give them.
//!
//! Works on html5ever's tokens, not on a tree: time and memory stay linear in the input,
//! however deep elements are nested.

mod table;

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::lines::{Line, Place};
use table::{Cell, Table};

/// Elements nested deeper than this have no effect of their own.
const MAX_OPEN: usize = 512;

/// Tables nested deeper than this are read as plain blocks; newsletters stay below ten.
const MAX_TABLES: usize = 16;

/// Longer tags hold pictures, not text; html5ever's time grows with the square of a tag's attributes.
const MAX_TAG: usize = 8 * 1024;

/// Classes, ids and names by which mail programs mark what they quote.
const QUOTE_MARKS: &[&str] = &[
    "gmail_attr",
    "moz-cite-prefix",
    "moz-forward-container",
    "protonmail_quote",
    "yahoo_quoted",
    "tutanota_quote",
    "mail-editor-reference-message-container",
    "olk_src_body_section",
    "quote",
];

/// The id after which Outlook quotes to the end of the mail.
const QUOTE_REST_MARK: &str = "divrplyfwdmsg";

/// Classes and ids by which mail programs mark the signature.
const SIGNATURE_MARKS: &[&str] = &[
    "gmail_signature",
    "moz-signature",
    "ms-outlook-mobile-signature",
    "k9mail-signature",
    "applemailsignature",
    "protonmail_signature_block",
    "composer_signature",
    "signature",
];

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "frame",
];

const HIDDEN: &[&str] = &[
    "style", "script", "title", "xml", "template", "svg", "iframe", "s", "strike", "del",
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

/// Reads a text/html part.
pub(super) fn lines(html: &str) -> Vec<Line> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(without_monstrous_tags(html)));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

fn without_monstrous_tags(html: &str) -> String {
    let mut sound = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        sound.push_str(before);
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_tag && !tag.bytes().take(MAX_TAG).any(|b| b == b'>') {
            rest = tag.split_once('>').map_or("", |(_, rest)| rest);
        } else {
            sound.push('<');
            rest = tag;
        }
    }
    sound + rest
}

/// What an open element does to the text in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Effect {
    hidden: bool,
    quote: bool,
    signature: bool,
    bold: bool,
    verbatim: bool,
}

impl Effect {
    fn of(tag: &Tag) -> Self {
        let name = &*tag.name;
        let style = attribute(tag, "style").to_ascii_lowercase();
        let style: String = style.split_whitespace().collect();
        let marked = |marks: &[&str]| has_mark(tag, marks);
        Self {
            hidden: HIDDEN.contains(&name) || conceals(&style) || has_attribute(tag, "hidden"),
            quote: name == "blockquote" && !style.contains("border:none") || marked(QUOTE_MARKS),
            signature: marked(SIGNATURE_MARKS),
            bold: matches!(name, "b" | "strong" | "th"),
            verbatim: name == "pre",
        }
    }

    fn within(self, outer: Self) -> Self {
        Self {
            hidden: self.hidden || outer.hidden,
            quote: self.quote || outer.quote,
            signature: self.signature || outer.signature,
            bold: self.bold || outer.bold,
            verbatim: self.verbatim || outer.verbatim,
        }
    }
}

/// Whether a style (without blanks, lower case) makes text unseen or strikes it out.
fn conceals(style: &str) -> bool {
    style.split(';').any(|rule| match rule.split_once(':') {
        Some(("display", value)) => value.starts_with("none"),
        Some(("visibility", value)) => value.starts_with("hidden"),
        Some(("mso-hide", value)) => value.starts_with("all"),
        Some(("font-size" | "opacity" | "max-height", value)) => {
            matches!(
                value.trim_end_matches("!important"),
                "0" | "0px" | "0pt" | "0em"
            )
        }
        Some(("text-decoration" | "text-decoration-line", value)) => value.contains("line-through"),
        _ => false,
    })
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> &'a str {
    let found = tag.attrs.iter().find(|a| &*a.name.local == name);
    found.map_or("", |a| &*a.value)
}

fn has_attribute(tag: &Tag, name: &str) -> bool {
    tag.attrs.iter().any(|a| &*a.name.local == name)
}

fn has_mark(tag: &Tag, marks: &[&str]) -> bool {
    ["class", "id", "name"].iter().any(|name| {
        attribute(tag, name)
            .split_ascii_whitespace()
            .any(|word| marks.contains(&word.to_ascii_lowercase().as_str()))
    })
}

struct Open {
    name: String,
    /// its own effect and that of all it stands in
    effect: Effect,
    /// it begins and ends a line
    block: bool,
}

/// Where text goes: the body, or the cell of a table.
#[derive(Default)]
struct Frame {
    lines: Vec<Line>,
    current: String,
    /// text that is not bold was seen
    plain: bool,
}

#[derive(Default)]
struct State {
    open: Vec<Open>,
    frames: Vec<Frame>,
    root: Frame,
    tables: Vec<Table>,
    rest_is_quote: bool,
}

#[derive(Default)]
struct Sink(RefCell<State>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                state.start(&tag);
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "iframe" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" => return TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => {}
                }
            }
            Token::TagToken(tag) => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
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

    fn text(&mut self, text: &str) {
        let Effect {
            hidden,
            bold,
            verbatim,
            ..
        } = self.effect();
        if hidden {
            return;
        }
        for c in text.chars() {
            let frame = self.frame();
            frame.plain |= !bold && !c.is_whitespace();
            match c {
                '\n' if verbatim => self.break_line(),
                c if verbatim || !c.is_ascii_whitespace() => frame.current.push(c),
                _ if frame.current.is_empty() || frame.current.ends_with(' ') => {}
                _ => frame.current.push(' '),
            }
        }
    }

    /// Ends the line, also an empty one.
    fn break_line(&mut self) {
        let place = self.place();
        let frame = self.frame();
        let text = std::mem::take(&mut frame.current);
        frame.lines.push(Line::new(place, &text));
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

    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let effect = Effect::of(tag);
        match name {
            "p" | "li" | "dt" | "dd" if self.open.last().is_some_and(|o| o.name == name) => {
                self.end(name);
            }
            "table" if self.tables.len() < MAX_TABLES => {
                self.stand_off();
                self.tables.push(Table::new(self.open.len()));
            }
            "tr" | "tbody" | "thead" | "tfoot" => self.end_row(),
            "td" | "th" => self.start_cell(),
            "br" => self.break_line(),
            _ => {}
        }
        if let Some(table) = self.tables.last_mut().filter(|_| name == "tr") {
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
        self.rest_is_quote |= has_mark(tag, &[QUOTE_REST_MARK]);
        if name == "li" {
            self.text("- ");
        }
        let closed = VOID.contains(&name) || tag.self_closing && effect.hidden;
        if !closed && self.open.len() < MAX_OPEN {
            self.open.push(Open {
                name: name.to_owned(),
                effect: effect.within(self.effect()),
                block: block || paragraph,
            });
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table" => return self.end_table(),
            "tr" => return self.end_row(),
            "td" | "th" => return self.end_cell(),
            _ => {}
        }
        let floor = self.tables.last().map_or(0, Table::floor);
        let found = self.open.iter().skip(floor).rposition(|o| o.name == name);
        let Some(at) = found.map(|position| position + floor) else {
            return;
        };
        if self.open.get(at).is_some_and(|open| open.block) {
            self.end_line();
        }
        self.open.truncate(at);
    }

    /// Ends the open row of the innermost table, if there is one.
    fn end_row(&mut self) {
        self.end_cell();
        if let Some(height) = self.tables.last_mut().and_then(Table::end_row) {
            self.open.truncate(height);
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
        self.open.truncate(height);
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
        self.open.truncate(table.height());
        let lines = table.into_lines();
        self.frame().lines.extend(lines);
        self.stand_off();
    }

    fn finish(mut self) -> Vec<Line> {
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end_line();
        self.root.lines
    }
}
