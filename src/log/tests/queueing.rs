use super::{
    House, MAILBOX, arrival, asked, at, decided, delivery, document, headers, id, ignore, lease,
    message_id, place, question,
};
use crate::answer::Answer;
use crate::log::{Inquiry, Log, Progress, Undecided};
use crate::request::{RequestId, State, Verdict};
use crate::understand::Earlier;

#[tokio::test]
async fn a_request_goes_its_way() {
    let house = House::new().await;
    house
        .decided(1, "a@example.org", Some(document("a@example.org")))
        .await;
    assert_eq!(house.row(1).await.state, State::Waiting);
    assert!(house.log.unsettled(MAILBOX, 9).await.unwrap().is_empty());

    assert!(house.due("a", 99).await.is_empty(), "before it is due");
    let due = house.due("a", 101).await;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].to, "a@example.org");
    assert_eq!(due[0].bytes, b"To: a@example.org\r\n\r\nGuten Tag");
    assert_eq!((due[0].attempts, due[0].first_attempt_at), (1, at(101)));

    house.delivered(1, Verdict::TryAgain, Some(230)).await;
    assert_eq!(house.row(1).await.error.as_deref(), Some("TryAgain of 1"));
    assert_eq!(
        house.log.unsettled(MAILBOX, 9).await.unwrap(),
        [place(7, 1)]
    );

    let due = house.due("a", 231).await;
    assert_eq!((due[0].attempts, due[0].first_attempt_at), (2, at(101)));
    house.delivered(1, Verdict::Accepted, None).await;
    let row = house.row(1).await;
    assert_eq!(
        (row.state, row.attempts, row.error),
        (State::Answered, 2, None)
    );
    assert_eq!(row.answered_at.as_deref(), Some("2026-11-22T10:18:20Z"));

    house.log.settled(vec![place(7, 1)]).await.unwrap();
    assert!(house.log.unsettled(MAILBOX, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_ends_how() {
    // decision, what the mail server says, state in the end, whether the mail can be set aside
    let table = [
        (Some(ignore()), None, State::Ignored, true),
        (None, None, State::Failed, true),
        (Some(question("a@b.de")), None, State::Waiting, false),
        (
            Some(question("a@b.de")),
            Some((Verdict::Accepted, None)),
            State::Answered,
            true,
        ),
        (
            Some(question("a@b.de")),
            Some((Verdict::GiveUp, None)),
            State::Failed,
            true,
        ),
        (
            Some(question("a@b.de")),
            Some((Verdict::TryAgain, None)),
            State::Failed,
            true,
        ),
        (
            Some(question("a@b.de")),
            Some((Verdict::TryAgain, Some(300))),
            State::Waiting,
            true,
        ),
    ];
    for (answer, delivered, state, settles) in table {
        let case = format!("{answer:?} {delivered:?}");
        let house = House::new().await;
        house.decided(1, "a@b.de", answer).await;
        if let Some((verdict, next)) = delivered {
            house.due("a", 101).await;
            house.delivered(1, verdict, next).await;
        }
        assert_eq!(house.row(1).await.state, state, "{case}");
        let unsettled = house.log.unsettled(MAILBOX, 9).await.unwrap();
        assert_eq!(unsettled.len(), usize::from(settles), "{case}");
    }
}

#[tokio::test]
async fn a_place_is_received_once() {
    let house = House::new().await;
    let progress = Progress {
        validity: 7,
        next_uid: 3,
        since: at(0),
    };
    assert_eq!(house.log.progress(MAILBOX).await.unwrap(), None);
    for attempt in 0..2 {
        // The caller gives a new id each time.
        let mut mails = vec![arrival(1, b"one"), arrival(2, b"two")];
        for mail in &mut mails {
            mail.id = id(u128::from(mail.received_at.as_second().unsigned_abs()) * 2 + attempt);
        }
        let received = house.log.receive(MAILBOX, mails, Some(progress));
        received.await.unwrap();
    }
    assert_eq!(house.log.list(9).await.unwrap().len(), 2);
    assert_eq!(house.log.progress(MAILBOX).await.unwrap(), Some(progress));
    let asked = vec![place(7, 1), place(8, 1), place(7, 2), place(7, 3)];
    let unknown = house.log.unknown(asked).await.unwrap();
    assert_eq!(unknown, [place(8, 1), place(7, 3)]);
}

#[tokio::test]
async fn a_new_validity_makes_no_new_request() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(ignore())).await;
    house.log.settled(vec![place(7, 1)]).await.unwrap();
    let mut again = arrival(51, b"raw");
    again.place = place(8, 51);
    let mut other = arrival(52, b"another");
    other.place = place(8, 52);
    house
        .log
        .receive(MAILBOX, vec![again, other], None)
        .await
        .unwrap();
    assert_eq!(house.log.list(9).await.unwrap().len(), 2);
    assert_eq!(
        house.log.unsettled(MAILBOX, 9).await.unwrap(),
        [place(8, 51)]
    );
    let unknown = house
        .log
        .unknown(vec![place(8, 51), place(7, 1)])
        .await
        .unwrap();
    assert_eq!(unknown, [place(7, 1)]);
}

