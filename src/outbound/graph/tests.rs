//! What Graph is sent, and what becomes of what it says: a server of HTTPS that answers from a list.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::convert::Infallible;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::*;
use crate::oauth::{Audience, Config, Endpoints, Grant, Provider};
use crate::outbound::Closure;
use crate::request::Verdict;
use crate::secret::Secret;
use crate::tls::peer::Identity;

const MAIL: &[u8] = b"From: Antragsbote <antrag@example.org>\r\nTo: Anna <anna@example.org>\r\nMessage-ID: <1@example.org>\r\n\r\nGuten Tag\r\n";

/// What Graph says to a request.
#[derive(Debug, Clone, Copy)]
enum Says {
    /// a status, header fields, a body
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// nothing: it ends the connection
    Nothing,
}

const TAKEN: Says = Says::Answer(202, &[("request-id", "0b1c-2d")], "");

fn no(status: u16, code: &'static str) -> Says {
    let body = format!(r#"{{"error": {{"code": "{code}", "message": "anna@example.org?"}}}}"#);
    Says::Answer(status, &[], body.leak())
}

/// A request for `sendMail` as it came.
#[derive(Debug, Clone, PartialEq)]
struct Heard {
    line: String,
    token: String,
    kind: String,
    body: String,
}

/// A server of tokens, numbered from 1, and of Graph.
struct Peer {
    folder: tempfile::TempDir,
    identity: Identity,
    listener: TcpListener,
    script: RefCell<VecDeque<Says>>,
    heard: RefCell<Vec<Heard>>,
    tokens: RefCell<u32>,
}

impl Peer {
    async fn new(script: &[Says]) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            identity: Identity::new(|_| {}),
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            script: RefCell::new(script.iter().copied().collect()),
            heard: RefCell::default(),
            tokens: RefCell::new(0),
        }
    }

    fn config(&self, mailbox: Option<&str>) -> GraphConfig {
        let port = self.listener.local_addr().unwrap().port();
        let url = format!("https://localhost:{port}");
        let ca_file = Some(self.identity.write(self.folder.path()));
        let tokens = Tokens::of(Config {
            provider: Provider::Microsoft,
            grant: Grant::ClientCredentials,
            endpoints: Endpoints {
                token: format!("{url}/token"),
                device: None,
                authorization: None,
            },
            client_id: "bot".to_owned(),
            client_secret: Some(Secret::Plain("geheim".to_owned())),
            client_secret_expires: None,
            mail_scope: "mail".to_owned(),
            graph_scope: format!("{url}/.default"),
            first: Audience::Graph,
            ca_file: ca_file.clone(),
            store: self.folder.path().join("oauth.json"),
        });
        GraphConfig {
            url,
            mailbox: mailbox.map(str::to_owned),
            tokens,
            ca_file,
        }
    }

    /// Serves while something is done; what came of it, and what Graph heard.
    async fn during<T>(self, doing: impl Future<Output = T>) -> (T, Vec<Heard>) {
        let done = tokio::select! {
            done = doing => done,
            never = self.serve() => match never {},
        };
        (done, self.heard.into_inner())
    }

    async fn serve(&self) -> Infallible {
        loop {
            let (tcp, _) = self.listener.accept().await.unwrap();
            let Ok(tls) = self.identity.acceptor().accept(tcp).await else {
                continue;
            };
            let service = service_fn(|request| self.answer(request));
            let mut serving = hyper::server::conn::http1::Builder::new();
            let _ = serving
                .keep_alive(false)
                .serve_connection(TokioIo::new(tls), service)
                .await;
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, &'static str> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        if head.uri.path() == "/token" {
            let number = self.tokens.replace_with(|number| *number + 1) + 1;
            let token = format!(
                r#"{{"access_token": "t{number}", "token_type": "Bearer", "expires_in": 3600}}"#
            );
            let response = Response::builder().header(CONTENT_TYPE, "application/json");
            return Ok(response.body(Full::from(token)).unwrap());
        }
        let field = |name| head.headers[name].to_str().unwrap().to_owned();
        self.heard.borrow_mut().push(Heard {
            line: format!("{} {}", head.method, head.uri),
            token: field("authorization"),
            kind: field("content-type"),
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        match self.script.borrow_mut().pop_front().unwrap() {
            Says::Nothing => Err("the script says nothing"),
            Says::Answer(status, fields, body) => {
                let response = Response::builder().status(status);
                let add = |response: hyper::http::response::Builder, &(name, value)| {
                    response.header(name, value)
                };
                let response = fields.iter().fold(response, add);
                Ok(response.body(Full::from(body)).unwrap())
            }
        }
    }
}

fn envelope() -> Envelope {
    Envelope {
        from: "antrag@example.org".to_owned(),
        to: "anna@example.org".to_owned(),
    }
}

/// Sends a mail; what came of it, and what Graph heard.
async fn sent(mail: &[u8], script: &[Says]) -> (Result<String, Error>, Vec<Heard>) {
    let peer = Peer::new(script).await;
    let config = peer.config(Some("antrag@example.org"));
    peer.during(send(&config, &envelope(), mail)).await
}

/// As [`sent`], where it is not taken.
async fn refused(script: &[Says]) -> Error {
    sent(MAIL, script).await.0.unwrap_err()
}

#[tokio::test]
async fn a_mail_leaves_as_it_is() {
    let (sent, heard) = sent(MAIL, &[TAKEN]).await;
    assert_eq!(sent.unwrap(), "202 Accepted, request-id 0b1c-2d");
    let expected = Heard {
        line: "POST /v1.0/users/antrag@example.org/sendMail".to_owned(),
        token: "Bearer t1".to_owned(),
        kind: "text/plain".to_owned(),
        body: STANDARD.encode(MAIL),
    };
    assert_eq!(heard, [expected]);
}

#[tokio::test]
async fn whoever_signed_in_sends_from_the_own_mailbox() {
    let peer = Peer::new(&[TAKEN]).await;
    let config = peer.config(None);
    let (sent, heard) = peer.during(send(&config, &envelope(), MAIL)).await;
    sent.unwrap();
    assert_eq!(heard[0].line, "POST /v1.0/me/sendMail");
}

#[test]
fn a_mailbox_is_one_piece_of_the_path() {
    for (name, expected) in [
        ("antrag@example.org", "antrag@example.org"),
        ("o'neill+1@example.org", "o%27neill%2B1@example.org"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
    ] {
        assert_eq!(in_path(name), expected);
    }
}

/// Whoever stands in the header gets the mail.
#[tokio::test]
async fn nothing_leaves_that_is_for_others_or_too_large() {
    let with = |field: &str| [field.as_bytes(), b"\r\n", MAIL].concat();
    let large = [MAIL, &vec![b'x'; LARGEST]].concat();
    for (mail, expected) in [
        (with("Cc: bert@example.org"), "does not name"),
        (with("Bcc: bert@example.org"), "does not name"),
        (with("To: bert@example.org"), "does not name"),
        (
            b"From: antrag@example.org\r\n\r\n".to_vec(),
            "does not name",
        ),
        (large, "Microsoft Graph takes 3000000"),
    ] {
        let (sent, heard) = sent(&mail, &[]).await;
        let error = sent.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.verdict(), Verdict::GiveUp);
        assert_eq!(error.closure(), None);
        assert_eq!(heard, []);
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_its_code_alone() {
    let pause = |after: &'static str| {
        let fields = [
            ("retry-after", after),
            ("date", "Mon, 23 Nov 2026 08:00:00 GMT"),
        ];
        Says::Answer(429, fields.to_vec().leak(), "")
    };
    let throttled = |seconds| Some(Closure::Throttled(Duration::from_secs(seconds)));
    for (says, words, verdict, closure) in [
        (
            no(403, "ErrorAccessDenied"),
            "403 ErrorAccessDenied",
            Verdict::TryAgain,
            Some(Closure::Unwelcome),
        ),
        (
            no(400, "ErrorInvalidRecipients"),
            "400 ErrorInvalidRecipients",
            Verdict::GiveUp,
            None,
        ),
        (no(400, "no word"), "400 ", Verdict::GiveUp, None),
        (
            Says::Answer(503, &[], "<html>anna@example.org</html>"),
            "503 ",
            Verdict::TryAgain,
            Some(Closure::Unreachable),
        ),
        (pause("17"), "429 ", Verdict::TryAgain, throttled(17)),
        (pause("99999"), "429 ", Verdict::TryAgain, throttled(3600)),
        (
            pause("Mon, 23 Nov 2026 08:02:00 GMT"),
            "429 ",
            Verdict::TryAgain,
            throttled(120),
        ),
        (
            pause("Mon, 23 Nov 2026 07:00:00 GMT"),
            "429 ",
            Verdict::TryAgain,
            Some(Closure::Unreachable),
        ),
        (
            no(500, "ErrorInternalServerError"),
            "500 ErrorInternalServerError",
            Verdict::Unknown,
            None,
        ),
    ] {
        let error = refused(&[says]).await;
        assert_eq!(
            error.to_string(),
            format!("Microsoft Graph refuses: {words}")
        );
        assert_eq!(error.verdict(), verdict, "{words}");
        assert_eq!(error.closure(), closure, "{words}");
        assert_eq!(error.is_refusal(), verdict != Verdict::Unknown, "{words}");
    }
}

/// As proxies do that look into what is encrypted.
#[tokio::test]
async fn a_page_of_somebody_in_between_refuses_no_mail() {
    const PAGE: &str = "<html>Diese Seite ist gesperrt.</html>";
    const HTML: &[(&str, &str)] = &[("content-type", "text/html")];
    for (status, fields, body) in [
        (200, HTML, PAGE),
        (302, &[("location", "https://proxy.example.org/")][..], ""),
        (400, &[], PAGE),
        (403, HTML, "gesperrt"),
    ] {
        let error = refused(&[Says::Answer(status, fields, body)]).await;
        let words = format!("a web page comes ({status}) where Microsoft Graph should answer");
        assert_eq!(error.to_string(), words);
        assert_eq!(error.kind(), "protocol");
        assert_eq!(error.verdict(), Verdict::TryAgain);
        assert_eq!(error.closure(), Some(Closure::Unreachable));
        assert!(!error.is_refusal());
    }
    // Its own servers say so of what is too large.
    let error = refused(&[Says::Answer(413, HTML, PAGE)]).await;
    assert_eq!(error.verdict(), Verdict::GiveUp);
}

#[tokio::test]
async fn a_connection_that_ends_leaves_open_whether_the_mail_was_taken() {
    let error = refused(&[Says::Nothing]).await;
    assert_eq!(error.verdict(), Verdict::Unknown);
    assert_eq!(error.closure(), None);
    assert!(!error.is_refusal());
}

#[tokio::test]
async fn where_nobody_is_nothing_was_taken() {
    let peer = Peer::new(&[]).await;
    let config = GraphConfig {
        // Nobody listens at port 1, and the token comes from elsewhere.
        url: "https://localhost:1".to_owned(),
        ..peer.config(None)
    };
    let (sent, _) = peer.during(send(&config, &envelope(), MAIL)).await;
    let error = sent.unwrap_err();
    assert_eq!(error.kind(), "refused");
    assert_eq!(error.verdict(), Verdict::TryAgain);
    assert_eq!(error.closure(), Some(Closure::Unreachable));
}

/// Nobody vouches for the peer: the token stays here.
#[tokio::test]
async fn no_token_goes_to_a_stranger() {
    let peer = Peer::new(&[]).await;
    let config = GraphConfig {
        ca_file: None,
        ..peer.config(None)
    };
    let (sent, heard) = peer.during(send(&config, &envelope(), MAIL)).await;
    assert_eq!(sent.unwrap_err().kind(), "certificate");
    assert_eq!(heard, []);
}

#[tokio::test]
async fn graph_is_asked_with_what_is_no_mail() {
    for (says, expected) in [
        (no(400, "ErrorMimeContentInvalidBase64String"), "sound"),
        (no(403, "ErrorAccessDenied"), "graph-denied"),
        (no(404, "ErrorInvalidUser"), "graph-mailbox"),
        (no(400, "BadRequest"), "refused-for-good"),
        (TAKEN, "refused-for-good"),
    ] {
        let peer = Peer::new(&[says]).await;
        let config = peer.config(Some("antrag@example.org"));
        let (asked, heard) = peer.during(ask_graph(&config)).await;
        let told = asked.map_or_else(|error| error.kind(), |()| "sound");
        assert_eq!(told, expected, "{says:?}");
        assert_eq!(heard[0].body, "~");
        assert!(STANDARD.decode(&heard[0].body).is_err());
    }
}
