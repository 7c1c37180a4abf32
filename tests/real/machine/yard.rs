//! A daemon between two Maildirs, with its log in a folder that can run full.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use mail_parser::MessageParser;
use tempfile::TempDir;

use super::PATIENCE;
use crate::correspondence::{mail, request};
use crate::support::{Daemon, Finished, command, eventually};

/// A configuration, two Maildirs and a folder for the log.
pub(super) struct Yard {
    pub(super) config: PathBuf,
    /// the folder of the log
    pub(super) log: PathBuf,
    mounted: bool,
    folder: TempDir,
}

impl Yard {
    pub(super) fn new() -> Self {
        let folder = TempDir::with_prefix("antragsbote-").unwrap();
        let log = folder.path().join("protokoll");
        fs::create_dir(&log).unwrap();
        for maildir in ["in", "out"] {
            for part in ["cur", "new", "tmp"] {
                fs::create_dir_all(folder.path().join(maildir).join(part)).unwrap();
            }
        }
        let config = folder.path().join("antragsbote.toml");
        let text = r#"[bot]
address = "antrag@example.org"

[mailbox]
kind = "maildir"
path = "in"

[outbound]
kind = "maildir"
path = "out"

[log]
url = "sqlite:protokoll/log.db"

[policy]
replies_per_sender_per_hour = 10000
documents_per_sender_per_hour = 10000

[service]
socket = "deliver.sock"
"#;
        fs::write(&config, text).unwrap();
        Self {
            config,
            log,
            mounted: false,
            folder,
        }
    }