#[tokio::test]
async fn equal_mails_at_two_places_are_two_requests_and_one_a_duplicate() {
    let house = House::new().await;
    house
        .log
        .receive(
            MAILBOX,
            vec![arrival(1, b"same"), arrival(2, b"same")],
            None,
        )
        .await
        .unwrap();
    house.log.claim_undecided(&lease("a", 9), 9).await.unwrap();
    let same = headers(1, "a@b.de");
    let duplicate_of = async |number| {
        let background = house.ask(number, &same, &[], 0).await;
        background.duplicate_of
    };
    assert_eq!(duplicate_of(2).await, None);
    assert_eq!(duplicate_of(1).await, Some(id(2)));
    // The work is cut off and begun again: both keep their parts.
    assert_eq!(duplicate_of(2).await, None);
    assert_eq!(duplicate_of(1).await, Some(id(2)));
}

#[tokio::test]
async fn of_equal_mails_that_are_asked_about_together_the_first_is_the_original() {
    let house = House::new().await;
    let arrivals = [1, 2, 3, 4].map(|number| arrival(number, b"raw"));
    let received = house.log.receive(MAILBOX, arrivals.into(), None).await;
    received.unwrap();
    let inquiry = |(number, content)| Inquiry {
        id: id(number),
        headers: headers(content, "a@b.de"),
        thread: Vec::new(),
    };
    let together = [(1, 7), (2, 8), (3, 7), (4, 7)].map(inquiry);
    let found = house.log.backgrounds(together.into(), at(0)).await.unwrap();
    let originals: Vec<_> = found.into_iter().map(|mail| mail.duplicate_of).collect();
    assert_eq!(originals, [None, None, Some(id(1)), Some(id(1))]);
}

#[tokio::test]
async fn only_the_same_id_with_the_same_content_is_a_duplicate() {
    let original = headers(1, "a@b.de");
    let table = [
        (original.clone(), true),
        (
            crate::log::Headers {
                message_id: None,
                ..original.clone()
            },
            false,
        ),
        (
            crate::log::Headers {
                fingerprint: "other".into(),
                ..original.clone()
            },
            false,
        ),
        (
            crate::log::Headers {
                subject: None,
                ..original
            },
            true,
        ),
    ];
    for (copy, duplicate) in table {
        let house = House::new().await;
        house.decided(1, "a@b.de", Some(ignore())).await;
        house
            .log
            .receive(MAILBOX, vec![arrival(2, b"2")], None)
            .await
            .unwrap();
        let found = house.ask(2, &copy, &[], 0).await;
        assert_eq!(found.duplicate_of.is_some(), duplicate, "{copy:?}");
    }
}

#[tokio::test]
async fn what_failed_may_be_sent_again() {
    let house = House::new().await;
    house.decided(1, "a@b.de", None).await;
    house
        .log
        .receive(MAILBOX, vec![arrival(2, b"2")], None)
        .await
        .unwrap();
    let found = house.ask(2, &headers(1, "a@b.de"), &[], 0).await;
    assert_eq!(found.duplicate_of, None);
}

#[tokio::test]
async fn the_background_counts_the_last_hour_of_one_address() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    house.decided(2, "a@b.de", Some(ignore())).await;
    house.decided(3, "A@B.de", Some(question("A@B.de"))).await;
    house.decided(4, "c@b.de", Some(document("c@b.de"))).await;
    house
        .log
        .receive(MAILBOX, vec![arrival(5, b"5")], None)
        .await
        .unwrap();
    let seen = async |from, second| {
        let headers = headers(5, from);
        let found = house.ask(5, &headers, &[], second).await;
        (found.replies, found.documents)
    };
    assert_eq!(seen("a@B.DE", 3600).await, (2, 2));
    assert_eq!(seen("c@b.de", 3600).await, (1, 2));
    assert_eq!(seen("d@b.de", 3600).await, (0, 0));
    assert_eq!(seen("a@b.de", 3700).await, (0, 0));
}

