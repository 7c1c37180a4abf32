//! What a survey says to a server, word by word.

use super::*;
use crate::mailbox::{Access, Archive, Survey};

const TOKEN: &str = "01JPROBE";

/// Surveys a server that plays this table; also gives what it heard after the login.
async fn surveyed(
    config: impl Fn(u16) -> ImapConfig,
    table: &[&str],
) -> (Result<Survey, Error>, Vec<String>) {
    let (port, server) = play(None, &[table]).await;
    let config = config(port);
    let (heard, survey) = tokio::join!(server, survey(&config, TOKEN));
    (survey, heard)
}

fn archived_denied(words: &str) -> Archive {
    Archive {
        exists: true,
        access: Access::Denied(words.to_owned()),
        left: None,
    }
}

#[tokio::test]
async fn a_bare_server_is_taken_at_its_word() {
    let table = opened(BARE, &["> LOGOUT", "* BYE", "@ OK"]);
    let survey = surveyed(config, &table).await.0.unwrap();
    assert_eq!(
        (survey.idle, survey.moves, survey.uidplus, survey.claims),
        (false, false, false, false)
    );
    assert_eq!(survey.folder, Access::Granted);
    assert_eq!((survey.archive, survey.clock), (None, None));
    assert_eq!(survey.certificate_end, None);
}

#[tokio::test]
async fn a_folder_that_is_read_only_is_told() {
    let mut table = opened(BARE, &["> LOGOUT", "* BYE", "@ OK"]);
    for line in &mut table {
        if *line == "@ OK [READ-WRITE] done" {
            *line = "@ OK [READ-ONLY] done";
        }
    }
    let survey = surveyed(config, &table).await.0.unwrap();
    assert_eq!(survey.folder, Access::Denied("READ-ONLY".to_owned()));
}

#[tokio::test]
async fn rights_are_asked_for_where_the_server_tells_them() {
    let acl = "* CAPABILITY IMAP4rev1 ACL MOVE UIDPLUS";
    for (archive, folder, expected, expected_folder) in [
        ("lrswi", "lrswite", Access::Granted, Access::Granted),
        (
            "lrs",
            "lrsw",
            Access::Denied("MYRIGHTS: -i".to_owned()),
            Access::Denied("MYRIGHTS: -te".to_owned()),
        ),
        // RFC 2086 knows one right for all that deletes
        ("lrsid", "lrswipcd", Access::Granted, Access::Granted),
    ] {
        let rights = |folder: &str, rights: &str| format!("* MYRIGHTS {folder} {rights}");
        let (archive, folder) = (
            rights("\"Gel&APY-schte Elemente\"", archive),
            rights("INBOX", folder),
        );
        let mut table = archived(acl, &["> MYRIGHTS \"Gel&APY-schte Elemente\""]);
        table.extend([archive.as_str(), "@ OK done", "> MYRIGHTS \"INBOX\""]);
        table.extend([folder.as_str(), "@ OK done", "> LOGOUT", "* BYE", "@ OK"]);
        let survey = surveyed(archiving, &table).await.0.unwrap();
        assert_eq!(survey.archive.unwrap().access, expected);
        assert_eq!(survey.folder, expected_folder);
        assert!(survey.moves && survey.uidplus);
    }
}

