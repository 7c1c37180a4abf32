//! Proving at loading that every name a template uses is known.

mod written;

use std::collections::BTreeSet;

use minijinja::Environment;

use super::expression::{Expression, FORMS, Use, form, has_filter, has_test};
use super::values::{TIME, as_written};
use super::{Rules, Schema};

/// The names that may be used at a place of the template.
pub(super) struct Names<'e> {
    pub(super) environment: &'e Environment<'static>,
    rules: &'e Rules,
    /// names the template itself has given, by block
    locals: Vec<BTreeSet<String>>,
    /// the fields used so far
    pub(super) fields: BTreeSet<String>,
}

impl<'e> Names<'e> {
    pub(super) fn new(environment: &'e Environment<'static>, rules: &'e Rules) -> Self {
        Self {
            environment,
            rules,
            locals: vec![BTreeSet::new()],
            fields: BTreeSet::new(),
        }
    }

    /// Enters a block, or reads an assignment, which enters none.
    pub(super) fn open(
        &mut self,
        keyword: &str,
        rest: &mut Expression,
        assignment: bool,
    ) -> Result<(), String> {
        let mut inside = BTreeSet::new();
        if keyword == "for" {
            let missing = "es fehlt „in“: {% for x in liste %}";
            let (targets, _) = rest.split("in").ok_or(missing)?;
            inside.extend(given(&targets));
            inside.insert("loop".to_owned());
            // a condition behind the values sees the loop's own names
            self.locals.push(inside);
            self.prepare(rest)?;
            let (_, values) = rest.split("in").ok_or(missing)?;
            return self.prove(&values);
        }
        self.prepare(rest)?;
        match keyword {
            "set" if assignment => {
                if let Some((target, value)) = rest.split("=") {
                    self.prove(&value)?;
                    self.give(given(&target));
                }
                return Ok(());
            }
            "set" => self.give(given(rest)),
            "macro" => {
                let mut names = given(rest);
                self.give(names.next());
                inside.extend(names);
                inside.insert("caller".to_owned());
            }
            "with" => {
                inside.extend(given(rest));
                self.prove(rest)?;
            }
            "filter" => {
                let uses = rest.uses();
                let names: Vec<_> = uses.names.iter().map(|a_use| a_use.name).collect();
                self.prove_known("Filter", names.get(..1).unwrap_or_default(), has_filter)?;
            }
            _ => self.prove(rest)?,
        }
        self.locals.push(inside);
        Ok(())
    }

    /// Leaves a block.
    pub(super) fn close(&mut self) {
        self.locals.pop();
    }

    /// Proves the names of an expression, and puts it right where nouns are compared.
    pub(super) fn check(&mut self, expression: &mut Expression) -> Result<(), String> {
        self.prepare(expression)?;
        self.prove(expression)
    }

    /// The code of a mark that prints: a number that stands there alone is printed as it
    /// was written.
    pub(super) fn printed(&self, code: String) -> String {
        let name = code.trim().to_lowercase();
        if self.rules.schema().numbers.contains(&name) && !self.is_local(&name) {
            return as_written(&name);
        }
        code
    }

    fn prepare(&mut self, expression: &mut Expression) -> Result<(), String> {
        if let Rules::Strict(_) = self.rules {
            expression.resolve_fields(|name| self.meaning(name))?;
        }
        self.compare_by_name(expression);
        Ok(())
    }

    /// What the field means that Word's user has named so; an underscore may be a blank,
    /// and the other way round. In front of an attribute or a form it may be the point that
    /// Word allows in no name of a column.
    fn meaning(&mut self, written: &str) -> Result<Expression, String> {
        let mut problem = None;
        let (blanks, lines) = (written.replace('_', " "), written.replace(' ', "_"));
        let pointed = lines.replacen('_', ".", 1);
        for name in [written, &blanks, &lines, &pointed] {
            let expression = Expression::parse(name).filter(|expression| !expression.is_empty());
            match expression.map(|expression| (self.prove(&expression), expression)) {
                Some((Ok(()), expression)) => return Ok(expression),
                Some((Err(why), _)) => problem = problem.or(Some(why)),
                None => {}
            }
        }
        Err(problem.unwrap_or_else(|| format!("„{written}“ ist kein bekanntes Feld")))
    }

    fn compare_by_name(&self, expression: &mut Expression) {
        let nouns = &self.rules.schema().nouns;
        expression
            .compare_by_name(|name| !self.is_local(name) && find(nouns.keys(), name).is_some());
    }

