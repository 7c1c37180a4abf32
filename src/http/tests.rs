use std::net::SocketAddr;

use super::*;
use crate::tls::peer::{Identity, play};

/// Only a failing test waits as long.
const PATIENCE: Duration = Duration::from_secs(20);

/// No name server is there; "localhost" needs none.
fn resolver() -> Resolver {
    Resolver::asking(SocketAddr::from(([127, 0, 0, 1], 1))).unwrap()
}

/// A client that may be led to inner machines.
fn client<'a>(resolver: &'a Resolver, ca_file: Option<&'a Path>) -> Client<'a> {
    Client {
        resolver,
        ca_file,
        inner: true,
    }
}

/// Little, from where it was asked for, in this time.
fn within(time: Duration) -> Limits {
    Limits {
        time,
        size: 20,
        redirects: 0,
    }
}

/// Fetches `path` of a server that speaks from tables; what came of it, and the lines it heard.
async fn fetch(path: &str, inner: bool, tables: &[&[&str]]) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let ca_file = identity.write(folder.path());
    let (port, server) = play(Some(&identity), tables).await;
    let resolver = resolver();
    let client = Client {
        inner,
        ..client(&resolver, Some(&ca_file))
    };
    let limits = Limits {
        redirects: 1,
        ..within(PATIENCE)
    };
    let address = format!("https://localhost:{port}{path}");
    let (heard, fetched) = tokio::join!(server, client.get(&address, limits));
    let told = match fetched {
        Ok(file) => String::from_utf8(file).unwrap(),
        Err(error) => format!("! {error}"),
    };
    (told, heard)
}

/// A request, and what the server says to it.
fn table(response: &[&'static str]) -> Vec<&'static str> {
    let request = ["~", "> GET", "> host", "> user-agent: antragsbote", "> "];
    request
        .into_iter()
        .chain(response.iter().copied())
        .collect()
}

#[tokio::test]
async fn a_file_is_fetched_whole_or_not_at_all() {
    let ok = "HTTP/1.1 200 OK";
    let too_large = "! the file of localhost is too large";
    let no_http = "! localhost breaks off or speaks no HTTP";
    for (response, expected) in [
        (&[ok, "Content-Length: 5", "", "Grün"][..], "Grün"),
        (
            &[ok, "Connection: close", "", "bis zum Ende"],
            "bis zum Ende\r\n",
        ),
        (
            &[
                ok,
                "Transfer-Encoding: chunked",
                "",
                "3",
                "abc",
                "2",
                "de",
                "0",
                "",
            ],
            "abcde",
        ),
        (&["HTTP/1.0 200 OK", "", "alt"], "alt\r\n"),
        (
            &[ok, "Content-Length: 21", "", "einundzwanzig Zeichen"],
            too_large,
        ),
        (&[ok, "", "mehr als zwanzig Zeichen"], too_large),
        (
            &[ok, "Content-Length: 9", "", "x"],
            "! the file of localhost breaks off",
        ),
        (
            &["HTTP/1.1 404 Not Found", "", ""],
            "! localhost answers 404",
        ),
        (
            &["HTTP/1.1 204 No Content", "", ""],
            "! localhost answers 204",
        ),
        (&["HTTP/1.1 302 Found", "", ""], "! localhost answers 302"),
        (&["220 mail.example.org ESMTP"], no_http),
        (&["!"], no_http),
        (
            &["HTTP/1.1 302 Found", "Location: http://localhost/", "", ""],
            "! \"http://localhost/\" is no address of a file by HTTPS",
        ),
    ] {
        let (told, heard) = fetch("/a?b=c", false, &[&table(response)]).await;
        assert_eq!(told, expected, "{response:?}");
        assert_eq!(heard[0], "GET /a?b=c HTTP/1.1");
    }
}

#[tokio::test]
async fn a_redirect_is_followed_as_often_as_allowed() {
    let elsewhere = table(&["HTTP/1.1 301 Moved", "Location: /b", "", ""]);
    let file = table(&["HTTP/1.1 200 OK", "Content-Length: 1", "", "b"]);
    let (told, heard) = fetch("/a", true, &[&elsewhere, &file]).await;
    assert_eq!(told, "b");
    assert_eq!(heard[4], "GET /b HTTP/1.1");
    let (told, _) = fetch("/a", true, &[&elsewhere, &elsewhere]).await;
    assert_eq!(told, "! redirected too often");
    // and never to a machine that is not public
    let (told, heard) = fetch("/a", false, &[&elsewhere]).await;
    assert_eq!(told, "! localhost is no public host");
    assert_eq!(heard.len(), 4);
}

#[tokio::test]
async fn a_server_that_is_silent_is_not_waited_for() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let resolver = resolver();
    let client = client(&resolver, None);
    let limits = within(Duration::from_millis(20));
    let address = format!("https://localhost:{port}/");
    let error = client.get(&address, limits).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer), "{error}");
}

