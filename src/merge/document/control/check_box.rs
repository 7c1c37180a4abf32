//! Check boxes: a truth value ticks them ([MS-DOCX] 2.6.1, `w14:checkbox`).

use super::{Control, Edit, MarkKind, Piece, Slot, xml};

/// What no tick means, although it is something.
const NO: &str = r#"["0", "false", "falsch", "nein"]"#;

impl Control<'_> {
    /// One run for each state.
    pub(super) fn glyphs(&self, check_box: usize, code: &str) -> Vec<Piece> {
        let statement = |code: String| self.mark(MarkKind::Block, code, Slot::Plain);
        let run = |state: &str, default: u32| {
            Piece::Markup(self.glyph(self.elements.child(check_box, state), default))
        };
        vec![
            statement(format!("if {}", truth(code))),
            run("checkedState", 0x2612),
            statement("else".to_owned()),
            run("uncheckedState", 0x2610),
            statement("endif".to_owned()),
        ]
    }

    /// A run that shows a state; characters of symbol fonts have an element of their own.
    fn glyph(&self, state: Option<usize>, default: u32) -> String {
        let w = self.w;
        let value = |name: &str| self.elements.value(state?, name);
        let code = value("val").and_then(|code| u32::from_str_radix(&code, 16).ok());
        let code = code.unwrap_or(default);
        let font = value("font").unwrap_or_else(|| "MS Gothic".to_owned());
        let font = xml::escape(&font);
        // without a prefix attributes would lose their namespace
        let attribute = |name: &str| match w {
            "" => String::new(),
            w => format!(r#" {w}{name}="{font}""#),
        };
        if code < 0x100 || (0xf000..0xf100).contains(&code) {
            let format = self.format(None);
            let (font, code) = (attribute("font"), 0xf000 | code);
            return format!(r#"<{w}r>{format}<{w}sym{font} {w}char="{code:04X}"/></{w}r>"#);
        }
        let fonts: String = ["ascii", "hAnsi", "eastAsia", "cs"].map(attribute).concat();
        let format = self.format(Some(&format!("<{w}rFonts{fonts}/>")));
        let glyph = char::from_u32(code).unwrap_or('\u{2610}');
        format!("<{w}r>{format}<{w}t>{glyph}</{w}t></{w}r>")
    }

    /// Notes the state where Word looks for it.
    pub(super) fn check(&self, check_box: usize, code: &str) -> Option<Edit> {
        let element = self.elements.element(check_box)?;
        let checked = self.elements.child(check_box, "checked");
        let span = match checked.and_then(|checked| self.elements.element(checked)) {
            Some(checked) => checked.whole(),
            None if element.close.is_empty() => return None,
            None => element.open.end..element.open.end,
        };
        let w14 = self.elements.prefix(check_box);
        let state = format!("1 if {} else 0", truth(code));
        let pieces = vec![
            Piece::Markup(format!(r#"<{w14}checked {w14}val=""#)),
            self.mark(MarkKind::Print, state, Slot::Plain),
            Piece::Markup(r#""/>"#.to_owned()),
        ];
        Some(Edit { span, pieces })
    }
}

/// Whether a value is one of truth.
fn truth(code: &str) -> String {
    format!("({code}) and ({code})|string|lower not in {NO}")
}
