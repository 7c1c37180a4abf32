use super::{House, MAILBOX, arrival, at, document, id, ignore, question};
use crate::log::{Error, History, Row};
use crate::request::{State, Verdict};

#[tokio::test]
async fn a_row_is_printed_as_the_contract_says() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    assert_eq!(house.due("a", 101).await.len(), 1);
    house.delivered(1, Verdict::Accepted, None).await;
    let sha256 = "ab".repeat(32);
    let documents = ["Fürth", "Zirndorf"].map(|name| {
        format!(
            r#"{{"kommune":"09563000","beirat":"Ausländerbeirat","rat":"Stadtrat","file":"Musterantrag_Stadt-{name}_Ausländerbeirat.docx","sha256":"{sha256}"}}"#
        )
    });
    let expected = format!(
        concat!(
            r#"{{"id":"{}","received_at":"2026-11-22T10:15:01Z","message_id":"<1.a@b.de>","#,
            r#""from":"a@b.de","subject":"Antrag von a@b.de","decision":"document","#,
            r#""template":"nationaler-integrationsplan","documents":[{}],"state":"answered","#,
            r#""attempts":1,"answered_at":"2026-11-22T10:18:20Z","#,
            r#""reply_message_id":"<reply.a@b.de>","error":null}}"#
        ),
        id(1).as_str(),
        documents.join(","),
    );
    let row = house.row(1).await;
    assert_eq!(serde_json::to_string(&row).unwrap(), expected);
}

#[tokio::test]
async fn a_mail_that_is_not_decided_waits_and_knows_nothing() {
    let house = House::new().await;
    house
        .log
        .receive(MAILBOX, vec![arrival(1, b"")], None)
        .await
        .unwrap();
    let row = house.row(1).await;
    let printed = serde_json::to_value(&row).unwrap();
    assert_eq!(printed["state"], "waiting");
    for field in [
        "message_id",
        "from",
        "subject",
        "decision",
        "template",
        "answered_at",
    ] {
        assert!(printed[field].is_null(), "{field}");
    }
}

#[tokio::test]
async fn show_tells_evidence_and_deliveries() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    house.due("a", 101).await;
    house.delivered(1, Verdict::TryAgain, Some(250)).await;
    house.due("a", 250).await;
    house.delivered(1, Verdict::Accepted, None).await;
    let History {
        evidence,
        deliveries,
        ..
    } = house.log.show(&id(1)).await.unwrap().unwrap();
    assert_eq!(evidence, ["„Fürth“ in der Mail von a@b.de", "zweitens"]);
    let when = "2026-11-22T10:18:20Z".to_owned();
    assert_eq!(
        deliveries,
        [
            (when.clone(), "try-again: TryAgain of 1".to_owned()),
            (when, "accepted: Accepted of 1".to_owned())
        ]
    );
    assert!(house.log.show(&id(2)).await.unwrap().is_none());
    house.decided(2, "a@b.de", Some(ignore())).await;
    assert_eq!(house.row(2).await.reason.as_deref(), Some("nothing-asked"));
}

#[tokio::test]
async fn lists_are_newest_first_and_exports_oldest_first() {
    let house = House::new().await;
    let mails = (1..=1203).map(|number| arrival(number, &[])).collect();
    house.log.receive(MAILBOX, mails, None).await.unwrap();
    let listed = house.log.list(2).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, [id(1203).as_str(), id(1202).as_str()]);

    let exported = export(&house).await;
    assert_eq!(exported.len(), 1203);
    assert!(
        exported
            .iter()
            .zip(1..)
            .all(|(row, number)| row.id == id(number).as_str())
    );
}

#[tokio::test]
async fn an_export_ends_at_the_first_error() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(ignore())).await;
    house.decided(2, "a@b.de", Some(ignore())).await;
    let mut rows = 0;
    let stopped: Result<(), Error> = house
        .log
        .export(|_| {
            rows += 1;
            Err(Error::Closed)
        })
        .await;
    assert!(stopped.is_err());
    assert_eq!(rows, 1);
}

async fn export(house: &House) -> Vec<Row> {
    let mut rows = Vec::new();
    let exported: Result<(), Error> = house
        .log
        .export(|row| {
            rows.push(row);
            Ok(())
        })
        .await;
    exported.unwrap();
    rows
}

