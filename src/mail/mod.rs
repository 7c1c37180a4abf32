//! Mail: raw bytes to [`Mail`], and a reply to raw bytes.
//!
//! In: the bytes a mailbox hands over. Out: the header fields that matter, the
//! newly written text, who or what wrote it; the bytes of a finished reply.
//! Never here: what the text means.
//!
//! | what | where |
//! | --- | --- |
//! | the parts and their bytes | `entity`, `header`, `transfer`, `charset`, `smime`, `armour`, `tnef` |
//! | the parts that are text, as lines | `body`, `html`, `enriched`, `lines` |
//! | what in it is not newly written | `quote`, `signature`, `boilerplate` |
//! | the files it carries | `attachment` |
//! | who or what wrote it | `origin`, with the wordings of machines in `origin/phrases.txt`; `authentication` |
//! | what mail servers report on deliveries | `report`, with their wordings in `report/phrases.txt` |
//! | replies | `compose` |
//!
//! Words by which programs and people mark quotes, signatures and banners stand as tables at
//! the head of the module that looks for them.

mod armour;
mod attachment;
mod authentication;
mod body;
mod boilerplate;
mod charset;
mod compose;
mod enriched;
mod entity;
mod header;
mod html;
mod lines;
mod origin;
mod quote;
mod report;
mod signature;
mod smime;
mod tnef;
mod transfer;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

pub use attachment::{File, attachments};
pub use authentication::{AuthenticationResults, MethodResult};
pub use compose::compose;
use entity::Entity;
use header::Fields;
use lines::Place;
pub use report::{Action, Recipient, Report};
pub use signature::is_greeting;
pub(crate) use transfer::sextet;

/// A Message-ID with its angle brackets (RFC 5322 3.6.4).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(String);

impl MessageId {
    /// Takes an id with or without its angle brackets; `None` if it holds nothing,
    /// white space or control characters.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
        let sound = !inner.is_empty()
            && !inner
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>".contains(c));
        sound.then(|| Self(format!("<{inner}>")))
    }

    /// An id of our own: the left side must be letters and digits; a domain that no id can
    /// hold becomes "localhost".
    pub fn local(left: &str, domain: &str) -> Self {
        Self::parse(&format!("{left}@{domain}"))
            .unwrap_or_else(|| Self(format!("<{left}@localhost>")))
    }

    /// With angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A mailbox (RFC 5322 3.4): the address and, if there is one, the name shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// the display name, decoded
    pub name: Option<String>,
    /// the addr-spec
    pub email: String,
}

/// Who or what wrote a mail, as far as its headers and shape tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// nothing speaks against a person
    Person,
    /// a delivery report, or a null return path where nothing else tells
    Bounce,
    /// automatic replies, disposition notifications, calendars, cron, tickets (RFC 3834)
    Automatic,
    /// mailing lists, newsletters, bulk mail (RFC 2369, RFC 2919)
    List,
    /// one of our own letters, sent back word for word
    Echo,
    /// a mail whose text asks not to be answered
    Unanswerable,
}

/// How much of the content could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legibility {
    /// all that a person wrote
    Readable,
    /// OpenPGP or S/MIME encrypted (RFC 3156, RFC 8551)
    Encrypted,
}

/// What the person wrote, apart from what the mail merely carries along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// newly written, without quotes, signature and disclaimer; NFC, `\n` line ends
    pub new: String,
    /// the signature
    pub signature: String,
    /// quoted and forwarded earlier mail: evidence only
    pub quoted: String,
}

/// A mail, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// its id, if it has one
    pub message_id: Option<MessageId>,
    /// the first author
    pub from: Option<Address>,
    /// further authors: other addresses in From (RFC 5322 3.6.2), or in a second From
    pub other_authors: Vec<Address>,
    /// where it asks to be answered, if it says so
    pub reply_to: Option<Address>,
    /// who sent it for the author, where that is somebody else (RFC 5322 3.6.2)
    pub sender: Option<Address>,
    /// the subject, decoded
    pub subject: Option<String>,
    /// when it says it was written
    pub date: Option<Timestamp>,
    /// the ids it answers
    pub in_reply_to: Vec<MessageId>,
    /// the ids of its thread, oldest first
    pub references: Vec<MessageId>,
    /// addresses in X-Loop and of earlier automatic handling
    pub loops: Vec<String>,
    /// what mail servers noted about its sender, the topmost first; anybody can write such a field
    pub authentication: Vec<AuthenticationResults>,
    /// who or what wrote it
    pub origin: Origin,
    /// what tells so, in German: "das Kopffeld auto-submitted"; nothing for a person
    pub sign: Option<String>,
    /// what a mail server tells in it of a delivery
    pub report: Option<Report>,
    /// whether the content could be read
    pub legibility: Legibility,
    /// what the person wrote
    pub text: Text,
    /// the files it carries that may hold lists
    pub files: Vec<File>,
    /// the files it carries that may be templates, and what says more of them
    pub templates: Vec<File>,
    /// SHA-256 of the content without trace header fields, in hex: the same mail fetched twice has the same
    pub fingerprint: String,
}

impl Mail {
    /// Where a reply goes: Reply-To where there is one, else From.
    pub fn reply_address(&self) -> Option<&Address> {
        self.reply_to.as_ref().or(self.from.as_ref())
    }

