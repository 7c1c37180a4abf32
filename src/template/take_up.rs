//! The catalogue of a folder of templates: what is broken stays as it was, or makes requests wait.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Catalogue, Files, MAIL, Motion, Offer, TemplateId, called_alike, folders, manifest,
    no_such_default,
};
use crate::kommune::Register;
use crate::merge::Fault;

/// What cannot be taken up, and why: by the name of a motion's folder, or "mail" for the texts.
pub type Broken = BTreeMap<String, Vec<Fault>>;

impl Catalogue {
    /// The catalogue of these files. A motion that is broken stays as it was in `last`; one that
    /// was never sound can be asked for, as far as its name is known, and not be had. One whose
    /// folder is gone is no longer on offer, unless it is the default one.
    ///
    /// `broken` holds the folders that could not be read; those with faults are added.
    ///
    /// # Errors
    /// If the default motion has no folder, and there is no `last` one.
    pub fn take_up(
        last: Option<&Self>,
        files: &Files,
        default: &TemplateId,
        register: &Register,
        broken: &mut Broken,
    ) -> Result<Self, Fault> {
        let mut motions = sound(files, register, broken);
        for (id, motion) in last.iter().flat_map(|last| &last.motions) {
            if !motions.contains_key(id) && !broken.contains_key(&id.0) && has_folder(files, id) {
                broken.insert(id.0.clone(), vec![without_manifest(id)]);
            }
            if broken.contains_key(&id.0) {
                motions.entry(id.clone()).or_insert_with(|| motion.clone());
            }
        }
        let has_manifest: BTreeSet<&str> = folders(files).collect();
        // a folder that cannot be read may be a motion, whatever else it may be
        let is_motion = |name: &&String| {
            has_manifest.contains(name.as_str()) || TemplateId::parse(name).is_some()
        };
        let mut known: BTreeSet<TemplateId> = broken
            .keys()
            .filter(is_motion)
            .cloned()
            .map(TemplateId)
            .collect();
        known.extend(motions.keys().cloned());
        if !known.contains(default) && has_folder(files, default) {
            broken.insert(default.0.clone(), vec![without_manifest(default)]);
            known.insert(default.clone());
        }
        let mut default = default;
        if !known.contains(default) {
            let missing = no_such_default(files, default);
            let Some(last) = last else {
                return Err(missing);
            };
            broken.insert(default.0.clone(), vec![missing]);
            default = &last.default;
            let stays = last.get(default).cloned();
            motions.extend(stays.map(|motion| (default.clone(), motion)));
            known.insert(default.clone());
        }
        let unsound = known.into_iter().filter(|id| !motions.contains_key(id));
        let unsound = unsound.map(|id| {
            let bytes = files.get(&format!("{}/template.toml", id.0));
            manifest::guess(id, bytes.map_or(&[], Vec::as_slice), register)
        });
        Ok(Self::of(default.clone(), unsound.collect(), motions))
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
            return Err(vec![without_manifest(id)]);
        }
        let motion = Motion::read(files, id.as_str(), register)?;
        let mut motions = last.motions.clone();
        motions.insert(id.clone(), motion);
        let alike: Vec<Fault> = (called_alike(motions.values()).into_iter())
            .map(|(_, fault)| fault)
            .collect();
        if !alike.is_empty() {
            return Err(alike);
        }
        let unsound = last.offers.iter();
        let unsound = unsound.filter(|offer| !motions.contains_key(&offer.id));
        let unsound = unsound.cloned().collect();
        Ok(Self::of(last.default.clone(), unsound, motions))
    }

    fn of(
        default: TemplateId,
        mut offers: Vec<Offer>,
        mut motions: BTreeMap<TemplateId, Motion>,
    ) -> Self {
        let sound = motions.values_mut().map(|motion| &mut motion.offer);
        for offer in offers.iter_mut().chain(sound) {
            offer.default = offer.id == default;
        }
        offers.extend(motions.values().map(|motion| motion.offer.clone()));
        offers.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            default,
            motions,
            offers,
        }
    }
}

/// The motions that are sound; the faults of the others are added to `broken`.
fn sound(files: &Files, register: &Register, broken: &mut Broken) -> BTreeMap<TemplateId, Motion> {
    let mut motions = BTreeMap::new();
    for folder in folders(files) {
        if broken.contains_key(folder) {
            continue;
        }
        match Motion::read(files, folder, register) {
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
        broken.entry(id.0).or_default().push(fault);
    }
    motions
}

fn has_folder(files: &Files, id: &TemplateId) -> bool {
    let begins = |path: &String| {
        path.split_once('/')
            .is_some_and(|(folder, _)| folder == id.0)
    };
    files.keys().any(begins) && format!("{}/", id.0) != MAIL
}

fn without_manifest(id: &TemplateId) -> Fault {
    let problem = "die Datei template.toml fehlt; legen Sie sie in den Ordner, oder entfernen Sie \
                   den ganzen Ordner, wenn der Antrag nicht mehr angeboten werden soll";
    Fault::new(id.as_str(), problem)
}

#[cfg(test)]
mod tests;
