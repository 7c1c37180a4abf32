//! Configuration: the raw file → checked settings; what the program knows.
//!
//! In: `antragsbote.toml`, the folders of templates and of the register. Out: [`Config`],
//! which cannot be wrong, or all problems at once, each with its line; [`load_knowledge`].
//! Never here: what the settings are used for.
#![allow(
    clippy::disallowed_methods,
    reason = "this room reads the files and the environment that settings come from"
)]

mod check;
mod installation;
mod keys;
mod knowledge;
mod listen;
mod locks;
mod problem;
mod source;
mod units;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::mail::Address;
use crate::oauth::{Credential, Tokens};
use crate::secret::Secret;
use crate::{log, mailbox, outbound, policy, template};

pub use check::{
    CREDENTIALS, SECURITIES, imap_port, is_loopback, parse_address, parse_host, smtp_port,
};
pub use installation::Installation;
pub use knowledge::{
    Broken, Loaded, RegisterFiles, load_catalogue, load_files, load_knowledge, load_register,
    load_templates, renew_motion,
};
pub use listen::Listen;
pub use locks::open_motions;
pub use problem::Problem;
pub use source::is_blank;
pub use units::parse_duration;

/// The configuration of the installed service.
pub const SYSTEM_FILE: &str = "/etc/antragsbote/antragsbote.toml";
/// The bot's name unless `bot.name` says otherwise.
const NAME: &str = "Antragsbote";
/// The motion of a mail that names none, unless `templates.default` says otherwise.
const TEMPLATE: &str = "nationaler-integrationsplan";
/// One day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// the bot's own address and name
    pub bot: Address,
    /// where mail is fetched
    pub mailbox: mailbox::Config,
    /// how replies leave
    pub outbound: outbound::Config,
    /// where requests are recorded
    pub log: log::Config,
    /// the folder of templates; the built-in ones if `None`
    pub templates: Option<PathBuf>,
    /// the motion of a mail that names none
    pub default_template: template::TemplateId,
    /// whom to answer
    pub policy: policy::Rules,
    /// a register of one's own
    pub registry: Option<PathBuf>,
    /// who hears when something needs a person
    pub admin: Option<String>,
    /// where tokens come from, if anything logs in with one
    pub oauth: Option<Tokens>,
    /// where figures are served
    pub metrics: Option<Listen>,
    /// how long a reply is retried
    pub max_retry_age: Duration,
    /// where `deliver` hands mail in
    pub socket: PathBuf,
    /// the rights of that socket
    pub socket_mode: u32,
    /// the group of that socket; that of the service if `None`
    pub socket_group: Option<String>,
}

/// What a configuration is read in the light of.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// the folder of the configuration file: relative paths start here
    pub dir: PathBuf,
    /// `$RUNTIME_DIRECTORY`, set by systemd for the service; that of the installed service beside it
    pub runtime_directory: Option<PathBuf>,
    /// `$CREDENTIALS_DIRECTORY`, set by systemd for the service
    pub credentials_directory: Option<PathBuf>,
}

/// A configuration, or what it names, that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// a file or folder cannot be read
    #[error("{} kann nicht gelesen werden", path.display())]
    Unreadable {
        /// which
        path: PathBuf,
        /// why
        #[source]
        source: std::io::Error,
    },
    /// the configuration has problems
    #[error("{} ist keine brauchbare Konfiguration", path.display())]
    Unsound {
        /// the file
        path: PathBuf,
        /// all that is wrong with it
        problems: Vec<Problem>,
    },
    /// templates have faults
    #[error("die Vorlagen haben Fehler")]
    Templates {
        /// their folder, or the one that is faulty; the built-in ones if `None`
        path: Option<PathBuf>,
        /// all that is wrong with them
        faults: Vec<crate::merge::Fault>,
    },
    /// the folder of templates is larger than anybody's
    #[error("{} ist zu groß für einen Vorlagenordner", path.display())]
    Oversized {
        /// the folder
        path: PathBuf,
    },
    /// the folder of the register holds none of its files
    #[error("{} enthält keine Datei des Registers", path.display())]
    NoRegister {
        /// the folder
        path: PathBuf,
    },
    /// the register has a fault
    #[error("das Register in {} ist fehlerhaft", path.display())]
    Register {
        /// the folder
        path: PathBuf,
        /// what is wrong
        #[source]
        source: crate::kommune::Error,
    },
}

impl Error {
    /// A fixed word for event lines.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::Unsound { .. } => "configuration",
            Self::Templates { .. } | Self::Oversized { .. } => "templates",
            Self::NoRegister { .. } | Self::Register { .. } => "register",
        }
    }

    /// What is wrong, a line each, without excerpts: they may hold secrets and addresses.
    pub fn in_brief(&self) -> Vec<String> {
        match self {
            Self::Unsound { path, problems } => problems
                .iter()
                .map(|problem| format!("{}, Zeile {}", path.display(), problem.line))
                .collect(),
            Self::Templates { faults, .. } => faults.iter().map(ToString::to_string).collect(),
            Self::Register { source, .. } => vec![format!("{self}: {source}")],
            other => vec![other.to_string()],
        }
    }
}

