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
    /// read it; of a folder, list it
    Read,
    /// make and change files in it
    Fill,
    /// run it
    Run,
}

impl Use {
    fn flags(self, is_folder: bool) -> AccessFlags {
        match self {
            Self::Read if is_folder => AccessFlags::R_OK | AccessFlags::X_OK,
            Self::Read => AccessFlags::R_OK,
            Self::Fill => AccessFlags::R_OK | AccessFlags::W_OK | AccessFlags::X_OK,
            Self::Run => AccessFlags::X_OK,
        }
    }
}

/// What keeps this user from that; `None` if nothing does.
pub(super) fn obstacle(path: &Path, purpose: Use) -> Option<Obstacle> {
    let mut ancestors: Vec<&Path> = path.ancestors().skip(1).collect();
    ancestors.retain(|folder| *folder != Path::new(""));
    let closed = ancestors.into_iter().rev().find_map(|folder| {
        let error = access(folder, AccessFlags::X_OK).err()?;
        Some(explain(folder, error, None))
    });
    closed.or_else(|| {
        let error = access(path, purpose.flags(path.is_dir())).err()?;
        Some(explain(path, error, Some(purpose)))
    })
}

/// What was wrong when a file was read: which part of its path stands in the way, if rights do.
pub(super) fn of_reading(path: &Path, error: &io::Error) -> Obstacle {
    obstacle(path, Use::Read).unwrap_or_else(|| {
        let message = format!("{} kann nicht gelesen werden: {error}", path.display());
        (message, "prüfen Sie Pfad und Datenträger".to_owned())
    })
}

/// Whether mail can be put into a Maildir, its folders being made where they are missing.
pub(super) fn maildir(subject: &'static str, maildir: &Path) -> Finding {
    let parts = ["tmp", "new", "cur"].map(|part| maildir.join(part));
    let found = parts.iter().find_map(|part| {
        let there = part.ancestors().find(|folder| folder.exists());
        obstacle(there.unwrap_or(part), Use::Fill)
    });
    match found {
        Some((message, remedy)) => Finding::wrong(subject, Class::Unavailable, message, remedy),
        None => Finding::sound(subject, format!("Maildir {}", maildir.display())),
    }
}

/// `purpose` is none where a folder merely lies on the way.
fn explain(path: &Path, error: Errno, purpose: Option<Use>) -> Obstacle {
    let name = path.display();
    match error {
        Errno::EACCES => denied(path, purpose),
        Errno::ENOENT => (
            format!("{name} fehlt"),
            "prüfen Sie den Pfad in der Konfiguration, oder legen Sie es an".to_owned(),
        ),
        Errno::ENOTDIR => (
            format!("{name} liegt unter etwas, das kein Ordner ist"),
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

fn denied(path: &Path, purpose: Option<Use>) -> Obstacle {
    let (name, user) = (path.display(), user_name(geteuid()));
    let (verb, bits) = match purpose {
        None => ("betreten", "x"),
        Some(Use::Read) if path.is_dir() => ("lesen", "rx"),
        Some(Use::Read) => ("lesen", "r"),
        Some(Use::Run) => ("ausführen", "rx"),
        Some(Use::Fill) => ("beschreiben", "rwx"),
    };
    let (owner, group) = match fs::metadata(path) {
        Ok(data) => (
            format!(
                " ({}:{}, Rechte {:04o})",
                user_name(Uid::from_raw(data.uid())),
                group_name(Gid::from_raw(data.gid())),
                data.mode() & 0o7777
            ),
            group_name(getegid()),
        ),
        Err(_) => (String::new(), group_name(getegid())),
    };
    let remedy = match purpose {
        Some(Use::Fill) => format!("chown {user} {name}"),
        _ => format!(
            "chgrp {group} {name} && chmod g+{bits} {name}, oder für alle: chmod o+{bits} {name}"
        ),
    };
    (
        format!("der Benutzer {user} darf {name} nicht {verb}{owner}"),
        remedy,
    )
}

fn user_name(uid: Uid) -> String {
    let entry = User::from_uid(uid).ok().flatten();
    entry.map_or_else(|| uid.to_string(), |user| user.name)
}

fn group_name(gid: Gid) -> String {
    let entry = Group::from_gid(gid).ok().flatten();
    entry.map_or_else(|| gid.to_string(), |group| group.name)
}
