//! Quoted and forwarded earlier mail: where it begins, and what is answered in between.

mod attribution;
mod header;
mod separator;

use super::lines::{Line, Place};

/// What announces a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    /// how many lines it has
    length: usize,
    /// what follows is quoted even if it is not marked
    surely: bool,
}

/// Marks the lines that are quoted; what is written between them stays the writer's own.
pub(super) fn mark(lines: &mut [Line]) {
    let mut from = 0;
    while let Some((at, head)) = find(lines, from) {
        let after = at + head.length;
        // Where the quoted lines are marked themselves, answers may stand between them.
        let below = lines.iter().skip(after).find(|line| !line.is_blank());
        let marked = below.is_some_and(|line| line.place == Place::Quote);
        from = match (marked, head.surely) {
            (true, _) => after,
            (false, true) => lines.len(),
            (false, false) => {
                from = after;
                continue;
            }
        };
        let begin = above(lines, at);
        for line in lines.iter_mut().take(from).skip(begin) {
            line.place = Place::Quote;
        }
    }
}

/// The next head of a quote and where it stands.
fn find(lines: &[Line], from: usize) -> Option<(usize, Head)> {
    (from..lines.len()).find_map(|at| {
        let rest = lines.get(at..)?;
        let first = rest.first().filter(|line| !line.is_blank())?;
        if first.place == Place::Quote {
            return separator::groupwise(rest).map(|head| (at, head));
        }
        let head = separator::read(rest)
            .or_else(|| header::read(rest))
            .or_else(|| attribution::read(rest))?;
        Some((at, head))
    })
}

/// Where a head begins with the rule above it, which belongs to it.
fn above(lines: &[Line], at: usize) -> usize {
    let above = lines.get(..at).unwrap_or_default();
    match above.iter().rposition(|line| !line.is_blank()) {
        Some(rule) if above.get(rule).is_some_and(separator::is_rule) => rule,
        _ => at,
    }
}

/// Whether a time of day such as 17:58 stands in a text, in digits of any alphabet.
fn has_time(text: &str) -> bool {
    let mut window = ['\0'; 4];
    text.chars().any(|c| {
        window.rotate_left(1);
        window[3] = c;
        let digit = |c: char| c.is_numeric();
        matches!(window, [h, ':', m, s] if digit(h) && digit(m) && digit(s))
    })
}
