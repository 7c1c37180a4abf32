//! Every municipality of the register, asked for in a plain mail, is understood: exactly it, or
//! a question that offers it where others are called the same; never another one.

use std::collections::HashSet;
use std::thread;

use antragsbote::german::Form;
use antragsbote::kommune::{Gremium, Kommune, Register, Rolle};
use antragsbote::mail;
use antragsbote::template::{Catalogue, Offer, TemplateId, built_in};
use antragsbote::understand::{Question, Topic, Understanding, understand};

/// Ways to ask for a motion: subject and text, with marks for what changes. `NAME` is how the
/// municipality is written, `DES` and `IM` its declined forms, the rest are the body's.
const PHRASINGS: [(&str, &str); 22] = [
    (
        "Musterantrag",
        "Guten Tag,\n\nbitte den Musterantrag für NAME, BEIRAT.\n\nViele Grüße\nAnna Muster",
    ),
    (
        "Anfrage",
        "Hallo,\n\nbitte senden Sie uns den Musterantrag für DEN BEIRAT DES.\n\nMit freundlichen Grüßen\nAnna Muster",
    ),
    (
        "Antrag",
        "wir brauchen den Antrag für NAME (BEIRAT). Danke!",
    ),
    ("Musterantrag", "Kommune: NAME\nBeirat: BEIRAT\n"),
    (
        "Musterantrag",
        "Beirat:  BEIRAT\nKommune: NAME\n\nBeste Grüße\nA. Muster",
    ),
    ("Musterantrag BEIRAT NAME", "siehe Betreff\n"),
    (
        "Musterantrag für NAME, BEIRAT",
        "Guten Tag,\n\nbitte um Zusendung, vielen Dank.\n\nAnna Muster",
    ),
    (
        "model motion",
        "Dear all,\n\nplease send us the model motion for NAME, BEIRAT.\n\nKind regards\nAnna",
    ),
    (
        "Request",
        "Hello, we need the motion for the BEIRAT of NAME. Thank you",
    ),
    ("Antrag", "Antrag BEIRAT NAME bitte"),
    ("", "BEIRAT NAME"),
    ("", "NAME BEIRAT"),
    ("", "NAME\nBEIRAT\n"),
    (
        "Bitte",
        "Sehr geehrte Damen und Herren,\n\nDER BEIRAT DES möchte den Musterantrag einbringen.\nKönnen Sie ihn uns schicken?\n\nFreundliche Grüße\nAnna Muster",
    ),
    (
        "Musterantrag",
        "Können wir den Musterantrag bekommen? Es geht um NAME, und zwar um DEN BEIRAT.",
    ),
    (
        "Musterantrag",
        "Liebes Team,\n\nfür unsere nächste Sitzung hätten wir gern den Musterantrag.\n\nKommune: NAME\nGremium: BEIRAT\n\nDanke und Gruß",
    ),
    (
        "Antrag",
        "Ich hätte gerne den Antrag für NAME. Unser Gremium heißt BEIRAT.",
    ),
    ("Musterantrag", "bitte schicken: Musterantrag, BEIRAT, NAME"),
    (
        "Musterantrag",
        "Bitte erstellen Sie den Antrag DES BEIRATS DES.",
    ),
    (
        "Musterantrag",
        "Guten Morgen,\nder Antrag soll für NAME sein; er kommt von DEM BEIRAT.\nGruß",
    ),
    ("Musterantrag BEIRAT", "Bitte für NAME, danke"),
    (
        "AW: Sitzung",
        "Moin,\n\nschicken Sie mir bitte den Musterantrag - BEIRAT - für NAME?\n\nTschüs",
    ),
];

/// So many mails for each municipality.
const ROUNDS: u64 = 2;

/// A generator of numbers; the same seed gives the same ones (Steele and others, SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

/// How the municipality is written in one mail.
struct Written {
    name: String,
    /// where the phrase needs a case: "des Landkreises Fürth"
    des: String,
    /// nobody else is written so
    exact: bool,
}

struct House {
    register: &'static Register,
    offers: Vec<Offer>,
    bodies: Vec<&'static Gremium>,
}

impl House {
    fn new() -> Self {
        let register = Register::built_in();
        let default = TemplateId::parse("nationaler-integrationsplan").unwrap();
        let catalogue = Catalogue::read(&built_in(), &default, Register::built_in()).unwrap();
        let bodies = register.gremien().iter();
        Self {
            register,
            offers: catalogue.offers().to_vec(),
            bodies: bodies.filter(|body| body.rolle == Rolle::Beirat).collect(),
        }
    }

