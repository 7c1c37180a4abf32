//! Secrets: as they stand in the configuration, in a file, or as a command tells them.

use std::path::{Path, PathBuf};

use super::Check;
use crate::config::Surroundings;
use crate::secret::Secret;

/// The folder of secrets beside the configuration; the unit loads each of its files as a credential,
/// and systemd puts the folder's name and a `_` before theirs (systemd.exec(5), LoadCredential).
pub const CREDENTIALS: &str = "credentials";

impl Check<'_> {
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
}

/// The name of a key without its section.
fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

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
