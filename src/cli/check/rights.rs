//! Which part of a path stands in the way of who looks: the service's user (`service_user`).

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::errno::Errno;
use nix::unistd::{AccessFlags, Gid, Group, Uid, User, access, getegid, geteuid};

use super::finding::Finding;
use crate::cli::exit::Class;

/// What is wrong, and what to do.
pub(super) type Obstacle = (String, String);

/// What is to be done with a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// go through a folder to what lies in it
    Pass,
    /// read it; of a folder, list it
    Read,
    /// change a file
    Change,
    /// make and change files in a folder
    Fill,
    /// run a program
    Run,
}

impl Use {
    fn flags(self, is_folder: bool) -> AccessFlags {
        match self {
            Self::Pass | Self::Run => AccessFlags::X_OK,
            Self::Read if is_folder => AccessFlags::R_OK | AccessFlags::X_OK,
            Self::Read => AccessFlags::R_OK,
            Self::Change => AccessFlags::R_OK | AccessFlags::W_OK,
            Self::Fill => AccessFlags::R_OK | AccessFlags::W_OK | AccessFlags::X_OK,
        }
    }

    /// The verb, and the letters for chmod(1).
    fn words(self, is_folder: bool) -> (&'static str, &'static str) {
        match self {
            Self::Pass => ("betreten", "x"),
            Self::Read if is_folder => ("lesen", "rx"),
            Self::Read => ("lesen", "r"),
            Self::Change => ("beschreiben", "rw"),
            Self::Fill => ("beschreiben", "rwx"),
            Self::Run => ("ausführen", "rx"),
        }
    }
}

/// What keeps this user from that; `None` if nothing does.
pub(super) fn obstacle(path: &Path, purpose: Use) -> Option<Obstacle> {
    let mut folders: Vec<&Path> = path.ancestors().skip(1).collect();
    folders.retain(|folder| *folder != Path::new(""));
    let on_the_way = folders.into_iter().rev().map(|folder| (folder, Use::Pass));
    on_the_way
        .chain([(path, purpose)])
        .find_map(|(part, purpose)| Some(explain(part, purpose, refusal(part, purpose)?)))
}

/// What the system says to that.
fn refusal(path: &Path, purpose: Use) -> Option<Errno> {
    let data = fs::metadata(path);
    let is_folder = data.is_ok_and(|data| data.is_dir());
    let needs_folder = matches!(purpose, Use::Pass | Use::Fill);
    if needs_folder && path.exists() && !is_folder {
        return Some(Errno::ENOTDIR);
    }
    access(path, purpose.flags(is_folder)).err()
}

/// What was wrong when a file was read: which part of its path stands in the way, if rights do.
pub(super) fn of_reading(path: &Path, error: &io::Error) -> Obstacle {
    let name = path.display();
    obstacle(path, Use::Read).unwrap_or_else(|| match error.kind() {
        io::ErrorKind::InvalidData => (
            format!("{name} ist nicht in UTF-8 gespeichert"),
            "speichern Sie die Datei noch einmal: in Excel als „CSV UTF-8 (durch Trennzeichen getrennt)“, \
             im Texteditor mit der Codierung UTF-8"
                .to_owned(),
        ),
        _ => (
            format!("{name} kann nicht gelesen werden: {error}"),
            "prüfen Sie Pfad und Datenträger".to_owned(),
        ),
    })
}

/// Whether mail can be put into a Maildir, its folders being made where they are missing.
pub(super) fn maildir(subject: &'static str, maildir: &Path) -> Finding {
    let parts = ["tmp", "new", "cur"].map(|part| maildir.join(part));
    let found = parts.iter().find_map(|part| {
        // What the system does not show counts as there: it stands in the way.
        let is_there = |folder: &&Path| !matches!(folder.try_exists(), Ok(false));
        let there = part.ancestors().find(is_there).unwrap_or(part);
        obstacle(there, Use::Fill)
    });
    match found {
        Some((message, remedy)) => Finding::wrong(subject, Class::Unavailable, message, remedy),
        None => Finding::sound(subject, format!("Maildir {}", maildir.display())),
    }
}

fn explain(path: &Path, purpose: Use, error: Errno) -> Obstacle {
    let name = path.display();
    match error {
        Errno::EACCES => denied(path, purpose),
        Errno::ENOENT => (
            format!("{name} fehlt"),
            "prüfen Sie den Pfad in der Konfiguration, oder legen Sie es an".to_owned(),
        ),
        Errno::ENOTDIR => (
            format!("{name} ist kein Ordner"),
            "prüfen Sie den Pfad in der Konfiguration".to_owned(),
        ),
        Errno::EROFS => (
            format!("{name} liegt auf einem Datenträger, der nur gelesen werden kann"),
            "wählen Sie einen anderen Ort, oder hängen Sie den Datenträger beschreibbar ein"
                .to_owned(),
        ),
        other => (
            format!("{name} ist nicht zu gebrauchen: {}", other.desc()),
            "prüfen Sie den Pfad in der Konfiguration".to_owned(),
        ),
    }
}

fn denied(path: &Path, purpose: Use) -> Obstacle {
    let (name, user, group) = (path.display(), user_name(geteuid()), group_name(getegid()));
    let data = fs::metadata(path);
    let is_folder = data.as_ref().is_ok_and(fs::Metadata::is_dir);
    let (verb, letters) = purpose.words(is_folder);
    let rights = data.map_or(String::new(), |data| {
        let owner = user_name(Uid::from_raw(data.uid()));
        let group = group_name(Gid::from_raw(data.gid()));
        format!(" ({owner}:{group}, Rechte {:04o})", data.mode() & 0o7777)
    });
    let remedy = match purpose {
        Use::Fill | Use::Change => format!("chown {user} {name}"),
        Use::Pass | Use::Read | Use::Run => format!(
            "chgrp {group} {name} && chmod g+{letters} {name}, oder für alle: chmod o+{letters} {name}"
        ),
    };
    (
        format!("der Benutzer {user} darf {name} nicht {verb}{rights}"),
        remedy,
    )
}

pub(super) fn user_name(uid: Uid) -> String {
    let entry = User::from_uid(uid).ok().flatten();
    entry.map_or_else(|| uid.to_string(), |user| user.name)
}

fn group_name(gid: Gid) -> String {
    let entry = Group::from_gid(gid).ok().flatten();
    entry.map_or_else(|| gid.to_string(), |group| group.name)
}
