//! Statements (`{% … %}`) and the blocks they form.

use super::expression::Expression;
use super::schema::{Names, nearest};

/// Blocks within blocks; nobody writes more by hand.
const DEPTH: usize = 64;

/// The statements that open a block, and what closes it.
const OPENING: [(&str, &str); 7] = [
    ("if", "endif"),
    ("for", "endfor"),
    ("with", "endwith"),
    ("set", "endset"),
    ("macro", "endmacro"),
    ("call", "endcall"),
    ("filter", "endfilter"),
];

/// The statements that would bring in other files.
const REACHING: [&str; 4] = ["include", "import", "from", "extends"];

/// A block: the numbers of the marks that make it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) keyword: &'static str,
    /// the opening mark, those between its branches, and the closing mark
    pub(super) marks: Vec<usize>,
}

impl Block {
    /// Whether what it holds becomes a value, which must stay within one text.
    pub(super) fn captures(&self) -> bool {
        !matches!(self.keyword, "if" | "for" | "with")
    }
}

/// The marks that belong together, by the first word of each statement; what does not
/// fit is left to [`Blocks`] to complain of.
pub(super) fn groups<'a>(statements: impl Iterator<Item = Option<&'a str>>) -> Vec<Vec<usize>> {
    let mut open: Vec<Vec<usize>> = Vec::new();
    let mut groups = Vec::new();
    for (number, statement) in statements.enumerate() {
        let statement = statement.unwrap_or_default().trim_start().to_lowercase();
        let word = statement.split(|c: char| !c.is_alphanumeric()).next();
        match word.unwrap_or_default() {
            "set" if statement.contains('=') => {}
            "elif" | "else" => open
                .last_mut()
                .into_iter()
                .for_each(|group| group.push(number)),
            word if OPENING.iter().any(|(opening, _)| *opening == word) => open.push(vec![number]),
            word if OPENING.iter().any(|(_, closing)| *closing == word) => {
                if let Some(mut group) = open.pop() {
                    group.push(number);
                    groups.push(group);
                }
            }
            _ => {}
        }
    }
    groups
}

/// The blocks of a text while it is read.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    open: Vec<(Block, &'static str)>,
    pub(super) done: Vec<Block>,
}

impl Blocks {
    /// Reads a statement; gives it as minijinja is to see it.
    pub(super) fn read(
        &mut self,
        statement: Expression,
        mark: usize,
        names: &mut Names<'_>,
    ) -> Result<String, String> {
        let (keyword, mut rest) = statement.keyword();
        if let Some((opening, closing)) = OPENING.iter().find(|(opening, _)| *opening == keyword) {
            let assignment = *opening == "set" && rest.split("=").is_some();
            let opened = if assignment {
                Ok(())
            } else {
                self.open(opening, closing, mark)
            };
            names.open(opening, &mut rest, assignment)?;
            opened?;
        } else if matches!(keyword.as_str(), "elif" | "else") {
            match self.open.last_mut() {
                Some((block, _)) if matches!(block.keyword, "if" | "for") => block.marks.push(mark),
                _ => return Err(format!("„{keyword}“ steht hier in keinem „if“")),
            }
            names.check(&mut rest)?;
        } else if OPENING.iter().any(|(_, closing)| *closing == keyword) {
            self.close(&keyword, mark)?;
            names.close();
        } else if REACHING.contains(&keyword.as_str()) {
            return Err(format!(
                "„{keyword}“ holt etwas aus einer anderen Datei; eine Vorlage darf nur aus sich \
                 selbst bestehen: setzen Sie den Text hier ein"
            ));
        } else if keyword == "endraw" {
            return Err("„endraw“ schließt nichts: davor steht kein „raw“".to_owned());
        } else {
            let known = OPENING
                .iter()
                .flat_map(|(opening, closing)| [*opening, *closing]);
            return Err(format!(
                "„{keyword}“ ist keine Anweisung, die hier möglich ist{}",
                nearest(&keyword, known.chain(["elif", "else"]))
            ));
        }
        Ok(format!("{keyword}{}", rest.code()))
    }

    fn open(
        &mut self,
        keyword: &'static str,
        closing: &'static str,
        mark: usize,
    ) -> Result<(), String> {
        let block = Block {
            keyword,
            marks: vec![mark],
        };
        self.open.push((block, closing));
        // said once; what is deeper still only follows from it
        if self.open.len() == DEPTH + 1 {
            return Err("die Blöcke sind zu tief ineinander geschachtelt".to_owned());
        }
        Ok(())
    }

    fn close(&mut self, keyword: &str, mark: usize) -> Result<(), String> {
        match self.open.pop() {
            Some((mut block, closing)) if closing == keyword => {
                block.marks.push(mark);
                self.done.push(block);
                Ok(())
            }
            Some((block, closing)) => {
                let opened = block.keyword;
                self.open.push((block, closing));
                Err(format!(
                    "hier müsste „{closing}“ stehen, denn offen ist „{opened}“, nicht „{keyword}“"
                ))
            }
            None => Err(format!(
                "„{keyword}“ schließt nichts: davor ist kein Block offen"
            )),
        }
    }

    /// Whether what stands here becomes a value.
    pub(super) fn capture(&self) -> bool {
        self.open.iter().any(|(block, _)| block.captures())
    }

    /// The marks that open a block which is never closed, and what to say of them.
    pub(super) fn unclosed(&self) -> impl Iterator<Item = (usize, String)> {
        self.open.iter().filter_map(|(block, closing)| {
            let problem = format!(
                "der Block „{}“ wird nicht geschlossen; es fehlt {{% {closing} %}}",
                block.keyword
            );
            Some((*block.marks.first()?, problem))
        })
    }
}
