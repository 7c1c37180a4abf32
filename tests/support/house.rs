//! The house of one test: a Dovecot and a Postfix on the same Maildirs, and the daemon's configuration.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tempfile::TempDir;

use super::certificates::{Certificates, Validity};
use super::dovecot::{Bearer, Dovecot};
use super::postfix::Postfix;
use super::{DOMAIN, Graph, PASSWORD, TokenServer};

/// Where Microsoft 365 is: the certificates of a [`House::with_tokens`] are good for it, too.
pub(crate) const MICROSOFT: [&str; 3] = [
    "outlook.office365.com",
    "login.microsoftonline.com",
    "graph.microsoft.com",
];

/// Both servers; what Postfix accepts for `anna@example.org` lies in Anna's INBOX.
#[derive(Debug)]
pub(crate) struct House {
    /// the IMAP server
    pub(crate) dovecot: Dovecot,
    /// the SMTP server
    pub(crate) postfix: Postfix,
    /// the authority that signed their certificate
    pub(crate) ca_file: PathBuf,
    tokens: Option<(Arc<TokenServer>, Certificates)>,
    folder: TempDir,
}

/// What differs between the daemon's configurations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// `[mailbox] security`; the port follows
    pub(crate) mailbox: &'static str,
    /// `[outbound] security`; the port follows
    pub(crate) outbound: &'static str,
    /// `[mailbox] archive`
    pub(crate) archive: Option<&'static str>,
    /// `[mailbox] host`
    pub(crate) host: &'static str,
    /// the password given for the mailbox
    pub(crate) password: &'static str,
    /// `[oauth]`, and so `auth = "oauth"` in place of passwords
    pub(crate) oauth: Option<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mailbox: "tls",
            outbound: "starttls",
            archive: Some("Erledigt"),
            host: "localhost",
            password: PASSWORD,
            oauth: None,
        }
    }
}

impl House {
    /// Starts both servers.
    pub(crate) fn start() -> Self {
        Self::with_certificate(Validity::Valid)
    }

    /// Starts both servers with a certificate of this validity.
    pub(crate) fn with_certificate(validity: Validity) -> Self {
        let folder = new_folder();
        let certificates = Certificates::make(folder.path(), validity);
        Self::on(folder, &certificates, None)
    }

    /// Starts both servers, which take tokens by these mechanisms, and who gives them out.
    pub(crate) fn with_tokens(mechanisms: &'static str) -> Self {
        let folder = new_folder();
        let names = ["localhost", "127.0.0.1"].into_iter().chain(MICROSOFT);
        let names: Vec<_> = names.collect();
        let certificates = Certificates::make_for(folder.path(), Validity::Valid, &names);
        let tokens = TokenServer::start(certificates.tls());
        let bearer = Bearer {
            mechanisms,
            introspection_url: tokens.introspection_url(),
        };
        let mut house = Self::on(folder, &certificates, Some(bearer));
        house.tokens = Some((Arc::new(tokens), certificates));
        house
    }

    /// Who gives tokens out.
    pub(crate) fn tokens(&self) -> &TokenServer {
        &self.tokens.as_ref().unwrap().0
    }

    /// Starts Microsoft Graph, which takes the same tokens.
    pub(crate) fn graph(&self) -> Graph {
        let (tokens, certificates) = self.tokens.as_ref().unwrap();
        Graph::start(certificates, tokens)
    }

    /// Starts both servers with a certificate of another machine.
    pub(crate) fn with_certificate_for(name: &str) -> Self {
        let folder = new_folder();
        let certificates = Certificates::make_for(folder.path(), Validity::Valid, &[name]);
        Self::on(folder, &certificates, None)
    }

    fn on(folder: TempDir, certificates: &Certificates, bearer: Option<Bearer>) -> Self {
        let owner = Owner::of_mail();
        let mail = folder.path().join("mail");
        let dovecot = Dovecot::start(
            &folder.path().join("dovecot"),
            &mail,
            owner.clone(),
            certificates,
            bearer,
        );
        let postfix = Postfix::start(
            &folder.path().join("postfix"),
            &mail,
            &owner,
            certificates,
            &dovecot.sasl_socket(),
        );
        Self {
            dovecot,
            postfix,
            ca_file: certificates.ca.clone(),
            tokens: None,
            folder,
        }
    }

