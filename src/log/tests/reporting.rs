use super::{House, MAILBOX, arrival, at, decided, document, id, ignore, lease, message_id};
use crate::answer::Reported;
use crate::log::Recorded;
use crate::mail::{Action, Recipient};
use crate::request::{State, Verdict};

const PERSON: &str = "anna@example.net";

/// What a server says of a reply; `document` gives the replies to a person this id.
fn reported(reply: &str, action: Action) -> Reported {
    let (status, words) = match action {
        Action::Failed => ("5.1.1", format!("550 5.1.1 <{PERSON}> unknown")),
        Action::Delayed => ("4.4.1", "timed out".to_owned()),
        Action::Delivered => ("2.0.0", String::new()),
    };
    Reported {
        reply: message_id(reply),
        outcome: Recipient {
            address: Some(PERSON.to_owned()),
            action,
            status: Some(status.to_owned()),
            words,
        },
    }
}

fn failed() -> Reported {
    reported(&format!("reply.{PERSON}"), Action::Failed)
}

impl House {
    /// A request of [`PERSON`], number 1, whose reply the mail server has accepted.
    async fn answered() -> Self {
        let house = Self::new().await;
        house.decided(1, PERSON, Some(document(PERSON))).await;
        house.due("a", 101).await;
        house.delivered(1, Verdict::Accepted, None).await;
        house
    }

    async fn reported(&self, number: u32, report: Reported) -> Recorded {
        let mails = vec![arrival(number, b"report")];
        self.log.receive(MAILBOX, mails, None).await.unwrap();
        self.log.claim_undecided(&lease("a", 0), 9).await.unwrap();
        let mut answer = ignore();
        answer.report = Some(report);
        let decided = decided(number, "mailer-daemon@example.net", Some(answer));
        self.log.decide("a", vec![decided]).await.unwrap()
    }

    async fn evidence(&self, number: u128) -> Vec<String> {
        let history = self.log.show(&id(number)).await.unwrap();
        let evidence = history.unwrap().evidence;
        let notes = evidence
            .into_iter()
            .filter(|said| said.contains("gemeldet") || said.contains("Bericht"));
        notes.collect()
    }
}

#[tokio::test]
async fn a_reply_that_comes_back_fails_its_request() {
    let house = House::answered().await;
    let recorded = house.reported(2, failed()).await;
    assert_eq!((recorded.lost, recorded.bounced), (vec![], vec![id(1)]));
    let row = house.row(1).await;
    let words = format!("unzustellbar: 550 5.1.1 <{PERSON}> unknown");
    assert_eq!((row.state, row.error), (State::Failed, Some(words)));
    assert_eq!(house.row(2).await.state, State::Ignored);
    let [request, report] = [1, 2].map(|number| id(number).as_str().to_owned());
    let noted = format!("Unzustellbar gemeldet durch {report}.");
    assert_eq!(house.evidence(1).await, [noted.clone()]);
    let about = format!("Der Bericht gilt der Antwort auf die Anfrage {request}.");
    assert_eq!(house.evidence(2).await, [about.clone()]);

    // A second report changes nothing, but says which request it is about.
    assert_eq!(house.reported(3, failed()).await, Recorded::default());
    assert_eq!(house.evidence(1).await, [noted]);
    assert_eq!(house.evidence(3).await, [about]);
    assert_eq!(house.log.retry(&id(1)).await.unwrap(), Some(State::Failed));
}

#[tokio::test]
async fn a_report_may_come_before_the_servers_answer_was_noted() {
    let house = House::new().await;
    house.decided(1, PERSON, Some(document(PERSON))).await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    assert_eq!(house.reported(2, failed()).await.bounced, [id(1)]);
    house.delivered(1, Verdict::Accepted, None).await;
    assert_eq!(house.row(1).await.state, State::Failed);
    assert_eq!(house.due("a", 9_999).await.len(), 0);

    // The reply is still there: somebody may try again, and it may come back again.
    let again = house.log.retry(&id(1)).await.unwrap();
    assert_eq!(again, Some(State::Waiting));
    assert_eq!(house.due("a", 201).await.len(), 1);
    house.delivered(1, Verdict::Accepted, None).await;
    assert_eq!(house.row(1).await.state, State::Answered);
    assert_eq!(house.reported(3, failed()).await.bounced, [id(1)]);
}

#[tokio::test]
async fn delays_and_arrivals_are_noted_and_change_nothing() {
    let house = House::answered().await;
    for number in 2..40 {
        let action = [Action::Delayed, Action::Delivered][number % 2];
        let report = reported(&format!("reply.{PERSON}"), action);
        let recorded = house.reported(u32::try_from(number).unwrap(), report).await;
        assert_eq!(recorded, Recorded::default());
    }
    let row = house.row(1).await;
    assert_eq!((row.state, row.error), (State::Answered, None));
    let notes = house.evidence(1).await;
    assert_eq!(notes.len(), 20, "bounded");
    let [late, arrived] = [2, 3].map(|number| id(number).as_str().to_owned());
    let late = format!("Verzögerung gemeldet durch {late}: timed out (Status 4.4.1)");
    assert_eq!(notes[0], late);
    assert_eq!(
        notes[1],
        format!("Als zugestellt gemeldet durch {arrived}.")
    );
}

#[tokio::test]
async fn a_report_on_an_unknown_reply_is_left_alone() {
    let house = House::answered().await;
    let foreign = reported("another@example.net", Action::Failed);
    assert_eq!(house.reported(2, foreign).await, Recorded::default());
    assert_eq!(house.row(1).await.state, State::Answered);
    assert_eq!(house.evidence(2).await, Vec::<String>::new());
}

#[tokio::test]
async fn forgetting_takes_the_servers_words_along_and_later_reports_find_nothing() {
    let house = House::answered().await;
    house.reported(2, failed()).await;
    assert!(house.holds(PERSON));
    assert_eq!(house.log.forget(PERSON).await.unwrap(), 1);
    assert!(!house.holds(PERSON));
    assert_eq!(house.reported(3, failed()).await, Recorded::default());
    assert_eq!(house.row(1).await.state, State::Failed);
    assert_eq!(house.evidence(3).await, Vec::<String>::new());
    house.log.forget("nobody@example.net").await.unwrap();
    assert!(!house.holds(PERSON), "nor does the report bring it back");
}
