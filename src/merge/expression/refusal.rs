//! What a mark asks for and does not get, said in German where it is refused.

use minijinja::{Error, ErrorKind};

/// The longest text that one mark may make, in bytes: a long motion has 100 kB.
pub(super) const LONGEST: usize = 1 << 24;

/// Marks a failure whose detail is a German sentence.
#[derive(Debug, thiserror::Error)]
#[error("refused")]
pub(in crate::merge) struct Refusal;

/// A failure of a mark that is told people as it is.
pub(super) fn refuse(problem: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, problem.into()).with_source(Refusal)
}

/// Refuses a text of more bytes than a mark may make, before it is made.
pub(super) fn bounded(length: usize) -> Result<(), Error> {
    if length > LONGEST {
        return Err(refuse("was die Marke ergäbe, ist zu lang"));
    }
    Ok(())
}
