//! DKIM signatures (RFC 6376), checked with the keys that the DNS has.
//!
//! In: a mail's bytes. Out: its signatures, each good or with its fault, or that the DNS does
//! not answer for now. Never here: what follows from it.
//!
//! mail-auth does the work. Beyond what it demands, a signature has to cover From (RFC 6376
//! 5.4) and what decides where the answer goes, may not leave out the end of the text (`l=`,
//! RFC 6376 8.2), and may not use SHA-1 (RFC 8301).

use std::time::Duration;

use mail_auth::common::crypto::Algorithm;
use mail_auth::common::headers::Header;
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::{AuthenticatedMessage, DkimOutput, DkimResult, Error, MessageAuthenticator};

use crate::policy::Signature;

/// How long one mail may take, all its keys together.
const DEADLINE: Duration = Duration::from_secs(5);

/// Signatures beyond this number are not looked at; mail carries one to three.
const MAX_SIGNATURES: usize = 8;

/// A signature over more fields than this is not looked at; thorough signers name some fifty.
const MAX_FIELDS: usize = 200;

/// A header longer than this, in bytes, is not looked at: as much as `mail` reads.
const MAX_HEADER: usize = 128 * 1024;

/// Who checks signatures; keeps the keys it was given for as long as they hold.
pub struct Verifier(MessageAuthenticator);

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier")
    }
}

/// The system's DNS settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the system's DNS settings (/etc/resolv.conf) cannot be used: {0}")]
pub struct NoResolver(String);

impl Verifier {
    /// One that asks the name servers of /etc/resolv.conf.
    ///
    /// # Errors
    /// [`NoResolver`] if there are none.
    pub fn of_system() -> Result<Self, NoResolver> {
        let made = MessageAuthenticator::new_system_conf();
        made.map(Self)
            .map_err(|error| NoResolver(error.to_string()))
    }

    /// Checks the signatures of a mail by this author; `None` if the DNS gives no answer for
    /// now and none of them is good.
    pub async fn verify(&self, raw: &[u8], author: &str) -> Option<Vec<Signature>> {
        let raw = as_sent(raw);
        let Some(mut message) = AuthenticatedMessage::parse(&raw) else {
            return Some(Vec::new());
        };
        // The field that is signed and the one that people see must be the same.
        let is_author = |from: &String| from.eq_ignore_ascii_case(author);
        if !matches!(message.from.as_slice(), [from] if is_author(from)) {
            return Some(Vec::new());
        }
        message.dkim_headers.retain(is_bounded);
        message.dkim_headers.truncate(MAX_SIGNATURES);
        let checked = tokio::time::timeout(DEADLINE, self.0.verify_dkim(&message));
        let outputs = checked.await.ok()?;
        let signatures: Vec<Signature> = outputs
            .iter()
            .map(|output| Signature {
                domain: output.signature().map_or(String::new(), |s| s.d.clone()),
                fault: fault(output, &message).map(str::to_owned),
            })
            .collect();
        let good = signatures.iter().any(|signature| signature.fault.is_none());
        (good || !outputs.iter().any(is_temporary)).then_some(signatures)
    }
}

/// The mail with the line ends it was signed with, without what a pipe puts before it; empty
/// if its header is too long.
fn as_sent(raw: &[u8]) -> Vec<u8> {
    let mut lines = raw.split_inclusive(|&byte| byte == b'\n').peekable();
    lines.next_if(|line| line.starts_with(b"From ") || line.starts_with(b">From "));
    let mut sent = Vec::with_capacity(raw.len() + raw.len() / 32);
    let mut in_header = true;
    for line in lines {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                sent.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                sent.extend_from_slice(b"\r\n");
            }
            None => sent.extend_from_slice(line),
        }
        in_header &= !line.trim_ascii().is_empty();
        if in_header && sent.len() > MAX_HEADER {
            return Vec::new();
        }
    }
    sent
}

fn is_bounded(header: &Header<'_, Result<mail_auth::dkim::Signature, Error>>) -> bool {
    let signature = header.header.as_ref();
    signature.is_ok_and(|signature| signature.h.len() <= MAX_FIELDS)
        || matches!(header.header, Err(Error::SignatureLength))
}

