//! Which parts of a mail are its text, and what they say.

use std::collections::BTreeSet;

use super::entity::{Entity, MAX_TEXT};
use super::lines::{self, Line, Place};
use super::{Legibility, html, quote, signature, smime, tnef};

/// The first line of an OpenPGP message put into the text (RFC 9580 6.2).
const INLINE_PGP: &str = "-----BEGIN PGP MESSAGE-----";

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
        length += line.text.len();
        length <= MAX_TEXT
    });
    quote::mark(&mut lines);
    signature::mark(&mut lines, author.as_deref());
    lines
}

/// Whether a person without the key can read it. What is still wrapped by S/MIME once its
/// signatures are open is encrypted.
pub(super) fn legibility(mail: &Entity<'_>, lines: &[Line]) -> Legibility {
    let kind = mail.media_type();
    let armoured = lines.iter().find(|line| !line.is_blank());
    let encrypted = kind == "multipart/encrypted"
        || smime::is_wrapped(mail)
        || armoured.is_some_and(|line| line.text.trim() == INLINE_PGP)
        || mail
            .parts
            .iter()
            .any(|part| part.media_type() == "multipart/encrypted");
    if encrypted {
        Legibility::Encrypted
    } else {
        Legibility::Readable
    }
}

/// What a part says, and whether it was HTML.
#[derive(Default)]
struct Said {
    lines: Vec<Line>,
    html: bool,
}

fn part(entity: &Entity<'_>) -> Said {
    let kind = entity.media_type();
    let inner = || entity.parts.iter().filter(|part| !part.is_attachment());
    match kind.as_str() {
        "multipart/alternative" => choose(inner().map(part).collect()),
        // RFC 2387, RFC 1847: the rest belongs to the first part.
        "multipart/related" | "multipart/signed" => {
            entity.parts.first().map(part).unwrap_or_default()
        }
        "multipart/encrypted" => Said::default(),
        _ if !entity.parts.is_empty() => {
            let said: Vec<Said> = inner().map(part).collect();
            Said {
                html: said.iter().any(|s| s.html),
                lines: said.into_iter().flat_map(|s| s.lines).collect(),
            }
        }
        "text/html" => Said {
            lines: html::lines(&entity.text()),
            html: true,
        },
        // A multipart without a delimiter line is read as it stands.
        kind if kind == "text/plain" || kind.starts_with("multipart/") => Said {
            lines: plain(entity),
            html: false,
        },
        _ => Said::default(),
    }
}

fn plain(entity: &Entity<'_>) -> Vec<Line> {
    let is = |name, value| {
        let parameter = entity.parameter(name);
        parameter.is_some_and(|p| p.eq_ignore_ascii_case(value))
    };
    if is("format", "flowed") {
        lines::of_flowed(&entity.text(), is("delsp", "yes"))
    } else {
        lines::of_plain(&entity.text())
    }
}

/// Chooses among alternatives (RFC 2046 5.1.4): plain text, unless it is a stub.
fn choose(alternatives: Vec<Said>) -> Said {
    let (html, plain): (Vec<Said>, Vec<Said>) = alternatives
        .into_iter()
        .filter(|said| said.lines.iter().any(|line| !line.is_blank()))
        .partition(|said| said.html);
    match (plain.into_iter().next(), html.into_iter().next_back()) {
        (Some(plain), Some(html)) if is_stub(&plain.lines, &html.lines) => html,
        (Some(plain), _) => plain,
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
