//! The keys there are: each with the kinds of its section that it fits.

/// Fits whatever `kind` the section has.
const ANY: &[&str] = &[];
const IMAP: &[&str] = &["imap"];
const SMTP: &[&str] = &["smtp"];
const SMTP_AND_GRAPH: &[&str] = &["smtp", "graph"];
const MICROSOFT: &[&str] = &["microsoft"];

/// All keys, as `section.key`, in the order of `config/antragsbote.toml`.
pub(super) const KEYS: &[(&str, &[&str])] = &[
    ("bot.address", ANY),
    ("bot.name", ANY),
    ("mailbox.kind", ANY),
    ("mailbox.host", IMAP),
    ("mailbox.port", IMAP),
    ("mailbox.security", IMAP),
    ("mailbox.username", IMAP),
    ("mailbox.auth", IMAP),
    ("mailbox.password", IMAP),
    ("mailbox.password_file", IMAP),
    ("mailbox.password_command", IMAP),
    ("mailbox.ca_file", IMAP),
    ("mailbox.folder", IMAP),
    ("mailbox.path", &["maildir"]),
    ("mailbox.archive", ANY),
    ("mailbox.archive_retention", ANY),
    ("outbound.kind", ANY),
    ("outbound.host", SMTP),
    ("outbound.port", SMTP),
    ("outbound.security", SMTP),
    ("outbound.url", &["graph"]),
    ("outbound.username", SMTP_AND_GRAPH),
    ("outbound.auth", SMTP),
    ("outbound.password", SMTP),
    ("outbound.password_file", SMTP),
    ("outbound.password_command", SMTP),
    ("outbound.ca_file", SMTP_AND_GRAPH),
    ("outbound.path", &["sendmail", "maildir"]),
    ("oauth.kind", ANY),
    ("oauth.grant", ANY),
    ("oauth.tenant", MICROSOFT),
    ("oauth.client_id", ANY),
    ("oauth.client_secret", ANY),
    ("oauth.client_secret_file", ANY),
    ("oauth.client_secret_command", ANY),
    ("oauth.client_secret_expires", ANY),
    ("oauth.scope", ANY),
    ("oauth.token_url", ANY),
    ("oauth.device_url", ANY),
    ("oauth.authorization_url", ANY),
    ("oauth.ca_file", ANY),
    ("log.url", ANY),
    ("log.retention", ANY),
    ("templates.path", ANY),
    ("templates.default", ANY),
    ("policy.allow", ANY),
    ("policy.deny", ANY),
    ("policy.max_message_size", ANY),
    ("policy.replies_per_sender_per_hour", ANY),
    ("policy.documents_per_sender_per_hour", ANY),
    ("policy.replies_per_domain_per_hour", ANY),
    ("policy.replies_per_hour", ANY),
    ("policy.require", ANY),
    ("policy.authserv_id", ANY),
    ("registry.path", ANY),
    ("admin.address", ANY),
    ("metrics.listen", ANY),
    ("service.max_retry_age", ANY),
    ("service.socket", ANY),
    ("service.socket_mode", ANY),
    ("service.socket_group", ANY),
];

/// The kinds a key fits, none for every kind; `None` if there is no such key.
pub(super) fn kinds(key: &str) -> Option<&'static [&'static str]> {
    KEYS.iter()
        .find(|(known, _)| *known == key)
        .map(|(_, kinds)| *kinds)
}

/// Whether some section has a key of this name whose values are no secrets.
pub(super) fn may_be_shown(name: &str) -> bool {
    let secret = matches!(
        name,
        "password" | "password_command" | "client_secret" | "client_secret_command"
    );
    !secret && KEYS.iter().any(|(key, _)| last(key) == name)
}

/// Whether there is a section of this name.
pub(super) fn is_section(name: &str) -> bool {
    sections().any(|section| section == name)
}

/// The known section that is spelt most like `name`.
pub(super) fn nearest_section(name: &str) -> &'static str {
    nearest(name, sections())
}

/// The key that is meant by an unknown `key` of `section`: the same word in another
/// section, else the one of this section that is spelt most like it.
pub(super) fn nearest_key(section: &str, key: &str) -> &'static str {
    let elsewhere = || {
        KEYS.iter()
            .map(|(known, _)| *known)
            .find(|known| last(known) == key)
    };
    let here = KEYS
        .iter()
        .map(|(known, _)| *known)
        .filter(|known| section.is_empty() || first(known) == section);
    elsewhere().unwrap_or_else(|| nearest_by(key, here, last))
}

fn sections() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|(key, _)| first(key))
}

fn first(key: &'static str) -> &'static str {
    key.split_once('.').map_or(key, |(section, _)| section)
}

fn last(key: &'static str) -> &'static str {
    key.split_once('.').map_or(key, |(_, name)| name)
}

fn nearest(word: &str, known: impl Iterator<Item = &'static str>) -> &'static str {
    nearest_by(word, known, |name| name)
}

fn nearest_by(
    word: &str,
    known: impl Iterator<Item = &'static str>,
    name: impl Fn(&'static str) -> &'static str,
) -> &'static str {
    let likeness =
        |candidate| strsim::normalized_damerau_levenshtein(&word.to_lowercase(), name(candidate));
    known
        .max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_named() {
        for (section, key, expected) in [
            ("mailbox", "hots", "mailbox.host"),
            ("mailbox", "user", "mailbox.username"),
            ("mailbox", "pasword_file", "mailbox.password_file"),
            ("mailbox", "PORT", "mailbox.port"),
            ("outbound", "hots", "outbound.host"),
            ("policy", "max_size", "policy.max_message_size"),
            ("mailbox", "retention", "log.retention"),
            ("bot", "adress", "bot.address"),
        ] {
            assert_eq!(nearest_key(section, key), expected, "[{section}] {key}");
        }
        assert_eq!(nearest_section("mail"), "mailbox");
        assert_eq!(nearest_section("template"), "templates");
    }
}
