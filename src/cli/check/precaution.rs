//! What `check` warns of: it works, and yet others could read or do more than they should.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::finding::Finding;
use crate::config::Config;
use crate::secret::Secret;

/// Rights of anybody but the owner and the group.
const OTHERS: u32 = 0o007;

/// All there is to warn of.
pub(super) fn look(file: &Path, config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(secrets(file, config).filter_map(|path| {
        let file = fs::metadata(path).ok()?;
        let readable = file.permissions().mode() & OTHERS != 0;
        readable.then(|| {
            Finding::warning(
                "Passwort",
                format!(
                    "{} ist für alle Benutzer dieses Rechners lesbar",
                    path.display()
                ),
                format!("chmod 0600 {}", path.display()),
            )
        })
    }));
    if let Some(folder) = config.log.path.parent()
        && let Ok(data) = fs::metadata(folder)
        && data.permissions().mode() & 0o002 != 0
        && data.permissions().mode() & 0o1000 == 0
    {
        findings.push(Finding::warning(
            "Protokoll",
            format!(
                "in {} darf jeder Benutzer dieses Rechners Dateien ersetzen",
                folder.display()
            ),
            format!("chmod 0700 {}", folder.display()),
        ));
    }
    findings
}

/// The files that hold passwords; the configuration's own is one if a password stands in it.
fn secrets<'a>(file: &'a Path, config: &'a Config) -> impl Iterator<Item = &'a Path> {
    let files: BTreeSet<&Path> = config
        .secrets()
        .into_iter()
        .filter_map(|secret| match secret {
            Secret::File(path) => Some(path.as_path()),
            Secret::Plain(_) => Some(file),
            Secret::Command(_) => None,
        })
        .collect();
    files.into_iter()
}
