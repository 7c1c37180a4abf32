#![allow(
    clippy::disallowed_methods,
    reason = "tests touch the world on purpose"
)]

use super::peer::{Identity, play};
use super::*;

async fn connect(identity: &Identity, host: &str, ca_file: &Path) -> Result<Stream, Error> {
    let (port, server) = play(Some(identity), &[&["~"]]).await;
    let client = async {
        let tcp = dial("127.0.0.1", port).await?;
        secure(tcp, host, Some(ca_file)).await
    };
    tokio::join!(server, client).1
}

#[tokio::test]
async fn a_certificate_from_ca_file_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let ca_file = identity.write(folder.path());
    let stream = connect(&identity, "localhost", &ca_file).await.unwrap();
    assert!(matches!(stream, Stream::Tls(_)));
}

#[tokio::test]
async fn faults_of_certificates_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let expired = Identity::new(|params| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    });
    let early = Identity::new(|params| params.not_before = rcgen::date_time_ymd(4000, 1, 1));
    let good = Identity::new(|_| {});
    let stranger = Identity::new(|params| {
        let name = &mut params.distinguished_name;
        name.push(rcgen::DnType::CommonName, "stranger");
    });
    for (server, host, trusted, words) in [
        (&expired, "localhost", &expired, "has expired"),
        (&early, "localhost", &early, "is not valid yet"),
        (&good, "localhost", &stranger, "unknown issuer"),
        (&good, "mail.example.org", &good, "another host name"),
    ] {
        let ca_file = trusted.write(folder.path());
        let error = connect(server, host, &ca_file).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.to_string().contains(host), "{error}");
        assert_eq!(error.kind(), "certificate");
    }
}

#[tokio::test]
async fn faults_of_ca_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let missing = folder.path().join("fehlt.pem");
    let empty = folder.path().join("leer.pem");
    std::fs::write(&empty, "kein Zertifikat").unwrap();
    for path in [missing, empty] {
        let error = connect(&identity, "localhost", &path).await.unwrap_err();
        assert!(matches!(error, Error::CaFile { .. }), "{error:?}");
        assert!(error.to_string().contains(&*path.to_string_lossy()));
    }
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named_as_such() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let error = dial("127.0.0.1", port).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");
    let error = dial("kein.beispiel.invalid", port).await.unwrap_err();
    assert!(matches!(error, Error::HostNotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_in_clear_is_no_tls_server() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = Identity::new(|_| {}).write(folder.path());
    let (port, server) = play(None, &[&["* OK in clear"]]).await;
    let client = async {
        let tcp = dial("127.0.0.1", port).await?;
        secure(tcp, "localhost", Some(&ca_file)).await
    };
    let error = tokio::join!(server, client).1.unwrap_err();
    assert!(matches!(error, Error::Handshake { .. }), "{error:?}");
    assert!(error.hint().contains("starttls"));
}
