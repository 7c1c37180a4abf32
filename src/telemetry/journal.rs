//! The journal of systemd: each event an entry, its line the MESSAGE, its fields fields.
//!
//! tracing-journald writes the entries. It takes what an event says as it stands, and tells
//! the place in the source beside; so it is handed an event made anew, whose MESSAGE is the
//! whole line and which comes from nowhere.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;

use tracing::callsite::{Callsite, Identifier};
use tracing::field::{Field, FieldSet, Value};
use tracing::metadata::Kind;
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_journald::{Priority, PriorityMappings};
use tracing_subscriber::layer::{Context, Layer};

use super::OWN;
use super::line::Line;

/// Every field an event may have, by the name it has in the program. In the journal, where
/// these are an interface for administrators, they are upper case, with `_` for the full stop.
pub const FIELDS: [&str; 25] = [
    "message",
    "request.id",
    "request.state",
    "request.decision",
    "request.reason",
    "error.kind",
    "error.step",
    "error.system",
    "attempt",
    "retry.at",
    "documents",
    "mails",
    "mailbox.tells",
    "mailbox.claims",
    "stage",
    "requests",
    "replies",
    "limit",
    "alarm.cause",
    "alarm.well",
    "motions",
    "broken",
    "config.sections",
    "metrics.listen",
    "panic.place",
];

/// The journal as a place for events; the program has no spans.
#[derive(Debug)]
pub(super) struct Journal<L>(L);

impl Journal<tracing_journald::Layer> {
    /// If standard error leads there.
    pub(super) fn of_standard_error() -> Option<Self> {
        let stream = std::env::var_os("JOURNAL_STREAM")?;
        let stderr = io::stderr().as_fd().try_clone_to_owned().ok()?;
        if !is_named(&File::from(stderr).metadata().ok()?, &stream) {
            return None;
        }
        let layer = tracing_journald::layer().ok()?;
        Some(Self(
            layer
                .with_field_prefix(None)
                .with_syslog_identifier(OWN.to_owned())
                .with_priority_mappings(PriorityMappings {
                    info: Priority::Informational,
                    debug: Priority::Debug,
                    ..PriorityMappings::new()
                }),
        ))
    }
}

/// Whether `$JOURNAL_STREAM` means this file, by device and inode (systemd.exec(5)): who
/// inherits the variable may have been given another standard error.
fn is_named(file: &fs::Metadata, stream: &OsStr) -> bool {
    *stream == *format!("{}:{}", file.dev(), file.ino())
}

impl<S: Subscriber, L: Layer<S>> Layer<S> for Journal<L> {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let line = Line::of(event);
        let text = line.to_string();
        let metadata = nowhere(*event.metadata().level());
        let fields: Vec<Field> = metadata.fields().iter().collect();
        let values: Vec<Option<&str>> = fields
            .iter()
            .map(|field| match field.name() {
                "message" => Some(text.as_str()),
                name => line.value(name),
            })
            .collect();
        let values = fields.iter().zip(&values).map(|(field, value)| {
            let value = value.as_ref().map(|value| value as &dyn Value);
            (field, value)
        });
        let Ok(values) = <[_; FIELDS.len()]>::try_from(values.collect::<Vec<_>>()) else {
            return;
        };
        let values = metadata.fields().value_set(&values);
        self.0.on_event(&Event::new(metadata, &values), context);
    }
}

/// What stands for the place in the source that an event comes from.
struct Nowhere;

static NOWHERE: Nowhere = Nowhere;

static METADATA: [Metadata<'static>; 5] = [
    metadata(Level::ERROR),
    metadata(Level::WARN),
    metadata(Level::INFO),
    metadata(Level::DEBUG),
    metadata(Level::TRACE),
];

const fn metadata(level: Level) -> Metadata<'static> {
    let fields = FieldSet::new(&FIELDS, Identifier(&NOWHERE));
    Metadata::new("event", OWN, level, None, None, None, fields, Kind::EVENT)
}

fn nowhere(level: Level) -> &'static Metadata<'static> {
    let [error, warn, info, debug, trace] = &METADATA;
    match level {
        Level::ERROR => error,
        Level::WARN => warn,
        Level::INFO => info,
        Level::DEBUG => debug,
        Level::TRACE => trace,
    }
}

impl Callsite for Nowhere {
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        nowhere(Level::INFO)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::prelude::*;

    use super::*;

    #[test]
    fn only_the_file_that_is_named_is_the_journal() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let metadata = file.as_file().metadata().unwrap();
        let stream = format!("{}:{}", metadata.dev(), metadata.ino());
        let other = format!("{}:{}", metadata.dev(), metadata.ino() + 1);
        for (named, is_journal) in [
            (stream.as_str(), true),
            (&other, false),
            (&format!("{stream} "), false),
            ("", false),
            ("1", false),
        ] {
            assert_eq!(
                is_named(&metadata, OsStr::new(named)),
                is_journal,
                "{named}"
            );
        }
        let null = File::open("/dev/null").unwrap().metadata().unwrap();
        assert!(!is_named(&null, OsStr::new(&stream)));
    }

    /// Takes what it is handed, in the order of [`FIELDS`].
    #[derive(Clone, Default)]
    struct Entries(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Entries {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            struct Fields(String);
            impl tracing::field::Visit for Fields {
                fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                    self.0 += &format!("{}={value:?}\n", field.name());
                }
            }
            let metadata = event.metadata();
            assert_eq!((metadata.file(), metadata.line()), (None, None));
            let mut fields = Fields(format!("{} {}\n", metadata.level(), metadata.target()));
            event.record(&mut fields);
            self.0.lock().unwrap().push(fields.0);
        }
    }

    #[test]
    fn an_entry_has_the_line_and_its_fields_and_no_place_in_the_source() {
        let entries = Entries::default();
        let subscriber = tracing_subscriber::registry().with(Journal(entries.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::error!(
                request.id = "01JD",
                request.state = %"failed",
                attempt = 2,
                error.kind = "bounce",
                "reply came back"
            );
        });
        let entries = entries.0.lock().unwrap().join("");
        let (before, rest) = entries.split_once("message=").unwrap();
        let (message, fields) = rest.split_once('\n').unwrap();
        assert_eq!(before, "ERROR antragsbote\n");
        assert_eq!(
            fields,
            "request.id=\"01JD\"\nrequest.state=\"failed\"\nerror.kind=\"bounce\"\nattempt=\"2\"\n"
        );
        assert!(message.starts_with("\"reply came back: "), "{message}");
        assert!(message.contains("attempt=2 error.kind="), "{message}");
    }
}
