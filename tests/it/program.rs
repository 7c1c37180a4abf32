//! The real program, started in a folder of its own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) use crate::case::CONFIG;

/// A folder in which the program is started, without any setting of the machine's.
pub(crate) struct House {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) errors: String,
}

impl House {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder, and the folders it needs.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// The program, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
        command.args(arguments).current_dir(self.folder.path());
        for name in [
            "ANTRAGSBOTE_CONFIG",
            "ANTRAGSBOTE_LOG",
            "RUST_LOG",
            "RUNTIME_DIRECTORY",
            "CREDENTIALS_DIRECTORY",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(arguments), b"")
    }

    /// With a standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> Run {
        finish(self.command(arguments), input)
    }

    /// What `answer --explain` says of a [`mail`].
    pub(crate) fn explain(&self, text: &str) -> Value {
        let run = self.feed(&["answer", "--explain"], mail(text).as_bytes());
        assert_eq!(run.code, 0, "{}", run.errors);
        serde_json::from_slice(&run.bytes).unwrap()
    }
}

/// A request with this text.
pub(crate) fn mail(text: &str) -> String {
    let text = text.replace('\n', "\r\n");
    format!(
        "From: Ada <ada@example.com>\r\nTo: antrag@example.org\r\nSubject: Bitte\r\n\
         Message-ID: <1@example.com>\r\nDate: Mon, 20 Apr 2026 10:15:00 +0200\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

impl Run {
    /// Standard output as text.
    pub(crate) fn output(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Starts a command, feeds it and waits for its end.
pub(crate) fn finish(mut command: Command, input: &[u8]) -> Run {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who does not read its input closes it: that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().expect("no signal"),
        bytes: output.stdout,
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Whether these bytes are a Word package.
pub(crate) fn is_package(bytes: &[u8]) -> bool {
    zip::ZipArchive::new(std::io::Cursor::new(bytes))
        .is_ok_and(|zip| zip.index_for_name("word/document.xml").is_some())
}

/// The text of a Word package's body, one line a paragraph.
pub(crate) fn text_of(path: &Path) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let xml = std::io::read_to_string(zip.by_name("word/document.xml").unwrap()).unwrap();
    let mut text = String::new();
    for piece in xml.split('<') {
        let (tag, content) = piece.split_once('>').unwrap_or((piece, ""));
        if tag == "w:t" || tag.starts_with("w:t ") {
            text.push_str(content);
        } else if tag == "/w:p" {
            text.push('\n');
        }
    }
    text
}
