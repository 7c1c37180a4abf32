//! A survey tells how a log is, and leaves it so.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::{House, MAILBOX, arrival, config};
use crate::log::{Config, Error, Survey, open, survey};

/// Each file with its content.
fn files(folder: &TempDir) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[tokio::test]
async fn what_waits_and_who_works_on_it_is_told() {
    let house = House::new().await;
    let sound = survey(&config(&house.folder)).await.unwrap().unwrap();
    let current = open::current_version();
    assert!(current >= 6);
    assert_eq!((sound.version, sound.current), (current, current));
    assert_eq!((sound.waiting, sound.failed), (0, 0));
    assert_eq!((sound.oldest_waiting, sound.held), (None, false));

    let mails = vec![arrival(1, b"one"), arrival(2, b"two")];
    let first = mails[0].received_at;
    house.log.receive(MAILBOX, mails, None).await.unwrap();
    let hold = house.log.hold().await.unwrap();
    let found = survey(&config(&house.folder)).await.unwrap().unwrap();
    assert_eq!((found.waiting, found.failed), (2, 0));
    assert_eq!((found.oldest_waiting, found.held), (Some(first), true));
    drop(hold);
}

#[tokio::test]
async fn no_log_is_made() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(survey(&config(&folder)).await.unwrap(), None);
    assert!(files(&folder).is_empty());

    fs::write(folder.path().join("log.db"), "").unwrap();
    let empty = survey(&config(&folder)).await.unwrap().unwrap();
    let expected = Survey {
        version: 0,
        current: open::current_version(),
        size_bytes: 0,
        waiting: 0,
        failed: 0,
        oldest_waiting: None,
        held: false,
    };
    assert_eq!(empty, expected);
    assert_eq!(files(&folder).into_values().collect::<Vec<_>>(), [b""]);
}

#[tokio::test]
async fn a_closed_log_stays_byte_for_byte() {
    let House { folder, log } = House::new().await;
    log.close().await;
    let before = files(&folder);
    survey(&config(&folder)).await.unwrap();
    assert_eq!(files(&folder), before);
}

#[tokio::test]
async fn what_is_no_log_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text");
    fs::write(&text, "kein Protokoll ".repeat(500)).unwrap();
    let before = files(&folder);
    let of_text = Config {
        path: text.clone(),
        ..config(&folder)
    };
    let error = survey(&of_text).await.unwrap_err();
    assert_eq!(error, Error::NotALog(text));
    assert_eq!(files(&folder), before);
}

#[tokio::test]
async fn a_damaged_log_is_named() {
    let House { folder, log } = House::new().await;
    let mails = (1..200)
        .map(|number| arrival(number, &[b'a'; 500]))
        .collect();
    log.receive(MAILBOX, mails, None).await.unwrap();
    log.close().await;
    let path = config(&folder).path;
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 8192].fill(0x55);
    fs::write(&path, bytes).unwrap();
    let error = survey(&config(&folder)).await.unwrap_err();
    assert_eq!(error.kind(), "damaged", "{error}");
}
