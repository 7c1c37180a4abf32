//! What the package's units give a bot: the folder of its configuration says which one it is.

use std::path::{Path, PathBuf};

/// Where the package keeps the configuration; each further bot has a folder of its own in there.
const SETTINGS: &str = "/etc/antragsbote";
/// The file in it that the units name.
const FILE: &str = "antragsbote.toml";

/// A bot that a unit of the package runs: `antragsbote`, or `antragsbote@NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// none is that of the first
    name: Option<String>,
}

impl Installation {
    /// The bot whose configuration lies in this folder.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let below = folder.strip_prefix(SETTINGS).ok()?.to_str()?;
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let name = (!below.is_empty()).then(|| below.to_owned());
        below.chars().all(is_name).then_some(Self { name })
    }

    /// The bot whose configuration is this file.
    pub fn of_file(file: &Path) -> Option<Self> {
        let found = Self::in_folder(file.parent()?);
        found.filter(|_| file.file_name().is_some_and(|name| name == FILE))
    }

    /// What systemd calls its service.
    pub fn unit(&self) -> String {
        self.called("antragsbote", "@")
    }

    /// `StateDirectory=` of that unit: here lies the log.
    pub fn state(&self) -> PathBuf {
        self.called("/var/lib/antragsbote", "/").into()
    }

    /// `RuntimeDirectory=`: here `deliver` hands mail in. Not below that of the first, which
    /// systemd removes as a whole when the first stops.
    pub fn runtime(&self) -> PathBuf {
        self.called("/run/antragsbote", "-").into()
    }

    fn called(&self, first: &str, between: &str) -> String {
        match &self.name {
            Some(name) => format!("{first}{between}{name}"),
            None => first.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_says_which_bot_it_is() {
        for (file, expected) in [
            (
                "/etc/antragsbote/antragsbote.toml",
                Some(["antragsbote", "/var/lib/antragsbote", "/run/antragsbote"]),
            ),
            (
                "/etc/antragsbote/verein/antragsbote.toml",
                Some([
                    "antragsbote@verein",
                    "/var/lib/antragsbote/verein",
                    "/run/antragsbote-verein",
                ]),
            ),
            ("/etc/antragsbote/verein.toml", None),
            ("/etc/antragsbote/a/b/antragsbote.toml", None),
            ("/etc/antragsbote/../antragsbote.toml", None),
            ("/srv/antragsbote/antragsbote.toml", None),
        ] {
            let found = Installation::of_file(Path::new(file));
            let told = found.map(|found| {
                let folders = [found.state(), found.runtime()];
                let [state, runtime] = folders.map(|folder| folder.display().to_string());
                [found.unit(), state, runtime]
            });
            assert_eq!(told, expected.map(|told| told.map(str::to_owned)), "{file}");
        }
    }
}
