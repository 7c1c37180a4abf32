//! How programs speak: their subjects, what they say of themselves, how they tell of
//! absence, receipt and failure; and how people ask.
//!
//! All comparisons are in lower case, in the head of the text alone: what a machine
//! writes is short.

use super::super::Text;
use super::super::entity::Fields;
use super::super::signature::is_greeting;
use super::phrases as known;

/// How much of a text is looked at, in bytes: no letter of a machine needs more to show itself.
const HEAD: usize = 8 * 1024;

/// The longest greeting line, in characters.
const MAX_GREETING: usize = 60;

/// The length of the ids that our letters carry (ULID), in characters.
const ID_LENGTH: usize = 26;

/// A mail's words, made ready for comparison.
pub(super) struct Wording {
    /// the subject without the number that ticket systems put first
    subject: String,
    /// what was newly written, its lines kept
    new: String,
    /// the same, one sentence each
    sentences: Vec<String>,
    /// the signature, one sentence each
    signature: Vec<String>,
    /// what programs append, one sentence each
    boilerplate: Vec<String>,
    /// earlier mail
    quoted: String,
}

impl Wording {
    pub(super) fn of(fields: &Fields, text: &Text, boilerplate: &str) -> Self {
        let subject = fields.text("subject").unwrap_or_default().to_lowercase();
        let bare = match subject.strip_prefix('[').and_then(|s| s.split_once(']')) {
            Some((_, words)) => words.trim(),
            None => subject.trim(),
        };
        let new = head(&text.new).to_lowercase();
        let signature = head(&text.signature).to_lowercase();
        let boilerplate = head(boilerplate).to_lowercase();
        Self {
            subject: bare.to_owned(),
            sentences: sentences(&new),
            signature: sentences(&signature),
            boilerplate: sentences(&boilerplate),
            new,
            quoted: head(&text.quoted).to_lowercase(),
        }
    }

    /// The beginning of the subject that products give their automatic mail.
    /// "Automatische Antwort?" is what a person asks.
    pub(super) fn automatic_subject(&self) -> Option<&'static str> {
        known::AUTOMATIC_SUBJECTS.iter().copied().find(|words| {
            let rest = self.subject.strip_prefix(words);
            rest.is_some_and(|rest| !rest.trim_start().starts_with('?'))
        })
    }

    /// The beginning of the subject of a delivery report.
    pub(super) fn failure_subject(&self) -> Option<&'static str> {
        beginning_in(&self.subject, &known::FAILURE_SUBJECTS)
    }

    /// Words about a delivery that failed, in the subject or in the text.
    pub(super) fn tells_of_failure(&self) -> Option<&'static str> {
        first_in(&self.subject, &known::FAILURES).or_else(|| first_in(&self.new, &known::FAILURES))
    }

    /// A sentence in which a mail says that a program wrote it. Our own letters say so too:
    /// where they are repeated, it is their sentence and not the mail's.
    pub(super) fn declares_itself(&self) -> Option<&'static str> {
        let next = self.all_sentences().skip(1).map(Some).chain([None]);
        let own = |sentence: &str, next: Option<&str>| has_id(sentence) || next.is_some_and(has_id);
        let mut foreign = self.all_sentences().zip(next);
        foreign.find_map(|(sentence, next)| {
            if own(sentence, next) {
                return None;
            }
            let named = first_in(sentence, &known::DECLARATIONS);
            named.or_else(|| {
                let made = says(sentence, &known::AUTOMATICALLY) && says(sentence, &known::MADE);
                let about_me = sentence
                    .split_whitespace()
                    .any(|w| ["ich", "mir"].contains(&w));
                first_in(sentence, &known::THIS_MAIL).filter(|_| made && !about_me)
            })
        })
    }

    /// Words of absence, receipt or a device, or of a program that did not understand.
    pub(super) fn sounds_automatic(&self) -> Option<&'static str> {
        self.sounds_absent()
            .or_else(|| self.acknowledges())
            .or_else(|| self.did_not_understand())
            .or_else(|| first_in(&self.new, &known::DEVICES))
            .or_else(|| beginning_in(&self.subject, &known::MECHANICAL_SUBJECTS))
    }

    /// Who is away says so, and a rule they leave behind says whom to ask or when to expect
    /// them. Only both together are no person.
    fn sounds_absent(&self) -> Option<&'static str> {
        let away = first_in(&self.new, &known::ABSENT)?;
        let rule =
            says(&self.new, &known::DEPUTIES) || says(&self.subject, &known::AWAY_IN_SUBJECT);
        rule.then_some(away)
    }

    /// "Ihre Anfrage ist eingegangen" together with a case or a promise, or thanks with a
    /// promise. Who says "ich" is no ticket system.
    fn acknowledges(&self) -> Option<&'static str> {
        let received = |sentence: &String| {
            let first_person = sentence.split_whitespace().any(|word| word == "ich");
            let words = first_in(sentence, &known::YOUR_MAIL).filter(|_| !first_person)?;
            says(sentence, &known::ARRIVED).then_some(words)
        };
        let receipt = || {
            let words = self.sentences.iter().find_map(received);
            words.or_else(|| first_in(&self.new, &known::WE_RECEIVED))
        };
        let promised = says(&self.new, &known::PROMISES);
        if promised || says(&self.new, &known::CASES) {
            let thanks = || first_in(&self.new, &known::THANKS_FOR).filter(|_| promised);
            receipt().or_else(thanks)
        } else {
            None
        }
    }

    fn did_not_understand(&self) -> Option<&'static str> {
        let lost = |sentence: &String| {
            let words = first_in(sentence, &known::INPUT)?;
            says(sentence, &known::NOT_UNDERSTOOD).then_some(words)
        };
        first_in(&self.new, &known::ASSISTANTS).or_else(|| self.sentences.iter().find_map(lost))
    }

    /// Words by which newsletters tell how to get rid of them.
    pub(super) fn is_newsletter(&self) -> Option<&'static str> {
        self.all_sentences().find_map(|sentence| {
            let leaving = || {
                let where_to = says(sentence, &["http", "klick", "click", "hier"]);
                first_in(sentence, &known::UNSUBSCRIBING).filter(|_| where_to)
            };
            let because = says(sentence, &known::YOU_RECEIVE) && says(sentence, &known::CIRCULARS);
            leaving().or_else(|| first_in(sentence, &known::CIRCULARS).filter(|_| because))
        })
    }

    /// Words by which a mail asks not to be answered, or the subject of a report that nobody
    /// reads answers to. A gateway's warning ("wenn Sie den Absender nicht kennen") is none,
    /// nor a person's wish ("sondern an meine Adresse").
    pub(super) fn declines_answers(&self) -> Option<&'static str> {
        let mut own = self.sentences.iter().chain(&self.signature);
        let words = own.find_map(|sentence| {
            let by_a_person = has_word(sentence, &known::CONDITIONS);
            first_in(sentence, &known::NO_ANSWERS).filter(|_| !by_a_person)
        });
        words.or_else(|| beginning_in(&self.subject, &known::REPORT_SUBJECTS))
    }

    fn all_sentences(&self) -> impl Iterator<Item = &str> {
        let all = self.sentences.iter().chain(&self.signature);
        all.chain(&self.boilerplate).map(String::as_str)
    }

    /// Whether the mail says that it comes from a form on a web page.
    pub(super) fn is_of_a_form(&self) -> bool {
        let mut all = self.all_sentences();
        says(&self.subject, &known::FORMS) || all.any(|sentence| says(sentence, &known::FORMS))
    }

    /// Whether a sentence asks for a motion, or a line is one of a completed request.
    pub(super) fn pleads(&self) -> bool {
        let asks = |sentence: &String| {
            names_motion(sentence)
                && has_word(sentence, &known::PLEAS)
                && !says(sentence, &known::OF_OTHERS)
                && !(says(sentence, &known::YOUR_MAIL) && says(sentence, &known::ARRIVED))
        };
        let field = |line: &str| {
            known::FIELDS
                .iter()
                .any(|name| line.trim_start().starts_with(name))
        };
        self.sentences.iter().any(asks) || self.new.lines().any(field)
    }

    /// Whether the mail is one of our letters from its greeting to its number: nobody wrote
    /// above it, nobody below.
    pub(super) fn is_own_letter(&self) -> bool {
        let greets = |line: &&str| {
            line.chars().count() <= MAX_GREETING
                && line.trim_end().ends_with([',', '!'])
                && is_greeting(line)
        };
        let first = self.new.lines().find(|line| !line.trim().is_empty());
        let ends = [&self.sentences, &self.signature, &self.boilerplate];
        first.is_some_and(|first| greets(&first))
            && self.new.lines().filter(greets).count() == 1
            && ends
                .iter()
                .filter_map(|part| part.last())
                .any(|last| has_id(last))
    }

    /// Whether nothing is newly written and one of our letters is quoted in full.
    pub(super) fn only_quotes_own_letter(&self) -> bool {
        self.new.trim().is_empty() && has_id(&self.quoted)
    }
}

