//! text/enriched (RFC 1896) to lines of text.

use super::lines::{Line, Place};

/// Reads a text/enriched part. One line break is a blank, more than one are one fewer;
/// what commands take as parameter is no text.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let (mut parameters, mut excerpts) = (0_usize, 0_usize);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        let place = if excerpts > 0 {
            Place::Quote
        } else {
            Place::Own
        };
        rest = match c {
            '<' if behind.starts_with('<') => {
                current.push('<');
                behind.trim_start_matches('<')
            }
            '<' => {
                let (command, behind) = behind.split_once('>').unwrap_or((behind, ""));
                match command.to_ascii_lowercase().as_str() {
                    "param" => parameters += 1,
                    "/param" => parameters = parameters.saturating_sub(1),
                    "excerpt" => {
                        lines.push(Line::new(place, &std::mem::take(&mut current)));
                        excerpts += 1;
                    }
                    "/excerpt" => {
                        lines.push(Line::new(place, &std::mem::take(&mut current)));
                        excerpts = excerpts.saturating_sub(1);
                    }
                    _ => {}
                }
                behind
            }
            '\n' => {
                let behind_breaks = behind.trim_start_matches('\n');
                if behind_breaks.len() == behind.len() {
                    current.push(' ');
                }
                for _ in behind_breaks.len()..behind.len() {
                    lines.push(Line::new(place, &std::mem::take(&mut current)));
                }
                behind_breaks
            }
            c => {
                if parameters == 0 {
                    current.push(c);
                }
                behind
            }
        };
    }
    lines.push(Line::new(Place::Own, &current));
    lines
}

#[cfg(test)]
mod tests {
    use super::{Place, lines};
    use crate::mail::lines::join;

    #[test]
    fn commands_go_and_line_breaks_are_read() {
        let cases = [
            ("Stadt\nHof\n\nDanke", "Stadt Hof\nDanke", ""),
            ("a\n\n\nb", "a\n\nb", ""),
            (
                "<bold>Fürth</bold>, <color><param>red</param>am</color> 1 << 2",
                "Fürth, am 1 < 2",
                "",
            ),
            ("neu<excerpt>alt</excerpt>neu", "neu\n\nneu", "alt"),
            ("<bold", "", ""),
        ];
        for (text, new, quoted) in cases {
            let lines = lines(text);
            let read = (join(&lines, Place::Own), join(&lines, Place::Quote));
            assert_eq!(read, (new.to_owned(), quoted.to_owned()), "{text}");
        }
    }
}
