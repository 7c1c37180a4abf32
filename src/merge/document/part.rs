//! A part with marks, compiled.

use std::borrow::Cow;

use minijinja::Environment;

use super::deflate::{Sink, Stretch};
use super::field::merge_fields;
use super::layout::{self, Breaks, Slot};
use super::proof;
use super::scan::Scan;
use super::writer::{Seam, Segment, Writer};
use crate::merge::archive::{Entry, Method};
use crate::merge::document::package::encoding::Encoding;
use crate::merge::document::package::parts::Source;
use crate::merge::document::repeat::{Bodies, Ids, Renewal, Skeleton};
use crate::merge::mark::Kind;
use crate::merge::program::{Compiler, Item, Mark, Program, items};
use crate::merge::{Error, Place, Rules, Values, xml};

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
    segments: Vec<Segment>,
    /// how a value behind it is written
    slot: Slot,
    /// the body of which each repetition begins with it
    body: Option<usize>,
}

impl Part {
    /// Compiles a part; `None` if it holds no mark. Its faults come in the order of their
    /// places.
    pub(super) fn compile(
        source: &Source,
        compiler: &mut Compiler<'_>,
        ids: &mut Ids,
    ) -> Option<Self> {
        let earlier = compiler.faults.len();
        let part = Self::compile_marks(source, compiler, ids);
        let found = compiler.faults.get_mut(earlier..).unwrap_or_default();
        found.sort_by_key(|fault| fault.place.anchor.as_ref().map(|anchor| anchor.paragraph));
        part
    }

    fn compile_marks(source: &Source, compiler: &mut Compiler<'_>, ids: &mut Ids) -> Option<Self> {
        let scan = source.scan().map_err(|fault| compiler.faults.push(fault));
        let mut scan = scan.ok()?;
        let (name, text, faults) = (&source.name, &source.text, &mut compiler.faults);
        let fields = merge_fields(name, text, &mut scan, compiler.rules, faults);
        let layout = layout::lay_out(name, text, &scan, compiler.rules, fields, faults);
        if layout.skeleton.is_empty() {
            return None;
        }
        let marks: Vec<Mark> = layout.cuts.iter().map(|cut| cut.mark.clone()).collect();
        let (program, blocks) =
            compiler.compile(&source.name, &marks, |number| layout.text(number));
        let strict = matches!(compiler.rules, Rules::Strict(_));
        proof::prove(&layout, &blocks, strict, &mut compiler.faults);
        let bodies = Bodies::new(&blocks, layout.cuts.len());
        let moves = layout.cuts.iter().any(|cut| cut.mark.kind != Kind::Print);
        let scan = if moves {
            Scan::read(&layout.skeleton).unwrap_or_default()
        } else {
            Scan::default()
        };
        let skeleton = Skeleton {
            text: &layout.skeleton,
            scan: &scan,
            cuts: &layout.cuts,
            bodies: &bodies,
        };
        let first = ids.enter(&bodies);
        let mut seams = skeleton.husks(&blocks);
        if !bodies.all.is_empty() {
            seams.extend(ids.holes(&skeleton, first));
            seams.extend(ids.lists(&skeleton, first));
        }
        seams.sort_by_key(Seam::order);
        let stretches = skeleton.cut_up(source.encoding, &seams, first);
        let segments = stretches.iter().flat_map(|part| &part.segments);
        let room = segments.map(|segment| segment.stretch.raw.len() / 4 + 64);
        Some(Self {
            name: source.name.clone(),
            program,
            encoding: source.encoding,
            room: room.sum(),
            stretches,
        })
    }

    /// Evaluates its marks.
    pub(super) fn run(
        &self,
        environment: &Environment<'_>,
        values: &Values,
    ) -> Result<String, Error> {
        self.program.run(environment, values)
    }

    /// Merges in what the marks made; with `check`, what comes out is parsed again. More than
    /// `room` bytes are refused.
    pub(super) fn merge(
        &self,
        output: &str,
        original: &Entry,
        check: bool,
        renewal: &mut Renewal<'_>,
        room: usize,
    ) -> Result<Entry, Error> {
        let mut sink = Sink::new(self.room + output.len(), check);
        sink.bytes(self.encoding.mark());
        let mut writer = Writer::new(sink, self.encoding, renewal);
        self.write(output, &mut writer, room.min(MAX_SIZE))?;
        pack(original, writer.sink)
    }

    /// Writes what the program made.
    fn write<'p>(
        &'p self,
        output: &str,
        writer: &mut Writer<'p, '_, '_>,
        most: usize,
    ) -> Result<(), Error> {
        let mut slot = &Slot::Plain;
        for item in items(output) {
            match item {
                Item::Stretch(number) => {
                    let Some(part) = self.stretches.get(number) else {
                        continue;
                    };
                    if let Some(body) = part.body {
                        writer.pass(body);
                    }
                    for segment in &part.segments {
                        writer.segment(segment);
                    }
                    slot = &part.slot;
                }
                Item::Value(text) => writer.value(&slot.write(text)),
            }
            if writer.sink.size() > most {
                return Err(Error {
                    place: Place::of_part(&self.name),
                    problem: TOO_LARGE.to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl Skeleton<'_> {
    /// The stretches with their seams; the first of the bodies has this number.
    fn cut_up(&self, encoding: Encoding, seams: &[Seam], first: usize) -> Vec<Static> {
        let mut seams = seams.iter().peekable();
        let mut stretches = Vec::with_capacity(self.cuts.len() + 1);
        let mut start = 0;
        for (number, cut) in self.cuts.iter().map(Some).chain([None]).enumerate() {
            let end = cut.map_or(self.text.len(), |cut| cut.at);
            let repeated = self.bodies.around(number).next().is_some();
            let mut segments = Vec::new();
            let mut seam = None;
            loop {
                let next = seams.next_if(|seam| seam.stretch(self) == number);
                let until = next.map_or(end, |seam| seam.span.start);
                let text = self.text.get(start..until).unwrap_or_default();
                if seam.is_some() || !text.is_empty() {
                    let fills = self.fills(&(start..until));
                    segments.push(Segment::new(seam, text, encoding, fills, |raw| {
                        Stretch::new(raw, repeated)
                    }));
                }
                start = until;
                seam = next;
                if next.is_none() {
                    break;
                }
            }
            let body = self.bodies.beginning_with(number);
            stretches.push(Static {
                segments,
                slot: cut.map_or(Slot::Plain, |cut| cut.slot.clone()),
                body: body.map(|body| first + body),
            });
        }
        stretches
    }
}

/// The entry for what was written in place of the original; parsed again if it was kept.
pub(super) fn pack(original: &Entry, sink: Sink) -> Result<Entry, Error> {
    let error = |problem| Error {
        place: Place::of_part(&original.path()),
        problem,
    };
    let deflated = sink.finish();
    if let Some(plain) = &deflated.plain {
        proof::well_formed(plain).map_err(error)?;
    }
    Ok(Entry {
        name: original.name.clone(),
        utf8: original.utf8,
        method: Method::Deflated,
        crc32: deflated.crc32,
        size: u32::try_from(deflated.size).map_err(|_| error(TOO_LARGE.to_owned()))?,
        data: deflated.data,
    })
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
