//! The marks of one text, compiled: minijinja sees the marks and, in place of the text
//! between them, the numbers of its stretches.

use std::collections::BTreeSet;

use minijinja::{Environment, Error as Failure};

use super::block::{Block, Blocks};
use super::expression::{Expression, literal};
use super::failure::{failed, incomprehensible};
use super::mark::Kind;
use super::schema::Names;
use super::{Error, Fault, Place, Rules, Values};

/// Begins the number of a stretch in what minijinja renders; no value can hold it.
const STRETCH: u8 = 0x01;
/// The sixteen digits of that number, which no value can hold either.
const DIGITS: u8 = 0x10;

/// A mark as it stands in its text.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) code: String,
    pub(super) place: Place,
    /// the text around it
    pub(super) around: String,
}

/// A compiled text: stretch 0, mark 0, stretch 1, mark 1 and so on.
#[derive(Debug)]
pub(super) struct Program {
    name: String,
    /// where each mark stands, and the text around it
    places: Vec<(Place, String)>,
}

/// What a program makes, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// the stretch of this number
    Stretch(usize),
    /// a value, as text
    Value(&'a str),
}

/// What becomes known while marks are compiled.
pub(super) struct Compiler<'r> {
    pub(super) environment: Environment<'static>,
    pub(super) rules: &'r Rules,
    pub(super) faults: Vec<Fault>,
    /// the names used
    pub(super) fields: BTreeSet<String>,
}

impl<'r> Compiler<'r> {
    pub(super) fn new(rules: &'r Rules) -> Self {
        Self {
            environment: super::expression::environment(rules),
            rules,
            faults: Vec::new(),
            fields: BTreeSet::new(),
        }
    }

    /// Compiles the marks of one text; what is wrong with them is added to the faults.
    /// Also gives the blocks they form. What a block captures becomes a value, so that
    /// the text in it must be known: `stretch` gives it by the number of its stretch.
    pub(super) fn compile(
        &mut self,
        name: &str,
        marks: &[Mark],
        stretch: impl Fn(usize) -> String,
    ) -> (Program, Vec<Block>) {
        let sound = self.faults.len();
        let mut names = Names::new(&self.environment, self.rules);
        let mut blocks = Blocks::default();
        let mut source = String::new();
        push_stretch(&mut source, 0);
        for (number, mark) in marks.iter().enumerate() {
            match compile_mark(mark, number, &mut names, &mut blocks) {
                Ok(code) => source.push_str(&code),
                Err(problem) => self
                    .faults
                    .push(mark.fault(mark.swallows().unwrap_or(&problem))),
            }
            if blocks.capture() {
                push_text(&mut source, &stretch(number + 1));
            } else {
                push_stretch(&mut source, number + 1);
            }
        }
        for (number, problem) in blocks.unclosed() {
            self.faults
                .extend(marks.get(number).map(|mark| mark.fault(&problem)));
        }
        self.fields.append(&mut names.fields);
        if self.faults.len() == sound {
            let added = self.environment.add_template_owned(name.to_owned(), source);
            if let Err(failure) = added {
                let mark = failure
                    .line()
                    .and_then(|line| marks.get(line.checked_sub(FIRST_LINE)?));
                let problem = incomprehensible(&failure);
                self.faults.push(match mark {
                    Some(mark) => mark.fault(mark.swallows().unwrap_or(&problem)),
                    None => Fault::new(Place::of_part(name), problem),
                });
            }
        }
        let program = Program {
            name: name.to_owned(),
            places: marks
                .iter()
                .map(|mark| (mark.place.clone(), mark.around.clone()))
                .collect(),
        };
        (program, blocks.done)
    }
}

/// The line of the first mark: each begins a line, so that a failure's line tells its mark.
const FIRST_LINE: usize = 2;

