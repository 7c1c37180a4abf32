//! Claims, and the archive.

use super::*;

const ALL: &str = "* CAPABILITY IMAP4rev1 CONDSTORE UIDPLUS";

/// From the greeting to a folder whose mails can be claimed.
fn claimable(rest: &[&'static str]) -> Vec<&'static str> {
    let mut table = opened(ALL, rest);
    let at = table.iter().position(|line| line.starts_with("> SELECT"));
    table[at.unwrap()] = "> SELECT \"INBOX\" (CONDSTORE)";
    let at = table.iter().position(|line| line.contains("UIDVALIDITY"));
    table.insert(at.unwrap(), "* OK [HIGHESTMODSEQ 20] Highest");
    table.insert(
        at.unwrap(),
        "* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] Limited",
    );
    table
}

/// A look that finds mails 1 to 4.
const LOOK: &[&str] = &[
    "> UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE MODSEQ)",
    "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 MODSEQ (17))",
    "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 9 MODSEQ (19))",
    "* 3 FETCH (UID 3 FLAGS ($Antragsbote-other) RFC822.SIZE 9 MODSEQ (18))",
    "* 4 FETCH (UID 4 FLAGS (\\Seen $antragsbote-other $antragsbote) RFC822.SIZE 9 MODSEQ (3))",
    "@ OK done",
];

#[tokio::test]
async fn a_mail_goes_to_whoever_is_first() {
    let claiming: &[&str] = &[
        // meanwhile another has claimed the second
        "> UID FETCH 1:3 (UID FLAGS MODSEQ)",
        "* 1 FETCH (UID 1 FLAGS () MODSEQ (17))",
        "* 2 FETCH (UID 2 FLAGS () MODSEQ (19))",
        "* 3 FETCH (UID 3 FLAGS ($antragsbote-other) MODSEQ (18))",
        "@ OK done",
        "> UID STORE 1:2 (UNCHANGEDSINCE 19) +FLAGS.SILENT ($antragsbote-me)",
        "* 1 FETCH (UID 1 MODSEQ (24))",
        "@ OK [MODIFIED 2] Conditional STORE failed",
        "> UID FETCH 1:3 (UID FLAGS MODSEQ)",
        "* 1 FETCH (UID 1 FLAGS ($antragsbote-me) MODSEQ (24))",
        "* 2 FETCH (UID 2 FLAGS ($antragsbote-other) MODSEQ (23))",
        "* 3 FETCH (UID 3 FLAGS ($antragsbote-other) MODSEQ (18))",
        "@ OK done",
        "> UID STORE 3 -FLAGS.SILENT ($antragsbote-other)",
        "@ OK done",
        "> UID STORE 1 +FLAGS.SILENT (\\Seen $antragsbote)",
        "@ OK done",
    ];
    let table = claimable(&[LOOK, claiming].concat());
    against!(table, config, |imap| {
        assert!(imap.claims());
        let listed = imap.look(1).await.unwrap();
        let told: Vec<_> = listed
            .iter()
            .map(|mail| (mail.owner.as_deref(), mail.handled))
            .collect();
        let other = Some("other");
        assert_eq!(
            told,
            [(None, false), (None, false), (other, false), (other, true)]
        );
        let claimed = imap.claim(&at(&[1, 2, 3]), "me").await.unwrap();
        assert_eq!(claimed, at(&[1]));
        imap.release(&at(&[3]), "other").await.unwrap();
        imap.settle(&at(&[1])).await.unwrap();
    });
}

#[tokio::test]
async fn what_changed_since_the_look_is_not_claimed() {
    // A change during the look has a higher number than what the look began with.
    let claiming: &[&str] = &[
        "> UID FETCH 1 (UID FLAGS MODSEQ)",
        "* 1 FETCH (UID 1 FLAGS () MODSEQ (20))",
        "@ OK done",
        "> UID FETCH 1 (UID FLAGS MODSEQ)",
        "* 1 FETCH (UID 1 FLAGS () MODSEQ (20))",
        "@ OK done",
    ];
    let table = claimable(&[LOOK, claiming].concat());
    against!(table, config, |imap| {
        imap.look(1).await.unwrap();
        assert_eq!(imap.claim(&at(&[1]), "me").await.unwrap(), []);
        assert!(imap.claims());
    });
}

#[tokio::test]
async fn better_unclaimed_than_unanswered() {
    // a server that takes no keyword after all, and one that forgets its numbers
    let refused: &[&str] = &[
        "> UID FETCH 1,3 (UID FLAGS MODSEQ)",
        "* 1 FETCH (UID 1 FLAGS () MODSEQ (17))",
        "* 3 FETCH (UID 3 FLAGS ($antragsbote-other) MODSEQ (18))",
        "@ OK done",
        "> UID STORE 1 (UNCHANGEDSINCE 19)",
        "@ NO [LIMIT] no more keywords",
        "> UID FETCH 1,3",
        "* 1 FETCH (UID 1 FLAGS () MODSEQ (17))",
        "* 3 FETCH (UID 3 FLAGS ($antragsbote-other) MODSEQ (18))",
        "@ OK done",
    ];
    let numberless: &[&str] = &[
        "> UID FETCH 1,3 (UID FLAGS MODSEQ)",
        "* 1 FETCH (UID 1 FLAGS ())",
        "* 3 FETCH (UID 3 FLAGS ($antragsbote-other))",
        "@ OK done",
        "> UID FETCH 1,3",
        "* 1 FETCH (UID 1 FLAGS ())",
        "* 3 FETCH (UID 3 FLAGS ($antragsbote-other))",
        "@ OK done",
    ];
    for claiming in [refused, numberless] {
        let table = claimable(&[LOOK, claiming].concat());
        against!(table, config, |imap| {
            imap.look(1).await.unwrap();
            assert_eq!(imap.claim(&at(&[1, 3]), "me").await.unwrap(), at(&[1]));
            assert!(!imap.claims());
        });
    }
}

#[tokio::test]
async fn only_the_archive_is_cleaned() {
    let rest = &[
        "> SELECT \"Gel&APY-schte Elemente\"",
        "* OK [UIDVALIDITY 5] fine",
        "@ OK done",
        "> UID SEARCH BEFORE 03-Feb-2026",
        "* SEARCH 2 3 9",
        "@ OK done",
        "> UID STORE 2:3,9 +FLAGS.SILENT (\\Deleted)",
        "@ OK done",
        "> UID EXPUNGE 2:3,9",
        "@ OK done",
        "> SELECT \"INBOX\"",
        "* OK [UIDVALIDITY 77] fine",
        "@ OK done",
        "> SELECT \"Gel&APY-schte Elemente\"",
        "* OK [UIDVALIDITY 5] fine",
        "@ OK done",
        "> UID SEARCH OR OR FROM \"anna@example.org\" HEADER REPLY-TO \"anna@example.org\" HEADER SENDER \"anna@example.org\"",
        "* SEARCH 4 5",
        "@ OK done",
        "> UID FETCH 4:5 (UID BODY.PEEK[HEADER.FIELDS (FROM REPLY-TO SENDER)])",
        "* 1 FETCH (UID 4 BODY[HEADER.FIELDS (FROM REPLY-TO SENDER)] {32}",
        "From: A <joanna@example.org>",
        "",
        ")",
        "* 2 FETCH (UID 5 BODY[HEADER.FIELDS (FROM REPLY-TO SENDER)] {56}",
        "From: b@example.org",
        "Reply-To: Anna <Anna@Example.org>",
        ")",
        "@ OK done",
        "> UID STORE 5 +FLAGS.SILENT (\\Deleted)",
        "@ OK done",
        "> UID EXPUNGE 5",
        "@ OK done",
        "> SELECT \"INBOX\"",
        "* OK [UIDVALIDITY 77] fine",
        "@ OK done",
    ];
    let table = archived("* CAPABILITY IMAP4rev1 UIDPLUS", rest);
    against!(table, archiving, |imap| {
        let before = "2026-02-03T10:00:00Z".parse().unwrap();
        assert_eq!(imap.expire(before).await.unwrap(), 3);
        assert_eq!(imap.erase("anna@example.org").await.unwrap(), 1);
    });
    // without an archive nothing is asked
    against!(opened(BARE, &[]), config, |imap| {
        assert_eq!(imap.expire(Timestamp::MAX).await.unwrap(), 0);
        assert_eq!(imap.erase("anna@example.org").await.unwrap(), 0);
    });
}

#[tokio::test]
async fn the_archive_is_another_folder() {
    let (port, server) = play(
        None,
        &[&opened(
            BARE,
            &["> LIST", "* LIST () \"/\" \"INBOX\"", "@ OK done"],
        )],
    )
    .await;
    let config = ImapConfig {
        archive: Some("INBOX".to_owned()),
        ..config(port)
    };
    let (_, opened) = tokio::join!(server, Imap::open(&config));
    assert_eq!(opened.unwrap_err().kind(), "folder");
}

#[test]
fn the_longest_plain_part_of_an_address_is_searched_for() {
    use crate::mailbox::imap::names::needle;
    assert_eq!(needle("anna@example.org"), "anna@example.org");
    assert_eq!(needle("\"o\\x\"@bücher.example"), "cher.example");
}
