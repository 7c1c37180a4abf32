//! Finding marks in text: `{{ … }}`, `{% … %}`, `{# … #}`, and docxtpl's additions to
//! them (`{%p`, `{%tr`, `{%tc`, `{%r`; the escapes `{_{ }_}` and `{_% %_}`); `«…»` where
//! a field stands between them.

use std::ops::Range;

/// What a mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{{ … }}`
    Print,
    /// `{% … %}`
    Block,
    /// `{# … #}`
    Comment,
    /// `{% colspan … %}` and the like, which say something of their table cell
    Cell,
    /// an escape, and the text it stands for
    Literal(&'static str),
    /// `«…»`: the name of a field as Word's users write it
    Quoted,
}

/// What disappears together with a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// the mark alone
    Inline,
    /// its run (`{%r`)
    Run,
    /// its paragraph (`{%p`)
    Paragraph,
    /// its table cell (`{%tc`)
    Cell,
    /// its table row (`{%tr`)
    Row,
}

/// A mark and its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
    pub(super) level: Level,
    /// what stands between the braces, without level and white space control
    pub(super) code: Range<usize>,
    /// whether it takes the white space before it along (`{%-`)
    pub(super) trims_before: bool,
    /// whether it takes the white space behind it along (`-%}`)
    pub(super) trims_after: bool,
}

/// The escapes of docxtpl.
const ESCAPES: [(&str, &str); 4] = [("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")];

/// The characters that marks begin with, or escapes.
pub(super) const OPENING: [char; 4] = ['{', '}', '%', '«'];

/// Marks of one text; a long motion has a few hundred.
pub(super) const MAX_MARKS: usize = 50_000;

/// How far a mark may reach, in bytes; without an end each would be sought to the end of the text.
const MAX_REACH: usize = 16 << 10;

/// What docxtpl lets a mark say of its table cell.
const OF_CELLS: [&str; 4] = ["colspan", "cellbg", "vm", "hm"];

/// The marks of a text, in order, and where marks open that are never closed; what
/// stands between guillemets is a mark if it is a field.
pub(super) fn find(text: &str, is_field: impl Fn(&str) -> bool) -> (Vec<Found>, Vec<usize>) {
    let mut raw = false;
    let (found, mut unclosed) = find_on(text, &mut raw, is_field);
    if raw {
        let opening = found.iter().rfind(|mark| mark.kind == Kind::Comment);
        unclosed.extend(opening.map(|mark| mark.span.start));
    }
    (found, unclosed)
}

/// As [`find`], for a text that goes on: `raw` says whether a `{% raw %}` is open. Its
/// marks are as good as comments, and what stands between them is text.
pub(super) fn find_on(
    text: &str,
    raw: &mut bool,
    is_field: impl Fn(&str) -> bool,
) -> (Vec<Found>, Vec<usize>) {
    let mut found = Vec::new();
    let mut unclosed = Vec::new();
    let mut at = 0;
    while let Some((start, mark)) = next(text, at, *raw, &is_field) {
        match mark {
            Some(mut mark) => {
                // the white space between two marks goes but once
                mark.span.start = mark.span.start.max(at);
                at = mark.span.end;
                let word = if *raw { "endraw" } else { "raw" };
                if mark.kind == Kind::Block && mark.keyword(text) == word {
                    mark.kind = Kind::Comment;
                    *raw = !*raw;
                }
                found.push(mark);
            }
            None => {
                at = start + 2;
                unclosed.push(start);
            }
        }
        if found.len() + unclosed.len() > MAX_MARKS {
            unclosed.push(start);
            break;
        }
    }
    (found, unclosed)
}

/// What closes the mark that a text begins with.
pub(super) fn closing_of(text: &str) -> &'static str {
    match text.as_bytes() {
        [b'{', b'%', ..] => "%}",
        [b'{', b'#', ..] => "#}",
        _ => "}}",
    }
}

/// Where marks with braces stand in a text; what is never closed is none.
pub(super) fn spans(text: &str) -> impl Iterator<Item = Range<usize>> {
    find(text, |_| false).0.into_iter().map(|mark| mark.span)
}

