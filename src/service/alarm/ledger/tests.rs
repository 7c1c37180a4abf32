use super::*;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
}

/// Sends what is due as a mail server would take it: cause, whether well, lines.
fn send(ledger: &mut Ledger, now: Timestamp) -> Vec<(Cause, bool, Vec<String>)> {
    let mut sent = Vec::new();
    while let Some(alarm) = ledger.due(now) {
        ledger.book(&alarm, now);
        ledger.told(&alarm);
        sent.push((alarm.cause, alarm.well, alarm.details));
        assert!(sent.len() < 10, "{sent:?}");
    }
    sent
}

fn trouble(cause: Cause, detail: &str) -> (Cause, bool, Vec<String>) {
    (cause, false, vec![detail.to_owned()])
}

#[test]
fn trouble_is_told_once_and_so_is_its_end() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::Breaker, "eins", at(0));
    assert_eq!(send(&mut ledger, at(0)), [trouble(Cause::Breaker, "eins")]);
    for minute in 1..300 {
        ledger.raise(Cause::Breaker, "zwei", at(minute));
        assert_eq!(send(&mut ledger, at(minute)), []);
    }
    ledger.clear(Cause::Breaker, at(300));
    let sent = send(&mut ledger, at(300));
    assert_eq!(sent.len(), 1);
    assert!(sent[0].1, "well again");
    ledger.clear(Cause::Breaker, at(301));
    assert_eq!(send(&mut ledger, at(301)), []);
}

#[test]
fn trouble_that_comes_and_goes_is_told_once_an_hour() {
    let mut ledger = Ledger::default();
    let mut told = 0;
    for minute in 0..120 {
        ledger.raise(Cause::Rival, "", at(minute));
        let sent = send(&mut ledger, at(minute));
        told += sent.iter().filter(|(_, well, _)| !well).count();
        ledger.clear(Cause::Rival, at(minute));
        send(&mut ledger, at(minute));
    }
    assert_eq!(told, 2);
}

#[test]
fn a_mailbox_is_told_of_after_half_an_hour_out_of_reach() {
    let mut ledger = Ledger::default();
    for minute in 0..30 {
        ledger.raise(Cause::Mailbox, "aus", at(minute));
        assert_eq!(send(&mut ledger, at(minute)), [], "{minute}");
    }
    // Also while an attempt hangs.
    assert_eq!(send(&mut ledger, at(30)), [trouble(Cause::Mailbox, "aus")]);
    let mut ledger = Ledger::default();
    for minute in 0..200 {
        ledger.raise(Cause::Mailbox, "aus", at(minute));
        if minute % 29 == 0 {
            ledger.clear(Cause::Mailbox, at(minute));
        }
        assert_eq!(send(&mut ledger, at(minute)), [], "{minute}");
    }
}

#[test]
fn an_end_is_told_again_only_when_it_has_come_nearer() {
    let mut ledger = Ledger::default();
    let half_a_day = |count: i64| at(count * 12 * 60);
    let mut sent = Vec::new();
    for count in 0..28 {
        let words = if count < 22 {
            "zwei Wochen"
        } else {
            "drei Tage"
        };
        ledger.raise(Cause::TokensEnd, words, half_a_day(count));
        sent.extend(send(&mut ledger, half_a_day(count)));
    }
    let told = ["zwei Wochen", "drei Tage"].map(|words| trouble(Cause::TokensEnd, words));
    assert_eq!(sent, told);
}

#[test]
fn requests_that_fail_within_the_hour_are_summed_up() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::RequestFailed, "A", at(0));
    assert_eq!(
        send(&mut ledger, at(1)),
        [trouble(Cause::RequestFailed, "A")]
    );
    for id in ["B", "C", "B"] {
        ledger.raise(Cause::RequestFailed, id, at(2));
    }
    ledger.clear(Cause::RequestFailed, at(3));
    assert_eq!(send(&mut ledger, at(59)), []);
    let sent = send(&mut ledger, at(61));
    assert_eq!(
        sent,
        [(
            Cause::RequestFailed,
            false,
            vec!["B".to_owned(), "C".to_owned()]
        )]
    );
    assert_eq!(send(&mut ledger, at(200)), []);
}

#[test]
fn a_flood_of_failed_requests_is_counted() {
    let mut ledger = Ledger::default();
    for number in 0..80 {
        ledger.raise(Cause::RequestFailed, &number.to_string(), at(0));
    }
    let alarm = ledger.due(at(1)).unwrap();
    assert_eq!((alarm.details.len(), alarm.more), (MOST_DETAILS, 30));
    ledger.raise(Cause::RequestFailed, "late", at(1));
    ledger.told(&alarm);
    assert_eq!(ledger.0[&Cause::RequestFailed].more, 1);
}

