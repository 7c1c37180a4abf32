//! Explicit `Feld: Wert` lines.

use std::borrow::Cow;

use crate::kommune::{Kind, fold};
use crate::template::{Feld, FeldArt, Werte, without_bullet};

/// What a line of its own says, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    pub(super) field: Field,
    /// empty if the writer left it so
    pub(super) value: &'t str,
}

/// A field that requests may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// the municipality, with the kind that the field's name says
    Kommune(Option<Kind>),
    Beirat,
    Rat,
    Land,
    Plz,
    Vorlage,
    /// a further field of the motion, by its number
    Further(usize),
}

/// One request among several: fields up to the first that repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block<'t> {
    pub(super) kommune: Option<(&'t str, Option<Kind>)>,
    /// a Kreis beside a municipality
    pub(super) kreis: Option<&'t str>,
    pub(super) beirat: Option<&'t str>,
    pub(super) rat: Option<&'t str>,
    pub(super) land: Option<&'t str>,
    pub(super) plz: Option<&'t str>,
    /// further fields of the motion, by their numbers
    pub(super) felder: Vec<(usize, &'t str)>,
    /// their values, where they are this block's own
    pub(super) werte: Werte,
}

const FIELDS: &[(&str, Field)] = &[
    ("kommune", Field::Kommune(None)),
    ("gemeinde", Field::Kommune(None)),
    ("ort", Field::Kommune(None)),
    ("name der kommune", Field::Kommune(None)),
    ("unsere kommune", Field::Kommune(None)),
    ("fuer die kommune", Field::Kommune(None)),
    ("municipality", Field::Kommune(None)),
    ("gebietskoerperschaft", Field::Kommune(None)),
    ("koerperschaft", Field::Kommune(None)),
    ("stadt", Field::Kommune(Some(Kind::Stadt))),
    ("markt", Field::Kommune(Some(Kind::Markt))),
    ("landkreis", Field::Kommune(Some(Kind::Kreis))),
    ("kreis", Field::Kommune(Some(Kind::Kreis))),
    ("lk", Field::Kommune(Some(Kind::Kreis))),
    (
        "verbandsgemeinde",
        Field::Kommune(Some(Kind::Verbandsgemeinde)),
    ),
    ("samtgemeinde", Field::Kommune(Some(Kind::Samtgemeinde))),
    ("beirat", Field::Beirat),
    ("gremium", Field::Beirat),
    ("unser beirat", Field::Beirat),
    ("unser gremium", Field::Beirat),
    ("name des beirats", Field::Beirat),
    ("name des gremiums", Field::Beirat),
    ("art des beirats", Field::Beirat),
    ("antragsteller", Field::Beirat),
    ("antragstellerin", Field::Beirat),
    ("antragstellendes gremium", Field::Beirat),
    ("rat", Field::Rat),
    ("council", Field::Rat),
    ("beschlussgremium", Field::Rat),
    ("beschlussorgan", Field::Rat),
    ("beschliessendes gremium", Field::Rat),
    ("entscheidendes gremium", Field::Rat),
    ("entscheidungsgremium", Field::Rat),
    ("land", Field::Land),
    ("bundesland", Field::Land),
    ("plz", Field::Plz),
    ("postleitzahl", Field::Plz),
    ("vorlage", Field::Vorlage),
    ("muster", Field::Vorlage),
    ("template", Field::Vorlage),
];

/// What people put into a field that they leave open.
const PLACEHOLDERS: [&str; 12] = [
    "",
    "xxx",
    "xx",
    "x",
    "unbekannt",
    "bitte eintragen",
    "bitte ausfuellen",
    "noch offen",
    "keine angabe",
    "k a",
    "name der kommune",
    "tbd",
];

/// All fields of a text, several in one line too ("Kommune: Fürth, Beirat: Ausländerbeirat").
/// `felder` are the further ones; their names go before the usual ones.
pub(super) fn read<'t>(text: &'t str, felder: &[Feld]) -> Vec<Entry<'t>> {
    let mut entries: Vec<Entry<'t>> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = line_length(rest);
        let (line, behind) = rest.split_at(length);
        if let Some((start, field)) = text_at(line, felder) {
            let next = next_further(line, start, felder);
            let end = next.unwrap_or_else(|| paragraph_end(rest, start));
            let value = rest.get(start..end).unwrap_or_default();
            entries.push(Entry {
                field,
                value: value.trim().trim_start_matches('*').trim_start(),
            });
            rest = next.and_then(|next| rest.get(next..)).unwrap_or(behind);
            continue;
        }
        let found = fields_of(line, felder);
        let several = found.len() > 1;
        entries.extend(found);
        let waits = !several
            && line.trim_end().trim_end_matches('*').ends_with(':')
            && entries.last().is_some_and(|entry| entry.value.is_empty());
        let next = behind.lines().next();
        // the value may stand in the next line
        if let Some(next) = next.filter(|_| waits)
            && key_length(next).is_none()
            && let Some(entry) = entries.last_mut()
        {
            entry.value = clean(next);
        }
        rest = behind;
    }
    for entry in &mut entries {
        if PLACEHOLDERS.contains(&fold(entry.value).as_str()) {
            entry.value = "";
        }
    }
    entries
}

