//! Names as people write them without braces: in guillemets (`«Der Beirat»`), as the tag
//! or title of a content control (`Der_Beirat`). Case is ignored, an underscore is a blank.

use super::{FORMS, find, form};
use crate::merge::expression::call_field;
use crate::merge::{Rules, Schema};

/// Shorter names are one letter away from too many words.
const MIN_MISSPELT: usize = 4;

impl Rules {
    /// The code of the field that stands between guillemets; `None` if it is a quotation.
    ///
    /// Strict rules take a single word for a field that is one typing error away from
    /// one, so that it is told as unknown.
    pub(in crate::merge) fn quoted_field(&self, quoted: &str) -> Option<String> {
        self.field(quoted).or_else(|| {
            let name = plain(quoted);
            let schema = self.strict()?;
            let single = !quoted.trim().contains(char::is_whitespace);
            (single
                && schema
                    .names()
                    .any(|known| is_misspelt(&name, &plain(known))))
            .then(|| call_field(quoted))
        })
    }

    /// The code of the field that a content control of this tag or title shows; `None` if
    /// they are there for something else.
    ///
    /// Strict rules take a tag for a field if it is one typing error away from one, or a
    /// form with a noun that nobody knows, so that it is told as unknown.
    pub(in crate::merge) fn tagged_field(
        &self,
        tag: Option<&str>,
        title: Option<&str>,
    ) -> Option<String> {
        let known = tag.and_then(|tag| self.field(tag));
        let known = known.or_else(|| self.field(title?));
        known.or_else(|| misspelt_tag(self.strict()?, tag?))
    }

    fn strict(&self) -> Option<&Schema> {
        match self {
            Self::Strict(schema) => Some(schema),
            Self::Lenient(_) => None,
        }
    }

    /// The code of a known field: a name, a form of a noun, an attribute.
    fn field(&self, written: &str) -> Option<String> {
        let schema = self.schema();
        let name = plain(written);
        let of_name = |name: &str| schema.names().find(|known| plain(known) == name);
        if let Some(known) = schema
            .names()
            .find(|known| *known == written.trim())
            .or_else(|| of_name(&name))
        {
            return Some(call_field(known));
        }
        if let Some((_, noun)) = name
            .split_once(' ')
            .filter(|(word, _)| form(word).is_some())
        {
            let noun = find(schema.nouns.keys(), noun)?;
            let word = written.trim().split(is_blank).next()?;
            return Some(format!("{word} {noun}"));
        }
        // Word allows no point in the name of a column
        let noun = |of: &str| find(schema.nouns.keys(), of);
        if let Some((of, attribute)) = written.trim().split_once(['.', '_'])
            && let Some(noun) = noun(of)
        {
            let path = format!("{noun}.{}", attribute.to_lowercase());
            let known = schema.attributes().any(|known| known == plain(&path));
            return known.then(|| format!("{noun}.{attribute}"));
        }
        let (of, attribute) = written.trim().split_once('.')?;
        // a member of the caller's data, which may hold anything
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        let known = of_name(&plain(of)).filter(|_| self.strict().is_none())?;
        let mut parts = attribute.split('.');
        let first = format!("{}.{}", call_field(known), parts.next()?);
        let path = parts.fold(first, |path, part| format!("({path}|default({{}})).{part}"));
        attribute.split('.').all(is_name).then_some(path)
    }
}

/// The code that tells what is wrong with a tag that nearly names a field.
fn misspelt_tag(schema: &Schema, tag: &str) -> Option<String> {
    let name = plain(tag);
    let near = |known: String| is_misspelt(&name, &known);
    let of_form = |(word, noun): (&str, &str)| form(word).is_some() && !noun.contains(' ');
    if name.split_once(' ').is_some_and(of_form) || schema.phrases().any(near) {
        return Some(call_field(&tag.replace('_', " ")));
    }
    let mut known = schema.names().map(plain).chain(schema.attributes());
    known.any(near).then(|| call_field(tag))
}

