//! Opening the database: the file, its settings, its tables.
#![allow(
    clippy::disallowed_methods,
    reason = "makes the database file with its mode and owner before SQLite opens it"
)]

use std::fs::{Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::Error;
use super::writer::PATIENCE;

static MIGRATIONS: Migrator = sqlx::migrate!("src/log/migrations");

/// "antr", as the first migration sets it.
const APPLICATION_ID: i64 = 0x616E_7472;

/// Pages of 4 KiB after which the write-ahead log flows back into the database.
const WAL_PAGES: &str = "128";

/// What is left of the write-ahead log at most, once it has flowed back.
const WAL_BYTES: &str = "524288";

/// Connections that read at the same time.
const READERS: u32 = 2;

/// How often a start that collides with another process is tried again: changing
/// to WAL is the one step that SQLite does not wait for.
const STARTS: u32 = 20;

/// Opens or makes the database; returns the connection that writes and those that read.
pub(super) async fn open(path: &Path) -> Result<(SqliteConnection, SqlitePool), Error> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(Error::NoFolder(folder.to_owned()));
    }
    let empty = make_file(path).map_err(|error| unusable(path, &error))?;
    let mut start = 1;
    let writer = loop {
        match connect_writer(path, empty).await {
            Err(Error::Busy(_)) if start < STARTS => {
                start += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => break result?,
        }
    };
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        // No caretaker task: sqlx's (0.9.0) counts idle connections wrongly while the first is
        // being made, now and then, and then turns in circles for ever.
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_lazy_with(options(path).pragma("query_only", "ON"));
    Ok((writer, readers))
}

/// Why the file cannot be opened to be written to.
pub(super) fn unusable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            Error::ReadOnly(path.to_owned())
        }
        _ => Error::CannotOpen {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    }
}

/// The version that the tables are brought to.
pub(super) fn current_version() -> u32 {
    let versions = MIGRATIONS.iter().map(|migration| migration.version);
    versions
        .max()
        .and_then(|version| u32::try_from(version).ok())
        .unwrap_or_default()
}

/// Makes the file if it is missing, for its owner alone; returns whether it holds nothing yet. Fails if it
/// cannot be written to.
/// SQLite gives -wal and -shm the same mode and owner.
fn make_file(path: &Path) -> io::Result<bool> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(file) => give_away(path, &file.metadata()?).map(|()| true),
        // Asked of the system: SQLite does not say why it cannot write.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let file = OpenOptions::new().append(true).open(path)?;
            Ok(file.metadata()?.len() == 0)
        }
        Err(error) => Err(error),
    }
}

/// What root makes belongs to the owner of the folder: the service.
pub(super) fn give_away(path: &Path, file: &Metadata) -> io::Result<()> {
    let folder = folder_of(path).metadata()?;
    if file.uid() == 0 && folder.uid() != 0 {
        chown(path, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// The settings of every connection; sqlx sets the time to wait for locks before anything else.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        // What savepoints and sorting need for a moment makes no files.
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

async fn connect_writer(path: &Path, empty: bool) -> Result<SqliteConnection, Error> {
    let translate = |error: sqlx::Error| Error::new(path, &error);
    if !empty {
        // Looks without touching it.
        let mut looking = options(path).connect().await.map_err(translate)?;
        let ours = is_ours(&mut looking).await.map_err(translate)?;
        looking.close().await.map_err(translate)?;
        if !ours {
            return Err(Error::NotALog(path.to_owned()));
        }
    }
    let mut options = options(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "FAST")
        .pragma("wal_autocheckpoint", WAL_PAGES)
        .pragma("journal_size_limit", WAL_BYTES);
    if empty {
        // Kept in the file; said again, it would be written again.
        options = options.auto_vacuum(SqliteAutoVacuum::Incremental);
    }
    let mut connection = options.connect().await.map_err(translate)?;
    let migrated = bring_up_to_date(&mut connection).await;
    migrated.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => translate(error),
        MigrateError::VersionMissing(_) => Error::TooNew(path.to_owned()),
        other => Error::Damaged {
            path: path.to_owned(),
            reason: other.to_string(),
        },
    })?;
    Ok(connection)
}

/// Whether the database is empty or a log of ours.
pub(super) async fn is_ours(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    let (application, tables): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)",
    )
    .fetch_one(connection)
    .await?;
    Ok(tables == 0 || application == APPLICATION_ID)
}

/// All in one transaction: of two processes that start together, one does it and the other waits.
async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS.run(&mut *transaction).await?;
    crate::halt::at(crate::halt::Point::Migrating);
    transaction.commit().await?;
    Ok(())
}
