//! The machine's own sendmail program, as every mail system brings one along.
#![allow(clippy::disallowed_methods, reason = "sendmail is a program")]

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::memfd::{MFdFlags, memfd_create};
use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, Command};
use tokio::time::timeout;

use super::{Envelope, Error};
use crate::notify;

/// How long the program may take: it only queues, yet may wait for a busy disk.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// How much of what it says is kept, in bytes.
const WORDS: usize = 1000;

/// How long its last words may take once it has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

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
    let (status, words) = timeout(LIMIT, run(program, envelope, bytes))
        .await
        .map_err(|_| Error::Slow { limit: LIMIT })?
        .map_err(|source| unusable(program, source))?;
    if status.success() {
        return Ok("taken by sendmail".to_owned());
    }
    let words = String::from_utf8_lossy(&words);
    Err(Error::Exit {
        status: status.code().unwrap_or(-1),
        words: words.trim().to_owned(),
    })
}

/// Runs it to its end; it is killed if this is dropped before.
async fn run(
    program: &Path,
    envelope: &Envelope,
    bytes: &[u8],
) -> io::Result<(ExitStatus, Vec<u8>)> {
    let mut child = notify::keep_from(&mut Command::new(program))
        .args(["-i", "-f", &envelope.from, "--", &envelope.to])
        .stdin(whole(bytes)?)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    crate::halt::at(crate::halt::Point::Sendmail);
    let mut words = Vec::new();
    let stderr = child.stderr.take();
    let status = {
        let listening = listen(stderr, &mut words);
        let ending = child.wait();
        tokio::pin!(listening, ending);
        tokio::select! {
            status = &mut ending => {
                // What it left running may hold its standard error open for hours.
                let _ = timeout(LAST_WORDS, listening).await;
                status
            }
            () = &mut listening => ending.await,
        }
    }?;
    Ok((status, words))
}

/// Hears all it says, and keeps the begin.
async fn listen(stderr: Option<ChildStderr>, words: &mut Vec<u8>) {
    let Some(mut stderr) = stderr else { return };
    let mut piece = [0; 1024];
    while let Ok(length @ 1..) = stderr.read(&mut piece).await {
        let room = WORDS.saturating_sub(words.len());
        words.extend(piece.iter().take(length.min(room)));
    }
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
            ("kill -9 $$", Verdict::Unknown),
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

    /// Nothing here takes longer, on a busy machine either.
    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn its_words_are_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let text = "yes because | head -c 20000000 >&2; exit 75";
        let program = script(folder.path(), text);
        let error = send(&program, &envelope(), b"").await.unwrap_err();
        let Error::Exit { status, words } = error else {
            panic!("{error:?}");
        };
        assert_eq!((status, words.len()), (75, 999));
    }

    #[tokio::test]
    async fn what_it_leaves_running_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let text = format!("sleep 300 & echo $! > {}", note.display());
        let program = script(folder.path(), &text);
        let sent = timeout(PATIENCE, send(&program, &envelope(), b"")).await;
        let left = fs::read_to_string(note).unwrap();
        std::process::Command::new("kill")
            .arg(left.trim())
            .status()
            .unwrap();
        assert!(sent.unwrap().is_ok());
    }

    #[tokio::test]
    async fn it_is_killed_at_a_stop_and_leaves_no_zombie() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let text = format!(
            "echo $$ > {0}.new; mv {0}.new {0}; exec sleep 300",
            note.display()
        );
        let program = script(folder.path(), &text);
        let pid = async {
            loop {
                match fs::read_to_string(&note) {
                    Ok(pid) => break pid,
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        };
        let envelope = envelope();
        let pid = tokio::select! {
            sent = send(&program, &envelope, b"") => panic!("{sent:?}"),
            pid = pid => pid,
        };
        let gone = async {
            while Path::new("/proc").join(pid.trim()).exists() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, gone).await.unwrap();
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
