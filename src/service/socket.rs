//! The socket at which `deliver` hands mail in: the whole mail until the end of the
//! stream, then one line back: `ok` once it is on disk, else what is wrong. Who does not
//! listen for that line any more has not finished: its mail is left to be handed in again.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use nix::unistd::Group;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::{Shared, trouble};
use crate::clock;
use crate::config::Config;
use crate::log::Arrival;
use crate::mailbox::header;
use crate::request::Place;

/// The mailbox under which such mail stands in the log.
const MAILBOX: &str = "deliver";
/// The line that says that a mail is on disk.
pub(crate) const TAKEN: &[u8] = b"ok\n";
/// A client that sends nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// Whoever takes longer in all, a few bytes at a time, only keeps others out.
const MOST_PATIENCE: Duration = Duration::from_secs(600);
/// Clients served at once; further ones wait in the listening queue.
const CLIENTS: usize = 16;

/// Listens, for those whom the configuration lets in.
pub(super) async fn bind(config: &Config) -> io::Result<UnixListener> {
    let listener = listen(&config.socket, "service.socket").await?;
    if let Some(name) = &config.socket_group {
        let group = Group::from_name(name)?.ok_or_else(|| {
            let message = format!("die Gruppe {name} gibt es nicht");
            io::Error::new(io::ErrorKind::NotFound, message)
        })?;
        chown(&config.socket, None, Some(group.gid.as_raw()))?;
    }
    let mode = Permissions::from_mode(config.socket_mode);
    tokio::fs::set_permissions(&config.socket, mode).await?;
    Ok(listener)
}

/// A socket left behind by a killed daemon is replaced, one in use is an error; `setting` names the path.
pub(super) async fn listen(path: &Path, setting: &str) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if UnixStream::connect(path).await.is_ok() {
                return Err(io::Error::new(
                    io::ErrorKind::AddrInUse,
                    "ein anderer Prozess hört dort schon zu, vielleicht ein zweiter Antragsbote",
                ));
            }
            let there = tokio::fs::symlink_metadata(path).await?;
            if !there.file_type().is_socket() {
                let message = format!(
                    "dort liegt etwas anderes als ein Socket, nennen Sie mit {setting} einen anderen Pfad"
                );
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
            tokio::fs::remove_file(path).await?;
            UnixListener::bind(path)
        }
        other => other,
    }
}

/// Takes mail in until the service stops.
pub(super) async fn run(shared: Arc<Shared>, listener: UnixListener) -> anyhow::Result<()> {
    let mut clients = JoinSet::new();
    loop {
        if clients.len() >= CLIENTS {
            clients.join_next().await;
        }
        let Some(client) = shared.stop.run_until_cancelled(listener.accept()).await else {
            break;
        };
        match client {
            Ok((stream, _)) => {
                clients.spawn(serve(Arc::clone(&shared), stream));
            }
            Err(error) => {
                // Out of file descriptors, as a rule: those in use become free soon.
                tracing::warn!(error.kind = "socket", error = %error, "cannot take a client");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    clients.shutdown().await;
    // A socket file without a service would make `deliver` wait for nothing.
    let _ = tokio::fs::remove_file(&shared.config.socket).await;
    Ok(())
}

async fn serve(shared: Arc<Shared>, mut stream: UnixStream) {
    let answer = match take(&shared, &mut stream).await {
        Ok(()) => TAKEN.to_vec(),
        Err(error) => {
            trouble::tell_of_log(&shared.alarms, &error);
            tracing::warn!(error.kind = trouble::kind(&error), "mail not taken");
            format!("{error:#}\n").into_bytes()
        }
    };
    // A client that does not wait for the answer has decided by itself.
    let _ = stream.write_all(&answer).await;
}

async fn take(shared: &Shared, stream: &mut UnixStream) -> anyhow::Result<()> {
    let limit = shared.config.policy.max_message_size;
    let read = tokio::time::timeout(MOST_PATIENCE, read(stream, limit)).await;
    let (raw, size) = read.context("the mail took too long to come")??;
    let id = clock::request_id();
    let arrival = Arrival {
        place: Place {
            mailbox: MAILBOX.to_owned(),
            validity: 0,
            name: id.as_str().to_owned(),
        },
        id,
        raw,
        size,
        received_at: clock::now(),
    };
    shared
        .log
        .receive(MAILBOX, vec![arrival], None)
        .await
        .context("the mail cannot be recorded")?;
    crate::halt::at(crate::halt::Point::HandedIn);
    shared.recorded.ring();
    Ok(())
}

/// The mail, or of an oversized one its header, and its size in bytes.
async fn read(stream: &mut UnixStream, limit: u64) -> anyhow::Result<(Vec<u8>, u64)> {
    let mut raw = Vec::new();
    let mut size = 0_u64;
    let mut chunk = vec![0_u8; 64 << 10];
    loop {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut chunk))
            .await
            .context("the mail stopped coming")??;
        if read == 0 {
            break;
        }
        size += read as u64;
        // Of an oversized mail the beginning is enough: its header is kept.
        if raw.len() as u64 <= limit {
            raw.extend_from_slice(chunk.get(..read).unwrap_or_default());
        }
    }
    if size > limit {
        raw.truncate(header(&raw).len());
    }
    // Whoever has sent all of it still listens; a client that was killed, or gave up half-way,
    // has closed both ways, which shows when something is written, be it nothing.
    let listens = stream.write(&[]).await;
    listens.context("the client went away in the midst of the mail")?;
    Ok((raw, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_ends_at_its_empty_line() {
        assert_eq!(header(b"A: b\r\n\r\ntext").len(), 8);
        assert_eq!(header(b"A: b\n\ntext\n\n").len(), 6);
        assert_eq!(header(b"no end").len(), 6);
    }

    #[tokio::test]
    async fn only_what_came_whole_is_taken() {
        let (mut client, mut service) = UnixStream::pair().unwrap();
        client.write_all(b"A: b\n\nhalf").await.unwrap();
        drop(client);
        assert!(read(&mut service, 100).await.is_err());

        let (mut client, mut service) = UnixStream::pair().unwrap();
        client.write_all(b"A: b\n\nwhole").await.unwrap();
        client.shutdown().await.unwrap();
        let (raw, size) = read(&mut service, 100).await.unwrap();
        assert_eq!((raw.as_slice(), size), (b"A: b\n\nwhole".as_slice(), 11));

        let (mut client, mut service) = UnixStream::pair().unwrap();
        client.write_all(b"A: b\n\nmore than four").await.unwrap();
        client.shutdown().await.unwrap();
        let (raw, size) = read(&mut service, 4).await.unwrap();
        assert_eq!((raw.as_slice(), size), (b"A: b\n\n".as_slice(), 20));
    }

    #[tokio::test]
    async fn nothing_but_a_socket_without_a_service_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deliver.sock");
        let listen = |path| listen(path, "service.socket");
        let living = listen(&path).await.unwrap();
        assert!(listen(&path).await.is_err());
        drop(living);
        drop(listen(&path).await.unwrap());

        let file = folder.path().join("antragsbote.toml");
        tokio::fs::write(&file, "kept").await.unwrap();
        assert!(listen(&file).await.is_err());
        assert_eq!(tokio::fs::read_to_string(&file).await.unwrap(), "kept");
        assert!(listen(folder.path()).await.is_err());
    }
}
