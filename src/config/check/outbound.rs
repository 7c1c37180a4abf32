//! `[outbound]`: how replies leave.

use super::Check;
use crate::oauth::Tokens;
use crate::outbound::{Config, SmtpConfig};
use crate::tls::Security;

/// The program that `kind = "sendmail"` starts unless `outbound.path` says otherwise.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// The port of a mail server that is reached so, unless it says otherwise (RFC 6409, RFC 8314).
pub fn smtp_port(security: Security) -> u16 {
    match security {
        Security::Tls => 465,
        Security::Starttls => 587,
        Security::None => 25,
    }
}

impl Check<'_> {
    /// The way out; `own` is the bot's address.
    pub(super) fn outbound(
        &mut self,
        own: &str,
        graph_url: String,
        oauth: Option<&Tokens>,
    ) -> Option<Config> {
        if !self.file.has_section("outbound") {
            self.file.complain("outbound", "der Abschnitt [outbound] fehlt", "er sagt, wie Antworten verschickt werden: [outbound] mit host, username und password_file, oder kind = \"sendmail\"");
            return None;
        }
        match self.kind("outbound", &["smtp", "graph", "sendmail", "maildir"])? {
            "graph" => return self.graph(own, graph_url, oauth),
            "maildir" => {
                self.demand(
                    "outbound.path",
                    "der Maildir-Ordner, in den Antworten gelegt werden: path = \"…\"",
                );
                return self.path("outbound.path").map(Config::Maildir);
            }
            "sendmail" => {
                let path = self
                    .path("outbound.path")
                    .unwrap_or_else(|| SENDMAIL.into());
                return Some(Config::Sendmail(path));
            }
            _ => {}
        }
        let server = self.server("outbound", Security::Starttls, smtp_port);
        let credential = self.credential("outbound", oauth);
        let username = self.file.text("outbound.username");
        let by_token = self.file.says("outbound.auth", "oauth");
        if username.is_some() && credential.is_none() && !by_token {
            self.demand("outbound.password_file", "eine Datei, in deren erster Zeile das Passwort zu `username` steht: password_file = \"outbound\"");
        }
        let username = username.or_else(|| credential.as_ref().map(|_| own.to_owned()));
        let server = server?;
        Some(Config::Smtp(SmtpConfig {
            host: server.host,
            port: server.port,
            security: server.security,
            username,
            credential,
            ca_file: server.ca_file,
        }))
    }
}
