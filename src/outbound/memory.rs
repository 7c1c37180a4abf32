//! A way out that ends in memory, shared by its clones: what tests of other rooms read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Envelope, Error};

/// Replies in memory; its clones hold the same ones.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Content>>);

impl PartialEq for Memory {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Debug, Default)]
struct Content {
    sent: Vec<(Envelope, Vec<u8>)>,
    failures: VecDeque<Error>,
}

impl Memory {
    /// What has been sent so far.
    pub fn sent(&self) -> Vec<(Envelope, Vec<u8>)> {
        self.content().sent.clone()
    }

    /// Makes one more send fail, the next that is not to fail already.
    pub fn fail(&self, error: Error) {
        self.content().failures.push_back(error);
    }

    pub(super) fn send(&self, envelope: &Envelope, bytes: &[u8]) -> Result<String, Error> {
        let mut content = self.content();
        if let Some(error) = content.failures.pop_front() {
            return Err(error);
        }
        content.sent.push((envelope.clone(), bytes.to_vec()));
        Ok("kept in memory".to_owned())
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fails_when_told_and_keeps_the_rest() {
        let memory = Memory::default();
        let envelope = Envelope {
            from: "antrag@example.org".to_owned(),
            to: "anna@example.org".to_owned(),
        };
        memory.clone().fail(Error::NoSmtputf8);
        assert!(memory.send(&envelope, b"one").is_err());
        assert!(memory.send(&envelope, b"two").is_ok());
        assert_eq!(memory.sent(), [(envelope, b"two".to_vec())]);
    }
}
