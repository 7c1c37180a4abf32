//! The servers of an address, asked of a name server, web servers and mail servers on loopback.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use antragsbote::discover::{Finder, Found, Source};
use antragsbote::dns::Resolver;
use tempfile::TempDir;

use crate::support::{Certificates, Host, NameServer, Validity, own_address};

/// Everything below it may have a certificate.
const DOMAIN: &str = "example.org";

/// A domain whose name server, certificates and address the test decides about.
struct Domain {
    folder: TempDir,
    dns: NameServer,
    address: Ipv4Addr,
}

impl Domain {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            dns: NameServer::start(),
            address: own_address(),
        }
    }

    /// Names that lead to this machine.
    fn names(&self, names: &[&str]) {
        for name in names {
            self.dns.add_address(name, self.address);
        }
    }

    /// A certificate for some names, of the one authority that is trusted.
    fn certificates(&self, names: &[&str]) -> Certificates {
        Certificates::make_for(self.folder.path(), Validity::Valid, names)
    }

    fn ca_file(&self) -> Option<PathBuf> {
        let path = self.folder.path().join("ca.pem");
        path.exists().then_some(path)
    }

    fn find(&self, address: &str) -> Found {
        let finder = Finder {
            resolver: Some(Resolver::asking(self.dns.address()).unwrap()),
            ca_file: self.ca_file(),
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(finder.find(address))
    }
}

/// What counts of what was found, in one line.
fn shown(found: &Found) -> String {
    let server =
        |it: &antragsbote::discover::Endpoint| format!("{}:{} {:?}", it.host, it.port, it.security);
    format!(
        "{}, {}, {}, {:?}, {:?}",
        server(&found.imap),
        server(&found.smtp),
        found.username,
        found.source,
        found.unconfirmed
    )
}

