//! A TCP proxy between the daemon and a server, which a test breaks and mends while it runs.
//!
//! It looks at bytes, so what is to be recognised must pass in clear (`security = "none"`).

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::process::free_port;

/// How often a proxy that has nothing to do looks whether it was broken, mended or dropped.
const LOOK: Duration = Duration::from_millis(10);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    /// what the daemon says
    Server,
    /// what the server says
    Client,
}

/// What the proxy does to all connections, those that are open included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// everything passes
    Pass,
    /// nobody listens; what is open stays open
    Refuse,
    /// connections are accepted, and all that is said is swallowed
    Stall,
    /// what goes this way is swallowed, the rest passes
    HalfOpen(Toward),
    /// at most so many bytes pass either way, then nothing for a while
    Trickle(usize, Duration),
    /// a connection is cut once these bytes have passed this way
    CutAfter(Toward, &'static [u8]),
    /// a connection is cut once these bytes want to pass this way; they do not
    CutBefore(Toward, &'static [u8]),
    /// these bytes come before everything that passes this way
    Garbage(Toward, &'static [u8]),
}

/// The proxy; ends with this value.
#[derive(Debug)]
pub(crate) struct Chaos {
    /// where it listens, on loopback
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    listener: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    server: u16,
    trouble: Trouble,
    /// connections with a number below this are to end
    cut_below: usize,
    /// connections accepted so far
    accepted: usize,
    /// connections cut by [`Trouble::CutAfter`] or [`Trouble::CutBefore`]
    cuts: usize,
    ended: bool,
}

impl Chaos {
    /// Stands before the server on this loopback port; everything passes.
    pub(crate) fn before(server: u16) -> Self {
        Self::at(Ipv4Addr::LOCALHOST, free_port(), server)
    }

    /// The same, on a loopback address and port of its own choice; ports that everybody expects are root's.
    pub(crate) fn at(address: Ipv4Addr, port: u16, server: u16) -> Self {
        let state = Arc::new(Mutex::new(State {
            server,
            trouble: Trouble::Pass,
            cut_below: 0,
            accepted: 0,
            cuts: 0,
            ended: false,
        }));
        let first = bind(address, port).unwrap();
        let shared = Arc::clone(&state);
        let listener = thread::spawn(move || listen(address, port, first, &shared));
        Self {
            port,
            state,
            listener: Some(listener),
        }
    }

    /// Breaks it, or mends it by [`Trouble::Pass`].
    pub(crate) fn set(&self, trouble: Trouble) {
        self.state.lock().unwrap().trouble = trouble;
    }

    /// Cuts all connections there are now.
    pub(crate) fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.cut_below = state.accepted;
    }

    /// How many connections were accepted so far.
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().accepted
    }

    /// How many connections were cut at given bytes so far.
    pub(crate) fn cuts(&self) -> usize {
        self.state.lock().unwrap().cuts
    }
}

impl Drop for Chaos {
    fn drop(&mut self) {
        // A poisoned lock means that a test has failed already.
        if let Ok(mut state) = self.state.lock() {
            state.ended = true;
            state.cut_below = usize::MAX;
        }
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

fn bind(address: Ipv4Addr, port: u16) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind((address, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Accepts connections until the proxy ends, then waits for those it has.
fn listen(address: Ipv4Addr, port: u16, first: TcpListener, state: &Arc<Mutex<State>>) {
    let mut open = Some(first);
    let mut pumps = Vec::new();
    loop {
        let (ended, refuses) = {
            let state = state.lock().unwrap();
            (state.ended, state.trouble == Trouble::Refuse)
        };
        if ended {
            break;
        }
        if refuses {
            open = None;
        } else if open.is_none() {
            open = bind(address, port).ok();
        }
        match open.as_ref().map(TcpListener::accept) {
            Some(Ok((client, _))) => pumps.extend(join_up(client, state)),
            _ => thread::sleep(LOOK),
        }
    }
    for pump in pumps {
        let _ = pump.join();
    }
}

/// Connects a client to the server; without a server it is let go.
fn join_up(client: TcpStream, state: &Arc<Mutex<State>>) -> Vec<JoinHandle<()>> {
    let (number, server) = {
        let mut state = state.lock().unwrap();
        state.accepted += 1;
        (state.accepted - 1, state.server)
    };
    client.set_nonblocking(false).unwrap();
    let Ok(server) = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, server))) else {
        return Vec::new();
    };
    let pump = |from: &TcpStream, to: &TcpStream, toward| {
        let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        from.set_read_timeout(Some(LOOK)).unwrap();
        // A peer that reads nothing must not hold up the end of a test.
        to.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        let state = Arc::clone(state);
        thread::spawn(move || carry(number, from, to, toward, &state))
    };
    vec![
        pump(&client, &server, Toward::Server),
        pump(&server, &client, Toward::Client),
    ]
}

/// Carries bytes one way until either side ends or the connection is cut.
fn carry(
    number: usize,
    mut from: TcpStream,
    mut to: TcpStream,
    toward: Toward,
    state: &Mutex<State>,
) {
    let mut buffer = [0; 16 * 1024];
    // What passed last: bytes to be recognised may come in two pieces.
    let mut passed = Vec::new();
    loop {
        let trouble = {
            let state = state.lock().unwrap();
            if number < state.cut_below {
                break;
            }
            state.trouble.clone()
        };
        let most = match trouble {
            Trouble::Trickle(bytes, pause) => {
                thread::sleep(pause);
                bytes.min(buffer.len())
            }
            _ => buffer.len(),
        };
        let chunk = match from.read(&mut buffer[..most]) {
            Ok(0) => {
                // The other way may still have something to say.
                let _ = to.shutdown(Shutdown::Write);
                return;
            }
            Ok(length) => &buffer[..length],
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                continue;
            }
            Err(_) => break,
        };
        // It may have been broken while this thread waited.
        let trouble = state.lock().unwrap().trouble.clone();
        let (piece, cut) = through(&trouble, toward, &mut passed, chunk);
        if to.write_all(&piece).is_err() {
            break;
        }
        if cut {
            state.lock().unwrap().cuts += 1;
            break;
        }
    }
    for stream in [from, to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

/// What of a chunk passes, and whether the connection is cut then.
fn through(
    trouble: &Trouble,
    toward: Toward,
    passed: &mut Vec<u8>,
    chunk: &[u8],
) -> (Vec<u8>, bool) {
    let before = passed.len();
    passed.extend(chunk);
    let found = |bytes: &[u8]| {
        let mut windows = passed.windows(bytes.len()).enumerate();
        let is_new = |at: usize| at + bytes.len() > before;
        let (at, _) = windows.find(|(at, some)| is_new(*at) && *some == bytes)?;
        // Of what passed before nothing can be taken back.
        Some((at.max(before) - before, at + bytes.len() - before))
    };
    let result = match trouble {
        Trouble::Stall => (Vec::new(), false),
        Trouble::HalfOpen(dead) if *dead == toward => (Vec::new(), false),
        Trouble::Garbage(way, bytes) if *way == toward => ([bytes, chunk].concat(), false),
        Trouble::CutAfter(way, bytes) if *way == toward => match found(bytes) {
            Some((_, end)) => (chunk[..end].to_vec(), true),
            None => (chunk.to_vec(), false),
        },
        Trouble::CutBefore(way, bytes) if *way == toward => match found(bytes) {
            Some((start, _)) => (chunk[..start].to_vec(), true),
            None => (chunk.to_vec(), false),
        },
        _ => (chunk.to_vec(), false),
    };
    let keep = passed.len().min(64);
    passed.drain(..passed.len() - keep);
    result
}