/// Selecting the archive twice, and a mail between.
fn tried(answers: &[&'static str]) -> Vec<&'static str> {
    let mut table = vec![
        "> SELECT \"Gel&APY-schte Elemente\"",
        "* OK [UIDVALIDITY 5] fine",
        "@ OK [READ-WRITE] done",
        "> APPEND \"Gel&APY-schte Elemente\" (\\Seen \\Deleted) {",
    ];
    table.extend(answers);
    table
}

const LITERAL: [&str; 6] = [
    "+ go on",
    "> From: antragsbote@localhost",
    "> Subject: Probe",
    "> Message-ID: <01JPROBE@localhost>",
    "> ",
    "> ",
];

#[tokio::test]
async fn else_a_mail_that_is_deleted_from_its_first_moment_shows_it_and_goes_again() {
    let mut answers = LITERAL.to_vec();
    answers.extend([
        "b6 OK [APPENDUID 5 42] done",
        "> SELECT \"Gel&APY-schte Elemente\"",
        "* OK [UIDVALIDITY 5] fine",
        "@ OK [READ-WRITE] done",
        "> UID FETCH 42 (UID INTERNALDATE)",
        "* 3 FETCH (UID 42 INTERNALDATE \"23-Nov-2026 08:00:00 +0100\")",
        "@ OK done",
        "> UID EXPUNGE 42",
        "@ OK done",
        "> LOGOUT",
        "* BYE",
        "@ OK",
    ]);
    let table = archived("* CAPABILITY IMAP4rev1 UIDPLUS", &tried(&answers));
    let (survey, heard) = surveyed(archiving, &table).await;
    let survey = survey.unwrap();
    let archive = Archive {
        exists: true,
        access: Access::Granted,
        left: None,
    };
    assert_eq!(survey.archive, Some(archive));
    let (clock, _) = survey.clock.unwrap();
    assert_eq!(clock.to_string(), "2026-11-23T07:00:00.499Z");
    let announced = heard.iter().find(|line| line.contains("APPEND")).unwrap();
    let length: usize = heard
        .iter()
        .skip_while(|line| !line.contains("APPEND"))
        .skip(1)
        .take(4)
        .map(|line| line.len() + 2)
        .sum();
    assert!(announced.ends_with(&format!("{{{length}}}")), "{announced}");
}

#[tokio::test]
async fn an_archive_that_takes_nothing_is_told_in_the_servers_words() {
    let end = ["@ NO [OVERQUOTA] full", "> LOGOUT", "* BYE", "@ OK"];
    let table = archived("* CAPABILITY IMAP4rev1 UIDPLUS", &tried(&end));
    let survey = surveyed(archiving, &table).await.0.unwrap();
    assert_eq!(survey.archive, Some(archived_denied("[OVERQUOTA] full")));

    let select = ["> SELECT", "* OK [UIDVALIDITY 5]", "@ OK [READ-ONLY] done"];
    let mut table = archived("* CAPABILITY IMAP4rev1 UIDPLUS", &select);
    table.extend(["> LOGOUT", "* BYE", "@ OK"]);
    let survey = surveyed(archiving, &table).await.0.unwrap();
    assert_eq!(survey.archive, Some(archived_denied("READ-ONLY")));
}

#[tokio::test]
async fn nothing_is_put_where_it_could_not_be_taken_away() {
    let select = [
        "> SELECT",
        "* OK [UIDVALIDITY 5]",
        "@ OK [READ-WRITE] done",
        "> LOGOUT",
        "* BYE",
        "@ OK",
    ];
    let table = archived(BARE, &select);
    let (survey, heard) = surveyed(archiving, &table).await;
    let archive = survey.unwrap().archive.unwrap();
    assert_eq!((archive.access, archive.left), (Access::Untold, None));
    assert!(!heard.iter().any(|line| line.contains("APPEND")));
}

#[tokio::test]
async fn a_missing_archive_is_tried_under_a_name_of_its_own() {
    let missing = [
        "> LIST \"\" \"Gel&APY-schte Elemente\"",
        "@ OK none",
        "> LIST \"\" \"INBOX/Gel&APY-schte Elemente\"",
        "@ OK none",
        "> CREATE \"Gel&APY-schte Elemente-01JPROBE\"",
        "@ NO only below INBOX",
        "> CREATE \"INBOX/Gel&APY-schte Elemente-01JPROBE\"",
    ];
    let delete = "> DELETE \"INBOX/Gel&APY-schte Elemente-01JPROBE\"";
    let probe = "Gelöschte Elemente-01JPROBE".to_owned();
    for (rest, access, left) in [
        (&["@ OK", delete, "@ OK gone"][..], Access::Granted, None),
        (
            &["@ OK", delete, "@ NO never"],
            Access::Granted,
            Some(probe),
        ),
        (
            &["@ NO never"],
            Access::Denied("only below INBOX".to_owned()),
            None,
        ),
    ] {
        let mut table = opened(BARE, &missing);
        table.extend(rest);
        table.extend(["> LOGOUT", "* BYE", "@ OK"]);
        let survey = surveyed(archiving, &table).await.0.unwrap();
        let expected = Archive {
            exists: false,
            access,
            left,
        };
        assert_eq!(survey.archive, Some(expected));
    }
}
