use super::*;

#[test]
fn a_detail_holds_no_address() {
    assert_eq!(
        without_addresses("refused <anna@example.net>: \"b@example.org\" unknown"),
        "refused … … unknown"
    );
}

#[test]
fn only_a_mail_that_may_have_been_taken_goes_once_more() {
    let lost = |step| Error::Lost { step, source: None };
    assert!(is_doubtful(&lost(Step::Content)));
    assert!(!is_doubtful(&lost(Step::Rcpt)));
}
