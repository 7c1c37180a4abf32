//! Lines that set off what is quoted or forwarded: "-----Ursprüngliche Nachricht-----".

use super::{Head, attribution, has_time, header};
use crate::mail::lines::{Line, Place};

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
    "forwarded message - original",
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
    "i̇letilen ileti başlangıcı",
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
    let text = line.text.trim().to_lowercase();
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

/// GroupWise writes ">>> Anna 03.03.26 09:00 >>>" and marks nothing below.
pub(super) fn groupwise(line: &Line) -> Option<Head> {
    let head = line.text.len() <= MAX_LINE && line.text.ends_with(">>>") && has_time(&line.text);
    head.then_some(Head {
        length: 1,
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
