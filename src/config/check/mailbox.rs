//! `[mailbox]`: where mails are fetched.

use std::time::Duration;

use super::{Check, DURATION};
use crate::config::units::parse_duration;
use crate::mailbox::{Config, ImapConfig, MaildirConfig};
use crate::oauth::Tokens;
use crate::tls::Security;

/// The port of an IMAP server that is reached so, unless it says otherwise (RFC 8314).
pub fn imap_port(security: Security) -> u16 {
    match security {
        Security::Tls => 993,
        Security::Starttls | Security::None => 143,
    }
}

impl Check<'_> {
    /// The mailbox; `own` is the bot's address.
    pub(super) fn mailbox(&mut self, own: &str, oauth: Option<&Tokens>) -> Option<Config> {
        if !self.file.has_section("mailbox") {
            self.file.complain("mailbox", "der Abschnitt [mailbox] fehlt", "er sagt, wo Mails abgeholt werden: [mailbox] mit host und password_file, oder kind = \"maildir\" und path");
            return None;
        }
        let kind = self.kind("mailbox", &["imap", "maildir"])?;
        if kind == "maildir" {
            self.demand(
                "mailbox.path",
                "der Maildir-Ordner, in dem Mails ankommen: path = \"/var/mail/antrag\"",
            );
            let path = self.path("mailbox.path");
            let archive = self.path("mailbox.archive");
            let archive_retention = self.archive_retention(archive.is_some());
            return Some(Config::Maildir(MaildirConfig {
                path: path?,
                archive,
                archive_retention,
            }));
        }
        let server = self.server("mailbox", Security::Tls, imap_port);
        let username = self
            .file
            .text("mailbox.username")
            .unwrap_or_else(|| own.to_owned());
        let credential = self.credential("mailbox", oauth);
        if credential.is_none() && !self.file.says("mailbox.auth", "oauth") {
            self.demand("mailbox.password_file", "eine Datei, in deren erster Zeile das Passwort steht: password_file = \"mailbox\" (oder password_command, oder password)");
        }
        let folder = self
            .file
            .text("mailbox.folder")
            .unwrap_or_else(|| "INBOX".to_owned());
        let archive = self.file.text("mailbox.archive");
        if archive.as_ref() == Some(&folder) {
            self.file.complain(
                "mailbox.archive",
                "`archive` ist derselbe Ordner wie `folder`",
                "nennen Sie einen anderen Ordner, oder streichen Sie die Zeile",
            );
        }
        let archive_retention = self.archive_retention(archive.is_some());
        if archive_retention.is_some()
            && archive
                .as_ref()
                .is_some_and(|name| name.eq_ignore_ascii_case("INBOX"))
        {
            self.file.complain(
                "mailbox.archive_retention",
                "im Posteingang wird nichts gelöscht, `archive` ist aber \"INBOX\"",
                "nennen Sie als `archive` einen anderen Ordner, oder streichen Sie archive_retention",
            );
        }
        let server = server?;
        let credential = credential?;
        Some(Config::Imap(ImapConfig {
            host: server.host,
            port: server.port,
            security: server.security,
            username,
            credential,
            ca_file: server.ca_file,
            folder,
            archive,
            archive_retention,
        }))
    }

    /// How long mail stays in the archive: only what lies there may be removed.
    fn archive_retention(&mut self, has_archive: bool) -> Option<Duration> {
        let key = "mailbox.archive_retention";
        let retention = self.file.read(key, DURATION, parse_duration);
        if retention.is_some() && !has_archive {
            self.file.complain(
                key,
                "`archive_retention` gilt nur für einen Ordner `archive`, und es ist keiner angegeben",
                "nennen Sie einen: archive = \"Erledigt\", oder streichen Sie die Zeile",
            );
        }
        retention
    }
}
