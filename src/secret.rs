//! Secrets: where they come from; read late, never shown.
#![allow(
    clippy::disallowed_methods,
    reason = "a secret comes out of a file or a command"
)]

use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::notify;

/// How long a command may take to print a secret: time for a password store to be
/// unlocked by a slow device, yet short enough that a hanging one is noticed.
const COMMAND_LIMIT: Duration = Duration::from_secs(20);

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
pub enum SecretError {
    /// the file cannot be read
    #[error("the password file {} cannot be read", path.display())]
    File {
        /// the file
        path: PathBuf,
        /// why
        #[source]
        source: io::Error,
    },
    /// the command cannot be started
    #[error("the password command `{program}` cannot be run")]
    Command {
        /// its first word; the others may be secret themselves
        program: String,
        /// why
        #[source]
        source: io::Error,
    },
    /// the command reports a failure
    #[error("the password command `{program}` ended with {status}")]
    Failed {
        /// its first word
        program: String,
        /// how it ended
        status: ExitStatus,
    },
    /// the command does not end
    #[error("the password command `{program}` did not end within {} seconds", COMMAND_LIMIT.as_secs())]
    Slow {
        /// its first word
        program: String,
    },
    /// there is nothing in the first line
    #[error("the first line of {origin} is empty")]
    Empty {
        /// the file or command, in words
        origin: String,
    },
    /// the first line is no text
    #[error("the first line of {origin} is not UTF-8")]
    NotText {
        /// the file or command, in words
        origin: String,
    },
}

impl SecretError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "let the user that runs antragsbote read the file, for instance by chown and chmod 0400"
            }
            Self::File { .. } => {
                "write the password into the first line of the file, or correct password_file"
            }
            Self::Command { .. } => {
                "give password_command as a list: the program with its full path, then its arguments; no shell is involved"
            }
            Self::Failed { .. } | Self::Slow { .. } => {
                "run the command by hand as the user that runs antragsbote; it must print the password without asking"
            }
            Self::Empty { .. } => "the password is taken from the first line alone",
            Self::NotText { .. } => "save the password as UTF-8",
        }
    }
}

impl Secret {
    /// Reads it; without the line end.
    ///
    /// # Errors
    /// When the file or command cannot be used or its first line is empty.
    pub async fn read(&self) -> Result<String, SecretError> {
        match self {
            Self::Plain(secret) => Ok(secret.clone()),
            Self::File(path) => read_file(path).await,
            Self::Command(words) => read_command(words).await,
        }
    }
}

async fn read_file(path: &Path) -> Result<String, SecretError> {
    let bytes = tokio::fs::read(path)
        .await
        .map_err(|source| SecretError::File {
            path: path.to_owned(),
            source,
        })?;
    first_line(&bytes, || format!("the password file {}", path.display()))
}

async fn read_command(words: &[String]) -> Result<String, SecretError> {
    let (program, arguments) = words.split_first().ok_or_else(|| SecretError::Empty {
        origin: "password_command".to_owned(),
    })?;
    let failed = |source| SecretError::Command {
        program: program.clone(),
        source,
    };
    let child = notify::keep_from(&mut Command::new(program))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // Its words are not ours to vouch for: they may hold the secret.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let output = timeout(COMMAND_LIMIT, child.wait_with_output())
        .await
        .map_err(|_| SecretError::Slow {
            program: program.clone(),
        })?
        .map_err(failed)?;
    if !output.status.success() {
        return Err(SecretError::Failed {
            program: program.clone(),
            status: output.status,
        });
    }
    first_line(&output.stdout, || format!("what `{program}` prints"))
}

fn first_line(bytes: &[u8], origin: impl Fn() -> String) -> Result<String, SecretError> {
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err(SecretError::Empty { origin: origin() });
    }
    let text = std::str::from_utf8(line).map_err(|_| SecretError::NotText { origin: origin() })?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Secret {
        Secret::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[tokio::test]
    async fn only_the_first_line_counts_and_its_blanks_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        for (content, expected) in [
            (&b"geheim"[..], "geheim"),
            (b"geheim\n", "geheim"),
            (b"geheim\r\nzweite Zeile\n", "geheim"),
            (b" ge heim \n", " ge heim "),
            ("Paßwort\n".as_bytes(), "Paßwort"),
        ] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(Secret::File(path.clone()).read().await.unwrap(), expected);
        }
        assert_eq!(
            words(&["printf", "eins\nzwei"]).read().await.unwrap(),
            "eins"
        );
        assert_eq!(
            Secret::Plain("drei".to_owned()).read().await.unwrap(),
            "drei"
        );
    }

    #[tokio::test]
    async fn a_command_sees_no_shell() {
        assert_eq!(
            words(&["echo", "$HOME; id"]).read().await.unwrap(),
            "$HOME; id"
        );
    }

    #[tokio::test]
    async fn failures_name_the_file_or_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("fehlt");
        let empty = folder.path().join("leer");
        let binary = folder.path().join("binär");
        std::fs::write(&empty, "\ngeheim").unwrap();
        std::fs::write(&binary, b"\xff\n").unwrap();
        for (secret, named) in [
            (Secret::File(missing), "fehlt"),
            (Secret::File(empty), "leer"),
            (Secret::File(binary), "binär"),
            (words(&["/no/such/program", "geheim"]), "/no/such/program"),
            (words(&["false", "geheim"]), "`false`"),
            (words(&["true"]), "`true`"),
            (words(&[]), "password_command"),
        ] {
            let error = secret.read().await.unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
            assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
            assert!(!error.hint().is_empty());
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::Plain("geheim".to_owned())), "…");
    }
}
