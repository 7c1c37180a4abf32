//! What minijinja says of a template that fails, in German, with what to do.

use minijinja::{Error, ErrorKind};

use super::expression::Refusal;

/// Why a mark makes no sense: what is wrong with its grammar.
pub(super) fn incomprehensible(failure: &Error) -> String {
    let detail = failure.detail().unwrap_or_default();
    let why = match (failure.kind(), detail) {
        (ErrorKind::BadEscape, _) => {
            "hinter „\\“ steht ein Zeichen, das dort nichts bedeutet".to_owned()
        }
        (_, "unexpected character") => "ein Zeichen hat hier keine Bedeutung".to_owned(),
        (_, "unexpected input after expression") => {
            "hinter dem Ausdruck steht noch etwas; fehlt ein „~“, ein Komma oder ein \
             Anführungszeichen?"
                .to_owned()
        }
        (_, "invalid integer (too large)") => "die Zahl ist zu groß".to_owned(),
        (_, "non-keyword arg after keyword arg") => {
            "Angaben mit Namen müssen hinter denen ohne Namen stehen".to_owned()
        }
        (_, "template exceeds maximum recursion limits") => {
            "die Klammern sind zu tief ineinander geschachtelt".to_owned()
        }
        (_, "unknown statement else" | "unknown statement elif") => {
            "hinter „else“ darf kein weiterer Zweig stehen".to_owned()
        }
        (_, "expected a filter") => "es fehlt der Name eines Filters".to_owned(),
        (_, detail) => {
            if let Some(name) = detail.strip_prefix("cannot assign to reserved variable name ") {
                format!("„{name}“ ist schon vergeben; nehmen Sie einen anderen Namen")
            } else if detail.starts_with("expected call expression") {
                "„call“ braucht einen Aufruf: {% call makro() %}".to_owned()
            } else if let Some(detail) = detail.strip_prefix("unexpected ") {
                unexpected(detail)
            } else {
                detail.to_owned()
            }
        }
    };
    match why.as_str() {
        "" => "der Ausdruck ist nicht zu verstehen".to_owned(),
        _ => format!("der Ausdruck ist nicht zu verstehen: {why}"),
    }
}

/// "end of input, expected `)`"
fn unexpected(detail: &str) -> String {
    let (found, expected) = match detail.split_once(", expected ") {
        Some((found, expected)) => (found, Some(token(expected))),
        None => (detail, None),
    };
    match (found, expected) {
        ("end of input" | "end of block", None) => "er endet zu früh".to_owned(),
        ("end of input" | "end of block", Some(expected)) => {
            format!("er endet zu früh; es fehlt {expected}")
        }
        (found, None) => format!("{} steht hier falsch", token(found)),
        (found, Some(expected)) => format!("hier steht {}, erwartet wird {expected}", token(found)),
    }
}

fn token(name: &str) -> String {
    match name {
        "expression" => "ein Wert".to_owned(),
        "identifier" | "identifier or integer" => "ein Name".to_owned(),
        "integer" | "float" => "eine Zahl".to_owned(),
        "string" => "ein Text".to_owned(),
        "assignment operator" => "„=“".to_owned(),
        name => format!("„{}“", name.trim_matches('`')),
    }
}

/// Why a mark cannot be evaluated with the values there are.
pub(super) fn failed(failure: &Error) -> String {
    let detail = failure.detail().unwrap_or_default();
    if is_refusal(failure) {
        return detail.to_owned();
    }
    if let Some(name) = undefined(detail) {
        return missing(name, code(failure));
    }
    match failure.kind() {
        ErrorKind::OutOfFuel => {
            "die Vorlage rechnet zu lange oder macht zu viel Text; läuft eine Schleife ohne Ende?"
                .to_owned()
        }
        ErrorKind::UndefinedError => "es wird ein Teil von etwas verlangt, das fehlt".to_owned(),
        ErrorKind::UnknownFunction => {
            let name = detail.strip_suffix(" is unknown").unwrap_or(detail);
            format!(
                "„{name}“ ist keine Funktion; möglich sind range, dict, namespace, cycler, joiner \
                 und die Makros dieser Vorlage"
            )
        }
        ErrorKind::UnknownMethod => match detail.split_once(" has no method named ") {
            Some((of, method)) => format!("{} kennt kein „{method}()“", kind(of)),
            None => "diese Methode gibt es nicht".to_owned(),
        },
        ErrorKind::UnknownFilter => match between(detail, "filter ", " is unknown") {
            Some(name) => format!("„{name}“ ist kein bekannter Filter"),
            None => "„map“ nennt einen Filter, den es nicht gibt".to_owned(),
        },
        ErrorKind::UnknownTest => "der Filter nennt einen Test, den es nicht gibt".to_owned(),
        ErrorKind::MissingArgument => "in den Klammern fehlt eine Angabe".to_owned(),
        ErrorKind::TooManyArguments => match between(detail, "argument '", "'") {
            Some(name) => format!("eine Angabe namens „{name}“ gibt es hier nicht"),
            None => "in den Klammern stehen zu viele Angaben".to_owned(),
        },
        ErrorKind::CannotUnpack => match between(detail, "(expected ", ")") {
            Some(lengths) => {
                let (names, parts) = lengths.split_once(", got ").unwrap_or((lengths, "andere"));
                format!("es sollen {names} Teile sein, der Wert hat aber {parts}")
            }
            None => "der Wert hat keine Teile, auf die sich die Namen verteilen".to_owned(),
        },
        _ => impossible(detail),
    }
}

