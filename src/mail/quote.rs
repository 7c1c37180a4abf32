//! Quoted and forwarded earlier mail: where it begins, and what is answered in between.

use super::lines::{Line, Place};

/// Between dashes before a quoted or forwarded mail.
const SEPARATORS: &[&str] = &[
    "ursprüngliche nachricht",
    "urspruengliche nachricht",
    "ursprüngliche mail",
    "original-nachricht",
    "originalnachricht",
    "original message",
    "originalmail",
    "weitergeleitete nachricht",
    "weitergeleitete mail",
    "forwarded message",
    "forwarded by",
    "message d'origine",
    "message original",
    "message transféré",
    "message réexpédié",
    "özgün ileti",
    "orijinal mesaj",
    "yönlendirilmiş ileti",
    "iletilen ileti",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
];

/// Lines of their own before a forwarded mail.
const FORWARDS: &[&str] = &[
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "begin forwarded message",
    "début du message réexpédié",
    "iletilen ileti başlangıcı",
];

/// GroupWise writes ">>> Anna 03.03.26 09:00 >>>" and marks nothing below.
const GROUPWISE: &str = ">>>";

/// What the last line of an attribution says of the writer.
const WROTE: &[&str] = &[
    "schrieb",
    "geschrieben",
    "wrote",
    "a écrit",
    "yazdı",
    "escribió",
    "ha scritto",
    "schreef",
    "napisał",
];

/// Attributions without a verb.
const QUOTING: &[&str] = &["zitat von ", "quoting "];

/// The fields a mail program puts before the mail it quotes.
const HEADER_FIELDS: &[(HeaderField, &[&str])] = &[
    (
        HeaderField::From,
        &["von", "from", "de", "kimden", "gönderen", "van", "od", "da"],
    ),
    (
        HeaderField::Date,
        &[
            "gesendet",
            "datum",
            "date",
            "sent",
            "envoyé",
            "gönderildi",
            "gönderme tarihi",
            "tarih",
            "verzonden",
            "enviado",
            "inviato",
        ],
    ),
    (
        HeaderField::To,
        &["an", "to", "à", "kime", "alıcı", "aan", "para", "a"],
    ),
    (
        HeaderField::Copy,
        &["cc", "kopie", "bilgi", "antwort an", "reply-to"],
    ),
    (
        HeaderField::Subject,
        &["betreff", "subject", "objet", "konu", "onderwerp", "asunto"],
    ),
];

/// The most lines an attribution is broken into.
const MAX_ATTRIBUTION: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeaderField {
    From,
    Date,
    To,
    Copy,
    Subject,
}

/// Marks the lines that are quoted; what is written between them stays the writer's own.
pub(super) fn mark(lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        let Some(start) = find(lines, at) else { return };
        let after = start.at + start.length;
        // Where the quoted lines are marked themselves, answers may stand between them.
        let marked = lines
            .iter()
            .skip(after)
            .find(|line| !line.is_blank())
            .is_some_and(|line| line.place == Place::Quote);
        if !marked && !start.surely {
            at = after;
            continue;
        }
        let end = if marked { after } else { lines.len() };
        let begin = before_rule(lines, start.at);
        for line in lines.iter_mut().take(end).skip(begin) {
            line.place = Place::Quote;
        }
        at = end;
    }
}

/// Where a quote is announced.
struct Start {
    at: usize,
    length: usize,
    /// what follows is quoted even if it is not marked
    surely: bool,
}

fn find(lines: &[Line], from: usize) -> Option<Start> {
    (from..lines.len()).find_map(|at| {
        let rest = lines.get(at..)?;
        let line = rest.first().filter(|line| !line.is_blank())?;
        if line.place == Place::Quote && !line.text.ends_with(GROUPWISE) {
            return None;
        }
        let (length, surely) = separator(rest)
            .or_else(|| header_block(rest))
            .or_else(|| attribution(rest))?;
        Some(Start { at, length, surely })
    })
}

/// "-----Ursprüngliche Nachricht-----"
fn separator(lines: &[Line]) -> Option<(usize, bool)> {
    let line = lines.first()?.text.trim().to_lowercase();
    let ruled = line.starts_with("--") || line.starts_with("__");
    let words = line.trim_matches(['-', '_', ' ', ':']);
    let known = line.ends_with(GROUPWISE) && has_time(&line)
        || ruled && SEPARATORS.iter().any(|s| words.starts_with(s))
        || FORWARDS.iter().any(|s| words.starts_with(s));
    known.then_some((1, true))
}

/// "Von: … / Gesendet: … / An: … / Betreff: …": three different fields, one of them the sender.
fn header_block(lines: &[Line]) -> Option<(usize, bool)> {
    header_field(lines.first()?)?;
    let mut seen = Vec::new();
    let mut length = 0;
    for line in lines.iter().take(12) {
        match header_field(line) {
            Some(field) if !seen.contains(&field) => seen.push(field),
            // A long list of recipients goes on in the next line.
            None if line.is_blank() || seen.last() != Some(&HeaderField::To) => break,
            _ => {}
        }
        length += 1;
    }
    let whole = seen.len() >= 3 && seen.contains(&HeaderField::From);
    whole.then_some((length, true))
}

fn header_field(line: &Line) -> Option<HeaderField> {
    let (name, _) = line.text.split_once(':')?;
    let name = name.trim_matches(['*', ' ', '\t', '_']).to_lowercase();
    let known = HEADER_FIELDS
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()));
    known.map(|(field, _)| *field)
}

/// "Am … schrieb …:", which may be broken into several lines. It surely announces a quote
/// if it also has an address or a time of day.
fn attribution(lines: &[Line]) -> Option<(usize, bool)> {
    let mut text = String::new();
    for (index, line) in lines.iter().take(MAX_ATTRIBUTION).enumerate() {
        if line.is_blank() || line.place == Place::Quote {
            return None;
        }
        text.push_str(&line.text.to_lowercase());
        text.push(' ');
        if line.text.trim_end().ends_with(':') {
            let quoting = QUOTING.iter().any(|words| text.starts_with(words));
            let dated = text.contains(|c: char| c.is_ascii_digit());
            let wrote = dated && WROTE.iter().any(|word| text.contains(word));
            let surely = text.contains('@') || has_time(&text);
            return (quoting || wrote).then_some((index + 1, surely));
        }
    }
    None
}

/// Whether a time of day such as 17:58 stands in a text.
fn has_time(text: &str) -> bool {
    text.as_bytes().windows(4).any(
        |window| matches!(window, [h, b':', m, s] if [h, m, s].iter().all(|d| d.is_ascii_digit())),
    )
}

/// The first line of the rule and the blank lines above a quote, which belong to it.
fn before_rule(lines: &[Line], at: usize) -> usize {
    let above = lines.get(..at).unwrap_or_default();
    let is_rule = |line: &Line| {
        let text = line.text.trim();
        text.chars().count() >= 5 && text.chars().all(|c| "_-=*—─".contains(c))
    };
    match above.iter().rposition(|line| !line.is_blank()) {
        Some(rule) if above.get(rule).is_some_and(is_rule) => rule,
        _ => at,
    }
}
