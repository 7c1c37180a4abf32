//! Logins by tokens, at Dovecot and Postfix, who ask the token server whether they are good.

use std::fs;

use crate::correspondence::{assert_answered_once, request, until_answered};
use crate::support::{Daemon, House, Settings};

/// Tokens in place of passwords, with these lines more in `[oauth]`.
fn by_token(more: &'static str) -> Settings {
    Settings {
        oauth: Some(more),
        ..Settings::default()
    }
}

/// A mail comes in, and the motion goes out, both by a token that is shown by this mechanism.
#[track_caller]
fn goes_through(offered: &'static str, used: &str) {
    let house = House::with_tokens(offered);
    let daemon = Daemon::start(&house.configure(by_token("")));
    house.dovecot.drop_in("antrag", "eins", &request("eins"));
    until_answered(&house, 1);
    daemon.stop();
    assert_answered_once(&house, &["eins".to_owned()]);
    let imap = fs::read_to_string(house.dovecot.log()).unwrap();
    let login = format!("user=<antrag@example.org>, method={used}, ");
    assert!(imap.contains(&login), "{imap}");
    let smtp = fs::read_to_string(house.postfix.log()).unwrap();
    let login = format!("sasl_method={used}, sasl_username=antrag@example.org");
    assert!(smtp.contains(&login), "{smtp}");
}

#[test]
fn a_motion_goes_out_by_xoauth2() {
    goes_through("xoauth2", "XOAUTH2");
}

#[test]
fn a_motion_goes_out_by_oauthbearer() {
    goes_through("oauthbearer", "OAUTHBEARER");
}

#[test]
fn a_motion_goes_out_by_the_standard_where_both_are_offered() {
    goes_through("xoauth2 oauthbearer", "OAUTHBEARER");
}
