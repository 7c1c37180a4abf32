//! `[oauth]`: how tokens are had, and who logs in with one.

use jiff::civil::Date;

use super::Check;
use crate::log;
use crate::oauth::{Audience, Config, Credential, Endpoints, Grant, Provider, Tokens};

/// The file beside the log that tokens are kept in.
const STORE: &str = "oauth.json";

const URL: &str = "eine Adresse wie \"https://login.example.org/token\"";

/// What is usual with a provider.
struct Usual {
    provider: Provider,
    grant: Grant,
    endpoints: Option<Endpoints>,
    mail_scope: Option<&'static str>,
}

impl Check<'_> {
    /// Where tokens come from, if the section is there.
    pub(super) fn oauth(&mut self, log: &log::Config, graph_url: &str) -> Option<Tokens> {
        if !self.file.has_settings("oauth") {
            return None;
        }
        let usual = match self.kind("oauth", &["microsoft", "google", "other"])? {
            "microsoft" => self.microsoft()?,
            "google" => google(),
            _ => Usual {
                provider: Provider::Other,
                grant: Grant::ClientCredentials,
                endpoints: None,
                mail_scope: None,
            },
        };
        let grants = [
            ("client_credentials", Grant::ClientCredentials),
            ("device_code", Grant::DeviceCode),
            ("authorization_code", Grant::AuthorizationCode),
        ];
        let grant = self
            .file
            .word("oauth.grant", &grants)
            .unwrap_or(usual.grant);
        if usual.provider == Provider::Google && grant != Grant::AuthorizationCode {
            self.file.complain(
                "oauth.grant",
                "Google gibt Zugang zu Postfächern nur nach einer Anmeldung im Browser",
                "streichen Sie grant, oder setzen Sie grant = \"authorization_code\"",
            );
        }
        let endpoints = self.endpoints(grant, usual.endpoints);
        self.demand(
            "oauth.client_id",
            "der Name, unter dem der Anbieter dieses Programm kennt: client_id = \"…\"",
        );
        let client_id = self.file.text("oauth.client_id");
        let client_secret = self.secret("oauth.client_secret");
        // Google's apps have one even where a person signs in.
        let needs_secret = grant == Grant::ClientCredentials || usual.provider == Provider::Google;
        if needs_secret && client_secret.is_none() {
            self.demand("oauth.client_secret_file", "eine Datei, in deren erster Zeile das Geheimnis steht: client_secret_file = \"oauth\"");
        }
        let client_secret_expires = self.file.read(
            "oauth.client_secret_expires",
            "ein Tag wie \"2028-11-30\"",
            |text| text.parse::<Date>().ok(),
        );
        let by_person = grant != Grant::ClientCredentials;
        let by_smtp = self.file.says("outbound.auth", "oauth");
        let usual_scope = match (usual.provider, by_person, by_smtp) {
            (Provider::Microsoft, true, true) => Some(MICROSOFT_BY_PERSON_WITH_SMTP),
            (Provider::Microsoft, true, false) => Some(MICROSOFT_BY_PERSON),
            _ => usual.mail_scope,
        };
        if usual_scope.is_none() {
            self.demand(
                "oauth.scope",
                "was dieses Programm beim Anbieter darf, wie er es nennt: scope = \"…\"",
            );
        }
        let mail_scope = self
            .file
            .text("oauth.scope")
            .or(usual_scope.map(str::to_owned));
        let for_mail = ["mailbox.auth", "outbound.auth"].map(|key| self.file.says(key, "oauth"));
        let for_graph = self.file.says("outbound.kind", "graph");
        let first = match (for_mail, for_graph) {
            ([false, false], true) => Audience::Graph,
            _ => Audience::Mail,
        };
        Some(Tokens::of(Config {
            provider: usual.provider,
            grant,
            endpoints: endpoints?,
            client_id: client_id?,
            client_secret,
            client_secret_expires,
            mail_scope: mail_scope?,
            graph_scope: self.graph_scope(graph_url, by_person),
            first,
            ca_file: self.path("oauth.ca_file"),
            store: log.path.with_file_name(STORE),
        }))
    }

    /// Entra ID's addresses are those of a tenant.
    fn microsoft(&mut self) -> Option<Usual> {
        self.demand(
            "oauth.tenant",
            "die Verzeichnis-ID (Mandant) oder eine Domain des Mandanten: tenant = \"…\"",
        );
        let tenant = self
            .file
            .read("oauth.tenant", "eine Verzeichnis-ID oder Domain", |text| {
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
                (!text.is_empty() && text.chars().all(is_part)).then(|| text.to_owned())
            })?;
        let at =
            |what: &str| format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{what}");
        Some(Usual {
            provider: Provider::Microsoft,
            grant: Grant::ClientCredentials,
            endpoints: Some(Endpoints {
                token: at("token"),
                device: Some(at("devicecode")),
                authorization: Some(at("authorize")),
            }),
            mail_scope: Some("https://outlook.office365.com/.default"),
        })
    }

    /// As configured, else as usual.
    fn endpoints(&mut self, grant: Grant, usual: Option<Endpoints>) -> Option<Endpoints> {
        if usual.is_none() {
            self.demand("oauth.token_url", URL);
            match grant {
                Grant::ClientCredentials => {}
                Grant::DeviceCode => self.demand("oauth.device_url", URL),
                Grant::AuthorizationCode => self.demand("oauth.authorization_url", URL),
            }
        }
        let [token, device, authorization] = ["token", "device", "authorization"].map(|what| {
            let key = format!("oauth.{what}_url");
            self.file.read(&key, URL, parse_url)
        });
        let (usual_token, usual_device, usual_authorization) = match usual {
            Some(usual) => (Some(usual.token), usual.device, usual.authorization),
            None => (None, None, None),
        };
        Some(Endpoints {
            token: token.or(usual_token)?,
            device: device.or(usual_device),
            authorization: authorization.or(usual_authorization),
        })
    }

    /// What a section logs in with.
    pub(super) fn credential(
        &mut self,
        section: &str,
        oauth: Option<&Tokens>,
    ) -> Option<Credential> {
        let key = format!("{section}.auth");
        let words = [("password", false), ("oauth", true)];
        let by_token = self.file.word(&key, &words).unwrap_or(false);
        let password = self.secret(&format!("{section}.password"));
        if !by_token {
            return password.map(Credential::Password);
        }
        if password.is_some() {
            self.file.complain(
                &key,
                "mit auth = \"oauth\" gibt es kein Passwort",
                "streichen Sie das Passwort, oder setzen Sie auth = \"password\"",
            );
        }
        if !self.file.has_settings("oauth") {
            self.file.complain(
                &key,
                "der Abschnitt [oauth] fehlt",
                "er sagt, woher die Token kommen; `antragsbote setup` schreibt ihn",
            );
        }
        oauth.cloned().map(Credential::OAuth)
    }
}

/// An address by HTTPS with a host and nobody's name in it.
pub(super) fn parse_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://")?;
    let host = rest.split(['/', '?']).next()?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let is_sound = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(is_part)
        && rest.bytes().all(|byte| byte.is_ascii_graphic())
        && !rest.contains('#');
    is_sound.then(|| text.to_owned())
}

/// What a person may let this program do at Microsoft 365: no more than it needs, as an administrator
/// has to agree to each.
const MICROSOFT_BY_PERSON: &str = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access";
const MICROSOFT_BY_PERSON_WITH_SMTP: &str = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access";

fn google() -> Usual {
    Usual {
        provider: Provider::Google,
        grant: Grant::AuthorizationCode,
        endpoints: Some(Endpoints {
            token: "https://oauth2.googleapis.com/token".to_owned(),
            device: None,
            authorization: Some("https://accounts.google.com/o/oauth2/v2/auth".to_owned()),
        }),
        mail_scope: Some("https://mail.google.com/"),
    }
}
