//! Hosts on a loopback address of their own, on the ports that everybody expects; root only.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::certificates::Certificates;
use super::tokens::http::Request;

/// How long a client may say nothing.
const SILENCE: Duration = Duration::from_secs(5);

/// A server; ends with this value.
#[derive(Debug)]
pub(crate) struct Host {
    heard: Arc<Mutex<Vec<String>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What a connection under TLS is.
pub(super) type Secured = StreamOwned<ServerConnection, TcpStream>;

impl Host {
    /// Serves files by HTTPS: for a host with a path and query the whole response, 404 for others.
    pub(crate) fn web(
        address: Ipv4Addr,
        certificates: &Certificates,
        files: &[(&str, String)],
    ) -> Self {
        let tls = certificates.tls();
        let files: BTreeMap<String, String> = files
            .iter()
            .map(|(place, response)| ((*place).to_owned(), response.clone()))
            .collect();
        Self::start(address, 443, move |tcp, heard| {
            let mut stream = secured(&tls, tcp);
            let Some(request) = Request::read(&mut stream) else {
                return;
            };
            let place = format!("{}{}", request.field("host"), request.target());
            let missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned();
            let response = files.get(&place).unwrap_or(&missing);
            heard.lock().unwrap().push(place);
            finish(&mut stream, response);
        })
    }

    /// Greets under TLS.
    pub(crate) fn greeter(
        address: Ipv4Addr,
        port: u16,
        certificates: &Certificates,
        greeting: &'static str,
    ) -> Self {
        let tls = certificates.tls();
        Self::start(address, port, move |tcp, _| {
            finish(&mut secured(&tls, tcp), greeting);
        })
    }

    /// Speaks SMTP up to STARTTLS, and goes under TLS.
    pub(crate) fn submission(address: Ipv4Addr, certificates: &Certificates) -> Self {
        let tls = certificates.tls();
        Self::start(address, 587, move |tcp, heard| {
            let mut lines = BufReader::new(tcp);
            for answer in [
                "220 smtp ESMTP\r\n",
                "250-smtp\r\n250 STARTTLS\r\n",
                "220 go ahead\r\n",
            ] {
                if !answer.starts_with("220 smtp") {
                    let mut line = String::new();
                    let _ = lines.read_line(&mut line);
                    heard.lock().unwrap().push(line.trim().to_owned());
                }
                let _ = lines.get_mut().write_all(answer.as_bytes());
            }
            finish(&mut secured(&tls, lines.into_inner()), "");
        })
    }

    /// What was heard so far: the files asked for, or lines.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Has whoever connects spoken to, one after the other.
    pub(super) fn start(
        address: Ipv4Addr,
        port: u16,
        speak: impl Fn(TcpStream, &Mutex<Vec<String>>) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind((address, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        let (shared, ending) = (Arc::clone(&heard), Arc::clone(&ends));
        let thread = thread::spawn(move || {
            while !ending.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((tcp, _)) => {
                        tcp.set_nonblocking(false).unwrap();
                        tcp.set_read_timeout(Some(SILENCE)).unwrap();
                        speak(tcp, &shared);
                    }
                    Err(_) => thread::sleep(Duration::from_millis(10)),
                }
            }
        });
        Self {
            heard,
            ends,
            thread: Some(thread),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(super) fn secured(tls: &Arc<ServerConfig>, tcp: TcpStream) -> Secured {
    StreamOwned::new(ServerConnection::new(Arc::clone(tls)).unwrap(), tcp)
}

/// Says the last words; a client that does not trust us has left before.
pub(super) fn finish(stream: &mut Secured, words: &str) {
    let _ = stream.write_all(words.as_bytes());
    let _ = stream.flush();
    stream.conn.send_close_notify();
    let _ = stream.flush();
    // Only when the client has gone, too: unread bytes would cut off our words.
    let mut rest = (&stream.sock).take(4096);
    let _ = std::io::copy(&mut rest, &mut std::io::sink());
}
