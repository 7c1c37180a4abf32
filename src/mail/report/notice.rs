//! The words of a report for people: all there is to read where a server follows no RFC.
//!
//! They speak of what happened, name the recipient and repeat the server's words; a copy of
//! the mail or of its header may follow.

use std::sync::LazyLock;

use super::{Action, MAX_READ, Recipient, enhanced_code, kept};
use crate::german::table;
use crate::mail::entity::Entity;
use crate::mail::header::Fields;
use crate::mail::{MessageId, html, lines};

const TABLES: &str = include_str!("phrases.txt");

type Phrases = LazyLock<Vec<&'static str>>;

/// A static for every table of the file, named after it.
macro_rules! tables {
    ($($table:ident)*) => {
        $(static $table: Phrases = LazyLock::new(|| {
            table(TABLES, &stringify!($table).to_lowercase(), ';').collect()
        });)*

        #[cfg(test)]
        const NAMES: &[(&str, &Phrases)] = &[$((stringify!($table), &$table)),*];
    };
}

tables! { DELAYS SUCCESSES SUCCESS_SUBJECTS FAILURES REASONS COPIES HEADERS IDS UNITS }

/// The most lines that the words of a server take.
const MAX_LINES: usize = 3;

/// The most that is looked at of a word behind a number, in characters.
const MAX_UNIT: usize = 16;

/// A notice, and what follows it of the mail that came back.
pub(super) struct Notice {
    subject: String,
    head: Vec<String>,
    copy: Vec<String>,
}

impl Notice {
    /// That of a report.
    pub(super) fn of(mail: &Entity<'_>) -> Self {
        let text = text(mail).unwrap_or_default();
        let end = text.floor_char_boundary(MAX_READ);
        let text = text.get(..end).unwrap_or_default().replace('’', "'");
        let mut head: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
        let cut = head.iter().position(|line| begins_copy(line));
        let copy = head.split_off(cut.unwrap_or(head.len()));
        Self {
            subject: lines::lower(&mail.fields.text("subject").unwrap_or_default()),
            head,
            copy,
        }
    }

    /// What became of the mail; `None` if the notice tells nothing of it.
    pub(super) fn recipient(&self, fields: &Fields) -> Option<Recipient> {
        let failed = fields.raw("x-failed-recipients");
        let action = self.action().or(failed.map(|_| Action::Failed))?;
        let own = ["to", "from"].map(|name| fields.address(name).map(|own| own.email));
        let named = failed
            .and_then(|value| value.split(',').map(bare).find(|word| is_address(word)))
            .or_else(|| {
                self.addresses()
                    .find(|found| !own.iter().flatten().any(|own| own == found))
            });
        let words = self.words();
        let head = || self.head.iter();
        let status = enhanced_code(&words, "45")
            .or_else(|| head().find_map(|line| enhanced_code(line, "45")))
            .map(str::to_owned);
        Some(Recipient {
            address: named.map(kept),
            action,
            status,
            words,
        })
    }

    fn action(&self) -> Option<Action> {
        let said = self.head.iter().map(|line| lines::lower(line));
        let said = said.collect::<Vec<_>>().join(" ");
        let says = |phrases: &[&str]| {
            let mut phrases = phrases.iter();
            phrases.any(|phrase| self.subject.contains(phrase) || said.contains(phrase))
        };
        let mut success = SUCCESS_SUBJECTS.iter();
        let refused = || {
            let mut lines = self.head.iter();
            lines.any(|line| {
                let words = reply(line).filter(|words| words.starts_with('5'));
                words.is_some_and(|words| enhanced_code(words, "5").is_some())
            })
        };
        if says(&DELAYS) {
            Some(Action::Delayed)
        } else if says(&SUCCESSES) || success.any(|words| self.subject.starts_with(words)) {
            Some(Action::Delivered)
        } else if says(&FAILURES) || refused() {
            Some(Action::Failed)
        } else {
            None
        }
    }

    /// What the server said: from its reply code on, or what stands behind or below the
    /// recipient's address, or the line that gives a reason; to the end of the paragraph.
    pub(super) fn words(&self) -> String {
        let numbered = || self.head.iter().enumerate();
        let coded = numbered().find_map(|(at, line)| Some(self.paragraph(reply(line)?, at)));
        let addressed = || {
            let mut found =
                numbered().filter_map(|(at, line)| Some(self.paragraph(behind_address(line)?, at)));
            found.find(|words| !words.is_empty())
        };
        let reasoned = || {
            let (at, line) = numbered().find(|(_, line)| {
                let line = lines::lower(line);
                REASONS.iter().any(|reason| line.contains(reason))
            })?;
            Some(self.paragraph(line, at))
        };
        let words = coded.or_else(addressed).or_else(reasoned);
        unquoted(&words.unwrap_or_default()).to_owned()
    }

    /// The words and the lines below line `at` up to a blank one.
    fn paragraph(&self, words: &str, at: usize) -> String {
        let below = self.head.iter().skip(at + 1).map(String::as_str);
        let lines = std::iter::once(words).filter(|words| !words.is_empty());
        let lines = lines.chain(below.take_while(|line| !line.is_empty()));
        kept(&lines.take(MAX_LINES).collect::<Vec<_>>().join(" "))
    }

