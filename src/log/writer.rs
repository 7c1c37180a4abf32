//! The one writer: it alone holds the connection that writes.
//!
//! Changes that arrive together share one transaction, and so one wait for the disk.
//! Each has its savepoint: one that fails takes back its own steps and no others.
//! Callers hear of their change after the commit. A caller that goes away does not
//! stop a change that was handed over.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::Error;
use super::presence::Presence;

/// How many changes wait at most before callers do.
pub(super) const QUEUE: usize = 256;

/// How many changes share one transaction at most, so that other processes get their turn.
const TOGETHER: usize = 64;

/// How long nothing is to be done before the file is tidied up.
const QUIET: Duration = Duration::from_millis(500);

/// How long after an attempt to write the file anew that failed, for want of room as a rule, the next may follow.
const SCRUB_AGAIN: Duration = Duration::from_mins(15);

/// How long another process may hold the file. The service has five seconds to stop.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

/// What the writer can be asked for.
pub(super) enum Task {
    /// a change, to be made in a transaction with others
    Change(Box<dyn Change>),
    /// write the file anew, so that no byte of what was removed is left
    Scrub(oneshot::Sender<Result<(), Error>>),
    /// close the file
    Close(oneshot::Sender<()>),
}

/// A change and the caller who waits for it.
pub(super) trait Change: Send {
    /// Makes the change; if it fails, its steps are to be taken back.
    fn make<'c>(
        &'c mut self,
        connection: &'c mut SqliteConnection,
    ) -> BoxFuture<'c, Result<(), Error>>;
    /// Tells the caller how it ended.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

/// The work of a [`Change`] that yields a `T`.
type Work<T> =
    Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, sqlx::Result<T>> + Send>;

struct Pending<T> {
    work: Option<Work<T>>,
    outcome: Result<T, Error>,
    caller: oneshot::Sender<Result<T, Error>>,
    path: Arc<Path>,
}

impl<T: Send> Change for Pending<T> {
    fn make<'c>(
        &'c mut self,
        connection: &'c mut SqliteConnection,
    ) -> BoxFuture<'c, Result<(), Error>> {
        Box::pin(async move {
            if let Some(work) = self.work.take() {
                let outcome = work(connection).await;
                self.outcome = outcome.map_err(|error| Error::new(&self.path, &error));
            }
            self.outcome.as_ref().map(drop).map_err(Clone::clone)
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        // A caller that has gone away does not want to know.
        let _ = self.caller.send(committed.and(self.outcome));
    }
}

/// Has the writer make a change; returns once it is on disk.
pub(super) async fn change<T, W>(
    tasks: &mpsc::Sender<Task>,
    path: &Arc<Path>,
    work: W,
) -> Result<T, Error>
where
    T: Send + 'static,
    W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, sqlx::Result<T>> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    let pending = Pending {
        work: Some(Box::new(work)),
        outcome: Err(Error::Closed),
        caller,
        path: Arc::clone(path),
    };
    let sent = tasks.send(Task::Change(Box::new(pending))).await;
    sent.map_err(|_| Error::Closed)?;
    answer.await.map_err(|_| Error::Closed)?
}

/// Works until the file is closed or nobody is left to ask.
pub(super) async fn run(
    mut connection: SqliteConnection,
    mut tasks: mpsc::Receiver<Task>,
    path: Arc<Path>,
) {
    let mut file = Presence::of(path);
    // What a predecessor left undone is done in the first quiet moment.
    let mut untidy = true;
    let mut scrub_at = Instant::now();
    let mut closing = None;
    while closing.is_none() {
        let first = if untidy {
            match tokio::time::timeout(QUIET, tasks.recv()).await {
                Ok(first) => first,
                Err(_) => {
                    tidy(&mut connection).await;
                    untidy = false;
                    if Instant::now() >= scrub_at && owes_scrub(&mut connection).await {
                        let scrubbed = scrub(&mut connection, &file.path).await;
                        untidy = scrubbed.is_err();
                        scrub_at = Instant::now() + SCRUB_AGAIN;
                    }
                    continue;
                }
            }
        } else {
            tasks.recv().await
        };
        let Some(first) = first else { break };
        let (changes, other) = gather(first, &mut tasks);
        if !changes.is_empty() {
            if commit(&mut connection, changes, &mut file).await == Err(Error::Closed) {
                break;
            }
            untidy = true;
        }
        match other {
            Some(Task::Scrub(caller)) => {
                let _ = caller.send(scrub(&mut connection, &file.path).await);
            }
            Some(Task::Close(caller)) => closing = Some(caller),
            Some(Task::Change(_)) | None => {}
        }
    }
    let _ = connection.close().await;
    if let Some(caller) = closing {
        let _ = caller.send(());
    }
}