    /// The ids of the mails it answers, the nearest first.
    pub fn thread(&self) -> Vec<MessageId> {
        let earlier = self.references.iter().rev();
        self.in_reply_to.iter().chain(earlier).cloned().collect()
    }
}

/// The most ids kept of References, the last ones, and of In-Reply-To.
const MAX_REFERENCES: usize = 100;

/// Reads any bytes; what cannot be made out is empty.
///
/// Bounded: a header is read up to 128 KiB, text up to 1 MiB, MIME entities up to 32 deep
/// and 500 in all, five files that may hold lists up to 4 MiB each, five that may be templates;
/// what lies beyond is left out. A signature that wraps its content (RFC 8551 3.5.2) is opened, not verified.
pub fn parse(raw: &[u8]) -> Mail {
    let raw = entity::with_line_ends(raw);
    let outer = Entity::parse(&raw);
    let signed = smime::open(&outer);
    let mail = match &signed {
        Some(content) => Entity::parse(content).under(outer.fields),
        None => outer,
    };
    let lines = body::read(&mail);
    let text = Text {
        new: lines::join(&lines, Place::Own),
        signature: lines::join(&lines, Place::Signature),
        quoted: lines::join(&lines, Place::Quote),
    };
    let (origin, sign) = origin::find(&mail, &text, &lines::join(&lines, Place::Boilerplate));
    let fields = &mail.fields;
    let mut references = message_ids(fields, "references");
    references.drain(..references.len().saturating_sub(MAX_REFERENCES));
    let mut in_reply_to = message_ids(fields, "in-reply-to");
    in_reply_to.truncate(MAX_REFERENCES);
    let from = fields.address("from");
    let is_other = |author: &Address| {
        from.as_ref()
            .is_none_or(|from| !from.email.eq_ignore_ascii_case(&author.email))
    };
    let other_authors = fields.addresses("from").filter(is_other).collect();
    Mail {
        message_id: message_ids(fields, "message-id").into_iter().next(),
        from,
        other_authors,
        reply_to: fields.address("reply-to"),
        sender: fields.address("sender"),
        subject: fields.text("subject"),
        date: fields.date(),
        in_reply_to,
        references,
        loops: fields
            .all("x-loop")
            .map(|value| value.to_lowercase())
            .collect(),
        authentication: authentication::read(fields.all("authentication-results")),
        report: (origin == Origin::Bounce)
            .then(|| report::read(&mail))
            .flatten(),
        origin,
        sign,
        legibility: body::legibility(&mail, &lines),
        text,
        files: attachment::lists(&mail),
        templates: attachment::templates(&mail),
        fingerprint: fingerprint(&mail),
    }
}

/// Who a mail is for by its header (RFC 5322 sections 3.6.3 and 3.6.6).
pub fn recipients(raw: &[u8]) -> Vec<String> {
    const FIELDS: [&str; 6] = ["to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc"];
    let mail = Entity::parse(raw);
    let addresses = FIELDS.iter().flat_map(|name| mail.fields.addresses(name));
    addresses.map(|address| address.email).collect()
}

/// The ids in a field; an id without its angle brackets counts if it stands alone.
fn message_ids(fields: &Fields, name: &str) -> Vec<MessageId> {
    let value = fields.raw(name).unwrap_or_default();
    if !value.contains('<') {
        return MessageId::parse(value).into_iter().collect();
    }
    value
        .split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .filter_map(|(id, _)| MessageId::parse(id))
        .collect()
}

/// What does not change on the way: not trace fields, line ends, or blanks at the end.
fn fingerprint(mail: &Entity<'_>) -> String {
    let mut hash = Sha256::new();
    for name in ["from", "date", "subject", "message-id"] {
        let value = mail.fields.raw(name).unwrap_or_default();
        hash.update(format!("{name}:{value}\n"));
    }
    for line in mail.body.trim_ascii_end().split(|&byte| byte == b'\n') {
        hash.update(line.strip_suffix(b"\r").unwrap_or(line));
        hash.update(b"\n");
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A file to send along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// its name, umlauts and all
    pub name: String,
    /// its media type
    pub media_type: &'static str,
    /// its bytes
    pub bytes: Vec<u8>,
}

/// A reply before it is put into bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft<'a> {
    /// who answers
    pub from: Address,
    /// who is answered
    pub to: Address,
    /// the mail that is answered: thread and subject come from it; `None` for a mail of our own accord
    pub answers: Option<&'a Mail>,
    /// a subject of its own; else that of the mail with "Re: "
    pub subject: Option<String>,
    /// the reply's own id
    pub message_id: MessageId,
    /// its date
    pub date: Timestamp,
    /// a string that cannot occur in the content, for MIME boundaries
    pub boundary: String,
    /// the text form
    pub text: String,
    /// the HTML form
    pub html: String,
    /// the files
    pub attachments: Vec<Attachment>,
}

/// A reply that cannot be written, for example to an address no mail server takes.
#[derive(Debug, thiserror::Error)]
#[error("the reply cannot be written: {0}")]
pub struct ComposeError(pub String);

#[cfg(test)]
mod tests;
