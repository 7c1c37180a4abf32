use jiff::Timestamp;

use super::*;

pub(super) fn listed(uid: u32, size: u64) -> Listed {
    Listed {
        place: Place {
            mailbox: "imap:test".into(),
            validity: 7,
            name: uid.to_string(),
        },
        size,
        seen: false,
        arrived: Timestamp::UNIX_EPOCH,
        owner: None,
        handled: false,
    }
}

#[test]
fn progress_does_not_go_past_what_is_left() {
    let mut left = Left::default();
    assert_eq!((left.is_empty(), left.first_uid()), (true, u32::MAX));
    left.pass([listed(3, 1)].iter());
    assert_eq!((left.is_empty(), left.first_uid()), (true, u32::MAX));
    left.extend(&[listed(7, 1), listed(5, 1)]);
    assert_eq!((left.is_empty(), left.first_uid()), (false, 5));
    assert!([3, 5, 7].map(|uid| left.contains(&listed(uid, 1).place)) == [true; 3]);
}
