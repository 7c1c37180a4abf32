//! The service records of a domain (RFC 2782): RFC 6186 names those for fetching and handing over
//! mail, RFC 8314 section 5.1 that for handing over by TLS from the first byte.

use tokio::time::timeout;

use super::clue::{Clue, Offer};
use super::{Account, DNS_LIMIT, Endpoint, Source, usual};
use crate::dns::{Resolver, Srv};
use crate::tls::Security;

/// Asks for the records of a domain.
pub(super) async fn ask(resolver: &Resolver, account: &Account) -> Clue {
    let domain = &account.domain;
    let of = async |service: &str| {
        let name = format!("_{service}._tcp.{domain}");
        let asked = timeout(DNS_LIMIT, resolver.srv(&name)).await;
        asked.ok().and_then(Result::ok).unwrap_or_default()
    };
    let (imaps, imap, submissions, submission) =
        tokio::join!(of("imaps"), of("imap"), of("submissions"), of("submission"));
    Clue {
        source: Source::Srv,
        imap: choose(&imaps, &imap),
        smtp: choose(&submissions, &submission),
        username: None,
        takes_password: true,
    }
}

/// The first server there is: TLS from the first byte before STARTTLS (RFC 8314 section 3), then
/// in the order of the records. A service whose only target is the root is decidedly not offered.
pub(super) fn choose(tls: &[Srv], starttls: &[Srv]) -> Offer {
    let of = |records: &[Srv], security| {
        records
            .iter()
            .find_map(|srv| Endpoint::new(&srv.target, srv.port, usual(srv.port, security)))
    };
    let found = of(tls, Security::Tls).or_else(|| of(starttls, Security::Starttls));
    let is_refused =
        |records: &[Srv]| !records.is_empty() && records.iter().all(|srv| srv.target.is_empty());
    match found {
        Some(endpoint) => Offer::At(endpoint),
        None if is_refused(tls) && is_refused(starttls) => Offer::Refused,
        None => Offer::Unknown,
    }
}
