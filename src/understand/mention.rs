//! What a sentence does with what it names, other than asking for it: it denies, corrects,
//! compares, tells of others, or says where somebody lives.

use std::ops::Range;

use super::bodies::Body;
use super::evidence::{Sign, Signs};
use super::lexicon;
use super::places::{Aside, Place};
use super::text::Text;
use crate::kommune::{Case, Gap, Kind};

/// Whether the sentence tells what others did or what is done already, and asks for nothing.
pub(super) fn reports(text: &Text<'_>, i: usize) -> bool {
    is_of_others(text, i) || is_done(text, i) || is_heard_from(text, i) || is_model(text, i)
}

/// "Der Beirat in Passau hat den Antrag eingereicht."
fn is_of_others(text: &Text<'_>, i: usize) -> bool {
    let sentence = text.sentence(i);
    (text.any(sentence.clone(), lexicon::reports) || is_before(text, &sentence))
        && text.any(sentence.clone(), lexicon::is_perfect)
        && !is_resolved(text, &sentence)
        && !text.any(sentence, |word| {
            lexicon::requests(word) || matches!(word, "wir" | "unser" | "unsere" | "ich")
        })
}

/// "Der Beirat hat beschlossen, den Antrag einzubringen": what is still to be done.
fn is_resolved(text: &Text<'_>, sentence: &Range<usize>) -> bool {
    let resolved = sentence.clone().find(|&i| {
        matches!(
            text.words.word(i),
            "beschlossen" | "entschieden" | "vereinbart" | "entschlossen"
        )
    });
    let to_do = |word: &str| {
        word == "zu"
            || word.ends_with("en") && word.get(2..).is_some_and(|rest| rest.contains("zu"))
    };
    resolved.is_some_and(|i| text.any(i + 1..sentence.end, to_do))
        && !is_followed_by_us(text, sentence.end)
}

/// "… Das wollen wir, der Ausländerbeirat Wetzlar, auch.": then it was others who resolved.
fn is_followed_by_us(text: &Text<'_>, from: usize) -> bool {
    const REACH: usize = 60;
    (from..text.words.len().min(from + REACH)).any(|i| {
        matches!(
            text.words.word(i),
            "wir" | "ich" | "unser" | "unserem" | "unseren"
        ) && text.any(i + 1..i + 5, |word| {
            word.ends_with("beirat") || word.ends_with("beirats") || word.ends_with("srat")
        })
    })
}

/// "liegt uns vor"
fn is_before(text: &Text<'_>, sentence: &Range<usize>) -> bool {
    text.any(sentence.clone(), |word| {
        matches!(word, "liegt" | "lag" | "liegen")
    }) && text.any(sentence.clone(), |word| word == "vor")
}

/// "In Fürth schneit es.": a sentence of some length without a body, a wish or a word for a place.
pub(super) fn is_idle(text: &Text<'_>, start: usize, named: impl Fn(usize) -> bool) -> bool {
    let sentence = text.sentence(start);
    sentence.len() > 4
        && !sentence.clone().any(named)
        && !text.any(sentence, |word| {
            lexicon::requests(word)
                || lexicon::is_called_motion(word)
                || lexicon::is_of_motions(word)
                || Kind::of(word).is_some()
                || lexicon::is_label(word)
                || matches!(word, "geht" | "betrifft" | "handelt" | "sondern")
        })
}

/// "Wir kommen aus Fürth."
pub(super) fn is_home(text: &Text<'_>, preposition: usize) -> bool {
    let words = &text.words;
    let from = text
        .clause(preposition)
        .start
        .max(preposition.saturating_sub(3));
    matches!(words.word(preposition), "aus" | "in" | "von")
        && text.any(from..preposition, |word| {
            matches!(word, "kommen" | "komme" | "sind" | "bin" | "hallo" | "gott")
        })
        && text.any(from..preposition, |word| {
            matches!(word, "wir" | "ich" | "hallo" | "gott")
        })
}

/// "Für Fürth haben wir ihn schon", but not "wir haben schon einen Ausländerbeirat".
fn is_done(text: &Text<'_>, i: usize) -> bool {
    let clause = text.clause(i);
    let got = text.any(clause.start..i, |word| {
        matches!(word, "fuer" | "fur" | "for")
    }) && text.any(clause.start..i, lexicon::is_called_motion)
        && text.any(clause.clone(), |word| {
            matches!(word, "erhalten" | "bekommen")
        })
        && !text.any(clause.clone(), |word| {
            matches!(word, "nicht" | "nie" | "koennen")
        });
    if got && !text.any(clause.clone(), lexicon::requests) {
        return true;
    }
    text.any(clause.clone(), |word| matches!(word, "schon" | "bereits"))
        && text.any(clause.clone(), lexicon::is_perfect)
        && !text.any(clause, |word| {
            lexicon::requests(word) || matches!(word, "einen" | "ein" | "eine" | "seit")
        })
}