/// What is wrong with a signature; `None` if it is good.
fn fault(output: &DkimOutput<'_>, message: &AuthenticatedMessage<'_>) -> Option<&'static str> {
    let error = match output.result() {
        DkimResult::Pass => None,
        DkimResult::Neutral(error)
        | DkimResult::Fail(error)
        | DkimResult::PermError(error)
        | DkimResult::TempError(error) => Some(error),
        DkimResult::None => return Some("ohne Ergebnis"),
    };
    match (error, output.signature()) {
        (Some(error), _) => Some(in_words(error)),
        (None, Some(signature)) if signature.a == Algorithm::RsaSha1 => {
            Some("unsicheres Verfahren (SHA-1)")
        }
        (None, Some(signature)) if covers(&signature.h, message, "from") => {
            let covered = covers(&signature.h, message, "reply-to");
            (!covered).then_some("deckt Reply-To nicht")
        }
        (None, _) => Some("deckt den Absender (From) nicht"),
    }
}

/// Whether every field of this name is signed: one that was put in later is not.
fn covers(signed: &[String], message: &AuthenticatedMessage<'_>, name: &str) -> bool {
    let named = |field: &[u8]| field.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
    let fields = message.headers.iter().filter(|(field, _)| named(field));
    fields.count()
        <= signed
            .iter()
            .filter(|field| named(field.as_bytes()))
            .count()
}

fn in_words(error: &Error) -> &'static str {
    match error {
        Error::SignatureExpired => "abgelaufen",
        Error::FailedBodyHashMatch => "der Inhalt wurde unterwegs verändert",
        Error::FailedVerification | Error::CryptoError(_) => {
            "passt nicht: der Kopf wurde unterwegs verändert, oder der Schlüssel ist zu schwach"
        }
        Error::FailedAuidMatch => "für eine andere Unterdomain (i=)",
        Error::SignatureLength => "deckt nicht den ganzen Inhalt (l=)",
        Error::RevokedPublicKey => "der Schlüssel ist zurückgezogen",
        Error::DnsRecordNotFound(_) => "im DNS steht kein Schlüssel",
        Error::DnsError(_) => "der DNS antwortet nicht",
        _ => "nicht zu lesen",
    }
}

/// Whether another try may end otherwise.
fn is_temporary(output: &DkimOutput<'_>) -> bool {
    match output.result() {
        DkimResult::TempError(_) => true,
        DkimResult::PermError(Error::DnsRecordNotFound(code)) => {
            !matches!(code, ResponseCode::NXDomain | ResponseCode::NoError)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_checked_with_the_line_ends_it_was_signed_with() {
        let sent = b"From: a@b.example\r\nTo: c\r\n\r\nText\r\n\r\n";
        for stored in [
            &sent[..],
            b"From: a@b.example\nTo: c\n\nText\n\n",
            b"From a@b.example Mon Mar  2 10:00:00 2026\nFrom: a@b.example\nTo: c\r\n\nText\n\n",
        ] {
            assert_eq!(as_sent(stored), sent);
        }
        assert_eq!(as_sent(b"From: a\n\nend"), b"From: a\r\n\r\nend");
        let long = "X: y\n".repeat(MAX_HEADER / 5);
        assert_eq!(as_sent(format!("{long}\nText").as_bytes()), b"");
        assert_eq!(
            as_sent(format!("From: a\n\n{long}").as_bytes()).len(),
            11 + MAX_HEADER / 5 * 6
        );
    }

    #[test]
    fn a_field_counts_as_signed_only_if_every_one_of_its_name_is() {
        let mail = b"Reply-To: x@y.example\r\nFrom: a@b.example\r\nReply-To: a@b.example\r\n\r\n";
        let message = AuthenticatedMessage::parse(mail).unwrap();
        for (signed, name, covered) in [
            (&["from"][..], "from", true),
            (&["From", "From"], "from", true),
            (&["subject"], "from", false),
            (&["reply-to"], "reply-to", false),
            (&["Reply-To", "REPLY-TO"], "reply-to", true),
            (&[], "sender", true),
        ] {
            let signed: Vec<String> = signed.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(
                covers(&signed, &message, name),
                covered,
                "{signed:?} {name}"
            );
        }
    }
}
