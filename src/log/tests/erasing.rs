use super::{House, MAILBOX, arrival, at, decided, document, id, ignore, lease, question};
use crate::log::Log;
use crate::request::{State, Verdict};

const ADDRESS: &str = "frieda.forget@example.org";

/// Requests of this address in every state; numbers from `first` on.
async fn fill(house: &House, first: u32, address: &str) {
    let answers = [
        Some(document(address)),
        Some(question(address)),
        Some(ignore()),
        None,
        Some(document(address)),
    ];
    for (number, answer) in (first..).zip(answers) {
        house.decided(number, address, answer).await;
    }
    for due in house.due("a", 101).await {
        let verdict = match due.id == id(first.into()) {
            true => Verdict::Accepted,
            false => Verdict::TryAgain,
        };
        let mut delivery = super::delivery(0, verdict, Some(300));
        delivery.id = due.id;
        delivery.response = format!("450 {address} is busy");
        house.log.record("a", vec![delivery]).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_of_a_forgotten_address_is_left() {
    let house = House::new().await;
    // Enough rows for tables and indexes to be split and moved.
    for round in 0..40 {
        fill(&house, round * 100 + 1, ADDRESS).await;
        fill(&house, round * 100 + 50, "other@example.net").await;
    }
    assert!(house.holds(ADDRESS));
    let process = house.other().await;
    let forgotten = process.forget("Frieda.Forget@Example.org").await.unwrap();
    assert_eq!(forgotten, 200);
    assert!(!house.holds(ADDRESS));
    assert!(!house.holds("frieda"));
    assert!(house.holds("other@example.net"));

    let stats = house.log.stats(at(0)).await.unwrap();
    assert_eq!(stats.total, 400);
    assert_eq!(stats.decisions["document"], 160);
    let row = house.row(1).await;
    assert_eq!((row.state, row.documents.len()), (State::Answered, 2));
    assert_eq!((row.from, row.subject, row.message_id), (None, None, None));
    assert_eq!(
        house.row(2).await.state,
        State::Failed,
        "its reply can no longer be sent"
    );
    assert_eq!(house.row(51).await.state, State::Waiting);
    assert!(house.row(51).await.subject.is_some());
}

/// A reader in another process keeps old pages alive; forgetting waits for it.
#[tokio::test]
async fn forgetting_waits_for_readers() {
    let house = House::new().await;
    fill(&house, 1, ADDRESS).await;
    let reader = house.other().await;
    let mut reading = reader.readers.begin().await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM request")
        .fetch_one(&mut *reading)
        .await
        .unwrap();
    assert_eq!(rows, 5);
    let leaving = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        reading.commit().await.unwrap();
    };
    let (forgotten, ()) = tokio::join!(house.log.forget(ADDRESS), leaving);
    assert_eq!(forgotten.unwrap(), 5);
    assert!(!house.holds(ADDRESS));
}

#[tokio::test]
async fn the_address_goes_from_the_records_of_others_too() {
    let house = House::new().await;
    let mut answer = document("other@example.net");
    answer
        .evidence
        .push(format!("sie schreibt auch für {ADDRESS}"));
    house.decided(1, "other@example.net", Some(answer)).await;
    house.decided(2, "other@example.net", None).await;
    let raw = format!("Cc: {ADDRESS}\r\n\r\n");
    house
        .log
        .receive(MAILBOX, vec![arrival(3, raw.as_bytes())], None)
        .await
        .unwrap();
    house.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
    house
        .log
        .decide("a", vec![decided(3, "other@example.net", None)])
        .await
        .unwrap();
    assert_eq!(house.log.forget(ADDRESS).await.unwrap(), 0);
    assert!(!house.holds(ADDRESS));
    let row = house.row(1).await;
    assert_eq!(
        (row.from.as_deref(), row.state),
        (Some("other@example.net"), State::Waiting)
    );
    assert_eq!(
        house.log.retry(&id(2)).await.unwrap(),
        Some(State::Received)
    );
    assert_eq!(house.log.retry(&id(3)).await.unwrap(), Some(State::Failed));
}

#[tokio::test]
async fn nothing_is_forgotten_by_no_address() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(ignore())).await;
    for address in ["", " ", "b.de", "a@b.d", "%"] {
        assert_eq!(house.log.forget(address).await.unwrap(), 0, "{address}");
    }
    assert_eq!(house.row(1).await.from.as_deref(), Some("a@b.de"));
}

#[tokio::test]
async fn old_requests_lose_their_personal_data() {
    let house = House::new().await;
    house.decided(1, ADDRESS, Some(ignore())).await;
    house.decided(2, ADDRESS, Some(question(ADDRESS))).await;
    house.decided(3, "new@example.net", Some(ignore())).await;
    assert_eq!(
        house.log.purge(at(3)).await.unwrap(),
        1,
        "what waits is not old"
    );
    assert_eq!(house.log.purge(at(3)).await.unwrap(), 0);
    assert_eq!(house.row(1).await.from, None);
    assert_eq!(house.row(2).await.from.as_deref(), Some(ADDRESS));
    assert_eq!(house.row(3).await.from.as_deref(), Some("new@example.net"));
}

#[tokio::test]
async fn a_mail_that_was_forgotten_is_not_answered_again() {
    let house = House::new().await;
    house.decided(1, ADDRESS, Some(ignore())).await;
    house.log.forget(ADDRESS).await.unwrap();
    let mut again = arrival(9, b"raw");
    again.place.validity = 8;
    house.log.receive(MAILBOX, vec![again], None).await.unwrap();
    assert_eq!(house.log.list(9).await.unwrap().len(), 1);
}

/// A dozen requests fit in 2 MB, while they are worked on and afterwards.
#[tokio::test]
async fn the_log_stays_small() {
    let house = House::new().await;
    for number in 1..=12 {
        let from = "a@b.de";
        house
            .log
            .receive(MAILBOX, vec![arrival(number, &[b'x'; 20_000])], None)
            .await
            .unwrap();
        house.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
        let mut answer = document(from);
        if let Some(reply) = &mut answer.reply {
            reply.bytes = vec![b'y'; 60_000];
        }
        house
            .log
            .decide("a", vec![decided(number, from, Some(answer))])
            .await
            .unwrap();
    }
    assert!(house.bytes().len() < 2_000_000, "{}", house.bytes().len());
    for number in 1..=12 {
        house.due("a", 101).await;
        house.delivered(number, Verdict::Accepted, None).await;
    }
    assert!(house.bytes().len() < 2_000_000, "{}", house.bytes().len());
    until(|| house.bytes().len() < 300_000).await;
    let after: Log = house.other().await;
    assert_eq!(after.list(99).await.unwrap().len(), 12);
}

/// Waits for the writer's quiet moment.
async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting)
        .await
        .unwrap();
}