/// "den Antrag des Beirats Regensburg als Vorlage"
fn is_model(text: &Text<'_>, i: usize) -> bool {
    let clause = text.clause(i);
    let motion = (clause.start..i)
        .rev()
        .take_while(|&at| !matches!(text.words.word(at), "fuer" | "fur" | "for"))
        .any(|at| lexicon::is_of_motions(text.words.word(at)));
    motion && (i..clause.end).any(|at| lexicon::is_as_model(text.words.joined(at..at + 2)))
}

/// "Ich habe vom Ausländerbeirat Gießen davon gehört."
fn is_heard_from(text: &Text<'_>, i: usize) -> bool {
    let clause = text.clause(i);
    let near = clause.start.max(i.saturating_sub(7))..i;
    let from = near.into_iter().rev().find(|&at| {
        matches!(text.words.word(at), "von" | "vom" | "durch") && text.words.word(at + 1) != "dem"
    });
    let sent = text.any(clause.clone(), |word| matches!(word, "sie" | "ihr" | "du"))
        && text.any(clause.clone(), |word| matches!(word, "mir" | "uns"))
        && text.any(clause.clone(), lexicon::is_perfect);
    let of_us = |at: usize| matches!(text.words.word(at.saturating_sub(1)), "wir" | "ich" | "uns");
    (sent || from.is_some_and(|at| !of_us(at)))
        && text.any(clause.clone(), lexicon::is_hearsay)
        && !text.any(clause, lexicon::requests)
}

/// "nicht für Fürth, sondern …", "brauchen wir nicht"; for "statt" the first name behind it.
pub(super) fn is_denied(text: &Text<'_>, start: usize, end: usize) -> bool {
    let clause = text.clause(start);
    let words = &text.words;
    let mut denied = false;
    for i in clause.start..start {
        denied &= !words.gap(i).has(Gap::CLOSE);
        match words.word(i) {
            "nicht" if denies(text, i, start) => denied = true,
            "kein" | "keinen" | "keine" | "keinesfalls" | "not" => denied = true,
            "ohne" if start - i <= 3 => denied = true,
            "sondern" | "aber" | "but" | "dafuer" => denied = false,
            _ => {}
        }
    }
    denied && !words.gap(start).has(Gap::CLOSE) || is_denied_behind(text, end)
}

/// Whether a "nicht" at `i` belongs to what follows: "nicht für Fürth", but not "nicht gefunden"
/// nor "könnten Sie nicht den Antrag für Fürth schicken?".
fn denies(text: &Text<'_>, i: usize, start: usize) -> bool {
    let words = &text.words;
    let next = words.word(i + 1);
    if next == "nur" || words.word(i.saturating_sub(1)) == "noch" {
        return false;
    }
    let polite = text.any(text.sentence(i), lexicon::is_polite)
        && words.between(text.sentence(i).end).contains('?');
    let leads = i + 1 == start
        || lexicon::is_glue(next)
        || lexicon::is_article(next)
        || Kind::of(next).is_some()
        || matches!(
            next,
            "an" | "mehr" | "um" | "etwa" | "zustaendig" | "gemeint" | "bei"
        )
        || words.is_capital(i + 1);
    leads && !polite
}

fn is_denied_behind(text: &Text<'_>, end: usize) -> bool {
    let words = &text.words;
    let clause = end..text.clause(end.saturating_sub(1)).end;
    clause.clone().any(|i| {
        words.word(i) == "nicht"
            && i + 2 >= clause.end
            && !lexicon::lags_behind(words.word(i + 1))
            && (i == end && i + 1 == clause.end && !words.gap(i).has(Gap::OPEN)
                || i == end + 1 && i + 1 == clause.end && lexicon::softens_not(words.word(end))
                || i > end
                    && text.any(end..i + 2, |word| {
                        lexicon::is_needed(word)
                            || matches!(word, "gilt" | "gemeint" | "dabei" | "bitte")
                    }))
    })
}

/// "statt Fürth Erlangen": the word at `i`, if it puts what follows aside.
pub(super) fn instead(text: &Text<'_>, start: usize) -> Option<usize> {
    let clause = text.clause(start);
    (clause.start.max(start.saturating_sub(4))..start)
        .rev()
        .find(|&i| {
            matches!(
                text.words.word(i),
                "statt" | "anstatt" | "anstelle" | "instead"
            )
        })
}

/// How far a correction before the word `start` reaches back: "Fürth, Quatsch, Erlangen".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Correction {
    /// to the name before it
    Last,
    /// to all before it: "Korrektur: Erlangen"
    All,
}