impl Schema {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.nouns.keys().chain(&self.fields).map(String::as_str)
    }

    /// Each noun in each form.
    fn phrases(&self) -> impl Iterator<Item = String> {
        let of_noun = |noun| FORMS.iter().map(move |(form, _)| format!("{form} {noun}"));
        self.nouns.keys().flat_map(of_noun)
    }

    /// Each noun with each attribute.
    fn attributes(&self) -> impl Iterator<Item = String> {
        self.nouns.iter().flat_map(|(noun, attributes)| {
            let forms = FORMS.iter().map(|(form, _)| *form);
            let all = attributes.iter().map(String::as_str).chain(["name"]);
            all.chain(forms)
                .map(move |attribute| plain(&format!("{noun}.{attribute}")))
        })
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '_'
}

/// In small letters, with one blank wherever there are blanks or underscores.
fn plain(name: &str) -> String {
    let words: Vec<&str> = name.split(is_blank).filter(|w| !w.is_empty()).collect();
    words.join(" ").to_lowercase()
}

/// Whether one typing error makes the one of the other.
fn is_misspelt(name: &str, known: &str) -> bool {
    name.chars().count() >= MIN_MISSPELT && strsim::damerau_levenshtein(name, known) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let attributes = ["land", "kreistag"].map(str::to_owned);
        let fields = ["datum", "anfragende_person", "Straße und Nr.", "kunde"];
        Schema {
            nouns: [("kommune".to_owned(), attributes.into())].into(),
            fields: fields.map(str::to_owned).into(),
            ..Schema::default()
        }
    }

    #[test]
    fn known_names_become_code() {
        let rules = Rules::Lenient(schema());
        let cases = [
            ("Kommune", Some("__field(\"kommune\")")),
            (" DATUM\u{a0}", Some("__field(\"datum\")")),
            ("Anfragende Person", Some("__field(\"anfragende_person\")")),
            ("straße_und_nr.", Some("__field(\"Straße und Nr.\")")),
            ("Der Kommune", Some("Der kommune")),
            ("in_kommune", Some("in kommune")),
            ("Kommune.Name", Some("kommune.Name")),
            ("kommune.land", Some("kommune.land")),
            ("kommune.der", Some("kommune.der")),
            ("Kommune_Land", Some("kommune.Land")),
            ("Kommune_der", Some("kommune.der")),
            (
                "Kunde.name.x",
                Some("(__field(\"kunde\").name|default({})).x"),
            ),
            ("kommune.ort", None),
            ("kommune_ort", None),
            ("kunde_name", None),
            ("kommune.name.x", None),
            ("kunde.a-b", None),
            ("der datum", None),
            ("Der Ort", None),
            ("Komune", None),
            ("", None),
            (".", None),
        ];
        for (written, expected) in cases {
            assert_eq!(
                rules.quoted_field(written).as_deref(),
                expected,
                "{written}"
            );
            let tagged = rules.tagged_field(Some(written), None);
            assert_eq!(tagged.as_deref(), expected, "{written}");
            let titled = rules.tagged_field(Some("Kunst"), Some(written));
            assert_eq!(titled.as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn strict_rules_ask_what_is_misspelt() {
        let rules = Rules::Strict(schema());
        let cases = [
            ("Komune", true, true),
            ("kommnue", true, true),
            ("anfragende_persn", true, true),
            ("anfragende persn", false, true),
            ("Dre_Kommune", false, true),
            ("der Ort", false, true),
            ("Der Ort der", false, false),
            ("komune.land", false, true),
            ("Kunst", false, false),
            ("kunde.name", false, false),
            ("Dato", false, false),
        ];
        for (written, quoted, tagged) in cases {
            assert_eq!(rules.quoted_field(written).is_some(), quoted, "{written}");
            let tag = rules.tagged_field(Some(written), None);
            assert_eq!(tag.is_some(), tagged, "{written}");
            assert_eq!(rules.tagged_field(None, Some(written)), None, "{written}");
        }
    }
}
