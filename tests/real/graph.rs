//! Replies that leave by Microsoft Graph: each request gets one, whatever Graph says meanwhile.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use antragsbote::halt::Point;
use mail_parser::{MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::correspondence::{request, rows, until_rows};
use crate::support::{
    Certificates, Daemon, Graph, Refusal, TokenServer, Validity, command, eventually, program,
};

/// A first retry comes after 30 seconds at the latest.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Maildir that requests lie in, Graph, and where its tokens come from.
struct Office {
    folder: TempDir,
    config: PathBuf,
    graph: Graph,
    tokens: Arc<TokenServer>,
}

impl Office {
    fn open() -> Self {
        let folder = TempDir::with_prefix("antragsbote-").unwrap();
        let certificates = Certificates::make(folder.path(), Validity::Valid);
        let tokens = Arc::new(TokenServer::start(certificates.tls()));
        let graph = Graph::start(&certificates, &tokens);
        for name in ["tmp", "new", "cur"] {
            fs::create_dir_all(folder.path().join("in").join(name)).unwrap();
        }
        let (url, ca_file) = (graph.url(), certificates.ca.display().to_string());
        let oauth = tokens.section(&certificates.ca);
        let text = format!(
            "[bot]\naddress = \"antrag@example.org\"\n\
             [mailbox]\nkind = \"maildir\"\npath = \"in\"\narchive = \"fertig\"\n\
             [outbound]\nkind = \"graph\"\nurl = \"{url}\"\nca_file = \"{ca_file}\"\n\
             [log]\nurl = \"sqlite:log.db\"\n{oauth}"
        );
        let config = folder.path().join("antragsbote.toml");
        fs::write(&config, text).unwrap();
        Self {
            folder,
            config,
            graph,
            tokens,
        }
    }

    fn ask(&self, id: &str) {
        let mailbox = self.folder.path().join("in");
        let draft = mailbox.join("tmp").join(id);
        fs::write(&draft, request(id)).unwrap();
        fs::rename(draft, mailbox.join("new").join(id)).unwrap();
    }

    /// Asks, and waits until the reply is out.
    fn ask_and_wait(&self, id: &str) {
        self.ask(id);
        self.until(id, "answered");
    }

    fn until(&self, id: &str, state: &str) {
        let message_id = format!("<{id}@example.org>");
        until_rows(&self.config, 1, |row| {
            row["message_id"] == message_id.as_str() && row["state"] == state
        });
    }

    fn row(&self, id: &str) -> serde_json::Value {
        let message_id = format!("<{id}@example.org>");
        let mut rows = rows(&self.config).into_iter();
        rows.find(|row| row["message_id"] == message_id.as_str())
            .unwrap()
    }

    /// What `log` says of a request.
    fn log(&self, command: &str, id: &str) -> String {
        let id = self.row(id)["id"].as_str().unwrap().to_owned();
        program(&self.config, &["log", command, &id]).output
    }

    /// The replies to a request that Graph has taken.
    fn taken(&self, id: &str) -> Vec<Vec<u8>> {
        let answers = |raw: &Vec<u8>| {
            let mail = MessageParser::default().parse(raw).unwrap();
            mail.in_reply_to().as_text() == Some(&format!("{id}@example.org"))
        };
        let mut taken = self.graph.taken();
        taken.retain(answers);
        taken
    }

    fn check(&self) -> (i32, String) {
        let checked = program(&self.config, &["check"]);
        (checked.code, checked.output + &checked.errors)
    }
}

/// The documents of a mail, as `log export` names them.
fn documents(raw: &[u8]) -> Vec<(String, String)> {
    let mail = MessageParser::default().parse(raw).unwrap();
    let document = |part: &mail_parser::MessagePart<'_>| {
        let digest = Sha256::digest(part.contents());
        let hex = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        (part.attachment_name().unwrap().to_owned(), hex)
    };
    mail.attachments().map(document).collect()
}

