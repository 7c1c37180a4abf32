use super::{House, at, document, id, ignore};
use crate::log::Day;
use crate::request::Verdict;

impl House {
    async fn day(&self, began: i64) -> Day {
        self.log.day(at(began)).await.unwrap()
    }
}

#[tokio::test]
async fn a_day_counts_what_ended_on_it_and_all_that_waits() {
    let house = House::new().await;
    assert_eq!(house.day(0).await, Day::default());
    for (number, from) in [
        (1, "a@example.net"),
        (2, "b@example.net"),
        (3, "c@example.net"),
    ] {
        house.decided(number, from, Some(document(from))).await;
    }
    house.decided(4, "d@example.net", Some(ignore())).await;
    // The core failed on this one.
    house.decided(5, "e@example.net", None).await;
    house.due("a", 101).await;
    house.delivered(1, Verdict::Accepted, None).await;
    house.delivered(2, Verdict::GiveUp, None).await;
    house.delivered(3, Verdict::TryAgain, Some(900)).await;
    assert!(house.log.show(&id(5)).await.unwrap().is_some());
    let counted = Day {
        answered: 1,
        failed: 2,
        waiting: 1,
    };
    assert_eq!(house.day(0).await, counted);
    // The next day only knows of what still waits.
    let next = Day {
        answered: 0,
        failed: 0,
        waiting: 1,
    };
    assert_eq!(house.day(86_400).await, next);
    // Three weeks later as well.
    assert_eq!(house.day(21 * 86_400).await, next);
}