/// The next place from `at` on where a mark opens, and the mark if it is closed.
fn next(
    text: &str,
    at: usize,
    raw: bool,
    is_field: &impl Fn(&str) -> bool,
) -> Option<(usize, Option<Found>)> {
    let rest = text.get(at..)?;
    for (offset, _) in rest.match_indices(OPENING) {
        let start = at + offset;
        let here = text.get(start..)?;
        if let Some(quoted) = here.strip_prefix('«') {
            match field_in_guillemets(quoted, start, is_field).filter(|_| !raw) {
                Some(field) => return Some((start, Some(field))),
                None => continue,
            }
        }
        if let Some((escape, plain)) = ESCAPES.iter().find(|(e, _)| here.starts_with(e)) {
            let end = start + escape.len();
            let literal = Found {
                span: start..end,
                kind: Kind::Literal(plain),
                level: Level::Inline,
                code: end..end,
                trims_before: false,
                trims_after: false,
            };
            return Some((start, Some(literal)));
        }
        let (kind, close) = match here.as_bytes() {
            [b'{', b'%', ..] if raw => {
                let end = within_reach(here).find("%}").map(|end| start + end);
                let mark = end.map(|end| trimmed(text, start, end, Kind::Block));
                match mark.filter(|mark| mark.keyword(text) == "endraw") {
                    Some(mark) => return Some((start, Some(mark))),
                    None => continue,
                }
            }
            _ if raw => continue,
            [b'{', b'{', ..] => (Kind::Print, "}}"),
            [b'{', b'%', ..] => (Kind::Block, "%}"),
            [b'{', b'#', ..] => (Kind::Comment, "#}"),
            _ => continue,
        };
        let body = start + 2;
        let end = closing(text, body, kind, close);
        return Some((start, end.map(|end| trimmed(text, start, end, kind))));
    }
    None
}

/// The field whose name begins here, behind the guillemet at `start`.
fn field_in_guillemets(
    quoted: &str,
    start: usize,
    is_field: &impl Fn(&str) -> bool,
) -> Option<Found> {
    let body = start + '«'.len_utf8();
    let code = body..body + quoted.find(['»', '«'])?;
    let name = quoted.get(..code.len())?;
    let closed = quoted.get(code.len()..)?.starts_with('»');
    (closed && is_field(name)).then(|| Found {
        span: start..code.end + '»'.len_utf8(),
        kind: Kind::Quoted,
        level: Level::Inline,
        code,
        trims_before: false,
        trims_after: false,
    })
}

/// Where the closing brackets of the mark begin whose body begins at `body`: those
/// outside of strings and braces, or the first at all where one of those has no partner.
fn closing(text: &str, body: usize, kind: Kind, close: &str) -> Option<usize> {
    let rest = within_reach(text.get(body..)?);
    let first = rest.find(close)?;
    if kind == Kind::Comment {
        return Some(body + first);
    }
    let mut quote = None;
    let mut braces = 0usize;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') if braces > 0 => braces -= 1,
            (None, _) if braces == 0 && rest.get(at..)?.starts_with(close) => {
                return Some(body + at);
            }
            (None, _) => {}
        }
    }
    Some(body + first)
}

/// As much of a text as a mark that begins it may take up.
fn within_reach(text: &str) -> &str {
    let end = text.floor_char_boundary(MAX_REACH);
    text.get(..end).unwrap_or(text)
}

