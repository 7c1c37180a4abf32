//! Fields of a Seriendruck, and of dates, that a merge leaves in the document or takes out
//! without effect (ECMA-376 part 1, 17.16.5): what their author should know of them.

use super::find;
use crate::merge::document::package::access::{Found, gather};
use crate::merge::document::package::parts::Source;
use crate::merge::document::scan::{Home, Kind};
use crate::merge::{Fault, Place};

/// Fields of which the same is to be said.
struct Leftover {
    kinds: &'static [&'static str],
    /// what becomes of them, behind their name
    fate: &'static str,
    remedy: &'static str,
    /// whether it is so only with a mark or another field in them
    only_filled: bool,
}

const DATUM: &str = "schreiben Sie stattdessen {{ datum }}: den Tag, an dem der Antrag entsteht";

const LEFTOVERS: [Leftover; 7] = [
    Leftover {
        kinds: &["ASK", "FILLIN"],
        fate: "bleibt stehen und stellt seine Frage dem, der den fertigen Antrag aktualisiert oder druckt",
        remedy: "nehmen Sie stattdessen ein eigenes Feld, etwa {{ thema }} mit [fields.thema] in \
                 template.toml: danach wird schon in der Mail gefragt",
        only_filled: false,
    },
    Leftover {
        kinds: &["ADDRESSBLOCK", "GREETINGLINE"],
        fate: "wird nicht ausgefüllt: im fertigen Antrag steht, was jetzt zu sehen ist",
        remedy: "löschen Sie es, und schreiben Sie Anschrift oder Anrede aus, etwa: An {{ den Rat }}",
        only_filled: false,
    },
    Leftover {
        kinds: &["DATABASE"],
        fate: "holt seine Tabelle aus einer Datei, die andere nicht haben",
        remedy: "klicken Sie hinein, und machen Sie mit Strg+Umschalt+F9 gewöhnlichen Text daraus",
        only_filled: false,
    },
    Leftover {
        kinds: &["INCLUDETEXT", "INCLUDEPICTURE"],
        fate: "zeigt immer, was jetzt zu sehen ist, was auch im Feld darin steht",
        remedy: "fügen Sie ein, was erscheinen kann, und wählen Sie mit {% if … %} davon aus",
        only_filled: true,
    },
    Leftover {
        kinds: &["NEXT", "NEXTIF", "SKIPIF"],
        fate: "hat keine Wirkung: Ein Antrag ist ein Datensatz",
        remedy: "löschen Sie es; Zeilen einer Tabelle wiederholt {% for … %}",
        only_filled: false,
    },
    Leftover {
        kinds: &["DATE", "TIME"],
        fate: "zeigt, wann jemand das Dokument öffnet, und ändert sich mit jedem Tag",
        remedy: DATUM,
        only_filled: false,
    },
    Leftover {
        kinds: &["CREATEDATE", "SAVEDATE", "PRINTDATE"],
        fate: "zeigt einen Tag aus der Geschichte der Vorlage, bis jemand es aktualisiert",
        remedy: DATUM,
        only_filled: false,
    },
];

/// A note for each kind of such fields, at the first of them.
pub(in crate::merge::document) fn notes(sources: &[Source]) -> Vec<Fault> {
    let mut found: Vec<(&str, &Leftover, Vec<Found>)> = Vec::new();
    for source in sources {
        for (kind, leftover, place) in in_part(source) {
            let one = Found::new(place, "");
            match found.iter_mut().find(|(known, ..)| *known == kind) {
                Some((.., places)) => places.push(one),
                None => found.push((kind, leftover, vec![one])),
            }
        }
    }
    let notes = found.into_iter().filter_map(|(kind, leftover, places)| {
        let what = |_: &str| format!("das Feld {kind} {}", leftover.fate);
        gather(places, what, leftover.remedy)
    });
    notes.collect()
}

/// The leftovers of a part, in the order of their places; what is wrong with a part that
/// cannot be read is told elsewhere.
fn in_part(source: &Source) -> Vec<(&'static str, &'static Leftover, Place)> {
    let has_fields = ["fldChar", "fldSimple"]
        .iter()
        .any(|name| source.text.contains(name));
    let Some(mut scan) = has_fields.then(|| source.scan().ok()).flatten() else {
        return Vec::new();
    };
    let codes = std::mem::take(&mut scan.codes);
    let fields = find::find(codes, &source.text, &scan);
    let place = |begin: usize| {
        let paragraph = scan.ancestor(begin, |element| element.kind == Kind::Paragraph);
        let mut regions = scan.regions.iter();
        let region = regions
            .find(|region| region.home == Home::Paragraph && Some(region.element) == paragraph);
        region.map_or_else(
            || Place::of_part(&source.name),
            |region| region.place_in(&source.name),
        )
    };
    let leftovers = fields.all.iter().filter_map(|field| {
        let code = &field.code.text;
        let word = code.split_whitespace().next()?.to_uppercase();
        let (kind, leftover) = LEFTOVERS.iter().find_map(|leftover| {
            let kind = leftover.kinds.iter().find(|kind| **kind == word)?;
            Some((*kind, leftover))
        })?;
        let is_filled = !field.operands.is_empty() || code.contains("{{");
        (is_filled || !leftover.only_filled).then(|| (kind, leftover, place(field.begin)))
    });
    leftovers.collect()
}