    fn understand(&self, subject: &str, text: &str) -> Understanding {
        let raw = format!(
            "From: Anna Muster <anna@example.org>\r\nTo: antrag@example.org\r\n\
             Subject: {subject}\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        );
        understand(
            &mail::parse(raw.as_bytes()),
            self.register,
            &self.offers,
            None,
        )
    }

    /// The ways to write it, the last of them exact.
    fn written(&self, kommune: &Kommune, dice: &mut Dice) -> Written {
        let land = kommune.land.name();
        let kreis = kommune
            .kreis
            .as_ref()
            .and_then(|key| self.register.get(key));
        let title = kommune.title();
        let noun = kommune.nominal();
        let des = noun.say(Form::Des, false);
        let beside = match kreis {
            Some(kreis) => format!("({land}, {})", kreis.title()),
            None => format!("({land})"),
        };
        let written = |name: &str, beside: &str| Written {
            name: format!("{name}{beside}"),
            des: format!("{des}{beside}"),
            exact: false,
        };
        let with_kind_only = kommune.art.is_kreis() || !kommune.art.is_gemeinde();
        match dice.below(4) {
            0 if !with_kind_only => written(&kommune.name, ""),
            0 | 1 => written(&title, ""),
            2 => written(&title, &format!(" ({land})")),
            _ => {
                let told = Written {
                    exact: true,
                    ..written(&title, &format!(" {beside}"))
                };
                // two of one name in one Kreis
                match self.register.means(&told.name) == Some(kommune) {
                    true => told,
                    false => Written {
                        exact: true,
                        ..written(&title, &format!(" ({})", kommune.schluessel.as_str()))
                    },
                }
            }
        }
    }

    /// One mail for the municipality: what went wrong, or whether it was asked about.
    fn ask_for(&self, kommune: &Kommune, seed: u64) -> Result<Outcome, String> {
        let mut dice = Dice(seed);
        let mut written = self.written(kommune, &mut dice);
        let means = self.register.means(&written.name);
        // by the rule of size the bare name of a village is that of a city
        if means.is_some_and(|other| other != kommune) {
            written = self.written(kommune, &mut Dice(seed + 3));
            if self
                .register
                .means(&written.name)
                .is_some_and(|other| other != kommune)
            {
                return Ok(Outcome::Another);
            }
        }
        let unambiguous = self.register.means(&written.name) == Some(kommune);
        // a body of the Kreis has no Gemeinde
        let bodies: Vec<&Gremium> = self
            .bodies
            .iter()
            .copied()
            .filter(|body| kommune.art.is_kreis() || !body.name.starts_with("Kreis"))
            .collect();
        let beirat = bodies[dice.below(bodies.len())];
        let (subject, text) = PHRASINGS[dice.below(PHRASINGS.len())];
        let noun = beirat.nominal();
        let fill = |text: &str| {
            let forms = [
                ("DES BEIRATS", noun.say(Form::Des, false)),
                ("DEM BEIRAT", noun.say(Form::Dem, false)),
                ("DEN BEIRAT", noun.say(Form::Den, false)),
                ("DER BEIRAT", noun.say(Form::Der, true)),
                ("BEIRAT", beirat.name.clone()),
                ("DES", written.des.clone()),
                ("NAME", written.name.clone()),
            ];
            let filled = forms.iter();
            filled.fold(text.to_owned(), |text, (mark, form)| {
                text.replace(mark, form)
            })
        };
        let (subject, text) = (fill(subject), fill(text));
        let got = self.understand(&subject, &text);
        let told = || {
            format!(
                "{} {}: {subject} | {text:?} => {}",
                kommune.schluessel.as_str(),
                beirat.name,
                said(&got)
            )
        };
        let [question] = got.questions.as_slice() else {
            let right = got.questions.is_empty()
                && matches!(got.wishes.as_slice(), [wish] if wish.kommune == kommune.schluessel
                    && wish.beirat.name == beirat.name);
            return if right {
                Ok(Outcome::Straight)
            } else {
                Err(told())
            };
        };
        let offered = question.topic == Topic::Kommune && self.offers_it(question, kommune);
        match offered && !unambiguous && !written.exact {
            true => Ok(Outcome::Asked),
            false => Err(told()),
        }
    }

    /// Whether the question holds the municipality, or more than a question can.
    fn offers_it(&self, question: &Question, kommune: &Kommune) -> bool {
        let line = |line: &str| {
            let got = self.understand("", &format!("{line}\nBeirat: Integrationsbeirat"));
            matches!(got.wishes.as_slice(), [wish] if wish.kommune == kommune.schluessel)
        };
        let candidates = &question.candidates;
        candidates.len() == 10 || candidates.iter().any(|choice| line(&choice.line))
    }
}

fn said(understanding: &Understanding) -> String {
    let wishes = understanding.wishes.iter().map(|wish| {
        format!(
            "{} {} {}",
            wish.kommune.as_str(),
            wish.beirat.name,
            wish.rat.name
        )
    });
    let questions = understanding.questions.iter();
    let asked =
        questions.map(|question| format!("?{} {:?}", question.topic.as_str(), question.heard));
    wishes.chain(asked).collect::<Vec<_>>().join(" + ")
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Straight,
    Asked,
    /// its name alone means a larger one
    Another,
}

#[test]
fn every_kommune_is_understood() {
    let house = House::new();
    let all: Vec<&Kommune> = house.register.kommunen().collect();
    let half = all.len().div_ceil(2);
    let outcomes: Vec<Result<Outcome, String>> = thread::scope(|scope| {
        let asked: Vec<_> = all
            .chunks(half)
            .map(|part| {
                let house = &house;
                scope.spawn(move || {
                    let seeds = part
                        .iter()
                        .map(|kommune| kommune.schluessel.as_str().parse::<u64>().unwrap());
                    let each = part.iter().zip(seeds);
                    each.flat_map(|(kommune, seed)| {
                        (0..ROUNDS).map(move |round| house.ask_for(kommune, seed + (round << 40)))
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        asked
            .into_iter()
            .flat_map(|part| part.join().unwrap())
            .collect()
    });
    let count = |wanted: &Outcome| {
        outcomes
            .iter()
            .filter(|outcome| outcome.as_ref() == Ok(wanted))
            .count()
    };
    let (straight, questions, others) = (
        count(&Outcome::Straight),
        count(&Outcome::Asked),
        count(&Outcome::Another),
    );
    let wrong: HashSet<&str> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .map(String::as_str)
        .collect();
    let shown: Vec<&&str> = wrong.iter().take(60).collect();
    assert!(
        wrong.is_empty(),
        "{straight} straight, {questions} asked, {others} named as a larger one, {} wrong:\n{}",
        wrong.len(),
        shown
            .iter()
            .map(|line| line.to_string())
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(
        (questions + others) * 10 < outcomes.len(),
        "{straight} straight, {questions} asked, {others} others"
    );
}

/// A slip of the pen within a word: two letters swapped, one left out, doubled, or hit beside.
fn slipped(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let small = |at: &usize| letters[*at].is_lowercase() && letters[at + 1].is_lowercase();
    // "an dr Wied": the small words of a name are too short to tell what they were
    let long = |at: &usize| {
        letters[..*at]
            .iter()
            .rposition(|c| !c.is_lowercase())
            .is_some_and(|first| letters[first].is_uppercase())
    };
    let within: Vec<usize> = (1..letters.len() - 1).filter(small).filter(long).collect();
    let at = within[dice.below(within.len())];
    match dice.below(4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = if letters[at] == 'e' { 'r' } else { 'e' },
    }
    letters.into_iter().collect()
}

#[test]
fn a_slip_never_means_another() {
    let house = House::new();
    let (mut straight, mut asked, mut wrong) = (0, 0, Vec::new());
    // every second one, for a look-up of what is near takes long where nothing is optimised
    for kommune in house.register.kommunen().step_by(2) {
        let mut dice = Dice(kommune.schluessel.as_str().parse().unwrap());
        let title = kommune.title();
        let spelling = slipped(&title, &mut dice);
        // it slipped into a real name, or the name alone means a larger one
        let named = |name: &str| {
            house
                .register
                .means(name)
                .is_some_and(|other| other != kommune)
        };
        if named(&title) || named(&spelling) || spelling.starts_with("Kris ") {
            continue;
        }
        let text = format!("Kommune: {spelling}\nBeirat: Integrationsbeirat");
        let got = house.understand("", &text);
        match got.wishes.as_slice() {
            [] => asked += 1,
            [wish] if wish.kommune == kommune.schluessel => straight += 1,
            _ => wrong.push(format!(
                "{spelling} ({}): {}",
                kommune.schluessel.as_str(),
                said(&got)
            )),
        }
    }
    let list = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "{straight} straight, {asked} asked, {} wrong:\n{list}",
        wrong.len()
    );
    assert!(straight > 3 * asked, "{straight} straight, {asked} asked");
}
