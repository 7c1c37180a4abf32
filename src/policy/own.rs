//! What is our own: address and Message-IDs.

use crate::mail::MessageId;

/// The length of the left side of our ids, a ULID.
const ID_LENGTH: usize = 26;

/// Whether an address is the bot's, in any case of letters, with or without a detail
/// ("antrag+x@…", RFC 5233).
pub fn is_own_address(email: &str, own: &str) -> bool {
    let without_detail = || {
        let (local, domain) = email.rsplit_once('@')?;
        let (user, _) = local.split_once('+')?;
        Some(format!("{user}@{domain}"))
    };
    email.eq_ignore_ascii_case(own)
        || without_detail().is_some_and(|email| email.eq_ignore_ascii_case(own))
}

/// Whether an id is that of one of our replies: a ULID at the bot's domain.
pub(super) fn is_own_id(id: &MessageId, own: &str) -> bool {
    let id = id.as_str().trim_matches(['<', '>']);
    let Some((left, domain)) = id.rsplit_once('@') else {
        return false;
    };
    let own_domain = own.rsplit('@').next().unwrap_or_default();
    left.len() == ID_LENGTH
        && left.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && domain.eq_ignore_ascii_case(own_domain)
}