#[test]
fn a_request_gets_its_motion_once_whatever_graph_says_meanwhile() {
    let office = Office::open();
    let daemon = Daemon::start(&office.config);
    office.ask_and_wait("gut");
    let row = office.row("gut");
    let document = &row["documents"][0];
    let logged = ["file", "sha256"].map(|key| document[key].as_str().unwrap().to_owned());
    let [taken] = office.taken("gut").try_into().unwrap();
    assert_eq!(documents(&taken), [logged.into()]);
    assert!(
        office
            .log("show", "gut")
            .contains("202 Accepted, request-id 7bd9c2ea-0f3c")
    );

    // The peer counts it a fault if it is asked before the time is over.
    office.graph.say(Refusal::Throttled(2));
    office.ask_and_wait("gebremst");
    assert_eq!(office.taken("gebremst").len(), 1);
    assert_eq!(office.row("gebremst")["attempts"], 2);

    office.tokens.revoke_access();
    office.ask_and_wait("token");
    assert_eq!(office.taken("token").len(), 1);
    assert_eq!(office.row("token")["attempts"], 1);
    assert_eq!(office.graph.statuses(), [202, 429, 202, 401, 202]);

    office
        .graph
        .say(Refusal::Code(400, "ErrorInvalidRecipients"));
    office.ask("abgelehnt");
    office.until("abgelehnt", "failed");
    assert_eq!(office.taken("abgelehnt").len(), 0);
    assert!(
        office
            .log("show", "abgelehnt")
            .contains("400 ErrorInvalidRecipients")
    );

    // Nobody knows whether it was taken: it leaves again, and is the same mail to the last byte.
    office.graph.say(Refusal::Silence);
    office.ask("stumm");
    eventually("a mail taken in silence", PATIENCE, || {
        (office.taken("stumm").len() == 1).then_some(())
    });
    office.until("stumm", "waiting");
    eventually("what became of it", PATIENCE, || {
        office
            .log("show", "stumm")
            .contains("ungewiss")
            .then_some(())
    });
    office.log("retry", "stumm");
    office.until("stumm", "answered");
    let [first, second] = office.taken("stumm").try_into().unwrap();
    assert_eq!(first, second);

    let said = daemon.errors();
    daemon.stop();
    assert_eq!(office.graph.faults(), Vec::<String>::new());
    for secret in ["anna@", "Words about", "access-", "Bearer"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[test]
fn what_the_app_may_not_is_named_and_replies_wait() {
    let office = Office::open();
    let daemon = Daemon::start(&office.config);
    office.graph.refuse(Refusal::Code(403, "ErrorAccessDenied"));
    for id in ["eins", "zwei"] {
        office.ask(id);
    }
    eventually("the word for it", PATIENCE, || {
        let said = daemon.errors();
        let named = said.contains("error.kind=\"graph-denied\"");
        (named && said.contains("no reply gets through, they wait")).then_some(())
    });
    until_rows(&office.config, 2, |row| row["state"] == "waiting");
    let (code, said) = office.check();
    assert_eq!(code, 69, "{said}");
    for words in ["403 ErrorAccessDenied", "„API-Berechtigungen“", "Mail.Send"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    office.graph.refuse(Refusal::Code(404, "ErrorInvalidUser"));
    let (code, said) = office.check();
    assert_eq!(code, 69, "{said}");
    assert!(said.contains("Microsoft 365 Admin Center"), "{said}");
    office.graph.relent();
    until_rows(&office.config, 2, |row| row["state"] == "answered");
    for id in ["eins", "zwei"] {
        assert_eq!(office.taken(id).len(), 1);
    }
    daemon.stop();
    let (_, said) = office.check();
    assert!(said.contains("nimmt das Token an"), "{said}");
    // What `check` sends is no mail.
    assert_eq!(office.graph.taken().len(), 2);
    assert_eq!(office.graph.faults(), Vec::<String>::new());
}

#[test]
fn a_kill_on_the_way_to_graph_loses_nothing_and_doubles_only_what_nobody_had_noted() {
    let office = Office::open();
    for (point, copies) in [
        (Point::Connected, 1),
        (Point::Content, 1),
        (Point::Accepted, 2),
    ] {
        let id = point.name();
        office.ask(id);
        let mut serve = command(&office.config, &["serve"]);
        let mut daemon = Daemon::run(&office.config, serve.env("ANTRAGSBOTE_HALT", id));
        eventually(id, PATIENCE, || {
            assert!(!daemon.has_ended(), "the daemon has ended before {id}");
            daemon.stands().then_some(())
        });
        daemon.kill();
        let daemon = Daemon::start(&office.config);
        office.until(id, "answered");
        daemon.stop();
        let mut taken = office.taken(id);
        assert_eq!(taken.len(), copies, "{id}");
        taken.dedup();
        assert_eq!(taken.len(), 1, "{id}");
    }
    assert_eq!(office.graph.faults(), Vec::<String>::new());
}
