//! Signatures: below their delimiter, below a closing, the writer's name alone; and the
//! letterhead above a text, which says the same.

mod closing;
mod contact;
mod device;
mod letterhead;

use super::lines::{Line, Place};
use contact::Author;
pub use letterhead::is_greeting;

/// The most lines of a signature without delimiter.
const MAX_LINES: usize = 20;

/// Marks signatures among the lines that are the own ones of `author`, as far as the mail's
/// header names one.
pub(super) fn mark(lines: &mut [Line], author: Option<&str>) {
    let author = Author::of(author.unwrap_or_default());
    take_back(lines);
    for message in lines.split_mut(|line| line.place == Place::Quote) {
        mark_delimited(message, &author);
        mark_closings(message, &author);
        mark_name(message, &author);
        letterhead::mark(message);
    }
}

/// Some people write their mail into the signature: what says something there is text if
/// nothing else is.
fn take_back(lines: &mut [Line]) {
    let said = lines
        .iter()
        .any(|line| line.place == Place::Own && !line.is_blank());
    for line in lines.iter_mut().filter(|_| !said) {
        if line.place == Place::Signature && !contact::is_contact(&line.text) {
            line.place = Place::Own;
        }
    }
}

/// Below the delimiter all is signature but a postscript; and if nothing stands above, what
/// says something is the text.
fn mark_delimited(message: &mut [Line], author: &Author) {
    let Some(at) = delimiter(message, author) else {
        return;
    };
    let (above, below) = message.split_at_mut(at);
    let said = above.iter().any(is_own);
    let mut text = false;
    for line in below {
        text = match line.is_blank() {
            true => text && !said,
            false => text || closing::is_postscript(&line.text) || !said && !may_stand(line),
        };
        if !text && line.place == Place::Own {
            line.place = Place::Signature;
        }
    }
}

fn is_own(line: &Line) -> bool {
    line.place == Place::Own && !line.is_blank()
}

/// Whether a line may stand in a signature, its delimiter included.
fn may_stand(line: &Line) -> bool {
    is_delimiter(line) || contact::is_contact(&line.text)
}

/// `-- ` (RFC 3676 4.3), which many programs rob of its blank.
fn is_delimiter(line: &Line) -> bool {
    line.place == Place::Own && line.text.trim_end() == "--"
}

/// Where the signature begins: at its delimiter, or at a rule above nothing but who somebody
/// is and how to reach them.
fn delimiter(message: &[Line], author: &Author) -> Option<usize> {
    if let Some(at) = message.iter().position(is_delimiter) {
        return Some(at);
    }
    let mut sure = false;
    let own = message
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, line)| is_own(line));
    for (at, line) in own.take(MAX_LINES) {
        let text = line.text.trim();
        if text.len() >= 2 && text.chars().all(|c| "-_=*~—–".contains(c)) {
            return sure.then_some(at);
        }
        if !contact::is_contact(text) {
            return None;
        }
        sure |= author.is(text) || contact::is_certain(text);
    }
    None
}

/// A closing line and what follows like a signature; what follows it like a text stays text.
fn mark_closings(message: &mut [Line], author: &Author) {
    let mut left = 0;
    for line in message.iter_mut().filter(|line| is_own(line)) {
        match closing::of(&line.text, author) {
            Some(closing::Closing::Greets) => left = MAX_LINES,
            Some(closing::Closing::Thanks) => {
                left = MAX_LINES;
                continue;
            }
            None if device::is_line(&line.text) => left = left.max(1),
            None if left == 0 || !goes_on(&line.text) => {
                left = 0;
                continue;
            }
            None => {}
        }
        left -= 1;
        line.place = Place::Signature;
    }
}

/// Whether a line may follow others in a signature.
fn goes_on(text: &str) -> bool {
    contact::is_contact(text) && !closing::is_postscript(text)
}

/// The writer's name alone below a text, or above how to reach them.
fn mark_name(message: &mut [Line], author: &Author) {
    let last = message.iter().rposition(is_own);
    let Some(end) = last.map(|last| last + 1) else {
        return;
    };
    let written = message.get(..end).unwrap_or_default();
    let gap = written.iter().rposition(|line| !is_own(line));
    let paragraph = gap.map_or(0, |gap| gap + 1);
    let lines = written.get(paragraph..).unwrap_or_default();
    let Some(name) = lines.iter().rposition(|line| author.is(&line.text)) else {
        return;
    };
    let ended = |line: &Line| {
        line.text
            .trim_end()
            .ends_with(['.', '!', '?', ',', ')', ':'])
    };
    let apart = name == 0 || lines.get(name - 1).is_some_and(ended);
    let mut below = lines.iter().skip(name + 1);
    let above = written.iter().take(paragraph + name).any(is_own);
    if above && apart && below.all(|line| contact::is_contact(&line.text)) {
        for line in message.iter_mut().take(end).skip(paragraph + name) {
            line.place = Place::Signature;
        }
    }
}
