//! `template check`: whether the templates are sound.

use super::{faulty, motion_folder, take_up};
use crate::cli::exit::Failure;
use crate::cli::{print, render};
use crate::config::{self, Config};
use crate::merge::Fault;
use crate::template::{Catalogue, TemplateId, Texts, examine};

/// Compiles the templates and merges a sample of each kind; all that is wrong at once.
pub(super) fn check(config: &Config, only: Option<&str>) -> Result<(), Failure> {
    let mut files = config::load_files(config)?;
    let mut default = config.default_template.clone();
    if let Some(id) = only {
        motion_folder(&files, id)?;
        files.retain(|path, _| path.split('/').next() == Some(id));
        default = TemplateId::parse(id).unwrap_or(default);
    }
    let register = config::load_register(config)?;
    let catalogue = Catalogue::read(&files, &default, register);
    let catalogue = catalogue.map_err(|faults| faulty(config, faults))?;
    Texts::read(&files, register).map_err(|faults| faulty(config, faults))?;
    let mut lines = String::new();
    let mut faults = Vec::new();
    for offer in catalogue.offers() {
        let Some(motion) = catalogue.get(&offer.id) else {
            continue;
        };
        let id = offer.id.as_str();
        let found = examine(motion, register, &render::occasion());
        if found.faults.is_empty() {
            lines.push_str(&format!("✓ {id}: {} Probedokumente\n", found.samples));
        }
        for note in found.notes {
            lines.push_str(&format!("! {id}: {note}\n"));
        }
        let of_motion = |fault: Fault| Fault::new(fault.place.within(id), fault.problem);
        faults.extend(found.faults.into_iter().map(of_motion));
    }
    print(lines)?;
    if faults.is_empty() {
        let offers = catalogue.offers().iter();
        let sound: Vec<String> = offers.map(|offer| offer.id.as_str().to_owned()).collect();
        take_up::offer(config, &sound)
    } else {
        Err(faulty(config, faults))
    }
}
