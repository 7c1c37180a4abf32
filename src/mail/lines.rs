//! A body as lines, each with the place it has in the mail.

use super::charset;

/// Whose words a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// newly written
    Own,
    /// earlier mail, quoted or forwarded
    Quote,
    /// the writer's signature
    Signature,
    /// disclaimers and banners of gateways
    Boilerplate,
}

/// A line of text without its line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// whose words they are
    pub(super) place: Place,
    /// the words, cleaned
    pub(super) text: String,
}

impl Line {
    /// A line with invisible characters and trailing blanks removed; the signature's `-- ` keeps its own.
    pub(super) fn new(place: Place, text: &str) -> Self {
        let text = charset::clean(text);
        let text = if text == "-- " {
            &text
        } else {
            text.trim_end()
        };
        Self {
            place,
            text: text.to_owned(),
        }
    }

    /// Whether there is nothing to read.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A text in lower case, Turkish dotted capitals as plain letters.
pub(super) fn lower(text: &str) -> String {
    text.to_lowercase().replace("i\u{307}", "i")
}

/// The lines of one place, runs of blank lines made one.
pub(super) fn join(lines: &[Line], place: Place) -> String {
    let mut text = String::new();
    let mut gap = false;
    for line in lines {
        if line.place != place || line.is_blank() {
            gap = true;
            continue;
        }
        if !gap && is_divided(&text, &line.text) {
            text.pop();
        } else if !text.is_empty() {
            text.push_str(if gap { "\n\n" } else { "\n" });
        }
        text.push_str(&line.text);
        gap = false;
    }
    text
}

/// Whether a word was divided by hand at the end of a line: "Inte-" and "grationsbeirat";
/// "Ausländer-" goes on with "und" as a word of its own.
fn is_divided(above: &str, below: &str) -> bool {
    let Some(stem) = above.strip_suffix(['-', '\u{2010}']) else {
        return false;
    };
    let word: String = below.chars().take_while(|c| c.is_alphabetic()).collect();
    let joins = ["und", "oder", "bzw", "u", "o", "sowie", "bis", "wie", "als"];
    stem.ends_with(char::is_lowercase)
        && word.starts_with(char::is_lowercase)
        && !joins.contains(&word.as_str())
}

/// Reads a text/plain part.
pub(super) fn of_plain(text: &str) -> Vec<Line> {
    let mut above = false;
    let mut lines = text.lines().peekable();
    let mut read = Vec::new();
    while let Some(line) = lines.next() {
        let below = lines.peek().is_some_and(|next| next.starts_with('>'));
        // Mailboxes of the kind mbox put a mark before the word From.
        let stuffed = line
            .strip_prefix('>')
            .filter(|rest| rest.starts_with("From ") && !above && !below);
        read.push(match (stuffed, quoted_words(line)) {
            (Some(own), _) => Line::new(Place::Own, own),
            (None, Some(words)) => Line::new(Place::Quote, words),
            (None, None) => Line::new(Place::Own, line),
        });
        above = line.starts_with('>');
    }
    read
}

/// What a line that begins with `>` quotes.
fn quoted_words(line: &str) -> Option<&str> {
    let marked = line.trim_start();
    marked
        .starts_with('>')
        .then(|| marked.trim_start_matches(['>', ' ']))
}

/// Reads a text/plain part with `format=flowed` (RFC 3676); `delete_space` is its `DelSp=yes`.
pub(super) fn of_flowed(text: &str, delete_space: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut paragraph: Option<(usize, String)> = None;
    for line in text.lines() {
        let words = line.trim_start_matches('>');
        let depth = line.len() - words.len();
        let words = words.strip_prefix(' ').unwrap_or(words);
        let flows = words.ends_with(' ') && words != "-- ";
        if paragraph
            .as_ref()
            .is_some_and(|(d, _)| *d != depth || words == "-- ")
        {
            lines.extend(paragraph.take().map(|(d, text)| flowed_line(d, &text)));
        }
        let (_, text) = paragraph.get_or_insert_with(|| (depth, String::new()));
        text.push_str(match words.strip_suffix(' ') {
            Some(shorter) if flows && delete_space => shorter,
            _ => words,
        });
        if !flows {
            lines.extend(paragraph.take().map(|(d, text)| flowed_line(d, &text)));
        }
    }
    lines.extend(paragraph.map(|(d, text)| flowed_line(d, &text)));
    lines
}

fn flowed_line(depth: usize, text: &str) -> Line {
    match depth {
        0 => Line::new(Place::Own, text),
        _ => Line::new(Place::Quote, text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, join, of_flowed, of_plain};

    #[test]
    fn flowed_lines_are_joined() {
        let cases = [
            ("des Landkreises \nGießen", false, "des Landkreises Gießen"),
            ("Bad  \nHomburg", true, "Bad Homburg"),
            (" >kein Zitat\n From hier", false, ">kein Zitat\nFrom hier"),
            ("Ende \n-- \nName", false, "Ende\n-- \nName"),
            ("a \n> b\nc", false, "a\n\nc"),
        ];
        for (text, delete_space, expected) in cases {
            assert_eq!(join(&of_flowed(text, delete_space), Place::Own), expected);
        }
    }

    #[test]
    fn words_divided_by_hand_are_joined() {
        let cases = [
            ("den Inte-\ngrationsbeirat", "den Integrationsbeirat"),
            ("der Stadt Nürn-\nberg", "der Stadt Nürnberg"),
            ("In-\nte-\ngration", "Integration"),
            (
                "Ausländer-\nund Integrationsbeirat",
                "Ausländer-\nund Integrationsbeirat",
            ),
            ("Stadt-\nbzw. Gemeinderat", "Stadt-\nbzw. Gemeinderat"),
            ("Garmisch-\nPartenkirchen", "Garmisch-\nPartenkirchen"),
            ("Inte-\n\ngration", "Inte-\n\ngration"),
            ("EU-\nweit", "EU-\nweit"),
            ("-\nnein", "-\nnein"),
            ("am 3.-\nspätestens", "am 3.-\nspätestens"),
            ("Fürth -\nbitte", "Fürth -\nbitte"),
        ];
        for (text, expected) in cases {
            assert_eq!(join(&of_plain(text), Place::Own), expected);
        }
    }

    #[test]
    fn marked_lines_are_quotes() {
        let lines = of_plain("neu\n> alt\n >> älter\n\nwieder neu");
        assert_eq!(join(&lines, Place::Own), "neu\n\nwieder neu");
        assert_eq!(join(&lines, Place::Quote), "alt\nälter");
        let lines = of_plain("neu\n>From Fürth\n\n> alt\n>From alt");
        assert_eq!(join(&lines, Place::Own), "neu\nFrom Fürth");
        assert_eq!(join(&lines, Place::Quote), "alt\nFrom alt");
    }
}