/// The contract's fields first, then everything else that is stored.
#[tokio::test]
async fn a_dossier_holds_all_that_is_known_of_one_person() {
    let house = House::new().await;
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    house.decided(2, "c@b.de", Some(question("c@b.de"))).await;
    house.decided(3, "A@B.DE", Some(ignore())).await;
    house.due("a", 101).await;
    house.delivered(1, Verdict::TryAgain, Some(300)).await;
    let mut found = Vec::new();
    let handed: Result<(), Error> = house
        .log
        .dossier("a@B.de", |dossier| {
            found.push(serde_json::to_value(dossier).unwrap());
            Ok(())
        })
        .await;
    handed.unwrap();
    let ids: Vec<_> = found.iter().map(|dossier| dossier["id"].clone()).collect();
    assert_eq!(ids, [id(1).as_str(), id(3).as_str()]);
    let first = found[0].as_object().unwrap();
    let keys: Vec<_> = first.keys().map(String::as_str).collect();
    let contract = [
        "id",
        "received_at",
        "message_id",
        "from",
        "subject",
        "decision",
        "template",
        "documents",
        "state",
        "attempts",
        "answered_at",
        "reply_message_id",
        "error",
    ];
    let further = [
        "reason",
        "reply_to",
        "size_bytes",
        "decided_at",
        "duplicate_of",
        "evidence",
        "leaves",
        "thread",
        "deliveries",
        "places",
        "mail",
        "reply",
        "content_sha256",
        "fingerprint",
    ];
    assert_eq!(keys, [&contract[..], &further[..]].concat());
    assert_eq!(first["evidence"][1], "zweitens");
    assert_eq!(first["deliveries"][0]["result"], "try-again: TryAgain of 1");
    assert_eq!(first["places"][0]["name"], "1");
    assert_eq!(first["mail"]["text"], "raw");
    assert_eq!(first["reply"]["text"], "To: a@b.de\r\n\r\nGuten Tag");
}

#[tokio::test]
async fn stats_count_decisions_and_states() {
    let house = House::new().await;
    assert_eq!(house.log.stats(at(0)).await.unwrap().total, 0);
    house.decided(1, "a@b.de", Some(document("a@b.de"))).await;
    house.decided(2, "a@b.de", Some(document("a@b.de"))).await;
    house.decided(3, "a@b.de", Some(ignore())).await;
    house.decided(4, "a@b.de", None).await;
    house
        .log
        .receive(MAILBOX, vec![arrival(5, b"")], None)
        .await
        .unwrap();
    house.due("a", 101).await;
    house.delivered(1, Verdict::Accepted, None).await;
    let stats = house.log.stats(at(3602)).await.unwrap();
    assert_eq!((stats.total, stats.last_hour, stats.last_day), (5, 3, 5));
    let states: Vec<_> = stats.states.into_iter().collect();
    assert_eq!(
        states,
        [
            (State::Waiting, 2),
            (State::Answered, 1),
            (State::Failed, 1),
            (State::Ignored, 1)
        ]
    );
    let decisions: Vec<_> = stats.decisions.into_iter().collect();
    assert_eq!(
        decisions,
        [("document".to_owned(), 2), ("ignore".to_owned(), 1)]
    );
    assert_eq!(
        stats.oldest_waiting.as_deref(),
        Some("2026-11-22T10:15:02Z")
    );
}

/// Reads of the record must not walk through all requests: 100,000 are many.
#[tokio::test]
async fn reads_have_their_indexes() {
    let house = House::new().await;
    let queries = [
        "SELECT seq FROM request WHERE state = 'received' AND (claimed_until IS NULL OR claimed_until <= '') ORDER BY received_at, seq LIMIT 9",
        "SELECT seq FROM request WHERE state = 'waiting' AND next_attempt_at <= '' AND (claimed_until IS NULL OR claimed_until <= '') ORDER BY next_attempt_at, seq LIMIT 9",
        "SELECT min(o.seq) FROM request o WHERE o.fingerprint = 'x' AND o.message_id IS 'y'",
        "SELECT count(*) FROM request WHERE reply_to = 'x' AND reply_message_id IS NOT NULL AND decided_at > ''",
        "SELECT count(*) FROM request WHERE reply_message_id IS NOT NULL AND decided_at > '' AND decided_at <= ''",
        "SELECT d.decided_at FROM request d WHERE d.reply_to = 'x' AND d.decided_at > '' AND d.decision = 'document' ORDER BY d.decided_at DESC LIMIT 1",
        "SELECT i.value, count(*), max(r.reason IS 'rate-limit') FROM json_each('[]') i CROSS JOIN request r ON r.reply_domain = i.value WHERE r.reply_message_id IS NOT NULL AND r.decided_at > '' AND r.decided_at <= ''",
        "SELECT max(r.seq) FROM json_each('[]') t JOIN request r ON r.reply_message_id = t.value OR r.message_id = t.value WHERE r.leaves IS NOT NULL AND r.reply_to = 'x'",
        "SELECT count(*) FROM request r WHERE (r.seq = 1 OR r.thread = 1) AND r.decision = 'question'",
        "SELECT count(*) FROM request WHERE received_at > ''",
        "SELECT p.name FROM place p JOIN request r ON r.seq = p.request WHERE p.mailbox = 'x' AND p.settled = 0 ORDER BY p.request LIMIT 9",
        "SELECT received_at FROM request WHERE state = 'received' UNION ALL SELECT received_at FROM request WHERE state = 'waiting'",
        "SELECT id FROM request ORDER BY seq DESC LIMIT 9",
    ];
    for query in queries {
        let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql)
            .fetch_all(&house.log.readers)
            .await
            .unwrap();
        let plan: Vec<_> = steps.into_iter().map(|step| step.3).collect();
        let walks = |step: &String| {
            (step.starts_with("SCAN request") || step == "SCAN r")
                && !step.contains("USING")
                && !query.contains("DESC LIMIT")
        };
        assert!(!plan.iter().any(walks), "{query}: {plan:?}");
        assert!(
            !plan.iter().any(|step| step.contains("TEMP B-TREE")),
            "{query}: {plan:?}"
        );
    }
}
