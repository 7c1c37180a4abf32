//! A trial by mail: an administrator sends a template and gets back what the check finds in
//! it, a copy with comments and a sample. Nothing is installed by it.

use serde_json::{Value, json};

use super::reply::{Desk, one_line, quotable};
use super::{Answer, Decision, Error, Finished, Knowledge, hex, refuse, silent};
use crate::kommune::{Gremium, Kommune};
use crate::mail::{Address, File, Mail};
use crate::merge::{Fault, annotate};
use crate::policy::{Refused, is_same_address};
use crate::template::{
    MANIFEST, Motion, Offer, Trial, Variant, checked_name, distinct, examine, sample_name, typical,
};
use crate::understand::{Topic, wish};
use sha2::{Digest, Sha256};

/// The words of a subject that ask for a trial.
const WORDS: [&str; 2] = ["vorlage", "vorlagen"];

/// The most templates that are tried for one mail.
const MOST_FILES: usize = 3;

/// The most faults, and the most notes, that the reply tells of one file; the copy has them all.
const MOST_LINES: usize = 30;

/// The longest of these lines, in characters.
const LONGEST_LINE: usize = 600;

/// Whether a mail is a trial: its only author is the administrator, its subject has the word,
/// and it carries what may be a template.
pub(super) fn is_asked(mail: &Mail, knowledge: &Knowledge) -> bool {
    let is_admin = |address: &Address| {
        let admin = knowledge.admin.as_deref();
        admin.is_some_and(|admin| is_same_address(admin, &address.email))
    };
    mail.other_authors.is_empty()
        && mail.from.as_ref().is_some_and(is_admin)
        && mail.subject.as_deref().is_some_and(has_word)
        && mail.templates.iter().any(|file| !file.is_manifest())
}

/// Whether one of the words stands by itself: a "Beschlussvorlage" is business of the council.
fn has_word(subject: &str) -> bool {
    subject
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| WORDS.contains(&word.to_lowercase().as_str()))
}

/// Tries the templates of a mail.
pub(super) fn answer(desk: &Desk<'_>) -> Result<Answer, Error> {
    let files = files(desk.mail);
    let context = Context::of(desk);
    let mut tried: Vec<Tried> = files
        .iter()
        .take(MOST_FILES)
        .map(|file| context.try_out(file))
        .collect();
    let documents = tried.iter().filter(|tried| tried.sample.is_some()).count();
    let documents = u32::try_from(documents).unwrap_or(u32::MAX);
    if desk.is_over(documents) {
        return refuse(desk, Refused::RateLimit, true);
    }
    keep_within(desk.knowledge.rules.documents_in_reply, &mut tried);
    name_distinctly(&mut tried);
    let faulty = tried.iter().any(|tried| !tried.faults.is_empty());
    let names: Vec<String> = files.iter().map(|file| quotable(&file.name)).collect();
    let own = json!({
        "dateien": tried.iter().map(Tried::values).collect::<Vec<_>>(),
        "uebrige": files.len().saturating_sub(MOST_FILES),
        "fehlerhaft": faulty,
    });
    let evidence = vec![format!(
        "Die Verwaltung schickt eine Vorlage zur Probe: {}.",
        names.join(", ")
    )];
    let mut finished = Vec::new();
    let mut attached = Vec::new();
    for tried in tried {
        attached.extend(tried.copy);
        if let Some(sample) = tried.sample {
            attached.push((sample.file.clone(), sample.bytes.clone()));
            finished.push(sample);
        }
    }
    let reply = desk.trial(own, attached)?;
    if faulty {
        return Ok(Answer {
            reply,
            evidence,
            ..silent(Decision::Question(vec![Topic::Template]))
        });
    }
    Ok(Answer {
        reply,
        evidence,
        documents: finished,
        ..silent(Decision::Document)
    })
}

/// The files to try: where there are Word packages, these alone; a PDF beside them is their print.
fn files(mail: &Mail) -> Vec<&File> {
    let files = || mail.templates.iter().filter(|file| !file.is_manifest());
    match files().any(File::is_word) {
        true => files().filter(|file| file.is_word()).collect(),
        false => files().collect(),
    }
}

/// What is the same for all templates of a mail.
struct Context<'a> {
    desk: &'a Desk<'a>,
    manifest: Option<&'a [u8]>,
    like: Option<&'a Offer>,
    /// whom the samples are for
    kommune: Option<(&'a Kommune, Gremium)>,
}

impl<'a> Context<'a> {
    fn of(desk: &'a Desk<'a>) -> Self {
        let knowledge = desk.knowledge;
        let register = knowledge.register;
        let manifest = desk.mail.templates.iter().find(|file| file.is_manifest());
        let subject = desk.mail.subject.as_deref().unwrap_or_default();
        let named = wish(&desk.mail.text.new, register)
            .and_then(|wish| Some((register.get(&wish.kommune)?, wish.beirat)));
        let first = || {
            let (kommune, beirat) = typical(register).next()?;
            Some((kommune, beirat.clone()))
        };
        Self {
            desk,
            manifest: manifest.map(|file| file.bytes.as_slice()),
            like: named_offer(subject, knowledge.catalogue.offers()),
            kommune: named.or_else(first),
        }
    }

