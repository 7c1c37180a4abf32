//! The raw file → [`Config`], or everything that is wrong with it; one file a larger section.

mod graph;
mod mailbox;
mod oauth;
mod outbound;
mod policy;
mod secret;
mod server;

use std::path::{Path, PathBuf};

use super::installation::Installation;
use super::listen::Listen;
use super::problem::Problem;
use super::source::Source;
use super::units::parse_duration;
use super::{Config, Surroundings};
use crate::log;
use crate::mail::Address;
use crate::policy::is_own_address;
use crate::template::TemplateId;

pub use mailbox::imap_port;
pub use outbound::smtp_port;
pub use secret::CREDENTIALS;
pub use server::{SECURITIES, is_loopback, parse_host};

/// Where the log lies unless `log.url` or an installation says otherwise.
const LOG: &str = "/var/lib/antragsbote/log.db";

/// What to do about a file of comments, as the package brings it.
const BLANK: &str = "`antragsbote setup` fragt das Nötige ab, probiert es aus und schreibt sie";

const DURATION: &str = "eine Dauer wie \"365d\", \"12h\" oder \"30m\"";
const ADDRESS: &str = "eine Mailadresse wie \"antrag@example.org\"";

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

/// What a look at the file has found so far.
struct Check<'a> {
    file: Source<'a>,
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
            .is_some_and(|admin| is_own_address(admin, own))
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

    /// The section's `kind`, the first of `kinds` if it has none; notes what does not fit it.
    fn kind(&mut self, section: &str, kinds: &[&'static str]) -> Option<&'static str> {
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

    /// A path, relative to the configuration file.
    fn path(&mut self, key: &str) -> Option<PathBuf> {
        self.file.text(key).map(|path| self.around.dir.join(path))
    }

    /// Notes that a key without a default is missing.
    fn demand(&mut self, key: &str, what: &str) {
        if !self.file.has(key) {
            self.file.complain(key, format!("`{key}` fehlt"), what);
        }
    }
}

/// A mail address alone, without a name.
pub fn parse_address(text: &str) -> Option<String> {
    text.parse::<lettre::Address>()
        .ok()
        .map(|address| address.to_string())
}
