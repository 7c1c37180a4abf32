//! Every name of the register is found in every form.

use std::collections::HashMap;

use super::*;
use crate::kommune::{Nearness, Register};

/// The ways to write a name that people use, without those that take something away from it.
fn written_forms(kommune: &Kommune) -> Vec<String> {
    let name = kommune.name.as_str();
    let ascii = |text: &str, pairs: &[(&str, &str)]| {
        let replaced = pairs.iter();
        replaced.fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let written_out = [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("Ä", "Ae"),
        ("Ö", "Oe"),
        ("Ü", "Ue"),
        ("ß", "ss"),
    ];
    let undotted = [
        ("ä", "a"),
        ("ö", "o"),
        ("ü", "u"),
        ("Ä", "A"),
        ("Ö", "O"),
        ("Ü", "U"),
        ("ß", "ss"),
    ];
    let in_full = [
        ("a.d.", "an der "),
        ("a. d. ", "an der "),
        ("i.d.", "in der "),
        ("v.d.", "vor der "),
        ("OPf.", "Oberpfalz"),
        ("St. ", "Sankt "),
    ];
    let dotted = [
        (" an der ", " a.d. "),
        (" am ", " a. "),
        (" ob der ", " o.d."),
        (" in der ", " i.d."),
        (" im ", " i."),
        (" bei ", " b. "),
        ("Sankt ", "St. "),
    ];
    let mut forms = vec![name.to_owned(), kommune.title(), name.to_uppercase()];
    forms.push(ascii(name, &written_out));
    forms.push(ascii(name, &undotted));
    forms.push(ascii(name, &in_full));
    forms.push(ascii(name, &dotted));
    forms.push(name.replace('-', " "));
    forms.push(name.replace(" am ", "-am-").replace(" an der ", "-an-der-"));
    forms.push(name.replace(" (", "/").replace(')', ""));
    forms.push(name.replace(" (", " ").replace(')', ""));
    forms.push(name.replace(". ", "."));
    forms.push(name.replace('.', ". ").trim_end().to_owned());
    forms.push(format!("{name} ({})", kommune.land.name()));
    if let Some(plz) = &kommune.plz {
        forms.push(format!("{plz} {name}"));
        forms.push(format!("{name}, {plz}"));
    }
    for (long, short) in [("Groß ", "Gr. "), ("Klein ", "Kl. "), ("Bad ", "Bd. ")] {
        let rest = name.strip_prefix(long);
        forms.extend(rest.map(|rest| format!("{short}{rest}")));
    }
    if name.len() > 2
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_uppercase())
        && !name.ends_with(['s', 'x', 'z'])
    {
        forms.push(format!("{name}s"));
    }
    forms.sort();
    forms.dedup();
    forms
}

#[test]
fn every_written_form_finds_its_bearer() {
    let register = Register::built_in();
    let (mut count, mut lost) = (0, Vec::new());
    for kommune in register.kommunen() {
        for form in written_forms(kommune) {
            // the genitive of Badem is Bad Ems in one word
            if form == "Badems" {
                continue;
            }
            count += 1;
            let found = register.find(&form);
            let own = found.iter().find(|candidate| candidate.kommune == kommune);
            let best =
                |nearness: Nearness<'_>| matches!(nearness, Nearness::Name | Nearness::Spelling);
            if !own.is_some_and(|candidate| best(candidate.nearness)) {
                lost.push(format!(
                    "{} {form}: {:?}",
                    kommune.schluessel.as_str(),
                    found
                        .iter()
                        .map(|f| (&f.kommune.name, f.nearness))
                        .take(3)
                        .collect::<Vec<_>>()
                ));
            }
        }
    }
    let some: Vec<_> = lost.iter().take(80).collect();
    assert!(lost.is_empty(), "{} of {count} lost: {some:#?}", lost.len());
}

#[test]
fn every_form_of_the_index_finds_its_bearer() {
    let register = Register::built_in();
    let mut bearers: HashMap<String, Vec<&Kommune>> = HashMap::new();
    let mut written = Vec::new();
    for kommune in register.kommunen() {
        for form in of_kommune(kommune) {
            let text = match &form.addition {
                Some(addition) => format!("{} ({addition})", form.base),
                None => form.base.clone(),
            };
            bearers.entry(form.base.clone()).or_default().push(kommune);
            written.push((kommune, form, text));
        }
    }
    let mut wrong = Vec::new();
    for (kommune, form, text) in &written {
        let found = register.find(text);
        let alone = bearers[&form.base].iter().all(|other| other == kommune);
        let is_found = found.iter().any(|candidate| candidate.kommune == *kommune);
        // a name that is one wins over a spelling that is not
        let hidden = form.bond != Bond::Name && !alone;
        if !(is_found || hidden) || alone && found.len() != 1 {
            wrong.push(format!(
                "{} {text} {:?}: {:?}",
                kommune.name,
                form.bond,
                found
                    .iter()
                    .map(|f| (&f.kommune.name, f.nearness))
                    .take(3)
                    .collect::<Vec<_>>()
            ));
        }
    }
    let some: Vec<_> = wrong.iter().take(80).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong: {some:#?}",
        wrong.len(),
        written.len()
    );
}

#[test]
fn every_old_name_finds_its_successors() {
    let register = Register::built_in();
    for old in &register.former {
        for spelling in [old.name.clone(), fold(&old.name)] {
            let found = register.find(&spelling);
            // another bears the name today
            let lives_on = found
                .iter()
                .all(|candidate| candidate.nearness == Nearness::Name);
            for successor in &old.successors {
                let own = found
                    .iter()
                    .find(|candidate| candidate.kommune.schluessel == *successor);
                assert!(own.is_some() || lives_on, "{spelling}: {found:?}");
            }
            assert!(
                !old.successors.is_empty() && !found.is_empty(),
                "{spelling}"
            );
        }
    }
}