/// The correction that a name follows, if any.
pub(super) fn correction(text: &Text<'_>, start: usize) -> Option<Correction> {
    let words = &text.words;
    let from = start.saturating_sub(6);
    let all = (from..start)
        .any(|i| (i + 1..=start.min(i + 3)).any(|end| lexicon::corrects_all(words.joined(i..end))));
    if all {
        return Some(Correction::All);
    }
    let near = start.saturating_sub(4)..start;
    let last = near.into_iter().any(|i| {
        (i + 1..=start.min(i + 2)).any(|end| {
            lexicon::corrects(words.joined(i..end))
                && (end..start).all(|at| {
                    let word = words.word(at);
                    lexicon::is_glue(word)
                        || lexicon::corrects(word)
                        || Kind::of(word).is_some()
                        || matches!(word, "doch" | "lieber" | "natuerlich")
                })
        })
    });
    last.then_some(Correction::Last)
}

/// "Ich hatte den Antrag für Fürth bestellt, das war ein Versehen."
pub(super) fn is_mistaken(text: &Text<'_>, start: usize) -> bool {
    let sentence = text.sentence(start);
    text.any(sentence.clone(), lexicon::is_mistake)
        && !text.any(sentence.start..start, |word| {
            matches!(word, "sondern" | "statt" | "richtig" | "nun" | "jetzt")
        })
        && correction(text, start).is_none()
}

/// Where somebody lives, works, meets or comes from; "für Fürth" is not meant so.
pub(super) fn is_somewhere(text: &Text<'_>, start: usize) -> bool {
    let clause = text.clause(start);
    text.any(clause.clone(), lexicon::lives) || is_event(text, start, clause.start)
}

/// "die Tagung am 3. Mai in Kassel"
fn is_event(text: &Text<'_>, start: usize, from: usize) -> bool {
    let words = &text.words;
    let mut located = false;
    for i in (from.max(start.saturating_sub(7))..start).rev() {
        let word = words.word(i);
        if lexicon::is_event(word) || lexicon::is_named_after_places(word) {
            // "das Forum der Stadt Fürth" is a body
            let owned = lexicon::is_kind_of_body(word) && words.word(i + 1) == "der";
            return located && !owned;
        }
        let between = lexicon::is_preposition(word)
            || lexicon::is_article(word)
            || lexicon::is_glue(word)
            || lexicon::is_month(word)
            || matches!(
                word,
                "bei" | "nahe" | "letzte" | "letzten" | "naechste" | "naechsten" | "woche" | "jahr"
            )
            || words.case(i) == Case::Digits;
        if !between || matches!(word, "fuer" | "fur" | "for") {
            return false;
        }
        located |= matches!(word, "in" | "im" | "bei" | "nach" | "zu" | "aus" | "der");
    }
    false
}

/// "Danke für den Antrag für Fürth"
pub(super) fn is_thanked(text: &Text<'_>, start: usize) -> bool {
    let words = &text.words;
    let sentence = text.sentence(start);
    let thanked = (sentence.start..start).any(|i| {
        lexicon::thanks(words.word(i))
            && (i + 1..start.min(i + 4)).any(|at| matches!(words.word(at), "fuer" | "fur" | "for"))
    });
    thanked
        && !text.any(sentence.clone(), lexicon::requests)
        && !text.any(sentence, |word| {
            matches!(word, "voraus" | "vorab" | "advance")
        })
}

/// "südlich von Fürth", "20 km von Fürth", "ein Ort bei Fürth", "Fürth ist nicht weit"
pub(super) fn is_near(text: &Text<'_>, start: usize, end: usize) -> bool {
    let words = &text.words;
    let clause = text.clause(start);
    let mut i = start;
    while i > clause.start && start - i < 3 {
        let word = words.word(i - 1);
        if lexicon::is_beside(word) && (word != "bei" || i == start) {
            return true;
        }
        if !matches!(word, "von" | "vom" | "der" | "um" | "dem") {
            break;
        }
        i -= 1;
    }
    let behind = end..clause.end.min(end + 4);
    text.any(behind, |word| {
        matches!(word, "weit" | "entfernt" | "benachbart")
    })
}

/// "Zülpich folgt später", "Zülpich hat abgesagt"
pub(super) fn is_later(text: &Text<'_>, start: usize, end: usize) -> bool {
    let clause = text.clause(start);
    text.any(end..clause.end, lexicon::is_later) && !text.any(clause, lexicon::requests)
}

/// "ggf. Zülpich", "eventuell auch für Zülpich"
pub(super) fn is_perhaps(text: &Text<'_>, start: usize) -> bool {
    let from = text.clause(start).start.max(start.saturating_sub(4));
    (from..start).any(|i| {
        lexicon::is_perhaps(text.words.word(i))
            && (i + 1..start).all(|at| {
                let word = text.words.word(at);
                lexicon::is_glue(word) || word == "auch" || word == "noch"
            })
    })
}

