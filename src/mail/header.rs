//! The header fields of an entity (RFC 5322 2.2); mail-parser reads what stands in them.

use jiff::Timestamp;
use mail_parser::ContentType;
use mail_parser::parsers::MessageStream;

use super::{Address, charset};

/// The longest header that is read, in bytes: more than servers let pass (Postfix: 100 kB a field).
const MAX_HEADER: usize = 128 * 1024;

/// Addresses of one field beyond this number are not looked at: more than one author is one too many.
const MAX_ADDRESSES: usize = 20;

/// The header fields of an entity, in order.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Splits a header.
    pub(super) fn parse(header: &[u8]) -> Self {
        let text = charset::decode(header.get(..MAX_HEADER).unwrap_or(header), None);
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match (fields.last_mut(), line.split_once(':')) {
                (Some((_, value)), _) if line.starts_with([' ', '\t']) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                (_, Some((name, value))) => {
                    fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
                _ => {}
            }
        }
        Self(fields)
    }

    /// The outer fields, but those that describe the content, which stay its own.
    pub(super) fn under(self, outer: Self) -> Self {
        let describes = |(name, _): &(String, String)| name.starts_with("content-");
        let mut fields = outer.0;
        fields.retain(|field| !describes(field));
        fields.extend(self.0.into_iter().filter(describes));
        Self(fields)
    }

    /// The unfolded values of all fields called `name` (lower case), undecoded.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The names of all fields, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The first field called `name`, unfolded, undecoded.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The first field called `name` as text, encoded words decoded (RFC 2047).
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let line = with_whole_words(self.raw(name)?) + "\n";
        let value = MessageStream::new(line.as_bytes()).parse_unstructured();
        let text = charset::clean(&charset::mend(value.as_text().unwrap_or_default()));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// The time of the field `Date` (RFC 5322 3.6.1), as far as it can be made out.
    pub(super) fn date(&self) -> Option<Timestamp> {
        let line = self.raw("date")?.to_owned() + "\n";
        let value = MessageStream::new(line.as_bytes()).parse_date();
        let date = value.as_datetime().filter(|date| date.is_valid())?;
        Timestamp::from_second(date.to_timestamp()).ok()
    }

    /// The first mailbox of the first field called `name`.
    pub(super) fn address(&self, name: &str) -> Option<Address> {
        mailboxes(self.raw(name)?).into_iter().next()
    }

    /// The mailboxes of all fields called `name`, at most [`MAX_ADDRESSES`].
    pub(super) fn addresses<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Address> {
        self.all(name).flat_map(mailboxes).take(MAX_ADDRESSES)
    }

    /// The media type that the field called `name` gives (RFC 2045 5).
    pub(super) fn content_type(&self, name: &str) -> Option<ContentType<'static>> {
        let line = format!("{}\n", self.raw(name)?);
        let value = MessageStream::new(line.as_bytes()).parse_content_type();
        value.into_owned().into_content_type()
    }
}

/// The sound addresses of a list of mailboxes (RFC 5322 3.4).
fn mailboxes(value: &str) -> Vec<Address> {
    let line = with_whole_words(value) + "\n";
    let value = MessageStream::new(line.as_bytes()).parse_address();
    let Some(list) = value.as_address() else {
        return Vec::new();
    };
    let sound = list.iter().filter_map(|addr| {
        let email = charset::clean(addr.address()?).trim().to_owned();
        let name = charset::clean(&charset::mend(addr.name().unwrap_or_default()));
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let sound = email.contains('@') && !email.contains(char::is_whitespace);
        sound.then(|| Address {
            name: (!name.is_empty()).then_some(name),
            email,
        })
    });
    sound.take(MAX_ADDRESSES).collect()
}

/// Joins neighbouring encoded words of one charset and encoding (RFC 2047): some programs
/// cut them in the middle of a character.
fn with_whole_words(value: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in value.split_whitespace() {
        let joined = words.last().and_then(|last| {
            let (head, text) = encoded_word(last)?;
            let (next_head, next) = encoded_word(word)?;
            let same = head.eq_ignore_ascii_case(next_head) && !text.ends_with('=');
            same.then(|| format!("=?{head}?{text}{next}?="))
        });
        match (joined, words.last_mut()) {
            (Some(joined), Some(last)) => *last = joined,
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

/// Charset and encoding, and the text, of an encoded word.
fn encoded_word(word: &str) -> Option<(&str, &str)> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    inner.rsplit_once('?')
}
