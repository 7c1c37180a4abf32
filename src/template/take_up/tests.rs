use super::*;
use crate::template::{Texts, built_in};

fn id(text: &str) -> TemplateId {
    TemplateId::parse(text).expect("an id")
}

/// Files with two motions of one line each; `vor` is the default one.
fn files(changes: &[(&str, Option<&str>)]) -> Files {
    let mut files = Files::new();
    for motion in ["nach", "vor"] {
        let title = format!("title = \"{motion}\"");
        files.insert(format!("{motion}/template.toml"), title.into_bytes());
        files.insert(format!("{motion}/motion.md"), b"{{ kommune }}".to_vec());
    }
    for (path, text) in changes {
        match text {
            Some(text) => files.insert((*path).to_owned(), text.as_bytes().to_vec()),
            None => files.remove(*path),
        };
    }
    files
}

fn first() -> Catalogue {
    Catalogue::read(&files(&[]), &id("vor"), Register::built_in()).expect("sound motions")
}

/// What is on offer after a change (id, title, default), and which folders are broken and why.
fn renewed(
    default: &str,
    changes: &[(&str, Option<&str>)],
) -> (Vec<(String, String, bool)>, Vec<String>) {
    let mut broken = Broken::new();
    let files = files(changes);
    let register = Register::built_in();
    let catalogue = Catalogue::take_up(Some(&first()), &files, &id(default), register, &mut broken)
        .expect("a default motion");
    let defaults = catalogue.offers().iter().filter(|offer| offer.default);
    assert_eq!(defaults.count(), 1);
    let offers = catalogue.offers().iter().map(|offer| {
        let motion = catalogue.get(&offer.id).expect("a motion of the catalogue");
        assert_eq!(motion.offer, *offer);
        (
            offer.id.as_str().to_owned(),
            offer.title.clone(),
            offer.default,
        )
    });
    let broken = broken.into_iter().map(|(folder, faults)| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        format!("{folder}: {}", faults.join("; "))
    });
    (offers.collect(), broken.collect())
}

fn offer(id: &str, title: &str, default: bool) -> (String, String, bool) {
    (id.to_owned(), title.to_owned(), default)
}

#[test]
fn what_is_sound_is_taken_up_whatever_else_is_broken() {
    let both = [offer("nach", "nach", false), offer("vor", "vor", true)];
    assert_eq!(renewed("vor", &[]), (both.to_vec(), Vec::new()));
    let broken: [(&str, Option<&str>, &str); 6] = [
        (
            "vor/motion.md",
            Some("{{ kommun }}"),
            "vor: vor/motion.md, ",
        ),
        ("vor/motion.md", None, "vor: vor: der Antrag fehlt"),
        (
            "vor/motion.docx",
            Some("PK\u{3}\u{4}"),
            "vor: vor/motion.docx, ",
        ),
        (
            "vor/template.toml",
            None,
            "vor: vor: die Datei template.toml fehlt",
        ),
        (
            "vor/template.toml",
            Some("title = \"V"),
            "vor: vor/template.toml, Zeile 1",
        ),
        (
            "vor/template.toml",
            Some(""),
            "vor: vor/template.toml, Zeile 1: es fehlt der Titel",
        ),
    ];
    for (path, text, words) in broken {
        let other = ("nach/template.toml", Some("title = \"Neu\""));
        let (offers, broken) = renewed("vor", &[(path, text), other]);
        assert_eq!(
            offers,
            [offer("nach", "Neu", false), offer("vor", "vor", true)]
        );
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].starts_with(words), "{broken:?}");
    }
}

#[test]
fn what_is_removed_is_gone_and_what_is_new_is_there() {
    let gone = [("nach/template.toml", None), ("nach/motion.md", None)];
    assert_eq!(
        renewed("vor", &gone),
        (vec![offer("vor", "vor", true)], Vec::new())
    );
    let new = [
        ("dritter/template.toml", Some("title = \"D\"")),
        ("dritter/motion.md", Some("x")),
    ];
    let (offers, broken) = renewed("dritter", &new);
    assert_eq!(broken, [""; 0]);
    assert_eq!(
        offers,
        [
            offer("dritter", "D", true),
            offer("nach", "nach", false),
            offer("vor", "vor", false)
        ]
    );
}