/// The field of any text that a line gives, and where its value begins.
fn text_at(line: &str, felder: &[Feld]) -> Option<(usize, Field)> {
    let found = field_at(line, felder)?;
    match found.1 {
        Field::Further(number) => {
            let feld = felder.get(number)?;
            (feld.art == FeldArt::Text).then_some(found)
        }
        _ => None,
    }
}

/// Where in the line another further field begins: "Anlass: Wahl; Betrag: 500".
fn next_further(line: &str, start: usize, felder: &[Feld]) -> Option<usize> {
    let value = line.get(start..)?;
    let ends = value.match_indices([',', ';', '|']);
    let mut ends = ends.map(|(at, mark)| start + at + mark.len());
    ends.find(|at| {
        let field = line.get(*at..).and_then(|rest| field_at(rest, felder));
        matches!(field, Some((_, Field::Further(_))))
    })
}

/// The text without the values of further fields that hold any text: what they name is not
/// what is asked for.
pub(super) fn without_texts<'t>(text: &'t str, felder: &[Feld]) -> Cow<'t, str> {
    let mut left = Cow::Borrowed(text);
    for entry in read(text, felder) {
        let Field::Further(number) = entry.field else {
            continue;
        };
        let is_text = felder
            .get(number)
            .is_some_and(|feld| feld.art == FeldArt::Text);
        let start = entry.value.as_ptr().addr();
        let start = start.wrapping_sub(text.as_ptr().addr());
        let range = start..start.saturating_add(entry.value.len());
        if is_text && !entry.value.is_empty() && text.get(range.clone()) == Some(entry.value) {
            // as long as before, so that the next value is found
            let blank = |c: char| if c == '\n' { "\n" } else { " " }.repeat(c.len_utf8());
            let blanks: String = entry.value.chars().map(blank).collect();
            left.to_mut().replace_range(range, &blanks);
        }
    }
    left
}

/// Lines this long, in bytes, were broken by a mail program and go on in the next.
const WRAPPED: usize = 55;

/// Where a value ends that begins at `start`: with its line, or with the lines it wraps into.
fn paragraph_end(text: &str, start: usize) -> usize {
    let mut end = line_length(text);
    let first = text.get(end..).and_then(|rest| rest.lines().next());
    let mut goes_on = text
        .get(start..end)
        .is_some_and(|value| value.trim().is_empty())
        || end >= WRAPPED
        || first.is_some_and(|line| without_bullet(line).is_some());
    while let Some(rest) = text.get(end..).filter(|rest| goes_on && !rest.is_empty()) {
        let length = line_length(rest);
        let line = rest.get(..length).unwrap_or_default();
        let is_item = without_bullet(line).is_some();
        if line.trim().is_empty() || key_length(line).is_some() && !is_item {
            break;
        }
        let next = rest.get(length..).and_then(|rest| rest.lines().next());
        goes_on = length >= WRAPPED || next.is_some_and(|next| without_bullet(next).is_some());
        end += length;
    }
    end
}

/// The length of the first line, with its end.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

fn fields_of<'t>(line: &'t str, felder: &[Feld]) -> Vec<Entry<'t>> {
    if !line.contains(':') {
        return Vec::new();
    }
    let mut starts: Vec<(usize, usize, Field)> = Vec::new();
    let mut from = 0;
    for part in line.split_inclusive([',', ';', '|', '·', '•', '\t']) {
        if let Some((length, field)) = field_at(part, felder) {
            starts.push((from, from + length, field));
            // any text may follow
            if text_at(part, felder).is_some() {
                break;
            }
        }
        from += part.len();
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, ..)| *start)
        .chain([line.len()]);
    starts
        .iter()
        .zip(ends)
        .filter(|_| starts.first().is_some_and(|(start, ..)| *start == 0))
        .map(|((_, value, field), end)| Entry {
            field: *field,
            value: clean(line.get(*value..end).unwrap_or_default()),
        })
        .collect()
}

/// The field whose name begins the text, and where its value begins.
fn field_at(text: &str, felder: &[Feld]) -> Option<(usize, Field)> {
    let length = key_length(text)?;
    let key = fold(
        text.get(..length)?
            .trim_start_matches(|c: char| !c.is_alphabetic()),
    );
    let further = felder.iter().position(|feld| feld.is_called(&key));
    let field = further.map(Field::Further).or_else(|| named(&key))?;
    Some((length + 1, field))
}

