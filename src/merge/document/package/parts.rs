//! What the parts of a package are: content types (ECMA-376 part 2, 7.2), the main part,
//! those that hold text to merge. Changing and removing parts at loading.

use std::collections::BTreeMap;

use super::Package;
use super::encoding::{Encoding, decode};
use super::reach::Reach;
use super::relationships::{self, owner};
use super::tree::{Edits, Tree};
use crate::merge::document::scan::Scan;
use crate::merge::{Fault, Place, xml};

/// The names of content types whose parts may hold marks, behind their common beginning.
const MERGED: [&str; 15] = [
    "document.main+xml",
    "template.main+xml",
    "header+xml",
    "footer+xml",
    "footnotes+xml",
    "endnotes+xml",
    "comments+xml",
    "core-properties+xml",
    "custom-properties+xml",
    "extended-properties+xml",
    "chart+xml",
    "chartex+xml",
    "chartshapes+xml",
    "diagramData+xml",
    "diagramDrawing+xml",
];

const CONTENT_TYPES: &str = "[Content_Types].xml";

/// Tags of a part; a motion of 2,000 pages has about a million.
const MAX_TAGS: usize = 4_000_000;

/// A part as text.
#[derive(Debug)]
pub(in crate::merge::document) struct Source {
    /// its number in the package
    pub(in crate::merge::document) index: usize,
    /// its name, for people
    pub(in crate::merge::document) name: String,
    pub(in crate::merge::document) text: String,
    pub(in crate::merge::document) encoding: Encoding,
}

impl Source {
    /// Its elements.
    pub(super) fn tree(&self) -> Result<Tree<'_>, Fault> {
        Tree::read(&self.text).map_err(|problem| Fault::new(Place::of_part(&self.name), problem))
    }

    /// Its elements, as a merge sees them.
    pub(in crate::merge::document) fn scan(&self) -> Result<Scan, Fault> {
        Scan::read(&self.text).map_err(|problem| Fault::new(Place::of_part(&self.name), problem))
    }
}

/// A fault of the package as a whole.
pub(in crate::merge::document) fn whole(problem: impl Into<String>) -> Fault {
    Fault::new("Word-Datei", problem)
}

/// The parts of a Word package that may hold marks, the main part first.
pub(super) fn sources(package: &Package, types: &ContentTypes) -> Result<Vec<Source>, Fault> {
    let reach = Reach::read(package)?;
    let main = types.main_part(package)?;
    let main_part = main.index;
    let mut sources = vec![main];
    for (index, entry) in package.entries.iter().enumerate() {
        let name = entry.path();
        let is_merged = |name: &str| match types.of(name) {
            // some programs forget to say what a part is
            "" | "application/xml" | "text/xml" => reach.is_text(name),
            _ => types.is_merged(name) && !reach.is_glossary(name),
        };
        if index != main_part && (is_merged(&name) || is_merged(&owner(&name))) {
            sources.push(source(package, index)?);
        }
    }
    Ok(sources)
}

const MAIN_PART_MISSING: &str =
    "der Datei fehlt der Hauptteil (word/document.xml); öffnen und speichern Sie sie in Word neu";

/// Reads a part as text.
pub(in crate::merge::document) fn source(package: &Package, index: usize) -> Result<Source, Fault> {
    let name = package.entries.get(index).map(|entry| entry.path());
    let name = name.unwrap_or_default();
    let content = package.content(index).map_err(whole)?;
    let decoded = decode(&content);
    let (text, encoding) = decoded.ok_or_else(|| {
        Fault::new(
            Place::of_part(&name),
            "der Text ist weder UTF-8 noch UTF-16, oder anders geschrieben, als er sagt; \
             öffnen und speichern Sie die Datei in Word neu",
        )
    })?;
    if text.bytes().filter(|byte| *byte == b'<').count() > MAX_TAGS {
        let problem = format!("das sind zu viele Elemente; erlaubt sind {MAX_TAGS} Tags");
        return Err(Fault::new(Place::of_part(&name), problem));
    }
    Ok(Source {
        index,
        name,
        text,
        encoding,
    })
}

