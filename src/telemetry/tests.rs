use std::io::Write;
use std::sync::{Arc, Mutex};

use super::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What work tells, without times.
fn told(work: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = fmt()
        .compact()
        .without_time()
        .with_ansi(false)
        .fmt_fields(Compact)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_panic_tells_its_place_and_not_its_words() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(tell_of_panic));
    let said = told(|| {
        let broken = panic::catch_unwind(|| panic!("anna@example.net"));
        assert!(broken.is_err());
    });
    panic::set_hook(before);
    assert!(said.contains("telemetry/tests.rs:"), "{said}");
    assert!(!said.contains("anna"), "{said}");
}

#[test]
fn a_line_says_what_trouble_means_and_what_to_do_and_says_it_once() {
    let said = told(|| {
        tracing::warn!(
            error.kind = "full",
            stage = "mail",
            "the log cannot be used"
        );
        tracing::info!(request.id = "01JD", attempt = 1, "reply sent");
        tracing::info!("ready");
    });
    assert_eq!(
        said,
        " WARN antragsbote::telemetry::tests: the log cannot be used: there is no room left on the disk of the log; make \
         room; it goes on by itself error.kind=\"full\" stage=\"mail\"\n \
         INFO antragsbote::telemetry::tests: reply sent request.id=\"01JD\" attempt=1\n \
         INFO antragsbote::telemetry::tests: ready\n"
    );
}
