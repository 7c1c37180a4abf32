use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use super::*;
use crate::log::{Progress, Row};
use crate::request::State;
use crate::{config, mailbox, outbound};

/// Only a failing test waits as long.
const FAILURE: Duration = Duration::from_secs(30);

const REQUEST: &str = "From: Anna <anna@example.net>\nTo: antragsbote@localhost\nMessage-ID: <1@example.net>\n\
                       Subject: Musterantrag\n\nBitte den Musterantrag: Landkreis Fürth, Ausländerbeirat.\n";

/// A service between a mailbox and a way out in memory.
struct House {
    folder: TempDir,
    inbox: mailbox::Memory,
    sent: outbound::Memory,
}

impl House {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            inbox: mailbox::Memory::default(),
            sent: outbound::Memory::default(),
        }
    }

    fn config(&self) -> Config {
        Config {
            mailbox: mailbox::Config::Memory(self.inbox.clone()),
            outbound: outbound::Config::Memory(self.sent.clone()),
            ..Config::on_maildirs(self.folder.path())
        }
    }

    /// Has the mail server refuse what comes next.
    fn refuse(&self, step: outbound::Step, code: u16, reply: &str) {
        self.sent.fail(outbound::Error::Refused {
            step,
            code,
            enhanced: None,
            reply: reply.into(),
        });
    }

    async fn start(&self) -> (Service, Log) {
        let config = self.config();
        let loaded = config::load_knowledge(&config, None).unwrap();
        let log = Log::open(&config.log).await.unwrap();
        let service = Service::start(config, loaded, log.clone()).await.unwrap();
        service.ready().await;
        (service, log)
    }
}

async fn until_state(log: &Log, state: State) -> Row {
    let wait = async {
        loop {
            let rows = log.list(9).await.unwrap();
            if let Some(row) = rows.into_iter().find(|row| row.state == state) {
                return row;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FAILURE, wait).await.unwrap()
}

#[tokio::test]
async fn a_request_is_answered_recorded_and_set_aside() {
    let house = House::new();
    let (service, log) = house.start().await;
    let place = house.inbox.deliver(REQUEST, false);
    let row = until_state(&log, State::Answered).await;
    let settled = async {
        while house.inbox.settled() != [place.clone()] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FAILURE, settled).await.unwrap();
    service.stop().await.unwrap();
    let sent = house.sent.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].0.to, "anna@example.net");
    let bytes = String::from_utf8_lossy(&sent[0].1).into_owned();
    assert!(bytes.contains(&row.reply_message_id.unwrap()));
}

#[tokio::test]
async fn a_reply_that_is_refused_for_good_is_given_up() {
    let house = House::new();
    house.refuse(outbound::Step::Rcpt, 550, "no such user");
    let (service, log) = house.start().await;
    house.inbox.deliver(REQUEST, false);
    let row = until_state(&log, State::Failed).await;
    assert!(row.error.unwrap().contains("no such user"));
    assert_eq!(row.attempts, 1);
    service.stop().await.unwrap();
    assert_eq!(house.sent.sent(), []);
}

#[tokio::test]
async fn read_mail_stays_alone_also_when_the_first_look_was_cut_off() {
    let house = House::new();
    let log = Log::open(&house.config().log).await.unwrap();
    let begun = Progress {
        validity: 1,
        next_uid: 1,
        since: clock::now(),
    };
    log.receive("memory", Vec::new(), Some(begun))
        .await
        .unwrap();
    log.close().await;
    house.inbox.deliver(REQUEST.replace("<1@", "<read@"), true);
    house.inbox.deliver(REQUEST, false);
    let (service, log) = house.start().await;
    let row = until_state(&log, State::Answered).await;
    assert_eq!(row.message_id.as_deref(), Some("<1@example.net>"));
    assert_eq!(log.list(9).await.unwrap().len(), 1);
    service.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_service_on_the_same_log_does_not_start() {
    let house = House::new();
    let (service, log) = house.start().await;
    let config = Config {
        socket: house.folder.path().join("other.sock"),
        ..house.config()
    };
    let loaded = config::load_knowledge(&config, None).unwrap();
    let second = Service::start(config, loaded, log).await;
    assert!(
        second
            .unwrap_err()
            .to_string()
            .contains("another antragsbote")
    );
    service.stop().await.unwrap();
}

#[tokio::test]
async fn mail_that_cannot_be_recorded_stays_and_is_taken_later() {
    use sqlx::Connection as _;
    let house = House::new();
    let (service, log) = house.start().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&house.config().log.path);
    let mut other = sqlx::SqliteConnection::connect_with(&options)
        .await
        .unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    house.inbox.deliver(REQUEST, false);
    // Longer than the log waits for whoever is in its way.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(log.list(9).await.unwrap().len(), 0);
    held.rollback().await.unwrap();
    until_state(&log, State::Answered).await;
    service.stop().await.unwrap();
    assert_eq!(house.sent.sent().len(), 1);
}

