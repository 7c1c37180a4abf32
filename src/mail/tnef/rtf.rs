//! The text of Rich Text Format 1.9, and HTML that was wrapped into it (MS-OXRTFEX).

use super::{Body, charset_of};
use crate::mail::charset;

/// Groups nested deeper than this are no document any more.
const MAX_DEPTH: usize = 500;

/// Groups that hold no text.
const SILENT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "listtable",
    "listoverridetable",
    "themedata",
    "datastore",
    "xmlnstbl",
    "fldinst",
    "pntext",
];

/// The text of a document; `None` if it has none or is no RTF.
pub(super) fn read(rtf: &[u8]) -> Option<Body> {
    rtf.starts_with(b"{\\rtf").then_some(())?;
    let mut document = Document::new();
    let mut rest = rtf;
    while let Some((token, behind)) = token(rest) {
        rest = behind;
        if document.take(&token).is_none() {
            break;
        }
    }
    document.flush();
    let text = document.text;
    if text.trim().is_empty() {
        return None;
    }
    Some(if document.html {
        Body::Html(text)
    } else {
        Body::Plain(text)
    })
}

enum Token<'a> {
    Open,
    Close,
    /// a control word and its number
    Word(&'a str, Option<i32>),
    /// a control symbol
    Symbol(u8),
    /// a character in the document's code page
    Byte(u8),
}

fn token(rtf: &[u8]) -> Option<(Token<'_>, &[u8])> {
    let (&first, rest) = rtf.split_first()?;
    Some(match first {
        b'{' => (Token::Open, rest),
        b'}' => (Token::Close, rest),
        b'\\' => control(rest)?,
        byte => (Token::Byte(byte), rest),
    })
}

fn control(rest: &[u8]) -> Option<(Token<'_>, &[u8])> {
    let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (word, behind) = rest.split_at_checked(letters)?;
    if word.is_empty() {
        let (&symbol, behind) = rest.split_first()?;
        if symbol == b'\'' {
            let (digits, behind) = behind.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            return Some((Token::Byte(u8::from_str_radix(digits, 16).ok()?), behind));
        }
        return Some((Token::Symbol(symbol), behind));
    }
    let minus = usize::from(behind.first() == Some(&b'-'));
    let digits = behind.iter().skip(minus).take_while(|b| b.is_ascii_digit());
    let length = minus + digits.count().min(10);
    let (number, behind) = behind.split_at_checked(length)?;
    let number = std::str::from_utf8(number).ok()?.parse().ok();
    let behind = behind.strip_prefix(b" ").unwrap_or(behind);
    Some((Token::Word(std::str::from_utf8(word).ok()?, number), behind))
}

/// What holds within one group.
#[derive(Clone, Copy)]
struct Group {
    /// its text is not shown
    silent: bool,
    /// it began with `\*`: silent unless its word is known
    starred: bool,
    /// markup of the HTML, which stands in no paragraph of the RTF
    tag: bool,
    /// RTF for those who read no HTML
    htmlrtf: bool,
    /// how many characters stand in for one of Unicode
    fallback: usize,
}

struct Document {
    groups: Vec<Group>,
    group: Group,
    html: bool,
    codepage: u32,
    /// characters of the code page, not yet decoded
    bytes: Vec<u8>,
    /// stand-ins yet to be left out
    skip: usize,
    /// the first half of a character beyond the first plane
    half: Option<u16>,
    text: String,
}

impl Document {
    fn new() -> Self {
        Self {
            groups: Vec::new(),
            group: Group {
                silent: false,
                starred: false,
                tag: false,
                htmlrtf: false,
                fallback: 1,
            },
            html: false,
            codepage: 1252,
            bytes: Vec::new(),
            skip: 0,
            half: None,
            text: String::new(),
        }
    }

    /// Takes the next token; `None` where the document ends.
    fn take(&mut self, token: &Token<'_>) -> Option<()> {
        match token {
            Token::Open => {
                (self.groups.len() < MAX_DEPTH).then_some(())?;
                self.groups.push(self.group);
                self.skip = 0;
            }
            Token::Close => {
                self.group = self.groups.pop()?;
                self.skip = 0;
                // what stands behind the document is none of it
                (!self.groups.is_empty()).then_some(())?;
            }
            Token::Byte(b'\r' | b'\n') => {}
            Token::Byte(byte) => self.byte(*byte),
            Token::Symbol(symbol) => self.symbol(*symbol),
            Token::Word(word, number) => self.word(word, *number),
        }
        Some(())
    }