    /// Checks one template, and merges the sample if it is sound.
    fn try_out(&self, file: &File) -> Tried {
        let mut tried = Tried::new(&file.name);
        let trial = Trial {
            name: &file.name,
            package: &file.bytes,
            manifest: self.manifest,
            like: self.like,
        };
        let register = self.desk.knowledge.register;
        match trial.compile(register) {
            Err(faults) => tried.faults = faults,
            Ok(motion) => {
                let found = examine(&motion, register, &self.desk.occasion());
                tried.samples = found.samples;
                tried.faults = found.faults;
                tried.notes = found.notes;
                if tried.faults.is_empty() {
                    match self.sample(&motion) {
                        Ok(sample) => tried.sample = sample,
                        Err(fault) => tried.faults.push(fault),
                    }
                }
            }
        }
        let told = tried.faults.iter().chain(&tried.notes);
        let told: Vec<Fault> = told
            .filter(|fault| is_of_document(fault))
            .cloned()
            .collect();
        if !told.is_empty() {
            let copy = annotate(&file.bytes, &told).ok();
            tried.copy = copy.map(|bytes| (checked_name(&file.name), bytes));
        }
        tried
    }

    fn sample(&self, motion: &Motion) -> Result<Option<Finished>, Fault> {
        let Some((kommune, beirat)) = &self.kommune else {
            return Ok(None);
        };
        let register = self.desk.knowledge.register;
        let rat = register.rat_of(kommune);
        let occasion = self.desk.occasion();
        let variant = Variant::of(motion, kommune, beirat, &occasion);
        let values = variant.values(motion, register, &occasion);
        let bytes = motion
            .document
            .merge(&values)
            .map_err(|error| Fault::new(error.place, error.problem))?;
        let file = motion.file_name.fill(kommune, &beirat.name, &rat.name);
        Ok(Some(Finished {
            kommune: kommune.schluessel.clone(),
            beirat: beirat.name.clone(),
            rat: rat.name.clone(),
            file: sample_name(&file),
            sha256: hex(&Sha256::digest(&bytes)),
            bytes,
        }))
    }
}

/// Whether a fault is one of the Word file, not of what says more of it.
fn is_of_document(fault: &Fault) -> bool {
    !fault.place.text.starts_with(MANIFEST)
}

/// The motion on offer whose id or title stands in a subject, the longest one.
fn named_offer<'o>(subject: &str, offers: &'o [Offer]) -> Option<&'o Offer> {
    let plain = |text: &str| -> String {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        let lower: Vec<String> = words.map(str::to_lowercase).collect();
        format!(" {} ", lower.join(" "))
    };
    let subject = plain(subject);
    offers
        .iter()
        .flat_map(|offer| [offer.id.as_str(), &offer.title].map(|name| (plain(name), offer)))
        .filter(|(name, _)| !name.trim().is_empty() && subject.contains(name.as_str()))
        .max_by_key(|(name, _)| name.len())
        .map(|(_, offer)| offer)
}

/// What was found in one template.
#[derive(Default)]
struct Tried {
    name: String,
    samples: usize,
    faults: Vec<Fault>,
    notes: Vec<Fault>,
    /// name and bytes of the copy with comments
    copy: Option<(String, Vec<u8>)>,
    sample: Option<Finished>,
    /// whether something was left out for its size
    left_out: bool,
}

impl Tried {
    fn new(name: &str) -> Self {
        Self {
            name: quotable(name),
            ..Self::default()
        }
    }

    /// As the text of the reply names it.
    fn values(&self) -> Value {
        let sample = self.sample.as_ref().map(|sample| sample.file.as_str());
        let copy = self.copy.as_ref().map(|(name, _)| name.as_str());
        json!({
            "name": self.name,
            "proben": self.samples,
            "fehler": lines(&self.faults),
            "weitere": self.faults.len().saturating_sub(MOST_LINES),
            "hinweise": lines(&self.notes),
            "weitere_hinweise": self.notes.len().saturating_sub(MOST_LINES),
            "kopie": copy.unwrap_or_default(),
            "probe": sample.unwrap_or_default(),
            "zu_gross": self.left_out,
        })
    }
}

fn lines(faults: &[Fault]) -> Vec<String> {
    let line = |fault: &Fault| -> String {
        let line = one_line(&fault.to_string());
        line.chars().take(LONGEST_LINE).collect()
    };
    faults.iter().take(MOST_LINES).map(line).collect()
}

/// Leaves out what would make the mail too large: samples last, they are what was asked for.
fn keep_within(mut room: usize, tried: &mut [Tried]) {
    for tried in tried.iter_mut() {
        if let Some(sample) = tried.sample.take() {
            tried.sample = take(&mut room, sample.bytes.len()).then_some(sample);
            tried.left_out |= tried.sample.is_none();
        }
    }
    for tried in tried {
        if let Some(copy) = tried.copy.take() {
            tried.copy = take(&mut room, copy.1.len()).then_some(copy);
            tried.left_out |= tried.copy.is_none();
        }
    }
}

/// Takes so many bytes of the room if there are as many.
fn take(room: &mut usize, bytes: usize) -> bool {
    let rest = room.checked_sub(bytes);
    *room = rest.unwrap_or(*room);
    rest.is_some()
}

/// No two attachments have the same name.
fn name_distinctly(tried: &mut [Tried]) {
    let mut names: Vec<&mut String> = Vec::new();
    for tried in tried {
        names.extend(tried.copy.as_mut().map(|(name, _)| name));
        names.extend(tried.sample.as_mut().map(|sample| &mut sample.file));
    }
    let free = distinct(names.iter().map(|name| (**name).clone()).collect());
    for (name, free) in names.into_iter().zip(free) {
        *name = free;
    }
}
