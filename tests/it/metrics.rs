//! Figures and the health check of the built program, at both kinds of places it can listen at.

mod dashboard;
mod reader;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use super::daemon::{FUERTH, House, files, request, until};
use reader::Page;

const GET_METRICS: &str = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
const ALL_IS_WELL: &str = "{\"status\":\"ok\",\"trouble\":[]}\n";

/// Where a daemon listens.
#[derive(Debug)]
enum At {
    Port(u16),
    Socket(PathBuf),
}

impl At {
    /// A port that is free now.
    fn port() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self::Port(listener.local_addr().unwrap().port())
    }

    fn socket(house: &House) -> Self {
        Self::Socket(house.path("metrics.sock"))
    }

    /// The setting.
    fn section(&self) -> String {
        let place = match self {
            Self::Port(port) => format!("127.0.0.1:{port}"),
            Self::Socket(path) => path.display().to_string(),
        };
        format!("[metrics]\nlisten = \"{place}\"\n")
    }

    /// The whole response to these bytes; `None` if nobody listens, or not to the end.
    fn ask(&self, bytes: &str) -> Option<String> {
        let mut response = Vec::new();
        let read = match self {
            Self::Port(port) => ask(
                TcpStream::connect(("127.0.0.1", *port)).ok()?,
                bytes,
                &mut response,
            ),
            Self::Socket(path) => ask(UnixStream::connect(path).ok()?, bytes, &mut response),
        };
        read.ok()?;
        Some(String::from_utf8(response).unwrap())
    }

    fn get(&self, path: &str) -> Option<String> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    }

    /// The figures, once these are so.
    fn until(&self, what: &str, done: impl Fn(&Page) -> bool) -> Page {
        let page = || {
            let response = self.get("/metrics")?;
            let (head, body) = response.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
            let kind =
                "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n";
            assert!(head.contains(kind), "{head}");
            Some(Page::read(body)).filter(|page| done(page))
        };
        until(|| page().is_some(), what);
        page().unwrap()
    }
}

fn ask(mut stream: impl Read + Write, bytes: &str, response: &mut Vec<u8>) -> std::io::Result<()> {
    stream.write_all(bytes.as_bytes())?;
    stream.read_to_end(response).map(drop)
}

/// Puts a request into the mailbox, and waits until it has its reply.
fn answered(house: &House, id: &str, count: usize) {
    house.put(id, &request(id, FUERTH));
    house.wait_for_replies(count);
}

