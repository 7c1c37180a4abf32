//! A token server (RFC 6749, 7636, 8628) by HTTPS, and its introspection (RFC 7662) by plain
//! HTTP for servers on this machine.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

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
    let Some(request) = Request::read(&mut stream) else {
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

#[derive(Debug)]
struct Request {
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    form: BTreeMap<String, String>,
}

impl Request {
    fn read(stream: &mut impl Read) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            let mut more = [0; 4096];
            let read = stream.read(&mut more).ok().filter(|&read| read > 0)?;
            bytes.extend_from_slice(&more[..read]);
            if let Some(end) = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let mut lines = head.lines();
        let target = lines.next()?.split(' ').nth(1)?.to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").map_or("0", String::as_str);
        let length: usize = length.parse().ok()?;
        while bytes.len() < end + length {
            let mut more = [0; 4096];
            let read = stream.read(&mut more).ok().filter(|&read| read > 0)?;
            bytes.extend_from_slice(&more[..read]);
        }
        let body = String::from_utf8(bytes[end..].to_vec()).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        Some(Self {
            path: path.trim_start_matches('/').to_owned(),
            query: parameters(query),
            headers,
            form: parameters(&body),
        })
    }

    fn field(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    /// Who asks (RFC 6749 section 2.3.1).
    fn client(&self) -> (String, Option<String>) {
        let authorization = self.headers.get("authorization");
        let Some(basic) = authorization.and_then(|value| value.strip_prefix("Basic ")) else {
            let secret = self.form.get("client_secret").cloned();
            return (self.field("client_id").to_owned(), secret);
        };
        let text = String::from_utf8(BASE64_STANDARD.decode(basic).unwrap()).unwrap();
        let (id, secret) = text.split_once(':').unwrap();
        (decoded(id), Some(decoded(secret)))
    }
}

impl State {
    /// What is said to a request; nothing where the connection just ends.
    fn answer(&mut self, request: &Request) -> Option<String> {
        // Microsoft's name the tenant and the version before.
        let (_, name) = request.path.rsplit_once('/').unwrap_or(("", &request.path));
        match name {
            "token" => self.token(request),
            "device" | "devicecode" => Some(self.device(request)),
            "introspect" => Some(self.introspect(request)),
            _ => Some(match self.pages.get(&request.path) {
                Some((status, body)) => self.json(*status, body),
                None => self.json(404, &json!({})),
            }),
        }
    }

    fn token(&mut self, request: &Request) -> Option<String> {
        self.asked.push(Asked {
            grant: request.field("grant_type").to_owned(),
            scope: request.field("scope").to_owned(),
        });
        let says = self.next.pop_front().or_else(|| self.refuses.clone());
        if let Some(says) = says {
            return self.spoken(&says);
        }
        let given = match request.client() {
            (id, _) if id != CLIENT => Err("unauthorized_client"),
            (_, secret) if secret != self.secret => Err("invalid_client"),
            _ => self.grant(request),
        };
        Some(match given {
            Ok(body) => self.json(200, &body),
            Err(error) => self.json(400, &json!({ "error": error })),
        })
    }

    fn grant(&mut self, request: &Request) -> Result<Value, &'static str> {
        let scope = request.field("scope").to_owned();
        match request.field("grant_type") {
            "client_credentials" => Ok(self.tokens(scope, false)),
            "refresh_token" => {
                let token = request.field("refresh_token");
                let known = self.refresh.iter().position(|known| known == token);
                let known = known.ok_or("invalid_grant")?;
                if self.rotates {
                    self.refresh.remove(known);
                }
                let rotates = self.rotates;
                Ok(self.tokens(scope, rotates))
            }
            "authorization_code" => {
                let code = request.field("code");
                let known = self.codes.iter().position(|(known, ..)| known == code);
                let (_, challenge, redirect) = self.codes.remove(known.ok_or("invalid_grant")?);
                let hash = Sha256::digest(request.field("code_verifier").as_bytes());
                let is_proven = BASE64_URL_SAFE_NO_PAD.encode(hash) == challenge;
                if !is_proven || redirect != request.field("redirect_uri") {
                    return Err("invalid_grant");
                }
                Ok(self.tokens(scope, true))
            }
            "urn:ietf:params:oauth:grant-type:device_code" => match self.consent {
                _ if request.field("device_code") != "device-code" => Err("invalid_grant"),
                None => Err("authorization_pending"),
                Some(false) => Err("access_denied"),
                Some(true) => {
                    let scope = self.device_scope.clone();
                    Ok(self.tokens(scope, true))
                }
            },
            _ => Err("unsupported_grant_type"),
        }
    }

    fn tokens(&mut self, scope: String, with_refresh: bool) -> Value {
        self.made += 1;
        let access = format!("access.{:.<1$}", self.made, self.length);
        self.access.insert(access.clone(), scope);
        let mut body = json!({
            "token_type": "Bearer",
            "access_token": access,
            "expires_in": self.lasts,
        });
        if with_refresh {
            body["refresh_token"] = self.new_refresh_token().into();
        }
        with(body, &self.more)
    }

    fn new_refresh_token(&mut self) -> String {
        self.made += 1;
        let refresh = format!("refresh.{}", self.made);
        self.refresh.push(refresh.clone());
        refresh
    }

    fn device(&mut self, request: &Request) -> String {
        request.field("scope").clone_into(&mut self.device_scope);
        self.asked.push(Asked {
            grant: "device".to_owned(),
            scope: self.device_scope.clone(),
        });
        let body = json!({
            "device_code": "device-code",
            "user_code": "WDJB-MJHT",
            "verification_uri": "https://login.example.org/device",
            "expires_in": 900,
            "interval": 1,
        });
        let body = with(body, &self.device_more);
        self.json(200, &body)
    }

    fn introspect(&mut self, request: &Request) -> String {
        self.introspected += 1;
        let bearer = request.headers.get("authorization");
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let token = [request.field("token"), bearer.unwrap_or_default()]
            .into_iter()
            .chain(request.query.get("token").map(String::as_str))
            .find(|token| !token.is_empty());
        let body = match token.and_then(|token| self.access.get(token)) {
            Some(scope) => json!({
                "active": true,
                "username": ACCOUNT,
                "email": ACCOUNT,
                "scope": scope,
                "token_type": "Bearer",
            }),
            None => json!({ "active": false }),
        };
        self.json(200, &body)
    }

    fn spoken(&self, says: &Says) -> Option<String> {
        match *says {
            Says::Error(status, error, description) => {
                let body = json!({ "error": error, "error_description": description });
                Some(self.json(status, &body))
            }
            Says::Page => {
                let page = "<!DOCTYPE html><html><body>Bitte melden Sie sich an.</body></html>";
                Some(self.response(200, "Content-Type: text/html\r\n", page))
            }
            Says::Busy(status, seconds) => {
                let wait = format!("Retry-After: {seconds}\r\n");
                Some(self.response(status, &wait, "later"))
            }
            Says::Throttled(seconds) => {
                let head = format!("Retry-After: {seconds}\r\nContent-Type: application/json\r\n");
                Some(self.response(429, &head, r#"{"error":"temporarily_unavailable"}"#))
            }
            Says::Body(body) => {
                let kind = "Content-Type: application/json\r\n";
                Some(self.response(200, kind, body))
            }
            Says::Nothing => None,
        }
    }

    fn json(&self, status: u16, body: &Value) -> String {
        let kind = "Content-Type: application/json;charset=UTF-8\r\nCache-Control: no-store\r\n";
        self.response(status, kind, &body.to_string())
    }

    fn response(&self, status: u16, headers: &str, body: &str) -> String {
        let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(self.ahead);
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
        let length = body.len();
        format!(
            "HTTP/1.1 {status} Said\r\nDate: {date}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    }
}

/// An answer with more fields.
fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The fields of a form (application/x-www-form-urlencoded).
fn parameters(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}