    /// A path in the test's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the daemon's configuration; its log lies beside it.
    pub(crate) fn configure(&self, settings: Settings) -> PathBuf {
        let imap_port = match settings.mailbox {
            "tls" => self.dovecot.imaps_port,
            _ => self.dovecot.imap_port,
        };
        let (smtp_port, login) = match settings.outbound {
            "tls" => (self.postfix.submissions_port, true),
            "starttls" => (self.postfix.submission_port, true),
            _ => (self.postfix.smtp_port, false),
        };
        let archive = match settings.archive {
            Some(folder) => format!("archive = \"{folder}\""),
            None => String::new(),
        };
        let (key, password, oauth) = match settings.oauth {
            None => (
                "password_file = \"kennwort\"",
                format!("password = \"{PASSWORD}\""),
                String::new(),
            ),
            Some(more) => {
                let section = self.tokens().section(&self.ca_file);
                let auth = "auth = \"oauth\"";
                (auth, auth.to_owned(), format!("{section}{more}\n"))
            }
        };
        let login = match login {
            true => format!("username = \"antrag@{DOMAIN}\"\n{password}"),
            false => String::new(),
        };
        let (host, ca_file) = (settings.host, self.ca_file.display());
        let (mailbox, outbound) = (settings.mailbox, settings.outbound);
        fs::write(self.path("kennwort"), settings.password).unwrap();
        let text = format!(
            r#"[bot]
address = "antrag@{DOMAIN}"
name = "Antragsbote"

[mailbox]
kind = "imap"
host = "{host}"
port = {imap_port}
security = "{mailbox}"
username = "antrag@{DOMAIN}"
{key}
ca_file = "{ca_file}"
{archive}

[outbound]
kind = "smtp"
host = "localhost"
port = {smtp_port}
security = "{outbound}"
ca_file = "{ca_file}"
{login}

[log]
url = "sqlite:log.db"

[policy]
replies_per_sender_per_hour = 1000

{oauth}"#
        );
        let file = self.path("antragsbote.toml");
        fs::write(&file, text).unwrap();
        file
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if thread::panicking() {
            for log in [self.dovecot.log(), self.postfix.log()] {
                let text = fs::read_to_string(&log).unwrap_or_default();
                eprintln!("--- {}\n{text}", log.display());
            }
        }
    }
}

/// A folder that the servers' own users pass through.
fn new_folder() -> TempDir {
    let folder = TempDir::with_prefix("antragsbote-").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Whose the mail is, and as whom Dovecot runs: as root its package's users, else oneself.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) internal_user: String,
    pub(crate) internal_group: String,
    pub(crate) login_user: String,
}

impl Owner {
    fn of_mail() -> Self {
        let own = fs::metadata("/proc/self").unwrap();
        let name_in = |file: &str, id: u32| {
            let text = fs::read_to_string(file).unwrap();
            let mut entries = text.lines().map(|line| line.split(':').collect::<Vec<_>>());
            let found = entries.find(|entry| entry[2] == id.to_string());
            found.unwrap()[0].to_owned()
        };
        if own.uid() == 0 {
            // Dovecot opens no mail as root.
            let nobody = 65_534;
            return Self {
                uid: nobody,
                gid: nobody,
                internal_user: "dovecot".to_owned(),
                internal_group: "dovecot".to_owned(),
                login_user: "dovenull".to_owned(),
            };
        }
        let user = name_in("/etc/passwd", own.uid());
        Self {
            uid: own.uid(),
            gid: own.gid(),
            internal_user: user.clone(),
            internal_group: name_in("/etc/group", own.gid()),
            login_user: user,
        }
    }

    /// Makes a file theirs.
    pub(crate) fn give(&self, path: &Path) {
        chown(path, Some(self.uid), Some(self.gid)).unwrap();
    }
}

/// Replaces every `@NAME@` of a server's configuration.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("@{name}@"), value)
        })
}
