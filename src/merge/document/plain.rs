//! What a stretch of XML says to a reader, without its markup: blocks that become a value
//! (`{% set x %}…{% endset %}`) hold text, whatever runs Word has spread it over.

use super::layout::Layout;
use crate::merge::xml;

impl Layout {
    /// The text of the stretch of this number.
    pub(super) fn text(&self, number: usize) -> String {
        let cut = |number: usize| self.cuts.get(number).map(|cut| cut.at);
        let start = number.checked_sub(1).and_then(cut).unwrap_or(0);
        let end = cut(number).unwrap_or(self.skeleton.len());
        plain(self.skeleton.get(start..end).unwrap_or_default())
    }
}

/// The text of XML that begins within `w:t`.
fn plain(xml: &str) -> String {
    let mut out = String::new();
    let mut pieces = xml.split('<');
    out.extend(pieces.next().map(xml::plain));
    for piece in pieces {
        let Some((tag, rest)) = piece.split_once('>') else {
            continue;
        };
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match name.rsplit(':').next().unwrap_or_default() {
            "t" => out.push_str(&xml::plain(rest)),
            "tab" => out.push('\t'),
            "br" | "cr" => out.push('\n'),
            "noBreakHyphen" => out.push('\u{2011}'),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_left_out() {
        let check = |xml: &str, expected: &str| assert_eq!(plain(xml), expected, "{xml}");
        check("a &lt;b&gt; &amp; \"c\"", "a <b> & \"c\"");
        check(
            "a</w:t></w:r>\n<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\"> b</w:t></w:r>",
            "a b",
        );
        check("a</t><tab/><t>b</t><br/><t/><t>", "a\tb\n");
        check("", "");
    }
}
