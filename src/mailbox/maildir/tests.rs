use std::fs::{self, File};
use std::future::{pending, ready};
use std::io::Write;
use std::pin::pin;

use jiff::Timestamp;
use tokio::time::timeout;

use super::*;

/// Only a failing test waits as long.
const FAILURE: Duration = Duration::from_secs(20);

struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open(&self, archive: Option<&str>) -> Maildir {
        Maildir::open(&MaildirConfig {
            path: self.path("box"),
            archive: archive.map(|name| self.path(name)),
            archive_retention: None,
        })
        .await
        .unwrap()
    }

    fn put(&self, name: &str, content: &str) {
        fs::write(self.path("box").join(name), content).unwrap();
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn names(listed: &[Listed]) -> Vec<&str> {
    listed.iter().map(|mail| mail.place.name.as_str()).collect()
}

fn places(listed: &[Listed]) -> Vec<Place> {
    listed.iter().map(|mail| mail.place.clone()).collect()
}

async fn ring(maildir: &mut Maildir) {
    timeout(FAILURE, maildir.wait(Duration::MAX, pin!(pending())))
        .await
        .expect("nothing rang")
        .unwrap();
}

#[tokio::test]
async fn what_lies_there_is_listed_oldest_first() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(None).await;
    assert_eq!(maildir.look().await.unwrap(), []);
    for (name, content) in [
        ("new/1700000009.a.host", "123"),
        ("cur/999999999.b.host:2,S", "12345"),
        ("cur/1700000008.c.host:2,FR", ""),
        ("new/.hidden", "x"),
        ("tmp/1700000001.d.host", "x"),
    ] {
        fixture.put(name, content);
    }
    fs::create_dir(fixture.path("box/new/1700000000.folder")).unwrap();
    let listed = maildir.look().await.unwrap();
    assert_eq!(
        names(&listed),
        ["999999999.b.host", "1700000008.c.host", "1700000009.a.host"]
    );
    let figures: Vec<_> = listed.iter().map(|mail| (mail.size, mail.seen)).collect();
    assert_eq!(figures, [(5, true), (0, false), (3, false)]);
    let identity = format!("maildir:{}", fixture.path("box").display());
    assert!(listed.iter().all(|mail| mail.place.mailbox == identity));
}

#[tokio::test]
async fn mails_are_fetched_whichever_their_flags() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(None).await;
    fixture.put("new/1700000001.a.host", "A: b\r\nC: d\r\n\r\nbody\r\n\r\n");
    fixture.put("new/1700000002.b.host", "A: b\nC: d");
    let listed = maildir.look().await.unwrap();
    fs::rename(
        fixture.path("box/new/1700000001.a.host"),
        fixture.path("box/cur/1700000001.a.host:2,RS"),
    )
    .unwrap();
    let mut wanted = places(&listed);
    wanted.push(Place {
        name: "1700000003.vanished".to_owned(),
        ..wanted[0].clone()
    });
    for (extent, expected) in [
        (Extent::Whole, "A: b\r\nC: d\r\n\r\nbody\r\n\r\n"),
        (Extent::Header, "A: b\r\nC: d\r\n\r\n"),
    ] {
        let fetched = maildir.fetch(&wanted, extent).await.unwrap();
        assert_eq!(fetched.len(), 2);
        assert_eq!(fetched[0].raw, expected.as_bytes());
        assert_eq!(fetched[0].size, 22);
        assert_eq!(fetched[1].raw, b"A: b\nC: d");
        assert_eq!(fetched[1].place, listed[1].place);
    }
}

#[tokio::test]
async fn handled_mail_moves_to_the_archive_or_is_marked() {
    for (archive, folder) in [(Some("done"), "done/cur"), (None, "box/cur")] {
        let fixture = Fixture::new();
        let mut maildir = fixture.open(archive).await;
        fixture.put("new/1700000001.a.host", "a");
        fixture.put("cur/1700000002.b.host:2,F", "b");
        let mut wanted = places(&maildir.look().await.unwrap());
        wanted.push(Place {
            name: "1700000003.vanished".to_owned(),
            ..wanted[0].clone()
        });
        maildir.settle(&wanted).await.unwrap();
        maildir.settle(&wanted).await.unwrap();
        assert_eq!(
            fixture.files(folder),
            ["1700000001.a.host:2,S", "1700000002.b.host:2,FS"]
        );
        let left = maildir.look().await.unwrap();
        assert!(left.iter().all(|mail| mail.seen));
        assert_eq!(left.len(), if archive.is_some() { 0 } else { 2 });
    }
}

#[tokio::test]
async fn a_mail_named_by_hand_keeps_its_place_and_gives_way_to_none() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(None).await;
    fixture.put("new/anfrage", "first");
    let first = places(&maildir.look().await.unwrap());
    maildir.settle(&first).await.unwrap();
    assert_eq!(places(&maildir.look().await.unwrap()), first);
    fixture.put("new/anfrage", "second");
    let both = places(&maildir.look().await.unwrap());
    assert_eq!(both.len(), 2);
    maildir.settle(&both).await.unwrap();
    let kept: BTreeSet<_> = places(&maildir.look().await.unwrap()).into_iter().collect();
    assert_eq!(kept, both.into_iter().collect());
    assert_eq!(fixture.files("box/cur").len(), 2);
}

