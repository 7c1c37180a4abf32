//! A part with marks, compiled.

use std::borrow::Cow;

use minijinja::Environment;

use super::deflate::{Sink, Stretch};
use super::encoding::Encoding;
use super::field::merge_fields;
use super::layout::{self, Breaks, Cut, Slot};
use super::parts::Source;
use super::proof;
use super::scan::Scan;
use crate::merge::archive::{Entry, Method};
use crate::merge::program::{Compiler, Item, Mark, Program, items};
use crate::merge::{Error, Fault, Values, xml};

/// The longest part a merge may make (bytes).
const MAX_SIZE: usize = 256 << 20;

/// A part with marks: stretches of XML, and a program that puts values between them.
#[derive(Debug)]
pub(super) struct Part {
    name: String,
    program: Program,
    encoding: Encoding,
    /// stretch `n` stands before mark `n`
    stretches: Vec<Static>,
    /// the deflated size of all stretches (bytes)
    room: usize,
}

/// Static XML and what may follow it.
#[derive(Debug)]
struct Static {
    stretch: Stretch,
    /// how a value behind it is written
    slot: Slot,
    /// what must come first unless a paragraph has just ended
    guard: Option<Vec<u8>>,
    ends_paragraph: bool,
}

impl Part {
    /// Compiles a part; `None` if it holds no mark.
    pub(super) fn compile(source: &Source, compiler: &mut Compiler<'_>) -> Option<Self> {
        let mut scan = match Scan::read(&source.text) {
            Ok(scan) => scan,
            Err(problem) => {
                compiler.faults.push(Fault {
                    place: source.name.clone(),
                    problem,
                });
                return None;
            }
        };
        let (name, text, faults) = (&source.name, &source.text, &mut compiler.faults);
        let fields = merge_fields(name, text, &mut scan, compiler.rules, faults);
        let layout = layout::lay_out(name, text, &scan, compiler.rules, fields, faults);
        if layout.skeleton.is_empty() {
            return None;
        }
        let marks: Vec<Mark> = layout.cuts.iter().map(|cut| cut.mark.clone()).collect();
        let (program, blocks) =
            compiler.compile(&source.name, &marks, |number| layout.text(number));
        proof::prove(&layout, &blocks, &mut compiler.faults);
        let repeated = |number: usize| {
            let within = |marks: &[usize]| {
                let (first, last) = (marks.first(), marks.last());
                first.is_some_and(|first| *first < number)
                    && last.is_some_and(|last| number <= *last)
            };
            blocks
                .iter()
                .any(|block| block.keyword == "for" && within(&block.marks))
        };
        let mut stretches = Vec::with_capacity(layout.cuts.len() + 1);
        let mut start = 0;
        let mut guard = None;
        for (number, cut) in layout.cuts.iter().map(Some).chain([None]).enumerate() {
            let end = cut.map_or(layout.skeleton.len(), |cut| cut.at);
            let text = layout.skeleton.get(start..end).unwrap_or_default();
            let mut raw = Vec::with_capacity(text.len());
            if number == 0 {
                raw.extend_from_slice(source.encoding.mark());
            }
            source.encoding.encode(text, &mut raw);
            stretches.push(Static {
                stretch: Stretch::new(raw, repeated(number)),
                slot: cut.map_or(Slot::Plain, |cut| cut.slot.clone()),
                guard: guard.take(),
                ends_paragraph: ends_paragraph(text),
            });
            start = end;
            guard = cut.and_then(|cut| source.guard(cut));
        }
        let room = stretches
            .iter()
            .map(|part| part.stretch.raw.len() / 4 + 64)
            .sum();
        Some(Self {
            name: source.name.clone(),
            program,
            encoding: source.encoding,
            stretches,
            room,
        })
    }

    /// Merges the values in; with `check`, what comes out is parsed again.
    pub(super) fn merge(
        &self,
        environment: &Environment<'_>,
        values: &Values,
        original: &Entry,
        check: bool,
    ) -> Result<Entry, Error> {
        let output = self.program.run(environment, values)?;
        let mut sink = Sink::new(self.room + output.len(), check);
        self.write(&output, &mut sink)?;
        let deflated = sink.finish();
        if let Some(plain) = &deflated.plain {
            proof::well_formed(plain).map_err(|problem| self.error(problem))?;
        }
        Ok(Entry {
            name: original.name.clone(),
            utf8: original.utf8,
            method: Method::Deflated,
            crc32: deflated.crc32,
            size: u32::try_from(deflated.size).map_err(|_| self.error(TOO_LARGE.to_owned()))?,
            data: deflated.data,
        })
    }