/// The head of a text.
fn head(text: &str) -> &str {
    let end = text.floor_char_boundary(HEAD);
    text.get(..end).unwrap_or(text)
}

/// The sentences of a text in lower case. A blank line ends one; a single line break does
/// not, nor does the full stop of a date ("24. November").
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut sentence = String::new();
    for paragraph in text.split("\n\n") {
        for word in paragraph.split_whitespace() {
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(word);
            let bare = word.trim_end_matches(['"', ')', '“', '”', '*']);
            let number = bare
                .trim_end_matches('.')
                .ends_with(|c: char| c.is_ascii_digit());
            if bare.ends_with(['!', '?']) || bare.ends_with('.') && !number {
                sentences.push(std::mem::take(&mut sentence));
            }
        }
        if !sentence.is_empty() {
            sentences.push(std::mem::take(&mut sentence));
        }
    }
    sentences
}

fn first_in(text: &str, phrases: &[&'static str]) -> Option<&'static str> {
    phrases.iter().copied().find(|phrase| text.contains(phrase))
}

/// Whether a word begins so.
fn has_word(text: &str, beginnings: &[&'static str]) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| beginning_in(word, beginnings).is_some())
}

/// Whether a motion is named; in the bot's name or in an address none is, nor is
/// Erika Mustermann one.
fn names_motion(text: &str) -> bool {
    let is_name = |word: &str| {
        word.contains('@')
            || ["antragsbot", "musterm", "musterf"]
                .iter()
                .any(|name| word.contains(name))
    };
    let mut words = text.split_whitespace().filter(|word| !is_name(word));
    words.any(|word| has_word(word, &known::MOTIONS))
}

fn beginning_in(text: &str, phrases: &[&'static str]) -> Option<&'static str> {
    let mut phrases = phrases.iter().copied();
    phrases.find(|phrase| text.starts_with(phrase))
}

fn says(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// Whether a text holds an id of ours: 26 letters and digits, without i, l, o and u
/// (Crockford's base 32), and some of both.
fn has_id(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| {
            word.len() == ID_LENGTH
                && word.starts_with(|c: char| ('0'..='7').contains(&c))
                && word.contains(|c: char| c.is_ascii_alphabetic())
                && !word.contains(['i', 'l', 'o', 'u', 'I', 'L', 'O', 'U'])
        })
}
