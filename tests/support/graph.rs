//! Microsoft Graph's `sendMail` on loopback, as far as its documentation goes: what that demands of a client is
//! checked, what it says to one is said.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mail_parser::{Address, Message, MessageParser};

use super::certificates::Certificates;
use super::hosts::{Host, finish, secured};
use super::process::free_port;
use super::tokens::TokenServer;
use super::tokens::http::Request;

/// The one mailbox that sends here.
const MAILBOX: &str = "antrag@example.org";

/// "The maximum request length supported is 4MB."
const LARGEST: usize = 4_000_000;

/// The server; ends with this value.
#[derive(Debug)]
pub(crate) struct Graph {
    /// where it listens by HTTPS, on loopback
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    _host: Host,
}

/// What it says instead of 202.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    /// a status and a code
    Code(u16, &'static str),
    /// 429, and how many seconds to wait
    Throttled(u64),
    /// nothing: it takes the mail, and the connection ends
    Silence,
}

#[derive(Debug, Default)]
struct State {
    /// what it says next, each once
    next: VecDeque<Refusal>,
    /// what it says after that
    refuses: Option<Refusal>,
    /// when the next request may come
    not_before: Option<Instant>,
    taken: Vec<Vec<u8>>,
    /// the statuses it gave
    statuses: Vec<u16>,
    /// what the documentation would not have had
    faults: Vec<String>,
}

impl Graph {
    /// Starts it with a certificate for localhost; it takes the tokens that this server gives.
    pub(crate) fn start(certificates: &Certificates, tokens: &Arc<TokenServer>) -> Self {
        let (tls, port) = (certificates.tls(), free_port());
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, tokens) = (Arc::clone(&state), Arc::clone(tokens));
        let host = Host::start(Ipv4Addr::LOCALHOST, port, move |tcp, _| {
            let mut stream = secured(&tls, tcp);
            let Some(request) = Request::read(&mut stream) else {
                return;
            };
            let knows = |token: &str| tokens.knows(token);
            if let Some(response) = locked(&shared).answer(&request, knows) {
                finish(&mut stream, &response);
            }
        });
        Self {
            port,
            state,
            _host: host,
        }
    }

    /// `[outbound] url`
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Says this once, after what it was told to say before.
    pub(crate) fn say(&self, refusal: Refusal) {
        locked(&self.state).next.push_back(refusal);
    }

    /// Says this from now on.
    pub(crate) fn refuse(&self, refusal: Refusal) {
        locked(&self.state).refuses = Some(refusal);
    }

    /// Takes mails again.
    pub(crate) fn relent(&self) {
        locked(&self.state).refuses = None;
    }

    /// The mails that were taken, in order.
    pub(crate) fn taken(&self) -> Vec<Vec<u8>> {
        locked(&self.state).taken.clone()
    }

    /// The statuses of its answers, in order; what ended without one is left out.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        locked(&self.state).statuses.clone()
    }

    /// What a client did that the documentation would not have.
    pub(crate) fn faults(&self) -> Vec<String> {
        locked(&self.state).faults.clone()
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// What is said to a request; nothing where the connection just ends.
    fn answer(&mut self, request: &Request, knows: impl Fn(&str) -> bool) -> Option<String> {
        if self.not_before.take().is_some_and(|at| Instant::now() < at) {
            self.faults.push("a request before Retry-After".to_owned());
        }
        let sender = match request.line.as_str() {
            // whoever has signed in
            "POST /v1.0/me/sendMail HTTP/1.1" => Some(MAILBOX),
            line => line
                .strip_prefix("POST /v1.0/users/")
                .and_then(|line| line.strip_suffix("/sendMail HTTP/1.1")),
        };
        if sender != Some(MAILBOX) {
            self.faults.push(request.line.clone());
            return Some(self.refused(404, "ResourceNotFound"));
        }
        let bearer = request.field("authorization").strip_prefix("Bearer ");
        if !bearer.is_some_and(knows) {
            return Some(self.refused(401, "InvalidAuthenticationToken"));
        }
        if request.field("content-type") != "text/plain" {
            self.faults.push(format!("{:?}", request.headers));
        }
        if request.body.len() > LARGEST {
            self.faults.push(format!("{} bytes", request.body.len()));
        }
        let refusal = self.next.pop_front().or_else(|| self.refuses.clone());
        match refusal {
            Some(Refusal::Code(status, code)) => return Some(self.refused(status, code)),
            Some(Refusal::Throttled(seconds)) => return Some(self.throttled(seconds)),
            Some(Refusal::Silence) | None => {}
        }
        let Ok(mail) = BASE64_STANDARD.decode(&request.body) else {
            return Some(self.refused(400, "ErrorMimeContentInvalidBase64String"));
        };
        self.faults.extend(faults(&mail));
        self.taken.push(mail);
        match refusal {
            Some(_) => None,
            None => Some(self.says(202, "request-id: 7bd9c2ea-0f3c\r\n", "")),
        }
    }

    fn refused(&mut self, status: u16, code: &str) -> String {
        let body = format!(
            r#"{{"error":{{"code":"{code}","message":"Words about {MAILBOX} and anna@example.org."}}}}"#
        );
        self.says(status, "Content-Type: application/json\r\n", &body)
    }

    fn throttled(&mut self, seconds: u64) -> String {
        self.not_before = Some(Instant::now() + Duration::from_secs(seconds));
        let body = r#"{"error":{"code":"ApplicationThrottled","message":"Too many requests."}}"#;
        self.says(429, &format!("Retry-After: {seconds}\r\n"), body)
    }

    fn says(&mut self, status: u16, fields: &str, body: &str) -> String {
        self.statuses.push(status);
        let length = body.len();
        format!("HTTP/1.1 {status} Word\r\n{fields}Content-Length: {length}\r\n\r\n{body}")
    }
}

/// What is wrong with a mail: it must be one, be the mailbox's own, and be for one person.
fn faults(raw: &[u8]) -> Vec<String> {
    let mut faults = Vec::new();
    let text = String::from_utf8_lossy(raw);
    let lines: Vec<&str> = text.split("\r\n").collect();
    if lines
        .iter()
        .any(|line| line.contains(['\r', '\n']) || line.len() > 998)
    {
        faults.push("a line without its end (RFC 5322 section 2.3)".to_owned());
    }
    let Some(mail) = MessageParser::default().parse(raw) else {
        faults.push("no mail".to_owned());
        return faults;
    };
    for name in [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
    ] {
        let count = mail.headers().iter().filter(|it| it.name() == name).count();
        if count != 1 {
            faults.push(format!("{count} fields {name}"));
        }
    }
    if addresses(mail.from()) != [MAILBOX] {
        faults.push("sent as somebody else".to_owned());
    }
    if recipients(&mail).len() != 1 {
        faults.push(format!("for {:?}", recipients(&mail)));
    }
    faults
}

/// All that Exchange sends a mail to.
fn recipients(mail: &Message<'_>) -> Vec<String> {
    let fields = [mail.to(), mail.cc(), mail.bcc()];
    fields.into_iter().flat_map(addresses).collect()
}

fn addresses(field: Option<&Address<'_>>) -> Vec<String> {
    let all = field.into_iter().flat_map(Address::iter);
    all.map(|one| one.address().unwrap_or_default().to_owned())
        .collect()
}
