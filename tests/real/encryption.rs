//! Servers whose encryption is worth nothing get neither password nor mail.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{House, Settings, Validity, eventually, free_port, program};

/// What must never leave.
const PASSWORD: &str = "Waldmeister-4711";

/// A server that speaks TLS as it is told, with nothing behind it; ends with this value.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// `arguments` are those of `openssl s_server`; what clients say goes to `heard`.
    fn start(arguments: &[&str], heard: &Path) -> Self {
        let port = free_port();
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", &port.to_string()]);
        command.args(arguments).stdin(Stdio::piped());
        command.stdout(File::create(heard).unwrap());
        command.stderr(Stdio::null());
        let child = command.spawn().unwrap();
        eventually("openssl to listen", Duration::from_secs(30), || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Self { child, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a certificate for `name`, signed by itself.
fn certificate(folder: &Path, name: &str) {
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", "/CN=Wer auch immer", "-addext"])
        .arg(format!("subjectAltName=DNS:{name}"))
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("schluessel.pem"))
        .arg("-out")
        .arg(folder.join("zertifikat.pem"))
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
}

/// A configuration for one port; both ways.
fn configure(folder: &Path, security: &str, port: u16, ca_file: &str) -> std::path::PathBuf {
    let file = folder.join("antragsbote.toml");
    let server = format!(
        "host = \"localhost\"\nport = {port}\nsecurity = \"{security}\"\nusername = \"bote\"\n\
         password = \"{PASSWORD}\"\n{ca_file}"
    );
    let text = format!(
        "[bot]\naddress = \"antrag@example.org\"\n[mailbox]\n{server}\n[outbound]\n{server}\n\
         [log]\nurl = \"sqlite:log.db\"\n"
    );
    fs::write(&file, text).unwrap();
    file
}

#[test]
fn old_protocols_other_names_and_strangers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let heard = folder.join("gehoert.txt");
    let key = folder.join("schluessel.pem").display().to_string();
    let chain = folder.join("zertifikat.pem").display().to_string();
    let trusted = format!("ca_file = \"{chain}\"\n");
    let old = "DEFAULT@SECLEVEL=0";
    for (name, more, ca_file, words) in [
        (
            "localhost",
            &["-tls1", "-cipher", old][..],
            &*trusted,
            "kein TLS zustande",
        ),
        (
            "localhost",
            &["-tls1_1", "-cipher", old],
            &trusted,
            "kein TLS zustande",
        ),
        // With TLS 1.2 it comes to the certificate.
        (
            "mail.example.org",
            &["-tls1_2"],
            &trusted,
            "lautet auf einen anderen Namen",
        ),
        ("localhost", &[], "", "wird nicht vertraut"),
    ] {
        certificate(folder, name);
        let arguments = [&["-key", &key, "-cert", &chain], more].concat();
        let server = Server::start(&arguments, &heard);
        let check = program(&configure(folder, "tls", server.port, ca_file), &["check"]);
        assert_eq!(check.code, 69, "{}", check.output);
        let said = check.output.matches(words).count();
        assert_eq!(said, 2, "{words:?}, twice: {}", check.output);
        let heard = fs::read_to_string(&heard).unwrap();
        assert!(
            !heard.contains(PASSWORD) && !heard.contains("EHLO"),
            "{heard}"
        );
    }
}

#[test]
fn an_expired_certificate_is_refused_for_both_ways_and_by_starttls() {
    let house = House::with_certificate(Validity::Expired);
    for security in ["tls", "starttls"] {
        let config = house.configure(Settings {
            mailbox: security,
            outbound: security,
            ..Settings::default()
        });
        let check = program(&config, &["check"]);
        assert_eq!(
            check.output.matches("abgelaufen").count(),
            2,
            "{}",
            check.output
        );
    }
}