/// Sends a request to a server that speaks from a table; what came of it, and the lines it heard.
async fn exchange(
    time: Duration,
    response: &[&'static str],
) -> (Result<Response<Vec<u8>>, Error>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let ca_file = identity.write(folder.path());
    let mut table = vec!["~", "> POST /a HTTP/1.1", "> host", "> user-agent"];
    table.extend(["> content-length: 6", "> ", "> Grün"]);
    table.extend(response);
    let (port, server) = play(Some(&identity), &[&table]).await;
    let resolver = resolver();
    let client = client(&resolver, Some(&ca_file));
    let limits = within(time);
    let request = Request::post(format!("https://localhost:{port}/a"));
    let request = request.body("Grün\n".as_bytes().to_vec()).unwrap();
    let (heard, exchanged) = tokio::join!(server, client.exchange(request, limits));
    (exchanged, heard)
}

#[tokio::test]
async fn a_request_is_made_once_and_any_response_taken() {
    for (response, status, body) in [
        (
            &["HTTP/1.1 202 Accepted", "Content-Length: 0", ""][..],
            202,
            "",
        ),
        (
            &[
                "HTTP/1.1 301 Moved",
                "Location: /b",
                "Content-Length: 3",
                "",
                "hin",
            ],
            301,
            "hin",
        ),
        (
            &["HTTP/1.1 500 No", "Content-Length: 2", "", "no"],
            500,
            "no",
        ),
    ] {
        let (exchanged, heard) = exchange(PATIENCE, response).await;
        let exchanged = exchanged.unwrap();
        assert_eq!(exchanged.status(), status);
        assert_eq!(exchanged.body(), body.as_bytes());
        assert_eq!(heard.last().unwrap(), "Grün");
    }
}

#[tokio::test]
async fn a_request_without_a_whole_response_may_have_arrived() {
    let ok = "HTTP/1.1 200 OK";
    for (response, expected) in [
        (&["!"][..], "breaks off or speaks no HTTP"),
        (
            &["220 mail.example.org ESMTP"],
            "breaks off or speaks no HTTP",
        ),
        (&[ok, "Content-Length: 9", "", "x"], "breaks off"),
        (
            &[ok, "Content-Length: 21", "", "einundzwanzig Zeichen"],
            "too large",
        ),
    ] {
        let error = exchange(PATIENCE, response).await.0.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.may_have_arrived(), "{error}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_answered_may_have_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let ca_file = identity.write(folder.path());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = async {
        let (tcp, _) = listener.accept().await.unwrap();
        let _kept = identity.acceptor().accept(tcp).await.unwrap();
        std::future::pending().await
    };
    let resolver = resolver();
    let client = client(&resolver, Some(&ca_file));
    let limits = within(Duration::from_secs(3));
    let request = Request::post(format!("https://localhost:{port}/"));
    let request = request.body(Vec::new()).unwrap();
    let error = tokio::select! {
        exchanged = client.exchange(request, limits) => exchanged.unwrap_err(),
        never = silent => never,
    };
    assert!(matches!(error, Error::Unanswered { .. }), "{error}");
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn without_a_connection_no_request_has_arrived() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let resolver = resolver();
    let client = client(&resolver, None);
    let limits = within(Duration::from_millis(20));
    // The second address has nobody behind it.
    for address in [
        format!("https://localhost:{port}/"),
        "https://localhost:1/".to_owned(),
    ] {
        let request = Request::post(address).body(Vec::new()).unwrap();
        let error = client.exchange(request, limits).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer | Error::Tls(_)), "{error}");
        assert!(!error.may_have_arrived(), "{error}");
    }
}

#[test]
fn only_https_is_followed() {
    let place = |address: &str| {
        Place::parse(address)
            .ok()
            .map(|it| (it.host, it.port, it.path))
    };
    let at = |host: &str, port, path: &str| Some((host.to_owned(), port, path.to_owned()));
    for (address, expected) in [
        ("https://Example.org", at("example.org", 443, "/")),
        (
            "https://example.org/a?b=c",
            at("example.org", 443, "/a?b=c"),
        ),
        ("https://example.org:8443/a", at("example.org", 8443, "/a")),
        ("http://example.org/a", None),
        ("ftp://example.org/a", None),
        ("https://anna@example.org/a", None),
        ("https://[::1]/a", None),
        ("https:///a", None),
        ("/a", None),
        ("", None),
    ] {
        assert_eq!(place(address), expected, "{address}");
    }
}

#[test]
fn a_redirect_leads_to_another_address_or_path() {
    let here = Place::parse("https://example.org:8443/a/b?c").unwrap();
    let leads = |location: &str| here.elsewhere(location).ok().map(|it| format!("{it:?}"));
    let to = |address: &str| Some(format!("{:?}", Place::parse(address).unwrap()));
    for (location, expected) in [
        ("/d", to("https://example.org:8443/d")),
        ("https://example.net/d", to("https://example.net/d")),
        ("http://example.net/d", None),
        ("//example.net/d", None),
        ("d", None),
    ] {
        assert_eq!(leads(location), expected, "{location}");
    }
}

#[test]
fn inner_addresses_are_told_from_public_ones() {
    for public in [
        "9.9.9.9",
        "100.63.0.1",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2620:fe::fe",
        "64:ff9b::909:909",
        "2002:909:909::1",
    ] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    for inner in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ] {
        assert!(!is_public(inner.parse().unwrap()), "{inner}");
    }
}