impl Config {
    /// All that is secret in it, each once.
    pub fn secrets(&self) -> Vec<&Secret> {
        let imap = match &self.mailbox {
            mailbox::Config::Imap(imap) => Some(&imap.credential),
            _ => None,
        };
        let smtp = match &self.outbound {
            outbound::Config::Smtp(smtp) => smtp.credential.as_ref(),
            _ => None,
        };
        let passwords = imap
            .into_iter()
            .chain(smtp)
            .filter_map(|credential| match credential {
                Credential::Password(secret) => Some(secret),
                Credential::OAuth(_) => None,
            });
        let client = self.oauth.as_ref();
        let client = client.and_then(|tokens| tokens.config().client_secret.as_ref());
        passwords.chain(client).collect()
    }

    /// The same configuration with its tokens in another file.
    pub fn keep_tokens_in(&mut self, store: &Path) {
        self.oauth = self.oauth.take().map(|tokens| {
            let mut config = tokens.config().clone();
            config.store = store.to_owned();
            Tokens::of(config)
        });
        // All that log in get the new ones.
        self.replace_secrets(Secret::clone);
    }

    /// The same configuration with other secrets.
    pub fn replace_secrets(&mut self, other: impl Fn(&Secret) -> Secret) {
        self.oauth = self.oauth.take().map(|tokens| {
            let mut config = tokens.config().clone();
            config.client_secret = config.client_secret.as_ref().map(&other);
            Tokens::of(config)
        });
        let oauth = &self.oauth;
        let replace = |credential: &mut Credential| match (credential, oauth) {
            (Credential::Password(secret), _) => *secret = other(secret),
            (Credential::OAuth(tokens), Some(new)) => *tokens = new.clone(),
            (Credential::OAuth(_), None) => {}
        };
        if let mailbox::Config::Imap(imap) = &mut self.mailbox {
            replace(&mut imap.credential);
        }
        if let outbound::Config::Smtp(smtp) = &mut self.outbound {
            smtp.credential.as_mut().map(replace);
        }
        if let (outbound::Config::Graph(graph), Some(new)) = (&mut self.outbound, oauth) {
            graph.tokens = new.clone();
        }
    }

    /// The defaults, with mail coming in and going out through Maildirs in this folder.
    pub fn on_maildirs(folder: &Path) -> Self {
        #[expect(clippy::expect_used, reason = "a constant, seen by every test")]
        let default_template = template::TemplateId::parse(TEMPLATE).expect("a sound id");
        Self {
            bot: Address {
                name: Some(NAME.to_owned()),
                email: "antragsbote@localhost".to_owned(),
            },
            mailbox: mailbox::Config::Maildir(mailbox::MaildirConfig {
                path: folder.join("in"),
                archive: None,
                archive_retention: None,
            }),
            outbound: outbound::Config::Maildir(folder.join("out")),
            log: log::Config {
                path: folder.join("log.db"),
                retention: 365 * DAY,
            },
            templates: None,
            default_template,
            policy: policy::Rules::default(),
            registry: None,
            admin: None,
            oauth: None,
            metrics: None,
            max_retry_age: 5 * DAY,
            socket: folder.join("deliver.sock"),
            socket_mode: 0o660,
            socket_group: None,
        }
    }

    /// The sections that differ and that a running service does not take up.
    pub fn fixed_sections_changed(&self, other: &Self) -> Vec<&'static str> {
        let service = |config: &Self| {
            (
                config.max_retry_age,
                config.socket.clone(),
                config.socket_mode,
                config.socket_group.clone(),
            )
        };
        let differ = [
            ("[mailbox]", self.mailbox != other.mailbox),
            ("[outbound]", self.outbound != other.outbound),
            ("[log]", self.log != other.log),
            ("[oauth]", self.oauth != other.oauth),
            ("[metrics]", self.metrics != other.metrics),
            ("[service]", service(self) != service(other)),
        ];
        let differ = differ.into_iter().filter(|(_, differs)| *differs);
        differ.map(|(section, _)| section).collect()
    }

    /// Reads and checks a configuration file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let text = String::from_utf8(bytes).map_err(|error| vec![Problem::of_encoding(&error)]);
        text.and_then(|text| Self::check(&text, &Surroundings::of(path)))
            .map_err(|problems| Error::Unsound {
                path: path.to_owned(),
                problems,
            })
    }
}

impl Surroundings {
    /// Those of a file, in this process's environment.
    pub fn of(file: &Path) -> Self {
        // Several runtime directories are separated by colons (systemd.exec(5)).
        let folder = |name| {
            let folders = std::env::var_os(name)?;
            std::env::split_paths(&folders)
                .next()
                .filter(|folder| folder.is_absolute())
        };
        let dir = file
            .parent()
            .filter(|dir| *dir != Path::new(""))
            .unwrap_or(Path::new("."));
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        // Commands beside the service, `deliver` above all, look where it does.
        let of_unit = || Some(Installation::in_folder(&dir)?.runtime());
        Self {
            runtime_directory: folder("RUNTIME_DIRECTORY")
                .or_else(|| of_unit().filter(|folder| folder.is_dir())),
            dir,
            credentials_directory: folder("CREDENTIALS_DIRECTORY"),
        }
    }
}

/// The configuration file to use: `explicit` (from `--config` or `ANTRAGSBOTE_CONFIG`),
/// `./antragsbote.toml`, `/etc/antragsbote/antragsbote.toml`; `None` if there is none.
pub fn find(explicit: Option<&Path>) -> Option<PathBuf> {
    let usual = ["antragsbote.toml", SYSTEM_FILE];
    explicit
        .map(Path::to_owned)
        .or_else(|| usual.iter().map(PathBuf::from).find(|path| path.exists()))
}
