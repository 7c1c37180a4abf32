#![allow(
    clippy::disallowed_methods,
    reason = "tests touch the world on purpose"
)]

use std::future::{pending, ready};
use std::path::PathBuf;
use std::pin::pin;

use super::*;
use crate::oauth::Credential;
use crate::secret::Secret;
use crate::tls::Security;
use crate::tls::peer::{Identity, play};

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready";

/// Logs in by PLAIN: "\0antrag@example.org\0geheim".
const LOGIN: [&str; 6] = [
    "> CAPABILITY",
    "* CAPABILITY IMAP4rev1 AUTH=PLAIN",
    "@ OK done",
    "> AUTHENTICATE PLAIN",
    "+ ",
    "> AGFudHJhZ0BleGFtcGxlLm9yZwBnZWhlaW0=",
];

fn config(port: u16) -> ImapConfig {
    ImapConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        username: "antrag@example.org".to_owned(),
        credential: Credential::Password(Secret::Plain("geheim".to_owned())),
        ca_file: None,
        folder: "INBOX".to_owned(),
        archive: None,
        archive_retention: None,
    }
}

fn secured(port: u16, security: Security, ca_file: PathBuf) -> ImapConfig {
    ImapConfig {
        host: "localhost".to_owned(),
        security,
        ca_file: Some(ca_file),
        ..config(port)
    }
}

fn archiving(port: u16) -> ImapConfig {
    ImapConfig {
        archive: Some("Gelöschte Elemente".to_owned()),
        ..config(port)
    }
}

/// A table from the greeting to the selected folder, then what is special.
fn opened(abilities: &'static str, rest: &[&'static str]) -> Vec<&'static str> {
    let mut table = vec![GREETING];
    table.extend(LOGIN);
    table.extend(["@ OK welcome", "> CAPABILITY", abilities, "@ OK done"]);
    table.extend([
        "> LIST \"\" \"\"",
        "* LIST (\\Noselect) \"/\" \"\"",
        "@ OK done",
    ]);
    table.extend([
        "> SELECT \"INBOX\"",
        "* 3 EXISTS",
        "* OK [UIDVALIDITY 77] fine",
        "@ OK [READ-WRITE] done",
    ]);
    table.extend(rest);
    table
}

/// The same with an archive that exists.
fn archived(abilities: &'static str, rest: &[&'static str]) -> Vec<&'static str> {
    let mut table = opened(
        abilities,
        &[
            "> LIST \"\" \"Gel&APY-schte Elemente\"",
            "* LIST () \"/\" \"Gel&APY-schte Elemente\"",
            "@ OK done",
        ],
    );
    table.extend(rest);
    table
}

const BARE: &str = "* CAPABILITY IMAP4rev1";
const IDLE: &str = "* CAPABILITY IMAP4rev1 IDLE";

fn at(uids: &[u32]) -> Vec<Place> {
    let name = "imap:127.0.0.1/antrag@example.org/INBOX";
    uids.iter().map(|&uid| place(name, 77, uid)).collect()
}

/// The same as a look lists them, with their sizes.
fn lying(mails: &[(u32, u64)]) -> Vec<Listed> {
    let listed = |&(uid, size): &(u32, u64)| Listed {
        place: at(&[uid])[0].clone(),
        size,
        seen: false,
        arrived: Timestamp::UNIX_EPOCH,
        owner: None,
        handled: false,
    };
    mails.iter().map(listed).collect()
}

/// Plays a table against what `$client` does with the open mailbox.
macro_rules! against {
    ($table:expr, $config:expr, |$imap:ident| $client:expr) => {{
        let table = $table;
        let (port, server) = play(None, &[&table]).await;
        let client = async {
            #[allow(unused_mut, reason = "some only wait")]
            let mut $imap = Imap::open(&$config(port)).await.unwrap();
            $client
        };
        tokio::join!(server, client)
    }};
}

mod sharing;
mod surveying;
mod tokens;

/// Plays a table that keeps the mailbox from being opened.
async fn fails(table: &[&str]) -> Error {
    let (port, server) = play(None, &[table]).await;
    let config = config(port);
    tokio::join!(server, Imap::open(&config)).1.unwrap_err()
}

