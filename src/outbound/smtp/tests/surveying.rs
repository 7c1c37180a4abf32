//! What a survey asks of a server: nothing is sent.

use super::*;

const OWN: &str = "antrag@example.org";
const MAIL: &str = "> MAIL FROM:<antrag@example.org>\r\n";
const RCPT: &str = "> RCPT TO:<antrag@example.org>\r\n";
const BYE: [&str; 4] = ["> RSET", "250 flushed", "> QUIT", "221 bye"];

async fn surveyed(hello: &[&str], rest: &[&str]) -> Survey {
    let table = [hello, rest].concat();
    let (port, server) = play(None, &[&table]).await;
    let config = config(port);
    tokio::join!(server, survey(&config, OWN)).1.unwrap()
}

#[tokio::test]
async fn the_sender_is_offered_and_taken_back() {
    let rest = [&[MAIL, "250 ok", RCPT, "250 ok"][..], &BYE].concat();
    let told = surveyed(&PIPELINING, &rest).await;
    assert!(told.sender.is_ok());
    assert_eq!((told.size_limit, told.certificate_end), (Some(1000), None));
    let told = surveyed(&HELLO, &rest).await;
    assert_eq!(told.size_limit, None);
}

#[tokio::test]
async fn a_refused_sender_is_told_with_the_step_and_the_words() {
    let early = ["550 5.7.60 not yours", "> QUIT", "221 bye"];
    let late = ["250 ok", RCPT, "553 5.7.1 not owned by user"];
    for (rest, step, code, class) in [
        (early.to_vec(), Step::Mail, 550, "5.7.60"),
        ([&late[..], &BYE].concat(), Step::Rcpt, 553, "5.7.1"),
    ] {
        let told = surveyed(&HELLO, &[&[MAIL], &rest[..]].concat()).await;
        let Err(Error::Refused {
            step: found,
            code: number,
            enhanced,
            ..
        }) = told.sender
        else {
            panic!("{told:?}");
        };
        assert_eq!((found, number), (step, code));
        assert_eq!(enhanced.as_deref(), Some(class));
    }
}

#[test]
fn only_a_size_of_more_than_nothing_is_a_limit() {
    for (line, expected) in [
        ("SIZE 52428800", Some(52_428_800)),
        ("size 1", Some(1)),
        ("SIZE 0", None),
        ("SIZE", None),
        ("SIZES 1", None),
        ("SIZE viel", None),
    ] {
        assert_eq!(size_limit(line), expected, "{line}");
    }
}
