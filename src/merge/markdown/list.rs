//! What a paragraph stands in, and the numbering of lists.

use docx_rs::{
    AbstractNumbering, Docx, IndentLevel, Level, LevelJc, LevelOverride, LevelText, NumberFormat,
    Numbering, NumberingId, Paragraph, SpecialIndentType, Start,
};

/// Indentation of a block quote, as in the style Quote (twips).
const QUOTE_INDENT: i32 = 567;
/// Indentation of a list's text, its number hanging: room for two digits (twips).
const LIST_INDENT: i32 = 425;
/// The levels of a list that Word has (ECMA-376 part 1, 17.9.6).
const LEVELS: usize = 9;
/// Quotes within quotes; more would leave no room for text.
const QUOTES: usize = 5;
/// docx-rs writes a numbering 1 of its own.
const FIRST: usize = 2;

/// Something a paragraph stands in.
#[derive(Debug)]
enum Container {
    Quote,
    /// a list by its numbering; the number is due at the next paragraph if `open`
    List {
        numbering: usize,
        ordered: bool,
        depth: usize,
        open: bool,
    },
}

impl Container {
    /// Whether a list is numbered; `None` for what is no list.
    fn ordered(&self) -> Option<bool> {
        match self {
            Self::Quote => None,
            Self::List { ordered, .. } => Some(*ordered),
        }
    }
}

/// What lists must have in common to share their levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    ordered: bool,
    depth: usize,
    /// how many lists of its kind are around it
    rank: usize,
    /// where the text around it begins (twips)
    outside: i32,
}

/// The quotes and lists that are open, and the numberings of all lists so far.
#[derive(Debug, Default)]
pub(super) struct Containers {
    open: Vec<Container>,
    shapes: Vec<(Shape, usize)>,
    lists: Vec<Numbering>,
    abstracts: Vec<AbstractNumbering>,
}

impl Containers {
    pub(super) fn start_quote(&mut self) -> Result<(), String> {
        if self.quotes() == QUOTES {
            return Err(format!(
                "mehr als {QUOTES} Zitate ineinander haben auf der Seite keinen Platz"
            ));
        }
        self.open.push(Container::Quote);
        Ok(())
    }

    /// Every list has a numbering of its own, so that each begins anew; their levels are
    /// those of the first of the same shape.
    pub(super) fn start_list(&mut self, start: Option<u64>) -> Result<(), String> {
        let ordered = start.is_some();
        let lists = || self.open.iter().filter_map(Container::ordered);
        let shape = Shape {
            ordered,
            depth: lists().count(),
            rank: lists().filter(|around| *around == ordered).count(),
            outside: self.indent(),
        };
        if shape.depth == LEVELS {
            return Err(format!("Word kennt nur {LEVELS} Ebenen von Listen"));
        }
        let first = start.and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        let id = FIRST + self.lists.len();
        let known = self.shapes.iter().find(|(known, _)| *known == shape);
        let list = match known {
            Some((_, levels)) => Numbering::new(id, *levels)
                .add_override(LevelOverride::new(shape.depth).start(first)),
            None => {
                self.abstracts.push(shape.levels(id, first));
                self.shapes.push((shape, id));
                Numbering::new(id, id)
            }
        };
        self.lists.push(list);
        self.open.push(Container::List {
            numbering: id,
            ordered,
            depth: shape.depth,
            open: false,
        });
        Ok(())
    }

    /// The number of the innermost list is due at the next paragraph.
    pub(super) fn start_item(&mut self) {
        if let Some(Container::List { open, .. }) = self.open.last_mut() {
            *open = true;
        }
    }

    /// Whether an item has begun that has no paragraph so far.
    pub(super) fn awaits_text(&self) -> bool {
        let awaits =
            |container: &Container| matches!(container, Container::List { open: true, .. });
        self.open.iter().any(awaits)
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    fn quotes(&self) -> usize {
        let quotes = self.open.iter().filter(|it| it.ordered().is_none());
        quotes.count()
    }

    /// Left indentation of text in the containers that are open (twips).
    pub(super) fn indent(&self) -> i32 {
        let one = |container: &Container| match container {
            Container::Quote => QUOTE_INDENT,
            Container::List { .. } => LIST_INDENT,
        };
        self.open.iter().map(one).sum()
    }

    /// The style of text that is no heading.
    pub(super) fn style(&self) -> Option<&'static str> {
        match (self.quotes(), self.open.len()) {
            (0, 0) => None,
            (0, _) => Some("ListParagraph"),
            _ => Some("Quote"),
        }
    }

    /// Gives a paragraph its number if one is due, else its indentation.
    pub(super) fn place(&mut self, paragraph: Paragraph, is_heading: bool) -> Paragraph {
        let indent = self.indent();
        let quoted = self.style() == Some("Quote") && !is_heading;
        let due = self
            .open
            .iter_mut()
            .rev()
            .find_map(|container| match container {
                Container::List {
                    numbering,
                    depth,
                    open,
                    ..
                } if *open => {
                    *open = false;
                    Some((*numbering, *depth))
                }
                _ => None,
            });
        match due {
            Some((list, depth)) => {
                paragraph.numbering(NumberingId::new(list), IndentLevel::new(depth))
            }
            None if indent == 0 || (indent == QUOTE_INDENT && quoted) => paragraph,
            None => paragraph.indent(Some(indent), None, None, None),
        }
    }

    /// Writes the numberings of all lists.
    pub(super) fn number(self, mut docx: Docx) -> Docx {
        for levels in self.abstracts {
            docx = docx.add_abstract_numbering(levels);
        }
        self.lists.into_iter().fold(docx, Docx::add_numbering)
    }
}

impl Shape {
    /// Its levels, from its own down to Word's last.
    fn levels(self, id: usize, first: usize) -> AbstractNumbering {
        let levels = (self.depth..LEVELS).zip(self.rank..).zip(1..);
        let levels = levels.map(|((depth, rank), step)| {
            let first = if step == 1 { first } else { 1 };
            let (format, text) = numbering(depth, rank, self.ordered);
            level(
                depth,
                first,
                format,
                &text,
                self.outside + LIST_INDENT * step,
            )
        });
        levels.fold(AbstractNumbering::new(id), AbstractNumbering::add_level)
    }
}

/// How a list is numbered that is the `rank`th of its kind within others: "1.", "a)",
/// "i." in turn, or bullets.
fn numbering(depth: usize, rank: usize, ordered: bool) -> (&'static str, String) {
    let number = format!("%{}", depth + 1);
    match (ordered, rank % 3) {
        (true, 0) => ("decimal", format!("{number}.")),
        (true, 1) => ("lowerLetter", format!("{number})")),
        (true, _) => ("lowerRoman", format!("{number}.")),
        (false, 0) => ("bullet", "•".to_owned()),
        (false, _) => ("bullet", "–".to_owned()),
    }
}

fn level(depth: usize, first: usize, format: &str, text: &str, left: i32) -> Level {
    Level::new(
        depth,
        Start::new(first),
        NumberFormat::new(format),
        LevelText::new(text),
        LevelJc::new("left"),
    )
    .indent(
        Some(left),
        Some(SpecialIndentType::Hanging(LIST_INDENT)),
        None,
        None,
    )
}
