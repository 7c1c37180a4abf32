//! What becomes of the mail in the mailbox.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::correspondence::{assert_answered_once, mail, request, rows, until_answered};
use crate::support::{Daemon, House, Settings, eventually};

const SHORTLY: Duration = Duration::from_secs(30);

#[test]
fn handled_mail_is_moved_to_a_folder_with_umlauts() {
    // The folder's name on the wire is modified UTF-7, RFC 3501 section 5.1.3.
    let on_the_wire = "Gel&APY-schte Antr&AOQ-ge";
    for (mailbox, outbound) in [("starttls", "tls"), ("none", "none")] {
        let house = House::start();
        let daemon = Daemon::start(&house.configure(Settings {
            mailbox,
            outbound,
            archive: Some("Gelöschte Anträge"),
            ..Settings::default()
        }));
        house.dovecot.drop_in("antrag", "1", &request("1"));
        until_answered(&house, 1);
        let mut imap = house.dovecot.login("antrag");
        eventually("the mail in the archive", SHORTLY, || {
            let moved = imap.folders().iter().any(|name| name == on_the_wire)
                && imap.count(on_the_wire) == 1
                && imap.count("INBOX") == 0;
            moved.then_some(())
        });
        assert_eq!(imap.messages(on_the_wire)[0].raw, request("1"));
        daemon.stop();
    }
}

#[test]
fn without_an_archive_handled_mail_is_marked_as_read_and_kept() {
    let house = House::start();
    let daemon = Daemon::start(&house.configure(Settings {
        archive: None,
        ..Settings::default()
    }));
    house.dovecot.drop_in("antrag", "1", &request("1"));
    until_answered(&house, 1);
    let mut imap = house.dovecot.login("antrag");
    eventually("the mark", SHORTLY, || {
        imap.messages("INBOX")[0].seen.then_some(())
    });
    daemon.stop();
}

#[test]
fn what_a_person_has_read_is_left_alone_on_the_first_start_only() {
    let house = House::start();
    for id in ["alt-1", "alt-2"] {
        house.dovecot.drop_in("antrag", id, &request(id));
    }
    let mut imap = house.dovecot.login("antrag");
    imap.mark_all_seen();
    house.dovecot.drop_in("antrag", "neu", &request("neu"));
    let config = house.configure(Settings::default());
    let daemon = Daemon::start(&config);
    until_answered(&house, 1);
    daemon.stop();
    assert_answered_once(&house, &["neu".to_owned()]);

    // From now on the log is the memory: what is read while the daemon sleeps is answered all the same.
    house
        .dovecot
        .drop_in("antrag", "gelesen", &request("gelesen"));
    imap.mark_all_seen();
    let daemon = Daemon::start(&config);
    until_answered(&house, 2);
    eventually("the handled mail in the archive", SHORTLY, || {
        (imap.count("INBOX") == 2).then_some(())
    });
    daemon.stop();
    assert_answered_once(&house, &["neu".to_owned(), "gelesen".to_owned()]);
    let left: BTreeSet<_> = imap
        .messages("INBOX")
        .into_iter()
        .map(|mail| String::from_utf8(mail.raw).unwrap())
        .collect();
    let old = ["alt-1", "alt-2"].map(|id| String::from_utf8(request(id)).unwrap());
    assert_eq!(left, BTreeSet::from(old));
}

#[test]
fn a_change_of_uid_validity_makes_no_mail_new() {
    let mut house = House::start();
    let config = house.configure(Settings {
        archive: None,
        ..Settings::default()
    });
    let daemon = Daemon::start(&config);
    for id in ["1", "2"] {
        house.dovecot.drop_in("antrag", id, &request(id));
    }
    until_answered(&house, 2);
    house.dovecot.stop();
    house.dovecot.renew_uid_validity("antrag");
    house.dovecot.resume();
    // Another mail than the first, whatever its UID.
    let third = mail(
        "3",
        "Kommune: Landkreis Fürth\nBeirat: Integrationsbeirat\n",
    );
    house.dovecot.drop_in("antrag", "3", &third);
    until_answered(&house, 3);
    daemon.stop();
    assert_answered_once(&house, &["1", "2", "3"].map(str::to_owned));
    let answered = rows(&config)
        .into_iter()
        .filter(|row| row["state"] == "answered");
    assert_eq!(answered.count(), 3);
}
