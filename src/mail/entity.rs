//! A MIME entity (RFC 2045): header fields and a body, which may hold further entities.
//!
//! Walking the parts is done here, not by mail-parser, so that depth and number of parts
//! are bounded before anything is allocated, and attachments and attached mails are never
//! decoded.

use std::borrow::Cow;

use mail_parser::ContentType;

use super::header::Fields;
use super::{charset, transfer};

/// Entities nested deeper than this are not looked into; mail programs stay below ten.
const MAX_DEPTH: usize = 32;

/// Entities beyond this number are not looked at; mail with many pictures has some fifty.
const MAX_ENTITIES: usize = 500;

/// The longest text that is read, in bytes before decoding; the rest is cut off.
pub(super) const MAX_TEXT: usize = 1024 * 1024;

/// A header and a body.
#[derive(Debug)]
pub(super) struct Entity<'a> {
    /// the header fields
    pub(super) fields: Fields,
    /// the body, undecoded
    pub(super) body: &'a [u8],
    /// the entities a multipart holds; empty for everything else
    pub(super) parts: Vec<Entity<'a>>,
    /// the mail that a message/rfc822 holds
    pub(super) message: Option<Box<Entity<'a>>>,
    kind: Option<ContentType<'static>>,
}

impl<'a> Entity<'a> {
    /// Splits a whole mail; leaves out the envelope line that MTAs put before a mail in a pipe.
    pub(super) fn parse(raw: &'a [u8]) -> Self {
        let mail = if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
            raw.iter()
                .position(|&b| b == b'\n')
                .and_then(|end| raw.get(end + 1..))
                .unwrap_or_default()
        } else {
            raw
        };
        let mut left = MAX_ENTITIES;
        Self::within(mail, MAX_DEPTH, &mut left)
    }

    /// An entity that may hold others `depth` deep, `left` in all.
    fn within(raw: &'a [u8], depth: usize, left: &mut usize) -> Self {
        let (header, body) = split_header(raw);
        let fields = Fields::parse(header);
        let kind = fields.content_type("content-type");
        let mut entity = Self {
            fields,
            body,
            parts: Vec::new(),
            message: None,
            kind,
        };
        if let Some(boundary) = entity.boundary() {
            if depth == 0 {
                entity.body = &[];
            }
            let mut inner = split_parts(entity.body, &boundary);
            while depth > 0
                && *left > 0
                && let Some(part) = inner.next()
            {
                *left -= 1;
                entity.parts.push(Self::within(part, depth - 1, left));
            }
        } else if depth > 0 && *left > 0 && entity.media_type() == "message/rfc822" {
            *left -= 1;
            entity.message = Some(Box::new(Self::within(
                body.trim_ascii_start(),
                depth - 1,
                left,
            )));
        }
        entity
    }

    /// What delimits the parts of a multipart: what the header says, or where it says nothing
    /// that occurs, what the body shows.
    fn boundary(&self) -> Option<Vec<u8>> {
        if !self.media_type().starts_with("multipart/") {
            return None;
        }
        let named = self.parameter("boundary").unwrap_or_default().trim_end();
        let occurs = |boundary: &[u8]| next_delimiter(self.body, boundary).start < self.body.len();
        if !named.is_empty() && occurs(named.as_bytes()) {
            return Some(named.as_bytes().to_vec());
        }
        shown_boundary(self.body).map(<[u8]>::to_vec)
    }

    /// Media type and subtype in lower case; "text/plain" where none or nonsense is said (RFC 2045 5.2).
    pub(super) fn media_type(&self) -> String {
        match self
            .kind
            .as_ref()
            .map(|kind| (kind.ctype(), kind.subtype()))
        {
            Some((kind, Some(subtype))) => format!("{kind}/{subtype}").to_ascii_lowercase(),
            _ => "text/plain".to_owned(),
        }
    }

    /// A parameter of the content type.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.kind.as_ref()?.attribute(name)
    }

    /// Whether it is a file that the mail carries rather than something to read (RFC 2183).
    pub(super) fn is_attachment(&self) -> bool {
        let disposition = self.fields.content_type("content-disposition");
        self.parameter("name").is_some()
            || self.is_set_aside()
            || disposition.is_some_and(|d| d.has_attribute("filename"))
    }

    /// Whether it says of itself that it is an attachment; bodies may have a name, too.
    pub(super) fn is_set_aside(&self) -> bool {
        let disposition = self.fields.content_type("content-disposition");
        disposition.is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment"))
    }

    /// The name of the file that it is, decoded (RFC 2047, RFC 2231).
    pub(super) fn file_name(&self) -> Option<String> {
        let disposition = self.fields.content_type("content-disposition");
        let name = disposition.as_ref().and_then(|d| d.attribute("filename"));
        name.or_else(|| self.parameter("name")).map(str::to_owned)
    }

    /// The first `most` bytes of the body, their transfer encoding undone.
    pub(super) fn content(&self, most: usize) -> Cow<'a, [u8]> {
        let bytes = self.body.get(..most).unwrap_or(self.body);
        let encoding = self
            .fields
            .raw("content-transfer-encoding")
            .unwrap_or_default();
        transfer::decode(bytes, encoding)
    }

    /// The body as text, at most [`MAX_TEXT`] of it, line ends as `\n`.
    pub(super) fn text(&self) -> String {
        let decoded = self.content(MAX_TEXT);
        let named = self.parameter("charset").map(str::to_owned);
        let charset = named.or_else(|| {
            let page = self.media_type() == "text/html";
            page.then(|| charset_of_page(&decoded)).flatten()
        });
        let text = charset::decode(&decoded, charset.as_deref());
        let breaks = ['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
        text.replace("\r\n", "\n").replace(breaks, "\n")
    }

    /// The entity with the header of the mail that it was wrapped in.
    pub(super) fn under(mut self, outer: Fields) -> Self {
        self.fields = self.fields.under(outer);
        self
    }
}