/// What can be asked for: ids with titles and words, those in brackets that cannot be had.
fn known(catalogue: &Catalogue) -> Vec<String> {
    let told = |offer: &Offer| {
        let words: Vec<&str> = offer.words.iter().map(String::as_str).collect();
        let names = format!("{} {}", offer.title, words.join(" "));
        let default = if offer.default { "*" } else { "" };
        match catalogue.get(&offer.id) {
            Some(_) => format!("{}{default} {}", offer.id.as_str(), names.trim_end()),
            None => format!("({}{default} {})", offer.id.as_str(), names.trim_end()),
        }
    };
    catalogue.offers().iter().map(told).collect()
}

/// A file, and what it holds instead; `None` where it is missing.
type Change = (&'static str, Option<&'static str>);

#[test]
fn what_was_never_sound_can_be_asked_for_and_not_be_had() {
    let cases: [(&[Change], [&str; 2]); 8] = [
        (
            &[("nach/motion.md", Some("{{ kommun }}"))],
            ["(nach nach)", "vor* vor"],
        ),
        (&[("nach/motion.md", None)], ["(nach nach)", "vor* vor"]),
        (
            &[(
                "nach/template.toml",
                Some("titel = \"N\"\nwords = [\"Fonds\"]"),
            )],
            ["(nach N Fonds)", "vor* vor"],
        ),
        (
            &[("nach/template.toml", Some("title = N\nwords = [\"Fonds\""))],
            ["(nach N Fonds)", "vor* vor"],
        ),
        (
            &[("nach/template.toml", Some(""))],
            ["(nach nach)", "vor* vor"],
        ),
        // the default one, whatever is wrong with it
        (
            &[("vor/motion.md", Some("{{ kommun }}"))],
            ["nach nach", "(vor* vor)"],
        ),
        (&[("vor/template.toml", None)], ["nach nach", "(vor* vor)"]),
        // of two that are called alike, the second
        (
            &[("vor/template.toml", Some("title = \"Nach\""))],
            ["nach nach", "(vor* Nach)"],
        ),
    ];
    let register = Register::built_in();
    for (changes, expected) in cases {
        let mut broken = Broken::new();
        let catalogue =
            Catalogue::take_up(None, &files(changes), &id("vor"), register, &mut broken)
                .expect("a default motion");
        assert_eq!(known(&catalogue), expected, "{changes:?}");
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert_eq!(catalogue.sound(), 1);
    }
}

#[test]
fn what_cannot_be_read_can_be_asked_for_by_the_name_of_its_folder() {
    let why = || vec![Fault::new("dritter", "die Rechte fehlen")];
    let mut broken = Broken::from([("dritter".to_owned(), why()), ("Bild 1".to_owned(), why())]);
    let files = files(&[
        ("Vierter/template.toml", Some("title = \"Wahl\"")),
        ("Vierter/motion.md", Some("x")),
    ]);
    let register = Register::built_in();
    let catalogue = Catalogue::take_up(None, &files, &id("vor"), register, &mut broken)
        .expect("a default motion");
    assert_eq!(
        known(&catalogue),
        [
            "(Vierter Wahl)",
            "(dritter dritter)",
            "nach nach",
            "vor* vor"
        ]
    );
}

#[test]
fn without_a_folder_there_is_no_default_motion_to_begin_with() {
    let mut broken = Broken::new();
    let register = Register::built_in();
    let missing = Catalogue::take_up(None, &files(&[]), &id("vr"), register, &mut broken);
    assert_eq!(
        missing.expect_err("no default motion").to_string(),
        "vr/template.toml: der voreingestellte Antrag „vr“ fehlt; es gibt nach, vor"
    );
}

