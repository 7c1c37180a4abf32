//! Content controls (ECMA-376 part 1, 17.5.2) whose tag or title names a field: a mark
//! takes the place of what they hold.

mod check_box;
mod repeat;

use std::ops::Range;

use super::attribute;
use super::elements::Elements;
use super::layout::{Breaks, Edit, Piece, Slot};
use super::levels::Placed;
use super::scan::{Element, Kind, Scan};
use crate::merge::mark::Kind as MarkKind;
use crate::merge::program::Mark;
use crate::merge::{self, Rules, xml};

/// Controls whose content is no text, by what stands in their properties.
const NO_TEXT: [&str; 9] = [
    "picture",
    "group",
    "equation",
    "citation",
    "bibliography",
    "docPartList",
    "docPartObj",
    "repeatingSection",
    "repeatingSectionItem",
];

/// The edits that fill the controls of a part. What holds marks or merge fields of its
/// own is left to them; where controls are nested, the outermost is filled.
pub(super) fn fill(
    part: &str,
    source: &str,
    scan: &Scan,
    rules: &Rules,
    placed: &[Placed],
) -> Vec<Edit> {
    let elements = Elements { source, scan };
    let mut marks: Vec<usize> = placed.iter().filter_map(|mark| mark.start(scan)).collect();
    marks.sort_unstable();
    let mut edits = Vec::new();
    let mut rest = 0;
    // where the repeating section ends
    let mut records = 0;
    for (index, element) in scan.elements.iter().enumerate() {
        if element.kind != Kind::Control || element.open.start < rest {
            continue;
        }
        let Some(control) = Control::read(part, elements, index) else {
            continue;
        };
        if let Some(repeated) = control.repeat(rules) {
            edits.extend(repeated);
            records = element.close.end;
            continue;
        }
        let of_record = || {
            control
                .field_of_record()
                .filter(|_| element.open.start < records)
        };
        let code = control.field(rules).or_else(of_record);
        let Some(code) = code.filter(|_| !control.is_busy(&marks)) else {
            continue;
        };
        if let Some(filled) = control.fill(&code) {
            edits.extend(filled);
            rest = element.close.end;
        }
    }
    edits
}

/// A content control.
struct Control<'a> {
    part: &'a str,
    elements: Elements<'a>,
    index: usize,
    /// `w:sdtPr`
    properties: usize,
    /// `w:sdtContent`
    content: usize,
    /// the prefix of WordprocessingML
    w: &'a str,
}

/// What is replaced by a run, and what stands around the run.
struct Place {
    span: Range<usize>,
    before: String,
    after: String,
    /// the properties of a paragraph that may be ended and begun again
    paragraph: Option<String>,
}

impl<'a> Control<'a> {
    /// Reads a control; `None` if it holds nothing or tracked changes have deleted it.
    fn read(part: &'a str, elements: Elements<'a>, index: usize) -> Option<Self> {
        let is_deleted = |element: &Element| element.kind == Kind::Deleted;
        let deleted = elements.scan.ancestor(index, is_deleted);
        let content = elements.child(index, "sdtContent")?;
        deleted.is_none().then_some(Self {
            part,
            elements,
            index,
            properties: elements.child(index, "sdtPr")?,
            content,
            w: elements.prefix(content),
        })
    }

    fn property(&self, name: &str) -> Option<usize> {
        self.elements.child(self.properties, name)
    }

    /// The code of the field that its tag names, or else its title.
    fn field(&self, rules: &Rules) -> Option<String> {
        let (tag, title) = (self.named("tag"), self.named("alias"));
        let code = rules.tagged_field(tag.as_deref(), title.as_deref());
        code.filter(|_| self.is_text())
    }

    fn is_text(&self) -> bool {
        NO_TEXT.iter().all(|kind| self.property(kind).is_none())
    }

    fn named(&self, by: &str) -> Option<String> {
        self.elements.value(self.property(by)?, "val")
    }

