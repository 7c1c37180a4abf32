//! Figures, read by a reader nobody here wrote, while servers come and go.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::correspondence::{request, until_answered, until_rows};
use crate::support::{Daemon, House, Settings, eventually, free_port, python_with, run};

/// The longest pause before a server that is back is found, and some.
const PATIENCE: Duration = Duration::from_secs(90);

/// The settings of a house, and where its figures are served.
fn configure(house: &House, listen: &str) -> std::path::PathBuf {
    let config = house.configure(Settings::default());
    let text = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        format!("{text}\n[metrics]\nlisten = \"{listen}\"\n"),
    )
    .unwrap();
    config
}

/// Both pages of a daemon.
struct Pages {
    python: std::path::PathBuf,
    port: u16,
}

impl Pages {
    fn read(&self) -> Value {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/metrics.py");
        let mut command = Command::new(&self.python);
        let said = run(command.arg(script).arg(self.port.to_string()));
        serde_json::from_str(&said).unwrap()
    }

    /// Waits until these samples have these values, and the health page begins so.
    #[track_caller]
    fn until(&self, status: &str, samples: &[(&str, f64)]) -> Value {
        eventually(&format!("{status} {samples:?}"), PATIENCE, || {
            let pages = self.read();
            let so = |(name, value): &(&str, f64)| {
                pages["samples"][format!("antragsbote_{name}")].as_f64() == Some(*value)
            };
            let all = samples.iter().all(so) && pages["health"][1]["status"] == status;
            all.then_some(pages)
        })
    }
}

#[test]
fn figures_and_health_follow_servers_that_come_and_go() {
    let mut house = House::start();
    let port = free_port();
    let config = configure(&house, &format!("127.0.0.1:{port}"));
    let python = python_with(&["prometheus-client==0.26.0"]);
    let pages = Pages { python, port };
    let daemon = Daemon::start(&config);
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    until_rows(&config, 1, |row| row["state"] == "answered");
    let seen = pages.until(
        "ok",
        &[
            ("requests{decision=document,state=answered}", 1.0),
            ("requests_received_total{}", 1.0),
            ("deliveries_total{verdict=accepted}", 1.0),
            ("delivery_duration_seconds_count{}", 1.0),
            ("reply_duration_seconds_bucket{le=+Inf}", 1.0),
            ("mailbox_connections_total{}", 1.0),
            ("trouble{kind=none,stage=mailbox}", 0.0),
            ("trouble{kind=none,stage=sending}", 0.0),
        ],
    );
    assert_eq!(
        seen["health"],
        json!([200, {"status": "ok", "trouble": []}])
    );

    house.postfix.stop();
    house.dovecot.drop_in("antrag", "zwei", &request("zwei"));
    let closed = [
        ("trouble{kind=refused,stage=sending}", 1.0),
        ("replies_waiting{}", 1.0),
    ];
    let seen = pages.until("degraded", &closed);
    // For so short a time it wakes nobody.
    assert_eq!(seen["health"][0], 200);
    assert_eq!(seen["health"][1]["trouble"][0]["stage"], "sending");
    house.postfix.resume();
    until_answered(&house, 2);
    let open = [
        ("trouble{kind=none,stage=sending}", 0.0),
        ("replies_waiting{}", 0.0),
    ];
    pages.until("ok", &open);

    house.dovecot.stop();
    let seen = eventually("trouble with the mailbox", PATIENCE, || {
        let seen = pages.read();
        (seen["health"][1]["status"] == "degraded").then_some(seen)
    });
    assert_eq!(seen["health"][1]["trouble"][0]["stage"], "mailbox");
    house.dovecot.resume();
    let open = [
        ("trouble{kind=none,stage=mailbox}", 0.0),
        ("mailbox_connections_total{}", 2.0),
        ("deliveries_total{verdict=accepted}", 2.0),
    ];
    pages.until("ok", &open);
    daemon.stop();
}

#[test]
fn only_the_services_group_gets_figures_from_its_socket() {
    let house = House::start();
    let socket = house.path("metrics.sock");
    let daemon = Daemon::start(&configure(&house, socket.to_str().unwrap()));
    eventually("the socket", PATIENCE, || socket.exists().then_some(()));
    let service_group =
        fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::gid(&own));
    let service_group = service_group.unwrap();
    let said = asked_as(65_534, service_group, &socket);
    assert!(said.contains("200 OK"), "{said}");
    let said = asked_as(65_534, 65_534, &socket);
    assert!(said.contains("PermissionError"), "{said}");
    daemon.stop();
}

/// What a process of this user and group is answered.
fn asked_as(user: u32, group: u32, socket: &Path) -> String {
    let script = "import socket, sys\n\
                  client = socket.socket(socket.AF_UNIX)\n\
                  client.connect(sys.argv[1])\n\
                  client.sendall(b'GET /healthz HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')\n\
                  print(client.recv(4096).decode())\n";
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={group}")]);
    command
        .args(["--clear-groups", "/usr/bin/python3", "-c", script])
        .arg(socket);
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
