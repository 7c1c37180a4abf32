//! What an element does to the text in it, by its name, its style and the marks that mail
//! programs leave.

use html5ever::tokenizer::Tag;

/// Classes, ids and names by which mail programs mark what they quote. Those with a hyphen or
/// an underscore may have a prefix (Outlook's "x_", Yahoo's "ydp…").
const QUOTE_MARKS: &[&str] = &[
    "gmail_attr",
    "moz-cite-prefix",
    "moz-forward-container",
    "moz-email-headers-table",
    "protonmail_quote",
    "yahoo_quoted",
    "yahooquoted",
    "tutanota_quote",
    "mail-editor-reference-message-container",
    "olk_src_body_section",
    "messagereplysection",
    "spark_quote",
    "zmail_extra",
    "reply-intro",
    "cite-prefix",
    "__headers__",
    "__quoted_text__",
    "gwquote",
    "quote",
];

/// The mark after which Outlook quotes to the end of the mail.
const QUOTE_REST: &str = "divrplyfwdmsg";

/// The mark of what Gmail writes above a quote.
const ATTRIBUTION: &str = "gmail_attr";

/// The mark after which an iPhone puts the signature.
const SIGNATURE_REST: &str = "linebreakatbeginningofsignature";

/// Classes, ids and names by which mail programs mark the signature.
const SIGNATURE_MARKS: &[&str] = &[
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-signature",
    "ms-outlook-mobile-signature",
    "k9mail-signature",
    "applemailsignature",
    "protonmail_signature_block",
    "composer_signature",
    "messagesignaturesection",
    "io-ox-signature",
    "_rc_sig",
    "__sig_pre__",
    "__sig_post__",
    "zimbra-signature",
    "tutanota-signature",
    "mailsignature",
    "mobile-signature",
    "signature",
];

/// Elements whose text nobody reads, or that strike it out.
const HIDDEN: &[&str] = &[
    "style", "script", "title", "xml", "template", "svg", "iframe", "object", "s", "strike", "del",
];

/// What an open element does to the text in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// nobody sees it
    pub(super) hidden: bool,
    /// it is quoted
    pub(super) quote: bool,
    /// it is a signature
    pub(super) signature: bool,
    /// it is a heading or bold
    pub(super) bold: bool,
    /// its line breaks count
    pub(super) verbatim: bool,
    /// it is the number or dot that Word puts before an item
    pub(super) marker: bool,
}

impl Effect {
    pub(super) fn of(tag: &Tag) -> Self {
        let name = &*tag.name;
        let style = attribute(tag, "style").to_ascii_lowercase();
        let style: String = style.split_whitespace().collect();
        let marked = |marks: &[&str]| has_mark(tag, marks);
        Self {
            hidden: HIDDEN.contains(&name) || conceals(&style) || has_attribute(tag, "hidden"),
            quote: name == "blockquote" && !style.contains("border:none") || marked(QUOTE_MARKS),
            signature: marked(SIGNATURE_MARKS),
            bold: matches!(name, "b" | "strong" | "th" | "thead") || is_bold(&style),
            verbatim: name == "pre" || style.contains("white-space:pre"),
            marker: style.contains("mso-list:ignore"),
        }
    }

    pub(super) fn within(self, outer: Self) -> Self {
        Self {
            hidden: self.hidden || outer.hidden,
            quote: self.quote || outer.quote,
            signature: self.signature || outer.signature,
            bold: self.bold || outer.bold,
            verbatim: self.verbatim || outer.verbatim,
            marker: self.marker || outer.marker,
        }
    }
}

/// Whether all that follows is quoted.
pub(super) fn begins_quoted_rest(tag: &Tag) -> bool {
    has_mark(tag, &[QUOTE_REST])
}

/// Whether all that follows in the same element is a signature.
pub(super) fn begins_signature_rest(tag: &Tag) -> bool {
    has_mark(tag, &[SIGNATURE_REST])
}

/// Whether it holds what Gmail writes above a quote.
pub(super) fn is_attribution(tag: &Tag) -> bool {
    has_mark(tag, &[ATTRIBUTION])
}

/// Whether a style (without blanks, lower case) makes text unseen or strikes it out.
fn conceals(style: &str) -> bool {
    let value_of = |name: &str| {
        let rules = style.split(';').filter_map(|rule| rule.split_once(':'));
        let mut values = rules
            .filter(move |(n, _)| *n == name)
            .map(|(_, value)| value);
        values.next_back()
    };
    let color = value_of("color");
    let ground = value_of("background-color").or_else(|| value_of("background"));
    let clipped = value_of("overflow").is_some_and(|value| value.starts_with("hidden"));
    style.split(';').any(|rule| match rule.split_once(':') {
        Some(("display", value)) => value.starts_with("none"),
        Some(("visibility", value)) => value.starts_with("hidden"),
        Some(("mso-hide", value)) => value.starts_with("all"),
        Some(("font-size", value)) => is_nothing(value, 1.0),
        Some(("opacity" | "max-height", value)) => is_nothing(value, 0.0),
        Some(("height" | "width" | "max-width", value)) => clipped && is_nothing(value, 1.0),
        Some(("text-decoration" | "text-decoration-line", value)) => value.contains("line-through"),
        // written in the colour of its own ground
        Some(("color", value)) => !value.is_empty() && color.is_some() && color == ground,
        _ => false,
    })
}

/// Whether a length is at most this many pixels or points.
fn is_nothing(value: &str, most: f32) -> bool {
    let value = value.trim_end_matches("!important");
    let number = value
        .trim_end_matches("px")
        .trim_end_matches("pt")
        .trim_end_matches("em");
    let in_em = value.ends_with("em") || value.ends_with('%');
    let most = if in_em { 0.0 } else { most };
    number
        .trim_end_matches('%')
        .parse::<f32>()
        .is_ok_and(|number| number <= most)
}

fn is_bold(style: &str) -> bool {
    [
        "font-weight:bold",
        "font-weight:600",
        "font-weight:700",
        "font-weight:800",
        "font-weight:900",
    ]
    .iter()
    .any(|rule| style.contains(rule))
}

/// The value of an attribute; "" if it has none.
pub(super) fn attribute<'a>(tag: &'a Tag, name: &str) -> &'a str {
    let found = tag.attrs.iter().find(|a| &*a.name.local == name);
    found.map_or("", |a| &*a.value)
}

fn has_attribute(tag: &Tag, name: &str) -> bool {
    tag.attrs.iter().any(|a| &*a.name.local == name)
}

fn has_mark(tag: &Tag, marks: &[&str]) -> bool {
    ["class", "id", "name", "data-marker"].iter().any(|name| {
        attribute(tag, name).split_ascii_whitespace().any(|word| {
            let word = word.to_ascii_lowercase();
            let is = |mark: &&str| {
                let prefixed = mark.contains(['_', '-']) || mark.len() > 12;
                word == **mark || prefixed && word.ends_with(*mark)
            };
            marks.iter().any(is)
        })
    })
}
