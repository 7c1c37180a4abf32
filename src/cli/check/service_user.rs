//! Looking as the service would: root becomes the service's user before it looks, so that the
//! system itself says what that user may do, with groups, ACLs and all.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::unistd::{Gid, Uid, User, geteuid, initgroups, setgroups, setresgid, setresuid};

use super::finding::Finding;
use super::rights::user_name;
use crate::cli::{block_on, confine};
use crate::config::{CREDENTIALS, Config};
use crate::secret::Secret;

const SUBJECT: &str = "Benutzer";

/// The user that the package makes.
const PACKAGED: &str = "antragsbote";
/// Where the package keeps the configuration that is meant for this user.
const PACKAGED_SETTINGS: &str = "/etc/antragsbote";

/// Whom the service runs as.
#[derive(Debug)]
struct ServiceUser {
    uid: Uid,
    gid: Gid,
    /// its entry in the user database, if it has one
    entry: Option<User>,
}

/// Gives up root for the service's user, for good, if there is such a user. What systemd
/// reads for the service as root is read before. `folder` holds the configuration.
pub(super) fn assume(folder: &Path, config: &mut Config) -> Option<Finding> {
    let found = ServiceUser::find(folder, config);
    if !confine::is_root() {
        return found
            .filter(|user| user.uid != geteuid())
            .map(|user| user.differs());
    }
    let Some(user) = found else {
        return Some(Finding::warning(
            SUBJECT,
            "dieser Befehl läuft als root; der Dienst braucht das nicht",
            "lassen Sie den Dienst unter einem eigenen Benutzer laufen, wie es die mitgelieferte Unit tut",
        ));
    };
    take_credentials(folder, config);
    let name = user.name();
    Some(match user.replace_root() {
        Ok(()) => Finding::sound(
            SUBJECT,
            format!("geprüft wird mit den Rechten von {name}, wie sie der Dienst hat"),
        ),
        Err(error) => Finding::warning(
            SUBJECT,
            format!(
                "geprüft wird als root und nicht als {name}: {}",
                error.desc()
            ),
            format!("rufen Sie den Befehl so auf: runuser -u {name} -- antragsbote check"),
        ),
    })
}

impl ServiceUser {
    /// The owner of the log's folder, else the one that comes with the package.
    fn find(folder: &Path, config: &Config) -> Option<Self> {
        let owner = fs::metadata(config.log.path.parent()?)
            .ok()
            .filter(|data| data.uid() != 0);
        if let Some(data) = owner {
            let uid = Uid::from_raw(data.uid());
            let entry = User::from_uid(uid).ok().flatten();
            let gid = entry.as_ref().map(|user| user.gid);
            return Some(Self {
                uid,
                gid: gid.unwrap_or(Gid::from_raw(data.gid())),
                entry,
            });
        }
        let is_packaged = folder.starts_with(PACKAGED_SETTINGS);
        let entry = User::from_name(PACKAGED).ok().flatten();
        entry.filter(|_| is_packaged).map(|user| Self {
            uid: user.uid,
            gid: user.gid,
            entry: Some(user),
        })
    }

    fn name(&self) -> String {
        let name = self.entry.as_ref().map(|user| user.name.clone());
        name.unwrap_or_else(|| self.uid.to_string())
    }

    /// That somebody else is looking.
    fn differs(&self) -> Finding {
        let (own, name) = (user_name(geteuid()), self.name());
        Finding::warning(
            SUBJECT,
            format!("geprüft wird mit den Rechten von {own}, der Dienst aber läuft als {name}"),
            "rufen Sie den Befehl mit sudo auf: dann prüft er mit den Rechten des Dienstes",
        )
    }

    /// All threads of this process change.
    fn replace_root(&self) -> nix::Result<()> {
        let name = self.entry.as_ref().map(|user| user.name.as_str());
        match name.and_then(|name| std::ffi::CString::new(name).ok()) {
            Some(name) => initgroups(&name, self.gid)?,
            None => setgroups(&[self.gid])?,
        }
        setresgid(self.gid, self.gid, self.gid)?;
        setresuid(self.uid, self.uid, self.uid)
    }
}

/// Reads what lies in the folder of secrets beside the configuration: the service gets it from
/// systemd, and cannot and need not read the files themselves.
fn take_credentials(folder: &Path, config: &mut Config) {
    let folder = folder.join(CREDENTIALS);
    config.replace_secrets(|secret| match secret {
        Secret::File(path) if path.parent() == Some(&folder) => {
            let read = block_on(async { Ok::<_, anyhow::Error>(secret.read().await?) });
            read.map_or_else(|_| secret.clone(), Secret::Plain)
        }
        _ => secret.clone(),
    });
}