/// The mark between `start` and the closing brackets at `end`.
fn trimmed(text: &str, start: usize, end: usize, kind: Kind) -> Found {
    let mut span = start..end + 2;
    let mut code = start + 2..end;
    let inner = text.get(code.clone()).unwrap_or_default();
    let trims_before = inner.starts_with('-');
    let trims_after = inner.len() > 1 && inner.ends_with('-');
    if inner.starts_with(['-', '+']) {
        code.start += 1;
        if trims_before {
            let before = text.get(..span.start).unwrap_or_default();
            span.start = before.trim_end().len();
        }
    }
    if inner.len() > 1 && inner.ends_with(['-', '+']) {
        code.end -= 1;
        if trims_after {
            let after = text.get(span.end..).unwrap_or_default();
            span.end += after.len() - after.trim_start().len();
        }
    }
    let (level, prefix) = level(text.get(code.clone()).unwrap_or_default(), kind);
    code.start += prefix;
    let mut found = Found {
        span,
        kind,
        level,
        code,
        trims_before,
        trims_after,
    };
    if kind == Kind::Block && OF_CELLS.contains(&found.keyword(text)) {
        found.kind = Kind::Cell;
        found.level = Level::Inline;
    }
    found
}

impl Found {
    /// Leaves the white space beyond line breaks to the text: in Word a mark that trims
    /// takes the break along that sets it on a line of its own, as docxtpl has it.
    pub(super) fn keep_beyond_breaks(&mut self, text: &str) {
        let before = text
            .get(self.span.start..self.code.start)
            .unwrap_or_default();
        let before = before.split('{').next().unwrap_or_default();
        self.span.start += before.find('\n').unwrap_or(0);
        let after = text.get(self.code.end..self.span.end).unwrap_or_default();
        let after = after.split('}').next_back().unwrap_or_default();
        self.span.end -= after.rfind('\n').map_or(0, |at| after.len() - at - 1);
    }

    /// The first word of its code.
    pub(super) fn keyword<'t>(&self, text: &'t str) -> &'t str {
        let code = text.get(self.code.clone()).unwrap_or_default();
        code.split_whitespace().next().unwrap_or_default()
    }
}