    /// Writes what the program made.
    fn write(&self, output: &str, sink: &mut Sink) -> Result<(), Error> {
        let mut slot = &Slot::Plain;
        let mut after_paragraph = false;
        let mut value = Vec::new();
        for item in items(output) {
            match item {
                Item::Stretch(number) => {
                    let Some(part) = self.stretches.get(number) else {
                        continue;
                    };
                    if let Some(guard) = part.guard.as_ref().filter(|_| !after_paragraph) {
                        sink.bytes(guard);
                    }
                    if !part.stretch.raw.is_empty() {
                        after_paragraph = part.ends_paragraph;
                        sink.stretch(&part.stretch);
                    }
                    slot = &part.slot;
                }
                Item::Value(text) => {
                    value.clear();
                    self.encoding.encode(&slot.write(text), &mut value);
                    sink.bytes(&value);
                    after_paragraph = false;
                }
            }
            if sink.size() > MAX_SIZE {
                return Err(self.error(TOO_LARGE.to_owned()));
            }
        }
        Ok(())
    }

    fn error(&self, problem: String) -> Error {
        Error {
            place: self.name.clone(),
            problem,
        }
    }
}

const TOO_LARGE: &str = "das Ergebnis wird zu groß; läuft eine Schleife zu lange?";

impl Slot {
    /// A value as it is written here.
    fn write<'v>(&self, value: &'v str) -> Cow<'v, str> {
        match self {
            Self::Word(breaks) => breaks.write(value),
            Self::Plain => {
                quoted(&value.replace("\r\n", " ").replace(char::is_control, " ")).into()
            }
            Self::Instruction => {
                let breaks_out = |c: char| matches!(c, '"' | '„' | '“' | '”' | '\\');
                let value = value.replace(breaks_out, "").replace(char::is_control, " ");
                quoted(&value).into()
            }
            Self::Target => quoted(&target(value)).into(),
        }
    }
}

/// A value as part of a URI (RFC 3986, 2.1): what may not stand there is percent-encoded,
/// and what would end a word in the instruction of a field.
fn target(value: &str) -> String {
    let mut uri = String::with_capacity(value.len());
    for (at, c) in value.char_indices().filter(|(_, c)| !c.is_control()) {
        let code = value.get(at + 1..at + 3).unwrap_or_default();
        let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_hexdigit());
        match c {
            '%' if is_code => uri.push(c),
            '%' | ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '„' | '“' | '”' => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    uri.push_str(&format!("%{byte:02X}"));
                }
            }
            c => uri.push(c),
        }
    }
    uri
}

/// Escaped for attributes in either kind of quotation marks.
fn quoted(text: &str) -> String {
    xml::escape(text).replace('\'', "&apos;")
}

impl Breaks {
    fn write<'v>(&self, value: &'v str) -> Cow<'v, str> {
        const BREAKS: [char; 5] = ['\n', '\r', '\t', '\x07', '\x0c'];
        if !value.contains(BREAKS) {
            return xml::escape(value);
        }
        let mut out = String::with_capacity(value.len() + 2 * self.line.len());
        let mut rest = value;
        while let Some(at) = rest.find(BREAKS) {
            let (before, after) = rest.split_at(at);
            out.push_str(&xml::escape(before));
            let (markup, length) = match after.as_bytes() {
                [b'\r', b'\n', ..] => (&self.line, 2),
                [b'\t', ..] => (&self.tab, 1),
                [b'\x07', ..] => (&self.paragraph, 1),
                [b'\x0c', ..] => (&self.page, 1),
                _ => (&self.line, 1),
            };
            out.push_str(markup);
            rest = after.get(length..).unwrap_or_default();
        }
        out.push_str(&xml::escape(rest));
        out.into()
    }
}

impl Source {
    fn guard(&self, cut: &Cut) -> Option<Vec<u8>> {
        let mut guard = Vec::new();
        self.encoding.encode(cut.guard.as_ref()?, &mut guard);
        Some(guard)
    }
}

/// Whether the XML ends with the end of a paragraph.
fn ends_paragraph(text: &str) -> bool {
    let tag = text
        .rfind('<')
        .and_then(|at| text.get(at + 1..))
        .unwrap_or_default();
    let (closes, tag) = match tag.strip_prefix('/') {
        Some(tag) => (true, tag),
        None => (tag.ends_with("/>"), tag),
    };
    let name = tag
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
        .next();
    closes && tag.ends_with('>') && name.is_some_and(|name| name == "p" || name.ends_with(":p"))
}
