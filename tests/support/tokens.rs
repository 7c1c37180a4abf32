//! A token server (RFC 6749, 7636, 8628) by HTTPS, and its introspection (RFC 7662) by plain
//! HTTP for servers on this machine.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

// The crate's own tests take this file by its path.
#[path = "tokens/answers.rs"]
mod answers;
#[path = "http.rs"]
pub(crate) mod http;

use answers::{Request, parameters};

/// Who may ask.
pub(crate) const CLIENT: &str = "6f1c2d6e-1234-4000-8000-9abcdef01234";
/// What proves it.
pub(crate) const SECRET: &str = "Bq~8Q.client-secret";
/// Whose mailbox the tokens open.
pub(crate) const ACCOUNT: &str = "antrag@example.org";

/// The server; ends with this value.
#[derive(Debug)]
pub(crate) struct TokenServer {
    /// where it listens by HTTPS, on loopback
    pub(crate) port: u16,
    /// where introspection listens in clear, on loopback
    pub(crate) introspection_port: u16,
    state: Arc<Mutex<State>>,
    threads: Vec<JoinHandle<()>>,
}

/// What it says instead of a token.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    /// status, `error` and `error_description` (RFC 6749 section 5.2)
    Error(u16, &'static str, &'static str),
    /// a page for people
    Page,
    /// status with Retry-After in seconds, and no JSON
    Busy(u16, u32),
    /// the same with JSON, as Entra ID says that there are too many
    Throttled(u32),
    /// this body, as JSON
    Body(&'static str),
    /// nothing: the connection ends
    Nothing,
}

/// A request for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// `grant_type`; "device" for a device code
    pub(crate) grant: String,
    /// `scope`
    pub(crate) scope: String,
}

#[derive(Debug)]
struct State {
    ends: bool,
    /// how far its clock is ahead, in seconds
    ahead: i64,
    /// how long access tokens are said to last, in seconds
    lasts: u64,
    /// whether each refresh brings a new refresh token, and the old one is good no more
    rotates: bool,
    /// more fields of its answers
    more: Value,
    /// what it says next, each once
    next: VecDeque<Says>,
    /// what it says after that
    refuses: Option<Says>,
    secret: Option<String>,
    /// whether the person has agreed, once she has answered
    consent: Option<bool>,
    device_scope: String,
    /// more fields of its answers with a code
    device_more: Value,
    /// access tokens that are good, with their scope
    access: BTreeMap<String, String>,
    /// refresh tokens that are good
    refresh: Vec<String>,
    /// the codes given in browsers: code, challenge, redirect_uri
    codes: Vec<(String, String, String)>,
    made: usize,
    /// how many bytes an access token has at least
    length: usize,
    asked: Vec<Asked>,
    /// what lies at other paths
    pages: BTreeMap<String, (u16, Value)>,
    introspected: usize,
    /// whether it keeps its answers to itself
    holds: bool,
}

impl TokenServer {
    /// Starts it with a certificate for localhost.
    pub(crate) fn start(tls: Arc<ServerConfig>) -> Self {
        let state = Arc::new(Mutex::new(State {
            ends: false,
            ahead: 0,
            lasts: 3599,
            rotates: false,
            more: json!({}),
            next: VecDeque::new(),
            refuses: None,
            secret: Some(SECRET.to_owned()),
            consent: None,
            device_scope: String::new(),
            device_more: json!({}),
            access: BTreeMap::new(),
            refresh: Vec::new(),
            codes: Vec::new(),
            made: 0,
            length: 0,
            asked: Vec::new(),
            pages: BTreeMap::new(),
            introspected: 0,
            holds: false,
        }));
        let (port, secure) = listen(&state, Some(tls));
        let (introspection_port, plain) = listen(&state, None);
        Self {
            port,
            introspection_port,
            state,
            threads: vec![secure, plain],
        }
    }

    /// `[oauth] token_url`
    pub(crate) fn token_url(&self) -> String {
        self.url("token")
    }

