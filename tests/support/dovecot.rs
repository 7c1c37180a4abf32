//! A real Dovecot: IMAP plain, with STARTTLS and over TLS, on Maildirs in the test's folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::certificates::Certificates;
use super::house::{Owner, fill};
use super::imap::Imap;
use super::process::{Process, eventually, free_port};
use super::{DOMAIN, PASSWORD, PEOPLE};

/// A Dovecot that ends with this value.
#[derive(Debug)]
pub(crate) struct Dovecot {
    /// plain, and STARTTLS
    pub(crate) imap_port: u16,
    /// TLS from the first byte
    pub(crate) imaps_port: u16,
    root: PathBuf,
    mail: PathBuf,
    owner: Owner,
    bearer: Option<Bearer>,
    process: Option<Process>,
}

/// Logins by a token, beside those by a password.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    /// what is offered: "xoauth2", "oauthbearer", or both
    pub(crate) mechanisms: &'static str,
    /// who knows whether a token is good (RFC 7662)
    pub(crate) introspection_url: String,
}

impl Dovecot {
    /// Starts it in `root`, with an empty Maildir for everybody below `mail`.
    pub(crate) fn start(
        root: &Path,
        mail: &Path,
        owner: Owner,
        certificates: &Certificates,
        bearer: Option<Bearer>,
    ) -> Self {
        let mut dovecot = Self {
            imap_port: free_port(),
            imaps_port: free_port(),
            root: root.to_owned(),
            mail: mail.to_owned(),
            owner,
            bearer,
            process: None,
        };
        fs::create_dir_all(root).unwrap();
        for person in PEOPLE {
            dovecot.make_maildir(person);
        }
        fs::write(root.join("dovecot.conf"), dovecot.settings(certificates)).unwrap();
        dovecot.resume();
        dovecot
    }

    /// Ends it, as an administrator does; connections are cut.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().unwrap();
        process.signal("TERM");
        process.wait(Duration::from_secs(30));
    }

    /// Starts it again after [`Dovecot::stop`], on the same ports.
    pub(crate) fn resume(&mut self) {
        let mut command = Command::new("dovecot");
        command
            .arg("-F")
            .arg("-c")
            .arg(self.root.join("dovecot.conf"));
        let mut process = Process::start("dovecot", &mut command);
        process.until_listening(self.imap_port);
        self.process = Some(process);
    }

    /// Logs in as this person.
    pub(crate) fn login(&self, person: &str) -> Imap {
        Imap::login(self.imap_port, &format!("{person}@{DOMAIN}"), PASSWORD)
    }

    /// Waits until a client of this person waits for news (RFC 2177).
    pub(crate) fn until_idle(&self, person: &str) {
        let master = self.process.as_ref().unwrap().id();
        let title = format!("[{person}@{DOMAIN} 127.0.0.1 IDLE]");
        eventually(&title, Duration::from_secs(30), || {
            let children = fs::read_to_string(format!("/proc/{master}/task/{master}/children"));
            // One that has ended meanwhile has no title.
            let titles = children.unwrap();
            let mut titles = titles.split_whitespace().map(|child| {
                fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default()
            });
            titles.any(|words| words.contains(&title)).then_some(())
        });
    }

    /// The Maildir of this person's INBOX.
    pub(crate) fn maildir(&self, person: &str) -> PathBuf {
        self.mail.join(DOMAIN).join(person)
    }

    /// The socket that answers who may log in, for Postfix.
    pub(crate) fn sasl_socket(&self) -> PathBuf {
        self.root.join("sasl")
    }

    /// Its log, for failed tests.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("dovecot.log")
    }

    /// Puts bytes as they are into this person's INBOX, unread: what no SMTP server would pass on.
    pub(crate) fn drop_in(&self, person: &str, name: &str, raw: &[u8]) {
        let maildir = self.maildir(person);
        let written = maildir.join("tmp").join(name);
        fs::write(&written, raw).unwrap();
        self.owner.give(&written);
        fs::rename(&written, maildir.join("new").join(name)).unwrap();
    }

    /// Makes the UIDs of this person's INBOX invalid, as a restored or moved mailbox does. Dovecot must be stopped.
    pub(crate) fn renew_uid_validity(&self, person: &str) {
        assert!(
            self.process.is_none(),
            "Dovecot holds its indexes in memory"
        );
        let maildir = self.maildir(person);
        let list = maildir.join("dovecot-uidlist");
        // Its first line is "3 V<uidvalidity> N<next uid> G<guid>".
        let text = fs::read_to_string(&list).unwrap();
        let (header, rest) = text.split_once('\n').unwrap();
        let fields = header
            .split(' ')
            .map(|field| match field.strip_prefix('V') {
                Some(validity) => format!("V{}", validity.parse::<u32>().unwrap() + 1),
                None => field.to_owned(),
            });
        let header: Vec<String> = fields.collect();
        fs::write(&list, format!("{}\n{rest}", header.join(" "))).unwrap();
        for entry in fs::read_dir(&maildir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("dovecot.index") {
                fs::remove_file(path).unwrap();
            }
        }
    }

    fn make_maildir(&self, person: &str) {
        let maildir = self.maildir(person);
        for folder in ["new", "cur", "tmp"] {
            let folder = maildir.join(folder);
            fs::create_dir_all(&folder).unwrap();
            self.owner.give(&folder);
        }
        self.owner.give(&maildir);
        self.owner.give(&self.mail.join(DOMAIN));
        self.owner.give(&self.mail);
    }

    fn settings(&self, certificates: &Certificates) -> String {
        let is_old = version().starts_with("2.3.");
        let template = match is_old {
            true => include_str!("servers/dovecot.conf"),
            false => include_str!("servers/dovecot-2.4.conf"),
        };
        let (mechanisms, oauth2) = match &self.bearer {
            None => ("", String::new()),
            Some(bearer) => (bearer.mechanisms, self.oauth2(bearer, is_old)),
        };
        fill(
            template,
            &[
                ("ROOT", &self.root.to_string_lossy()),
                ("MAIL", &self.mail.to_string_lossy()),
                ("INTERNAL_USER", &self.owner.internal_user),
                ("INTERNAL_GROUP", &self.owner.internal_group),
                ("LOGIN_USER", &self.owner.login_user),
                ("UID", &self.owner.uid.to_string()),
                ("GID", &self.owner.gid.to_string()),
                ("CERTIFICATE", &certificates.certificate.to_string_lossy()),
                ("KEY", &certificates.key.to_string_lossy()),
                ("PASSWORD", PASSWORD),
                ("BEARER", mechanisms),
                ("OAUTH2", &oauth2),
                ("IMAP", &self.imap_port.to_string()),
                ("IMAPS", &self.imaps_port.to_string()),
            ],
        )
    }

    /// What is set for tokens; up to 2.3 most of it stands in a file of its own.
    fn oauth2(&self, bearer: &Bearer, is_old: bool) -> String {
        let template = include_str!("servers/dovecot-oauth2.conf");
        let settings = fill(template, &[("URL", &bearer.introspection_url)]);
        if !is_old {
            return format!("oauth2 {{\n{settings}}}\n");
        }
        let file = self.root.join("oauth2.conf");
        fs::write(&file, settings).unwrap();
        let file = file.display();
        format!(
            "passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {file}\n}}\n"
        )
    }
}

/// Settings changed their names in 2.4.
fn version() -> String {
    let output = Command::new("dovecot").arg("--version").output();
    let output = output.expect("dovecot is missing: tests/run installs it");
    String::from_utf8(output.stdout).unwrap()
}
