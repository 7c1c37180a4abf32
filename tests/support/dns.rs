//! A name server on loopback that knows a few TXT records (RFC 1035) and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::net::UdpSocket;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const TXT: u16 = 16;
const SERVER_FAILURE: u16 = 2;
const NAME_ERROR: u16 = 3;

/// A name server that ends with this value.
#[derive(Debug)]
pub(crate) struct NameServer {
    address: String,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    records: Mutex<BTreeMap<String, String>>,
    /// how often each name was asked for
    asked: Mutex<BTreeMap<String, usize>>,
    fails: AtomicBool,
    ends: AtomicBool,
}

impl NameServer {
    /// Starts it on an address of its own: resolv.conf(5) knows no ports.
    pub(crate) fn start() -> Self {
        let id = std::process::id();
        let address = format!(
            "127.{}.{}.{}",
            64 + id % 64,
            id / 64 % 256,
            id / 16_384 % 254 + 1
        );
        let socket = UdpSocket::bind((address.as_str(), 53)).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || {
            let mut query = [0; 4096];
            while !shared.ends.load(Ordering::Relaxed) {
                if let Ok((length, client)) = socket.recv_from(&mut query) {
                    let _ = socket.send_to(&shared.answer(&query[..length]), client);
                }
            }
        });
        Self {
            address,
            state,
            thread: Some(thread),
        }
    }

    /// Writes settings that name it and no other.
    pub(crate) fn write_resolv_conf(&self, path: &Path) {
        let text = format!(
            "nameserver {}\noptions timeout:1 attempts:1\n",
            self.address
        );
        fs::write(path, text).unwrap();
    }

    /// Adds a TXT record.
    pub(crate) fn add(&self, name: &str, text: String) {
        let mut records = self.state.records.lock().unwrap();
        records.insert(name.to_owned(), text);
    }

    /// From now on it knows nothing for the time being, or knows again.
    pub(crate) fn fail(&self, fails: bool) {
        self.state.fails.store(fails, Ordering::Relaxed);
    }

    /// How often a name was asked for.
    pub(crate) fn asked(&self, name: &str) -> usize {
        let asked = self.state.asked.lock().unwrap();
        asked.get(name).copied().unwrap_or(0)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.state.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl State {
    fn answer(&self, query: &[u8]) -> Vec<u8> {
        let mut labels = Vec::new();
        let mut at = 12;
        while query[at] > 0 {
            let end = at + 1 + usize::from(query[at]);
            labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
            at = end;
        }
        let name = labels.join(".");
        let question = &query[12..at + 5];
        let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
        *self.asked.lock().unwrap().entry(name.clone()).or_default() += 1;
        let record = self.records.lock().unwrap().get(&name).cloned();
        let code = match record {
            _ if self.fails.load(Ordering::Relaxed) => SERVER_FAILURE,
            None => NAME_ERROR,
            Some(_) => 0,
        };
        let text = record.filter(|_| code == 0 && kind == TXT);
        let mut answer = query[..2].to_vec();
        for word in [0x8580 | code, 1, u16::from(text.is_some()), 0, 0] {
            answer.extend(word.to_be_bytes());
        }
        answer.extend(question);
        if let Some(text) = text {
            let strings = text.as_bytes().chunks(255).flat_map(|chunk| {
                let length = u8::try_from(chunk.len()).unwrap();
                std::iter::once(length).chain(chunk.iter().copied())
            });
            let data: Vec<u8> = strings.collect();
            // the name of the question, TXT, IN, one hour
            answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 14, 16]);
            answer.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
            answer.extend(data);
        }
        answer
    }
}
