use super::*;

#[test]
fn a_detail_holds_no_address() {
    assert_eq!(
        without_addresses("refused <anna@example.net>: \"b@example.org\" unknown"),
        "refused … … unknown"
    );
}