#[tokio::test]
async fn a_look_lists_by_uid_and_without_the_quirk_of_the_star() {
    let table = opened(
        BARE,
        &[
            "> UID FETCH 5:* (UID FLAGS INTERNALDATE RFC822.SIZE)",
            "* 3 FETCH (UID 9 FLAGS (\\Seen $Label]) RFC822.SIZE 300)",
            "* 1 FETCH (FLAGS (\\Seen))",
            "* 2 FETCH (UID 5 FLAGS () RFC822.SIZE 200)",
            "@ OK done",
            "> UID FETCH 10:*",
            "* 3 FETCH (UID 9 FLAGS (\\Seen) RFC822.SIZE 300)",
            "@ OK done",
        ],
    );
    against!(table, config, |imap| {
        assert_eq!(
            imap.identity(),
            ("imap:127.0.0.1/antrag@example.org/INBOX", 77)
        );
        let listed = imap.look(5).await.unwrap();
        let figures: Vec<_> = listed
            .iter()
            .map(|mail| (mail.place.name.as_str(), mail.size, mail.seen))
            .collect();
        assert_eq!(figures, [("5", 200, false), ("9", 300, true)]);
        assert_eq!(listed[0].place, at(&[5])[0]);
        assert_eq!(imap.look(10).await.unwrap(), []);
    });
}

#[tokio::test]
async fn a_refused_look_is_an_error_and_no_empty_mailbox() {
    for (answer, kind) in [
        ("@ NO server error", "refused-command"),
        ("@ BAD what", "refused-command"),
        ("!", "lost"),
        ("* BYE going down", "bye"),
        ("* 1 FETCH (((", "protocol"),
    ] {
        let table = opened(BARE, &["> UID FETCH", answer]);
        against!(table, config, |imap| {
            let error = imap.look(1).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error:?}");
        });
    }
}

#[tokio::test]
async fn several_mails_are_fetched_by_one_command() {
    let table = opened(
        BARE,
        &[
            "> UID FETCH 1:2,4:5 (UID RFC822.SIZE BODY.PEEK[])",
            "* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {6}",
            "a",
            "b",
            ")",
            "* 9 EXISTS",
            // told without being asked
            "* 7 FETCH (UID 7 RFC822.SIZE 1 BODY[] {1}",
            "x)",
            "* 3 FETCH (FLAGS (\\Seen))",
            "* 5 EXPUNGE",
            "* 2 FETCH (UID 2 RFC822.SIZE 0 BODY[] NIL)",
            "@ OK done",
            "> UID SEARCH UID 4:5",
            "* SEARCH",
            "@ OK done",
            "> UID FETCH 1 (UID RFC822.SIZE BODY.PEEK[HEADER]<0.262144>)",
            "* 1 FETCH (BODY[HEADER]<0> {3}",
            "a",
            " UID 1)",
            "@ OK done",
        ],
    );
    against!(table, config, |imap| {
        let mails = lying(&[(5, 1), (4, 16_777_216), (2, 0), (1, 5)]);
        let fetched = imap.fetch(&mails, Extent::Whole).await.unwrap();
        let found: Vec<_> = fetched
            .iter()
            .map(|mail| (mail.place.name.as_str(), mail.size, mail.raw.as_slice()))
            .collect();
        assert_eq!(found, [("1", 5, &b"a\r\nb\r\n"[..]), ("2", 0, b"")]);
        let header = imap.fetch(&lying(&[(1, 5)]), Extent::Header).await.unwrap();
        assert_eq!(
            (header[0].size, header[0].raw.as_slice()),
            (5, &b"a\r\n"[..])
        );
        // of an earlier UIDVALIDITY, or from elsewhere: nothing is asked
        let mut strange = lying(&[(1, 1), (1, 1)]);
        strange[0].place.validity = 76;
        strange[1].place.mailbox = "deliver".to_owned();
        assert_eq!(imap.fetch(&strange, Extent::Whole).await.unwrap(), []);
    });
}

#[tokio::test]
async fn a_mail_that_is_listed_and_not_sent_is_an_error_and_not_gone() {
    let table = opened(
        BARE,
        &[
            "> UID FETCH 1:2",
            // without its UID nobody knows which it is
            "* 1 FETCH (RFC822.SIZE 1 BODY[] {1}",
            "a)",
            "@ OK done",
            "> UID SEARCH UID 1:2",
            "* SEARCH 1",
            "@ OK done",
        ],
    );
    against!(table, config, |imap| {
        let mails = lying(&[(1, 1), (2, 1)]);
        let error = imap.fetch(&mails, Extent::Whole).await.unwrap_err();
        assert_eq!((error.kind(), error.step()), ("protocol", "UID FETCH"));
    });
}

