//! A loopback port or a Unix socket to listen at.

use std::fs::{Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio_util::either::Either;

use crate::config::Listen;
use crate::service::socket;

/// A client's connection.
pub(super) type Stream = Either<TcpStream, UnixStream>;

/// Whoever is in the service's group, a reverse proxy for instance, may ask for figures.
const MODE: u32 = 0o660;

/// Where clients come in.
pub(super) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

/// The file of a socket, as it was made.
pub(super) struct SocketFile {
    path: PathBuf,
    /// device and inode
    identity: (u64, u64),
}

impl Listener {
    /// Listens. A socket left behind by a killed daemon is replaced; what else lies there is an error.
    pub(super) async fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            Listen::Unix(path) => {
                let listener = socket::listen(path, "metrics.listen").await?;
                tokio::fs::set_permissions(path, Permissions::from_mode(MODE)).await?;
                let file = SocketFile {
                    path: path.clone(),
                    identity: identity(&look(path).await?),
                };
                Ok(Self::Unix(listener, file))
            }
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => Ok(Either::Left(listener.accept().await?.0)),
            Self::Unix(listener, _) => Ok(Either::Right(listener.accept().await?.0)),
        }
    }

    /// Listens no more; the file goes, unless another has put its own in its place.
    pub(super) async fn close(self) {
        if let Self::Unix(listener, file) = self {
            drop(listener);
            let found = look(&file.path).await;
            if found.is_ok_and(|found| identity(&found) == file.identity) {
                // Left behind, it is replaced at the next start.
                let _ = tokio::fs::remove_file(&file.path).await;
            }
        }
    }
}

async fn look(path: &Path) -> io::Result<Metadata> {
    tokio::fs::symlink_metadata(path).await
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_file_goes_with_its_listener_unless_it_is_anothers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.sock");
        let listen = Listen::Unix(path.clone());
        let first = Listener::bind(&listen).await.unwrap();
        let mode = look(&path).await.unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o660);
        first.close().await;
        assert!(!path.exists());

        let first = Listener::bind(&listen).await.unwrap();
        tokio::fs::remove_file(&path).await.unwrap();
        let second = Listener::bind(&listen).await.unwrap();
        first.close().await;
        assert!(path.exists(), "it is the second's");
        let occupied = Listener::bind(&listen).await.err().unwrap();
        assert_eq!(occupied.kind(), io::ErrorKind::AddrInUse);
        // As a process that was killed leaves it.
        drop(second);
        Listener::bind(&listen).await.unwrap().close().await;
        assert!(!path.exists());

        tokio::fs::write(&path, "somebody's").await.unwrap();
        let error = Listener::bind(&listen).await.err().unwrap().to_string();
        assert!(error.contains("metrics.listen"), "{error}");
        assert_eq!(tokio::fs::read(&path).await.unwrap(), b"somebody's");
    }
}