#[test]
fn a_chain_names_every_cause_once() {
    #[derive(Debug, thiserror::Error)]
    #[error("the reply cannot be written")]
    struct Outer(#[source] std::num::ParseIntError);
    let error = Outer("x".parse::<i32>().unwrap_err());
    assert_eq!(
        chain(&error),
        "the reply cannot be written: invalid digit found in string"
    );
}

/// A configuration that cannot be taken up.
fn broken(path: &str, line: usize) -> Result<Config, config::Error> {
    Err(config::Error::Unsound {
        path: path.into(),
        problems: vec![config::Problem {
            line,
            column: 1,
            width: 1,
            excerpt: String::new(),
            message: "kaputt".into(),
            hint: String::new(),
        }],
    })
}

impl House {
    fn with_administrator(&self) -> Config {
        Config {
            admin: Some("technik@example.org".into()),
            ..self.config()
        }
    }

    /// A service whose administrator is `technik@example.org`.
    async fn start_with_administrator(&self) -> (Service, Log) {
        let config = self.with_administrator();
        let loaded = config::load_knowledge(&config, None).unwrap();
        let log = Log::open(&config.log).await.unwrap();
        let service = Service::start(config, loaded, log.clone()).await.unwrap();
        service.ready().await;
        (service, log)
    }

    /// The mails to the administrator, once there are `count`.
    async fn told(&self, count: usize) -> Vec<crate::mail::Mail> {
        let wait = async {
            loop {
                let sent = self.sent.sent();
                let told: Vec<_> = sent
                    .iter()
                    .filter(|(envelope, _)| envelope.to == "technik@example.org")
                    .map(|(_, bytes)| crate::mail::parse(bytes))
                    .collect();
                if told.len() >= count {
                    assert_eq!(told.len(), count);
                    return told;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(FAILURE, wait).await.unwrap()
    }
}

#[tokio::test]
async fn trouble_and_its_end_are_told_once_also_over_a_restart() {
    let house = House::new();
    let (service, log) = house.start_with_administrator().await;
    service.reload(broken("antragsbote.toml", 3)).await;
    let told = house.told(1).await;
    assert!(told[0].text.new.contains("antragsbote.toml, Zeile 3"));
    assert!(told[0].text.new.contains("antragsbote check --offline"));
    service.reload(broken("antragsbote.toml", 3)).await;
    service.stop().await.unwrap();
    drop(log);
    // What it starts with is sound.
    let (service, _log) = house.start_with_administrator().await;
    let told = house.told(2).await;
    assert!(told[1].text.new.contains("alles ist wieder gut"));
    service.reload(Ok(house.with_administrator())).await;
    service.reload(broken("antragsbote.toml", 1)).await;
    service.stop().await.unwrap();
    house.told(2).await;
}

#[tokio::test]
async fn a_request_given_up_is_told_with_its_aktenzeichen_and_nothing_else() {
    let house = House::new();
    house.refuse(
        outbound::Step::Rcpt,
        550,
        "<anna@example.net>: no such user",
    );
    let (service, log) = house.start_with_administrator().await;
    house.inbox.deliver(REQUEST, false);
    let row = until_state(&log, State::Failed).await;
    let told = house.told(1).await;
    let text = &told[0].text.new;
    assert!(text.contains(&row.id), "{text}");
    assert!(text.contains("antragsbote log retry"), "{text}");
    for word in ["anna", "Anna", "Fürth", "no such user"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    service.stop().await.unwrap();
}

#[tokio::test]
async fn a_mail_server_that_takes_nothing_delays_an_alarm_and_nothing_else() {
    let house = House::new();
    house.refuse(outbound::Step::Greeting, 421, "later");
    let (service, log) = house.start_with_administrator().await;
    service.reload(broken("", 1)).await;
    let open = async {
        while log.alarms().await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(FAILURE, open).await.unwrap();
    house.inbox.deliver(REQUEST, false);
    until_state(&log, State::Answered).await;
    service.stop().await.unwrap();
    house.told(0).await;
}

#[tokio::test]
async fn without_the_log_all_other_figures_are_served() {
    let house = House::new();
    let socket = house.folder.path().join("metrics.sock");
    let config = Config {
        metrics: Some(config::Listen::Unix(socket.clone())),
        ..house.config()
    };
    let loaded = config::load_knowledge(&config, None).unwrap();
    let log = Log::open(&config.log).await.unwrap();
    let service = Service::start(config, loaded, log.clone());
    let service = service.await.unwrap();
    service.ready().await;
    log.close().await;
    let ask = async {
        let mut client = loop {
            match UnixStream::connect(&socket).await {
                Ok(client) => break client,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.write_all(request).await.unwrap();
        let mut page = String::new();
        client.read_to_string(&mut page).await.unwrap();
        page
    };
    let page = tokio::time::timeout(FAILURE, ask).await.unwrap();
    assert!(page.contains("\nantragsbote_motions "), "{page}");
    assert!(page.ends_with("# EOF\n"), "{page}");
    for of_log in ["antragsbote_requests", "antragsbote_log_size_bytes"] {
        assert!(!page.contains(of_log), "{of_log}: {page}");
    }
}
