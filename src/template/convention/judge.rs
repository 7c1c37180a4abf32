//! What to make of a phrase: a mark, or a doubt with what might be meant.

use super::blank::{self, Blank};
use super::case::{Cases, form, mark};
use super::phrase::{Phrase, Reader};
use super::token::Token;
use super::vocabulary::Sort;

/// What is made of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// a text with a mark, from this token on
    Replace(usize, String),
    Doubt(String, Vec<String>),
    /// it is no phrase of the convention
    Nothing,
}

const TWO_CASES: &str = "der Fall ist nicht eindeutig; wählen Sie die Marke, die in den Satz passt";

impl Reader<'_> {
    pub(super) fn judge(&self, phrase: &Phrase) -> Verdict {
        match (phrase.sort, phrase.choices) {
            (_, 0) => self.judge_blank(phrase),
            (Some(Sort::Kommune), _) => self.judge_kommune(phrase),
            (Some(sort), 1) => self.judge_single(phrase, sort),
            (Some(sort), _) => self.judge_bodies(phrase, sort),
            (None, _) => Verdict::Nothing,
        }
    }

    fn judge_kommune(&self, phrase: &Phrase) -> Verdict {
        let is_choice = phrase.choices > 1;
        // "die Stadt Fürth" is what it is
        if phrase.blank == Some(Blank::Place) && !is_choice {
            return Verdict::Nothing;
        }
        let is_marked = phrase.blank.is_some() || phrase.has_star && is_choice;
        if self.is_label(phrase) || !is_marked && !is_choice {
            return Verdict::Nothing;
        }
        if phrase.other_determiner {
            return other_determiner(Sort::Kommune);
        }
        if phrase.has_article {
            return self.decline(phrase, Sort::Kommune);
        }
        let is_in = phrase.preposition.is_some_and(|it| it.word == "in");
        if is_in && phrase.blank.is_some() {
            return self.replace_in(phrase);
        }
        let bare = mark("", Sort::Kommune, false);
        if phrase.is_genitive || !is_marked && !phrase.is_bracketed {
            let reason = "hier steht mehr als eine Art von Kommune zur Wahl, aber kein Artikel \
                          und kein Platz für den Namen";
            return Verdict::Doubt(reason.to_owned(), vec![bare]);
        }
        Verdict::Replace(phrase.core, bare)
    }

    fn judge_bodies(&self, phrase: &Phrase, sort: Sort) -> Verdict {
        if phrase.other_determiner {
            return other_determiner(sort);
        }
        if phrase.has_article {
            return self.decline(phrase, sort);
        }
        let bare = mark("", sort, false);
        if phrase.is_genitive || phrase.in_words && !phrase.has_star && !phrase.is_bracketed {
            let reason = "hier stehen Gremien zur Wahl, aber ohne Artikel";
            return Verdict::Doubt(reason.to_owned(), vec![bare]);
        }
        Verdict::Replace(phrase.core, bare)
    }

    /// One body: the mover, or a body that is only spoken of?
    fn judge_single(&self, phrase: &Phrase, sort: Sort) -> Verdict {
        let is_open = phrase.has_star || phrase.is_bracketed;
        if is_open && !phrase.other_determiner && phrase.has_article {
            return self.decline(phrase, sort);
        }
        if is_open && !phrase.is_genitive && !phrase.other_determiner {
            return Verdict::Replace(phrase.core, mark("", sort, false));
        }
        if !phrase.has_article {
            return Verdict::Nothing;
        }
        let reason = "hier ist nur ein Gremium genannt, ohne Wahl; ist das gemeint, das den \
                      Antrag stellt oder entscheidet, setzen Sie die Marke ein";
        match self.decline(phrase, sort) {
            Verdict::Replace(_, mark) => Verdict::Doubt(reason.to_owned(), vec![mark]),
            other => other,
        }
    }

    /// A blank without a noun.
    fn judge_blank(&self, phrase: &Phrase) -> Verdict {
        let Some(blank) = &phrase.blank else {
            return Verdict::Nothing;
        };
        if *blank == Blank::Line && phrase.sort.is_none() && self.is_signed(phrase) {
            return Verdict::Nothing;
        }
        let label = self.label_before(phrase);
        let known = phrase.sort.or_else(|| {
            let label = label.as_deref().and_then(blank::label);
            label.map(|(sort, _)| sort)
        });
        let known = known.or_else(|| self.guess(phrase, blank));
        let Some(sort) = known else {
            return self.unknown(phrase, blank, label);
        };
        if phrase.other_determiner {
            return other_determiner(sort);
        }
        if phrase.has_article {
            return self.decline(phrase, sort);
        }
        let bare = mark("", sort, false);
        match phrase.preposition {
            None => Verdict::Replace(phrase.core, bare),
            Some(_) if sort != Sort::Kommune => Verdict::Replace(phrase.core, bare),
            Some(preposition) if preposition.word == "in" => self.replace_in(phrase),
            // "für den Landkreis Fürth" wants an article that "für XXX" does without
            Some(_) => self.decline(phrase, Sort::Kommune),
        }
    }

    /// Whether letters or a line without a label stand for the municipality.
    fn guess(&self, phrase: &Phrase, blank: &Blank) -> Option<Sort> {
        let next = self.token(phrase.tokens.end);
        let behind = next.is_some_and(|next| next.is_capital() || starts_with_digit(next));
        let is_in = !phrase.has_article && phrase.preposition.is_some_and(|it| it.word == "in");
        let alone = self.text.blanks == 1;
        let sure = match blank {
            Blank::Letters => is_in || self.notes.names_kommune && self.is_prose(phrase),
            Blank::Line | Blank::Label(None, _) => is_in && alone && *blank == Blank::Line,
            _ => false,
        };
        (sure && !behind).then_some(Sort::Kommune)
    }

    fn unknown(&self, phrase: &Phrase, blank: &Blank, label: Option<String>) -> Verdict {
        let label = match blank {
            Blank::Label(_, label) => Some(label.clone()),
            _ => label,
        };
        let word = phrase.preposition.map_or("", |it| it.word);
        let is_time = phrase.contracted || matches!(word, "um" | "ab" | "bis" | "gegen");
        match label.as_deref().map(field_name) {
            Some(Some(name)) => {
                let reason = format!(
                    "was hier stehen soll, weiß der Bote nicht; soll er danach fragen, setzen Sie \
                     die Marke ein und tragen Sie in template.toml den Abschnitt [fields.{}] ein",
                    toml_key(&name)
                );
                return Verdict::Doubt(reason, vec![format!("{{{{ {name} }}}}")]);
            }
            None if !is_time => {}
            _ => {
                let reason = "was hier stehen soll, ist unklar; soll der Bote danach fragen, \
                              erfinden Sie dafür ein Feld und tragen Sie es in template.toml ein";
                return Verdict::Doubt(reason.to_owned(), Vec::new());
            }
        }
        let reason = match blank {
            Blank::Nobody => {
                "hier fehlt ein Name; ist es der der Kommune, setzen Sie die Marke ein"
            }
            _ => "was hier stehen soll, ist unklar; ist es die Kommune, setzen Sie die Marke ein",
        };
        let form = if word == "in" { word } else { "" };
        Verdict::Doubt(reason.to_owned(), vec![mark(form, Sort::Kommune, false)])
    }

    fn replace_in(&self, phrase: &Phrase) -> Verdict {
        let capital = self.is_capital(phrase.tokens.start);
        Verdict::Replace(phrase.tokens.start, mark("in", Sort::Kommune, capital))
    }

    /// The form that the phrase's case asks for.
    fn decline(&self, phrase: &Phrase, sort: Sort) -> Verdict {
        let cases: Vec<Cases> = phrase.cases.each().collect();
        let text = |case: &Cases| self.form(phrase, *case, sort);
        let settled = match cases.as_slice() {
            [] => {
                let reason = "Artikel und Wörter passen nicht zu einem Fall zusammen; setzen Sie \
                              die Marke von Hand ein";
                let marks = Cases::ALL
                    .each()
                    .map(|case| form(None, case, sort, false).0);
                return Verdict::Doubt(reason.to_owned(), marks.collect());
            }
            [case] => Some(*case),
            _ => self.settle(phrase),
        };
        match settled {
            Some(case) => {
                let (at, text) = text(&case);
                Verdict::Replace(at, text)
            }
            None => {
                let marks = cases.iter().map(|case| text(case).1).collect();
                Verdict::Doubt(TWO_CASES.to_owned(), marks)
            }
        }
    }

    /// The text for a phrase in this case, and the token from which on it stands for all.
    fn form(&self, phrase: &Phrase, case: Cases, sort: Sort) -> (usize, String) {
        let first = phrase.tokens.start;
        let (text, merged) = form(phrase.preposition, case, sort, self.is_capital(first));
        match phrase.preposition {
            _ if merged => (first, text),
            // "am" is "an dem"
            Some(preposition) if phrase.contracted => {
                let mark = form(None, case, sort, false).0;
                let word = preposition.word;
                let word = if self.is_capital(first) {
                    capitalised(word)
                } else {
                    word.to_owned()
                };
                (first, format!("{word} {mark}"))
            }
            _ => {
                let capital = self.is_capital(phrase.first_word) && phrase.has_article;
                (phrase.core, form(None, case, sort, capital).0)
            }
        }
    }

    fn is_capital(&self, at: usize) -> bool {
        self.token(at).is_some_and(Token::is_capital)
    }
}

fn other_determiner(sort: Sort) -> Verdict {
    let reason = "vor den Wörtern steht kein „der“, „die“ oder „das“; prüfen Sie, was gemeint ist";
    Verdict::Doubt(reason.to_owned(), vec![mark("", sort, false)])
}

fn starts_with_digit(token: &Token) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_digit())
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The name of a further field that a label asks for: `datum_der_sitzung`.
fn field_name(label: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let name = blank::telling(label).join("_");
    let sound = name.starts_with(char::is_alphabetic) && name.len() <= LONGEST;
    sound.then_some(name)
}

/// TOML wants names with umlauts quoted.
fn toml_key(name: &str) -> String {
    if name.is_ascii() {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}
