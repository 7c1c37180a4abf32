//! Whose servers are looked for.

/// A mail address in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// all of it, as written
    pub address: String,
    /// what stands before the last `@`
    pub local: String,
    /// what stands behind it, as the DNS has it: in ASCII (RFC 5891) and small letters
    pub domain: String,
}

impl Account {
    /// Takes an address apart; none if its domain can be none.
    pub fn parse(address: &str) -> Option<Self> {
        let address = address.trim();
        let (local, domain) = address.rsplit_once('@')?;
        let domain = idna::domain_to_ascii(domain.trim_end_matches('.')).ok()?;
        (!local.is_empty() && is_host_name(&domain)).then(|| Self {
            address: address.to_owned(),
            local: local.to_owned(),
            domain,
        })
    }

    /// Whether a host is the domain or lies below it.
    pub(super) fn owns(&self, host: &str) -> bool {
        is_within(host, &self.domain)
    }
}

/// Whether a name is another one or lies below it; both in small letters.
pub(super) fn is_within(name: &str, above: &str) -> bool {
    let rest = name.strip_suffix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether this can be a host's name (RFC 1123 section 2.1), and no number of one.
pub(super) fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(is_usual)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.strip_prefix("0x").is_some();
    name.len() <= 253 && name.split('.').all(is_label) && !is_number
}