    fn prove(&mut self, expression: &Expression) -> Result<(), String> {
        let uses = expression.uses();
        if let Some((first, second)) = uses.adjacent {
            let forms = FORMS.iter().map(|(name, _)| *name);
            return Err(format!(
                "„{first} {second}“ ist nicht zu verstehen: „{first}“ ist keine Form{}",
                nearest(first, forms)
            ));
        }
        self.prove_known("Filter", &uses.filters, has_filter)?;
        self.prove_known("Test", &uses.tests, has_test)?;
        uses.names
            .iter()
            .try_for_each(|a_use| self.prove_name(a_use))
    }

    fn prove_known(
        &self,
        what: &str,
        names: &[&str],
        known: impl Fn(&Environment<'_>, &str) -> bool,
    ) -> Result<(), String> {
        match names.iter().find(|name| !known(self.environment, name)) {
            Some(name) => Err(format!("„{name}“ ist kein bekannter {what}")),
            None => Ok(()),
        }
    }

    fn prove_name(&mut self, a_use: &Use<'_>) -> Result<(), String> {
        let name = a_use.name;
        if name == TIME || self.is_local(name) || a_use.called && self.is_function(name) {
            return Ok(());
        }
        match self.rules {
            Rules::Lenient(_) => self.fields.insert(name.to_owned()),
            Rules::Strict(schema) => self.fields.insert(prove_field(schema, a_use)?),
        };
        Ok(())
    }

    /// Makes names known from here to the end of the block.
    fn give(&mut self, names: impl IntoIterator<Item = String>) {
        if let Some(scope) = self.locals.last_mut() {
            scope.extend(names);
        }
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|scope| scope.contains(name))
    }

    fn is_function(&self, name: &str) -> bool {
        self.environment.globals().any(|(global, _)| global == name)
    }
}

/// The names that are given values: targets of a loop, of an assignment, parameters.
fn given(names: &Expression) -> impl Iterator<Item = String> {
    let uses = names.uses();
    let plain = uses.names.iter().map(|a_use| a_use.name.to_owned());
    let assigned = uses.assigned.iter().map(|name| (*name).to_owned());
    plain.chain(assigned).collect::<Vec<_>>().into_iter()
}

/// The field that a name means, in its own spelling.
fn prove_field(schema: &Schema, a_use: &Use<'_>) -> Result<String, String> {
    let name = a_use.name;
    if let Some((noun, attributes)) = find_noun(schema, name) {
        if let Some(attribute) = a_use.attribute {
            let known = || attributes.iter().map(String::as_str);
            let sound = form(attribute).is_some()
                || attribute.eq_ignore_ascii_case("name")
                || find(known(), attribute).is_some();
            if !sound {
                let forms = FORMS.iter().map(|(form, _)| *form);
                let all = known().chain(["name"]).chain(forms);
                return Err(format!(
                    "„{noun}“ hat kein „{attribute}“{}",
                    nearest(attribute, all)
                ));
            }
        }
        if a_use.deeper {
            let whole = a_use.attribute.unwrap_or_default();
            return Err(format!("„{name}.{whole}“ hat keine weiteren Teile"));
        }
        return Ok(noun.to_owned());
    }
    let Some(field) = find(schema.fields.iter(), name) else {
        let all = schema.nouns.keys().chain(&schema.fields);
        return Err(format!(
            "„{name}“ ist kein bekanntes Feld{}",
            nearest(name, all.map(String::as_str))
        ));
    };
    match a_use.attribute {
        None => Ok(field.clone()),
        Some(attribute) if form(attribute).is_some() => Err(format!(
            "„{field}“ ist ein Text und kennt keine Form „{attribute}“"
        )),
        Some(attribute) => Err(format!("„{field}“ ist ein Text und hat kein „{attribute}“")),
    }
}

fn find_noun<'s>(schema: &'s Schema, name: &str) -> Option<(&'s str, &'s BTreeSet<String>)> {
    let noun = find(schema.nouns.keys(), name)?;
    Some((noun, schema.nouns.get(noun)?))
}

/// The name of this spelling, whatever its case.
fn find<S: AsRef<str>>(mut names: impl Iterator<Item = S>, name: &str) -> Option<S> {
    let name = name.to_lowercase();
    names.find(|known| known.as_ref().to_lowercase() == name)
}

/// A proposal for what was misspelt, as the end of a sentence; else all there is.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let name = name.to_lowercase();
    let known: Vec<&str> = known.collect();
    let best = known
        .iter()
        .map(|known| {
            (
                strsim::damerau_levenshtein(&name, &known.to_lowercase()),
                known,
            )
        })
        .min();
    match best {
        Some((distance, known)) if distance <= 1 + name.chars().count() / 4 => {
            format!("; meinten Sie „{known}“?")
        }
        _ if known.is_empty() => String::new(),
        _ => format!("; möglich sind: {}", known.join(", ")),
    }
}