#[tokio::test]
async fn a_thread_goes_on_with_what_its_newest_reply_left_to_the_same_sender() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(question("a@b.de"))).await;
    house.decided(2, "a@b.de", Some(document("a@b.de"))).await;
    house.decided(3, "a@b.de", Some(ignore())).await;
    let mails = vec![arrival(4, b"4")];
    house.log.receive(MAILBOX, mails, None).await.unwrap();
    let left = async |from, references: &[&str]| {
        let references: Vec<_> = references.iter().map(|id| message_id(id)).collect();
        let headers = headers(4, from);
        house.ask(4, &headers, &references, 0).await.earlier
    };
    let question = Some(asked("a@b.de"));
    let document = Some(Earlier::default());
    for (from, references, expected) in [
        ("A@b.de", &["other@x", "question.a@b.de"][..], &question),
        ("a@b.de", &["question.a@b.de", "reply.a@b.de"], &document),
        ("a@b.de", &["reply.a@b.de"], &document),
        // a second mail that answers the sender's own first
        ("a@b.de", &["1.a@b.de"], &question),
        ("a@b.de", &["3.a@b.de"], &None),
        ("c@b.de", &["question.a@b.de"], &None),
        ("a@b.de", &[], &None),
    ] {
        assert_eq!(
            left(from, references).await,
            *expected,
            "{from} {references:?}"
        );
    }
}

#[tokio::test]
async fn rounds_are_counted_in_the_thread_since_the_last_documents() {
    let house = House::new().await;
    let answering = async |number: u32, to: &str, answer: Answer| {
        let mails = vec![arrival(number, b"x")];
        house.log.receive(MAILBOX, mails, None).await.unwrap();
        house.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
        let headers = headers(number, "a@b.de");
        let found = house
            .ask(number.into(), &headers, &[message_id(to)], 0)
            .await;
        let mut decided = decided(number, "a@b.de", Some(answer));
        let reply = decided
            .answer
            .as_mut()
            .and_then(|answer| answer.reply.as_mut());
        reply.unwrap().message_id = message_id(&format!("r{number}@b.de"));
        house.log.decide("a", vec![decided]).await.unwrap();
        found.earlier.map(|earlier| earlier.rounds)
    };
    let ask = || question("a@b.de");
    assert_eq!(answering(1, "nothing@x", ask()).await, None);
    assert_eq!(answering(2, "r1@b.de", ask()).await, Some(1));
    // the first question answered once more
    assert_eq!(answering(3, "r1@b.de", ask()).await, Some(2));
    assert_eq!(answering(4, "r3@b.de", document("a@b.de")).await, Some(3));
    assert_eq!(answering(5, "r4@b.de", ask()).await, Some(0));
    assert_eq!(answering(6, "r5@b.de", ask()).await, Some(1));
    let thread = house.log.show(&id(3)).await.unwrap().unwrap().thread;
    let others = [1, 2, 4, 5, 6].map(|number| id(number).as_str().to_owned());
    assert_eq!(thread, others);
}

#[tokio::test]
async fn two_owners_never_hold_the_same_request() {
    let house = House::new().await;
    let other = house.other().await;
    let mails = (1..=9).map(|number| arrival(number, &[1])).collect();
    house.log.receive(MAILBOX, mails, None).await.unwrap();
    let numbers = async |log: &Log, owner, second, limit| -> Vec<_> {
        let claimed = log
            .claim_undecided(&lease(owner, second), limit)
            .await
            .unwrap();
        claimed.into_iter().map(|claimed| claimed.id).collect()
    };
    assert_eq!(numbers(&house.log, "a", 0, 2).await, [id(1), id(2)]);
    assert_eq!(numbers(&other, "b", 1, 2).await, [id(3), id(4)]);
    let (a, b) = tokio::join!(numbers(&house.log, "a", 2, 9), numbers(&other, "b", 2, 9));
    assert_eq!(a.len() + b.len(), 5);
    assert!(numbers(&other, "b", 59, 9).await.is_empty());
    assert_eq!(numbers(&other, "b", 60, 9).await, [id(1), id(2)]);

    // The first owner comes too late; the second one's decision counts.
    let decision = |number| vec![decided(number, "a@b.de", Some(ignore()))];
    assert_eq!(
        house.log.decide("a", decision(1)).await.unwrap().lost,
        [id(1)]
    );
    assert_eq!(house.row(1).await.decision, None);
    assert_eq!(other.decide("b", decision(1)).await.unwrap().lost, []);
    assert_eq!(house.row(1).await.state, State::Ignored);
    assert_eq!(
        other.decide("b", decision(1)).await.unwrap().lost,
        [id(1)],
        "once"
    );
}