#[tokio::test]
async fn what_arrives_rings() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(None).await;
    assert!(maildir.tells());
    // before the first look, by rename, by link, into cur
    for (number, folder) in ["new", "new", "cur"].into_iter().enumerate() {
        let name = format!("170000000{number}.a.host");
        fixture.put(&format!("tmp/{name}"), "a");
        let (from, to) = (
            fixture.path("box/tmp").join(&name),
            fixture.path("box").join(folder).join(&name),
        );
        if number == 1 {
            fs::hard_link(from, to).unwrap();
        } else {
            fs::rename(from, to).unwrap();
        }
        ring(&mut maildir).await;
        assert_eq!(maildir.look().await.unwrap().len(), number + 1);
    }
    // nothing more: the wait ends by its limit or its interrupt
    maildir.wait(Duration::ZERO, pin!(pending())).await.unwrap();
    timeout(FAILURE, maildir.wait(Duration::MAX, pin!(ready(()))))
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn what_arrives_between_look_and_wait_rings() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(None).await;
    assert_eq!(maildir.look().await.unwrap(), []);
    fixture.put("new/1700000001.a.host", "a");
    ring(&mut maildir).await;
}

#[tokio::test]
async fn a_file_copied_by_hand_counts_when_it_is_complete() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(Some("done")).await;
    let path = fixture.path("box/new/anfrage.eml");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(maildir.look().await.unwrap(), []);
    file.write_all(b" and half").unwrap();
    drop(file);
    ring(&mut maildir).await;
    let first = places(&maildir.look().await.unwrap());
    assert_eq!(
        maildir.fetch(&first, Extent::Whole).await.unwrap()[0].raw,
        b"half and half"
    );
    maildir.settle(&first).await.unwrap();
    // the same name again is another mail
    let file = File::create(&path).unwrap();
    let epoch = std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    file.set_modified(epoch).unwrap();
    drop(file);
    let second = places(&maildir.look().await.unwrap());
    assert_ne!(first, second);
    maildir.settle(&second).await.unwrap();
    assert_eq!(fixture.files("done/cur").len(), 2);
}

#[tokio::test]
async fn a_folder_that_is_removed_is_an_error() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(None).await;
    fs::remove_dir_all(fixture.path("box")).unwrap();
    let error = timeout(FAILURE, maildir.wait(Duration::MAX, pin!(pending())))
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(error.kind(), "maildir");
    assert!(maildir.look().await.is_err());
}

#[tokio::test]
async fn of_two_each_mail_goes_to_one() {
    let fixture = Fixture::new();
    let (mut one, mut two) = (fixture.open(None).await, fixture.open(None).await);
    for name in ["1700000001.a.host", "1700000002.b.host"] {
        fixture.put(&format!("new/{name}"), "x");
    }
    let lie = places(&one.look().await.unwrap());
    assert_eq!(one.claim(&lie[..1], "one").await.unwrap(), lie[..1]);
    assert_eq!(two.claim(&lie, "two").await.unwrap(), lie[1..]);
    two.settle(&lie[1..]).await.unwrap();
    let told: Vec<_> = one
        .look()
        .await
        .unwrap()
        .into_iter()
        .map(|mail| (mail.owner, mail.handled))
        .collect();
    let owners = ["one", "two"].map(|name| Some(name.to_owned()));
    let [first, second] = owners;
    assert_eq!(told, [(first, false), (second, true)]);
    // Only whose it is can be told to let it go.
    two.release(&lie[..1], "two").await.unwrap();
    assert_eq!(two.claim(&lie[..1], "two").await.unwrap(), []);
    two.release(&lie[..1], "one").await.unwrap();
    assert_eq!(two.claim(&lie[..1], "two").await.unwrap(), lie[..1]);
}

#[tokio::test]
async fn old_mail_and_that_of_one_sender_leave_the_archive() {
    let fixture = Fixture::new();
    let mut maildir = fixture.open(Some("done")).await;
    let put = |name: &str, from: &str, age: u64| {
        let text = format!("From: {from}\n\nx\n");
        for folder in ["box", "done"] {
            let path = fixture.path(folder).join("cur").join(name);
            fs::write(&path, &text).unwrap();
            let time = std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000 - age);
            File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(time)
                .unwrap();
        }
    };
    put("1.a:2,S", "Anna <ANNA@example.org>", 0);
    put("2.b:2,S", "joanna@example.org", 0);
    put("3.c:2,S", "c@example.org", 100);
    let before = Timestamp::new(1_700_000_000 - 50, 0).unwrap();
    assert_eq!(maildir.expire(before).await.unwrap(), 1);
    assert_eq!(maildir.erase("anna@example.org").await.unwrap(), 1);
    assert_eq!(fixture.files("done/cur"), ["2.b:2,S"]);
    assert_eq!(fixture.files("box/cur").len(), 3);
}
