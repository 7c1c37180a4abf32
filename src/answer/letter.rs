//! The words of a reply, as text and as HTML.
//!
//! Both come from one merged text: paragraphs, lists numbered "1." or marked "-". Its
//! blank lines count for no more than one, whatever marks left behind.

/// A place of the text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// the text it stands on, wherever that occurs
    pub(super) label: String,
    /// where it leads
    pub(super) href: String,
}

/// The two forms of a reply's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) text: String,
    pub(super) html: String,
}

#[derive(Debug, PartialEq)]
enum Block<'a> {
    Paragraph(Vec<&'a str>),
    Numbered(Vec<(u32, &'a str)>),
    Bullets(Vec<&'a str>),
}

/// Sets a merged text.
pub(super) fn set(merged: &str, title: &str, links: &[Link]) -> Letter {
    let blocks = blocks(merged);
    let text: Vec<String> = blocks.iter().map(Block::text).collect();
    let html: Vec<String> = blocks.iter().map(|block| block.html(links)).collect();
    Letter {
        text: text.join("\n\n") + "\n",
        html: format!(
            "<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n\
             <title>{}</title>\n</head>\n<body>\n{}\n</body>\n</html>\n",
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
    for line in merged.lines().map(str::trim) {
        if line.is_empty() {
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
            Self::Paragraph(lines) => lines.iter().map(ToString::to_string).collect(),
            Self::Numbered(items) => items
                .iter()
                .map(|(n, item)| format!("{n}. {item}"))
                .collect(),
            Self::Bullets(items) => items.iter().map(|item| format!("- {item}")).collect(),
        };
        lines.join("\n")
    }

    fn html(&self, links: &[Link]) -> String {
        let items = |items: &mut dyn Iterator<Item = &str>| -> String {
            items
                .map(|item| format!("<li>{}</li>\n", linked(item, links)))
                .collect()
        };
        match self {
            Self::Paragraph(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| linked(line, links)).collect();
                format!("<p>{}</p>", lines.join("<br>\n"))
            }
            Self::Numbered(numbered) => {
                let first = numbered.first().map_or(1, |(number, _)| *number);
                let list = items(&mut numbered.iter().map(|(_, item)| *item));
                format!("<ol start=\"{first}\">\n{list}</ol>")
            }
            Self::Bullets(bullets) => {
                let list = items(&mut bullets.iter().copied());
                format!("<ul>\n{list}</ul>")
            }
        }
    }
}

/// The line as HTML; of several labels at one place the longest wins.
fn linked(line: &str, links: &[Link]) -> String {
    let next = links
        .iter()
        .filter(|link| !link.label.is_empty())
        .filter_map(|link| Some((line.find(&link.label)?, link)))
        .min_by_key(|(place, link)| (*place, usize::MAX - link.label.len()));
    let Some((place, link)) = next else {
        return escape(line);
    };
    let (before, rest) = line.split_at(place);
    let behind = rest.strip_prefix(&link.label).unwrap_or_default();
    format!(
        "{}<a href=\"{}\">{}</a>{}",
        escape(before),
        escape(&link.href),
        escape(&link.label),
        linked(behind, links)
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
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
    use super::{Letter, Link, mailto, set};
    use proptest::prelude::*;

    fn body(letter: &Letter) -> &str {
        let (_, body) = letter.html.split_once("<body>\n").expect("a body");
        body.split_once("\n</body>").expect("its end").0
    }

    #[test]
    fn one_text_gives_both_forms() {
        let merged = "\nGuten Tag,\n\n\n\nwelche?\n\n1. Fürth (Bayern)\n\n2. Fürth (Hessen)\n\n\n- a\n\n- b & c\n\nGrüße\nder Bote\n\n";
        let letter = set(merged, "T", &[]);
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
    fn a_second_list_begins_anew_or_goes_on_counting() {
        let letter = set("1. a\n1. b\n\nund\n\n2. c", "", &[]);
        assert_eq!(
            body(&letter),
            "<ol start=\"1\">\n<li>a</li>\n</ol>\n<ol start=\"1\">\n<li>b</li>\n</ol>\n\
             <p>und</p>\n<ol start=\"2\">\n<li>c</li>\n</ol>"
        );
    }

    #[test]
    fn labels_are_links_the_longest_first() {
        let link = |label: &str| Link {
            label: label.into(),
            href: format!("x:{label}&"),
        };
        let letter = set(
            "1. Stadt Fürth",
            "",
            &[link("Stadt"), link("Stadt Fürth"), link("")],
        );
        assert_eq!(
            body(&letter),
            "<ol start=\"1\">\n<li><a href=\"x:Stadt Fürth&amp;\">Stadt Fürth</a></li>\n</ol>"
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
            let letter = set(&text, &text, &[Link { href: label.clone(), label }]);
            let tags = tags_of(body(&letter));
            prop_assert!(tags.iter().all(|tag| ["p", "/p", "br", "ol", "/ol", "ul", "/ul", "li", "/li", "a", "/a"].contains(&tag.as_str())), "{tags:?}");
        }
    }

    fn tags_of(html: &str) -> Vec<String> {
        html.split('<')
            .skip(1)
            .map(|rest| rest.split([' ', '>']).next().unwrap_or_default().to_owned())
            .collect()
    }
}
