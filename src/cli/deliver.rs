//! `deliver`: one mail from standard input to the running service.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use crate::config::Config;
use crate::service::TAKEN;

/// Postfix and sendmail kill a pipe after 1000 seconds; the service answers within a commit.
const PATIENCE: Duration = Duration::from_secs(120);

/// The service did not take the mail; the mail server keeps it and tries again.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// nobody listens
    #[error("the service does not answer at {socket}")]
    NotRunning {
        socket: String,
        #[source]
        source: io::Error,
    },
    /// the connection broke before the answer
    #[error("the mail could not be handed over")]
    Broken(#[source] io::Error),
    /// the service said no
    #[error("the service did not take the mail: {0}")]
    NotTaken(String),
}

/// Hands the mail on standard input to the service; `Ok` means that it is on disk.
pub(super) fn run(config: &Config) -> Result<(), Error> {
    let mut socket = UnixStream::connect(&config.socket).map_err(|source| Error::NotRunning {
        socket: config.socket.display().to_string(),
        source,
    })?;
    let answer = hand_over(&mut socket).map_err(Error::Broken)?;
    if answer == TAKEN {
        Ok(())
    } else {
        let words = String::from_utf8_lossy(&answer).trim().to_owned();
        Err(Error::NotTaken(words))
    }
}

fn hand_over(socket: &mut UnixStream) -> io::Result<Vec<u8>> {
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    io::copy(&mut io::stdin().lock(), socket)?;
    socket.flush()?;
    socket.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    Ok(answer)
}
