use super::{House, at, document, id, lease};
use crate::request::{State, Verdict};

const YEAR: i64 = 365 * 86_400;

async fn one_waiting() -> House {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    house
}

#[tokio::test]
async fn what_was_planned_by_a_clock_since_set_back_is_due() {
    let house = one_waiting().await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    house.delivered(1, Verdict::TryAgain, Some(500)).await;
    assert!(house.due("a", 131).await.is_empty(), "a pause as it is");
    let due = house.due("a", 101 - YEAR).await;
    let first = (due[0].attempts, due[0].first_attempt_at);
    assert_eq!(first, (2, at(101 - YEAR)), "its age begins anew");
}

#[tokio::test]
async fn a_lease_given_by_a_clock_since_set_back_has_ended() {
    let house = one_waiting().await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    assert!(house.due("b", 91).await.is_empty(), "a small correction");
    assert_eq!(house.due("b", 101 - YEAR).await.len(), 1);
}

#[tokio::test]
async fn who_has_lost_the_lease_knows_before_it_sends() {
    let house = one_waiting().await;
    let has = async |owner| house.log.has_lease(owner, &id(1)).await.unwrap();
    assert!(!has("a").await);
    assert_eq!(house.due("a", 101).await.len(), 1);
    assert!(has("a").await);
    assert_eq!(house.due("b", 162).await.len(), 1);
    assert_eq!((has("a").await, has("b").await), (false, true));
    house.delivered(1, Verdict::Accepted, None).await;
    assert!(!has("b").await, "the first has sent it after all");
}

#[tokio::test]
async fn what_a_person_asked_for_comes_first() {
    let house = one_waiting().await;
    house.decided(2, "a@b.de", Some(document("a@b.de"))).await;
    house.decided(3, "a@b.de", Some(document("a@b.de"))).await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    house.delivered(1, Verdict::GiveUp, None).await;
    let asked = async || house.log.claim_retried(&lease("a", 300), 9).await.unwrap();
    assert!(asked().await.is_empty());
    house.log.retry(&id(2)).await.unwrap();
    house.log.retry(&id(1)).await.unwrap();
    house.log.retry(&id(1)).await.unwrap();
    let first = house.log.claim_due(&lease("a", 300), 1).await.unwrap();
    assert_eq!(first[0].id, id(1));
    let rest: Vec<_> = asked().await.into_iter().map(|due| due.id).collect();
    assert_eq!(rest, [id(2)]);
    assert_eq!(house.due("a", 300).await.len(), 1);
}

#[tokio::test]
async fn a_failure_that_repeats_word_for_word_is_one_line() {
    let house = one_waiting().await;
    let mut counts = Vec::new();
    for (second, verdict) in [
        (101, Verdict::TryAgain),
        (201, Verdict::TryAgain),
        (301, Verdict::Unknown),
        (401, Verdict::TryAgain),
        (501, Verdict::Accepted),
    ] {
        assert_eq!(house.due("a", second).await.len(), 1);
        house.delivered(1, verdict, Some(second)).await;
        let history = house.log.show(&id(1)).await.unwrap().unwrap();
        counts.push(history.deliveries.len());
    }
    assert_eq!(counts, [1, 1, 2, 3, 4]);
    let row = house.row(1).await;
    assert_eq!((row.state, row.attempts), (State::Answered, 5));
}
