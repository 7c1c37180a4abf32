//! Which parts of a mail are its text, and what they say.

use std::collections::BTreeSet;

use super::entity::{Entity, MAX_TEXT};
use super::lines::{self, Line, Place};
use super::{Legibility, armour, boilerplate, enriched, html, quote, signature, smime, tnef};

/// Media types of OpenPGP's encrypted parts (RFC 3156 4), also where an Exchange server has
/// made a plain multipart of them.
const ENCRYPTED: &[&str] = &["multipart/encrypted", "application/pgp-encrypted"];

/// Tags by which a page is known, whatever its content type says.
const PAGE_TAGS: &[&str] = &[
    "<html",
    "<!doctype html",
    "<body",
    "<div",
    "<p>",
    "<p ",
    "<br",
    "<table",
    "<span",
    "<font",
];

/// The text of a mail as lines, each in its place; at most [`MAX_TEXT`] bytes of it.
pub(super) fn read(mail: &Entity<'_>) -> Vec<Line> {
    let author = mail.fields.address("from").and_then(|from| from.name);
    let mut lines = part(mail).lines;
    if lines.iter().all(Line::is_blank)
        && let Some(body) = tnef::find(mail).and_then(|tnef| tnef.body)
    {
        lines = match body {
            tnef::Body::Plain(text) => lines::of_plain(&text),
            tnef::Body::Html(text) => html::lines(&text),
        };
    }
    let mut length = 0;
    lines.retain(|line| {
        length += line.text.len().max(1);
        length <= MAX_TEXT
    });
    armour::mark(&mut lines);
    quote::mark(&mut lines);
    boilerplate::mark(&mut lines);
    signature::mark(&mut lines, author.as_deref());
    lines
}

/// Whether a person without the key can read it. What is still wrapped by S/MIME once its
/// signatures are open is encrypted; what stands beside something encrypted can be read.
pub(super) fn legibility(mail: &Entity<'_>, lines: &[Line]) -> Legibility {
    let hidden = has_encrypted_part(mail) || lines.iter().any(armour::is_encrypted);
    if hidden && says_nothing(lines) {
        Legibility::Encrypted
    } else {
        Legibility::Readable
    }
}

fn has_encrypted_part(entity: &Entity<'_>) -> bool {
    let kind = entity.media_type();
    ENCRYPTED.contains(&kind.as_str())
        || smime::is_wrapped(entity)
        || entity.parts.iter().any(has_encrypted_part)
}

/// Whether nothing is said but perhaps a greeting.
fn says_nothing(lines: &[Line]) -> bool {
    let mut own = lines
        .iter()
        .filter(|line| line.place == Place::Own && !line.is_blank());
    let first = own.next().map(|line| line.text.trim_end());
    own.next().is_none() && first.is_none_or(|text| text.ends_with([',', '!']))
}

/// What a part says, and whether it was HTML.
#[derive(Default)]
struct Said {
    lines: Vec<Line>,
    html: bool,
}

impl Said {
    fn plain(lines: Vec<Line>) -> Self {
        Self { lines, html: false }
    }

    fn is_blank(&self) -> bool {
        self.lines.iter().all(Line::is_blank)
    }
}

fn part(entity: &Entity<'_>) -> Said {
    let kind = entity.media_type();
    match kind.as_str() {
        "multipart/alternative" => {
            let bodies = entity.parts.iter().filter(|part| !part.is_set_aside());
            choose(bodies.map(part).collect())
        }
        // RFC 1847: the rest belongs to the first part.
        "multipart/signed" => entity.parts.first().map(part).unwrap_or_default(),
        // RFC 2387: the rest belongs to the root, the first part unless another is named.
        "multipart/related" => {
            let mut said = entity
                .parts
                .iter()
                .filter(|part| !part.is_attachment())
                .map(part);
            said.find(|said| !said.is_blank()).unwrap_or_default()
        }
        "multipart/encrypted" => Said::default(),
        "message/rfc822" => forwarded(entity),
        _ if !entity.parts.is_empty() => {
            let is_text = |part: &&Entity<'_>| !part.is_attachment() || part.message.is_some();
            let inner = entity.parts.iter().filter(is_text);
            let said: Vec<Said> = inner.map(part).collect();
            Said {
                html: said.iter().any(|s| s.html),
                lines: said.into_iter().flat_map(|s| s.lines).collect(),
            }
        }
        "text/html" => page_or_plain(entity),
        // A multipart without a delimiter line is read as it stands.
        "text/plain" | "text/markdown" | "text/x-markdown" => plain_or_page(entity),
        "text/enriched" | "text/richtext" => Said::plain(enriched::lines(&entity.text())),
        kind if kind.starts_with("multipart/") => plain_or_page(entity),
        _ => Said::default(),
    }
}

