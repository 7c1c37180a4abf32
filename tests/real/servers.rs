//! The servers themselves do what the other tests rely on.

use crate::support::House;

#[test]
fn mail_sent_by_smtp_lies_in_the_mailbox() {
    let mut house = House::start();
    let raw = b"From: Anna <anna@example.org>\r\nSubject: Probe\r\n\r\n.punkt\r\nGr\xfc\xdfe\r\n";
    house
        .postfix
        .send("anna@example.org", "antrag@example.org", raw);
    house.postfix.until_delivered();
    let mut imap = house.dovecot.login("antrag");
    let mails = imap.messages("INBOX");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].raw.ends_with(b"\r\n\r\n.punkt\r\nGr\xfc\xdfe\r\n"));
    assert!(!mails[0].seen);

    let before = imap.uid_validity();
    house.dovecot.stop();
    house.dovecot.renew_uid_validity("antrag");
    house.dovecot.resume();
    house.dovecot.drop_in("antrag", "leer", b"");
    let mut imap = house.dovecot.login("antrag");
    assert_ne!(imap.uid_validity(), before);
    assert_eq!(imap.messages("INBOX").len(), 2);

    house.postfix.stop();
    house.postfix.resume();
    house
        .postfix
        .send("anna@example.org", "antrag@example.org", raw);
    house.postfix.until_delivered();
    imap.mark_all_seen();
    assert!(imap.messages("INBOX").iter().all(|mail| mail.seen));
    assert_eq!(imap.messages("INBOX").len(), 3);
}
