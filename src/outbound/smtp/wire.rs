//! What lettre speaks over: a stream that is already secured.
//!
//! lettre's own STARTTLS keeps what it has read in clear and believes it afterwards
//! (lettre 0.11.23), and its TLS takes no configuration of ours.

use std::io::{self, Cursor};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::commands::{Ehlo, Starttls};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf,
};
use tokio::net::TcpStream;

use super::{refused, words};
use crate::outbound::{Error, Step};
use crate::tls::{self, Stream};

/// The longest reply, or group of replies, that is read; EHLO has a few dozen short lines.
const REPLY_BYTES: usize = 32 * 1024;

/// What of a line is read (RFC 5321 4.5.3.1.5: 512 bytes are the most); lettre takes longer
/// ones for no reply at all, also where they say that the mail was taken.
const LINE_BYTES: usize = 900;

/// A stream that begins with a greeting: after STARTTLS the server sends none, but
/// lettre waits for one. What the server says comes as lettre can read it: lines clipped,
/// in ASCII (RFC 5321 2.4), and bounded altogether.
#[derive(Debug)]
pub(super) struct Wire {
    greeting: Cursor<Vec<u8>>,
    stream: Stream,
    /// bytes read since something was last written
    read: usize,
    /// bytes of the current line
    line: usize,
}

impl Wire {
    pub(super) fn new(greeting: Vec<u8>, stream: Stream) -> Self {
        Self {
            greeting: Cursor::new(greeting),
            stream,
            read: 0,
            line: 0,
        }
    }

    /// What of these bytes is handed on.
    fn readable(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut kept = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            self.line += 1;
            match byte {
                b'\n' => self.line = 0,
                b'\r' => {}
                _ if self.line > LINE_BYTES => continue,
                _ => {}
            }
            kept.push(if byte.is_ascii() { byte } else { b'?' });
        }
        kept
    }
}

/// Goes up to where TLS begins (RFC 3207); returns the greeting. Nothing else that was
/// said in clear is used.
pub(super) async fn starttls(
    tcp: &mut TcpStream,
    host: &str,
    name: &ClientId,
) -> Result<Vec<u8>, Error> {
    let mut clear = BufReader::new(tcp);
    let (greeting, _) = reply(&mut clear).await?;
    let (_, offers) = command(&mut clear, &Ehlo::new(name.clone())).await?;
    let offered = |line: &str| line.trim().eq_ignore_ascii_case("STARTTLS");
    if !offers.message().any(offered) {
        return Err(Error::Connect(tls::Error::NotOffered {
            host: host.to_owned(),
        }));
    }
    command(&mut clear, &Starttls).await?;
    if !clear.buffer().is_empty() {
        return Err(Error::Connect(tls::Error::Injected {
            host: host.to_owned(),
        }));
    }
    Ok(greeting.into_bytes())
}

async fn command(
    clear: &mut BufReader<&mut TcpStream>,
    command: &impl ToString,
) -> Result<(String, Response), Error> {
    clear
        .write_all(command.to_string().as_bytes())
        .await
        .map_err(lost)?;
    reply(clear).await
}

/// Reads a reply up to its last line, the one with a blank after the code.
async fn reply(clear: &mut BufReader<&mut TcpStream>) -> Result<(String, Response), Error> {
    let step = Step::Greeting;
    let mut text = String::new();
    let mut lines = clear.take(REPLY_BYTES as u64);
    loop {
        let start = text.len();
        if lines.read_line(&mut text).await.map_err(lost)? == 0 {
            return Err(Error::Lost { step, source: None });
        }
        if text.as_bytes().get(start + 3) != Some(&b'-') {
            break;
        }
    }
    let reply: Response = text.parse().map_err(|_| Error::Protocol { step })?;
    if !reply.is_positive() {
        return Err(refused(step, u16::from(reply.code()), words(&reply)));
    }
    Ok((text, reply))
}

fn lost(source: io::Error) -> Error {
    Error::Lost {
        step: Step::Greeting,
        source: Some(source),
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.tcp().peer_addr()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let replayed = Pin::new(&mut self.greeting).poll_read(context, buffer);
        if buffer.filled().len() > before {
            return replayed;
        }
        let mut space = [0; 4096];
        loop {
            let room = space.len().min(buffer.remaining());
            let mut chunk = ReadBuf::new(space.get_mut(..room).unwrap_or_default());
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut chunk))?;
            let bytes = chunk.filled();
            self.read += bytes.len();
            if self.read > REPLY_BYTES {
                return Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "a reply without end",
                )));
            }
            let kept = self.readable(bytes);
            buffer.put_slice(&kept);
            // Nothing at all would mean that the connection has ended.
            if bytes.is_empty() || !kept.is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.read = 0;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
