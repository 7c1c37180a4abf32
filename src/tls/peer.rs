//! A scripted peer for tests: a server that speaks from a table of lines.
//!
//! A line of the table is
//! * `> words`: the client sends a line that contains the words; its tag, the first of
//!   several words, is remembered,
//! * `~`: the connection goes under TLS,
//! * `!`: the server hangs up,
//! * anything else: the server sends it; `@` at its start stands for the last tag.
//!
//! One table is one connection.
#![allow(
    clippy::disallowed_methods,
    reason = "tests touch the world on purpose"
)]

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Only a failing test waits as long.
const FAILURE: Duration = Duration::from_secs(60);

/// A certificate for "localhost", signed by itself.
pub(crate) struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    pem: String,
}

impl Identity {
    pub(crate) fn new(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Self {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        change(&mut params);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        }
    }

    /// Writes the certificate where `ca_file` can name it.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, &self.pem).unwrap();
        path
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config())
    }

    /// What a server shows it with.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())
                .unwrap();
        Arc::new(config)
    }
}

/// Listens on a free port; the future plays the tables, one a connection, and returns
/// every line the client sent.
pub(crate) async fn play(
    identity: Option<&Identity>,
    tables: &[&[&str]],
) -> (u16, impl Future<Output = Vec<String>> + use<>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = identity.map(Identity::acceptor);
    let owned = |table: &&[&str]| table.iter().map(|&line| line.to_owned()).collect();
    let tables: Vec<Vec<String>> = tables.iter().map(owned).collect();
    let future = async move {
        let mut heard = Vec::new();
        for table in &tables {
            let (tcp, _) = listener.accept().await.unwrap();
            tcp.set_nodelay(true).unwrap();
            let mut lines = table.iter();
            let under_tls = {
                let mut clear = BufReader::new(tcp);
                if speak(&mut clear, &mut lines, &mut heard).await {
                    assert!(clear.buffer().is_empty());
                    Some(clear.into_inner())
                } else {
                    None
                }
            };
            if let Some(tcp) = under_tls {
                // A client that trusts nobody leaves here, which is for its own test to judge.
                if let Ok(tls) = acceptor.as_ref().unwrap().accept(tcp).await {
                    speak(&mut BufReader::new(tls), &mut lines, &mut heard).await;
                }
            }
        }
        heard
    };
    let future = async move { timeout(FAILURE, future).await.expect("nobody came") };
    (port, future)
}

/// Plays a table up to its end, or up to TLS (then true).
async fn speak<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    lines: &mut std::slice::Iter<'_, String>,
    heard: &mut Vec<String>,
) -> bool {
    let mut tag = String::new();
    for line in lines {
        match line.as_str() {
            "~" => return true,
            "!" => break,
            line => match line.strip_prefix("> ") {
                Some(words) => {
                    let mut said = String::new();
                    stream.read_line(&mut said).await.unwrap();
                    assert!(said.contains(words), "wanted {words:?}, heard {said:?}");
                    if let Some((first, _)) = said.split_once(' ') {
                        tag = first.to_owned();
                    }
                    heard.push(said.trim_end().to_owned());
                }
                None => {
                    let line = match line.strip_prefix('@') {
                        Some(rest) => format!("{tag}{rest}\r\n"),
                        None => format!("{line}\r\n"),
                    };
                    stream.write_all(line.as_bytes()).await.unwrap();
                    stream.flush().await.unwrap();
                }
            },
        }
    }
    let _ = stream.shutdown().await;
    false
}
