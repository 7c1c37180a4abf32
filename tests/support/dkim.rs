//! A signer of mail (RFC 6376, simple/simple) on the program openssl: it shares nothing with
//! what checks the signatures.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A key of a domain.
#[derive(Debug)]
pub(crate) struct Signer {
    key: PathBuf,
    domain: &'static str,
    selector: &'static str,
}

/// What a signature says beside the usual.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature {
    /// `h=`
    pub(crate) fields: &'static str,
    /// further tags, each with its semicolon: "l=10; "
    pub(crate) tags: &'static str,
    /// "sha256" or "sha1"
    pub(crate) hash: &'static str,
}

impl Default for Signature {
    fn default() -> Self {
        Self {
            fields: "from:to:subject:date:message-id",
            tags: "",
            hash: "sha256",
        }
    }
}

impl Signer {
    /// Makes an RSA key of so many bits.
    pub(crate) fn make(
        folder: &Path,
        domain: &'static str,
        selector: &'static str,
        bits: u32,
    ) -> Self {
        let key = folder.join(format!("{selector}.{domain}.pem"));
        let made = openssl(&["genrsa", "-traditional", &bits.to_string()], &[]);
        fs::write(&key, made).unwrap();
        Self {
            key,
            domain,
            selector,
        }
    }

    /// The name and text of the record that its key is published with.
    pub(crate) fn record(&self) -> (String, String) {
        let key = self.key.to_str().unwrap();
        let public = openssl(&["rsa", "-in", key, "-pubout", "-outform", "DER"], &[]);
        let name = format!("{}._domainkey.{}", self.selector, self.domain);
        (name, format!("v=DKIM1; k=rsa; p={}", base64(&public)))
    }

    /// The mail with a signature on top.
    pub(crate) fn sign(&self, mail: &[u8], with: Signature) -> Vec<u8> {
        let text = String::from_utf8(mail.to_vec()).unwrap();
        let (header, body) = text.split_once("\r\n\r\n").unwrap();
        let length = with.tags.split_once("l=").map_or(body.len(), |(_, tag)| {
            tag.split(';').next().unwrap().parse().unwrap()
        });
        let digest = format!("-{}", with.hash);
        let body_hash = openssl(&["dgst", &digest, "-binary"], &body.as_bytes()[..length]);
        let field = format!(
            "DKIM-Signature: v=1; a=rsa-{}; c=simple/simple; d={}; s={}; {}h={}; bh={}; b=",
            with.hash,
            self.domain,
            self.selector,
            with.tags,
            with.fields,
            base64(&body_hash)
        );
        let mut signed = String::new();
        let mut fields: Vec<&str> = header.split("\r\n").collect();
        for name in with.fields.split(':') {
            // of several the lowest first (5.4.2)
            let named = |field: &&str| field.to_lowercase().starts_with(&format!("{name}:"));
            if let Some(at) = fields.iter().rposition(named) {
                signed += &format!("{}\r\n", fields.remove(at));
            }
        }
        signed += &field;
        let key = self.key.to_str().unwrap();
        let signature = openssl(&["dgst", &digest, "-sign", key], signed.as_bytes());
        format!("{field}{}\r\n{text}", base64(&signature)).into_bytes()
    }
}

fn base64(bytes: &[u8]) -> String {
    let text = openssl(&["base64", "-A"], bytes);
    String::from_utf8(text).unwrap().trim().to_owned()
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}");
    output.stdout
}