/// The mark for minijinja.
fn compile_mark(
    mark: &Mark,
    number: usize,
    names: &mut Names<'_>,
    blocks: &mut Blocks,
) -> Result<String, String> {
    if matches!(mark.kind, Kind::Comment | Kind::Literal(_)) {
        return Ok("{#\n#}".to_owned());
    }
    if mark.kind == Kind::Cell {
        return Err("diese Marke gilt einer Tabellenzelle; hier steht sie in keiner".to_owned());
    }
    let mut expression =
        Expression::parse(&mark.code).ok_or("ein Anführungszeichen wird nicht geschlossen")?;
    if expression.is_empty() {
        return Err("zwischen den Klammern steht nichts".to_owned());
    }
    if mark.kind == Kind::Block {
        let statement = blocks.read(expression, number, names)?;
        return Ok(format!("{{%\n{statement} %}}"));
    }
    names.check(&mut expression)?;
    let code = names.printed(expression.code());
    match names.environment.compile_expression(&code) {
        Ok(_) => Ok(format!("{{{{\n{code} }}}}")),
        Err(failure) => Err(incomprehensible(&failure)),
    }
}

impl Mark {
    /// What is wrong where it makes no sense because it ends with the next one.
    fn swallows(&self) -> Option<&'static str> {
        let begins = ["{{", "{%", "{#"]
            .iter()
            .any(|begin| self.code.contains(begin));
        begins.then_some(
            "eine Marke wird nicht geschlossen, ehe die nächste beginnt; ergänzen Sie die Klammern",
        )
    }

    /// A fault at this mark.
    pub(super) fn fault(&self, problem: &str) -> Fault {
        Fault::new(self.place.clone(), located(problem, &self.around))
    }
}

impl Program {
    /// Evaluates the marks; [`items`] tells what came out.
    pub(super) fn run(
        &self,
        environment: &Environment<'_>,
        values: &Values,
    ) -> Result<String, Error> {
        environment
            .get_template(&self.name)
            .and_then(|template| template.render(values.root()))
            .map_err(|failure| self.error(&failure))
    }

    fn error(&self, failure: &Failure) -> Error {
        let problem = failed(failure);
        let mark = failure
            .line()
            .and_then(|line| self.places.get(line.checked_sub(FIRST_LINE)?));
        match mark {
            Some((place, around)) => Error {
                place: place.clone(),
                problem: located(&problem, around),
            },
            None => Error {
                place: Place::of_part(&self.name),
                problem,
            },
        }
    }
}

/// A problem with the text around its mark.
fn located(problem: &str, around: &str) -> String {
    format!("{problem} – in: „{around}“")
}

/// Text as a value that is printed; it stays on its line.
fn push_text(source: &mut String, text: &str) {
    let is_plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let plain: String = text.chars().filter(is_plain).collect();
    if !plain.is_empty() {
        let literal = literal(&plain).replace('\n', "\\n").replace('\t', "\\t");
        source.push_str(&format!("{{{{ {literal} }}}}"));
    }
}

fn push_stretch(source: &mut String, number: usize) {
    source.push(char::from(STRETCH));
    for digit in format!("{number:x}").chars() {
        let value = digit
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
            .unwrap_or(0);
        source.push(char::from(DIGITS + value));
    }
}

/// What a program made, in order.
pub(super) fn items(output: &str) -> impl Iterator<Item = Item<'_>> {
    let mut rest = output;
    std::iter::from_fn(move || {
        let first = *rest.as_bytes().first()?;
        if first != STRETCH {
            let end = rest.find(char::from(STRETCH)).unwrap_or(rest.len());
            let (value, after) = rest.split_at(end);
            rest = after;
            return Some(Item::Value(value));
        }
        rest = rest.get(1..)?;
        let mut number = 0;
        while let Some(digit) = rest.bytes().next().and_then(|b| b.checked_sub(DIGITS)) {
            if digit > 0xf {
                break;
            }
            number = number * 16 + usize::from(digit);
            rest = rest.get(1..)?;
        }
        Some(Item::Stretch(number))
    })
}
