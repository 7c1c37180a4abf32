//! What the package's units give a bot: the folder of its configuration says which one it is.

use std::path::{Path, PathBuf};

/// The program, and the service of the first bot.
const PROGRAM: &str = "antragsbote";
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
        self.called(PROGRAM, "@")
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

    /// What is said of the first bot's service and commands, said of this one's.
    pub fn adapt(&self, text: &str) -> String {
        let Some(name) = &self.name else {
            return text.to_owned();
        };
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once(PROGRAM) {
            said.push_str(before);
            said.push_str(PROGRAM);
            let line = before.rsplit('\n').next().unwrap_or_default();
            let mut words = line.rsplit([' ', '`']).skip(1);
            let is_named = behind.starts_with(|c: char| c.is_alphanumeric() || "@-_./".contains(c));
            if line.ends_with(' ')
                && !is_named
                && matches!(words.nth(1), Some("systemctl" | "journalctl"))
            {
                said.push_str(&format!("@{name}"));
            } else if line.ends_with('`') && behind.starts_with(' ') {
                said.push_str(&format!(" --config {SETTINGS}/{name}/{FILE}"));
            }
            rest = behind;
        }
        said.push_str(rest);
        said
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
    fn remedies_name_the_service_and_the_configuration_of_a_further_bot() {
        let said = "läuft nicht: systemctl start antragsbote\n  → `antragsbote log list` nennt sie; dann: \
                    systemctl reload antragsbote; /etc/antragsbote/x und `systemctl restart antragsbote`, \
                    `antragsbote@x` und ein zweiter antragsbote bleiben";
        let first = Installation::in_folder(Path::new("/etc/antragsbote")).unwrap();
        assert_eq!(first.adapt(said), said);
        let further = Installation::in_folder(Path::new("/etc/antragsbote/verein")).unwrap();
        assert_eq!(
            further.adapt(said),
            "läuft nicht: systemctl start antragsbote@verein\n  → `antragsbote --config \
             /etc/antragsbote/verein/antragsbote.toml log list` nennt sie; dann: systemctl reload \
             antragsbote@verein; /etc/antragsbote/x und `systemctl restart antragsbote@verein`, \
             `antragsbote@x` und ein zweiter antragsbote bleiben"
        );
    }

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
