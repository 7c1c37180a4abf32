//! Signatures, with their delimiter or after a greeting, and the boilerplate of gateways.

use super::lines::{Line, Place};

/// Words that close a letter.
const CLOSING_WORDS: &[&str] = &[
    "gruß",
    "gruss",
    "grüße",
    "grüßen",
    "grüsse",
    "grüssen",
    "gruesse",
    "gruessen",
    "grusse",
    "mfg",
    "lg",
    "vg",
    "hochachtung",
    "hochachtungsvoll",
    "herzlichst",
    "regards",
    "sincerely",
    "cheers",
    "cordialement",
    "salutations",
    "saygılarımla",
    "selamlar",
    "grüßle",
    "grüßli",
    "pozdrav",
    "groeten",
];

/// Lines that close a letter only if nothing else stands in them.
const CLOSING_LINES: &[&str] = &["herzlich", "best", "bg", "beste", "ihr", "ihre"];

/// Words of thanks. What thanks stays text, for it may be all that is said; what follows may
/// be a signature.
const THANKS: &[&str] = &["dank", "danke", "merci", "thanks", "teşekkürler"];

/// The most words of a closing line, and of one that only thanks ("Vielen Dank im Voraus").
const MAX_CLOSING: usize = 8;
const MAX_THANKS: usize = 4;

/// Words that a closing line or a signature does not have: somebody still says something.
const SPEECH: &[&str] = &[
    "bitte", "bitten", "bittet", "ich", "wir", "uns", "mir", "mich", "unser", "unsere", "sie",
    "brauche", "brauchen", "möchte", "please", "we", "our",
];

/// Names of the fields a signature has; other `Feld: Wert` lines are requests.
const CONTACT_FIELDS: &[&str] = &[
    "tel",
    "telefon",
    "fon",
    "phone",
    "fax",
    "telefax",
    "mobil",
    "mobile",
    "mobiltelefon",
    "handy",
    "cell",
    "mail",
    "e-mail",
    "email",
    "web",
    "www",
    "internet",
    "homepage",
    "website",
    "http",
    "https",
    "t",
    "f",
    "m",
    "e",
    "iban",
    "bic",
    "bank",
    "bankverbindung",
    "konto",
    "ust-id",
    "steuernummer",
    "sitz",
    "registergericht",
    "amtsgericht",
    "vereinsregister",
    "geschäftsführer",
    "geschäftsführerin",
    "geschäftsführung",
    "vorstand",
    "vorsitz",
    "vorsitzende",
    "vorsitzender",
    "anschrift",
    "postanschrift",
    "besucheranschrift",
];

/// The most lines of a signature without delimiter, and the longest of them in words.
const MAX_LINES: usize = 15;
const MAX_WORDS: usize = 10;

/// Beginnings of the lines that phones put below a mail.
const DEVICE_LINES: &[&str] = &[
    "von meinem ",
    "gesendet von mein",
    "gesendet mit ",
    "gesendet von outlook",
    "gesendet aus der ",
    "gesendet über ",
    "gesendet von yahoo",
    "diese nachricht wurde von mein",
    "outlook für ",
    "outlook for ",
    "get outlook ",
    "holen sie sich outlook",
    "sent from ",
    "sent with ",
    "envoyé de mon",
    "verzonden vanaf ",
];

/// Words by which a phone's line is known where it ends instead of begins with them.
const DEVICE_ENDS: &[&str] = &["gönderildi", "gesendet."];

/// Sentences of disclaimers and of banners that gateways put into mail.
const BOILERPLATE: &[&str] = &[
    "vertrauliche informationen",
    "vertrauliche und/oder",
    "vertrauliche, rechtlich",
    "der richtige adressat",
    "irrtümlich erhalten",
    "nicht der beabsichtigte",
    "der beabsichtigte empfänger",
    "vernichten sie diese",
    "haftungsausschluss",
    "this e-mail may contain",
    "this email may contain",
    "intended recipient",
    "received this e-mail in error",
    "received this email in error",
    "received this message in error",
    "disclaimer:",
    "an die umwelt",
    "consider the environment",
    "auf viren geprüft",
    "virus-free",
    "virenfrei",
    "externe e-mail:",
    "externe mail:",
    "originated from outside",
];

/// Beginnings of the lines where boilerplate begins.
const BOILERPLATE_STARTS: &[&str] = &[
    "_____",
    "-----",
    "*****",
    "wichtiger hinweis",
    "hinweis:",
    "achtung",
    "vertraulich",
    "diese e-mail",
    "diese email",
    "diese mail",
    "diese nachricht",
    "this e-mail",
    "this email",
    "this message",
    "the information",
    "caution",
];

/// Marks signatures and boilerplate among the lines that are the own ones of `author`,
/// as far as the mail's header names one.
pub(super) fn mark(lines: &mut [Line], author: Option<&str>) {
    mark_armour(lines);
    mark_pictures(lines);
    for paragraph in lines.split_mut(Line::is_blank) {
        mark_boilerplate(paragraph);
    }
    for message in lines.split_mut(|line| line.place == Place::Quote) {
        mark_delimited(message);
        mark_closings(message);
        mark_name(message, &words(author.unwrap_or_default()));
    }
}