#[test]
fn figures_say_exactly_what_became_of_requests_and_survive_a_restart() {
    let house = House::new();
    let at = At::port();
    let deny = "[policy]\ndeny = [\"eva@example.net\"]\n";
    house.configure(&format!("{deny}{}", at.section()));
    let daemon = house.serve();
    let all = |page: &Page| {
        page.value("antragsbote_requests_received_total") == 5.0
            && page.value("antragsbote_requests_undecided") == 0.0
            && page.value("antragsbote_replies_waiting") == 0.0
    };
    house.put("one", &request("one", FUERTH));
    house.put(
        "two",
        &request("two", "Bitte den Musterantrag für den Ausländerbeirat."),
    );
    let machine = request("three", FUERTH).replace("To:", "Auto-Submitted: auto-generated\nTo:");
    house.put("three", &machine);
    for id in ["four", "five"] {
        house.put(id, &request(id, FUERTH).replace("anna@", "eva@"));
    }
    let page = at.until("five requests", all);
    let requests = [
        r#"{decision="document",state="answered"} 1"#,
        r#"{decision="ignore",state="ignored"} 1"#,
        r#"{decision="question",state="answered"} 1"#,
        r#"{decision="refuse",state="ignored"} 2"#,
    ];
    let of_log = |page: &Page| {
        assert_eq!(page.counted("antragsbote_requests"), requests);
        let refused = [r#"{reason="sender-not-allowed"} 2"#];
        assert_eq!(page.counted("antragsbote_requests_refused_total"), refused);
        let ignored = [r#"{reason="auto-submitted"} 1"#];
        assert_eq!(page.counted("antragsbote_requests_ignored_total"), ignored);
        assert_eq!(page.value("antragsbote_oldest_waiting_age_seconds"), 0.0);
        let size =
            ["log.db", "log.db-wal"].map(|name| fs::metadata(house.path(name)).unwrap().len());
        assert!(page.value("antragsbote_log_size_bytes") >= size[0] as f64);
    };
    of_log(&page);
    let accepted = [r#"{verdict="accepted"} 2"#];
    assert_eq!(page.counted("antragsbote_deliveries_total"), accepted);
    for (histogram, count) in [("decision", 5.0), ("reply", 2.0), ("delivery", 2.0)] {
        let name = format!("antragsbote_{histogram}_duration_seconds_count");
        assert_eq!(page.value(&name), count, "{histogram}");
    }
    assert!(page.value("antragsbote_look_duration_seconds_count") >= 1.0);
    assert_eq!(page.value("antragsbote_mailbox_connections_total"), 1.0);
    assert!(page.value("antragsbote_mailbox_look_age_seconds") < 300.0);
    let loads = [r#"{result="complete"} 1"#];
    assert_eq!(page.counted("antragsbote_template_loads_total"), loads);
    assert!(page.value("antragsbote_motions") >= 1.0);
    assert_eq!(page.counted("antragsbote_trouble"), [""; 0]);
    let version = format!("{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    assert_eq!(page.counted("antragsbote_build_info"), [version]);
    assert!(at.get("/healthz").unwrap().ends_with(ALL_IS_WELL));
    daemon.stop();

    let daemon = house.serve();
    let page = at.until("the same after a restart", all);
    of_log(&page);
    assert_eq!(page.counted("antragsbote_deliveries_total"), [""; 0]);
    daemon.stop();
}

#[test]
fn both_pages_are_served_at_a_unix_socket_that_goes_with_the_service() {
    let house = House::new();
    let at = At::socket(&house);
    house.configure(&at.section());
    let path = house.path("metrics.sock");
    // As a daemon that was killed leaves it.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let daemon = house.serve();
    at.until("the figures", |_| true);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let said = |request: &str| {
        let response = at.ask(&format!("{request} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        let response = response.unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.to_ascii_lowercase(), body.to_owned())
    };
    for (request, status, body) in [
        ("GET /healthz", "200 ok", ALL_IS_WELL),
        ("HEAD /healthz", "200 ok", ""),
        ("HEAD /metrics", "200 ok", ""),
        ("GET /healthz?x=1", "200 ok", ALL_IS_WELL),
        (
            "GET /",
            "404 not found",
            "there are /metrics and /healthz\n",
        ),
        (
            "GET /metrics/",
            "404 not found",
            "there are /metrics and /healthz\n",
        ),
        ("POST /metrics", "405 method not allowed", "GET or HEAD\n"),
        ("DELETE /healthz", "405 method not allowed", "GET or HEAD\n"),
    ] {
        let (head, said) = said(request);
        assert!(
            head.starts_with(&format!("http/1.1 {status}\r\n")),
            "{request}: {head}"
        );
        assert_eq!(said, body, "{request}");
        assert!(head.contains("\r\nconnection: close"), "{request}: {head}");
        let allows = head.contains("\r\nallow: get, head\r\n");
        assert_eq!(allows, status.starts_with("405"), "{request}: {head}");
    }
    let (head, _) = said("GET /healthz");
    assert!(
        head.contains("\r\ncontent-type: application/json\r\n"),
        "{head}"
    );
    daemon.stop();
    assert!(!path.exists());
}

#[test]
fn hostile_clients_hold_up_neither_the_service_nor_other_clients() {
    let house = House::new();
    let at = At::port();
    house.configure(&at.section());
    let daemon = house.serve();
    at.until("the figures", |_| true);
    let At::Port(port) = at else { unreachable!() };
    let held: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            // Who was closed already, for others came, is one of them nevertheless.
            let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: lo");
            stream
        })
        .collect();
    answered(&house, "one", 1);
    at.until("the figures beside them", |_| true);
    let long = format!("GET /metrics HTTP/1.1\r\nX: {}", "x".repeat(1 << 20));
    let many = format!("GET /metrics HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(500));
    let path = format!("GET /{} HTTP/1.1\r\n\r\n", "m".repeat(1 << 16));
    for bytes in [
        &long,
        &many,
        &path,
        "\0\u{1}\u{2}\r\n\r\n",
        "GET /metrics HTTP/9.9\r\n\r\n",
    ] {
        // Some are closed while they still write, which they are not told in words.
        if let Some(response) = at.ask(bytes) {
            assert!(
                response.is_empty() || response.starts_with("HTTP/1.1 4"),
                "{response}"
            );
        }
    }
    // A second request on one connection is not read.
    let twice = at
        .ask(&GET_METRICS.repeat(2))
        .map(|response| response.matches("# EOF").count());
    assert!(twice.is_none_or(|times| times == 1), "{twice:?}");
    answered(&house, "two", 2);
    at.until("the figures after them", |_| true);
    // In the end, whoever sends nothing more is let go.
    for mut stream in held {
        let ended = stream.read_to_end(&mut Vec::new());
        let reset = |error: &std::io::Error| error.kind() == ErrorKind::ConnectionReset;
        assert!(
            ended.is_ok() || ended.as_ref().is_err_and(reset),
            "{ended:?}"
        );
    }
    daemon.stop();
}

#[test]
fn a_place_that_is_taken_keeps_no_mail_from_being_answered_and_is_used_once_it_is_free() {
    let house = House::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = At::Port(listener.local_addr().unwrap().port());
    house.configure(&at.section());
    let daemon = house.serve();
    answered(&house, "one", 1);
    drop(listener);
    let counted =
        |page: &Page| page.value("antragsbote_deliveries_total{verdict=\"accepted\"}") == 1.0;
    at.until("the figures", counted);
    daemon.stop();

    let at = At::socket(&house);
    house.configure(&at.section());
    let path = house.path("metrics.sock");
    fs::write(&path, "somebody's").unwrap();
    let daemon = house.serve();
    answered(&house, "two", 2);
    daemon.stop();
    assert_eq!(fs::read(&path).unwrap(), b"somebody's");
}

#[test]
fn a_reload_that_fails_shows_and_changes_nothing_else() {
    let house = House::new();
    let at = At::socket(&house);
    house.configure(&at.section());
    let daemon = house.serve();
    house.configure("[policy]\nrequire = \"maybe\"\n");
    daemon.reload("nothing reloaded");
    let failed = r#"antragsbote_template_loads_total{result="failed"}"#;
    at.until("a failed load", |page| page.value(failed) == 1.0);
    assert!(at.get("/healthz").unwrap().ends_with(ALL_IS_WELL));
    // The place stays the one it started with.
    house.configure("[metrics]\nlisten = \"127.0.0.1:1\"\n");
    daemon.reload("reloaded");
    let complete = r#"antragsbote_template_loads_total{result="complete"}"#;
    at.until("a complete load", |page| page.value(complete) == 2.0);
    daemon.stop();
}

#[test]
fn places_that_others_reach_are_refused_with_their_remedy() {
    let house = House::new();
    for (place, remedy) in [
        ("0.0.0.0:9464", "Reverse Proxy"),
        ("192.0.2.7:9464", "Prometheus"),
        ("localhost", "127.0.0.1:9464"),
        ("metrics.sock", "/run/antragsbote/metrics.sock"),
    ] {
        house.configure(&format!("[metrics]\nlisten = \"{place}\"\n"));
        let run = house.0.run(&["serve"]);
        assert_eq!(run.code, 78, "{place}: {}", run.errors);
        let hint = run
            .errors
            .lines()
            .find(|line| line.contains("hint:"))
            .unwrap();
        assert!(hint.contains(remedy), "{place}: {}", run.errors);
    }
    assert!(files(&house.path("out/new")).is_empty());
    let socket = Path::new("/run/antragsbote/metrics.sock");
    let both = format!(
        "[metrics]\nlisten = \"{0}\"\n[service]\nsocket = \"{0}\"\n",
        socket.display()
    );
    house.configure(&both);
    assert_eq!(house.0.run(&["serve"]).code, 78);
}
