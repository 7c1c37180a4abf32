//! The comparison of IF fields (ECMA-376 part 1, 17.16.5, IF).

use minijinja::Error;
use minijinja::value::Value;

use super::super::print;
use super::super::refusal::LONGEST;
use super::decimal::Decimal;

/// Whether the comparison holds; `None` if the operator is unknown. Numbers are compared
/// as numbers, all else as text that ignores case.
pub(super) fn holds(left: &Value, operator: &str, right: &Value) -> Result<Option<bool>, Error> {
    let order = match (Decimal::of(left), Decimal::of(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => {
            let text = |value| print::printed(value).map(|text| text.to_lowercase());
            let (left, right) = (text(left)?, text(right)?);
            match operator {
                "=" => return Ok(Some(matches(&left, &right))),
                "<>" | "!=" => return Ok(Some(!matches(&left, &right))),
                _ => left.cmp(&right),
            }
        }
    };
    Ok(Some(match operator {
        "=" => order.is_eq(),
        "<>" | "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => return Ok(None),
    }))
}

/// Whether the text has the pattern, in which `*` stands for any text and `?` for any
/// character. Takes the product of their lengths at most, which is bounded.
fn matches(text: &str, pattern: &str) -> bool {
    if !pattern.contains(['*', '?']) || text.len().saturating_mul(pattern.len()) > LONGEST {
        return text == pattern;
    }
    let mut text = text.chars();
    let mut pattern = pattern.chars();
    // where to go on if what follows the last `*` does not fit
    let mut retry = None;
    loop {
        let mut rest = (text.clone(), pattern.clone());
        match (rest.0.next(), rest.1.next()) {
            (None, None) => return true,
            (_, Some('*')) => {
                pattern = rest.1;
                retry = Some((text.clone(), pattern.clone()));
                continue;
            }
            (Some(c), Some(p)) if p == '?' || p == c => {
                (text, pattern) = rest;
                continue;
            }
            _ => {}
        }
        let Some((from, after)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        text = from.clone();
        pattern = after.clone();
    }
}
