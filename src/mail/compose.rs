//! A reply as bytes.

use std::time::SystemTime;

use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;
use jiff::Timestamp;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use unicode_normalization::UnicodeNormalization;

use super::{Address, Attachment, ComposeError, Draft, Mail, MessageId, charset};

/// The longest subject and display name, in characters: room for every encoding in a header line.
const MAX_TEXT: usize = 200;

/// The longest file name, in bytes: what file systems take.
const MAX_FILE_NAME: usize = 255;

/// Characters that a file name cannot have on every system.
const UNSAFE_IN_NAMES: &[char] = &['/', '\\', '"', '<', '>', '?', '*', '|', ':'];

/// The longest word of a header field that is written as it is; longer ones cannot be folded.
const MAX_WORD: usize = 60;

/// The most ids in References, and the longest of them in bytes; the last ones are kept.
const MAX_REFERENCES: usize = 20;
const MAX_ID: usize = 250;

/// What mail programs put before the subject of a reply.
const REPLY_PREFIXES: &[&str] = &["re:", "aw:", "antw:", "antwort:", "sv:", "ynt:", "odp:"];

/// The subject of a reply to a mail that has none.
const NO_SUBJECT: &str = "Ihre Nachricht";

/// Puts a reply into bytes (RFC 5322, CRLF line ends): `Auto-Submitted: auto-replied`
/// (`auto-generated` where no mail is answered), `In-Reply-To`, `References`,
/// `X-Auto-Response-Suppress: All`, `X-Loop`; the same draft gives the same bytes.
///
/// # Errors
///
/// [`ComposeError`] if one of the addresses is none that mail servers take.
pub fn compose(draft: &Draft<'_>) -> Result<Vec<u8>, ComposeError> {
    let boundary = sound_boundary(&draft.boundary);
    let alternative = MultiPart::alternative()
        .boundary(format!("{boundary}_text"))
        .singlepart(text_part(ContentType::TEXT_PLAIN, &draft.text))
        .singlepart(text_part(ContentType::TEXT_HTML, &draft.html));
    let content = if draft.attachments.is_empty() {
        alternative
    } else {
        let mixed = MultiPart::mixed().boundary(boundary).multipart(alternative);
        let files = draft.attachments.iter().map(file_part);
        files.fold(mixed, MultiPart::singlepart)
    };
    let message = head(draft)?
        .multipart(content)
        .map_err(|error| ComposeError(error.to_string()))?;
    Ok(message.formatted())
}

fn head(draft: &Draft<'_>) -> Result<MessageBuilder, ComposeError> {
    let subject = match &draft.subject {
        Some(subject) => one_line(subject, MAX_TEXT),
        None => reply_subject(draft.answers.and_then(|mail| mail.subject.as_deref())),
    };
    let mut builder = MessageBuilder::new()
        .from(mailbox(&draft.from)?)
        .to(mailbox(&draft.to)?)
        .date(SystemTime::from(draft.date.max(Timestamp::UNIX_EPOCH)))
        .message_id(Some(draft.message_id.as_str().to_owned()))
        .raw_header(encoded("Subject", &subject));
    let (parents, thread) = draft.answers.map(thread).unwrap_or_default();
    let automatic = match draft.answers {
        Some(_) => "auto-replied",
        None => "auto-generated",
    };
    let own = draft.from.email.as_str();
    let fields = [
        ("In-Reply-To", parents.as_str()),
        ("References", &thread),
        // RFC 3834 5, and what Exchange and mail loops heed.
        ("Auto-Submitted", automatic),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Loop", own),
        ("Content-Language", "de"),
    ];
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        builder = builder.raw_header(encoded(name, value));
    }
    Ok(builder)
}

/// The ids for In-Reply-To and References (RFC 5322 3.6.4).
fn thread(mail: &Mail) -> (String, String) {
    let Some(parent) = mail.message_id.as_ref().filter(|id| is_writable(id)) else {
        return (String::new(), String::new());
    };
    let earlier = match mail.in_reply_to.as_slice() {
        [only] if mail.references.is_empty() => std::slice::from_ref(only),
        _ => &mail.references,
    };
    let ids: Vec<&str> = earlier
        .iter()
        .filter(|id| is_writable(id) && *id != parent)
        .chain([parent])
        .map(MessageId::as_str)
        .collect();
    let kept = ids.get(ids.len().saturating_sub(MAX_REFERENCES)..);
    (
        parent.as_str().to_owned(),
        kept.unwrap_or_default().join(" "),
    )
}

fn is_writable(id: &MessageId) -> bool {
    id.as_str().is_ascii() && id.as_str().len() <= MAX_ID
}

fn mailbox(address: &Address) -> Result<Mailbox, ComposeError> {
    let refused =
        |why: &str| ComposeError(format!("{} is no usable address: {why}", address.email));
    if !address.email.is_ascii() {
        return Err(refused("it has letters beyond ASCII"));
    }
    let email = address.email.parse::<lettre::Address>();
    let email = email.map_err(|error| refused(&error.to_string()))?;
    let name = address.name.as_deref().map(|name| one_line(name, MAX_TEXT));
    Ok(Mailbox::new(name.filter(|name| !name.is_empty()), email))
}

