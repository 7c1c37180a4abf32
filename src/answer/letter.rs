//! The words of a reply, as text and as HTML.
//!
//! Both come from one merged text, of which this much of Markdown is known: paragraphs, whose
//! lines stay lines; lists numbered "1." or marked "-"; headings "#" and "##"; examples between
//! fences. Its blank lines count for no more than one, whatever marks left behind.

/// Words of the text that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// the words
    pub(super) label: String,
    /// where they lead
    pub(super) href: String,
}

/// The links of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Links {
    /// on the bot's address, wherever it stands
    pub(super) address: Link,
    /// on items of numbered lists, by their numbers
    pub(super) choices: Vec<Link>,
}

/// The two forms of a reply's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) text: String,
    pub(super) html: String,
}

/// What an example begins and ends with, whatever stands behind it.
const FENCE: &str = "```";

#[derive(Debug, PartialEq)]
enum Block<'a> {
    Heading(usize, &'a str),
    Paragraph(Vec<&'a str>),
    Example(Vec<&'a str>),
    Numbered(Vec<(u32, &'a str)>),
    Bullets(Vec<&'a str>),
}

/// Readable on a phone without zooming.
const BODY: &str = "font: 16px/1.5 sans-serif; max-width: 40em; margin: 1em";

/// Nearly as small as the text: a mail is no poster. Word's engine takes over no font.
const HEADING: &str = "font: bold 17px/1.3 sans-serif; margin: 1em 0 0.2em";

const EXAMPLE: &str = "margin: 0 0 0 1em; padding-left: 1em; border-left: 3px solid #999";

/// As high as a finger is wide; Word's engine heeds the list's margin alone.
const CHOICE: &str = "display: inline-block; padding: 0.3em 0";
const ITEM: &str = "margin: 0.5em 0";

/// Sets a merged text.
pub(super) fn set(merged: &str, title: &str, links: &Links) -> Letter {
    let blocks = blocks(merged);
    let text: Vec<String> = blocks.iter().map(Block::text).collect();
    let html: Vec<String> = blocks.iter().map(|block| block.html(links)).collect();
    Letter {
        text: text.join("\n\n") + "\n",
        html: format!(
            "<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{}</title>\n</head>\n<body style=\"{BODY}\">\n{}\n</body>\n</html>\n",
            escape(title),
            html.join("\n")
        ),
    }
}

/// A `mailto:` address that opens a finished mail (RFC 6068).
pub(super) fn mailto(address: &str, subject: &str, lines: &[String]) -> String {
    format!(
        "mailto:{}?subject={}&body={}",
        encode(address),
        encode(subject),
        encode(&lines.join("\r\n"))
    )
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn blocks(merged: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut joins = false;
    let mut lines = merged.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let alone = match line.starts_with(FENCE) {
            true => {
                let example = lines.by_ref().take_while(|line| !line.starts_with(FENCE));
                Some(Block::Example(example.collect()))
            }
            false => heading(line),
        };
        if line.is_empty() || alone.is_some() {
            blocks.extend(alone);
            joins = false;
            continue;
        }
        let item = numbered(line);
        match (blocks.last_mut(), item, line.strip_prefix("- ")) {
            // Items are one list, also where a loop left blank lines between them.
            (Some(Block::Numbered(items)), Some(item), _)
                if items.last().is_some_and(|last| last.0 + 1 == item.0) =>
            {
                items.push(item);
            }
            (_, Some(item), _) => blocks.push(Block::Numbered(vec![item])),
            (Some(Block::Bullets(items)), _, Some(item)) => items.push(item),
            (_, _, Some(item)) => blocks.push(Block::Bullets(vec![item])),
            (Some(Block::Paragraph(lines)), ..) if joins => lines.push(line),
            _ => blocks.push(Block::Paragraph(vec![line])),
        }
        joins = true;
    }
    blocks
}

/// "## So fragen Sie an"
fn heading(line: &str) -> Option<Block<'_>> {
    let (signs, words) = line.split_once(' ')?;
    matches!(signs, "#" | "##").then(|| Block::Heading(signs.len(), words))
}

/// "12. Stadt Fürth"
fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, item) = line.split_once(". ")?;
    let digits = number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| number.parse().ok())
        .flatten()
        .map(|n| (n, item))
}

impl Block<'_> {
    fn text(&self) -> String {
        let lines: Vec<String> = match self {
            // a second blank line tells it from a paragraph
            Self::Heading(_, words) => vec![format!("\n{words}")],
            Self::Example(lines) => lines.iter().map(|line| format!("    {line}")).collect(),
            Self::Paragraph(lines) => lines.iter().map(ToString::to_string).collect(),
            Self::Numbered(items) => items
                .iter()
                .map(|(n, item)| format!("{n}. {item}"))
                .collect(),
            Self::Bullets(items) => items.iter().map(|item| format!("- {item}")).collect(),
        };
        lines.join("\n")
    }

    fn html(&self, links: &Links) -> String {
        let lines = |lines: &[&str], end: &str| -> String {
            let lines = lines.iter().map(|line| links.in_line(line));
            lines.collect::<Vec<_>>().join(end)
        };
        match self {
            Self::Heading(level, words) => format!(
                "<h{level} style=\"{HEADING}\">{}</h{level}>",
                links.in_line(words)
            ),
            Self::Paragraph(paragraph) => format!("<p>{}</p>", lines(paragraph, "<br>\n")),
            Self::Example(example) => {
                format!("<p style=\"{EXAMPLE}\">{}</p>", lines(example, "<br>\n"))
            }
            Self::Numbered(items) => {
                let first = items.first().map_or(1, |(number, _)| *number);
                let items: Vec<String> = items
                    .iter()
                    .map(|(number, item)| links.on_item(*number, item))
                    .collect();
                format!("<ol start=\"{first}\">\n{}\n</ol>", items.join("\n"))
            }
            Self::Bullets(items) => {
                format!("<ul>\n<li>{}</li>\n</ul>", lines(items, "</li>\n<li>"))
            }
        }
    }
}

