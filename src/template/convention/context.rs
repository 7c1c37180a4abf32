//! What stands around a phrase, where that alone tells what it is.

use super::case::Cases;
use super::phrase::{Phrase, Reader};
use super::token::{Kind, Token};

/// Verbs before their object.
const ASKING: [&str; 12] = [
    "bittet",
    "bitten",
    "fordert",
    "fordern",
    "beauftragt",
    "beauftragen",
    "ersucht",
    "ersuchen",
    "verpflichtet",
    "verpflichten",
    "unterstützt",
    "ermächtigt",
];

/// Verbs and conjunctions before their subject.
const BEFORE_SUBJECT: [&str; 33] = [
    "dass", "daß", "ob", "wenn", "weil", "da", "damit", "sodass", "wie", "wird", "soll", "sollte",
    "hat", "ist", "kann", "muss", "möge", "darf", "will", "wo", "sobald", "solange", "obwohl",
    "nachdem", "bevor", "falls", "wurde", "war", "hatte", "könnte", "müsste", "sofern", "indem",
];

impl Reader<'_> {
    /// The case that the words before a phrase tell, where its own words leave several.
    pub(super) fn settle(&self, phrase: &Phrase) -> Option<Cases> {
        let allows = |case| !(phrase.cases & case).is_empty();
        let only = |cases: Cases| phrase.cases & cases == phrase.cases;
        if phrase.preposition.is_some() {
            // "an die Stadt" is settled by its article, "in XXX" is not
            return None;
        }
        let before = self.before(phrase.tokens.start);
        if only(Cases::NOMINATIVE | Cases::ACCUSATIVE) {
            let Some(before) = before else {
                return Some(Cases::NOMINATIVE);
            };
            let word = before.lower();
            return if ASKING.contains(&word.as_str()) {
                Some(Cases::ACCUSATIVE)
            } else if BEFORE_SUBJECT.contains(&word.as_str()) {
                Some(Cases::NOMINATIVE)
            } else {
                None
            };
        }
        if only(Cases::GENITIVE | Cases::DATIVE) {
            return match before {
                None => Some(Cases::DATIVE),
                Some(before) if before.is_capital() => Some(Cases::GENITIVE),
                Some(_) => None,
            };
        }
        (before.is_none() && allows(Cases::NOMINATIVE)).then_some(Cases::NOMINATIVE)
    }

    /// The token before, unless a sentence begins here.
    fn before(&self, start: usize) -> Option<&Token> {
        let behind = self.text.tokens.get(..start)?.iter().rev();
        let before = behind.into_iter().find(|token| token.kind != Kind::Star)?;
        let ends = matches!(before.kind, Kind::Stop | Kind::Colon | Kind::Break);
        let is_bullet = start == 1 && before.kind == Kind::Other;
        (!ends && !is_bullet).then_some(before)
    }

    /// Whether letters stand in a sentence, rather than in a number, a label or an amount.
    pub(super) fn is_prose(&self, phrase: &Phrase) -> bool {
        let start = phrase.tokens.start;
        let before = start.checked_sub(1).and_then(|at| self.token(at));
        let sound = before.is_none_or(|before| match before.kind {
            Kind::Word => !before.text.starts_with(|c: char| c.is_ascii_digit()),
            Kind::Break | Kind::Star => true,
            // "ca. XXX", "Nr. XXX"
            Kind::Stop => start
                .checked_sub(2)
                .and_then(|at| self.token(at))
                .is_some_and(|word| {
                    word.text.chars().count() > 4
                        || word.text.starts_with(|c: char| c.is_ascii_digit())
                }),
            _ => false,
        });
        let after = self.token(phrase.tokens.end);
        sound
            && after.is_none_or(|after| match after.kind {
                Kind::Word => after.text.starts_with(char::is_lowercase),
                Kind::Slash | Kind::Blank(_) => false,
                Kind::Other => matches!(
                    after.text.as_str(),
                    "," | ";" | "-" | "–" | "“" | "«" | "\""
                ),
                _ => true,
            })
    }

    /// Whether somebody is to sign on this line: "Für den Ausländerbeirat: ______".
    pub(super) fn is_signed(&self, phrase: &Phrase) -> bool {
        let last = self.token(phrase.tokens.end).is_none();
        let first = self.token(0).map(Token::lower).unwrap_or_default();
        self.text.is_signature || last && ["für", "unterschrift", "gez"].contains(&first.as_str())
    }

    /// Whether the phrase is itself the label of a blank: "Stadt/Landkreis: ____".
    pub(super) fn is_label(&self, phrase: &Phrase) -> bool {
        let kind = |at: usize| self.token(at).map(|token| &token.kind);
        let end = phrase.tokens.end;
        phrase.blank.is_none()
            && kind(end) == Some(&Kind::Colon)
            && matches!(kind(end + 1), Some(Kind::Blank(_)))
    }

    /// What stands before the colon before a blank.
    pub(super) fn label_before(&self, phrase: &Phrase) -> Option<String> {
        let colon = phrase.tokens.start.checked_sub(1)?;
        if self.token(colon)?.kind != Kind::Colon {
            return None;
        }
        let ends = |token: &&Token| {
            !matches!(
                token.kind,
                Kind::Stop | Kind::Colon | Kind::Break | Kind::Blank(_)
            )
        };
        let before = self.text.tokens.get(..colon)?;
        let label: Vec<&Token> = before.iter().rev().take_while(ends).collect();
        let start = label.last()?.span.start;
        let end = label.first()?.span.end;
        Some(self.text.plain.get(start..end)?.to_owned())
    }
}
