//! Where one person stands in the records of others.

use sqlx::SqliteConnection;

use super::person::Person;

/// A column of words: how to find those that may name somebody, and how to replace one.
struct Words {
    find: &'static str,
    replace: &'static str,
}

macro_rules! words {
    ($table:literal, $key:literal, $column:literal) => {
        Words {
            find: concat!(
                "SELECT ",
                $key,
                ", ",
                $column,
                " FROM ",
                $table,
                " WHERE instr(lower(",
                $column,
                "), ?) > 0"
            ),
            replace: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = ?1 WHERE ",
                $key,
                " = ?2 AND ",
                $column,
                " = ?3"
            ),
        }
    };
}

const WORDS: [Words; 9] = [
    words!("request", "seq", "message_id"),
    words!("request", "seq", "subject"),
    words!("request", "seq", "evidence"),
    words!("request", "seq", "leaves"),
    words!("request", "seq", "error"),
    words!("delivery", "request", "response"),
    words!("document", "request", "beirat"),
    words!("document", "request", "rat"),
    words!("document", "request", "file"),
];

/// A table of bytes: which comes next, and how to replace it.
struct Bytes {
    next: &'static str,
    replace: &'static str,
}

const BYTES: [Bytes; 2] = [
    Bytes {
        next: "SELECT request, bytes FROM mail WHERE request > ? ORDER BY request LIMIT 1",
        replace: "UPDATE mail SET bytes = ?1 WHERE request = ?2",
    },
    Bytes {
        next: "SELECT request, bytes FROM reply WHERE request > ? ORDER BY request LIMIT 1",
        replace: "UPDATE reply SET bytes = ?1 WHERE request = ?2",
    },
];

/// Blanks the address out wherever it stands: the rest of these records stays, and what waits goes on.
pub(super) async fn blank_mentions(
    connection: &mut SqliteConnection,
    person: &Person,
) -> sqlx::Result<()> {
    for words in WORDS {
        for (key, text) in found(connection, &words, person).await? {
            let mut blanked = text.clone().into_bytes();
            if !person.blank(&mut blanked) {
                continue;
            }
            sqlx::query(words.replace)
                .bind(String::from_utf8_lossy(&blanked).into_owned())
                .bind(key)
                .bind(text)
                .execute(&mut *connection)
                .await?;
        }
    }
    for table in BYTES {
        let mut last = 0_i64;
        while let Some((key, mut bytes)) = next(connection, &table, last).await? {
            last = key;
            if person.blank(&mut bytes) {
                sqlx::query(table.replace)
                    .bind(bytes)
                    .bind(key)
                    .execute(&mut *connection)
                    .await?;
            }
        }
    }
    Ok(())
}

async fn found(
    connection: &mut SqliteConnection,
    words: &Words,
    person: &Person,
) -> sqlx::Result<Vec<(i64, String)>> {
    sqlx::query_as(words.find)
        .bind(person.core())
        .fetch_all(connection)
        .await
}

/// One at a time: a mail may be large.
async fn next(
    connection: &mut SqliteConnection,
    table: &Bytes,
    last: i64,
) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    sqlx::query_as(table.next)
        .bind(last)
        .fetch_optional(connection)
        .await
}
