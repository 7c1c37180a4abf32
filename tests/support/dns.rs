//! A name server on loopback that knows a few records (RFC 1035, RFC 2782) and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const ADDRESS: u16 = 1;
const MX: u16 = 15;
const TXT: u16 = 16;
const SRV: u16 = 33;
const SERVER_FAILURE: u16 = 2;
const NAME_ERROR: u16 = 3;
const PORT: u16 = 53;

/// A loopback address of one's own, for servers on ports that are fixed; root only.
pub(crate) fn own_address() -> Ipv4Addr {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let taken = TAKEN.fetch_add(1, Ordering::Relaxed);
    // 127.128.0.0/9: processes at work have numbers near one another, and a few servers each
    let own = std::process::id() % (1 << 17) * 64 + taken % 64;
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 128, 0, 0).to_bits() + own)
}

/// A name server that ends with this value.
#[derive(Debug)]
pub(crate) struct NameServer {
    address: Ipv4Addr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

/// The data of all records of a name and kind.
type Records = BTreeMap<(String, u16), Vec<Vec<u8>>>;

#[derive(Debug, Default)]
struct State {
    records: Mutex<Records>,
    /// how often each name was asked for
    asked: Mutex<BTreeMap<String, usize>>,
    fails: AtomicBool,
    ends: AtomicBool,
}

impl NameServer {
    /// Starts it on an address of its own: resolv.conf(5) knows no ports.
    pub(crate) fn start() -> Self {
        let address = own_address();
        let socket = UdpSocket::bind((address, PORT)).unwrap();
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

    /// Where it is asked.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from((self.address, PORT))
    }

    /// Writes settings that name it and no other.
    pub(crate) fn write_resolv_conf(&self, path: &Path) {
        let text = format!(
            "nameserver {}\noptions timeout:1 attempts:1\n",
            self.address
        );
        fs::write(path, text).unwrap();
    }

    /// Makes this the TXT record of a name.
    pub(crate) fn add(&self, name: &str, text: String) {
        let strings = text.as_bytes().chunks(255).flat_map(|chunk| {
            let length = u8::try_from(chunk.len()).unwrap();
            std::iter::once(length).chain(chunk.iter().copied())
        });
        let mut records = self.state.records.lock().unwrap();
        records.insert((name.to_owned(), TXT), vec![strings.collect()]);
    }

    /// Adds an address of a host.
    pub(crate) fn add_address(&self, name: &str, address: Ipv4Addr) {
        self.push(name, ADDRESS, address.octets().to_vec());
    }

    /// Adds a mail exchanger of a domain.
    pub(crate) fn add_mx(&self, name: &str, preference: u16, exchanger: &str) {
        let mut data = preference.to_be_bytes().to_vec();
        data.extend(labels(exchanger));
        self.push(name, MX, data);
    }

    /// Adds a server of a service; `.` for none.
    pub(crate) fn add_srv(&self, name: &str, priority: u16, target: &str, port: u16) {
        let mut data = Vec::new();
        for word in [priority, 0, port] {
            data.extend(word.to_be_bytes());
        }
        data.extend(labels(target.trim_end_matches('.')));
        self.push(name, SRV, data);
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

    fn push(&self, name: &str, kind: u16, data: Vec<u8>) {
        let mut records = self.state.records.lock().unwrap();
        let of_name = records.entry((name.to_owned(), kind)).or_default();
        of_name.push(data);
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

/// A name as it stands in a record, none of it left out; the empty one is the root.
fn labels(name: &str) -> Vec<u8> {
    let labels = name.split('.').filter(|label| !label.is_empty());
    let mut data: Vec<u8> = labels
        .flat_map(|label| {
            let length = u8::try_from(label.len()).unwrap();
            std::iter::once(length).chain(label.bytes())
        })
        .collect();
    data.push(0);
    data
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
        let records = self.records.lock().unwrap();
        let is_known = records.keys().any(|(known, _)| *known == name);
        let code = match is_known {
            _ if self.fails.load(Ordering::Relaxed) => SERVER_FAILURE,
            false => NAME_ERROR,
            true => 0,
        };
        let of_kind = records.get(&(name, kind)).filter(|_| code == 0);
        let of_kind = of_kind.map_or(&[][..], Vec::as_slice);
        let mut answer = query[..2].to_vec();
        let count = u16::try_from(of_kind.len()).unwrap();
        for word in [0x8580 | code, 1, count, 0, 0] {
            answer.extend(word.to_be_bytes());
        }
        answer.extend(question);
        for data in of_kind {
            // the name of the question, this kind, IN, one hour
            answer.extend([0xc0, 12]);
            answer.extend(kind.to_be_bytes());
            answer.extend([0, 1, 0, 0, 14, 16]);
            answer.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
            answer.extend(data);
        }
        answer
    }
}
