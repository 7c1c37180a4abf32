//! Whether a word can name a motion.

use crate::kommune::{Register, Rolle, fold};

/// Words for any motion: who writes one of them names none.
const GENERAL: [&str; 25] = [
    "antraege",
    "antrag",
    "ausfuellen",
    "beschluss",
    "beschlussvorlage",
    "bitte",
    "datei",
    "dokument",
    "entwurf",
    "formular",
    "fuer",
    "kommune",
    "landkreis",
    "muster",
    "musterantraege",
    "musterantrag",
    "resolution",
    "sitzung",
    "stadt",
    "text",
    "thema",
    "vorlage",
    "vorlagen",
    "word",
    "zum",
];

/// What is wrong with a word as the name of a motion: every mail may hold it.
pub(super) fn too_general(word: &str, register: &Register) -> Option<String> {
    let folded = fold(word);
    if folded.is_empty() {
        return Some("hier fehlt das Wort zwischen den Anführungszeichen".to_owned());
    }
    if folded.split(' ').all(|word| GENERAL.contains(&word)) {
        return Some(format!(
            "„{word}“ steht in Mails zu jedem Antrag; nehmen Sie ein Wort, das nur zu diesem passt"
        ));
    }
    let gremium = [Rolle::Beirat, Rolle::Rat]
        .into_iter()
        .find_map(|rolle| register.gremium(rolle, word));
    let same = |name: &str| fold(name) == folded;
    let named = register.find(word).into_iter().map(|found| found.kommune);
    let mut named = named.filter(|kommune| same(&kommune.name) || same(&kommune.title()));
    let what = match (gremium, named.next()) {
        (Some(_), _) => "ein Gremium",
        (None, Some(_)) => "eine Kommune",
        (None, None) => return None,
    };
    Some(format!(
        "„{word}“ ist {what} und kann keinen Antrag bezeichnen; nehmen Sie ein anderes Wort"
    ))
}