    /// With so much room for the log.
    pub(super) fn small(size: &str) -> Self {
        let mut yard = Self::new();
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"])
            .arg(&yard.log));
        yard.mounted = true;
        yard
    }

    /// A path in the test's folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes the log's file system read-only ("ro") or not ("rw").
    pub(super) fn remount(&self, mode: &str) {
        run(Command::new("mount")
            .args(["-o", &format!("remount,{mode}")])
            .arg(&self.log));
    }

    /// Leaves no room for the log.
    pub(super) fn fill_disk(&self) {
        let mut ballast = fs::File::create(self.log.join("ballast")).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
    }

    pub(super) fn free_disk(&self) {
        fs::remove_file(self.log.join("ballast")).unwrap();
    }

    /// Has system calls on the log's files fail until the fault ends.
    pub(super) fn inject(&self, daemon: &Daemon, fault: &str) -> Fault {
        let mut strace = Command::new("strace");
        strace.args([
            "-qq",
            "-f",
            "-o",
            "/dev/null",
            "-p",
            &daemon.id().to_string(),
        ]);
        for file in ["log.db", "log.db-wal"] {
            strace.arg("-P").arg(self.log.join(file));
        }
        strace.arg("-e").arg(format!("inject={fault}"));
        let strace = strace.stderr(Stdio::null()).spawn().unwrap();
        let status = format!("/proc/{}/status", daemon.id());
        let tracer = format!("TracerPid:\t{}\n", strace.id());
        eventually("strace", PATIENCE, || {
            fs::read_to_string(&status)
                .unwrap()
                .contains(&tracer)
                .then_some(())
        });
        Fault(strace)
    }

    fn put(&self, name: &str, raw: &[u8]) {
        let inbox = self.path("in");
        fs::write(inbox.join("tmp").join(name), raw).unwrap();
        fs::rename(inbox.join("tmp").join(name), inbox.join("new").join(name)).unwrap();
    }

    /// Puts so many requests into the mailbox, and names them.
    pub(super) fn put_many(&self, name: &str, count: usize) -> Vec<String> {
        let ids: Vec<String> = (0..count)
            .map(|number| format!("{name}-{number}"))
            .collect();
        ids.iter().for_each(|id| self.put(id, &request(id)));
        ids
    }

    /// A request with a large attachment that inflates to far more.
    pub(super) fn put_heavy(&self, id: &str, size: usize) -> String {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let name = zip::write::SimpleFileOptions::default();
        zip.start_file("word/document.xml", name).unwrap();
        let zeros = vec![b' '; 1 << 20];
        (0..200).for_each(|_| zip.write_all(&zeros).unwrap());
        let bomb = zip.finish().unwrap().into_inner();
        let head = mail(id, "");
        let head = String::from_utf8(head).unwrap().replace(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
        );
        let text = "Kommune: Stadt Fürth\r\nBeirat: Ausländerbeirat\r\n";
        let mut raw = format!(
            "{head}--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
             --b\r\nContent-Disposition: attachment; filename=liste.docx\r\n\
             Content-Transfer-Encoding: binary\r\n\r\n"
        )
        .into_bytes();
        raw.extend(bomb);
        raw.resize(raw.len().max(size), b'x');
        raw.extend(b"\r\n--b--\r\n");
        self.put(id, &raw);
        id.to_owned()
    }

    /// Hands a request in at the socket.
    pub(super) fn deliver(&self, id: &str) -> Finished {
        let raw = self.path(id);
        fs::write(&raw, request(id)).unwrap();
        let mut deliver = command(&self.config, &["deliver"]);
        let output = deliver
            .stdin(fs::File::open(raw).unwrap())
            .output()
            .unwrap();
        Finished {
            code: output.status.code().unwrap(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// How many mails nobody has read.
    pub(super) fn unread(&self) -> usize {
        fs::read_dir(self.path("in/new")).unwrap().count()
    }

    /// For each reply that left, the request it answers and its own Message-ID.
    pub(super) fn replies(&self) -> Vec<(String, String)> {
        let parse = |path: &Path| {
            let raw = fs::read(path).unwrap();
            let reply = MessageParser::default().parse(&raw).unwrap();
            let answers = reply.in_reply_to().as_text().unwrap().to_owned();
            (
                answers.trim_end_matches("@example.org").to_owned(),
                reply.message_id().unwrap().to_owned(),
            )
        };
        let files = fs::read_dir(self.path("out/new")).unwrap();
        files.map(|file| parse(&file.unwrap().path())).collect()
    }

    #[track_caller]
    pub(super) fn until_answered(&self, count: usize) {
        let out = self.path("out/new");
        eventually(&format!("{count} replies"), PATIENCE, || {
            (fs::read_dir(&out).unwrap().count() >= count).then_some(())
        });
    }

    /// Each request has its reply; where one left twice, it was the same.
    #[track_caller]
    pub(super) fn until_answered_all(&self, ids: &[String]) {
        let expected: Vec<_> = ids
            .iter()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        eventually("a reply to each request", PATIENCE, || {
            let answered: BTreeMap<_, _> = self.replies().into_iter().collect();
            let answered: Vec<_> = answered.into_keys().collect();
            (answered == expected).then_some(())
        });
    }

    #[track_caller]
    pub(super) fn assert_answered_once(&self, ids: &[String]) {
        let mut expected = ids.to_vec();
        expected.sort();
        let mut answered: Vec<_> = self.replies().into_iter().map(|(id, _)| id).collect();
        answered.sort();
        assert_eq!(answered, expected);
    }

    /// Waits until so many replies have left and all mail has been set aside.
    #[track_caller]
    pub(super) fn until_settled(&self, count: usize) {
        self.until_answered(count);
        eventually("all mail set aside", PATIENCE, || {
            (self.unread() == 0).then_some(())
        });
        // Set aside on disk, noted in the log right after.
        self.until_tidy();
    }

    /// Waits until the write-ahead log has flowed back.
    fn until_tidy(&self) {
        let wal = self.log.join("log.db-wal");
        eventually("an empty -wal", PATIENCE, || {
            (wal.metadata().unwrap().len() == 0).then_some(())
        });
    }
}

impl Drop for Yard {
    fn drop(&mut self) {
        if self.mounted {
            // Whatever still uses it was ended before, or is about to be.
            let _ = Command::new("umount").arg("-l").arg(&self.log).status();
        }
    }
}

/// Runs a program that must succeed.
#[track_caller]
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// System calls that fail.
pub(super) struct Fault(Child);

impl Fault {
    pub(super) fn end(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        // So that it lets go of the daemon.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A limit on what a running daemon may use.
pub(super) struct Limit {
    arguments: [String; 2],
}

impl Limit {
    pub(super) fn set(daemon: &Daemon, what: &str, limit: usize) -> Self {
        let limit_of = |limit: &str| {
            [
                format!("--pid={}", daemon.id()),
                format!("--{what}={limit}:"),
            ]
        };
        run(Command::new("prlimit").args(limit_of(&limit.to_string())));
        Self {
            arguments: limit_of(if what == "nofile" {
                "1024"
            } else {
                "unlimited"
            }),
        }
    }

    pub(super) fn lift(self) {
        run(Command::new("prlimit").args(self.arguments));
    }
}

/// The lowest number of a file descriptor that is free.
pub(super) fn free_descriptor(daemon: &Daemon) -> usize {
    let open = fs::read_dir(format!("/proc/{}/fd", daemon.id())).unwrap();
    let open: Vec<usize> = open
        .map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_str()
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    (0..).find(|number| !open.contains(number)).unwrap()
}
