use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use super::{House, config, id};
use crate::log::{Config, Error, Log};

async fn fails(path: &Path) -> Error {
    let config = Config {
        path: path.to_owned(),
        retention: std::time::Duration::MAX,
    };
    Log::open(&config).await.unwrap_err()
}

#[tokio::test]
async fn what_is_no_log_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let inside = |name: &str| folder.path().join(name);
    std::fs::write(inside("text"), "kein Protokoll ".repeat(500)).unwrap();
    std::fs::create_dir(inside("folder")).unwrap();
    foreign(&inside("foreign.db")).await;
    let table = [
        ("missing/log.db", "no-folder"),
        ("text/log.db", "no-folder"),
        ("text", "not-a-log"),
        ("folder", "cannot-open"),
        ("foreign.db", "not-a-log"),
    ];
    for (name, kind) in table {
        let before = std::fs::read(inside(name)).ok();
        let error = fails(&inside(name)).await;
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(!error.transient(), "{name}");
        let shown = error.to_string();
        assert!(shown.contains(folder.path().to_str().unwrap()), "{shown}");
        assert!(!shown.ends_with('.'), "{shown}");
        assert!(
            std::fs::read(inside(name)).ok() == before,
            "{name} was changed"
        );
    }
}

/// A database of another program.
async fn foreign(path: &Path) {
    use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::query("CREATE TABLE song (title TEXT)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_log_of_a_newer_version_is_left_alone() {
    let house = House::new().await;
    house.log.clone().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&*house.log.path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = fails(&house.log.path).await;
    assert_eq!(error.kind(), "too-new");
}

#[tokio::test]
async fn a_log_that_cannot_be_written_to_says_so() {
    let house = House::new().await;
    house.log.clone().close().await;
    let path = &house.log.path;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o400)).unwrap();
    if std::fs::OpenOptions::new().append(true).open(path).is_ok() {
        println!("skipped: root may write to every file");
        return;
    }
    let error = fails(path).await;
    assert_eq!(error.kind(), "read-only");
}

#[tokio::test]
async fn the_file_belongs_to_the_service_alone() {
    let folder = tempfile::tempdir().unwrap();
    // As root, give the folder to somebody else: what root makes there must be theirs.
    let _ = chown(folder.path(), Some(4321), Some(4321));
    let owner = folder.path().metadata().unwrap().uid();
    let log = Log::open(&config(&folder)).await.unwrap();
    log.release().await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        assert_eq!(metadata.mode() & 0o777, 0o600, "{entry:?}");
        assert_eq!(metadata.uid(), owner, "{entry:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[tokio::test]
async fn many_processes_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    let logs = futures_util::future::join_all((0..8).map(|_| Log::open(&config))).await;
    for log in logs {
        assert!(log.unwrap().show(&id(1)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn settings_hold_on_every_connection() {
    let house = House::new().await;
    let settings: [(&'static str, i64); 4] = [
        ("SELECT foreign_keys FROM pragma_foreign_keys", 1),
        ("SELECT query_only FROM pragma_query_only", 1),
        ("SELECT auto_vacuum FROM pragma_auto_vacuum", 2),
        ("SELECT timeout FROM pragma_busy_timeout", 4000),
    ];
    for (sql, expected) in settings {
        let value: i64 = sqlx::query_scalar(sql)
            .fetch_one(&house.log.readers)
            .await
            .unwrap();
        assert_eq!(value, expected, "{sql}");
    }
    let (synchronous, mode): (i64, String) = house
        .log
        .change(|connection| {
            Box::pin(async move {
                sqlx::query_as(
                    "SELECT synchronous, journal_mode FROM pragma_synchronous, pragma_journal_mode",
                )
                .fetch_one(connection)
                .await
            })
        })
        .await
        .unwrap();
    assert_eq!((synchronous, mode.as_str()), (2, "wal"));
}

#[test]
fn result_codes_have_their_meaning() {
    #[derive(Debug)]
    struct Said(&'static str);
    impl std::fmt::Display for Said {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("said")
        }
    }
    impl std::error::Error for Said {}
    impl sqlx::error::DatabaseError for Said {
        fn message(&self) -> &str {
            "said"
        }
        fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
            Some(self.0.into())
        }
        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }
        fn kind(&self) -> sqlx::error::ErrorKind {
            sqlx::error::ErrorKind::Other
        }
    }
    let table = [
        ("5", "busy", true),
        ("261", "busy", true),
        ("8", "read-only", false),
        ("1032", "read-only", false),
        ("11", "damaged", false),
        ("13", "full", true),
        ("14", "cannot-open", false),
        ("26", "not-a-log", false),
        ("778", "failed", true),
    ];
    for (code, kind, transient) in table {
        let error = Error::new(
            Path::new("log.db"),
            &sqlx::Error::Database(Box::new(Said(code))),
        );
        assert_eq!(
            (error.kind(), error.transient()),
            (kind, transient),
            "{code}"
        );
    }
}

/// SQLite takes a transaction back by itself when there is no room: the next one must not take it for open.
#[tokio::test]
async fn a_full_disk_fails_changes_until_there_is_room() {
    let house = House::new().await;
    let pages = |number: u32| {
        house.log.change(move |connection| {
            Box::pin(async move {
                let sql = format!("PRAGMA max_page_count = {number}");
                let set = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
                set.execute(connection).await.map(drop)
            })
        })
    };
    pages(1).await.unwrap();
    let receive = |number| {
        let arrivals = vec![super::arrival(number, &[b'x'; 50_000])];
        house.log.receive(super::MAILBOX, arrivals, None)
    };
    for _ in 0..2 {
        let (one, other) = tokio::join!(receive(1), receive(2));
        assert_eq!(
            [one.unwrap_err().kind(), other.unwrap_err().kind()],
            ["full", "full"]
        );
    }
    pages(1_000_000).await.unwrap();
    receive(1).await.unwrap();
    assert_eq!(house.log.list(9).await.unwrap().len(), 1);
}
