//! Certificates: an authority of our own and a server's certificate it signed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Whether the server's certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validity {
    /// for a long time
    Valid,
    /// it ended in 2021
    Expired,
    /// it is for mail.example.net
    OtherName,
}

/// PEM files in a test's folder.
#[derive(Debug, Clone)]
pub(crate) struct Certificates {
    /// what clients are to trust
    pub(crate) ca: PathBuf,
    /// for the names it was made for
    pub(crate) certificate: PathBuf,
    /// its private key
    pub(crate) key: PathBuf,
}

impl Certificates {
    /// Makes an authority and a certificate of this machine in `folder`.
    pub(crate) fn make(folder: &Path, validity: Validity) -> Self {
        let names: &[&str] = match validity {
            Validity::OtherName => &["mail.example.net"],
            Validity::Valid | Validity::Expired => &["localhost", "127.0.0.1"],
        };
        Self::make_for(folder, validity, names)
    }

    /// Makes an authority and a certificate for these names in `folder`.
    pub(crate) fn make_for(folder: &Path, validity: Validity, names: &[&str]) -> Self {
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::new(Vec::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        ca.distinguished_name
            .push(DnType::CommonName, "Test authority");
        let ca_pem = ca.self_signed(&ca_key).unwrap().pem();

        let key = KeyPair::generate().unwrap();
        let all = names.iter().map(|&name| name.to_owned());
        let mut server = CertificateParams::new(all.collect::<Vec<_>>()).unwrap();
        // Python 3.13 asks for it.
        server.use_authority_key_identifier_extension = true;
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        server.distinguished_name.push(DnType::CommonName, names[0]);
        if validity == Validity::Expired {
            server.not_before = date_time_ymd(2020, 1, 1);
            server.not_after = date_time_ymd(2021, 1, 1);
        }
        let issuer = Issuer::new(ca, ca_key);
        let server_pem = server.signed_by(&key, &issuer).unwrap().pem();

        let files = Self {
            ca: folder.join("ca.pem"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
        };
        fs::write(&files.ca, ca_pem).unwrap();
        fs::write(&files.certificate, server_pem).unwrap();
        fs::write(&files.key, key.serialize_pem()).unwrap();
        files
    }

    /// For a server of the test's own.
    pub(crate) fn tls(&self) -> Arc<ServerConfig> {
        let chain = CertificateDer::pem_file_iter(&self.certificate).unwrap();
        let key = PrivateKeyDer::from_pem_file(&self.key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.map(Result::unwrap).collect(), key);
        Arc::new(config.unwrap())
    }
}