/// A file for mail programs that names these hosts.
fn file(imap: &str, smtp: &str) -> String {
    let server = |element: &str, kind: &str, host: &str, port: u16| {
        format!(
            "<{element} type=\"{kind}\"><hostname>{host}</hostname><port>{port}</port>\
             <socketType>SSL</socketType><username>%EMAILLOCALPART%</username></{element}>"
        )
    };
    let (imap, smtp) = (
        server("incomingServer", "imap", imap, 993),
        server("outgoingServer", "smtp", smtp, 465),
    );
    let body = format!("<clientConfig><emailProvider>{imap}{smtp}</emailProvider></clientConfig>");
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn redirect(place: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n")
}

const GUESSED: &str =
    "mail.example.org:993 Tls, mail.example.org:587 Starttls, antrag@example.org, Guess, []";

#[test]
fn service_records_lead_to_the_servers() {
    let domain = Domain::new();
    let dns = &domain.dns;
    dns.add_srv("_imaps._tcp.example.org", 20, "zwei.example.org", 993);
    dns.add_srv("_imaps._tcp.example.org", 10, "eins.example.org", 993);
    dns.add_srv("_imap._tcp.example.org", 0, "klar.example.org", 143);
    dns.add_srv("_submissions._tcp.example.org", 0, ".", 0);
    dns.add_srv("_submission._tcp.example.org", 0, "post.example.net", 587);
    assert_eq!(
        shown(&domain.find("antrag@example.org")),
        "eins.example.org:993 Tls, post.example.net:587 Starttls, antrag@example.org, Srv, [\"post.example.net\"]"
    );
    // nobody else was asked
    assert_eq!(dns.asked("autoconfig.example.org"), 0);
    assert_eq!(dns.asked("imap.example.org"), 0);
}

#[test]
fn a_domain_that_decidedly_offers_nothing_is_not_searched() {
    let domain = Domain::new();
    for service in ["imaps", "imap", "submissions", "submission"] {
        domain
            .dns
            .add_srv(&format!("_{service}._tcp.example.org"), 0, ".", 0);
    }
    let found = domain.find("antrag@example.org");
    assert!(!found.takes_password);
    assert!(found.note.unwrap().contains("kein IMAP"), "{found:?}");
    assert_eq!(domain.dns.asked("autoconfig.example.org"), 0);
}

#[test]
fn the_file_of_the_domain_is_asked_for_without_the_address() {
    let domain = Domain::new();
    domain.names(&[
        DOMAIN,
        "autoconfig.example.org",
        "imap.example.org",
        "smtp.example.org",
    ]);
    let certificates = domain.certificates(&[DOMAIN, "autoconfig.example.org"]);
    let place = "example.org/.well-known/autoconfig/mail/config-v1.1.xml";
    let files = [(place, file("imap.example.org", "smtp.example.org"))];
    let web = Host::web(domain.address, &certificates, &files);
    assert_eq!(
        shown(&domain.find("antrag@example.org")),
        "imap.example.org:993 Tls, smtp.example.org:465 Tls, antrag, Autoconfig, []"
    );
    let mut heard = web.heard();
    heard.sort();
    assert_eq!(
        heard,
        ["autoconfig.example.org/mail/config-v1.1.xml", place]
    );
}

#[test]
fn the_address_is_sent_where_the_domain_alone_brings_nothing() {
    let domain = Domain::new();
    let web_names = ["autoconfig.example.org", "konfiguration.example.org"];
    domain.names(&[DOMAIN, "mail.example.org"]);
    domain.names(&web_names);
    let certificates = domain.certificates(&web_names);
    let asked =
        "autoconfig.example.org/mail/config-v1.1.xml?emailaddress=antrag%2Bneu%40example.org";
    let moved = "konfiguration.example.org/antrag.xml";
    let files = [
        (asked, redirect(&format!("https://{moved}"))),
        (moved, file("mail.example.org", "mail.example.org")),
    ];
    let web = Host::web(domain.address, &certificates, &files);
    assert_eq!(
        shown(&domain.find("antrag+neu@example.org")),
        "mail.example.org:993 Tls, mail.example.org:465 Tls, antrag+neu, Autoconfig, []"
    );
    assert_eq!(
        web.heard(),
        ["autoconfig.example.org/mail/config-v1.1.xml", asked, moved]
    );
}

/// Whoever writes a file or a redirect must not have us knock at inner machines; a domain without
/// an address of its own is none of them.
#[test]
fn a_public_domain_leads_to_no_inner_machine() {
    let domain = Domain::new();
    domain
        .dns
        .add_address(DOMAIN, Ipv4Addr::new(203, 0, 113, 1));
    domain.names(&["autoconfig.example.org", "innen.example.net"]);
    let names = ["autoconfig.example.org", "innen.example.net"];
    let certificates = domain.certificates(&names);
    let place = "autoconfig.example.org/mail/config-v1.1.xml";
    {
        let files = [(place, file("innen.example.net", "innen.example.net"))];
        let web = Host::web(domain.address, &certificates, &files);
        let greeter = Host::greeter(domain.address, 993, &certificates, "* OK\r\n");
        assert_eq!(shown(&domain.find("antrag@example.org")), GUESSED);
        assert!(greeter.heard().is_empty());
        assert_eq!(web.heard(), [place]);
    }
    let moved = "innen.example.net/antrag.xml";
    let files = [
        (place, redirect(&format!("https://{moved}"))),
        (moved, file("innen.example.net", "innen.example.net")),
    ];
    let web = Host::web(domain.address, &certificates, &files);
    assert_eq!(shown(&domain.find("antrag@example.org")), GUESSED);
    assert!(
        !web.heard().contains(&moved.to_owned()),
        "{:?}",
        web.heard()
    );
}

#[test]
fn a_file_without_a_trusted_certificate_is_not_read() {
    let domain = Domain::new();
    domain.names(&[DOMAIN, "autoconfig.example.org", "imap.example.org"]);
    let certificates = domain.certificates(&["other.example.org"]);
    let place = "autoconfig.example.org/mail/config-v1.1.xml";
    let files = [(place, file("imap.example.org", "imap.example.org"))];
    let web = Host::web(domain.address, &certificates, &files);
    assert_eq!(shown(&domain.find("antrag@example.org")), GUESSED);
    assert!(web.heard().is_empty());
}

#[test]
fn an_own_domain_is_known_by_where_its_mail_is_sent() {
    let domain = Domain::new();
    domain.dns.add_mx(DOMAIN, 20, "mx.example.net");
    domain.dns.add_mx(DOMAIN, 10, "w0123456.kasserver.com");
    let found = domain.find("antrag@example.org");
    assert_eq!(
        shown(&found),
        "w0123456.kasserver.com:993 Tls, w0123456.kasserver.com:587 Starttls, antrag@example.org, Provider, []"
    );
    assert_eq!(found.provider, Some("ALL-INKL.COM"));
    assert!(found.note.is_some());
}

#[test]
fn usual_names_count_where_their_own_certificate_answers() {
    let domain = Domain::new();
    domain.names(&["imap.example.org", "mail.example.org", "smtp.example.org"]);
    // the first name is not in the certificate
    let names = ["mail.example.org", "smtp.example.org"];
    let certificates = domain.certificates(&names);
    let _imap = Host::greeter(domain.address, 993, &certificates, "* OK bereit\r\n");
    let smtp = Host::submission(domain.address, &certificates);
    assert_eq!(
        shown(&domain.find("antrag@example.org")),
        "mail.example.org:993 Tls, smtp.example.org:587 Starttls, antrag@example.org, Probe, []"
    );
    assert!(smtp.heard().contains(&"STARTTLS".to_owned()));
    // a web server on the port is no mail server
    drop(smtp);
    let _web = Host::greeter(domain.address, 465, &certificates, "HTTP/1.1 400\r\n");
    let found = domain.find("antrag@example.org");
    assert_eq!(found.smtp.port, 587);
    assert_eq!(found.source, Source::Probe);
}

#[test]
fn without_any_answer_names_that_are_usual_are_offered() {
    let domain = Domain::new();
    assert_eq!(shown(&domain.find("antrag@example.org")), GUESSED);
    domain.dns.fail(true);
    assert_eq!(shown(&domain.find("antrag@example.org")), GUESSED);
    let known = domain.find("antrag@gmx.de");
    assert_eq!(
        (known.imap.host.as_str(), known.source),
        ("imap.gmx.net", Source::Provider)
    );
}
