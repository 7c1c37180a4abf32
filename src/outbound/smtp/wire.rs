//! What lettre speaks over: a stream that is already secured.
//!
//! lettre's own STARTTLS keeps what it has read in clear and believes it afterwards
//! (lettre 0.11.23), and its TLS takes no configuration of ours.

use std::io::{self, Cursor};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

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

/// The longest reply that is read before TLS; EHLO has a few dozen short lines.
const REPLY_BYTES: u64 = 64 * 1024;

/// A stream that begins with a greeting: after STARTTLS the server sends none, but
/// lettre waits for one.
#[derive(Debug)]
pub(super) struct Wire {
    greeting: Cursor<Vec<u8>>,
    stream: Stream,
}

impl Wire {
    pub(super) fn new(greeting: Vec<u8>, stream: Stream) -> Self {
        Self {
            greeting: Cursor::new(greeting),
            stream,
        }
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
    let mut lines = clear.take(REPLY_BYTES);
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
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