    fn is_shown(&self) -> bool {
        !(self.group.silent || self.html && self.group.htmlrtf)
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.is_shown() {
            self.bytes.push(byte);
        }
    }

    fn put(&mut self, text: &str) {
        if self.is_shown() {
            self.flush();
            self.text.push_str(text);
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let charset = charset_of(self.codepage);
            self.text
                .push_str(&charset::decode(&self.bytes, Some(&charset)));
            self.bytes.clear();
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'{' | b'}' | b'\\' => self.byte(symbol),
            b'~' => self.put(" "),
            b'_' => self.put("-"),
            b'\r' | b'\n' => self.put("\n"),
            b'*' => self.group.starred = true,
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if std::mem::take(&mut self.group.starred) && !matches!(word, "htmltag" | "shptxt") {
            self.group.silent = true;
            return;
        }
        match word {
            "fromhtml" => self.html = true,
            "htmltag" => self.group.tag = true,
            "htmlrtf" => self.group.htmlrtf = number != Some(0),
            "ansicpg" => self.codepage = number.and_then(|n| n.try_into().ok()).unwrap_or(1252),
            "uc" => self.group.fallback = number.and_then(|n| n.try_into().ok()).unwrap_or(1),
            "u" => self.unicode(number.unwrap_or_default()),
            "par" | "line" | "row" | "sect" | "page" => self.put("\n"),
            "tab" | "cell" => self.put("\t"),
            "bullet" => self.put("•"),
            "endash" => self.put("–"),
            "emdash" => self.put("—"),
            "lquote" => self.put("‘"),
            "rquote" => self.put("’"),
            "ldblquote" => self.put("“"),
            "rdblquote" => self.put("”"),
            silent if SILENT.contains(&silent) && !self.group.tag => self.group.silent = true,
            _ => {}
        }
    }

    /// `\u`: a UTF-16 unit, as a signed number, before its stand-ins.
    fn unicode(&mut self, number: i32) {
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or_default();
        let units = self.half.take().into_iter().chain([unit]);
        let decoded: Vec<_> = char::decode_utf16(units).collect();
        if (0xD800..0xDC00).contains(&unit) {
            self.half = Some(unit);
        } else if let Some(Ok(c)) = decoded.last() {
            self.put(c.encode_utf8(&mut [0; 4]));
        }
        self.skip = self.group.fallback;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read() {
        let table = [
            (
                r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 F\'fcrth, Stra\u223\'dfe\par {\*\generator Riched20;}\tab\b Hof\b0  und \{so\}\par}",
                "Fürth, Straße\n\tHof und {so}\n",
            ),
            (r"{\rtf1\uc2\u-10179??\u-8704?? x}", "😀 x"),
            (r"{\rtf1 a{\uc0\u8364}b\~c\_d\endash}", "a€b c-d–"),
            (r"{\rtf1 eins\cell zwei\row}", "eins\tzwei\n"),
        ];
        for (rtf, expected) in table {
            assert_eq!(
                read(rtf.as_bytes()),
                Some(Body::Plain(expected.into())),
                "{rtf}"
            );
        }
    }

    #[test]
    fn wrapped_html_is_taken_out() {
        let rtf = r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}
{\*\htmltag18 <html>}{\*\htmltag50 <body>}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 F\'fcr F\'fcrth {\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0  Hof\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}{\*\mhtmltag1 x}}";
        let html = "<html><body><p>Für Fürth &amp; Hof</p>";
        assert_eq!(read(rtf.as_bytes()), Some(Body::Html(html.into())));
    }

    #[test]
    fn nothing_is_too_odd() {
        for rtf in [
            "",
            "{\\rtf",
            "{\\rtf1 \\'zz",
            "{\\rtf1\\u99999999999 x}}}}",
            "{\\rtf1 \\",
        ] {
            let _ = read(rtf.as_bytes());
        }
        let _ = read(format!("{{\\rtf1{}", "{".repeat(100_000)).as_bytes());
    }
}
