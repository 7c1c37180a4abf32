//! Secrets: where they come from; read late, never shown.

use std::path::PathBuf;

/// Where a secret comes from; read late, never shown.
#[derive(Clone)]
pub enum Secret {
    /// stands in the configuration
    Plain(String),
    /// the first line of a file
    File(PathBuf),
    /// the first line a command prints
    Command(Vec<String>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// A secret that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {}

impl Secret {
    /// Reads it.
    pub fn read(&self) -> Result<String, SecretError> {
        todo!()
    }
}
