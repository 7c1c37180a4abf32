//! Which parts of a package hold text to merge: content types and relationships
//! (ECMA-376 part 2, 7.2 and 6.5).

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::encoding::{Encoding, decode};
use super::package::Package;
use super::reach::Reach;
use crate::merge::archive::Entry;

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

/// A part that may hold marks.
#[derive(Debug)]
pub(super) struct Source {
    /// its number in the package
    pub(super) index: usize,
    /// its name, for people
    pub(super) name: String,
    pub(super) text: String,
    pub(super) encoding: Encoding,
}

/// The parts of a Word package that may hold marks, the main part first.
pub(super) fn sources(package: &Package) -> Result<Vec<Source>, String> {
    let types = ContentTypes::read(package)?;
    let main = main_part(package)?;
    types.recognise(&main)?;
    let reach = Reach::follow(|owner| relationships(package, owner))?;
    let mut sources = vec![source(
        package,
        package.find(&main).ok_or(MAIN_PART_MISSING)?,
    )?];
    for (index, entry) in package.entries.iter().enumerate() {
        let name = entry.path();
        let is_main = name.eq_ignore_ascii_case(&main);
        let is_merged = |name: &str| match types.of(name) {
            // some programs forget to say what a part is
            "" | "application/xml" | "text/xml" => reach.is_text(name),
            _ => types.is_merged(name) && !reach.is_glossary(name),
        };
        if !is_main && (is_merged(&name) || is_merged(&owner(&name))) {
            sources.push(source(package, index)?);
        }
    }
    Ok(sources)
}

const MAIN_PART_MISSING: &str =
    "der Datei fehlt der Hauptteil (word/document.xml); öffnen und speichern Sie sie in Word neu";

/// Reads a part as text.
fn source(package: &Package, index: usize) -> Result<Source, String> {
    let name = package
        .entries
        .get(index)
        .map(|entry| entry.path())
        .unwrap_or_default();
    let (text, encoding) = decode(&package.content(index)?)
        .ok_or_else(|| format!("{name} ist weder UTF-8 noch UTF-16"))?;
    Ok(Source {
        index,
        name,
        text,
        encoding,
    })
}

/// The part whose relationships this part holds; itself if it holds none.
fn owner(name: &str) -> String {
    match name
        .strip_suffix(".rels")
        .and_then(|name| name.rsplit_once("_rels/"))
    {
        Some((folder, file)) => format!("{folder}{file}"),
        None => name.to_owned(),
    }
}

/// The relationships of a part to others of the package: their types and targets.
fn relationships(package: &Package, owner: &str) -> Result<Vec<(String, String)>, String> {
    let (folder, file) = owner.rsplit_once('/').unwrap_or(("", owner));
    let Some(index) = package.find(&format!("{folder}/_rels/{file}.rels")) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    each_element(package, index, |element| {
        let external = attribute(element, "TargetMode").is_some_and(|mode| mode == "External");
        let (kind, target) = (attribute(element, "Type"), attribute(element, "Target"));
        if let (false, Some(kind), Some(target)) = (external, kind, target) {
            found.push((kind, resolved(folder, &target)));
        }
    })?;
    Ok(found)
}

/// The part that a target means, seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for segment in base.split('/').chain(target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            segment => path.push(segment),
        }
    }
    path.join("/")
}

/// The name of the main part.
fn main_part(package: &Package) -> Result<String, String> {
    let index = package.find("_rels/.rels").ok_or(MAIN_PART_MISSING)?;
    let mut main = None;
    each_element(package, index, |element| {
        if attribute(element, "Type").is_some_and(|kind| kind.ends_with("/officeDocument")) {
            main = main.take().or_else(|| attribute(element, "Target"));
        }
    })?;
    let main = main.ok_or(MAIN_PART_MISSING)?;
    Ok(main
        .trim_start_matches("./")
        .trim_start_matches('/')
        .to_owned())
}

