//! Whether a mail's author is who the mail says (`require = "authenticated"`).
//!
//! The author is the one address in From. What counts for it: DMARC, or a DKIM signature or
//! SPF of the author's organisation (RFC 7489 3.1, relaxed). A failed DMARC outweighs all.

use super::domain::{are_aligned, domain_of};
use super::{Authentication, Recent};
use crate::mail::{AuthenticationResults, Mail, MethodResult};

/// A DKIM signature that was checked (RFC 6376).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// the signing domain (`d=`); empty if it cannot be made out
    pub domain: String,
    /// what is wrong with it, in German; `None` if it is good
    pub fault: Option<String>,
}

/// Where SPF says whose return path was checked (RFC 8601 2.7.2), and its older names.
const MAIL_FROM: [&str; 3] = ["smtp.mailfrom", "smtp.mfrom", "smtp.mail"];

/// Why a mail's author is not authenticated, in German; `None` if all is well.
pub(super) fn doubt(mail: &Mail, required: &Authentication, recent: &Recent) -> Option<String> {
    if *required == Authentication::None {
        return None;
    }
    let Some(author) = &mail.from else {
        return Some("Die Mail nennt keinen Absender (From).".to_owned());
    };
    if !mail.other_authors.is_empty() {
        return Some("Die Mail nennt mehrere Absender (From).".to_owned());
    }
    let domain = domain_of(&author.email);
    let doubt = match required {
        Authentication::None => None,
        Authentication::Server(id) => doubt_of_server(mail, id, &domain),
        Authentication::Dkim => doubt_of_signatures(recent.signatures.as_deref(), &domain),
    };
    doubt.or_else(|| {
        let reply_to = mail.reply_to.as_ref()?;
        let elsewhere = !are_aligned(&domain, &domain_of(&reply_to.email));
        elsewhere
            .then(|| format!("Die Antwort ginge an eine andere Domain (Reply-To) als {domain}."))
    })
}

/// Only the topmost field of this server counts: those below may have come with the mail.
fn doubt_of_server(mail: &Mail, id: &str, domain: &str) -> Option<String> {
    let mut fields = mail.authentication.iter();
    let Some(field) = fields.find(|field| field.authserv_id.eq_ignore_ascii_case(id)) else {
        return Some(format!(
            "Der Mailserver {id} hat nichts vermerkt (kein Authentication-Results von ihm)."
        ));
    };
    let passes = !field.results.iter().any(is_failed_dmarc)
        && field
            .results
            .iter()
            .any(|result| speaks_for(result, domain));
    (!passes).then(|| {
        format!(
            "Der Mailserver {id} bestätigt {domain} nicht; er hat vermerkt: {}.",
            account(field)
        )
    })
}

fn is_failed_dmarc(result: &MethodResult) -> bool {
    result.method == "dmarc" && result.result == "fail"
}

/// Whether a result says that mail of this domain comes from there.
fn speaks_for(result: &MethodResult, domain: &str) -> bool {
    let domain_of_property = |value: &str| value.rsplit('@').next().unwrap_or_default().to_owned();
    let of = |name: &str| result.property(name).map(domain_of_property);
    result.result == "pass"
        && match result.method.as_str() {
            // Cisco writes "d"; who leaves out whose DMARC it was can only mean the author's.
            "dmarc" => of("header.from")
                .or_else(|| of("d"))
                .is_none_or(|from| are_aligned(&from, domain)),
            "dkim" => of("header.d")
                .or_else(|| of("header.i"))
                .is_some_and(|signer| are_aligned(&signer, domain)),
            "spf" => MAIL_FROM
                .iter()
                .find_map(|name| of(name))
                .is_some_and(|path| are_aligned(&path, domain)),
            _ => false,
        }
}

/// What the mechanisms said: "dmarc=fail (a.example), dkim=none".
fn account(field: &AuthenticationResults) -> String {
    const WHOSE: [&str; 4] = ["header.from", "header.d", "header.i", "smtp.mailfrom"];
    let mechanisms = ["dmarc", "dkim", "spf"];
    let told = field
        .results
        .iter()
        .filter(|result| mechanisms.contains(&result.method.as_str()));
    let told: Vec<String> = told
        .map(|result| {
            let whose = WHOSE.iter().find_map(|name| result.property(name));
            let domain = whose.and_then(|whose| whose.rsplit('@').next());
            let domain = domain.map_or(String::new(), |domain| format!(" ({domain})"));
            format!("{}={}{domain}", result.method, result.result)
        })
        .collect();
    match told.as_slice() {
        [] => "kein Ergebnis von DMARC, DKIM oder SPF".to_owned(),
        told => told.join(", "),
    }
}

fn doubt_of_signatures(signatures: Option<&[Signature]>, domain: &str) -> Option<String> {
    let Some(signatures) = signatures else {
        return Some(
            "Die DKIM-Unterschriften wurden nicht geprüft: das tut nur der laufende Dienst, \
             denn die Schlüssel stehen im DNS."
                .to_owned(),
        );
    };
    let good =
        |signature: &Signature| signature.fault.is_none() && are_aligned(&signature.domain, domain);
    if signatures.iter().any(good) {
        return None;
    }
    let told: Vec<String> = signatures
        .iter()
        .map(|signature| {
            let fault = signature.fault.as_deref();
            format!(
                "{}: {}",
                signature.domain,
                fault.unwrap_or("gültig, aber eine andere Domain als die des Absenders")
            )
        })
        .collect();
    Some(match told.as_slice() {
        [] => format!("Die Mail trägt keine DKIM-Unterschrift von {domain}."),
        told => format!(
            "Keine gültige DKIM-Unterschrift von {domain} ({}).",
            told.join("; ")
        ),
    })
}
