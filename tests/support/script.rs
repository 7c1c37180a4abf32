//! A server that speaks from a script: what real ones rarely say, for SMTP and IMAP alike.
//!
//! A script is read line by line; blank lines and those with `#` are left out:
//!
//! ```text
//! S: 220 hello           says a line
//! S+ 250-half\x00\r\n    says these bytes and no line end; \r \n \t \\ \xNN
//! S* 1000 250-again      says a line so many times
//! C: EHLO                hears a line that begins so, whatever its case
//! C* .                   hears lines up to this one
//! ! cut                  cuts the connection; so does the end of the script
//! ! stall                says nothing any more, and swallows what is said
//! ! wait                 goes on when the test says `go`
//! ```
//!
//! `{tag}` is the first word of the last line of two words or more that was heard, which
//! is the tag of the last IMAP command; at the begin of a line to be heard it is any word.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(10);

/// The server; ends with this value.
#[derive(Debug)]
pub(crate) struct Script {
    /// where it listens, on loopback
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    listener: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    heard: Vec<String>,
    connections: usize,
    surprises: Vec<String>,
    go: usize,
    ended: bool,
}

impl Script {
    /// Plays the first script to whoever connects first, and so on; the last one to all others.
    pub(crate) fn play(scripts: &[&str]) -> Self {
        let scripts: Vec<Vec<String>> = scripts.iter().map(|text| lines(text)).collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let listener = thread::spawn(move || listen(&listener, &scripts, &shared));
        Self {
            port,
            state,
            listener: Some(listener),
        }
    }

    /// All lines heard so far, of all connections, in the order they came.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.state.lock().unwrap().heard.clone()
    }

    /// How many connections there were so far.
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// What was said that no script expected.
    pub(crate) fn surprises(&self) -> Vec<String> {
        self.state.lock().unwrap().surprises.clone()
    }

    /// Lets one `! wait` go on, that of now or the next.
    pub(crate) fn go(&self) {
        self.state.lock().unwrap().go += 1;
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // A poisoned lock means that a test has failed already.
        if let Ok(mut state) = self.state.lock() {
            state.ended = true;
        }
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim_start);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn listen(listener: &TcpListener, scripts: &[Vec<String>], state: &Arc<Mutex<State>>) {
    let mut players = Vec::new();
    while !state.lock().unwrap().ended {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(LOOK);
            continue;
        };
        stream.set_nonblocking(false).unwrap();
        let number = {
            let mut state = state.lock().unwrap();
            state.connections += 1;
            state.connections - 1
        };
        let script = scripts[number.min(scripts.len() - 1)].clone();
        let state = Arc::clone(state);
        players.push(thread::spawn(move || {
            Player::new(stream, state).play(&script)
        }));
    }
    for player in players {
        let _ = player.join();
    }
}

/// One connection.
struct Player {
    stream: BufReader<TcpStream>,
    state: Arc<Mutex<State>>,
    tag: String,
}

impl Player {
    fn new(stream: TcpStream, state: Arc<Mutex<State>>) -> Self {
        stream.set_read_timeout(Some(LOOK)).unwrap();
        stream
            .set_write_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        Self {
            stream: BufReader::new(stream),
            state,
            tag: String::new(),
        }
    }

    /// Plays until the script or the connection ends.
    fn play(mut self, script: &[String]) {
        for line in script {
            if self.perform(line).is_none() {
                break;
            }
        }
        let _ = self.stream.get_ref().shutdown(Shutdown::Both);
    }

    /// `None` once the connection is at its end.
    fn perform(&mut self, line: &str) -> Option<()> {
        let (kind, rest) = line.split_at_checked(2).unwrap_or((line, ""));
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        match kind {
            "S:" => self.say(format!("{}\r\n", self.tagged(rest)).as_bytes()),
            "S+" => self.say(&unescaped(&self.tagged(rest))),
            "S*" => {
                let (times, line) = rest.split_once(' ').unwrap();
                let line = format!("{}\r\n", self.tagged(line));
                (0..times.parse::<usize>().unwrap()).try_for_each(|_| self.say(line.as_bytes()))
            }
            "C:" => {
                let heard = self.hear()?.to_lowercase();
                let (said, expected) = match rest.strip_prefix("{tag} ") {
                    Some(rest) => (heard.split_once(' ').unwrap_or_default().1, rest),
                    None => (heard.as_str(), rest),
                };
                if said.starts_with(&expected.to_lowercase()) {
                    return Some(());
                }
                let surprise = format!("expected {rest:?}, heard {heard:?}");
                self.state.lock().unwrap().surprises.push(surprise);
                None
            }
            "C*" => {
                while self.hear()? != rest {}
                Some(())
            }
            "! " if rest == "cut" => None,
            "! " if rest == "stall" => {
                while self.hear().is_some() {}
                None
            }
            "! " if rest == "wait" => self.wait(),
            _ => panic!("no line of a script: {line:?}"),
        }
    }

    fn tagged(&self, text: &str) -> String {
        text.replace("{tag}", &self.tag)
    }

    fn say(&mut self, bytes: &[u8]) -> Option<()> {
        self.stream.get_mut().write_all(bytes).ok()
    }

    /// The next line, without its end.
    fn hear(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        loop {
            match self.stream.read_until(b'\n', &mut bytes) {
                Ok(_) if bytes.last() == Some(&b'\n') => break,
                Ok(_) => return None,
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if self.state.lock().unwrap().ended {
                        return None;
                    }
                }
                Err(_) => return None,
            }
        }
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        if let Some((tag, _)) = line.split_once(' ') {
            tag.clone_into(&mut self.tag);
        }
        self.state.lock().unwrap().heard.push(line.clone());
        Some(line)
    }

    fn wait(&self) -> Option<()> {
        loop {
            {
                let mut state = self.state.lock().unwrap();
                if state.ended {
                    return None;
                }
                if state.go > 0 {
                    state.go -= 1;
                    return Some(());
                }
            }
            thread::sleep(LOOK);
        }
    }
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'r') => b'\r',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'x') => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other.unwrap(),
        });
    }
    bytes
}