/// Whether what went wrong has been said in German where it went wrong.
fn is_refusal(failure: &Error) -> bool {
    let source = std::error::Error::source(failure);
    source.is_some_and(|source| source.is::<Refusal>())
}

/// The name in "`kommune.x` is undefined".
fn undefined(detail: &str) -> Option<&str> {
    let (before, _) = detail.split_once("` is undefined")?;
    before.rsplit_once('`').map(|(_, name)| name)
}

fn missing(name: &str, code: Option<&str>) -> String {
    let is_part = |code: &&str| {
        let rest = code.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let asked = code.filter(is_part);
    let part = asked.map_or(String::new(), |code| format!(", also auch „{code}“ nicht"));
    format!(
        "„{name}“ hat keinen Wert{part}; prüfen Sie die Schreibweise, oder fragen Sie zuvor: \
         {{% if {name} is defined %}}"
    )
}

/// The part of the mark that failed.
fn code(failure: &Error) -> Option<&str> {
    failure.template_source()?.get(failure.range()?)
}

/// An operation that these values do not allow.
fn impossible(detail: &str) -> String {
    let rules: [(&str, &str); 17] = [
        (
            "recursion limit",
            "Makros oder Schleifen rufen sich zu oft selbst auf",
        ),
        ("too large", "was die Marke ergäbe, ist zu lang"),
        ("too many elements", "was die Marke ergäbe, ist zu lang"),
        (
            "can only assign to namespaces",
            "mit „set x.y“ lässt sich nur ändern, was namespace() gemacht hat",
        ),
        (
            "not callable",
            "was vor den Klammern steht, ist weder Funktion noch Makro",
        ),
        (
            "containment check",
            "„in“ braucht rechts eine Liste oder einen Text",
        ),
        ("into pair", "hier werden Werte mit Namen gebraucht"),
        ("format spec", "das Format passt nicht zu seinen Werten"),
        ("format field", "das Format passt nicht zu seinen Werten"),
        (
            "filter name",
            "„map“ braucht den Namen eines Filters oder attribute=…",
        ),
        ("count cannot be 0", "die Anzahl darf nicht 0 sein"),
        ("step size of 0", "die Schrittweite darf nicht 0 sein"),
        ("value is not a string", "hier wird ein Text gebraucht"),
        (
            "only sum numbers",
            "„sum“ braucht Zahlen; Text macht „|int“ oder „|float“ zur Zahl",
        ),
        (
            "multiplied with integers",
            "vervielfachen lässt sich nur mit einer ganzen Zahl",
        ),
        (
            "cannot round",
            "„round“ braucht eine Zahl; Text macht „|float“ zur Zahl",
        ),
        (
            "absolute value",
            "„abs“ braucht eine Zahl; Text macht „|float“ zur Zahl",
        ),
    ];
    if let Some((_, sentence)) = rules.iter().find(|(part, _)| detail.contains(part)) {
        return (*sentence).to_owned();
    }
    if let Some(operation) = detail.strip_prefix("unable to calculate ") {
        let divides = [" / ", " // ", " % "]
            .iter()
            .any(|sign| operation.contains(sign));
        return match divides {
            true => format!("„{operation}“: durch null lässt sich nicht teilen"),
            false => format!("„{operation}“ lässt sich nicht berechnen; das Ergebnis ist zu groß"),
        };
    }
    if let Some(operator) = between(detail, "tried to use ", " operator") {
        return operands(operator, detail);
    }
    if [
        "iterable", "join", "length", " item ", "to list", "sliced", "reverse", "repeat",
    ]
    .iter()
    .any(|part| detail.contains(part))
    {
        let found = KINDS.iter().find(|(english, _)| detail.contains(english));
        return match found {
            Some((_, german)) => format!("hier wird eine Liste gebraucht, aber da ist {german}"),
            None => "hier wird eine Liste gebraucht".to_owned(),
        };
    }
    if let Some(found) = between(detail, "cannot convert ", " to ") {
        let wanted = if detail.ends_with("string") {
            "ein Text"
        } else {
            "eine Zahl"
        };
        return format!("hier wird {wanted} gebraucht, aber da ist {}", kind(found));
    }
    match detail {
        "" => "mit diesen Werten lässt sich nicht rechnen".to_owned(),
        detail => format!("der Ausdruck lässt sich mit diesen Werten nicht auswerten ({detail})"),
    }
}

fn operands(operator: &str, detail: &str) -> String {
    let types = detail.rsplit_once("types ").map_or("", |(_, types)| types);
    let (left, right) = types.split_once(" and ").unwrap_or((types, ""));
    let hint = match (operator, left, right) {
        ("+", "string", _) | ("+", _, "string") => {
            "; Texte fügt „~“ zusammen, aus einem Text macht „|int“ eine Zahl"
        }
        (_, "string", _) | (_, _, "string") => "; aus einem Text macht „|int“ eine Zahl",
        _ => "",
    };
    format!(
        "„{operator}“ geht nicht mit diesen Werten: {} und {}{hint}",
        kind(left),
        kind(right)
    )
}

/// What minijinja calls kinds of values; the longer words first.
const KINDS: [(&str, &str); 9] = [
    ("undefined", "nichts"),
    ("none", "nichts"),
    ("bool", "ein Wahrheitswert"),
    ("number", "eine Zahl"),
    ("string", "ein Text"),
    ("sequence", "eine Liste"),
    ("iterator", "eine Liste"),
    ("map", "eine Sammlung von Werten"),
    ("plain object", "eine Funktion"),
];

fn kind(english: &str) -> &str {
    let known = KINDS.iter().find(|(known, _)| *known == english);
    known.map_or(english, |(_, german)| german)
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(behind).map(|(inner, _)| inner)
}