#[tokio::test]
async fn leases_are_given_back() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    house
        .log
        .receive(MAILBOX, vec![arrival(2, b"2")], None)
        .await
        .unwrap();
    house
        .log
        .claim_undecided(&lease("a", 101), 9)
        .await
        .unwrap();
    assert_eq!(house.due("a", 101).await.len(), 1);
    assert!(house.due("b", 102).await.is_empty());
    house.log.release().await.unwrap();
    assert_eq!(
        house.due("b", 102).await[0].attempts,
        1,
        "the first was not finished"
    );
    let claimed = house
        .log
        .claim_undecided(&lease("b", 102), 9)
        .await
        .unwrap();
    assert_eq!(named(claimed), [(id(2), 0)]);
}

#[tokio::test]
async fn a_mail_on_which_the_program_died_is_taken_alone_after_others() {
    let house = House::new().await;
    let mails = (1..=3).map(|number| arrival(number, b"x")).collect();
    house.log.receive(MAILBOX, mails, None).await.unwrap();
    let others = async || named(house.log.claim_undecided(&lease("a", 9), 9).await.unwrap());
    let fatal = async || named(house.log.claim_fatal(&lease("a", 9)).await.unwrap());
    // Killed while no mail was worked on: it is nobody's fault.
    let hold = house.log.hold().await.unwrap();
    assert_eq!(others().await.len(), 3);
    hold.note(Some(&id(1)));
    hold.note(None);
    drop(hold);
    let mut hold = house.log.hold().await.unwrap();
    assert_eq!(others().await, [(id(1), 0), (id(2), 0), (id(3), 0)]);
    // First it dies on the one, then twice on the other.
    for number in [1, 2, 2] {
        hold.note(Some(&id(number)));
        drop(hold);
        hold = house.log.hold().await.unwrap();
    }
    assert_eq!(others().await, [(id(3), 0)]);
    assert_eq!(fatal().await, [(id(1), 1)]);
    assert_eq!(fatal().await, [(id(2), 2)]);
    assert_eq!(fatal().await, []);
    house.log.put_back("a").await.unwrap();
    assert_eq!(others().await, [(id(3), 0)]);
    assert_eq!(fatal().await, [(id(1), 1)]);
}

fn named(claimed: Vec<Undecided>) -> Vec<(RequestId, u32)> {
    let named = claimed.into_iter();
    named.map(|claimed| (claimed.id, claimed.deaths)).collect()
}

#[tokio::test]
async fn a_result_that_comes_after_the_lease() {
    // what the late owner reports, and the state from then on
    let table = [
        (Verdict::Accepted, State::Answered),
        (Verdict::GiveUp, State::Waiting),
        (Verdict::TryAgain, State::Waiting),
        (Verdict::Unknown, State::Waiting),
    ];
    for (verdict, state) in table {
        let house = House::new().await;
        house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
        assert_eq!(house.due("a", 101).await.len(), 1);
        assert_eq!(house.due("b", 161).await.len(), 1);
        house.delivered(1, verdict, None).await;
        assert_eq!(house.row(1).await.state, state, "{verdict:?}");
    }
}

#[tokio::test]
async fn many_callers_at_once_all_get_their_answer() {
    let house = House::new().await;
    let receiving = (1..=200).map(|number| {
        let log = house.log.clone();
        async move {
            // Every tenth breaks a rule of the tables: two mails with one id.
            let mails = match number % 10 {
                0 => vec![arrival(number, b"x"), {
                    let mut twin = arrival(number, b"x");
                    twin.place.name += "-twin";
                    twin
                }],
                _ => vec![arrival(number, b"x")],
            };
            log.receive(MAILBOX, mails, None).await.is_ok()
        }
    });
    let done = futures_util::future::join_all(receiving).await;
    for (number, done) in (1..).zip(done) {
        assert_eq!(done, number % 10 != 0, "{number}");
    }
    assert_eq!(house.log.list(999).await.unwrap().len(), 180);
}