/// The usual field that a folded name means.
pub(super) fn named(name: &str) -> Option<Field> {
    let row = FIELDS.iter().find(|(known, _)| *known == name);
    let field = row.map(|(_, field)| *field);
    field.or_else(|| asks_for_any_kind(name).then_some(Field::Kommune(None)))
}

/// "Stadt/Gemeinde/Kreis", "Stadt oder Landkreis"
fn asks_for_any_kind(name: &str) -> bool {
    let of_kinds = |word: &str| {
        let known = FIELDS.iter().find(|(known, _)| *known == word);
        matches!(known, Some((_, Field::Kommune(_))))
    };
    let joins = |word: &str| matches!(word, "oder" | "bzw" | "und" | "or");
    name.contains(' ') && name.split(' ').all(|word| of_kinds(word) || joins(word))
}

/// Where the colon stands, if what is before it may be the name of a field.
fn key_length(line: &str) -> Option<usize> {
    line.find(':').filter(|at| *at <= 40)
}

fn clean(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || "*_,;|·•\"„“”<>[]…".contains(c))
}

/// The blocks that the fields make.
pub(super) fn blocks<'t>(entries: &[Entry<'t>]) -> Vec<Block<'t>> {
    let mut blocks: Vec<Block<'t>> = Vec::new();
    let mut block = Block::default();
    for entry in entries {
        if !block.take(entry) {
            blocks.push(std::mem::take(&mut block));
            block.take(entry);
        }
    }
    if block != Block::default() {
        blocks.push(block);
    }
    blocks
}

impl<'t> Block<'t> {
    /// Whether it asks for a motion, and does not only add to one.
    pub(super) fn asks(&self) -> bool {
        self.kommune.is_some() || self.beirat.is_some()
    }

    /// Takes the field in; false if it has it already.
    fn take(&mut self, entry: &Entry<'t>) -> bool {
        let value = entry.value;
        let slot = match entry.field {
            Field::Kommune(kind) => return self.take_kommune(value, kind),
            Field::Beirat => &mut self.beirat,
            Field::Rat => &mut self.rat,
            Field::Land => &mut self.land,
            Field::Plz => &mut self.plz,
            Field::Vorlage => return true,
            Field::Further(number) => {
                self.felder.push((number, value));
                return true;
            }
        };
        let free = slot.is_none();
        if free {
            *slot = Some(value);
        }
        free
    }

    /// "Gemeinde: Fürth" and "Landkreis: Bergstraße" belong together; of "Stadt:" and
    /// "Landkreis:" in one form, the one that is filled in counts.
    fn take_kommune(&mut self, value: &'t str, kind: Option<Kind>) -> bool {
        match (self.kommune, kind) {
            (None, _) => self.kommune = Some((value, kind)),
            (Some((_, other)), _) if kind == other => return false,
            (Some(_), _) if value.is_empty() => {}
            (Some(("", _)), _) => self.kommune = Some((value, kind)),
            (Some(_), Some(Kind::Kreis)) if self.kreis.is_none() => self.kreis = Some(value),
            (Some((kreis, Some(Kind::Kreis))), _) if self.kreis.is_none() => {
                self.kreis = Some(kreis);
                self.kommune = Some((value, kind));
            }
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_blocks() {
        /// text, then Kommune, Kreis and Beirat of every block
        type Case<'a> = (&'a str, &'a [(&'a str, &'a str, &'a str)]);
        let table: [Case<'_>; 6] = [
            (
                "Kommune: Stadt Fürth\nBeirat: Ausländerbeirat\n\nKommune: Landkreis Fürth\nBeirat: Integrationsbeirat",
                &[
                    ("Stadt Fürth", "", "Ausländerbeirat"),
                    ("Landkreis Fürth", "", "Integrationsbeirat"),
                ],
            ),
            ("*Kommune:* Hanau; Beirat: ABR", &[("Hanau", "", "ABR")]),
            ("Kommune:\nBeirat: ABR", &[("", "", "ABR")]),
            ("Kommune:\nHanau\nBeirat:\nABR", &[("Hanau", "", "ABR")]),
            (
                "Landkreis: Peine\nGemeinde: Ilsede\nBeirat: IR",
                &[("Ilsede", "Peine", "IR")],
            ),
            ("Wir sagen: nichts", &[]),
        ];
        for (text, expected) in table {
            let entries = read(text, &[]);
            let blocks: Vec<_> = blocks(&entries)
                .iter()
                .map(|block| {
                    (
                        block.kommune.map_or("-", |(value, _)| value),
                        block.kreis.unwrap_or_default(),
                        block.beirat.unwrap_or_default(),
                    )
                })
                .collect();
            assert_eq!(blocks, expected, "{text}");
        }
    }
}