/// Takes what is queued: changes, up to a task of another kind.
fn gather(first: Task, tasks: &mut mpsc::Receiver<Task>) -> (Vec<Box<dyn Change>>, Option<Task>) {
    let mut changes = Vec::new();
    let mut next = Some(first);
    while let Some(task) = next {
        match task {
            Task::Change(change) => changes.push(change),
            other => return (changes, Some(other)),
        }
        next = (changes.len() < TOGETHER)
            .then(|| tasks.try_recv().ok())
            .flatten();
    }
    (changes, None)
}

/// Makes changes in one transaction and tells the callers.
async fn commit(
    connection: &mut SqliteConnection,
    mut changes: Vec<Box<dyn Change>>,
    file: &mut Presence,
) -> Result<(), Error> {
    let committed = match file.check() {
        Ok(()) => make_all(connection, &mut changes, &file.path).await,
        Err(error) => Err(error),
    };
    for change in changes {
        change.answer(committed.clone());
    }
    committed
}

/// Begins and ends the transaction in SQLite's own words: where a disk is full SQLite may have taken it
/// back by itself, and sqlx, which counts, would take the connection for one with an open transaction
/// for ever.
async fn make_all(
    connection: &mut SqliteConnection,
    changes: &mut [Box<dyn Change>],
    path: &Path,
) -> Result<(), Error> {
    let translate = |error: sqlx::Error| Error::new(path, &error);
    execute(connection, "BEGIN IMMEDIATE")
        .await
        .map_err(translate)?;
    let mut made = make_each(connection, changes, path).await;
    if made.is_ok() {
        made = execute(connection, "COMMIT").await.map_err(translate);
    }
    if made.is_err() {
        // Perhaps there is none left.
        let _ = execute(connection, "ROLLBACK").await;
    }
    made
}

async fn make_each(
    connection: &mut SqliteConnection,
    changes: &mut [Box<dyn Change>],
    path: &Path,
) -> Result<(), Error> {
    let translate = |error: sqlx::Error| Error::new(path, &error);
    if let [alone] = changes {
        // The transaction is its savepoint.
        return alone.make(connection).await;
    }
    for change in changes {
        execute(connection, "SAVEPOINT one")
            .await
            .map_err(translate)?;
        if let Err(error) = change.make(connection).await
            && execute(connection, "ROLLBACK TO one").await.is_err()
        {
            // The whole transaction is gone, for the reason of this change.
            return Err(error);
        }
        execute(connection, "RELEASE one")
            .await
            .map_err(translate)?;
    }
    Ok(())
}

/// Gives free pages back and empties the write-ahead log. Whoever is in the way now is not waited for:
/// there will be another quiet moment.
async fn tidy(connection: &mut SqliteConnection) {
    let _ = set_patience(connection, Duration::ZERO).await;
    let _ = execute(connection, "PRAGMA incremental_vacuum").await;
    let _ = execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let _ = set_patience(connection, PATIENCE).await;
}

/// Whether personal data was removed and the file not yet written anew.
async fn owes_scrub(connection: &mut SqliteConnection) -> bool {
    let owed = sqlx::query_scalar("PRAGMA user_version").fetch_one(connection);
    owed.await.is_ok_and(|owed: i64| owed != 0)
}

/// `secure_delete` overwrites what is deleted, but not the copies that stay behind in a page when its
/// rows move to another one. Only a file written anew holds nothing of them.
///
/// Where there is no room for that, what can be given back is.
async fn scrub(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    // The copy may be far larger than the memory we allow ourselves.
    let anew = execute(connection, "PRAGMA temp_store = FILE; VACUUM").await;
    let _ = execute(
        connection,
        "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST",
    )
    .await;
    if anew.is_err() {
        let _ = execute(connection, "PRAGMA incremental_vacuum").await;
    }
    let emptied = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(&mut *connection)
        .await;
    let done = match anew.and(emptied) {
        Ok(false) => execute(connection, "PRAGMA user_version = 0").await,
        Ok(true) => return Err(Error::Busy(path.to_owned())),
        Err(error) => Err(error),
    };
    done.map_err(|error| Error::new(path, &error))
}

async fn set_patience(connection: &mut SqliteConnection, patience: Duration) -> sqlx::Result<()> {
    let sql = format!("PRAGMA busy_timeout = {}", patience.as_millis());
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> sqlx::Result<()> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}
