//! What a token server says: tokens, codes, and whether a token is good.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ACCOUNT, Asked, CLIENT, Says, State, http};

/// A request, taken apart.
#[derive(Debug)]
pub(super) struct Request {
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    form: BTreeMap<String, String>,
}

impl Request {
    /// `None` if it is no form.
    pub(super) fn of(request: &http::Request) -> Option<Self> {
        let target = request.target();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = std::str::from_utf8(&request.body).ok()?;
        Some(Self {
            path: path.trim_start_matches('/').to_owned(),
            query: parameters(query),
            headers: request.headers.clone(),
            form: parameters(body),
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
    pub(super) fn answer(&mut self, request: &Request) -> Option<String> {
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

    /// Makes one that is good.
    pub(super) fn new_refresh_token(&mut self) -> String {
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
pub(super) fn parameters(text: &str) -> BTreeMap<String, String> {
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