#[tokio::test]
async fn a_server_that_says_too_much_is_not_listened_to() {
    let endless: Vec<&str> = std::iter::once("> UID FETCH 1")
        .chain(std::iter::repeat_n("* 1 FETCH (FLAGS ())", 10))
        .collect();
    let long: &'static str = Box::leak(format!("* OK {}", "x".repeat(3 << 20)).into_boxed_str());
    for answer in [
        // a line without an end
        vec!["> UID FETCH 1", long],
        // room for a literal is made when it is announced
        vec!["> UID FETCH 1", "* 1 FETCH (UID 1 BODY[] {400000000}"],
        endless.into_iter().chain([long]).collect(),
    ] {
        let table = opened(BARE, answer.leak());
        let (port, server) = play(None, &[&table]).await;
        let client = async {
            let mut imap = Imap::open(&config(port)).await.unwrap();
            let mails = lying(&[(1, 5)]);
            let error = imap.fetch(&mails, Extent::Whole).await.unwrap_err();
            assert_eq!(error.kind(), "protocol", "{error:?}");
        };
        // The server cannot finish what nobody reads.
        tokio::select! {
            _ = server => {}
            () = client => {}
        }
    }
}

#[tokio::test]
async fn handled_mail_is_set_aside_as_the_server_can() {
    for (abilities, lines) in [
        (
            "* CAPABILITY IMAP4rev1 MOVE UIDPLUS",
            &["> UID MOVE 1:2 \"Gel&APY-schte Elemente\"", "@ OK done"][..],
        ),
        (
            "* CAPABILITY IMAP4rev1 UIDPLUS",
            &[
                "> UID COPY 1:2 \"Gel&APY-schte Elemente\"",
                "@ OK done",
                "> UID STORE 1:2 +FLAGS.SILENT (\\Seen \\Deleted)",
                "@ OK done",
                "> UID EXPUNGE 1:2",
                "* 1 EXPUNGE",
                "@ OK done",
            ],
        ),
        (
            BARE,
            &[
                "> UID COPY 1:2",
                "@ OK done",
                "> UID STORE 1:2",
                "@ OK done",
                "> UID SEARCH DELETED",
                "* SEARCH 2 1",
                "@ OK done",
                "> EXPUNGE",
                "@ OK done",
            ],
        ),
        // somebody else flagged mail 9: nothing is expunged
        (
            BARE,
            &[
                "> UID COPY 1:2",
                "@ OK done",
                "> UID STORE 1:2",
                "@ OK done",
                "> UID SEARCH DELETED",
                "* SEARCH 1 2 9",
                "@ OK done",
            ],
        ),
    ] {
        against!(archived(abilities, lines), archiving, |imap| {
            imap.settle(&at(&[2, 1])).await.unwrap();
        });
    }
    let lines = ["> UID STORE 1 +FLAGS.SILENT (\\Seen)", "@ OK done"];
    against!(opened(BARE, &lines), config, |imap| {
        imap.settle(&at(&[1])).await.unwrap();
        imap.settle(&[]).await.unwrap();
    });
}

#[tokio::test]
async fn an_archive_is_made_where_the_server_wants_it() {
    let table = opened(
        "* CAPABILITY IMAP4rev1 MOVE",
        &[
            "> LIST \"\" \"Gel&APY-schte Elemente\"",
            "@ OK done",
            "> LIST \"\" \"INBOX/Gel&APY-schte Elemente\"",
            "@ OK done",
            "> CREATE \"Gel&APY-schte Elemente\"",
            "@ NO only below INBOX",
            "> CREATE \"INBOX/Gel&APY-schte Elemente\"",
            "@ OK done",
            "> SUBSCRIBE \"INBOX/Gel&APY-schte Elemente\"",
            "@ NO no subscriptions here",
            "> UID MOVE 1 \"INBOX/Gel&APY-schte Elemente\"",
            "@ OK done",
        ],
    );
    against!(table, archiving, |imap| imap
        .settle(&at(&[1]))
        .await
        .unwrap());
}

#[tokio::test]
async fn an_archive_that_cannot_be_made_is_named() {
    let table = opened(
        BARE,
        &[
            "> LIST",
            "@ OK done",
            "> LIST",
            "@ OK done",
            "> CREATE",
            "@ NO read-only server",
            "> CREATE",
            "@ NO not there either",
        ],
    );
    let (port, server) = play(None, &[&table]).await;
    let config = archiving(port);
    let error = tokio::join!(server, Imap::open(&config)).1.unwrap_err();
    assert_eq!(error.kind(), "folder");
    assert!(error.to_string().contains("Gelöschte Elemente"), "{error}");
    assert!(error.to_string().contains("read-only server"), "{error}");
}

