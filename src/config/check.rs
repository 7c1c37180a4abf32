//! The raw file → [`Config`], or everything that is wrong with it.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::installation::Installation;
use super::listen::Listen;
use super::problem::Problem;
use super::source::Source;
use super::units::{parse_duration, parse_size};
use super::{Config, Surroundings};
use crate::mail::Address;
use crate::oauth::Tokens;
use crate::policy::Authentication;
use crate::secret::Secret;
use crate::template::TemplateId;
use crate::tls::Security;
use crate::{log, mailbox, outbound, policy};

/// Where the log lies unless `log.url` or an installation says otherwise.
const LOG: &str = "/var/lib/antragsbote/log.db";
/// The program that `kind = "sendmail"` starts unless `outbound.path` says otherwise.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// What to do about a file of comments, as the package brings it.
const BLANK: &str = "`antragsbote setup` fragt das Nötige ab, probiert es aus und schreibt sie";

const SIZE: &str = "eine Größe wie \"10 MiB\"";
const DURATION: &str = "eine Dauer wie \"365d\", \"12h\" oder \"30m\"";
const ADDRESS: &str = "eine Mailadresse wie \"antrag@example.org\"";
const HOST: &str = "der Name eines Servers wie \"mail.example.org\", ohne Port und ohne \"://\"";

impl Config {
    /// Checks the text of a configuration file; all problems at once, in the order of the file.
    pub fn check(text: &str, around: &Surroundings) -> Result<Self, Vec<Problem>> {
        let mut check = Check {
            file: Source::parse(text)?,
            around,
        };
        if check.file.is_blank() {
            check
                .file
                .complain("", "hier stehen noch keine Einstellungen", BLANK);
            return Err(check.file.into_problems());
        }
        let config = check.config();
        let problems = check.file.into_problems();
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(problems),
        }
    }
}

/// A server to log in to, as `[mailbox]` and `[outbound]` describe it alike.
struct Server {
    host: String,
    port: u16,
    security: Security,
    ca_file: Option<PathBuf>,
}

pub(super) struct Check<'a> {
    pub(super) file: Source<'a>,
    around: &'a Surroundings,
}