/// "wie in Fürth", "zum Beispiel Fürth", "damals für Fürth"
pub(super) fn is_compared(text: &Text<'_>, start: usize, reach: usize) -> bool {
    let clause = text.clause(start);
    text.any(
        clause.start.max(start.saturating_sub(reach))..start,
        lexicon::compares,
    ) || text.any(clause.start.max(start.saturating_sub(3))..start, |word| {
        word == "wie"
    })
}

/// "unser Kollege aus Fürth", "Grüße aus Fürth", "der Antrag aus Fürth"
pub(super) fn is_mentioned(text: &Text<'_>, start: usize) -> bool {
    let clause = text.clause(start);
    let of_others = start > clause.start + 1
        && matches!(text.words.word(start - 1), "aus" | "von")
        && lexicon::is_of_motions(text.words.word(start - 2));
    of_others
        || text.any(
            clause.start.max(start.saturating_sub(6))..start,
            lexicon::only_mentions,
        )
}

/// A postal code and a place beside a street, or in a line of several cells.
pub(super) fn is_letterhead(text: &Text<'_>, place: &Range<usize>) -> bool {
    let words = &text.words;
    if words.case(place.start) != Case::Digits {
        return false;
    }
    let line = text.line(place.start);
    let above = text.line(line.start.saturating_sub(1));
    let street = |range: Range<usize>| {
        range
            .into_iter()
            .any(|i| lexicon::is_street(words.word(i)) && words.case(i + 1) == Case::Digits)
    };
    street(line.clone()) || street(above) || line.into_iter().any(|i| words.gap(i).has(Gap::CELL))
}

/// "Für Letzteren bitte": of the two before it the other one is not meant.
pub(super) fn choose_of_two(text: &Text<'_>, bodies: &mut [Body<'_>], places: &mut [Place]) {
    let found = (0..text.words.len()).find_map(|i| {
        let stem = text.words.word(i).get(..7)?;
        (stem == "letzter" || stem == "erstere").then_some((i, stem == "letzter"))
    });
    let Some((at, last)) = found else { return };
    let mut own: Vec<&mut Signs> = bodies
        .iter_mut()
        .filter(|body| body.is_beirat() && body.counts() && body.words.end <= at)
        .map(|body| &mut body.signs)
        .collect();
    let chosen = if last { own.len().saturating_sub(1) } else { 0 };
    if own.len() != 2 {
        return;
    }
    for (i, signs) in own.iter_mut().enumerate() {
        signs.add_if(i != chosen, Sign::OtherOne);
    }
    let mut of_bodies: Vec<&mut Place> = places
        .iter_mut()
        .filter(|place| place.signs.counts() && place.words.end <= at)
        .collect();
    if of_bodies.len() == 2 {
        for (i, place) in of_bodies.iter_mut().enumerate() {
            place.signs.add_if(i != chosen, Sign::OtherOne);
        }
    }
}

/// The body of a place that is only mentioned, and a committee on the motion's way, are
/// mentions themselves.
pub(super) fn set_bodies_aside(
    text: &Text<'_>,
    bodies: &mut [Body<'_>],
    places: &[Place],
    aside: &[Aside],
) {
    let is_stage = |body: &Body<'_>| {
        let start = body.words.start;
        let before = text.clause(start).start.max(start.saturating_sub(2))..start;
        body.gremium.name.to_lowercase().contains("ausschuss")
            && text.any(before, |word| matches!(word, "in" | "im" | "an" | "ins"))
            && text.any(text.sentence(start), lexicon::is_stage)
    };
    let other = bodies
        .iter()
        .any(|body| body.is_beirat() && body.counts() && !is_stage(body));
    for body in bodies.iter_mut().filter(|body| body.is_beirat()) {
        let sentence = text.clause(body.words.start);
        let mut beside = places
            .iter()
            .filter(|place| sentence.contains(&place.words.start))
            .peekable();
        let partner = aside
            .iter()
            .any(|name| sentence.contains(&name.at) && name.signs.has(Sign::NamedAfter));
        let told = text.any(sentence.clone(), lexicon::is_perfect);
        let mentioned = told
            && (beside.peek().is_some() || partner)
            && beside
                .all(|place| place.signs.has(Sign::Mentioned) || place.signs.has(Sign::Reported));
        let start = body.words.start;
        let before = text.words.word(start.saturating_sub(1));
        let ours = start > 0 && (before.starts_with("unser") || before == "wir");
        body.signs.add_if(mentioned && !ours, Sign::Mentioned);
        body.signs.add_if(other && is_stage(body), Sign::Stage);
    }
}