    /// Whether it holds merge fields, or one of the marks that begin at these places.
    fn is_busy(&self, marks: &[usize]) -> bool {
        let holds_mark = || {
            let content = self.elements.element(self.content)?.whole();
            let next = marks.partition_point(|mark| *mark < content.start);
            Some(*marks.get(next)? < content.end)
        };
        self.elements.xml(self.content).contains("MERGEFIELD") || holds_mark().unwrap_or(false)
    }

    /// The edits that put a field in the place of the content.
    fn fill(&self, code: &str) -> Option<Vec<Edit>> {
        let check_box = self.property("checkbox");
        let place = self.place()?;
        let mut pieces = vec![Piece::Markup(place.before)];
        match check_box {
            Some(check_box) => pieces.extend(self.glyphs(check_box, code)),
            None => pieces.extend(self.run(code, place.paragraph)),
        }
        pieces.push(Piece::Markup(place.after));
        let mut edits = vec![Edit {
            span: place.span,
            pieces,
        }];
        edits.extend(check_box.and_then(|check_box| self.check(check_box, code)));
        edits.extend(self.forget());
        Some(edits)
    }

    /// Where the run goes: into the paragraph or cell that the control stands in, or into
    /// a paragraph of its own. `None` where rows or more than text would go.
    fn place(&self) -> Option<Place> {
        let kinds = [Kind::Paragraph, Kind::Story, Kind::Table, Kind::Row];
        let holds = |element: &Element| kinds.contains(&element.kind);
        let holder = self.elements.scan.ancestor(self.index, holds);
        match holder.and_then(|holder| Some(self.elements.element(holder)?.kind)) {
            Some(Kind::Table) => None,
            Some(Kind::Row) => {
                let mut cells = self.elements.children(self.content);
                let (cell, more) = (cells.next()?, cells.next());
                let is_cell = self.elements.element(cell)?.is_cell && more.is_none();
                let properties = self.elements.child(cell, "tcPr");
                is_cell.then(|| self.paragraph(cell, properties))?
            }
            Some(Kind::Paragraph) => Some(Place {
                span: self.inside(self.content, None)?,
                before: self.opening(),
                after: self
                    .elements
                    .scan
                    .anchors_within(self.elements.source, self.content)
                    + &self.closing(),
                paragraph: None,
            }),
            _ => {
                let mut place = self.paragraph(self.content, None)?;
                place.before.insert_str(0, &self.opening());
                place.after.push_str(&self.closing());
                Some(place)
            }
        }
    }

    /// The first paragraph of what holds nothing but paragraphs, in place of all of them.
    fn paragraph(&self, of: usize, properties_of_cell: Option<usize>) -> Option<Place> {
        let (w, elements) = (self.w, self.elements);
        if elements
            .first(of, Kind::Table)
            .or(elements.first(of, Kind::Section))
            .is_some()
        {
            return None;
        }
        let first = elements.first(of, Kind::Paragraph);
        let tag = first.map_or_else(|| format!("<{w}p>"), |first| opened(elements.tag(first)));
        let properties = first.and_then(|first| elements.properties(first));
        let properties = properties.map_or("", |properties| elements.xml(properties));
        let anchors = elements.scan.anchors_within(elements.source, of);
        Some(Place {
            span: self.inside(of, properties_of_cell)?,
            before: tag + properties,
            after: format!("{anchors}</{w}p>"),
            paragraph: Some(properties.to_owned()),
        })
    }

    /// The content of an element, but for its properties; all of it if it is empty.
    fn inside(&self, of: usize, properties: Option<usize>) -> Option<Range<usize>> {
        let element = self.elements.element(of)?;
        if element.close.is_empty() {
            return Some(element.open.clone());
        }
        let properties = properties.and_then(|properties| self.elements.element(properties));
        let start = properties.map_or(element.open.end, |properties| properties.close.end);
        Some(start..element.close.start)
    }

    /// The tags that an empty `w:sdtContent` lacks.
    fn opening(&self) -> String {
        let tag = self.elements.tag(self.content);
        let empty = tag.ends_with("/>");
        if empty { opened(tag) } else { String::new() }
    }