#[test]
fn what_was_never_sound_is_taken_up_once_it_is() {
    let register = Register::built_in();
    let take_up = |last: Option<&Catalogue>, changes: &[(&str, Option<&str>)]| {
        let mut broken = Broken::new();
        Catalogue::take_up(last, &files(changes), &id("vor"), register, &mut broken)
            .expect("a default motion")
    };
    let faulty = [
        ("vor/motion.md", Some("{{ kommun }}")),
        ("nach/motion.md", None),
    ];
    let begun = take_up(None, &faulty);
    assert_eq!(known(&begun), ["(nach nach)", "(vor* vor)"]);
    assert_eq!(known(&take_up(Some(&begun), &faulty)), known(&begun));
    let one = Catalogue::renew_one(&begun, &files(&[]), &id("vor"), register).expect("sound");
    assert_eq!(known(&one), ["(nach nach)", "vor* vor"]);
    assert_eq!(
        known(&take_up(Some(&begun), &[])),
        ["nach nach", "vor* vor"]
    );
    // and what is gone is gone
    let gone = [("nach/motion.md", None), ("nach/template.toml", None)];
    assert_eq!(known(&take_up(Some(&begun), &gone)), ["vor* vor"]);
}

#[test]
fn there_is_always_a_default_motion() {
    let gone = [("vor/template.toml", None), ("vor/motion.md", None)];
    let both = [offer("nach", "nach", false), offer("vor", "vor", true)];
    for (default, changes) in [("vor", &gone[..]), ("verschrieben", &[])] {
        let (offers, broken) = renewed(default, changes);
        assert_eq!(offers, both);
        assert!(
            broken[0].contains("der voreingestellte Antrag") && broken.len() == 1,
            "{broken:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_stays_as_it_was() {
    let unreadable = vec![Fault::new("nach/motion.md", "die Rechte fehlen")];
    let mut broken = Broken::from([("nach".to_owned(), unreadable)]);
    let changed = files(&[
        ("nach/template.toml", Some("title = \"Neu\"")),
        ("nach/motion.md", None),
    ]);
    let register = Register::built_in();
    let last = first();
    let catalogue = Catalogue::take_up(Some(&last), &changed, &id("vor"), register, &mut broken)
        .expect("a default motion");
    assert_eq!(
        catalogue.get(&id("nach")).expect("as it was").offer.title,
        "nach"
    );
    assert_eq!(broken.len(), 1);
}

#[test]
fn one_motion_is_taken_up_by_itself() {
    let register = Register::built_in();
    let changed = files(&[
        ("nach/template.toml", Some("title = \"Neu\"")),
        ("vor/template.toml", Some("title = ")),
    ]);
    let catalogue = Catalogue::renew_one(&first(), &changed, &id("nach"), register).expect("sound");
    let titles: Vec<&str> = catalogue
        .offers()
        .iter()
        .map(|offer| offer.title.as_str())
        .collect();
    assert_eq!(titles, ["Neu", "vor"]);
    let default = catalogue.default_motion().expect("sound");
    assert_eq!(default.offer.id, id("vor"));
    for motion in ["vor", "fehlt"] {
        let refused = Catalogue::renew_one(&first(), &changed, &id(motion), register);
        assert_eq!(
            refused.err().map(|faults| faults.len()),
            Some(1),
            "{motion}"
        );
    }
}

#[test]
fn a_broken_text_stays_as_it_was_and_the_others_are_taken_up() {
    let register = Register::built_in();
    let first = Texts::read(&built_in(), register).expect("sound texts");
    let changed = Files::from([
        ("mail/help.txt".to_owned(), b"{{ verwaltun }}".to_vec()),
        ("mail/refusal.txt".to_owned(), b"Nein.".to_vec()),
    ]);
    let mut faults = Vec::new();
    let texts = Texts::renew(&first, &changed, register, &mut faults);
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].to_string().starts_with("mail/help.txt, "),
        "{faults:?}"
    );
    let mut values = crate::merge::Values::new();
    for name in ["grund", "adresse", "absender", "aktenzeichen", "verwaltung"] {
        values.text(name, "x");
    }
    values.json(
        serde_json::json!({"verstanden": [], "gebeten": true, "anfragen": "", "antraege": ["x"]})
            .as_object()
            .expect("an object"),
    );
    let merged = |name| texts.get(name).merge(&values).expect("a text");
    assert_eq!(merged(crate::template::TextName::Refuse), "Nein.");
    assert!(merged(crate::template::TextName::Help).contains("Guten Tag"));
}
