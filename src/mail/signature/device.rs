//! The lines that phones and mail programs put below a mail.

use super::contact::{MAX_LENGTH, says_something, words};

/// Beginnings of lines that nobody else writes.
const STARTS: &[&str] = &[
    "gesendet von mein",
    "gesendet von mail",
    "gesendet von outlook",
    "gesendet von yahoo",
    "gesendet von unterwegs",
    "gesendet von samsung",
    "gesendet von der",
    "gesendet mit ",
    "gesendet aus ",
    "gesendet über ",
    "gesendet vom ",
    "gesendet via ",
    "verschickt mit ",
    "verschickt von mein",
    "versendet mit ",
    "von mobilgerät gesendet",
    "von unterwegs gesendet",
    "vom handy gesendet",
    "outlook für ",
    "outlook for ",
    "get outlook ",
    "holen sie sich outlook",
    "laden sie outlook ",
    "yahoo mail: ",
    "sent from ",
    "sent with ",
    "sent via ",
    "sent using ",
    "envoyé de mon",
    "envoyé depuis",
    "envoyé avec",
    "envoyé à partir",
    "obtenez outlook",
    "obtenir outlook",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "enviado desde ",
    "enviado do meu",
    "inviato da ",
    "wysłane z ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "أرسلت من ",
    "أُرسلت من ",
    "تم الإرسال من ",
    "diese nachricht wurde von mein",
    "diese mail wurde von mein",
    "diese e-mail wurde von mein",
    "diese mail wurde mobil",
    "diese nachricht wurde mobil",
];

/// Words that begin such a line if it also ends with "gesendet".
const FROM_MY: &[&str] = &["von mein", "von einem ", "vom "];

/// Ends of such lines.
const ENDS: &[&str] = &["gönderildi", "gonderildi"];

/// The longest such line in words.
const MAX_WORDS: usize = 14;

/// Whether a program wrote the line.
pub(super) fn is_line(text: &str) -> bool {
    if text.len() > MAX_LENGTH {
        return false;
    }
    let line = text.trim().to_lowercase();
    let line = line.trim_end_matches(['.', '!', ' ']);
    let starts = |known: &[&str]| known.iter().any(|words| line.starts_with(words));
    let sent = line.ends_with("gesendet")
        || line.contains(" gesendet ")
        || line.contains(" gesendet.")
        || line.contains(" gesendet,");
    if starts(FROM_MY) && sent {
        return words(text).len() <= MAX_WORDS;
    }
    let words = words(text);
    let known = starts(STARTS) || ENDS.iter().any(|words| line.ends_with(words));
    let asks = says_something(text, &words) && !line.contains("outlook");
    known && words.len() <= MAX_WORDS && !asks
}
