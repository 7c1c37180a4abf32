//! The general formatting switches that change capitals (ECMA-376 part 1, 17.16.4.3).

/// The text with its capitals changed; `None` if that is no way to change them.
pub(super) fn changed(text: &str, case: &str) -> Option<String> {
    Some(match case {
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "firstcap" => capitals(text, |before| before.is_none()),
        "caps" => capitals(text, |before| before.is_none_or(|c| !is_within_word(c))),
        _ => return None,
    })
}

/// Raises the letters behind such a character; the others stay as they are.
fn capitals(text: &str, begins: impl Fn(Option<char>) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        match begins(before) {
            // no word begins with ß, and "SS" would be no capital of it
            true if c != 'ß' => out.extend(c.to_uppercase()),
            _ => out.push(c),
        }
        before = Some(c);
    }
    out
}

fn is_within_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’')
}