/// The level written before the code, and how long it is.
fn level(code: &str, kind: Kind) -> (Level, usize) {
    let levels = [
        ("tr", Level::Row),
        ("tc", Level::Cell),
        ("p", Level::Paragraph),
        ("r", Level::Run),
    ];
    for (prefix, level) in levels {
        let Some(rest) = code.strip_prefix(prefix) else {
            continue;
        };
        let starts_expression =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | '(' | '"' | '\'');
        let apart = rest.starts_with(char::is_whitespace)
            && rest.trim_start().starts_with(starts_expression);
        // a value is text: what docxtpl replaces whole by a subdocument stays in its place
        return match (apart, kind) {
            (true, Kind::Print) => (Level::Inline, prefix.len()),
            (true, _) => (level, prefix.len()),
            (false, _) => continue,
        };
    }
    (Level::Inline, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Kind, Level, &str)]) {
        let (found, _) = find(text, |name| name.trim() == "x");
        let seen: Vec<_> = found
            .iter()
            .map(|m| {
                (
                    text.get(m.span.clone()).unwrap(),
                    m.kind,
                    m.level,
                    text.get(m.code.clone()).unwrap().trim(),
                )
            })
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn marks_without_end_are_not_sought_for_ever() {
        let (found, unclosed) = find(&"{{x".repeat(1_000_000), |_| false);
        assert_eq!((found.len(), unclosed.len()), (0, super::MAX_MARKS + 2));
        let long = format!("{{{{{}}}}}", "x".repeat(super::MAX_REACH));
        assert_eq!(find(&long, |_| false).1, [0]);
    }

    #[test]
    fn marks_are_found() {
        use Kind::{Block, Comment, Literal, Print};
        use Level::{Cell, Inline, Paragraph, Row, Run};
        check("a {{ b }} c", &[("{{ b }}", Print, Inline, "b")]);
        check(
            "{{a}}{%b%}{#c#}",
            &[
                ("{{a}}", Print, Inline, "a"),
                ("{%b%}", Block, Inline, "b"),
                ("{#c#}", Comment, Inline, "c"),
            ],
        );
        check("{%p if x %}", &[("{%p if x %}", Block, Paragraph, "if x")]);
        check(
            "{%tr for a in b %}",
            &[("{%tr for a in b %}", Block, Row, "for a in b")],
        );
        check(
            "{%tc endfor %}",
            &[("{%tc endfor %}", Block, Cell, "endfor")],
        );
        check("{%r if x %}", &[("{%r if x %}", Block, Run, "if x")]);
        check("{#p weg #}", &[("{#p weg #}", Comment, Paragraph, "weg")]);
        check("{{r rich }}", &[("{{r rich }}", Print, Inline, "rich")]);
        check(
            "{{ p }}{{p}}{{r.x}}{{p + 1}}",
            &[
                ("{{ p }}", Print, Inline, "p"),
                ("{{p}}", Print, Inline, "p"),
                ("{{r.x}}", Print, Inline, "r.x"),
                ("{{p + 1}}", Print, Inline, "p + 1"),
            ],
        );
        check("{{ \"}}\" }}", &[("{{ \"}}\" }}", Print, Inline, "\"}}\"")]);
        check(
            "{{ {1: {2: 3}} }} und {{ { }}",
            &[
                ("{{ {1: {2: 3}} }}", Print, Inline, "{1: {2: 3}}"),
                ("{{ { }}", Print, Inline, "{"),
            ],
        );
        check(
            "{{ Beirat's }} und",
            &[("{{ Beirat's }}", Print, Inline, "Beirat's")],
        );
        check("{# don't #}", &[("{# don't #}", Comment, Inline, "don't")]);
        check(
            "x {%- if a -%} y",
            &[(" {%- if a -%} ", Block, Inline, "if a")],
        );
        check(
            "{{ a -}} {{- b }}",
            &[
                ("{{ a -}} ", Print, Inline, "a"),
                ("{{- b }}", Print, Inline, "b"),
            ],
        );
        check(
            "{_{ x }_}",
            &[
                ("{_{", Literal("{{"), Inline, ""),
                ("}_}", Literal("}}"), Inline, ""),
            ],
        );
        check("a }} b #} c % { {a} 100%}", &[]);
        check(
            "{% colspan n + 1 %}{% vm %}",
            &[
                ("{% colspan n + 1 %}", Kind::Cell, Inline, "colspan n + 1"),
                ("{% vm %}", Kind::Cell, Inline, "vm"),
            ],
        );
        check(
            "{% raw %}{{ a {% if %}{#{_{{%p endraw %}{{ b }}",
            &[
                ("{% raw %}", Comment, Inline, "raw"),
                ("{_{", Literal("{{"), Inline, ""),
                ("{%p endraw %}", Comment, Paragraph, "endraw"),
                ("{{ b }}", Print, Inline, "b"),
            ],
        );
    }

    #[test]
    fn white_space_beyond_breaks_is_kept() {
        let check = |text: &str, expected: &str| {
            let mut mark = find(text, |_| false).0.remove(0);
            mark.keep_beyond_breaks(text);
            assert_eq!(text.get(mark.span).unwrap(), expected, "{text:?}");
        };
        check("a {%- b -%} c", " {%- b -%} ");
        check("a \n {%- b -%} \n c", "\n {%- b -%} \n");
        check("a \n \n{%- b %} \n c", "\n \n{%- b %}");
        check("a \n {{ b }} \n c", "{{ b }}");
    }

    #[test]
    fn fields_in_guillemets_are_found() {
        use Kind::{Print, Quoted};
        use Level::Inline;
        check(
            "«x» « x » «y» »x«",
            &[("«x»", Quoted, Inline, "x"), ("« x »", Quoted, Inline, "x")],
        );
        check("««x»»", &[("«x»", Quoted, Inline, "x")]);
        check("«{{ x }}»", &[("{{ x }}", Print, Inline, "x")]);
        check(
            "{{ a == «x» }}",
            &[("{{ a == «x» }}", Print, Inline, "a == «x»")],
        );
    }

    #[test]
    fn what_is_never_closed_is_told() {
        let unclosed = |text| find(text, |_| true).1;
        assert_eq!(unclosed("ä {{ x"), [3]);
        assert_eq!(unclosed("{% x }} {{ y }}"), [0]);
        assert!(unclosed("a } b « x").is_empty());
        assert_eq!(unclosed("a {% raw %}{{"), [2]);
    }
}
