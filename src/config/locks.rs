//! Whether somebody has a motion open at this moment: the lock files beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The folders of motions (directly below the folder of templates) whose `motion.docx` is
/// open in a word processor. What cannot be read has none: who reads the templates tells.
pub fn open_motions(templates: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(templates).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| {
        let files = fs::read_dir(entry.path()).into_iter().flatten().flatten();
        let mut names = files.filter_map(|file| file.file_name().into_string().ok());
        names.any(|name| locks_motion(&name))
    });
    let names = folders.map(|folder| folder.file_name().into_string());
    names.filter_map(Result::ok).collect()
}

/// Word's lock file is named like the document, behind a sign of its own; LibreOffice's, too.
fn locks_motion(name: &str) -> bool {
    matches!(name, "~$motion.docx" | ".~lock.motion.docx#")
}
