use super::{
    Background, House, MAILBOX, arrival, at, decided, document, headers, ignore, lease, question,
    reply,
};
use crate::answer::{Answer, Decision};
use crate::policy::Refused;

/// A refusal because of a limit, told to `to` or not.
fn refused(to: Option<&str>) -> Answer {
    Answer {
        decision: Decision::Refuse(Refused::RateLimit),
        reply: to.map(|to| reply(to, "limit")),
        ..ignore()
    }
}

impl House {
    /// Decides a mail of `from` at this second.
    async fn decided_at(&self, number: u32, from: &str, answer: Answer, second: i64) {
        let mails = vec![arrival(number, b"raw")];
        self.log.receive(MAILBOX, mails, None).await.unwrap();
        let claimed = self.log.claim_undecided(&lease("a", second), 9).await;
        assert_eq!(claimed.unwrap().len(), 1);
        let decided = super::Decided {
            at: at(second),
            ..decided(number, from, Some(answer))
        };
        let recorded = self.log.decide("a", vec![decided]).await.unwrap();
        assert_eq!(recorded.lost, []);
    }

    async fn seen(&self, from: &str, second: i64) -> Background {
        self.ask(99, &headers(99, from), &[], second).await
    }
}

#[tokio::test]
async fn domains_are_what_follows_the_last_at_in_any_case() {
    let house = House::new().await;
    let senders = [
        "a@b.de",
        "c@B.DE",
        "\"x@b.de\"@d.de",
        "e@sub.b.de",
        "f@ab.de",
    ];
    for (number, from) in (1..).zip(senders) {
        house.decided_at(number, from, question(from), 100).await;
    }
    house.decided_at(6, "g@b.de", ignore(), 100).await;
    for (from, replies) in [
        ("neu@b.de", 2),
        ("neu@D.de", 1),
        ("neu@sub.b.de", 1),
        ("neu@ab.de", 1),
        ("neu@nirgends.de", 0),
    ] {
        let seen = house.seen(from, 3600).await;
        assert_eq!((seen.domain_replies, seen.replies), (replies, 0), "{from}");
    }
    assert_eq!(house.seen("neu@b.de", 3700).await.domain_replies, 0);
}

#[tokio::test]
async fn one_of_a_domain_that_was_told_is_remembered_for_an_hour() {
    let house = House::new().await;
    house.decided_at(1, "a@b.de", refused(None), 100).await;
    assert!(!house.seen("c@b.de", 200).await.domain_told);
    house
        .decided_at(2, "a@b.de", refused(Some("a@b.de")), 300)
        .await;
    assert!(house.seen("c@b.de", 400).await.domain_told);
    assert!(!house.seen("c@d.de", 400).await.domain_told);
    assert!(!house.seen("c@b.de", 300 + 3600).await.domain_told);
}

#[tokio::test]
async fn fruitless_are_the_replies_of_a_day_since_the_last_document() {
    let house = House::new().await;
    let hour = 3600;
    let story = [
        (1, question("a@b.de"), 0),
        (2, document("a@b.de"), 2),
        (3, question("a@b.de"), 4),
        (4, ignore(), 5),
        (5, question("A@b.de"), 6),
    ];
    for (number, answer, hours) in story {
        house
            .decided_at(number, "a@b.de", answer, hours * hour)
            .await;
    }
    for (hours, fruitless) in [(1, 1), (3, 0), (5, 1), (7, 2), (29, 1), (31, 0)] {
        let seen = house.seen("a@b.de", hours * hour).await;
        assert_eq!(seen.fruitless, fruitless, "after {hours} hours");
    }
}

#[tokio::test]
async fn what_is_dated_in_the_future_counts_for_nobody() {
    let house = House::new().await;
    house
        .decided_at(1, "a@b.de", document("a@b.de"), 90_000)
        .await;
    let seen = house.seen("a@b.de", 100).await;
    assert_eq!((seen.replies, seen.documents), (0, 0));
    assert_eq!((seen.fruitless, seen.domain_replies), (0, 0));
    assert_eq!(house.log.replied(None, at(100)).await.unwrap(), 0);
    assert_eq!(house.log.replied(None, at(90_000)).await.unwrap(), 1);
}

#[tokio::test]
async fn all_replies_of_the_hour_count_but_none_before_the_count_began() {
    let house = House::new().await;
    for (number, second) in [(1, 10), (2, 2000), (3, 4000)] {
        let answer = question("a@b.de");
        house.decided_at(number, "a@b.de", answer, second).await;
    }
    house.decided_at(4, "a@b.de", ignore(), 4000).await;
    for (since, now, replied) in [
        (None, 3000, 2),
        (None, 4000, 2),
        (None, 5601, 1),
        (Some(2500), 4000, 1),
        (Some(4000), 4000, 0),
        (Some(-9000), 4000, 2),
    ] {
        let found = house.log.replied(since.map(at), at(now)).await.unwrap();
        assert_eq!(found, replied, "{since:?} {now}");
    }
}

#[tokio::test]
async fn what_was_refused_without_a_word_may_be_sent_again() {
    for (answer, repeats) in [
        (refused(None), false),
        (refused(Some("a@b.de")), true),
        (ignore(), true),
        (question("a@b.de"), true),
    ] {
        let house = House::new().await;
        house.decided(1, "a@b.de", Some(answer)).await;
        let mails = vec![arrival(2, b"raw")];
        house.log.receive(MAILBOX, mails, None).await.unwrap();
        let found = house.ask(2, &headers(1, "a@b.de"), &[], 0).await;
        assert_eq!(found.duplicate_of.is_some(), repeats);
    }
}
