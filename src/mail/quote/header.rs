//! The header fields that mail programs put above what they quote: "Von: … Gesendet: … An: …
//! Betreff: …".

use super::{Head, has_time};
use crate::mail::lines::{Line, Place, lower};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    From,
    /// when it was sent, by a name that only mail programs use
    Sent,
    Date,
    To,
    Copy,
    Subject,
}

const FIELDS: &[(Field, &[&str])] = &[
    (
        Field::From,
        &[
            "von",
            "from",
            "de",
            "kimden",
            "gönderen",
            "van",
            "od",
            "da",
            "fra",
            "från",
            "от",
            "від",
            "من",
            "felado",
            "feladó",
            "absender",
            "expéditeur",
            "remitente",
            "mittente",
            "afzender",
            "nadawca",
            "отправитель",
        ],
    ),
    (
        Field::Sent,
        &[
            "gesendet",
            "gesendet am",
            "sent",
            "envoyé",
            "envoye",
            "gönderildi",
            "gönderilen",
            "gönderme tarihi",
            "verzonden",
            "enviado",
            "enviado el",
            "enviada em",
            "inviato",
            "wysłano",
            "отправлено",
            "надіслано",
            "sendt",
            "skickat",
            "elküldve",
            "odesláno",
            "تم الإرسال",
            "versendet",
            "trimis",
        ],
    ),
    (
        Field::Date,
        &[
            "datum",
            "date",
            "tarih",
            "data",
            "fecha",
            "дата",
            "التاريخ",
            "dátum",
            "dato",
        ],
    ),
    (
        Field::To,
        &[
            "an",
            "to",
            "à",
            "a",
            "kime",
            "alıcı",
            "aan",
            "para",
            "do",
            "til",
            "till",
            "кому",
            "إلى",
            "címzett",
            "komu",
            "către",
            "empfänger",
        ],
    ),
    (
        Field::Copy,
        &[
            "cc",
            "kopie",
            "kopie (cc)",
            "bilgi",
            "antwort an",
            "reply-to",
            "kopia",
            "dw",
            "bcc",
            "копия",
            "копія",
            "نسخة",
        ],
    ),
    (
        Field::Subject,
        &[
            "betreff",
            "subject",
            "objet",
            "konu",
            "onderwerp",
            "asunto",
            "oggetto",
            "temat",
            "тема",
            "الموضوع",
            "assunto",
            "emne",
            "ämne",
            "tárgy",
            "předmět",
            "subiect",
        ],
    ),
];

/// The most lines in which a block of fields is looked for.
const MAX_LINES: usize = 24;

/// The most lines into which one field is broken; recipients may be many.
const MAX_FOLDED: usize = 3;
const MAX_RECIPIENTS: usize = 12;

/// The longest line that holds all the fields.
const MAX_LINE: usize = 1000;

/// At least three different fields, the sender and when it was sent among them: somebody who
/// writes "An: … Betreff: …" above a request of their own does not give the time of day.
pub(super) fn read(lines: &[Line]) -> Option<Head> {
    let first = lines.first()?;
    field(first)?;
    let (seen, length) = block(lines);
    let text: Vec<&str> = lines.iter().take(length).map(|l| l.text.as_str()).collect();
    let text = text.join(" ");
    let whole = is_whole(&seen, &text);
    let head = |length| Head {
        length,
        surely: true,
    };
    let in_one_line = || is_whole(&fields_within(&first.text), &first.text);
    match whole {
        true => Some(head(length)),
        false => in_one_line().then(|| head(1)),
    }
}

fn is_whole(seen: &[Field], text: &str) -> bool {
    let sent = seen.contains(&Field::Sent);
    let dated = seen.contains(&Field::Date) && (has_time(text) || text.contains('@'));
    seen.len() >= 3 && seen.contains(&Field::From) && (sent || dated)
}

/// How many lines of fields follow a line that surely announces a quote; eM Client and Notes
/// write them without colons.
pub(super) fn length_below(lines: &[Line]) -> usize {
    let (_, length) = block(lines);
    let is_field = |line: &&Line| {
        let text = lower(&line.text);
        let name = text.split_whitespace().next().unwrap_or_default();
        line.place == Place::Own && field_called(name.trim_end_matches(':')).is_some()
    };
    length.max(lines.iter().take(MAX_LINES).take_while(is_field).count())
}

/// The fields that follow one another from the first line, and how many lines they take.
fn block(lines: &[Line]) -> (Vec<Field>, usize) {
    let mut seen = Vec::new();
    let mut length = 0;
    let mut folded = 0;
    for (at, line) in lines.iter().take(MAX_LINES).enumerate() {
        if line.place == Place::Quote {
            break;
        }
        let many = matches!(seen.last(), Some(Field::To | Field::Copy));
        match field(line) {
            Some(field) if !seen.contains(&field) => {
                seen.push(field);
                length = at + 1;
                folded = 0;
            }
            Some(_) => break,
            // Some programs set every field in a paragraph of its own.
            None if line.is_blank() && folded == 0 && !seen.is_empty() => folded = 1,
            None if line.is_blank() || seen.is_empty() => break,
            None => {
                folded += 1;
                // the value stands below its name
                let above = at.checked_sub(1).and_then(|above| lines.get(above));
                if above.is_some_and(|line| line.text.trim_end().ends_with(':')) {
                    length = at + 1;
                }
            }
        }
        if folded > if many { MAX_RECIPIENTS } else { MAX_FOLDED } {
            break;
        }
    }
    (seen, length)
}

fn field(line: &Line) -> Option<Field> {
    let (name, _) = line.text.split_once([':', '：'])?;
    let name = name.trim_matches(['*', ' ', '\t', '_', '|']);
    if name.len() > 40 {
        return None;
    }
    field_called(&lower(name))
}

fn field_called(name: &str) -> Option<Field> {
    let known = FIELDS.iter().find(|(_, names)| names.contains(&name));
    known.map(|(field, _)| *field)
}

/// The fields in a single line: "Von: … Gesendet: … An: … Betreff: …".
fn fields_within(line: &str) -> Vec<Field> {
    let mut seen = Vec::new();
    if line.len() > MAX_LINE {
        return seen;
    }
    for piece in lower(line).split(':') {
        let name = piece
            .trim_end_matches(['*', ' '])
            .rsplit([' ', '*', '\t', '\u{A0}'])
            .next();
        if let Some(field) = name.and_then(field_called)
            && !seen.contains(&field)
        {
            seen.push(field);
        }
    }
    seen
}
