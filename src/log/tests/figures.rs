use std::collections::BTreeMap;

use super::{House, arrival, at, decided, document, ignore, lease, question};
use crate::answer::{Answer, Decision};
use crate::log::Figures;
use crate::policy::Refused;
use crate::request::Verdict;

fn refused(reason: Refused) -> Answer {
    Answer {
        decision: Decision::Refuse(reason),
        ..ignore()
    }
}

fn counts<const N: usize>(counts: [(&str, &str, u64); N]) -> BTreeMap<(String, String), u64> {
    let counts = counts.map(|(decision, word, count)| ((decision.into(), word.into()), count));
    counts.into()
}

impl House {
    /// The figures, without the size.
    async fn figures(&self) -> Figures {
        let figures = self.log.figures().await.unwrap();
        assert!(figures.size > 0);
        Figures { size: 0, ..figures }
    }
}

/// By decision (empty: none) and state.
fn requests(figures: &Figures) -> BTreeMap<(String, String), u64> {
    let requests = figures.requests.iter();
    requests
        .map(|((decision, state), count)| {
            (
                (decision.clone().unwrap_or_default(), state.clone()),
                *count,
            )
        })
        .collect()
}

#[tokio::test]
async fn an_empty_log_has_nothing_to_tell() {
    let house = House::new().await;
    let figures = house.figures().await;
    assert_eq!(figures, Figures::default());
}

#[tokio::test]
async fn every_request_counts_once_by_what_became_of_it() {
    let house = House::new().await;
    house
        .decided(1, "a@example.org", Some(document("a@example.org")))
        .await;
    house
        .decided(2, "b@example.org", Some(question("b@example.org")))
        .await;
    house.decided(3, "c@example.org", Some(ignore())).await;
    let too_large = refused(Refused::TooLarge);
    house.decided(4, "d@example.org", Some(too_large)).await;
    house.decided(5, "e@example.org", None).await;
    house.due("a", 200).await;
    house.delivered(1, Verdict::Accepted, None).await;
    let late = crate::log::Arrival {
        received_at: at(30),
        ..arrival(6, b"raw")
    };
    house
        .log
        .receive(super::MAILBOX, vec![late], None)
        .await
        .unwrap();
    let figures = house.figures().await;
    let expected = counts([
        ("", "failed", 1),
        ("", "received", 1),
        ("document", "answered", 1),
        ("ignore", "ignored", 1),
        ("question", "waiting", 1),
        ("refuse", "ignored", 1),
    ]);
    assert_eq!(requests(&figures), expected);
    let reason = match ignore().decision {
        Decision::Ignore(reason) => reason.as_str(),
        other => panic!("{other:?}"),
    };
    let expected = counts([("ignore", reason, 1), ("refuse", "too-large", 1)]);
    assert_eq!(figures.reasons, expected);
    assert_eq!((figures.undecided, figures.waiting), (1, 1));
    assert_eq!(figures.oldest_waiting, Some(arrival(2, b"raw").received_at));

    house.delivered(2, Verdict::GiveUp, None).await;
    let figures = house.figures().await;
    assert_eq!((figures.undecided, figures.waiting), (1, 0));
    assert_eq!(figures.oldest_waiting, Some(at(30)));
}

#[tokio::test]
async fn what_is_decided_late_is_counted_as_well_and_what_is_purged_stays_counted() {
    let house = House::new().await;
    let rate = || Some(refused(Refused::RateLimit));
    house.decided(1, "a@example.org", None).await;
    house.decided(2, "b@example.org", rate()).await;
    let once = counts([("refuse", "rate-limit", 1)]);
    assert_eq!(house.figures().await.reasons, once);

    // The first had failed undecided.
    house.log.retry(&super::id(1)).await.unwrap();
    assert_eq!(house.figures().await.reasons, once);
    house.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
    let again = decided(1, "a@example.org", rate());
    house.log.decide("a", vec![again]).await.unwrap();
    let twice = counts([("refuse", "rate-limit", 2)]);
    assert_eq!(house.figures().await.reasons, twice);

    house.decided(3, "c@example.org", rate()).await;
    let thrice = counts([("refuse", "rate-limit", 3)]);
    assert_eq!(house.figures().await.reasons, thrice);
    assert_eq!(house.log.purge(at(1_000_000)).await.unwrap(), 3);
    let figures = house.figures().await;
    assert_eq!(figures.reasons, thrice);
    assert_eq!(requests(&figures), counts([("refuse", "ignored", 3)]));
}
