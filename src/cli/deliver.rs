//! `deliver`: one mail from standard input to the running service.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::Settings;
use super::exit::{Class, Failure};
use crate::service::TAKEN;

/// Postfix and sendmail kill a pipe after 1000 seconds; the service answers within a commit.
const PATIENCE: Duration = Duration::from_secs(120);

/// What to do where the socket is not for this user.
const DENIED: &str = "rufen Sie den Befehl mit der Gruppe des Sockets auf (service.socket_group, sonst die des \
    Dienstes), oder lassen Sie alle zu: service.socket_mode = \"0666\"";

/// Hands the mail on standard input to the service; success means that it is on disk.
///
/// # Errors
/// Whatever goes wrong is temporary for the mail server: it keeps the mail and tries again.
pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
    let config = settings.config().map_err(|failure| Failure {
        class: Class::TryAgain,
        ..failure
    })?;
    let path = config.socket.display();
    let answer = UnixStream::connect(&config.socket)
        .map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::PermissionDenied => DENIED,
                _ => "starten Sie ihn mit `antragsbote serve` oder `systemctl start antragsbote`",
            };
            let message = format!("der Dienst antwortet nicht an {path}");
            not_taken(anyhow::Error::new(error).context(message)).hint(hint)
        })
        .and_then(|mut socket| {
            hand_over(&mut socket).map_err(|error| {
                let error = anyhow::Error::new(error);
                not_taken(error.context("die Mail konnte nicht übergeben werden"))
            })
        })?;
    if answer == TAKEN {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&answer);
    let message = format!("der Dienst hat die Mail nicht angenommen: {}", words.trim());
    Err(not_taken(anyhow::Error::msg(message)))
}

fn not_taken(error: anyhow::Error) -> Failure {
    Failure::new(Class::TryAgain, error)
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
