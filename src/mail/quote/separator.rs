//! Lines that set off what is quoted or forwarded: "-----Ursprüngliche Nachricht-----".

use super::{Head, attribution, header};
use crate::mail::lines::{Line, Place, lower};

/// Between dashes before a quoted or forwarded mail.
const SEPARATORS: &[&str] = &[
    "ursprüngliche nachricht",
    "urspruengliche nachricht",
    "ursprüngliche mail",
    "ursprüngliche e-mail",
    "original-nachricht",
    "originalnachricht",
    "original nachricht",
    "originalmail",
    "original-mail",
    "original message",
    "original email",
    "originaltermin",
    "original appointment",
    "weitergeleitete nachricht",
    "weitergeleitete mail",
    "weitergeleitete e-mail",
    "weitergeleitet von",
    "weitergeleitet durch",
    "forwarded message",
    "forwarded by",
    "forwarded mail",
    "forwarded email",
    "message d'origine",
    "message d’origine",
    "message original",
    "message initial",
    "courriel original",
    "message transféré",
    "message transmis",
    "message réexpédié",
    "özgün ileti",
    "orijinal mesaj",
    "orijinal ileti",
    "orjinal mesaj",
    "yönlendirilen ileti",
    "yönlendirilen mesaj",
    "yönlendirilmiş ileti",
    "yönlendirilmiş mesaj",
    "iletilen ileti",
    "iletilmiş mesaj",
    "iletilen mesaj",
    "mensaje original",
    "mensaje reenviado",
    "messaggio originale",
    "messaggio inoltrato",
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "treść przekazanej wiadomości",
    "исходное сообщение",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "пересланное письмо",
    "оригінальне повідомлення",
    "переслане повідомлення",
    "الرسالة الأصلية",
    "رسالة معاد توجيهها",
    "mensagem original",
    "mensagem encaminhada",
    "eredeti üzenet",
    "původní zpráva",
    "mesaj original",
    "mesajul original",
];

/// Lines of their own before a forwarded mail.
const FORWARDS: &[&str] = &[
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "anfang der weitergeleiteten mail",
    "begin forwarded message",
    "début du message réexpédié",
    "début du message transféré",
    "iletilen ileti başlangıcı",
    "başlangıç iletilen ileti",
    "inizio messaggio inoltrato",
    "inicio del mensaje reenviado",
    "doorgestuurd bericht",
    "начало переадресованного сообщения",
    "początek przekazywanej wiadomości",
];

/// The longest line between dashes.
const MAX_LINE: usize = 200;

/// "-----Ursprüngliche Nachricht-----" and the header fields below, or Notes' "-----Anna
/// schrieb: -----".
pub(super) fn read(lines: &[Line]) -> Option<Head> {
    let line = lines.first().filter(|line| line.text.len() <= MAX_LINE)?;
    let text = lower(line.text.trim());
    let words = text.trim_matches(['-', '_', '=', '*', '>', ' ', ':', '\t']);
    let ruled = text.starts_with("--") || text.starts_with("__") || text.starts_with("==");
    let starts = |known: &[&str]| known.iter().any(|known| words.starts_with(known));
    let known = ruled
        && (starts(SEPARATORS) || text.ends_with("--") && attribution::says_wrote(words))
        || starts(FORWARDS) && text.len() < 60;
    let fields = header::length_below(lines.get(1..).unwrap_or_default());
    known.then_some(Head {
        length: 1 + fields,
        surely: true,
    })
}

/// GroupWise writes ">>> Anna 03.03.26 9.00 Uhr >>>" and marks nothing below; newer ones write
/// ">>> Anna schrieb am … in Nachricht <…>:", which may be broken into two lines.
pub(super) fn groupwise(lines: &[Line]) -> Option<Head> {
    let first = lines.first().filter(|line| line.text.len() <= MAX_LINE)?;
    let dated = first.text.contains(|c: char| c.is_ascii_digit());
    let broken = || {
        let next = lines.get(1).filter(|line| line.place == Place::Own)?;
        let ends = next.text.ends_with(">:") && attribution::says_wrote(&lower(&first.text));
        ends.then_some(2)
    };
    let length = match first.text.ends_with(">>>") && dated {
        true => Some(1),
        false => broken(),
    };
    length.map(|length| Head {
        length,
        surely: true,
    })
}

/// A line of dashes or the like, as Outlook puts above the header fields.
pub(super) fn is_rule(line: &Line) -> bool {
    let text = line.text.trim();
    line.place == Place::Own
        && text.chars().count() >= 5
        && text.chars().all(|c| "_-=*—─".contains(c))
}
