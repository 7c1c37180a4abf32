//! `setup` at Microsoft 365, from the first question to the first reply. Its hosts are on loopback: Dovecot
//! is behind the one, the token server and Graph behind the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mail_parser::{MessageParser, MimeHeaders};

use crate::correspondence::request;
use crate::setup::{feed, file, in_place_of, lines};
use crate::support::{
    Asked, CLIENT, Chaos, Daemon, Finished, Graph, House, MICROSOFT, NameServer, SECRET, Says,
    command, eventually, own_address,
};

/// How long the daemon may take for what it does soon.
const PATIENCE: Duration = Duration::from_secs(60);

const TENANT: &str = "8d6f2c1e-1234-4000-8000-9abcdef01234";
const MAIL_SCOPE: &str = "https://outlook.office365.com/.default";
const GRAPH_SCOPE: &str = "https://graph.microsoft.com/.default";

/// Microsoft 365, as far as a town hall's bot sees of it.
struct Cloud {
    house: House,
    graph: Graph,
    resolv_conf: PathBuf,
    _dns: NameServer,
    _doors: Vec<Chaos>,
}

impl Cloud {
    fn open() -> Self {
        let house = House::with_tokens("xoauth2");
        let graph = house.graph();
        let dns = NameServer::start();
        dns.add_mx("example.org", 0, "example-org.mail.protection.outlook.com");
        let behind = [
            (993, house.dovecot.imaps_port),
            (443, house.tokens().port),
            (443, graph.port),
        ];
        let doors = MICROSOFT.into_iter().zip(behind);
        let doors = doors.map(|(name, (port, server))| {
            let address = own_address();
            dns.add_address(name, address);
            Chaos::at(address, port, server)
        });
        let doors = doors.collect();
        let resolv_conf = house.path("resolv.conf");
        dns.write_resolv_conf(&resolv_conf);
        Self {
            house,
            graph,
            resolv_conf,
            _dns: dns,
            _doors: doors,
        }
    }

    /// Runs a command that finds these hosts.
    fn run(&self, arguments: &[&str], answers: &[&str]) -> Finished {
        let command = command(&self.file(), arguments);
        let command = in_place_of("/etc/resolv.conf", &self.resolv_conf, &command);
        feed(command, &lines(answers))
    }

    fn setup(&self, options: &[&str], answers: &[&str]) -> Finished {
        let ca_file = self.house.ca_file.to_string_lossy();
        self.run(
            &[&["setup", "--ca-file", &ca_file], options].concat(),
            answers,
        )
    }

    fn file(&self) -> PathBuf {
        file(&self.house)
    }

    /// Whether these lines stand in what was written.
    #[track_caller]
    fn is_written(&self, lines: &[&str]) {
        let text = fs::read_to_string(self.file()).unwrap();
        for line in lines {
            assert!(
                text.lines().any(|it| it == *line),
                "{line} is not in {text}"
            );
        }
    }

    /// A mail from Dovecot is answered through Graph.
    #[track_caller]
    fn the_service_answers(&self) {
        let daemon = Daemon::start_with_dns(&self.file(), &self.resolv_conf);
        let dovecot = &self.house.dovecot;
        dovecot.drop_in("antrag", "eins", &request("eins"));
        let taken = eventually("a reply at Graph", PATIENCE, || self.graph.taken().pop());
        eventually("the request in its folder", PATIENCE, || {
            let count = dovecot.login("antrag").count("Erledigt");
            (count == 1).then_some(())
        });
        daemon.stop();
        let reply = MessageParser::default().parse(&taken).unwrap();
        assert_eq!(reply.in_reply_to().as_text(), Some("eins@example.org"));
        let documents: Vec<_> = reply.attachments().map(|it| it.attachment_name()).collect();
        assert_eq!(documents.len(), 1, "{documents:?}");
        assert_eq!(self.graph.taken().len(), 1);
        assert_eq!(self.graph.faults(), Vec::<String>::new());
        // Nothing went by SMTP.
        assert_eq!(dovecot.login("anna").count("INBOX"), 0);
    }
}

fn asked(grant: &str, scope: &str) -> Asked {
    Asked {
        grant: grant.to_owned(),
        scope: scope.to_owned(),
    }
}

