//! Domains of addresses: spellings, and which belong together.

/// The domain of an address in its ASCII form, lower case; empty if it has none.
pub(super) fn domain_of(email: &str) -> String {
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    ascii(domain)
}

/// A domain in its ASCII form, lower case ("müller.example" is "xn--mller-kva.example").
pub(super) fn ascii(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('.');
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
}

/// Whether two domains belong to the same organisation (relaxed alignment, RFC 7489 3.1):
/// the labels one below the public suffix are the same.
pub(super) fn are_aligned(one: &str, other: &str) -> bool {
    let (one, other) = (ascii(one), ascii(other));
    let organisation = psl::domain_str(&one);
    !one.is_empty()
        && (one == other || organisation.is_some() && organisation == psl::domain_str(&other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_end_at_public_suffixes() {
        for (one, other, aligned) in [
            ("example.org", "example.org", true),
            ("Example.ORG.", "example.org", true),
            ("mail.example.org", "example.org", true),
            ("a.example.org", "b.c.example.org", true),
            ("example.org", "badexample.org", false),
            ("example.org", "example.org.evil.example", false),
            ("example.org", "org", false),
            ("org", "example.org", false),
            ("a.co.uk", "b.co.uk", false),
            ("a.github.io", "b.github.io", false),
            ("github.io", "a.github.io", false),
            ("müller.example", "post.xn--mller-kva.example", true),
            ("", "", false),
            ("192.0.2.1", "192.0.2.1", true),
        ] {
            assert_eq!(are_aligned(one, other), aligned, "{one} {other}");
        }
    }
}