/// The charset that a page tells of itself (`<meta charset=…>`), near its beginning.
fn charset_of_page(page: &[u8]) -> Option<String> {
    let head = page.get(..2048).unwrap_or(page);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, value) = head.split_once("charset=")?;
    let is_of_name = |c: &char| c.is_ascii_alphanumeric() || "-_.:".contains(*c);
    let name: String = value
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(is_of_name)
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The header fields of a mail, or of as much of it as there is.
pub(super) fn header(raw: &[u8]) -> Fields {
    Fields::parse(split_header(raw).0)
}

/// Header and body; a text that does not begin with a header field is all body, and a header
/// that no blank line ends goes as far as its fields.
fn split_header(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    let mut lines = raw.split_inclusive(|&b| b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let blank = line.iter().all(u8::is_ascii_whitespace);
        let folded = end > 0 && (line.starts_with(b" ") || line.starts_with(b"\t"));
        // Some programs fold a field without the blank that says so.
        let goes_on = |next: &&[u8]| end > 0 && is_mail_field(next);
        if !blank && !folded && !is_field(line) && !lines.peek().is_some_and(goes_on) {
            return raw.split_at(end);
        }
        let start = end;
        end += line.len();
        if blank {
            let header = raw.get(..start).unwrap_or_default();
            return (header, raw.get(end..).unwrap_or_default());
        }
    }
    (raw, &[])
}

/// Whether a line begins a header field: its name is printable ASCII (RFC 5322 2.2); a
/// pipe may have put an envelope line among them.
fn is_field(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|&b| b == b':') else {
        return false;
    };
    let name = line.get(..colon).unwrap_or_default();
    let envelope = name.starts_with(b"From ") || name.starts_with(b">From ");
    let name = name.trim_ascii_end();
    envelope || !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
}

/// Whether a line begins a field that programs write, not one that a person may.
fn is_mail_field(line: &[u8]) -> bool {
    const STARTS: [&[u8]; 14] = [
        b"content-",
        b"mime-",
        b"x-",
        b"message-id:",
        b"from:",
        b"to:",
        b"cc:",
        b"date:",
        b"subject:",
        b"received:",
        b"reply-to:",
        b"references:",
        b"in-reply-to:",
        b"user-agent:",
    ];
    let line = line.get(..16).unwrap_or(line).to_ascii_lowercase();
    STARTS.iter().any(|start| line.starts_with(start))
}

/// The mail with line ends of its own, where some program has left bare carriage returns only.
pub(super) fn with_line_ends(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.contains(&b'\n') || !raw.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    let feed = |&byte: &u8| if byte == b'\r' { b'\n' } else { byte };
    Cow::Owned(raw.iter().map(feed).collect())
}

/// The boundary of a body whose header does not tell it: a line of two dashes and more, and a
/// field of MIME below.
fn shown_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut above: Option<&[u8]> = None;
    for line in body.split(|&b| b == b'\n') {
        let is_mime = line
            .get(..8)
            .is_some_and(|l| l.eq_ignore_ascii_case(b"content-"));
        if let Some(boundary) = above.filter(|_| is_mime) {
            return Some(boundary);
        }
        let boundary = line.trim_ascii_end().strip_prefix(b"--");
        above = boundary.filter(|boundary| !boundary.is_empty());
    }
    None
}

/// The parts between the delimiter lines of a multipart body (RFC 2046 5.1.1).
fn split_parts<'a>(body: &'a [u8], boundary: &[u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = body;
    let mut open = false;
    let mut ended = false;
    std::iter::from_fn(move || {
        while !ended {
            let delimiter = next_delimiter(rest, boundary);
            let part = rest.get(..delimiter.start).unwrap_or(rest);
            rest = rest.get(delimiter.end..).unwrap_or_default();
            ended = delimiter.last;
            if std::mem::replace(&mut open, true) {
                return Some(part);
            }
        }
        None
    })
}

/// Where a delimiter line stands, the line break before it included.
struct Delimiter {
    start: usize,
    end: usize,
    last: bool,
}

/// The next delimiter line; without one, the end of the body is the last.
fn next_delimiter(body: &[u8], boundary: &[u8]) -> Delimiter {
    let mut at = 0;
    for line in body.split_inclusive(|&b| b == b'\n') {
        let tail = line
            .strip_prefix(b"--")
            .and_then(|l| l.strip_prefix(boundary));
        if let Some(tail) = tail.map(<[u8]>::trim_ascii_end)
            && (tail.is_empty() || tail == b"--")
        {
            let before = body.get(..at).unwrap_or_default();
            let content = before.strip_suffix(b"\n").unwrap_or(before);
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            return Delimiter {
                start: content.len(),
                end: at + line.len(),
                last: !tail.is_empty(),
            };
        }
        at += line.len();
    }
    Delimiter {
        start: body.len(),
        end: body.len(),
        last: true,
    }
}