/// A mail that was forwarded as a whole: all of it is somebody else's.
fn forwarded(entity: &Entity<'_>) -> Said {
    let mut said = entity.message.as_deref().map(part).unwrap_or_default();
    for line in &mut said.lines {
        line.place = Place::Quote;
    }
    said
}

/// A part that calls itself HTML, and may have no tag at all.
fn page_or_plain(entity: &Entity<'_>) -> Said {
    let text = entity.text();
    let tagged = text
        .split('<')
        .skip(1)
        .any(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!'));
    if tagged || text.contains('&') {
        Said {
            lines: html::lines(&text),
            html: true,
        }
    } else {
        Said::plain(lines::of_plain(&text))
    }
}

/// A part that calls itself plain, and may be a page.
fn plain_or_page(entity: &Entity<'_>) -> Said {
    let text = entity.text();
    let start = text.trim_start();
    let start: String = start.chars().take(16).collect::<String>().to_lowercase();
    if PAGE_TAGS.iter().any(|tag| start.starts_with(tag)) {
        return Said {
            lines: html::lines(&text),
            html: true,
        };
    }
    let is = |name, value| {
        let parameter = entity.parameter(name);
        parameter.is_some_and(|p| p.eq_ignore_ascii_case(value))
    };
    Said::plain(if is("format", "flowed") {
        lines::of_flowed(&text, is("delsp", "yes"))
    } else {
        lines::of_plain(&text)
    })
}

/// Chooses among alternatives (RFC 2046 5.1.4): plain text, unless it is a stub.
fn choose(alternatives: Vec<Said>) -> Said {
    let (html, plain): (Vec<Said>, Vec<Said>) = alternatives
        .into_iter()
        .filter(|said| !said.is_blank())
        .partition(|said| said.html);
    match (plain.into_iter().next(), html.into_iter().next_back()) {
        (Some(plain), Some(html)) if is_stub(&plain.lines, &html.lines) => html,
        (Some(mut plain), Some(html)) => {
            take_over_signature(&mut plain.lines, &html.lines);
            plain
        }
        (Some(plain), None) => plain,
        (None, html) => html.unwrap_or_default(),
    }
}

/// Whether a plain text is no rendering of the HTML: the two say different things ("open the
/// HTML version"), or it is but a small part.
fn is_stub(plain: &[Line], html: &[Line]) -> bool {
    let (plain, html) = (words(plain), words(html));
    let common = plain.intersection(&html).count();
    common * 2 < plain.len().min(html.len()) || common * 4 < html.len()
}

fn words(lines: &[Line]) -> BTreeSet<String> {
    lines
        .iter()
        .filter(|line| line.place != Place::Quote)
        .flat_map(|line| line.text.split_whitespace())
        .filter(|word| !word.contains("://"))
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The HTML often says what is the signature, the plain text beside it does not.
fn take_over_signature(plain: &mut [Line], html: &[Line]) {
    let at = |place| {
        let lines = html
            .iter()
            .filter(move |l| l.place == place && !l.is_blank());
        lines.map(|line| line.text.trim()).collect::<BTreeSet<_>>()
    };
    let (own, signature) = (at(Place::Own), at(Place::Signature));
    if own.is_empty() {
        return;
    }
    for line in plain.iter_mut().filter(|line| line.place == Place::Own) {
        let text = line.text.trim();
        if signature.contains(text) && !own.contains(text) {
            line.place = Place::Signature;
        }
    }
}