/// "Re: " and the subject answered, whatever stood before it.
fn reply_subject(subject: Option<&str>) -> String {
    let subject = one_line(subject.unwrap_or_default(), MAX_TEXT);
    let mut words = subject.as_str();
    while let Some((prefix, rest)) = words.split_once(' ')
        && REPLY_PREFIXES.contains(&prefix.to_lowercase().as_str())
    {
        words = rest;
    }
    for prefix in REPLY_PREFIXES {
        let head = words.get(..prefix.len()).unwrap_or_default();
        if head.eq_ignore_ascii_case(prefix) {
            words = words.get(prefix.len()..).unwrap_or_default();
        }
    }
    let words = if words.is_empty() { NO_SUBJECT } else { words };
    format!("Re: {words}")
}

/// Text for a header field: one line without characters that are not seen.
fn one_line(text: &str, most: usize) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let text = charset::clean(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars()
        .take(most)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// A header field, folded, with encoded words (RFC 2047) where it needs them: all of it if
/// it could be misread or not be folded.
fn encoded(name: &'static str, value: &str) -> HeaderValue {
    let field = HeaderName::new_from_ascii_str(name);
    let foldable = value.split(' ').all(|word| word.len() <= MAX_WORD) || value.starts_with('<');
    if foldable && !value.contains("=?") {
        return HeaderValue::new(field, value.to_owned());
    }
    let words = encoded_words(value, name.len() + 2);
    HeaderValue::dangerous_new_pre_encoded(field, value.to_owned(), words)
}

/// `text` as encoded words, folded, on a line that already holds `used` characters.
fn encoded_words(text: &str, used: usize) -> String {
    let mut words = String::new();
    let mut writer = EmailWriter::new(&mut words, used, 0, false);
    // Writing to a String cannot fail.
    let _ = rfc2047::encode(text, &mut writer);
    drop(writer);
    words
}

/// Boundaries that begin with `=_` occur in no quoted-printable or base64 text (RFC 2045 6.7).
fn sound_boundary(boundary: &str) -> String {
    let sound = boundary.chars().filter(char::is_ascii_alphanumeric);
    format!("=_{}", sound.take(50).collect::<String>())
}

fn text_part(kind: ContentType, text: &str) -> SinglePart {
    let text: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(text)
}

fn file_part(file: &Attachment) -> SinglePart {
    let name = file_name(&file.name);
    SinglePart::builder()
        .header(FileType::new(file.media_type, &name))
        .header(FileDisposition::new(&name))
        .header(ContentTransferEncoding::Base64)
        .body(file.bytes.clone())
}

/// A file name that is safe everywhere, cut before its extension if it is too long.
fn file_name(name: &str) -> String {
    let name = one_line(name, usize::MAX).replace(UNSAFE_IN_NAMES, "-");
    if name.len() <= MAX_FILE_NAME {
        return name;
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 10 => (stem, format!(".{extension}")),
        _ => (name.as_str(), String::new()),
    };
    let stem = stem.get(..stem.floor_char_boundary(MAX_FILE_NAME - extension.len()));
    format!("{}{extension}", stem.unwrap_or_default())
}

/// Content-Type with `name`: what Outlook and older webmail show.
#[derive(Clone)]
struct FileType(HeaderValue);

impl FileType {
    fn new(media_type: &str, name: &str) -> Self {
        let name = match name.is_ascii() && !name.contains("=?") {
            true => name.to_owned(),
            false => encoded_words(name, " name=\"".len()),
        };
        let value = format!("{media_type};\r\n name=\"{name}\"");
        Self(HeaderValue::dangerous_new_pre_encoded(
            Self::name(),
            value.clone(),
            value,
        ))
    }
}

impl Header for FileType {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Type")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Err("only written".into())
    }

    fn display(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// Content-Disposition with `filename*` (RFC 2231) for every program of today, and a
/// plain `filename` for those that know no other. Many take the first that they know.
#[derive(Clone)]
struct FileDisposition(HeaderValue);

impl FileDisposition {
    fn new(name: &str) -> Self {
        let mut value = "attachment;".to_owned();
        if !name.is_ascii() {
            value += &format!("\r\n filename*=UTF-8''{};", percent_encoded(name));
        }
        value += &format!("\r\n filename=\"{}\"", ascii(name));
        Self(HeaderValue::dangerous_new_pre_encoded(
            Self::name(),
            value.clone(),
            value,
        ))
    }
}

impl Header for FileDisposition {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Disposition")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Err("only written".into())
    }

    fn display(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// A name spelt in ASCII: Fürth becomes Fuerth, other accents go.
fn ascii(name: &str) -> String {
    let spell = |c: char| match c {
        'ä' => "ae".to_owned(),
        'ö' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'ß' => "ss".to_owned(),
        'Ä' => "Ae".to_owned(),
        'Ö' => "Oe".to_owned(),
        'Ü' => "Ue".to_owned(),
        c => c.nfd().find(char::is_ascii).unwrap_or('_').to_string(),
    };
    name.chars().map(spell).collect()
}

/// RFC 2231 7: all but attribute characters as `%XX`.
fn percent_encoded(name: &str) -> String {
    let encode = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    name.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests;
