//! What an event says, in one line.

use std::fmt::{self, Debug, Display};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

use super::trouble;

/// The message of an event and its fields, in their order.
#[derive(Debug, Default)]
pub(super) struct Line {
    message: String,
    fields: Vec<(&'static str, Value)>,
}

#[derive(Debug)]
enum Value {
    Text(String),
    /// a number, or whatever has its own form
    Formed(String),
}

impl Line {
    /// Reads an event.
    pub(super) fn of(event: &impl RecordFields) -> Self {
        let mut line = Self::default();
        event.record(&mut line);
        line
    }

    /// The value of a field, as it is.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        let (_, Value::Text(value) | Value::Formed(value)) =
            fields.find(|(own, _)| *own == name)?;
        Some(value)
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        let text = value.to_owned();
        match field.name() {
            "message" => self.message = text,
            name => self.fields.push((name, Value::Text(text))),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}");
        match field.name() {
            "message" => self.message = value,
            name => self.fields.push((name, Value::Formed(value))),
        }
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(trouble) = self.value("error.kind").and_then(trouble::of) {
            write!(f, ": {}; {}", trouble.words, trouble.remedy)?;
        }
        for (name, value) in &self.fields {
            match value {
                Value::Text(text) => write!(f, " {name}={text:?}")?,
                Value::Formed(text) => write!(f, " {name}={text}")?,
            }
        }
        Ok(())
    }
}

/// Writes events as their line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compact;

impl<'writer> FormatFields<'writer> for Compact {
    fn format_fields<R: RecordFields>(
        &self,
        mut writer: Writer<'writer>,
        fields: R,
    ) -> fmt::Result {
        write!(writer, "{}", Line::of(&fields))
    }
}
