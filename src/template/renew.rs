//! A catalogue anew: what is broken stays as it was.

use std::collections::BTreeMap;

use super::{Catalogue, Files, MAIL, Motion, TemplateId, called_alike, folders, no_such_default};
use crate::kommune::Register;
use crate::merge::Fault;

/// What cannot be taken up, and why: by the name of a motion's folder, or "mail" for the texts.
pub type Broken = BTreeMap<String, Vec<Fault>>;

impl Catalogue {
    /// The catalogue of these files. A motion that is broken stays as it was in `last`; one
    /// whose folder is gone is no longer on offer, unless that would leave no default motion.
    ///
    /// `broken` holds the folders that could not be read; those with faults are added.
    pub fn renew(
        last: &Self,
        files: &Files,
        default: &TemplateId,
        register: &Register,
        broken: &mut Broken,
    ) -> Self {
        let mut motions = BTreeMap::new();
        let readable: Vec<&str> = folders(files)
            .filter(|folder| !broken.contains_key(*folder))
            .collect();
        for folder in readable {
            match Motion::read(files, folder, default, register) {
                Ok(motion) => {
                    motions.insert(motion.offer.id.clone(), motion);
                }
                Err(faults) => {
                    broken.insert(folder.to_owned(), faults);
                }
            }
        }
        let alike: Vec<_> = called_alike(motions.values())
            .into_iter()
            .map(|(id, fault)| (id.clone(), fault))
            .collect();
        for (id, fault) in alike {
            motions.remove(&id);
            broken
                .entry(id.as_str().to_owned())
                .or_default()
                .push(fault);
        }
        for motion in last.motions() {
            let id = motion.offer.id.as_str();
            if motions.contains_key(&motion.offer.id) {
                continue;
            }
            if !broken.contains_key(id) && has_folder(files, id) {
                broken.insert(id.to_owned(), vec![without_manifest(id)]);
            }
            if broken.contains_key(id) {
                motions.insert(motion.offer.id.clone(), motion.clone());
            }
        }
        let default = if motions.contains_key(default) {
            default
        } else {
            broken
                .entry(default.as_str().to_owned())
                .or_insert_with(|| vec![no_such_default(files, default)]);
            &last.default.offer.id
        };
        let fallback = motions
            .remove(default)
            .unwrap_or_else(|| last.default.clone());
        Self::of(fallback, motions)
    }

    /// The catalogue with one motion taken up anew, or for the first time.
    ///
    /// # Errors
    /// All faults of the motion, or those of names that it shares with another one.
    pub fn renew_one(
        last: &Self,
        files: &Files,
        id: &TemplateId,
        register: &Register,
    ) -> Result<Self, Vec<Fault>> {
        if !folders(files).any(|folder| folder == id.as_str()) {
            return Err(vec![without_manifest(id.as_str())]);
        }
        let default = &last.default.offer.id;
        let motion = Motion::read(files, id.as_str(), default, register)?;
        let mut motions: BTreeMap<TemplateId, Motion> = last
            .motions()
            .map(|motion| (motion.offer.id.clone(), motion.clone()))
            .collect();
        motions.insert(id.clone(), motion);
        let alike = called_alike(motions.values()).into_iter();
        let alike: Vec<Fault> = alike.map(|(_, fault)| fault).collect();
        if !alike.is_empty() {
            return Err(alike);
        }
        let default = motions.remove(default);
        Ok(Self::of(
            default.unwrap_or_else(|| last.default.clone()),
            motions,
        ))
    }

    fn of(mut default: Motion, mut others: BTreeMap<TemplateId, Motion>) -> Self {
        default.offer.default = true;
        for motion in others.values_mut() {
            motion.offer.default = false;
        }
        let mut offers: Vec<_> = std::iter::once(&default)
            .chain(others.values())
            .map(|motion| motion.offer.clone())
            .collect();
        offers.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            default,
            others: others.into_values().collect(),
            offers,
        }
    }

    fn motions(&self) -> impl Iterator<Item = &Motion> {
        std::iter::once(&self.default).chain(&self.others)
    }
}

fn has_folder(files: &Files, id: &str) -> bool {
    let begins = |path: &String| path.split_once('/').is_some_and(|(folder, _)| folder == id);
    files.keys().any(begins) && format!("{id}/") != MAIL
}

fn without_manifest(id: &str) -> Fault {
    let problem = "die Datei template.toml fehlt; legen Sie sie in den Ordner, oder entfernen Sie \
                   den ganzen Ordner, wenn der Antrag nicht mehr angeboten werden soll";
    Fault::new(id, problem)
}

#[cfg(test)]
mod tests;