    fn closing(&self) -> String {
        if self.opening().is_empty() {
            return String::new();
        }
        format!("</{}sdtContent>", self.w)
    }

    /// A run that shows the field.
    fn run(&self, code: &str, paragraph: Option<String>) -> [Piece; 3] {
        let w = self.w;
        let format = self.format(None);
        let breaks = Breaks::new(w, &format, paragraph.as_deref());
        [
            Piece::Markup(format!(r#"<{w}r>{format}<{w}t xml:space="preserve">"#)),
            self.mark(
                MarkKind::Print,
                code.to_owned(),
                Slot::Word(Box::new(breaks)),
            ),
            Piece::Markup(format!("</{w}t></{w}r>")),
        ]
    }

    /// The format of what is filled in: that of the first run. Where a placeholder is
    /// shown, what the control wants, else the placeholder's but for its style.
    fn format(&self, fonts: Option<&str>) -> String {
        let (w, elements) = (self.w, self.elements);
        let run = elements.first(self.content, Kind::Run);
        let of_run = run.and_then(|run| elements.properties(run));
        let is_placeholder = self.property("showingPlcHdr").is_some();
        let wanted = self
            .property("rPr")
            .filter(|_| is_placeholder || run.is_none());
        let gone = |name: &str| match name {
            "rStyle" => is_placeholder && wanted.is_none(),
            "rFonts" => fonts.is_some(),
            _ => false,
        };
        let mut children: Vec<&str> = (wanted.or(of_run).into_iter())
            .flat_map(|format| elements.children(format))
            .filter(|child| !gone(elements.name(*child)))
            .map(|child| elements.xml(child))
            .collect();
        // the fonts stand behind the style (ECMA-376 part 1, 17.3.2.28)
        let style = format!("<{w}rStyle");
        let at = children.first().is_some_and(|it| it.starts_with(&style));
        children.splice(usize::from(at)..usize::from(at), fonts);
        if children.is_empty() {
            return String::new();
        }
        format!("<{w}rPr>{}</{w}rPr>", children.concat())
    }

    /// Removes what is no longer so: that a placeholder is shown, the date picked, and
    /// the bond to data, from which Word would fill the control again.
    fn forget(&self) -> Vec<Edit> {
        let elements = self.elements;
        let gone = |child: &usize| matches!(elements.name(*child), "showingPlcHdr" | "dataBinding");
        let gone = elements.children(self.properties).filter(gone);
        let mut spans: Vec<_> = gone
            .filter_map(|child| Some(elements.element(child)?.whole()))
            .collect();
        spans.extend(self.property("date").and_then(|date| {
            let start = elements.element(date)?.open.start;
            let span = attribute::span(elements.tag(date), "fullDate")?;
            Some(start + span.start..start + span.end)
        }));
        let removed = |span| Edit {
            span,
            pieces: Vec::new(),
        };
        spans.into_iter().map(removed).collect()
    }

    fn mark(&self, kind: MarkKind, code: String, slot: Slot) -> Piece {
        let scan = self.elements.scan;
        let outer = scan.ancestor(self.index, |element| element.kind == Kind::Paragraph);
        let paragraph = outer.or_else(|| self.elements.first(self.content, Kind::Paragraph));
        let region = paragraph.and_then(|paragraph| scan.region_of(paragraph));
        let of_part = merge::Place::of_part;
        let name = self.named("tag").or_else(|| self.named("alias"));
        let mark = Mark {
            kind,
            code,
            place: region.map_or_else(|| of_part(self.part), |it| it.place_in(self.part)),
            around: format!("Inhaltssteuerelement {}", name.unwrap_or_default()),
        };
        Piece::Mark(Box::new(mark), slot)
    }
}

/// The start tag for an element that was empty so far.
fn opened(tag: &str) -> String {
    match tag.strip_suffix("/>") {
        Some(tag) => format!("{tag}>"),
        None => tag.to_owned(),
    }
}
