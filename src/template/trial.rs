//! A template on trial: a Word file that is on offer to nobody, and need not be meant well.

use std::io::Cursor;
use std::sync::Arc;

use super::file_name::{DEFAULT, EXTENSION, safe};
use super::manifest::Manifest;
use super::names::schema;
use super::{FileName, Motion, Offer, TemplateId, examine, with_felder};
use crate::kommune::Register;
use crate::merge::{Document, Fault, Keep, Rules};

/// The file that says what is known of a motion.
pub const MANIFEST: &str = "template.toml";

/// The most that a Word file on trial may be larger when it is unpacked (bytes): its text, for
/// pictures are packed in themselves. A hundred pages have some five.
const MAX_GROWTH: u128 = 16 << 20;

/// Steps that all samples of a template on trial may take together; those of a motion take some hundred thousand.
const STEPS: u64 = 20_000_000;

/// Bytes that the merged parts of all samples may come to together.
const BYTES: usize = 1 << 30;

/// What there is of a template on trial.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// the Word file's name
    pub name: &'a str,
    /// its bytes
    pub package: &'a [u8],
    /// the [`MANIFEST`] that came with it
    pub manifest: Option<&'a [u8]>,
    /// without one: the motion on offer whose title and further fields are its own
    pub like: Option<&'a Offer>,
}

impl Trial<'_> {
    /// Compiles it as a motion on offer would be, with fewer steps for its samples.
    ///
    /// # Errors
    /// All faults of its `template.toml`; if there are none, those of the document.
    pub fn compile(&self, register: &Register) -> Result<Motion, Vec<Fault>> {
        let manifest = self.manifest(register)?;
        if is_oversized(self.package) {
            let problem = format!(
                "die Datei enthält mehr als {} MiB Text; das ist zu viel für eine Probe per Mail. \
                 Prüfen Sie die Vorlage mit `antragsbote template check`",
                MAX_GROWTH >> 20
            );
            return Err(vec![Fault::new("Word-Datei", problem)]);
        }
        let rules = Rules::Strict(with_felder(schema(register), &manifest.felder));
        let package = self.package.to_vec();
        let compiled = Document::compile_keeping(package, &rules, &manifest.keep, &manifest.title);
        let mut document = compiled?;
        let most = examine::most_samples(&manifest.felder, register).max(1);
        let steps = u64::try_from(most).map_or(0, |samples| STEPS / samples);
        document.allow(steps, BYTES);
        Ok(Motion {
            offer: Offer {
                id: TemplateId("probe".to_owned()),
                title: manifest.title,
                words: manifest.words,
                default: false,
                felder: manifest.felder,
            },
            description: manifest.description,
            file_name: manifest.file_name,
            document: Arc::new(document),
            notes: Vec::new(),
            names: Vec::new(),
        })
    }

    fn manifest(&self, register: &Register) -> Result<Manifest, Vec<Fault>> {
        if let Some(source) = self.manifest {
            return Manifest::read(MANIFEST, source, Some(register));
        }
        let like = self.like;
        let file_name = FileName::compile(DEFAULT);
        Ok(Manifest {
            title: like.map_or_else(|| self.name.to_owned(), |offer| offer.title.clone()),
            description: String::new(),
            words: Vec::new(),
            names: Vec::new(),
            file_name: file_name.map_err(|problem| vec![Fault::new(MANIFEST, problem)])?,
            keep: Keep::default(),
            felder: like.map_or_else(Vec::new, |offer| offer.felder.clone()),
            header: None,
            footer: None,
        })
    }
}

/// Whether its directory tells that a package unpacks to too much; one that cannot be read
/// is told of when it is compiled.
fn is_oversized(package: &[u8]) -> bool {
    let archive = zip::ZipArchive::new(Cursor::new(package)).ok();
    let size = archive.and_then(|archive| archive.decompressed_size());
    let packed = u128::try_from(package.len()).unwrap_or(u128::MAX);
    size.is_some_and(|size| size.saturating_sub(packed) > MAX_GROWTH)
}

/// What the copy of a file is called that carries its faults as comments.
pub fn checked_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{}-geprüft{EXTENSION}", safe(stem))
}

/// What a sample is called whose document would have this name.
pub fn sample_name(file: &str) -> String {
    format!("Probe_{file}")
}