    fn addresses(&self) -> impl Iterator<Item = &str> {
        let words = self
            .head
            .iter()
            .flat_map(|line| line.split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c)));
        words.map(bare).filter(|word| is_address(word))
    }

    /// The id that the notice or the copy gives first: below it may stand those of mails
    /// that came back before.
    pub(super) fn original_id(&self) -> Option<MessageId> {
        let all = || self.head.iter().chain(&self.copy);
        let at = all().position(|line| {
            let line = lines::lower(line.trim_start_matches(['>', ' ']));
            IDS.iter().any(|label| line.starts_with(label)) && line.contains(':')
        })?;
        // A long id may stand on a line of its own.
        let value = all()
            .skip(at)
            .take(2)
            .map(String::as_str)
            .collect::<Vec<_>>();
        let value = value.join(" ");
        let (_, value) = value.split_once(':')?;
        let id = value.split_whitespace().next()?;
        MessageId::parse(id).filter(|id| id.as_str().contains('@'))
    }
}

/// The first text of a mail that says something; mails that came back are left alone.
fn text(entity: &Entity<'_>) -> Option<String> {
    let text = match entity.media_type().as_str() {
        "text/plain" => entity.text(),
        "text/html" => {
            let lines = html::lines(&entity.text());
            lines.into_iter().map(|line| line.text + "\n").collect()
        }
        _ => return entity.parts.iter().find_map(text),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// Whether a copy of the mail begins: a line that says so, or a field only headers have.
fn begins_copy(line: &str) -> bool {
    let line = lines::lower(line);
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let announced = COPIES.iter().any(|words| bare.starts_with(words));
    announced || HEADERS.iter().any(|name| line.starts_with(name))
}

/// The reply of a server in a line, from its code on (RFC 5321 4.2): "550 5.1.1 …".
fn reply(line: &str) -> Option<&str> {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let alone = before.is_whitespace() || ";:'\"<(#".contains(before);
        before = c;
        let rest = line.get(at..).unwrap_or_default();
        if alone && "45".contains(c) && begins_reply(rest) {
            return Some(rest);
        }
    }
    None
}

/// Whether a text begins with a reply code and words, not with a size or another number.
fn begins_reply(text: &str) -> bool {
    let Some((code, rest)) = text.split_at_checked(3) else {
        return false;
    };
    let is_code = code.bytes().all(|byte| byte.is_ascii_digit())
        && code.bytes().nth(1).is_some_and(|digit| digit <= b'5');
    let Some(words) = rest.strip_prefix([' ', '-', ':']).filter(|_| is_code) else {
        return false;
    };
    let first = words.trim_start().chars().take(MAX_UNIT);
    let first: String = first.take_while(|c| !c.is_whitespace()).collect();
    let counts = UNITS.contains(&lines::lower(&first).trim_end_matches(['.', ',']));
    let speaks = first.starts_with(|c: char| c.is_alphabetic() || "<#'".contains(c));
    speaks && !counts || enhanced_code(&first, "45").is_some()
}

/// What stands behind the address that a line begins with.
fn behind_address(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['*', '-', '|', ' ']);
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end)?;
    is_address(bare(word)).then(|| rest.trim_start_matches([':', '.', ' ']))
}

/// A word without the signs around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        let inner = domain.trim_matches('.').contains('.');
        !local.is_empty() && inner && !domain.contains('@')
    })
}

/// Words without the closing sign of a quotation or bracket that opened before them.
fn unquoted(words: &str) -> &str {
    let unopened = |(open, close): (char, char)| {
        let opened = words.matches(open).count();
        let inner = words.strip_suffix(close)?;
        (opened == 0 || open == close && opened % 2 == 1).then_some(inner)
    };
    let pairs = [('\'', '\''), ('"', '"'), ('<', '>')];
    pairs.into_iter().find_map(unopened).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_read_and_in_lower_case() {
        let sections = TABLES.lines().filter(|line| line.starts_with('['));
        assert_eq!(sections.count(), NAMES.len());
        for (name, phrases) in NAMES {
            assert!(!phrases.is_empty(), "{name}");
            for phrase in phrases.iter() {
                assert_eq!(*phrase, phrase.to_lowercase(), "{name}");
            }
        }
    }

    #[test]
    fn a_reply_has_a_code_and_words() {
        for (line, expected) in [
            (
                "host said: 550 5.1.1 no such user",
                Some("550 5.1.1 no such user"),
            ),
            ("550-5.1.1 no", Some("550-5.1.1 no")),
            (
                "<<< 452 <a@b.example>... later",
                Some("452 <a@b.example>... later"),
            ),
            ("smtp;554 refused", Some("554 refused")),
            ("554: refused", Some("554: refused")),
            ("550", None),
            ("550 ", None),
            ("das Postfach fasst 500 MB", None),
            ("500 MB, mehr nicht", None),
            ("Telefon 0911 450 123", None),
            ("5501 Wege", None),
            ("192.0.2.550 x", None),
            ("587 ist der Port", None),
        ] {
            assert_eq!(reply(line), expected, "{line}");
        }
    }
}
