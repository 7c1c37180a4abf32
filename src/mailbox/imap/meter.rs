//! How much a server may say: what reads its responses holds them in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What one response may take beside a mail: a SEARCH that finds 200,000 mails.
const RESPONSE: u64 = 2 << 20;

/// What all responses to a command may take beside mails: a list of 300,000 mails.
const COMMAND: u64 = 32 << 20;

/// How many bytes may answer a command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    response: u64,
    command: u64,
}

impl Budget {
    /// Enough for every command that fetches no mail.
    pub(super) fn command() -> Self {
        Self {
            response: RESPONSE,
            command: COMMAND,
        }
    }

    /// Enough for mails of these sizes, also where the server guesses sizes, as some do.
    pub(super) fn mails(sizes: impl Iterator<Item = u64>) -> Self {
        let (mut largest, mut total) = (0, 0_u64);
        for size in sizes {
            largest = size.max(largest);
            total = total.saturating_add(size);
        }
        let generous = |size: u64| size.saturating_add(size / 2);
        Self {
            response: generous(largest).saturating_add(RESPONSE),
            command: generous(total).saturating_add(COMMAND),
        }
    }
}

/// A stream from which no more is read than the budget allows.
#[derive(Debug)]
pub(super) struct Metered<S> {
    stream: S,
    response: u64,
    command: u64,
    literals: Literals,
}

impl<S> Metered<S> {
    pub(super) fn new(stream: S) -> Self {
        let Budget { response, command } = Budget::command();
        Self {
            stream,
            response,
            command,
            literals: Literals::default(),
        }
    }

    pub(super) fn into_inner(self) -> S {
        self.stream
    }

    /// A command begins.
    pub(super) fn allow(&mut self, budget: Budget) {
        self.response = budget.response;
        self.command = budget.command;
    }

    /// A response begins.
    pub(super) fn next(&mut self, budget: Budget) {
        self.response = budget.response;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.response == 0 || self.command == 0 {
            return Poll::Ready(Err(io::Error::other("the server says too much")));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let read = buffer.filled().get(before..).unwrap_or_default();
        self.response = self.response.saturating_sub(read.len() as u64);
        self.command = self.command.saturating_sub(read.len() as u64);
        // Whoever reads makes room for a literal as soon as it is announced.
        let announced = self.literals.read(read);
        if announced
            > self
                .response
                .min(self.command)
                .saturating_add(read.len() as u64)
        {
            return Poll::Ready(Err(io::Error::other("the server announces too much")));
        }
        Poll::Ready(Ok(()))
    }
}

/// Finds literals (RFC 3501 4.3): a line that ends with `{n}`, and n bytes after it.
#[derive(Debug, Default)]
struct Literals {
    /// bytes left of a literal
    inside: u64,
    /// the number of a `{n` that this line may end with
    number: Option<u64>,
    closed: bool,
}

impl Literals {
    /// Goes on with these bytes; returns the largest literal announced among them.
    fn read(&mut self, mut bytes: &[u8]) -> u64 {
        let mut largest = 0;
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.inside > 0 {
                let skipped = bytes
                    .len()
                    .min(usize::try_from(self.inside).unwrap_or(usize::MAX));
                self.inside -= skipped as u64;
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            bytes = rest;
            match (byte, self.number, self.closed) {
                (b'{', ..) => (self.number, self.closed) = (Some(0), false),
                (b'0'..=b'9', Some(number), false) => {
                    let digit = u64::from(byte - b'0');
                    self.number = Some(number.saturating_mul(10).saturating_add(digit));
                }
                (b'}', Some(_), false) => self.closed = true,
                (b'\r', Some(_), true) => {}
                (b'\n', Some(number), true) => {
                    largest = number.max(largest);
                    (self.inside, self.number) = (number, None);
                }
                _ => self.number = None,
            }
        }
        largest
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[test]
    fn literals_are_found_by_their_announcement_alone() {
        let text =
            b"* 1 FETCH (BODY[] {13}\r\nx {9999999}\r\n FLAGS {5} \"{7}\" {3}\r\nabc)\r\n{4}x\r\n";
        for piece in 1..text.len() {
            let mut literals = Literals::default();
            let found: Vec<u64> = text
                .chunks(piece)
                .map(|bytes| literals.read(bytes))
                .filter(|&length| length > 0)
                .collect();
            assert!(matches!(found[..], [13, 3] | [13]), "{piece}: {found:?}");
            assert_eq!((literals.inside, literals.number), (0, None));
        }
        assert_eq!(
            Literals::default().read(b"{99999999999999999999999}\r\n"),
            u64::MAX
        );
    }

    #[tokio::test]
    async fn no_more_is_read_than_is_allowed() {
        let budget = Budget {
            response: 100,
            command: 150,
        };
        let mut metered = Metered::new(&[b'x'; 1000][..]);
        metered.allow(budget);
        let mut some = [0; 90];
        metered.read_exact(&mut some).await.unwrap();
        metered.next(budget);
        metered.read_exact(&mut some[..60]).await.unwrap();
        metered.next(budget);
        assert!(metered.read_exact(&mut some[..1]).await.is_err());
        let mut metered = Metered::new(&b"* 1 FETCH (BODY[] {200}\r\n"[..]);
        metered.allow(budget);
        assert!(metered.read_exact(&mut some[..25]).await.is_err());
    }
}