#[test]
fn by_dialogue_with_a_secret_that_is_wrong_at_first() {
    let cloud = Cloud::open();
    let answers = [
        "antrag@example.org",
        "",  // the servers
        "1", // by a secret
        TENANT,
        CLIENT,
        "falsch",
        "30.11.2099",
        "", // the mailbox is shared
        "verwaltung@example.org",
        "", // archive
        "", // retention
        SECRET,
        "30.11.2099",
    ];
    let done = cloud.setup(&[], &answers);
    assert_eq!(done.code, 0, "{}", done.errors);
    for (words, count) in [
        ("Antworten: Microsoft Graph", 1),
        (
            "das Geheimnis (client_secret) stimmt nicht (invalid_client)",
            1,
        ),
        ("✗", 1),
        ("Wert des Geheimnisses: ", 2),
        ("Anwendungs-ID (Client): ", 1),
        ("✓ Postfach und Mailserver nehmen sie an.", 1),
        (SECRET, 0),
    ] {
        let found = done.errors.matches(words).count();
        assert_eq!(found, count, "{words}: {}", done.errors);
    }
    cloud.is_written(&[
        "host = \"outlook.office365.com\"",
        "kind = \"graph\"",
        "grant = \"client_credentials\"",
        &format!("tenant = \"{TENANT}\""),
        &format!("client_id = \"{CLIENT}\""),
        "client_secret_expires = \"2099-11-30\"",
    ]);
    assert_eq!(
        cloud.house.tokens().asked(),
        [MAIL_SCOPE, GRAPH_SCOPE, MAIL_SCOPE, GRAPH_SCOPE]
            .map(|scope| asked("client_credentials", scope))
    );
    cloud.the_service_answers();
}

#[test]
fn by_options_and_a_dead_way_out_is_told_where_people_look() {
    let cloud = Cloud::open();
    let secret = cloud.house.path("geheimnis");
    let path = secret.to_string_lossy().into_owned();
    let options = [
        ["--address", "antrag@example.org"],
        ["--oauth", "microsoft"],
        ["--grant", "client_credentials"],
        ["--tenant", TENANT],
        ["--client-id", CLIENT],
        ["--client-secret-file", &path],
        ["--client-secret-expires", "30.11.2099"],
        ["--admin", "verwaltung@example.org"],
        ["--archive", "Erledigt"],
    ]
    .concat();
    fs::write(&secret, "falsch\n").unwrap();
    let done = cloud.setup(&options, &[]);
    assert_eq!(done.code, 69, "{}", done.errors);
    assert!(
        done.errors.contains("stimmt nicht (invalid_client)"),
        "{}",
        done.errors
    );
    assert!(is_empty(&cloud.house.path("bote")));
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let done = cloud.setup(&options, &[]);
    assert_eq!(done.code, 0, "{}", done.errors);
    let check = cloud.run(&["check"], &[]);
    for line in [
        "✓ Token: login.microsoftonline.com gibt eines für das Postfach",
        "✓ Token: login.microsoftonline.com gibt eines für Microsoft Graph",
        "✓ Token, Geheimnis: das Geheimnis gilt noch ",
        "✓ Postfach: angemeldet",
    ] {
        assert!(check.output.contains(line), "{line}: {}", check.output);
    }
    cloud.the_service_answers();

    // The secret is over: the administrator cannot be written to either.
    let over = "AADSTS7000222: The provided client secret keys for app 'x' are expired.";
    cloud
        .house
        .tokens()
        .refuse(Says::Error(401, "invalid_client", over));
    fs::remove_file(cloud.house.path("bote/oauth.json")).unwrap();
    let serve = command(&cloud.file(), &["serve"]);
    let mut serve = in_place_of("/etc/resolv.conf", &cloud.resolv_conf, &serve);
    let daemon = Daemon::run(&cloud.file(), &mut serve);
    eventually("that nobody is told", PATIENCE, || {
        let said = daemon.errors();
        let lines = said
            .lines()
            .filter(|line| line.contains("error.kind=\"oauth-secret\""));
        lines
            .collect::<String>()
            .contains("administrator not told yet")
            .then_some(())
    });
    daemon.stop();
    let check = cloud.run(&["check"], &[]);
    assert_eq!(check.code, 69, "{}", check.output);
    assert_eq!(
        check.output.matches("✗ Token").count(),
        1,
        "{}",
        check.output
    );
    assert!(
        check.output.contains("abgelaufen (AADSTS7000222)"),
        "{}",
        check.output
    );
}

#[test]
fn by_a_code_that_a_person_types_elsewhere() {
    let cloud = Cloud::open();
    cloud.house.tokens().set_secret(None);
    cloud.house.tokens().decide(true);
    let answers = [
        "antrag@example.org",
        "",  // the servers
        "2", // by a code
        TENANT,
        CLIENT,
        "", // IMAP is on
        "verwaltung@example.org",
        "", // archive
    ];
    let done = cloud.setup(&[], &answers);
    assert_eq!(done.code, 0, "{}", done.errors);
    assert!(done.errors.contains("WDJB-MJHT"), "{}", done.errors);
    cloud.is_written(&["grant = \"device_code\"", "kind = \"graph\""]);
    assert!(cloud.house.path("bote/oauth.json").exists());
    let mail = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access";
    let graph = "https://graph.microsoft.com/Mail.Send offline_access";
    assert_eq!(
        cloud.house.tokens().asked(),
        [
            asked("device", mail),
            asked("urn:ietf:params:oauth:grant-type:device_code", ""),
            asked("refresh_token", mail),
            asked("refresh_token", graph),
        ]
    );
    cloud.the_service_answers();
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}
