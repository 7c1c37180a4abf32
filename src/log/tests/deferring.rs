//! Mails that cannot be decided yet.

use super::*;
use crate::log::Deferred;
use crate::request::State;

fn deferred(number: u128, second: i64, motion: Option<&str>) -> Deferred {
    Deferred {
        id: id(number),
        until: at(second),
        motion: motion.map(str::to_owned),
    }
}

impl House {
    /// Has mails received with these numbers.
    async fn received(&self, numbers: &[u32]) {
        for number in numbers {
            let mails = vec![arrival(*number, b"raw")];
            self.log.receive(MAILBOX, mails, None).await.unwrap();
        }
    }

    /// Puts a claimed mail off: its motion is not sound.
    async fn has_wait_for_a_motion(&self, number: u128) {
        let deferrals = vec![deferred(number, 130, Some("fonds"))];
        self.log.defer("a", deferrals).await.unwrap();
    }

    async fn claim(&self, second: i64) -> Vec<RequestId> {
        let claimed = self.log.claim_undecided(&lease("a", second), 9).await;
        claimed.unwrap().into_iter().map(|one| one.id).collect()
    }
}

#[tokio::test]
async fn a_deferred_mail_comes_back_in_time_or_at_a_persons_word() {
    let house = House::new().await;
    house.received(&[1, 2]).await;
    assert_eq!(house.claim(10).await, [id(1), id(2)]);
    let both = vec![deferred(1, 500, None), deferred(2, 560, None)];
    house.log.defer("another", both.clone()).await.unwrap();
    assert_eq!(
        house.claim(20).await,
        [],
        "whose lease it is not defers nothing"
    );
    house.log.defer("a", both).await.unwrap();
    house.log.release().await.unwrap();
    assert_eq!(house.claim(499).await, []);
    assert_eq!(house.claim(500).await, [id(1)]);
    let state = house.log.retry(&id(2)).await.unwrap();
    assert_eq!(state, Some(State::Received));
    assert_eq!(house.claim(501).await, [id(2)]);
}

#[tokio::test]
async fn who_waits_for_a_motion_says_so_and_is_called_back() {
    let house = House::new().await;
    house.received(&[1, 2, 3]).await;
    assert_eq!(house.claim(10).await, [id(1), id(2), id(3)]);
    let deferrals = vec![
        deferred(1, 130, Some("fonds")),
        deferred(2, 130, Some("fonds")),
        deferred(3, 130, None),
    ];
    house.log.defer("a", deferrals).await.unwrap();
    let row = house.row(1).await;
    let said = (row.state, row.decision, row.template, row.reason);
    let (template, reason) = (Some("fonds".to_owned()), Some("unsound".to_owned()));
    assert_eq!(said, (State::Waiting, None, template, reason));
    assert_eq!(house.row(3).await.reason, None);
    // over a restart
    let other = house.other().await;
    other.release().await.unwrap();
    assert_eq!(house.claim(20).await, []);
    other.recall().await.unwrap();
    assert_eq!(
        house.claim(21).await,
        [id(1), id(2)],
        "not the one that waits for something else"
    );
    // whose motion is sound by now is decided as any other
    let answered = document("anna@example.net");
    let recorded = house
        .log
        .decide("a", vec![decided(1, "anna@example.net", Some(answered))])
        .await;
    assert_eq!(recorded.unwrap().lost, []);
    assert_eq!(house.row(1).await.reason, None);
}

#[tokio::test]
async fn who_waits_is_retried_and_forgotten_at_a_persons_word_and_stays_in_a_purge() {
    let house = House::new().await;
    house.received(&[1]).await;
    house.claim(10).await;
    house.background(1, "anna@example.net").await;
    house.has_wait_for_a_motion(1).await;
    assert_eq!(house.log.purge(at(9_000_000)).await.unwrap(), 0);
    assert_eq!(
        house.log.retry(&id(1)).await.unwrap(),
        Some(State::Received)
    );
    assert_eq!(house.claim(11).await, [id(1)]);
    house.has_wait_for_a_motion(1).await;
    assert_eq!(
        house.log.forget("anna@example.net").await.unwrap().requests,
        1
    );
    house.log.recall().await.unwrap();
    assert_eq!(house.claim(12).await, []);
    assert_eq!(house.row(1).await.state, State::Failed);
}

/// A mail that goes on where an earlier one waits is behind it, whichever of its thread it names.
#[tokio::test]
async fn a_mail_of_a_thread_in_which_another_one_waits_is_behind_it() {
    let house = House::new().await;
    house.received(&[1, 2, 3]).await;
    house.claim(10).await;
    house.background(1, "anna@example.net").await;
    house.has_wait_for_a_motion(1).await;
    let first = headers(1, "anna@example.net").message_id.unwrap();
    let behind = async |number: u32, from: &str| {
        let thread = std::slice::from_ref(&first);
        let background = house
            .ask(number.into(), &headers(number, from), thread, 20)
            .await;
        background.behind
    };
    assert_eq!(
        behind(2, "anna@example.net").await,
        Some((id(1), "fonds".to_owned()))
    );
    assert_eq!(behind(2, "bert@example.net").await, None, "somebody else's");
    assert_eq!(
        behind(1, "anna@example.net").await,
        None,
        "nobody is behind oneself"
    );
    let unrelated = house.ask(3, &headers(3, "anna@example.net"), &[], 20).await;
    assert_eq!(unrelated.behind, None);
}
