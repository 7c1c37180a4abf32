//! A real Postfix: SMTP plain, submission with STARTTLS and over TLS; delivers into Maildirs, never elsewhere.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::certificates::Certificates;
use super::house::{Owner, fill};
use super::process::{Process, eventually, free_port, send_signal};
use super::{DOMAIN, PEOPLE, smtp};

/// A Postfix that ends with this value.
#[derive(Debug)]
pub(crate) struct Postfix {
    /// without login, as other servers deliver
    pub(crate) smtp_port: u16,
    /// STARTTLS and login
    pub(crate) submission_port: u16,
    /// TLS from the first byte, and login
    pub(crate) submissions_port: u16,
    root: PathBuf,
    process: Option<Process>,
}

impl Postfix {
    /// Starts it in `root`, delivering below `mail`; who may log in, `sasl_socket` answers.
    pub(crate) fn start(
        root: &Path,
        mail: &Path,
        owner: &Owner,
        certificates: &Certificates,
        sasl_socket: &Path,
    ) -> Self {
        assert_eq!(
            fs::metadata("/proc/self").unwrap().uid(),
            0,
            "Postfix starts as root only: tests/run sees to it"
        );
        let mut postfix = Self {
            smtp_port: free_port(),
            submission_port: free_port(),
            submissions_port: free_port(),
            root: root.to_owned(),
            process: None,
        };
        let etc = root.join("etc");
        for folder in ["etc", "queue"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let [root, mail, sasl] = [root, mail, sasl_socket].map(|path| path.to_string_lossy());
        let main = fill(
            include_str!("servers/main.cf"),
            &[
                ("ROOT", &root),
                ("MAIL", &mail),
                ("SASL", &sasl),
                ("DOMAIN", DOMAIN),
                ("UID", &owner.uid.to_string()),
                ("GID", &owner.gid.to_string()),
                ("KEY", &certificates.key.to_string_lossy()),
                ("CERTIFICATE", &certificates.certificate.to_string_lossy()),
            ],
        );
        let master = fill(
            include_str!("servers/master.cf"),
            &[
                ("SMTP", &postfix.smtp_port.to_string()),
                ("SUBMISSION", &postfix.submission_port.to_string()),
                ("SUBMISSIONS", &postfix.submissions_port.to_string()),
            ],
        );
        let mailboxes = PEOPLE.map(|person| format!("{person}@{DOMAIN} {DOMAIN}/{person}/\n"));
        fs::write(etc.join("main.cf"), main).unwrap();
        fs::write(etc.join("master.cf"), master).unwrap();
        fs::write(etc.join("mailboxes"), mailboxes.concat()).unwrap();
        postfix.resume();
        postfix
    }

    /// Ends it, as an administrator does; what it has accepted stays in its queue.
    pub(crate) fn stop(&mut self) {
        // Unlike a signal this waits until the last of its processes has ended.
        let stop = self.command("stop").status().unwrap();
        assert!(stop.success(), "postfix stop: {stop}");
        let mut process = self.process.take().unwrap();
        process.wait(Duration::from_secs(30));
    }

    /// Starts it again after [`Postfix::stop`], on the same ports.
    pub(crate) fn resume(&mut self) {
        let mut process = Process::start("postfix", &mut self.command("start-fg"));
        for port in [self.smtp_port, self.submission_port, self.submissions_port] {
            process.until_listening(port);
        }
        self.process = Some(process);
    }

    /// Sends a mail by plain SMTP, as another server would.
    pub(crate) fn send(&self, from: &str, to: &str, raw: &[u8]) {
        smtp::send(self.smtp_port, from, to, raw);
    }

    /// Waits until everything it has accepted is delivered.
    pub(crate) fn until_delivered(&self) {
        eventually("an empty mail queue", Duration::from_secs(30), || {
            let queues = ["maildrop", "incoming", "active", "deferred"];
            let empty = |queue| is_without_files(&self.root.join("queue").join(queue));
            queues.into_iter().all(empty).then_some(())
        });
    }

    /// Its log, for failed tests.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("postfix.log")
    }

    fn command(&self, action: &str) -> Command {
        let mut command = Command::new("postfix");
        command.arg("-c").arg(self.root.join("etc")).arg(action);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Its master leads a session of its own, and ends all others of it.
    fn signal_master(&self, signal: &str) {
        if let Ok(id) = fs::read_to_string(self.root.join("queue/pid/master.pid")) {
            send_signal(signal, id.trim());
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            self.signal_master("TERM");
            process.wait(Duration::from_secs(30));
        }
    }
}

fn is_without_files(folder: &Path) -> bool {
    // A folder that Postfix has just removed or not made yet holds none.
    let Ok(entries) = fs::read_dir(folder) else {
        return true;
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .all(|path| path.is_dir() && is_without_files(&path))
}