impl Check<'_> {
    /// Looks at everything before it gives up, so that all problems are seen.
    fn config(&mut self) -> Option<Config> {
        self.file.check_keys();
        let bot = self.bot();
        let own = bot.as_ref().map_or("", |bot| bot.email.as_str());
        let defaults = Config::on_maildirs(&self.around.dir);
        let log = self.log(&defaults);
        let graph_url = self.graph_url();
        let oauth = self.oauth(&log, &graph_url);
        let mailbox = self.mailbox(own, oauth.as_ref());
        let outbound = self.outbound(own, graph_url, oauth.as_ref());
        let templates = self.path("templates.path");
        let default_template = self.file.read(
            "templates.default",
            "der Name eines Vorlagenordners: Kleinbuchstaben, Ziffern, Bindestriche",
            TemplateId::parse,
        );
        let policy = self.policy(outbound.as_ref());
        let registry = self.path("registry.path");
        let admin = self.file.read("admin.address", ADDRESS, parse_address);
        if admin
            .as_ref()
            .is_some_and(|admin| policy::is_own_address(admin, own))
        {
            self.file.complain(
                "admin.address",
                "das ist die Adresse des Antragsboten selbst",
                "nennen Sie die Adresse eines Menschen: ihm wird geschrieben, wenn etwas nicht geht",
            );
        }
        let max_retry_age = self
            .file
            .read("service.max_retry_age", DURATION, parse_duration);
        let socket = self.socket(&log);
        let metrics = self.metrics(&socket);
        let socket_mode = self
            .file
            .read("service.socket_mode", "Rechte wie \"0660\"", |text| {
                u32::from_str_radix(text, 8)
                    .ok()
                    .filter(|mode| *mode <= 0o777)
            });
        let socket_group = self.file.text("service.socket_group");
        Some(Config {
            bot: bot?,
            mailbox: mailbox?,
            outbound: outbound?,
            log,
            templates,
            default_template: default_template.unwrap_or(defaults.default_template),
            policy,
            registry,
            admin,
            oauth,
            metrics,
            max_retry_age: max_retry_age.unwrap_or(defaults.max_retry_age),
            socket,
            socket_mode: socket_mode.unwrap_or(defaults.socket_mode),
            socket_group,
        })
    }

    /// Where `deliver` hands mail in: in `$RUNTIME_DIRECTORY`, else beside the log.
    fn socket(&mut self, log: &log::Config) -> PathBuf {
        let beside_log = log.path.parent();
        let folder = self.around.runtime_directory.as_deref().or(beside_log);
        let usual = folder.unwrap_or(&self.around.dir).join("deliver.sock");
        self.path("service.socket").unwrap_or(usual)
    }

    /// Where figures are served, if anywhere.
    fn metrics(&mut self, socket: &Path) -> Option<Listen> {
        const KEY: &str = "metrics.listen";
        let listen = self.file.text(KEY).map(|text| Listen::parse(&text))?;
        match listen {
            Ok(Listen::Unix(path)) if path == socket => self.file.complain(
                KEY,
                "an diesem Socket nimmt der Dienst schon Mails an (service.socket)",
                "nennen Sie daneben einen anderen: \"/run/antragsbote/metrics.sock\"",
            ),
            Ok(listen) => return Some(listen),
            Err([message, hint]) => self.file.complain(KEY, message, hint),
        }
        None
    }

    fn bot(&mut self) -> Option<Address> {
        let name = self
            .file
            .text("bot.name")
            .unwrap_or_else(|| super::NAME.to_owned());
        self.demand(
            "bot.address",
            "die Adresse, an die Anfragen gehen: address = \"antrag@example.org\"",
        );
        let email = self.file.read("bot.address", ADDRESS, parse_address)?;
        Some(Address {
            name: Some(name),
            email,
        })
    }

    fn mailbox(&mut self, own: &str, oauth: Option<&Tokens>) -> Option<mailbox::Config> {
        if !self.file.has_section("mailbox") {
            self.file.complain("mailbox", "der Abschnitt [mailbox] fehlt", "er sagt, wo Mails abgeholt werden: [mailbox] mit host und password_file, oder kind = \"maildir\" und path");
            return None;
        }
        let kind = self.kind("mailbox", &["imap", "maildir"])?;
        if kind == "maildir" {
            self.demand(
                "mailbox.path",
                "der Maildir-Ordner, in dem Mails ankommen: path = \"/var/mail/antrag\"",
            );
            let path = self.path("mailbox.path");
            let archive = self.path("mailbox.archive");
            let archive_retention = self.archive_retention(archive.is_some());
            return Some(mailbox::Config::Maildir(mailbox::MaildirConfig {
                path: path?,
                archive,
                archive_retention,
            }));
        }
        let server = self.server("mailbox", Security::Tls, |security| match security {
            Security::Tls => 993,
            Security::Starttls | Security::None => 143,
        });
        let username = self
            .file
            .text("mailbox.username")
            .unwrap_or_else(|| own.to_owned());
        let credential = self.credential("mailbox", oauth);
        if credential.is_none() && !self.file.says("mailbox.auth", "oauth") {
            self.demand("mailbox.password_file", "eine Datei, in deren erster Zeile das Passwort steht: password_file = \"mailbox\" (oder password_command, oder password)");
        }
        let folder = self
            .file
            .text("mailbox.folder")
            .unwrap_or_else(|| "INBOX".to_owned());
        let archive = self.file.text("mailbox.archive");
        if archive.as_ref() == Some(&folder) {
            self.file.complain(
                "mailbox.archive",
                "`archive` ist derselbe Ordner wie `folder`",
                "nennen Sie einen anderen Ordner, oder streichen Sie die Zeile",
            );
        }
        let archive_retention = self.archive_retention(archive.is_some());
        if archive_retention.is_some()
            && archive
                .as_ref()
                .is_some_and(|name| name.eq_ignore_ascii_case("INBOX"))
        {
            self.file.complain(
                "mailbox.archive_retention",
                "im Posteingang wird nichts gelöscht, `archive` ist aber \"INBOX\"",
                "nennen Sie als `archive` einen anderen Ordner, oder streichen Sie archive_retention",
            );
        }
        let Server {
            host,
            port,
            security,
            ca_file,
        } = server?;
        let credential = credential?;
        Some(mailbox::Config::Imap(mailbox::ImapConfig {
            host,
            port,
            security,
            username,
            credential,
            ca_file,
            folder,
            archive,
            archive_retention,
        }))
    }

    /// How long mail stays in the archive: only what lies there may be removed.
    fn archive_retention(&mut self, has_archive: bool) -> Option<std::time::Duration> {
        let key = "mailbox.archive_retention";
        let retention = self.file.read(key, DURATION, parse_duration);
        if retention.is_some() && !has_archive {
            self.file.complain(
                key,
                "`archive_retention` gilt nur für einen Ordner `archive`, und es ist keiner angegeben",
                "nennen Sie einen: archive = \"Erledigt\", oder streichen Sie die Zeile",
            );
        }
        retention
    }

    fn outbound(
        &mut self,
        own: &str,
        graph_url: String,
        oauth: Option<&Tokens>,
    ) -> Option<outbound::Config> {
        if !self.file.has_section("outbound") {
            self.file.complain("outbound", "der Abschnitt [outbound] fehlt", "er sagt, wie Antworten verschickt werden: [outbound] mit host, username und password_file, oder kind = \"sendmail\"");
            return None;
        }
        match self.kind("outbound", &["smtp", "graph", "sendmail", "maildir"])? {
            "graph" => return self.graph(own, graph_url, oauth),
            "maildir" => {
                self.demand(
                    "outbound.path",
                    "der Maildir-Ordner, in den Antworten gelegt werden: path = \"…\"",
                );
                return self.path("outbound.path").map(outbound::Config::Maildir);
            }
            "sendmail" => {
                let path = self
                    .path("outbound.path")
                    .unwrap_or_else(|| SENDMAIL.into());
                return Some(outbound::Config::Sendmail(path));
            }
            _ => {}
        }
        let server = self.server("outbound", Security::Starttls, |security| match security {
            Security::Tls => 465,
            Security::Starttls => 587,
            Security::None => 25,
        });
        let credential = self.credential("outbound", oauth);
        let username = self.file.text("outbound.username");
        let by_token = self.file.says("outbound.auth", "oauth");
        if username.is_some() && credential.is_none() && !by_token {
            self.demand("outbound.password_file", "eine Datei, in deren erster Zeile das Passwort zu `username` steht: password_file = \"outbound\"");
        }
        let username = username.or_else(|| credential.as_ref().map(|_| own.to_owned()));
        let Server {
            host,
            port,
            security,
            ca_file,
        } = server?;
        Some(outbound::Config::Smtp(outbound::SmtpConfig {
            host,
            port,
            security,
            username,
            credential,
            ca_file,
        }))
    }

    /// The section's `kind`, the first of `kinds` if it has none; notes what does not fit it.
    pub(super) fn kind(&mut self, section: &str, kinds: &[&'static str]) -> Option<&'static str> {
        let key = format!("{section}.kind");
        let words: Vec<_> = kinds.iter().map(|kind| (*kind, *kind)).collect();
        let kind = if self.file.has(&key) {
            self.file.word(&key, &words)
        } else {
            kinds.first().copied()
        }?;
        self.file.check_kind(section, kind);
        Some(kind)
    }

    fn server(
        &mut self,
        section: &str,
        usual: Security,
        port_of: fn(Security) -> u16,
    ) -> Option<Server> {
        let key = |name: &str| format!("{section}.{name}");
        self.demand(&key("host"), "der Server: host = \"mail.example.org\"");
        let host = self.file.read(&key("host"), HOST, parse_host);
        let words = [
            ("tls", Security::Tls),
            ("starttls", Security::Starttls),
            ("none", Security::None),
        ];
        let security = self.file.word(&key("security"), &words).unwrap_or(usual);
        if security == Security::None && host.as_deref().is_some_and(|host| !is_loopback(host)) {
            self.file.complain(
                &key("security"),
                "ohne Verschlüsselung nur auf diesem Rechner selbst (localhost, 127.0.0.1, ::1)",
                "setzen Sie security = \"tls\" oder \"starttls\": sonst reist das Passwort lesbar durchs Netz",
            );
        }
        let port = self.file.number(&key("port"), 1..=u32::from(u16::MAX));
        let port = port
            .and_then(|port| u16::try_from(port).ok())
            .unwrap_or(port_of(security));
        let ca_file = self.path(&key("ca_file"));
        Some(Server {
            host: host?,
            port,
            security,
            ca_file,
        })
    }

    /// A secret, by the name of the key it may stand under itself; more than one way to it is a problem.
    pub(super) fn secret(&mut self, key: &str) -> Option<Secret> {
        let ways = ["", "_file", "_command"].map(|ending| format!("{key}{ending}"));
        let given: Vec<_> = ways.iter().filter(|way| self.file.has(way)).collect();
        if let [_, second, ..] = given.as_slice() {
            self.file.complain(
                second,
                "das Geheimnis steht mehrfach da",
                format!(
                    "lassen Sie genau eines von {0}_file, {0}_command und {0} stehen",
                    last(key)
                ),
            );
        }
        let [plain, file, command] = &ways;
        let plain = self
            .file
            .read(plain, "das Geheimnis in Anführungszeichen", |text| {
                (!text.is_empty()).then(|| Secret::Plain(text.to_owned()))
            });
        let file = self
            .file
            .text(file)
            .map(|name| Secret::File(self.around.credential(&name)));
        let command = self
            .file
            .texts(
                command,
                "ein Befehl wie [\"pass\", \"show\", \"antragsbote\"]",
                |_| true,
            )
            .map(Secret::Command);
        file.or(command).or(plain)
    }

    fn log(&mut self, defaults: &Config) -> log::Config {
        let expected = "\"sqlite:\" und der Pfad der Datei: \"sqlite:/var/lib/antragsbote/log.db\"";
        let path = self.file.read("log.url", expected, |url| {
            let path = url.strip_prefix("sqlite:")?;
            let path = path.strip_prefix("//").unwrap_or(path);
            (!path.is_empty()).then(|| self.around.dir.join(path))
        });
        let retention = self.file.read("log.retention", DURATION, parse_duration);
        log::Config {
            path: path.unwrap_or_else(|| {
                let installation = Installation::in_folder(&self.around.dir);
                installation.map_or(LOG.into(), |found| found.state().join("log.db"))
            }),
            retention: retention.unwrap_or(defaults.log.retention),
        }
    }

    fn policy(&mut self, outbound: Option<&outbound::Config>) -> policy::Rules {
        let usual = policy::Rules::default();
        let largest = outbound.and_then(outbound::Config::largest_mail);
        let senders = "eine Liste aus Adressen, \"@domain\" und \"*\": [\"@example.org\"]";
        let count = 0..=1_000_000;
        let authentication = self.authentication();
        policy::Rules {
            allow: self
                .file
                .texts("policy.allow", senders, is_sender)
                .unwrap_or(usual.allow),
            deny: self
                .file
                .texts("policy.deny", senders, is_sender)
                .unwrap_or(usual.deny),
            max_message_size: self
                .file
                .read("policy.max_message_size", SIZE, parse_size)
                .unwrap_or(usual.max_message_size),
            replies_per_sender_per_hour: self
                .file
                .number("policy.replies_per_sender_per_hour", count.clone())
                .unwrap_or(usual.replies_per_sender_per_hour),
            documents_per_sender_per_hour: self
                .file
                .number("policy.documents_per_sender_per_hour", count.clone())
                .unwrap_or(usual.documents_per_sender_per_hour),
            replies_per_domain_per_hour: self
                .file
                .number("policy.replies_per_domain_per_hour", count)
                .unwrap_or(usual.replies_per_domain_per_hour),
            replies_per_hour: self
                .file
                .number("policy.replies_per_hour", 1..=1_000_000)
                .unwrap_or(usual.replies_per_hour),
            documents_in_reply: largest.map_or(usual.documents_in_reply, encoded_in),
            authentication,
        }
    }

    /// Who confirms senders: the mail server that `authserv_id` names, else their signatures.
    fn authentication(&mut self) -> Authentication {
        let words = [("none", false), ("authenticated", true)];
        let required = self.file.word("policy.require", &words).unwrap_or(false);
        let expected = "der Name, mit dem die Authentication-Results Ihres Mailservers beginnen: \"mx.example.org\"";
        let server = self.file.read("policy.authserv_id", expected, |text| {
            let sound = !text.is_empty()
                && !text
                    .contains(|c: char| c.is_whitespace() || c.is_control() || ";=".contains(c));
            sound.then(|| text.to_owned())
        });
        match server {
            _ if !required => Authentication::None,
            Some(server) => Authentication::Server(server),
            None => Authentication::Dkim,
        }
    }

    /// A path, relative to the configuration file.
    pub(super) fn path(&mut self, key: &str) -> Option<PathBuf> {
        self.file.text(key).map(|path| self.around.dir.join(path))
    }

    /// Notes that a key without a default is missing.
    pub(super) fn demand(&mut self, key: &str, what: &str) {
        if !self.file.has(key) {
            self.file.complain(key, format!("`{key}` fehlt"), what);
        }
    }
}

/// How many bytes of documents a mail of this size holds: base 64 in lines of 76 characters makes
/// four of three (RFC 2045 section 6.8), and the text beside them is small.
fn encoded_in(mail: usize) -> usize {
    mail.saturating_sub(policy::REST_OF_REPLY) / 78 * 76 / 4 * 3
}

/// The name of a key without its section.
fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// A mail address alone, without a name.
pub fn parse_address(text: &str) -> Option<String> {
    text.parse::<lettre::Address>()
        .ok()
        .map(|address| address.to_string())
}

fn is_sender(text: &str) -> bool {
    let domain = text.strip_prefix('@');
    text == "*"
        || domain
            .map_or_else(
                || parse_address(text),
                |domain| parse_address(&format!("x@{domain}")),
            )
            .is_some()
}

/// The name of a host, or an IP address.
pub fn parse_host(text: &str) -> Option<String> {
    let is_name = !text.is_empty() && !text.contains([':', '/', '@', '[', ']']);
    let sound = (is_name && !text.contains(|c: char| c.is_whitespace() || c.is_control()))
        || text.parse::<IpAddr>().is_ok();
    sound.then(|| text.to_owned())
}

/// Whether a host is this machine itself, where nobody listens in.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The folder of secrets beside the configuration; the unit loads each of its files as a credential,
/// and systemd puts the folder's name and a `_` before theirs (systemd.exec(5), LoadCredential).
pub const CREDENTIALS: &str = "credentials";

impl Surroundings {
    /// The file of a secret: a bare name is looked for among the service's credentials, then beside
    /// the configuration, then in the folder of secrets there.
    fn credential(&self, name: &str) -> PathBuf {
        let beside = self.dir.join(name);
        if Path::new(name).components().count() != 1 {
            return beside;
        }
        let loaded = self.credentials_directory.iter().flat_map(|folder| {
            [
                folder.join(name),
                folder.join(format!("{CREDENTIALS}_{name}")),
            ]
        });
        let kept = self.dir.join(CREDENTIALS).join(name);
        loaded
            .chain([beside.clone(), kept])
            .find(|path| path.is_file())
            .unwrap_or(beside)
    }
}
