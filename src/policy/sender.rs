//! `allow` and `deny`: whose mail is answered.

use super::Rules;
use super::domain::{ascii, domain_of};
use crate::mail::{Address, Mail};

/// Whether the lists let a mail in, and if not, which one does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// every author is allowed and nobody is denied
    Allowed,
    /// an author is not on `allow`
    NotAllowed,
    /// somebody is on `deny`
    Denied,
}

/// `allow` asks who wrote, every author of several; `deny` also who sent it for them and who
/// would be answered. A mail without an author is that of its Reply-To.
pub(super) fn admission(mail: &Mail, rules: &Rules) -> Admission {
    let author = mail.from.as_ref().or(mail.reply_to.as_ref());
    let authors = author.into_iter().chain(&mail.other_authors);
    let others = [&mail.sender, &mail.reply_to].into_iter().flatten();
    let email = |address: &Address| address.email.clone();
    let mut authors: Vec<String> = authors.map(email).collect();
    if authors.is_empty() {
        authors.push(String::new());
    }
    let listed = |list: &[String], email: &str| list.iter().any(|entry| matches(entry, email));
    let denied = |email: &String| listed(&rules.deny, email);
    if authors.iter().any(denied) || others.map(email).any(|email| denied(&email)) {
        Admission::Denied
    } else if authors.iter().all(|email| listed(&rules.allow, email)) {
        Admission::Allowed
    } else {
        Admission::NotAllowed
    }
}

/// Whether two addresses are the same: in any case of letters, domains in either of their
/// spellings (IDNA).
pub fn is_same_address(one: &str, other: &str) -> bool {
    one.contains('@') && !one.trim().starts_with('@') && matches(one, other)
}

/// Whether an address is meant by "*", "@domain" or an address: in any case of letters,
/// domains in either of their spellings (IDNA), and that domain alone, nothing below it.
fn matches(entry: &str, email: &str) -> bool {
    let entry = entry.trim();
    let Some((local, domain)) = entry.rsplit_once('@') else {
        return entry == "*";
    };
    let same_domain = ascii(domain) == domain_of(email);
    same_domain && (local.is_empty() || plain(local) == plain(local_of(email)))
}

fn local_of(email: &str) -> &str {
    email.rsplit_once('@').map_or(email, |(local, _)| local)
}

/// A local part in lower case without the quotes it may be written in (RFC 5321 4.1.2).
fn plain(local: &str) -> String {
    let unquoted = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    unquoted
        .map(|inner| inner.replace('\\', ""))
        .unwrap_or_else(|| local.to_owned())
        .to_lowercase()
}
