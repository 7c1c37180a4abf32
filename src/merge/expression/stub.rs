//! Stands in for the formatting of fields until it is there.

use minijinja::{Environment, value::Value};

pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("__case", |value: &Value, case: &str| {
        let text = value.to_string();
        match case {
            "upper" => text.to_uppercase(),
            "lower" => text.to_lowercase(),
            _ => text,
        }
    });
    environment.add_filter("__around", |value: &Value, before: &str, after: &str| {
        let text = value.to_string();
        if text.trim().is_empty() {
            text
        } else {
            format!("{before}{text}{after}")
        }
    });
    environment.add_filter("__date", |value: &Value, picture: &str| {
        format!("{value}@{picture}")
    });
    environment.add_filter("__number", |value: &Value, picture: &str| {
        format!("{value}#{picture}")
    });
    environment.add_function(
        "__compare",
        |left: &Value, operator: &str, right: &Value| {
            let (left, right) = (
                left.to_string().to_lowercase(),
                right.to_string().to_lowercase(),
            );
            match operator {
                "=" => left == right,
                "<>" => left != right,
                "<" => left < right,
                "<=" => left <= right,
                ">" => left > right,
                _ => left >= right,
            }
        },
    );
}
