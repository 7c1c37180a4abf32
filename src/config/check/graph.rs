//! `[outbound]` of kind `graph`: replies leave by Microsoft Graph.

use super::Check;
use super::oauth::parse_url;
use crate::oauth::{Grant, Provider, Tokens};
use crate::outbound::{self, GraphConfig};

/// Microsoft's cloud for all but the USA's authorities and China.
const URL: &str = "https://graph.microsoft.com";

impl Check<'_> {
    /// Where Microsoft Graph is.
    pub(super) fn graph_url(&mut self) -> String {
        let expected = "eine Adresse ohne Pfad wie \"https://graph.microsoft.com\"";
        let url = self.file.read("outbound.url", expected, |text| {
            let url = parse_url(text.strip_suffix('/').unwrap_or(text))?;
            let has_path = url.strip_prefix("https://")?.contains(['/', '?']);
            (!has_path).then_some(url)
        });
        url.unwrap_or_else(|| URL.to_owned())
    }

    /// What is asked for to send there: in an app's own name what it may do anyway, in a person's what she agrees to.
    pub(super) fn graph_scope(&self, url: &str, by_person: bool) -> String {
        match (by_person, self.file.has("outbound.username")) {
            (false, _) => format!("{url}/.default"),
            (true, false) => format!("{url}/Mail.Send offline_access"),
            (true, true) => format!("{url}/Mail.Send {url}/Mail.Send.Shared offline_access"),
        }
    }

    pub(super) fn graph(
        &mut self,
        own: &str,
        url: String,
        oauth: Option<&Tokens>,
    ) -> Option<outbound::Config> {
        if !self.file.has_settings("oauth") {
            self.file.complain(
                "outbound.kind",
                "der Abschnitt [oauth] fehlt",
                "er sagt, woher die Token für Microsoft Graph kommen; `antragsbote setup` schreibt ihn",
            );
        }
        let mailbox = self.file.text("outbound.username");
        let ca_file = self.path("outbound.ca_file");
        let tokens = oauth?;
        if tokens.config().provider == Provider::Google {
            self.file.complain(
                "outbound.kind",
                "Microsoft Graph nimmt keine Token von Google",
                "setzen Sie kind = \"smtp\" und auth = \"oauth\"",
            );
        }
        let by_person = tokens.config().grant != Grant::ClientCredentials;
        Some(outbound::Config::Graph(GraphConfig {
            url,
            mailbox: mailbox.or_else(|| (!by_person).then(|| own.to_owned())),
            tokens: tokens.clone(),
            ca_file,
        }))
    }
}