impl Links {
    fn on_item(&self, number: u32, item: &str) -> String {
        let place = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        let choice = place.and_then(|place| self.choices.get(place));
        match choice.filter(|choice| choice.label == item) {
            Some(choice) => {
                let link = choice.html(&format!(" style=\"{CHOICE}\""));
                format!("<li style=\"{ITEM}\">{link}</li>")
            }
            None => format!("<li>{}</li>", self.in_line(item)),
        }
    }

    fn in_line(&self, line: &str) -> String {
        let address = &self.address.label;
        if address.is_empty() || !line.contains(address) {
            return escape(line);
        }
        let parts: Vec<String> = line.split(address).map(escape).collect();
        parts.join(&self.address.html(""))
    }
}

impl Link {
    fn html(&self, style: &str) -> String {
        format!(
            "<a href=\"{}\"{style}>{}</a>",
            escape(&self.href),
            escape(&self.label)
        )
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ if c.is_control() => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{CHOICE, EXAMPLE, HEADING, ITEM, Letter, Link, Links, mailto, set};
    use proptest::prelude::*;

    fn links(address: &str, choices: &[&str]) -> Links {
        let link = |label: &str| Link {
            label: label.into(),
            href: format!("x:{label}&"),
        };
        Links {
            address: link(address),
            choices: choices.iter().map(|label| link(label)).collect(),
        }
    }

    fn body(letter: &Letter) -> &str {
        let (_, body) = letter.html.split_once("margin: 1em\">\n").expect("a body");
        body.split_once("\n</body>").expect("its end").0
    }

    #[test]
    fn one_text_gives_both_forms() {
        let merged = "\nGuten Tag,\n\n\n\nwelche?\n\n1. Fürth (Bayern)\n\n2. Fürth (Hessen)\n\n\n- a\n\n- b & c\n\nGrüße\nder Bote\n\n";
        let letter = set(merged, "T", &links("", &[]));
        assert_eq!(
            letter.text,
            "Guten Tag,\n\nwelche?\n\n1. Fürth (Bayern)\n2. Fürth (Hessen)\n\n- a\n- b & c\n\nGrüße\nder Bote\n"
        );
        assert_eq!(
            body(&letter),
            "<p>Guten Tag,</p>\n<p>welche?</p>\n<ol start=\"1\">\n<li>Fürth (Bayern)</li>\n\
             <li>Fürth (Hessen)</li>\n</ol>\n<ul>\n<li>a</li>\n<li>b &amp; c</li>\n</ul>\n\
             <p>Grüße<br>\nder Bote</p>"
        );
    }

    #[test]
    fn headings_and_examples_stand_apart() {
        let merged = "Tag,\n# Eins\n## Zwei & drei\nText\n```anfrage\nKommune: Fürth\n\n- B\n```\nEnde\n#4 ist\n### keine";
        let letter = set(merged, "", &links("", &[]));
        assert_eq!(
            letter.text,
            "Tag,\n\n\nEins\n\n\nZwei & drei\n\nText\n\n    Kommune: Fürth\n    \n    - B\n\nEnde\n#4 ist\n### keine\n"
        );
        assert_eq!(
            body(&letter),
            format!(
                "<p>Tag,</p>\n<h1 style=\"{HEADING}\">Eins</h1>\n<h2 style=\"{HEADING}\">Zwei &amp; drei</h2>\n\
                 <p>Text</p>\n<p style=\"{EXAMPLE}\">Kommune: Fürth<br>\n<br>\n- B</p>\n\
                 <p>Ende<br>\n#4 ist<br>\n### keine</p>"
            )
        );
    }

    #[test]
    fn a_second_list_begins_anew_or_goes_on_counting() {
        let letter = set("1. a\n1. b\n\nund\n\n2. c", "", &links("", &[]));
        assert_eq!(
            body(&letter),
            "<ol start=\"1\">\n<li>a</li>\n</ol>\n<ol start=\"1\">\n<li>b</li>\n</ol>\n\
             <p>und</p>\n<ol start=\"2\">\n<li>c</li>\n</ol>"
        );
    }

    #[test]
    fn the_address_and_whole_items_are_links() {
        let merged = "an a@b, a@b\n\nStadt\n\n1. Stadt\n2. Stadt Fürth\n3. a@b";
        let letter = set(merged, "", &links("a@b", &["Stadt"]));
        let address = "<a href=\"x:a@b&amp;\">a@b</a>";
        assert_eq!(
            body(&letter),
            format!(
                "<p>an {address}, {address}</p>\n<p>Stadt</p>\n<ol start=\"1\">\n\
                 <li style=\"{ITEM}\"><a href=\"x:Stadt&amp;\" style=\"{CHOICE}\">Stadt</a></li>\n<li>Stadt Fürth</li>\n\
                 <li>{address}</li>\n</ol>"
            )
        );
    }

    #[test]
    fn a_mailto_address_carries_the_request() {
        let lines = [
            "Kommune: Stadt Fürth (Bayern)".to_owned(),
            "Beirat: A & B".to_owned(),
        ];
        assert_eq!(
            mailto("antrag@example.org", "Musterantrag", &lines),
            "mailto:antrag@example.org?subject=Musterantrag&body=Kommune%3A%20Stadt%20F%C3%BCrth%20%28Bayern%29%0D%0ABeirat%3A%20A%20%26%20B"
        );
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in any::<String>(), label in any::<String>()) {
            let letter = set(&text, &text, &links(&label, &[&label]));
            let tags = tags_of(body(&letter));
            prop_assert!(tags.iter().all(|tag| ["h1", "/h1", "h2", "/h2", "p", "/p", "br", "ol", "/ol", "ul", "/ul", "li", "/li", "a", "/a"].contains(&tag.as_str())), "{tags:?}");
        }
    }

    fn tags_of(html: &str) -> Vec<String> {
        html.split('<')
            .skip(1)
            .map(|rest| rest.split([' ', '>']).next().unwrap_or_default().to_owned())
            .collect()
    }
}