#[test]
fn a_log_that_works_between_two_failures_is_still_in_trouble() {
    let mut ledger = Ledger::default();
    let mut told = Vec::new();
    for second in 0..180 {
        let now = at(0) + SignedDuration::from_secs(second);
        if second % 10 == 0 {
            ledger.raise(Cause::Log, "voll", now);
        } else if second % 3 == 0 {
            ledger.clear(Cause::Log, now);
        }
        told.extend(send(&mut ledger, now));
    }
    assert_eq!(told, [trouble(Cause::Log, "voll")]);
    ledger.clear(Cause::Log, at(4));
    ledger.clear(Cause::Log, at(6));
    assert!(!ledger.is_open(Cause::Log));
    assert_eq!(send(&mut ledger, at(6)).len(), 1);
}

#[test]
fn a_second_broken_change_is_told_after_the_hour() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::Reload, "Zeile 1", at(0));
    send(&mut ledger, at(0));
    ledger.raise(Cause::Reload, "Zeile 2", at(5));
    assert_eq!(send(&mut ledger, at(5)), []);
    assert_eq!(
        send(&mut ledger, at(60)),
        [trouble(Cause::Reload, "Zeile 2")]
    );
    ledger.raise(Cause::Reload, "Zeile 3", at(61));
    ledger.clear(Cause::Reload, at(62));
    assert_eq!(send(&mut ledger, at(62)).len(), 1, "well again");
    assert_eq!(send(&mut ledger, at(200)), []);
}

#[test]
fn what_is_well_before_it_was_told_is_never_told() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::Reload, "", at(0));
    ledger.clear(Cause::Reload, at(0));
    assert_eq!(send(&mut ledger, at(100)), []);
}

#[test]
fn restarts_tell_nothing_twice_and_forget_no_request() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::Rival, "", at(0));
    ledger.raise(Cause::RequestFailed, "A", at(0));
    send(&mut ledger, at(1));
    ledger.raise(Cause::RequestFailed, "B", at(2));
    ledger.raise(Cause::Mailbox, "aus", at(2));
    for minute in 3..50 {
        ledger = Ledger::remembering(ledger.to_remember());
        ledger.raise(Cause::Rival, "", at(minute));
        assert_eq!(send(&mut ledger, at(minute)), [], "{minute}");
    }
    assert!(!ledger.is_open(Cause::Mailbox));
    assert_eq!(
        send(&mut ledger, at(70)),
        [trouble(Cause::RequestFailed, "B")]
    );
    let mut ledger = Ledger::remembering(ledger.to_remember());
    ledger.clear(Cause::Rival, at(71));
    let sent = send(&mut ledger, at(71));
    assert_eq!(sent.len(), 1);
    assert!(sent[0].1, "well again");
}

#[test]
fn trouble_that_lasts_is_told_again_after_a_day() {
    let mut ledger = Ledger::default();
    let mut told = 0;
    for minute in 0..3 * 24 * 60 {
        ledger.raise(Cause::Mailbox, "aus", at(minute));
        told += send(&mut ledger, at(minute)).len();
    }
    assert_eq!(told, 3);
}

#[test]
fn what_happens_while_a_mail_is_on_its_way_counts() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::Rival, "", at(0));
    let alarm = ledger.due(at(0)).unwrap();
    ledger.book(&alarm, at(0));
    ledger.clear(Cause::Rival, at(1));
    ledger.told(&alarm);
    let well = ledger.due(at(1)).unwrap();
    assert!(well.well);
    ledger.raise(Cause::Rival, "", at(2));
    ledger.told(&well);
    assert_eq!(ledger.due(at(59)), None);
    assert!(ledger.due(at(60)).is_some_and(|alarm| !alarm.well));
}

#[test]
fn a_mail_that_did_not_leave_does_not_count() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::Rival, "", at(0));
    let alarm = ledger.due(at(0)).unwrap();
    let before = ledger.book(&alarm, at(0));
    ledger.unbook(&alarm, before);
    assert!(ledger.due(at(1)).is_some());
}

#[test]
fn a_clock_set_back_keeps_nothing_silent() {
    let mut ledger = Ledger::default();
    ledger.raise(Cause::RequestFailed, "A", at(10_000));
    send(&mut ledger, at(10_001));
    ledger.raise(Cause::RequestFailed, "B", at(10_002));
    assert_eq!(send(&mut ledger, at(0)), []);
    assert_eq!(send(&mut ledger, at(61)).len(), 1);
}

#[test]
fn faults_of_a_reload_are_lines_and_not_too_many() {
    let mut ledger = Ledger::default();
    let faults: Vec<String> = (0..MOST_DETAILS + 7)
        .map(|n| format!("Fehler {n}"))
        .collect();
    ledger.raise(Cause::Reload, &faults.join("\n"), at(0));
    let alarm = ledger.due(at(0)).unwrap();
    assert_eq!(alarm.details, faults[..MOST_DETAILS]);
    assert_eq!(alarm.more, 7);
    // fewer of the same are no news
    ledger.book(&alarm, at(0));
    ledger.told(&alarm);
    ledger.raise(Cause::Reload, &faults[..2].join("\n"), at(90));
    assert_eq!(ledger.due(at(90)), None);
}
