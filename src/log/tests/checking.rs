use super::{House, at};
use crate::log::{Checked, TakenUp};

fn checked(motion: &str, second: i64) -> Checked {
    Checked {
        motion: motion.to_owned(),
        folder: "/vorlagen".into(),
        at: at(second),
    }
}

#[tokio::test]
async fn what_was_checked_is_noted_until_it_is_in_use() {
    let House {
        log,
        folder: _folder,
    } = House::new().await;
    assert_eq!(log.checked().await.unwrap(), []);
    log.note_checked(checked("b", 1)).await.unwrap();
    log.note_checked(checked("a", 2)).await.unwrap();
    assert_eq!(
        log.checked().await.unwrap(),
        [checked("b", 1), checked("a", 2)]
    );
    assert_eq!(log.taken_up("a").await.unwrap(), TakenUp::NotYet);
    log.settle_checked(checked("a", 2), None).await.unwrap();
    assert_eq!(log.taken_up("a").await.unwrap(), TakenUp::Yes);

    let refused = Some("kaputt".to_owned());
    log.settle_checked(checked("b", 1), refused).await.unwrap();
    assert_eq!(log.checked().await.unwrap(), [], "looked at once");
    let taken = log.taken_up("b").await.unwrap();
    assert_eq!(taken, TakenUp::Refused("kaputt".to_owned()));
}

#[tokio::test]
async fn what_was_checked_again_meanwhile_is_looked_at_again() {
    let House {
        log,
        folder: _folder,
    } = House::new().await;
    log.note_checked(checked("a", 1)).await.unwrap();
    log.note_checked(checked("a", 2)).await.unwrap();
    log.settle_checked(checked("a", 1), None).await.unwrap();
    assert_eq!(log.checked().await.unwrap(), [checked("a", 2)]);
}

#[tokio::test]
async fn whether_a_daemon_works_on_it_is_seen_without_disturbing_one() {
    let House {
        log,
        folder: _folder,
    } = House::new().await;
    assert!(!log.is_held());
    let hold = log.hold().await.unwrap();
    assert!(log.is_held());
    drop(hold);
    assert!(!log.is_held());
    log.hold().await.unwrap();
}
