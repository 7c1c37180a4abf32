//! OpenPGP in the text itself (RFC 9580 6 and 7): the armour goes, what is signed in the
//! clear stays.

use super::lines::{Line, Place};

/// The first line of an encrypted message.
const MESSAGE: &str = "-----BEGIN PGP MESSAGE-----";

/// The first line of a text signed in the clear.
const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";

/// First and last lines of what a person does not read.
const BLOCKS: &[(&str, &str)] = &[
    (MESSAGE, "-----END PGP MESSAGE-----"),
    (
        "-----BEGIN PGP SIGNATURE-----",
        "-----END PGP SIGNATURE-----",
    ),
    (
        "-----BEGIN PGP PUBLIC KEY BLOCK-----",
        "-----END PGP PUBLIC KEY BLOCK-----",
    ),
];

/// Names of the header fields of armour.
const FIELDS: &[&str] = &["Hash", "Version", "Comment", "Charset", "NotDashEscaped"];

/// Where in the armour a line stands.
#[derive(Clone, Copy)]
enum State {
    Outside,
    /// in the header fields of a signed text
    Head,
    /// in a signed text
    Signed,
    /// in a block that ends with this line
    Block(&'static str),
}

/// Marks armour as nobody's words and takes the escapes out of signed text (RFC 9580 7.1).
pub(super) fn mark(lines: &mut [Line]) {
    let mut state = State::Outside;
    for line in lines.iter_mut().filter(|line| line.place == Place::Own) {
        let text = line.text.trim();
        let block = BLOCKS.iter().find(|(first, _)| *first == text);
        let (armour, next) = match (state, block) {
            (State::Block(last), _) if text == last => (true, State::Outside),
            (State::Block(_), _) => (true, state),
            (_, Some((_, last))) => (true, State::Block(last)),
            _ if text == SIGNED => (true, State::Head),
            (State::Head, _) if is_field(text) => (true, State::Head),
            (State::Head, _) => (text.is_empty(), State::Signed),
            _ => (false, state),
        };
        if armour {
            line.place = Place::Boilerplate;
        } else if let (State::Signed, Some(escaped)) = (next, line.text.strip_prefix("- ")) {
            line.text = Line::new(Place::Own, escaped).text;
        }
        state = next;
    }
}

fn is_field(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(name, _)| FIELDS.contains(&name))
}

/// Whether a line begins an encrypted message.
pub(super) fn is_encrypted(line: &Line) -> bool {
    line.place == Place::Boilerplate && line.text.trim() == MESSAGE
}