/// Edits a part; without edits it stays as it is, byte for byte.
pub(super) fn rewrite(
    package: &mut Package,
    index: usize,
    edit: impl FnOnce(&Tree<'_>) -> Edits,
) -> Result<(), Fault> {
    let source = source(package, index)?;
    if let Some(text) = edit(&source.tree()?).apply(&source.text) {
        package.replace(index, &text, source.encoding);
    }
    Ok(())
}

/// Removes a part together with its relationships and its content type.
pub(super) fn remove(package: &mut Package, name: &str) -> Result<(), Fault> {
    package.remove(name);
    relationships::remove(package, name, |_| true)?;
    remove_types(package, |tree, node| {
        tree.attribute(node, "PartName")
            .is_some_and(|part| part.trim_start_matches('/').eq_ignore_ascii_case(name))
    })
}

/// Says of a part what it is, unless that is said.
pub(super) fn declare(package: &mut Package, name: &str, kind: &str) -> Result<(), Fault> {
    if ContentTypes::read(package)?.of(name) == kind {
        return Ok(());
    }
    let Some(index) = package.find(CONTENT_TYPES) else {
        return Ok(());
    };
    rewrite(package, index, |tree| {
        let w = tree.prefix(0);
        let name = xml::escape(name);
        let mut edits = Edits::default();
        let part = format!("<{w}Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
        edits.append(tree, 0, &part);
        edits
    })
}

/// Removes declarations of content types.
pub(super) fn remove_types(
    package: &mut Package,
    unwanted: impl Fn(&Tree<'_>, usize) -> bool,
) -> Result<(), Fault> {
    let Some(index) = package.find(CONTENT_TYPES) else {
        return Ok(());
    };
    rewrite(package, index, |tree| {
        let mut edits = Edits::default();
        for (number, node) in tree.nodes.iter().enumerate() {
            if unwanted(tree, number) {
                edits.remove(node.whole());
            }
        }
        edits
    })
}

/// The content types of a package.
pub(in crate::merge::document) struct ContentTypes {
    /// the name of the main part
    main: String,
    /// by extension
    defaults: BTreeMap<String, String>,
    /// by name, without the leading slash
    overrides: BTreeMap<String, String>,
}

impl ContentTypes {
    /// Reads what the parts are; refuses what is no Word document, and macros.
    pub(in crate::merge::document) fn read(package: &Package) -> Result<Self, Fault> {
        let index = package.find(CONTENT_TYPES).ok_or_else(|| {
            whole(if package.find("mimetype").is_some() {
                "das ist eine OpenDocument-Datei; speichern Sie sie als „Word-Dokument (.docx)“"
            } else {
                "das ist keine Word-Datei: es fehlt [Content_Types].xml"
            })
        })?;
        let mut types = Self {
            main: String::new(),
            defaults: BTreeMap::new(),
            overrides: BTreeMap::new(),
        };
        let source = source(package, index)?;
        let tree = source.tree()?;
        for node in 0..tree.nodes.len() {
            let Some(kind) = tree.attribute(node, "ContentType") else {
                continue;
            };
            if let Some(extension) = tree.attribute(node, "Extension") {
                types.defaults.insert(extension.to_lowercase(), kind);
            } else if let Some(name) = tree.attribute(node, "PartName") {
                let name = name.trim_start_matches('/').to_lowercase();
                types.overrides.insert(name, kind);
            }
        }
        types.main = main_part(package)?;
        types.recognise(package).map_err(whole)?;
        Ok(types)
    }

    /// The main part, as text.
    pub(in crate::merge::document) fn main_part(&self, package: &Package) -> Result<Source, Fault> {
        let main = package.find(&self.main);
        source(package, main.ok_or_else(|| whole(MAIN_PART_MISSING))?)
    }

    pub(super) fn of(&self, name: &str) -> &str {
        let name = name.to_lowercase();
        let extension = name.rsplit('.').next().unwrap_or_default();
        let found = self
            .overrides
            .get(&name)
            .or_else(|| self.defaults.get(extension));
        found.map_or("", String::as_str)
    }

    /// The parts whose content type ends like this.
    pub(super) fn parts(&self, package: &Package, ending: &str) -> Vec<usize> {
        let names = package.entries.iter().map(|entry| entry.path()).enumerate();
        names
            .filter(|(_, name)| self.of(name).ends_with(ending))
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether this part is WordprocessingML, text or not.
    pub(super) fn is_word(&self, name: &str) -> bool {
        let kind = self.of(name);
        let family = kind.contains("wordprocessingml.") || kind.contains("vnd.ms-word.");
        family && kind.ends_with("+xml")
    }

    fn is_merged(&self, name: &str) -> bool {
        let kind = self.of(name);
        let last = kind
            .rsplit_once("wordprocessingml.")
            .or_else(|| kind.rsplit_once('.'));
        last.is_some_and(|(_, last)| MERGED.contains(&last))
    }

    fn recognise(&self, package: &Package) -> Result<(), String> {
        let mut all = self.overrides.values().chain(self.defaults.values());
        let is_macro = |kind: &String| {
            let kind = kind.to_lowercase();
            kind.contains("macroenabled") || kind.contains("vbaproject")
        };
        if all.any(is_macro) || relationships::has_macros(package) {
            return Err("die Datei enthält Makros; speichern Sie sie als „Word-Dokument (.docx)“ ohne Makros".to_owned());
        }
        if package.find(&self.main).is_none() {
            return Err(MAIN_PART_MISSING.to_owned());
        }
        let kind = self.of(&self.main);
        if kind.ends_with("document.main+xml") || kind.ends_with("template.main+xml") {
            return Ok(());
        }
        let what = [
            ("spreadsheetml", "eine Excel-Datei"),
            ("presentationml", "eine PowerPoint-Datei"),
        ];
        match what.iter().find(|(name, _)| kind.contains(name)) {
            Some((_, what)) => Err(format!("das ist {what}, keine Word-Datei")),
            None => Err(format!(
                "der Hauptteil {} ist kein Word-Text ({kind})",
                self.main
            )),
        }
    }
}

/// The name of the main part.
fn main_part(package: &Package) -> Result<String, Fault> {
    let relationships = relationships::read(package, "")?;
    let main = relationships
        .iter()
        .find(|relationship| relationship.is("officeDocument"));
    let main = main.and_then(|main| main.part(""));
    main.ok_or_else(|| whole(MAIN_PART_MISSING))
}

/// Makes a document of a document template (.dotx).
pub(super) fn make_document(package: &mut Package) -> Result<(), Fault> {
    let Some(index) = package.find(CONTENT_TYPES) else {
        return Ok(());
    };
    let types = source(package, index)?;
    if types.text.contains("template.main+xml") {
        let text = types.text.replace("template.main+xml", "document.main+xml");
        package.replace(index, &text, types.encoding);
    }
    Ok(())
}
