//! A mail that no program survives.

use std::time::Duration;

use crate::correspondence::{mail, request, rows};
use crate::lane::{Lane, Way};
use crate::support::{Daemon, House, command, eventually};

/// What a mail holds on which the daemon ends at once, as by a full memory.
const POISON: &str = "x-gift";

#[test]
fn a_mail_that_kills_the_program_takes_no_other_along() {
    let house = House::start();
    let lane = Lane::new(&house, "antrag", "gift", Way::Maildir);
    let poisonous = mail("gift", &format!("Stadt Fürth, Ausländerbeirat {POISON}\n"));
    house.dovecot.drop_in("antrag", "0", &poisonous);
    let mut innocent: Vec<String> = (0..5).map(|number| number.to_string()).collect();
    for id in &innocent {
        house
            .dovecot
            .drop_in("antrag", &format!("1{id}"), &request(id));
    }
    let serve = || {
        let mut serve = command(&lane.config, &["serve"]);
        Daemon::run(&lane.config, serve.env("ANTRAGSBOTE_POISON", POISON))
    };
    // Cut off once with all others, then alone; what is new meanwhile goes first.
    let limit = Duration::from_secs(60);
    for start in 0..4 {
        let mut daemon = serve();
        eventually("the end of the daemon", limit, || {
            daemon.has_ended().then_some(())
        });
        let id = format!("neu-{start}");
        house.dovecot.drop_in("antrag", &id, &request(&id));
        innocent.push(id);
    }
    // Begun once among others and three times alone, it is given up.
    let daemon = serve();
    eventually("all rows to end", limit, || {
        let ended = rows(&lane.config)
            .iter()
            .filter(|row| row["state"] == "answered" || row["state"] == "failed")
            .count();
        (ended == innocent.len() + 1).then_some(())
    });
    daemon.stop();
    let arrived = lane.arrived().look();
    assert!(arrived.keys().eq(&innocent), "{arrived:?}");
    for (id, mut message_ids) in arrived {
        // A reply that was on its way when the program ended comes again, as the same mail.
        message_ids.dedup();
        assert_eq!(message_ids.len(), 1, "different replies to {id}");
    }
    let rows = rows(&lane.config);
    let failed: Vec<_> = rows.iter().filter(|row| row["state"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    assert!(failed[0]["error"].as_str().unwrap().contains("cut off"));
}