/// The content types of a package.
struct ContentTypes {
    /// by extension
    defaults: BTreeMap<String, String>,
    /// by name, without the leading slash
    overrides: BTreeMap<String, String>,
}

impl ContentTypes {
    fn read(package: &Package) -> Result<Self, String> {
        let index = package.find(CONTENT_TYPES).ok_or_else(|| {
            if package.find("mimetype").is_some() {
                "das ist eine OpenDocument-Datei; speichern Sie sie als „Word-Dokument (.docx)“"
            } else {
                "das ist keine Word-Datei: es fehlt [Content_Types].xml"
            }
        })?;
        let mut types = Self {
            defaults: BTreeMap::new(),
            overrides: BTreeMap::new(),
        };
        each_element(package, index, |element| {
            let Some(kind) = attribute(element, "ContentType") else {
                return;
            };
            if let Some(extension) = attribute(element, "Extension") {
                types.defaults.insert(extension.to_lowercase(), kind);
            } else if let Some(name) = attribute(element, "PartName") {
                types
                    .overrides
                    .insert(name.trim_start_matches('/').to_lowercase(), kind);
            }
        })?;
        Ok(types)
    }

    fn of(&self, name: &str) -> &str {
        let name = name.to_lowercase();
        let extension = name.rsplit('.').next().unwrap_or_default();
        let found = self
            .overrides
            .get(&name)
            .or_else(|| self.defaults.get(extension));
        found.map_or("", String::as_str)
    }

    fn is_merged(&self, name: &str) -> bool {
        let kind = self.of(name);
        let last = kind
            .rsplit_once("wordprocessingml.")
            .or_else(|| kind.rsplit_once('.'));
        last.is_some_and(|(_, last)| MERGED.contains(&last))
    }

    /// Refuses what is no Word document, and macros.
    fn recognise(&self, main: &str) -> Result<(), String> {
        let all = self.overrides.values().chain(self.defaults.values());
        if all
            .clone()
            .any(|kind| kind.contains("macroEnabled") || kind.contains("vbaProject"))
        {
            return Err("die Datei enthält Makros; speichern Sie sie als „Word-Dokument (.docx)“ ohne Makros".to_owned());
        }
        let kind = self.of(main);
        if kind.ends_with("document.main+xml") || kind.ends_with("template.main+xml") {
            return Ok(());
        }
        let what = [
            ("spreadsheetml", "eine Excel-Datei"),
            ("presentationml", "eine PowerPoint-Datei"),
        ];
        match what.iter().find(|(name, _)| kind.contains(name)) {
            Some((_, what)) => Err(format!("das ist {what}, keine Word-Datei")),
            None => Err(format!("der Hauptteil {main} ist kein Word-Text ({kind})")),
        }
    }
}

/// Calls `each` with every element of a part.
fn each_element(
    package: &Package,
    index: usize,
    mut each: impl FnMut(&BytesStart<'_>),
) -> Result<(), String> {
    let source = source(package, index)?;
    let mut reader = Reader::from_str(&source.text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(failure) => {
                return Err(format!("{} ist kein gültiges XML ({failure})", source.name));
            }
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    Some(
        attribute
            .normalized_value(XmlVersion::default())
            .ok()?
            .into_owned(),
    )
}

/// Makes a document of a document template (.dotx).
pub(super) fn make_document(package: &mut Package) -> Result<(), String> {
    let Some(index) = package.find(CONTENT_TYPES) else {
        return Ok(());
    };
    let types = source(package, index)?;
    if !types.text.contains("template.main+xml") {
        return Ok(());
    }
    let text = types.text.replace("template.main+xml", "document.main+xml");
    let mut content = types.encoding.mark().to_vec();
    types.encoding.encode(&text, &mut content);
    if let Some(entry) = package.entries.get_mut(index) {
        *entry = Entry::deflated(&types.name, &content).map_err(|e| e.to_string())?;
    }
    Ok(())
}