#[tokio::test]
async fn two_processes_write_at_once() {
    let house = House::new().await;
    let other = house.other().await;
    let writing = |log: Log, first: u32| async move {
        for number in first..first + 40 {
            log.receive(MAILBOX, vec![arrival(number, b"x")], None)
                .await
                .unwrap();
        }
    };
    tokio::join!(writing(house.log.clone(), 1), writing(other.clone(), 101));
    assert_eq!(house.log.list(999).await.unwrap().len(), 80);
    assert_eq!(other.list(999).await.unwrap().len(), 80);
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_crash() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    // Nothing is closed; another process starts.
    let after = house.other().await;
    assert!(
        after
            .claim_due(&lease("b", 102), 9)
            .await
            .unwrap()
            .is_empty()
    );
    after.release().await.unwrap();
    let due = after.claim_due(&lease("b", 102), 9).await.unwrap();
    assert_eq!(due[0].bytes, b"To: a@b.de\r\n\r\nGuten Tag");
    after
        .record("b", vec![delivery(1, Verdict::Accepted, None)])
        .await
        .unwrap();
    assert_eq!(house.row(1).await.state, State::Answered);
}

#[tokio::test]
async fn a_retry_takes_up_what_is_still_there() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    house.delivered(1, Verdict::GiveUp, None).await;
    house.decided(2, "a@b.de", None).await;
    house.decided(3, "a@b.de", Some(ignore())).await;
    let other = house.other().await;
    let retry = async |number| other.retry(&id(number)).await.unwrap();
    assert_eq!(retry(1).await, Some(State::Waiting));
    assert_eq!(retry(2).await, Some(State::Received));
    assert_eq!(retry(3).await, Some(State::Ignored));
    assert_eq!(retry(4).await, None);

    let due = house.due("a", 300).await;
    assert_eq!((due[0].attempts, due[0].first_attempt_at), (2, at(300)));
    let claimed = house
        .log
        .claim_undecided(&lease("a", 300), 9)
        .await
        .unwrap();
    assert_eq!(claimed[0].id, id(2));
    assert_eq!(claimed[0].raw, b"raw");
    // Its own earlier notes make it no duplicate.
    assert_eq!(house.background(2, "a@b.de").await.duplicate_of, None);
}

#[tokio::test]
async fn a_closed_log_says_so() {
    let house = House::new().await;
    let log = house.log.clone();
    log.close().await;
    let error = house.log.release().await.unwrap_err();
    assert_eq!(error.kind(), "closed");
    assert_eq!(house.log.list(1).await.unwrap_err().kind(), "closed");
    assert!(!house.folder.path().join("log.db-wal").exists());
}

#[tokio::test]
async fn large_mails_and_replies_are_claimed_a_few_at_a_time() {
    const LARGE: usize = 10 << 20;
    let house = House::new().await;
    let mails = (1..=3).map(|number| arrival(number, &vec![b'x'; LARGE]));
    let mails = mails.chain([arrival(4, b"small")]).collect();
    house.log.receive(MAILBOX, mails, None).await.unwrap();
    let mut counts = Vec::new();
    loop {
        let claimed = house.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
        if claimed.is_empty() {
            break;
        }
        counts.push(claimed.len());
        let answers = claimed.iter().map(|claimed| {
            let number = (1..=4).find(|number| id(u128::from(*number)) == claimed.id);
            let mut answer = document("a@b.de");
            if let Some(reply) = &mut answer.reply {
                reply.bytes = claimed.raw.clone();
            }
            decided(number.unwrap(), "a@b.de", Some(answer))
        });
        let recorded = house.log.decide("a", answers.collect()).await.unwrap();
        assert_eq!(recorded.lost, []);
    }
    assert_eq!(counts, [2, 2], "16 MiB, and what goes beyond");
    let due = [house.due("a", 200).await, house.due("a", 200).await];
    let sizes = due.map(|due| due.iter().map(|due| due.bytes.len()).collect::<Vec<_>>());
    assert_eq!(sizes, [vec![LARGE, LARGE], vec![LARGE, 5]]);
    assert!(house.due("a", 200).await.is_empty());
}
