//! Where the configuration and its secrets are written, and how: all of it, or nothing.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::unistd::{AccessFlags, access};
use tokio::signal::unix::{SignalKind, signal};

use super::super::draft::{Draft, folder_of};
use super::super::exit::{Class, Failure};
use super::super::{Settings, block_on, confine, unreadable};
use super::answers::Answers;
use super::interim::Kept;
use crate::config;

/// The secret of `[mailbox]`.
pub(super) const MAILBOX: &str = "mailbox";
/// The secret of `[outbound]`.
pub(super) const OUTBOUND: &str = "outbound";
/// The secret of `[oauth]`.
pub(super) const OAUTH: &str = "oauth";
/// The configuration in the folder at hand.
const LOCAL: &str = "antragsbote.toml";
/// The log's folder, which the package and the unit make.
const STATE: &str = "/var/lib/antragsbote";

/// The configuration's place.
#[derive(Debug)]
pub(super) struct Place {
    file: PathBuf,
    /// it is the one of the folder at hand, as nobody named another
    is_own: bool,
}

impl Place {
    /// Where `--config` says; else, for root on a machine with the package, where the service looks; else here.
    ///
    /// # Errors
    /// If settings are there already, or nothing can be written.
    pub(super) fn of(settings: &Settings) -> Result<Self, Failure> {
        let system = Path::new(config::SYSTEM_FILE);
        let of_service = || confine::is_root() && folder_of(system).is_dir();
        let file = match settings.explicit.as_deref() {
            Some(file) => file,
            None if of_service() => system,
            None => Path::new(LOCAL),
        };
        let place = Self {
            file: std::path::absolute(file).unwrap_or_else(|_| file.to_owned()),
            is_own: settings.explicit.is_none() && file != system,
        };
        place.check()?;
        Ok(place)
    }

    fn check(&self) -> Result<(), Failure> {
        let file = self.file.display();
        match fs::read(&self.file) {
            Ok(bytes) if std::str::from_utf8(&bytes).is_ok_and(config::is_blank) => {}
            Ok(_) => {
                let message = format!("in {file} stehen schon Einstellungen");
                return Err(Failure::say(Class::CantCreate, message).hint(format!(
                    "ändern Sie sie dort; um neu zu beginnen, legen Sie sie beiseite \
                     (mv {file} {file}.alt); oder nennen Sie mit --config eine andere Datei"
                )));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&self.file, error)),
        }
        let folder = folder_of(&self.file);
        access(folder, AccessFlags::W_OK).map_err(|error| {
            failed(folder, error.into()).hint(
                "legen Sie den Ordner an, rufen Sie dies mit mehr Rechten auf (sudo), oder nennen Sie mit --config eine andere Datei",
            )
        })
    }

    /// The configuration.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the installed service reads it.
    pub(super) fn is_of_service(&self) -> bool {
        self.file == Path::new(config::SYSTEM_FILE)
    }

    /// The unit of the package that reads it, unless none does.
    pub(super) fn unit(&self) -> Option<String> {
        Some(config::Installation::of_file(&self.file)?.unit())
    }

    /// Whether a service is installed that does not read it, though nobody asked for that.
    pub(super) fn is_beside_service(&self) -> bool {
        self.is_own && folder_of(Path::new(config::SYSTEM_FILE)).is_dir()
    }

    /// Whether the log has its usual place.
    pub(super) fn keeps_log(&self) -> bool {
        self.unit().is_some() || access(Path::new(STATE), AccessFlags::W_OK).is_ok()
    }

    /// The name of a folder beside the configuration, if something lies in it.
    pub(super) fn folder_beside(&self, name: &str) -> Option<toml::Value> {
        let folder = folder_of(&self.file).join(name);
        let filled = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        filled.then(|| name.into())
    }

    /// How the configuration calls a secret: by its bare name, as the service knows it, unless that is
    /// something else's here.
    pub(super) fn password_file(&self, name: &str) -> String {
        if folder_of(&self.file).join(name).exists() {
            format!("{}/{name}", config::CREDENTIALS)
        } else {
            name.to_owned()
        }
    }

    /// Writes the secrets and what somebody has signed in for, then the configuration; returns what
    /// was written.
    ///
    /// # Errors
    /// [`Class::CantCreate`]; then nothing has changed.
    pub(super) fn write(
        &self,
        text: &str,
        answers: &Answers,
        tokens: Option<Kept>,
    ) -> Result<Vec<PathBuf>, Failure> {
        block_on(async {
            // What ends the program ends it after this: Ctrl-C, a shutdown, a lost connection.
            let kinds = [
                SignalKind::interrupt(),
                SignalKind::terminate(),
                SignalKind::hangup(),
            ];
            let _held = kinds.map(signal);
            self.write_undisturbed(text, answers, tokens)
        })
    }

    fn write_undisturbed(
        &self,
        text: &str,
        answers: &Answers,
        tokens: Option<Kept>,
    ) -> Result<Vec<PathBuf>, Failure> {
        let credentials = folder_of(&self.file).join(config::CREDENTIALS);
        let is_new = !credentials.exists();
        let drafts = make_private(&credentials)
            .map_err(|error| failed(&credentials, error))
            .and_then(|()| self.drafts(&credentials, text, answers, tokens));
        let drafts = drafts.inspect_err(|_| {
            if is_new {
                let _ = fs::remove_dir(&credentials);
            }
        })?;
        let mut written = Vec::new();
        for (path, draft) in drafts {
            draft.put().map_err(|error| failed(&path, error))?;
            written.push(path);
        }
        Ok(written)
    }

    /// All files, complete, the configuration last.
    fn drafts(
        &self,
        credentials: &Path,
        text: &str,
        answers: &Answers,
        tokens: Option<Kept>,
    ) -> Result<Vec<(PathBuf, Draft)>, Failure> {
        let secret = |(name, value): (&str, &str)| {
            let content = format!("{value}\n").into_bytes();
            (credentials.join(name), 0o600, content)
        };
        let tokens = tokens.map(|kept| (kept.place, 0o600, kept.content));
        let secrets = answers.secrets().into_iter().map(secret);
        secrets
            .chain(tokens)
            .chain([(self.file.clone(), 0o644, text.as_bytes().to_vec())])
            .map(
                |(path, mode, content)| match Draft::write(&path, mode, &content) {
                    Ok(draft) => Ok((path, draft)),
                    Err(error) => Err(failed(&path, error)),
                },
            )
            .collect()
    }
}

/// Makes a folder that only its owner enters, or makes one that is there such a folder.
fn make_private(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let handle = File::options()
        .read(true)
        .custom_flags((OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW).bits())
        .open(folder)?;
    if let Some((user, group)) = confine::heir(folder_of(folder))? {
        fchown(&handle, Some(user), Some(group))?;
    }
    handle.set_permissions(Permissions::from_mode(0o700))
}

/// A place that cannot be written to.
pub(super) fn failed(path: &Path, error: io::Error) -> Failure {
    let message = format!("{} kann nicht geschrieben werden", path.display());
    Failure::new(
        Class::CantCreate,
        anyhow::Error::new(error).context(message),
    )
}