/// What Outlook writes for pictures in the text form.
fn mark_pictures(lines: &mut [Line]) {
    let is_picture = |line: &Line| line.text.starts_with("[cid:") && line.text.ends_with(']');
    for line in lines.iter_mut().filter(|line| is_picture(line)) {
        line.place = Place::Boilerplate;
    }
}

/// The armour of a text signed with OpenPGP (RFC 9580 7): its head ends with a blank line,
/// its signature at the end of the armour.
fn mark_armour(lines: &mut [Line]) {
    let mut until = None;
    for line in lines {
        match line.text.trim() {
            "-----BEGIN PGP SIGNED MESSAGE-----" => until = Some(""),
            "-----BEGIN PGP SIGNATURE-----" => until = Some("-----END PGP SIGNATURE-----"),
            text if until == Some(text) => until = None,
            _ if until.is_none() => continue,
            _ => {}
        }
        line.place = Place::Boilerplate;
    }
}

/// Boilerplate goes from the line that begins it to the end of its paragraph: what stands
/// above may be a text without blank lines.
fn mark_boilerplate(paragraph: &mut [Line]) {
    let mut start = None;
    let mut above = String::new();
    for (at, line) in paragraph.iter().enumerate() {
        let line = line.text.trim().to_lowercase();
        if start.is_none()
            && BOILERPLATE_STARTS
                .iter()
                .any(|words| line.starts_with(words))
        {
            start = Some(at);
        }
        // A sentence may be broken into two lines.
        let both = format!("{above} {line}");
        if BOILERPLATE.iter().any(|sentence| both.contains(sentence)) {
            let tail = paragraph.get_mut(start.unwrap_or(at)..);
            return set(tail.unwrap_or_default(), Place::Boilerplate);
        }
        above = line;
    }
}

/// The delimiter `-- ` (RFC 3676 4.3), which many programs rob of its blank.
fn mark_delimited(message: &mut [Line]) {
    if let Some(at) = message.iter().position(|line| line.text.trim_end() == "--") {
        set(message.get_mut(at..).unwrap_or_default(), Place::Signature);
    }
}

fn set(lines: &mut [Line], place: Place) {
    for line in lines.iter_mut().filter(|line| line.place == Place::Own) {
        line.place = place;
    }
}

/// A closing line and what follows like a signature; what follows it like a text stays text.
fn mark_closings(message: &mut [Line]) {
    let mut left = 0;
    for line in message
        .iter_mut()
        .filter(|line| line.place == Place::Own && !line.is_blank())
    {
        if is_closing(&line.text) {
            left = MAX_LINES;
            if thanks(&words(&line.text)) {
                continue;
            }
        } else if is_device_line(&line.text) {
            left = left.max(1);
        } else if left == 0 || !is_contact(&line.text) {
            left = 0;
            continue;
        }
        left -= 1;
        line.place = Place::Signature;
    }
}

/// The writer's name alone below a text.
fn mark_name(message: &mut [Line], author: &[String]) {
    let mut own = message
        .iter_mut()
        .filter(|line| line.place == Place::Own && !line.is_blank());
    let Some(last) = own.next_back() else { return };
    let name = words(&last.text);
    let is_name = !name.is_empty() && name.iter().all(|word| author.contains(word));
    if is_name && own.next().is_some() {
        last.place = Place::Signature;
    }
}

fn is_closing(text: &str) -> bool {
    let words = words(text);
    let whole = text.trim().trim_end_matches([',', '!', '.']).to_lowercase();
    CLOSING_LINES.contains(&whole.as_str())
        || words.len() <= MAX_CLOSING
            && (has_any(&words, CLOSING_WORDS) || words.len() <= MAX_THANKS && thanks(&words))
            && !says_something(text, &words)
}

fn thanks(words: &[String]) -> bool {
    has_any(words, THANKS)
}

fn is_device_line(text: &str) -> bool {
    let line = text.trim().to_lowercase();
    let known = DEVICE_LINES.iter().any(|words| line.starts_with(words))
        || DEVICE_ENDS.iter().any(|words| line.ends_with(words));
    known && !says_something(text, &words(text))
}

fn is_contact(text: &str) -> bool {
    let words = words(text);
    let field = text
        .split_once(':')
        .map(|(name, _)| name.trim().trim_end_matches('.').to_lowercase());
    let contact = field.is_none_or(|name| {
        CONTACT_FIELDS.contains(&name.as_str()) || name.contains("://") || name.contains('@')
    });
    contact && words.len() <= MAX_WORDS && !says_something(text, &words)
}

fn says_something(text: &str, words: &[String]) -> bool {
    text.contains('?') || has_any(words, SPEECH)
}

fn has_any(words: &[String], known: &[&str]) -> bool {
    words.iter().any(|word| known.contains(&word.as_str()))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
