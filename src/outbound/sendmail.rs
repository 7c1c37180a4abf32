//! The machine's own sendmail program, as every mail system brings one along.
#![allow(clippy::disallowed_methods, reason = "sendmail is a program")]

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::memfd::{MFdFlags, memfd_create};
use tokio::process::Command;
use tokio::time::timeout;

use super::{Envelope, Error};

/// How long the program may take: it only queues, yet may wait for a busy disk.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// How much of what it says is kept.
const WORDS: usize = 1000;

/// Whether there is such a program.
pub(super) async fn probe(program: &Path) -> Result<(), Error> {
    match tokio::fs::metadata(program).await {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => Err(unusable(program, io::ErrorKind::InvalidInput.into())),
        Err(source) => Err(unusable(program, source)),
    }
}

/// Hands a mail over.
pub(super) async fn send(
    program: &Path,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<String, Error> {
    let output = timeout(LIMIT, run(program, envelope, bytes))
        .await
        .map_err(|_| Error::Slow { limit: LIMIT })?
        .map_err(|source| unusable(program, source))?;
    if output.status.success() {
        return Ok("taken by sendmail".to_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Error::Exit {
        status: output.status.code().unwrap_or(-1),
        words: words.trim().chars().take(WORDS).collect(),
    })
}

async fn run(
    program: &Path,
    envelope: &Envelope,
    bytes: &[u8],
) -> io::Result<std::process::Output> {
    let child = Command::new(program)
        .args(["-i", "-f", &envelope.from, "--", &envelope.to])
        .stdin(whole(bytes)?)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    crate::halt::at(crate::halt::Point::Sendmail);
    child.wait_with_output().await
}

/// The mail as a file in memory. Through a pipe the program would take for the whole mail what it has when this
/// process is killed.
fn whole(bytes: &[u8]) -> io::Result<Stdio> {
    let mut file = File::from(memfd_create(c"reply", MFdFlags::MFD_CLOEXEC)?);
    file.write_all(&with_local_line_ends(bytes))?;
    file.rewind()?;
    Ok(file.into())
}

/// The program reads text as files have it.
fn with_local_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                lines.extend_from_slice(line);
                lines.push(b'\n');
            }
            None => lines.extend_from_slice(line),
        }
    }
    lines
}

fn unusable(program: &Path, source: io::Error) -> Error {
    Error::Program {
        program: program.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::request::Verdict;

    /// Written by another process: while this one forks elsewhere, a file it has open
    /// for writing cannot be run ("text file busy").
    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("sendmail");
        let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 700 \"$2\"";
        let status = std::process::Command::new("sh")
            .args(["-c", write, "sh", text])
            .arg(&path)
            .status();
        assert!(status.unwrap().success());
        path
    }

    fn envelope() -> Envelope {
        Envelope {
            from: "antrag@example.org".to_owned(),
            to: "-oQ/tmp@example.org".to_owned(),
        }
    }

    #[tokio::test]
    async fn it_gets_the_envelope_and_the_mail() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let text = format!("{{ echo \"$@\"; cat; }} > {}", out.display());
        let program = script(folder.path(), &text);
        probe(&program).await.unwrap();
        send(&program, &envelope(), b"A: b\r\n\r\n.\r\nc")
            .await
            .unwrap();
        assert_eq!(
            fs::read_to_string(out).unwrap(),
            "-i -f antrag@example.org -- -oQ/tmp@example.org\nA: b\n\n.\nc"
        );
    }

    #[tokio::test]
    async fn its_exit_status_decides() {
        let folder = tempfile::tempdir().unwrap();
        let big = vec![b'a'; 1_000_000];
        for (end, verdict) in [
            ("exit 75", Verdict::TryAgain),
            ("exit 69", Verdict::TryAgain),
            ("exit 78", Verdict::TryAgain),
            ("exit 1", Verdict::TryAgain),
            ("kill -9 $$", Verdict::TryAgain),
            ("exit 64", Verdict::GiveUp),
            ("exit 67", Verdict::GiveUp),
            ("exit 68", Verdict::GiveUp),
        ] {
            let program = script(folder.path(), &format!("echo because >&2; {end}"));
            let error = send(&program, &envelope(), &big).await.unwrap_err();
            assert_eq!(error.verdict(), verdict, "{end}");
            assert!(error.to_string().contains("because"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_program_that_is_missing_is_named() {
        let program = Path::new("/no/such/sendmail");
        for error in [
            probe(program).await.unwrap_err(),
            send(program, &envelope(), b"").await.unwrap_err(),
        ] {
            assert_eq!(error.verdict(), Verdict::TryAgain);
            assert!(error.to_string().contains("/no/such/sendmail"));
        }
    }
}