    /// An address at this server: "token", "device", "authorize", or that of a [page](Self::put).
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}/{path}", self.port)
    }

    /// For Dovecot's `introspection_url`, whatever its mode.
    pub(crate) fn introspection_url(&self) -> String {
        format!(
            "http://127.0.0.1:{}/introspect?token=",
            self.introspection_port
        )
    }

    /// The lines of `[oauth]`, for the client's own grant.
    pub(crate) fn section(&self, ca_file: &std::path::Path) -> String {
        format!(
            "[oauth]\nkind = \"other\"\nclient_id = \"{CLIENT}\"\nclient_secret = \"{SECRET}\"\n\
             token_url = \"{}\"\nscope = \"mail\"\nca_file = \"{}\"\n",
            self.token_url(),
            ca_file.display()
        )
    }

    /// Says this once, after what it was told to say before.
    pub(crate) fn say(&self, says: Says) {
        self.lock().next.push_back(says);
    }

    /// Says this from now on.
    pub(crate) fn refuse(&self, says: Says) {
        self.lock().refuses = Some(says);
    }

    /// Gives tokens again.
    pub(crate) fn relent(&self) {
        let mut state = self.lock();
        state.refuses = None;
        state.next.clear();
    }

    /// Claims a time that is so many seconds ahead.
    pub(crate) fn claim(&self, seconds: i64) {
        self.lock().ahead = seconds;
    }

    /// Says that access tokens last so many seconds, from now on.
    pub(crate) fn lasting(&self, seconds: u64) {
        self.lock().lasts = seconds;
    }

    /// Makes access tokens as long as this from now on, in bytes.
    pub(crate) fn lengthen(&self, length: usize) {
        self.lock().length = length;
    }

    /// From now on, each refresh token is good once.
    pub(crate) fn rotate(&self) {
        self.lock().rotates = true;
    }

    /// Adds these fields to the answers with tokens.
    pub(crate) fn add(&self, more: Value) {
        self.lock().more = more;
    }

    /// Adds these fields to the answers with a code.
    pub(crate) fn add_to_device(&self, more: Value) {
        self.lock().device_more = more;
    }

    /// Asks for this secret from now on, or for none.
    pub(crate) fn set_secret(&self, secret: Option<&str>) {
        self.lock().secret = secret.map(str::to_owned);
    }

    /// The person at the other device agrees, or not.
    pub(crate) fn decide(&self, agrees: bool) {
        self.lock().consent = Some(agrees);
    }

    /// The person agrees in the browser, at the address she was given: where that leads.
    pub(crate) fn browse(&self, address: &str) -> String {
        let query = parameters(address.split_once('?').unwrap().1);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["client_id"], CLIENT);
        let mut state = self.lock();
        state.made += 1;
        let code = format!("code/{}", state.made);
        let redirect = query["redirect_uri"].clone();
        let challenge = query["code_challenge"].clone();
        state.codes.push((code.clone(), challenge, redirect));
        let (landing, state) = (&query["redirect_uri"], &query["state"]);
        let code = code.replace('/', "%2F");
        format!("{landing}/?code={code}&state={state}&scope=mail")
    }

    /// A new refresh token, as if somebody had signed in elsewhere.
    pub(crate) fn refresh_token(&self) -> String {
        let mut state = self.lock();
        state.new_refresh_token()
    }

    /// Takes back all access tokens.
    pub(crate) fn revoke_access(&self) {
        self.lock().access.clear();
    }

    /// Takes back all refresh tokens.
    pub(crate) fn revoke_refresh(&self) {
        self.lock().refresh.clear();
    }

    /// Puts an answer in JSON at another path.
    pub(crate) fn put(&self, path: &str, status: u16, body: Value) {
        self.lock().pages.insert(path.to_owned(), (status, body));
    }

    /// Answers nothing it is asked until this is taken back.
    pub(crate) fn hold(&self, holds: bool) {
        self.lock().holds = holds;
    }

    /// All requests for tokens so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.lock().asked.clone()
    }

    /// How often tokens were asked for.
    pub(crate) fn count(&self) -> usize {
        self.lock().asked.len()
    }

    /// How often it was asked whether a token is good.
    pub(crate) fn introspected(&self) -> usize {
        self.lock().introspected
    }

    /// Whether an access token is good.
    pub(crate) fn knows(&self, access_token: &str) -> bool {
        self.lock().access.contains_key(access_token)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

impl Drop for TokenServer {
    fn drop(&mut self) {
        self.lock().ends = true;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(state: &Arc<Mutex<State>>, tls: Option<Arc<ServerConfig>>) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let state = Arc::clone(state);
    let thread = thread::spawn(move || {
        let mut talks = Vec::new();
        while !locked(&state).ends {
            let Ok((stream, _)) = listener.accept() else {
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            stream.set_nonblocking(false).unwrap();
            let limit = Some(Duration::from_secs(5));
            stream.set_read_timeout(limit).unwrap();
            let (state, tls) = (Arc::clone(&state), tls.clone());
            talks.push(thread::spawn(move || talk(stream, tls, &state)));
        }
        for talk in talks {
            let _ = talk.join();
        }
    });
    (port, thread)
}

/// One connection, one request; a client that goes away is none of our business.
fn talk(stream: TcpStream, tls: Option<Arc<ServerConfig>>, state: &Mutex<State>) {
    match tls {
        None => serve(stream, state),
        Some(tls) => {
            let connection = ServerConnection::new(tls).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            serve(&mut stream, state);
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    }
}

fn serve(mut stream: impl Read + Write, state: &Mutex<State>) {
    let request = http::Request::read(&mut stream);
    let Some(request) = request.and_then(|it| Request::of(&it)) else {
        return;
    };
    let response = locked(state).answer(&request);
    while locked(state).holds {
        thread::sleep(Duration::from_millis(1));
    }
    if let Some(response) = response {
        let _ = stream.write_all(response.as_bytes());
        let _ = stream.flush();
    }
}
