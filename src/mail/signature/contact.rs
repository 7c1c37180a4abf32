//! Lines that say who somebody is and how to reach them, not what they want.

/// Words that a closing line or a signature does not have: somebody still says something.
const SPEECH: &[&str] = &[
    "bitte",
    "bitten",
    "bittet",
    "ich",
    "wir",
    "uns",
    "mir",
    "mich",
    "unser",
    "unsere",
    "unseren",
    "sie",
    "brauche",
    "brauchen",
    "braucht",
    "bräuchte",
    "bräuchten",
    "benötige",
    "benötigen",
    "möchte",
    "möchten",
    "hätte",
    "hätten",
    "könnt",
    "könnte",
    "könnten",
    "können",
    "schicken",
    "schickt",
    "senden",
    "sendet",
    "antrag",
    "musterantrag",
    "vorlage",
    "please",
    "we",
    "our",
    "need",
    "send",
    "motion",
    "you",
    "nous",
    "lütfen",
];

/// Names of the fields a signature has; other `Feld: Wert` lines are requests.
const FIELDS: &[&str] = &[
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
    "webseite",
    "url",
    "http",
    "https",
    "t",
    "f",
    "m",
    "e",
    "w",
    "p",
    "iban",
    "bic",
    "bank",
    "bankverbindung",
    "konto",
    "kontonummer",
    "spendenkonto",
    "blz",
    "ust-id",
    "ust-idnr",
    "ust-id-nr",
    "ustid",
    "steuernummer",
    "steuer-nr",
    "sitz",
    "registergericht",
    "amtsgericht",
    "vereinsregister",
    "handelsregister",
    "hrb",
    "vr",
    "geschäftsführer",
    "geschäftsführerin",
    "geschäftsführung",
    "vorstand",
    "vorsitz",
    "vorsitzende",
    "vorsitzender",
    "leitung",
    "leiter",
    "leiterin",
    "anschrift",
    "postanschrift",
    "besucheranschrift",
    "hausanschrift",
    "lieferanschrift",
    "adresse",
    "postadresse",
    "besuchsadresse",
    "postfach",
    "büro",
    "zimmer",
    "raum",
    "etage",
    "sprechzeiten",
    "sprechzeit",
    "sprechstunde",
    "sprechstunden",
    "bürozeiten",
    "öffnungszeiten",
    "servicezeiten",
    "durchwahl",
    "zentrale",
    "sekretariat",
    "geschäftsstelle",
    "ansprechpartner",
    "ansprechpartnerin",
    "ansprechperson",
    "facebook",
    "instagram",
    "twitter",
    "mastodon",
    "linkedin",
    "xing",
    "youtube",
    "skype",
    "whatsapp",
    "signal",
    "threema",
    "telegram",
    "pgp",
    "fingerprint",
    "openpgp",
    "gläubiger-id",
    "vertretungsberechtigt",
    "tél",
    "tlf",
    "gsm",
    "datenschutz",
    "impressum",
];

/// Fields that only a signature or a letterhead has.
const REACHED_BY: &[&str] = &[
    "tel", "telefon", "fon", "phone", "fax", "telefax", "mobil", "mobile", "handy", "e-mail",
    "email", "mail", "www", "http", "https", "iban", "web", "homepage",
];

/// The longest line of a signature in words, and in bytes.
const MAX_WORDS: usize = 13;
pub(super) const MAX_LENGTH: usize = 200;

/// The words of the writer's name, as the mail's header has it.
#[derive(Debug)]
pub(super) struct Author(Vec<String>);

impl Author {
    pub(super) fn of(name: &str) -> Self {
        Self(words(name))
    }

    /// Whether a line holds the writer's name or a part of it, and nothing else.
    pub(super) fn is(&self, text: &str) -> bool {
        let name = words(text);
        !name.is_empty() && self.has_all(&name)
    }

    pub(super) fn has_all(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.0.contains(word))
    }
}

/// Whether a line may stand in a signature.
pub(super) fn is_contact(text: &str) -> bool {
    if text.len() > MAX_LENGTH {
        return false;
    }
    let words = words(text);
    words.len() <= MAX_WORDS
        && !says_something(text, &words)
        && field(text).is_none_or(|name| is_contact_field(&name))
}

/// Whether a line can stand only in a signature or a letterhead: a telephone number, an
/// address of the mail or the web.
pub(super) fn is_certain(text: &str) -> bool {
    let named = field(text).is_some_and(|name| has_word(&name, REACHED_BY));
    let lower = text.to_lowercase();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let number = |c: char| c.is_ascii_digit() || " +()/-–.".contains(c);
    named
        || REACHED_BY.iter().any(|name| {
            let rest = lower.trim_start().strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['.', ' ']) && digits >= 5)
        })
        || lower
            .split_whitespace()
            .any(|word| word.contains('@') || word.starts_with("www."))
        || lower.contains("://")
        || digits >= 6 && text.trim().chars().all(number)
}

/// What stands before a colon.
fn field(text: &str) -> Option<String> {
    let (name, _) = text.split_once(':')?;
    Some(name.trim().trim_end_matches('.').to_lowercase())
}

fn is_contact_field(name: &str) -> bool {
    name.contains("://") || name.contains('@') || has_word(name, FIELDS)
}

/// Whether the name of a field, its first or its last word is a known one: "Tel. mobil",
/// "1. Vorsitzende", "Sitz der Gesellschaft".
fn has_word(name: &str, known: &[&str]) -> bool {
    let pieces = || {
        name.split([' ', '/', '.', '&', '|', '(', ','])
            .filter(|piece| !piece.is_empty())
    };
    let ends = [Some(name), pieces().next(), pieces().next_back()];
    ends.into_iter().flatten().any(|word| known.contains(&word))
}

/// Whether somebody asks or tells something.
pub(super) fn says_something(text: &str, words: &[String]) -> bool {
    text.contains('?') && !text.contains("://") || has_any(words, SPEECH)
}

pub(super) fn has_any(words: &[String], known: &[&str]) -> bool {
    words.iter().any(|word| known.contains(&word.as_str()))
}

/// The words of a line in lower case, without those of addresses; of a long line only the
/// first, which tell that it is one.
pub(super) fn words(text: &str) -> Vec<String> {
    let is_address =
        |piece: &&str| piece.contains('@') || piece.contains("://") || piece.starts_with("www.");
    text.split_whitespace()
        .filter(|piece| !is_address(piece))
        .flat_map(|piece| piece.split(|c: char| !c.is_alphanumeric() && c != '-'))
        .filter(|word| !word.is_empty())
        .take(MAX_LENGTH)
        .map(str::to_lowercase)
        .collect()
}