#[tokio::test]
async fn a_folder_below_inbox_is_found_and_uidvalidity_asked_for() {
    let mut table = vec![GREETING];
    table.extend(LOGIN);
    table.extend(["@ OK welcome", "> CAPABILITY", BARE, "@ OK done"]);
    table.extend(["> LIST", "* LIST (\\Noselect) \".\" \"\"", "@ OK done"]);
    table.extend(["> SELECT \"Antrag.neu\"", "@ NO unknown"]);
    table.extend(["> SELECT \"INBOX.Antrag.neu\"", "@ OK done"]);
    table.extend(["> STATUS \"INBOX.Antrag.neu\" (UIDVALIDITY)"]);
    table.extend(["* STATUS \"INBOX.Antrag.neu\" (UIDVALIDITY 5)", "@ OK done"]);
    let (port, server) = play(None, &[&table]).await;
    let config = ImapConfig {
        folder: "Antrag/neu".to_owned(),
        ..config(port)
    };
    let imap = tokio::join!(server, Imap::open(&config)).1.unwrap();
    assert_eq!(imap.identity().1, 5);
}

#[tokio::test]
async fn a_folder_without_uidvalidity_is_refused() {
    let mut table = opened(BARE, &[]);
    table.retain(|line| !line.contains("UIDVALIDITY"));
    table.extend(["> STATUS", "@ OK done"]);
    assert_eq!(fails(&table).await.kind(), "folder");
}

#[tokio::test]
async fn idle_ends_when_mail_comes() {
    let table = opened(
        IDLE,
        &[
            "> UID FETCH",
            "@ OK done",
            "> IDLE",
            "+ idling",
            "* OK still here",
            "* 4 EXPUNGE",
            "* 4 EXISTS",
            "> DONE",
            "@ OK done",
        ],
    );
    against!(table, config, |imap| {
        assert!(imap.tells());
        imap.look(1).await.unwrap();
        imap.wait(Duration::MAX, pin!(pending())).await.unwrap();
    });
}

#[tokio::test]
async fn mail_announced_before_idle_is_not_waited_for() {
    // by SELECT, by the answer to a command, before IDLE's "+"
    against!(opened(IDLE, &[]), config, |imap| {
        imap.wait(Duration::MAX, pin!(pending())).await.unwrap();
    });
    let table = opened(
        IDLE,
        &[
            "> UID FETCH",
            "@ OK done",
            "> UID STORE",
            "* 5 EXISTS",
            "@ OK done",
            "> IDLE",
            "* 6 EXISTS",
            "+ idling",
            "> DONE",
            "@ OK done",
        ],
    );
    against!(table, config, |imap| {
        imap.look(1).await.unwrap();
        imap.settle(&at(&[1])).await.unwrap();
        imap.wait(Duration::MAX, pin!(pending())).await.unwrap();
        imap.wait(Duration::MAX, pin!(pending())).await.unwrap();
    });
}

#[tokio::test]
async fn idle_ends_by_interrupt_and_by_limit() {
    let table = opened(
        IDLE,
        &[
            "> UID FETCH",
            "@ OK done",
            "> IDLE",
            "+ idling",
            "> DONE",
            "@ OK done",
            "> IDLE",
            "+ idling",
            "> DONE",
            "@ OK done",
        ],
    );
    against!(table, config, |imap| {
        imap.look(1).await.unwrap();
        imap.wait(Duration::MAX, pin!(ready(()))).await.unwrap();
        imap.wait(Duration::ZERO, pin!(pending())).await.unwrap();
    });
}

#[tokio::test]
async fn a_connection_that_ends_during_idle_is_an_error() {
    for (end, kind) in [("!", "lost"), ("* BYE shutting down", "bye")] {
        let table = opened(
            IDLE,
            &["> UID FETCH", "@ OK done", "> IDLE", "+ idling", end],
        );
        against!(table, config, |imap| {
            imap.look(1).await.unwrap();
            let error = imap.wait(Duration::MAX, pin!(pending())).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error:?}");
        });
    }
}

#[tokio::test]
async fn without_idle_it_polls() {
    for (abilities, refusal) in [
        (BARE, &[][..]),
        (IDLE, &["> IDLE", "@ NO not for you"]),
        (IDLE, &["> IDLE", "@ BAD never heard of it"]),
    ] {
        let mut table = opened(abilities, &["> UID FETCH", "@ OK done"]);
        table.extend(refusal);
        table.extend(["> NOOP", "* 5 EXISTS", "@ OK done"]);
        against!(table, config, |imap| {
            imap.look(1).await.unwrap();
            imap.wait(Duration::ZERO, pin!(pending())).await.unwrap();
            assert!(!imap.tells());
            imap.wait(Duration::MAX, pin!(pending())).await.unwrap();
        });
    }
}

