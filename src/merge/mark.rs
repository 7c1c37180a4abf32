//! Finding marks in text: `{{ … }}`, `{% … %}`, `{# … #}`.

use std::ops::Range;

/// Where marks stand in a text, in order; what is never closed is none.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(start) = opening(text, at) {
        match closing(text, start) {
            Some(end) => {
                spans.push(start..end);
                at = end;
            }
            None => at = start + 2,
        }
    }
    spans
}

/// The next place from `at` on where a mark opens.
fn opening(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(at..)?;
    let found = bytes
        .windows(2)
        .position(|pair| matches!(pair, b"{{" | b"{%" | b"{#"))?;
    Some(at + found)
}

/// The end of the mark that opens at `start`.
fn closing(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(start..)?;
    let close: &[u8; 2] = match bytes.get(1)? {
        b'{' => b"}}",
        b'%' => b"%}",
        _ => b"#}",
    };
    let mut quote = None;
    for (at, pair) in bytes.windows(2).enumerate().skip(2) {
        let c = pair.first().copied()?;
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if pair == close => return Some(start + at + 2),
            None if close != b"#}" && matches!(c, b'"' | b'\'') => quote = Some(c),
            None => {}
        }
    }
    None
}