#[tokio::test]
async fn a_refused_login_is_named_with_the_servers_words() {
    let mut table = vec![GREETING];
    table.extend(LOGIN);
    table.push("@ NO [AUTHENTICATIONFAILED] Authentication failed.");
    let error = fails(&table).await;
    assert_eq!(error.kind(), "login");
    assert!(
        error.to_string().contains("Authentication failed."),
        "{error}"
    );
    assert!(error.to_string().contains("antrag@example.org"), "{error}");
    assert!(!format!("{error:?}").contains("geheim"));
}

#[tokio::test]
async fn login_is_used_where_there_is_no_plain() {
    let error = fails(&[
        "* OK ready",
        "> CAPABILITY",
        BARE,
        "@ OK done",
        "> LOGIN \"antrag@example.org\" \"geheim\"",
        "@ NO wrong",
    ])
    .await;
    assert_eq!(error.kind(), "login");
    let error = fails(&[
        "* OK ready",
        "> CAPABILITY",
        "* CAPABILITY IMAP4rev1 LOGINDISABLED",
        "@ OK done",
    ])
    .await;
    assert_eq!(error.kind(), "no-login");
}

#[tokio::test]
async fn strange_greetings_are_errors() {
    for (greeting, kind) in [
        ("* BYE too many connections", "bye"),
        ("* PREAUTH come in", "protocol"),
        ("220 smtp.example.org ESMTP", "protocol"),
        ("!", "lost"),
    ] {
        let error = fails(&[greeting]).await;
        assert_eq!(error.kind(), kind, "{error:?}");
    }
}

#[tokio::test]
async fn tls_and_starttls_lead_to_the_same_session() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let offer = "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED";
    let before = [
        "* OK ready",
        "> CAPABILITY",
        offer,
        "@ OK done",
        "> STARTTLS",
    ];
    for (security, head) in [
        (Security::Tls, vec!["~"]),
        (
            Security::Starttls,
            [&before[..], &["@ OK go", "~"]].concat(),
        ),
    ] {
        let mut table = head;
        // no second greeting after STARTTLS
        let skipped = usize::from(security == Security::Starttls);
        table.extend(opened(BARE, &[]).into_iter().skip(skipped));
        let (port, server) = play(Some(&identity), &[&table]).await;
        let config = secured(port, security, identity.write(folder.path()));
        let imap = tokio::join!(server, Imap::open(&config)).1.unwrap();
        assert_eq!(imap.identity().1, 77);
    }
}

#[tokio::test]
async fn nothing_secret_is_sent_where_starttls_is_missing_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let missing = ["* OK ready", "> CAPABILITY", BARE, "@ OK done"];
    let offer = "* CAPABILITY IMAP4rev1 STARTTLS";
    let refused = [
        "* OK ready",
        "> CAPABILITY",
        offer,
        "@ OK done",
        "> STARTTLS",
        "@ NO",
    ];
    for (table, kind) in [(&missing[..], "starttls"), (&refused, "refused-command")] {
        let (port, server) = play(None, &[table]).await;
        let config = secured(port, Security::Starttls, identity.write(folder.path()));
        let (heard, opened) = tokio::join!(server, Imap::open(&config));
        assert_eq!(opened.unwrap_err().kind(), kind);
        assert!(
            heard
                .iter()
                .all(|line| !line.contains("LOGIN") && !line.contains("AUTH"))
        );
    }
}

#[tokio::test]
async fn what_is_injected_before_tls_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(|_| {});
    let mut table = vec![
        "* OK ready",
        "> CAPABILITY",
        "* CAPABILITY IMAP4rev1 STARTTLS",
        "@ OK done",
        "> STARTTLS",
        "@ OK go\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\ns1 OK injected",
        "~",
    ];
    table.extend(opened(BARE, &[]).into_iter().skip(1));
    let (port, server) = play(Some(&identity), &[&table]).await;
    let config = secured(port, Security::Starttls, identity.write(folder.path()));
    // The handshake fails if the bytes come late, else they are dropped; never believed.
    let (_, opened) = tokio::join!(server, Imap::open(&config));
    if let Err(error) = opened {
        assert_eq!(error.kind(), "handshake", "{error:?}");
    }
}
