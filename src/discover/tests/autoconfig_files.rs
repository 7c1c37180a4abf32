//! Files for mail programs, in the shapes they have out there.

use proptest::prelude::{any, prop, proptest};
use proptest::strategy::{Strategy, Union};

use super::super::autoconfig::{Settings, parse};
use super::*;

/// A file with these elements in its provider.
fn file(servers: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  \
         <emailProvider id=\"example.org\">\n    <domain>example.org</domain>\n{servers}\n  \
         </emailProvider>\n</clientConfig>\n"
    )
}

/// A server of a kind, with its values in the usual order.
fn server(kind: &str, host: &str, port: &str, socket: &str, rest: &str) -> String {
    let element = match kind {
        "smtp" => "outgoingServer",
        _ => "incomingServer",
    };
    format!(
        "<{element} type=\"{kind}\"><hostname>{host}</hostname><port>{port}</port>\
         <socketType>{socket}</socketType>{rest}</{element}>"
    )
}

/// What is read of a file, in one line.
fn read(file: &str) -> Option<String> {
    let settings = parse(file.as_bytes(), &account("antrag@example.org"))?;
    let Settings {
        imap,
        smtp,
        username,
        takes_password,
    } = settings;
    let shown = |endpoint: Option<Endpoint>| match endpoint {
        Some(it) => format!("{}:{} {:?}", it.host, it.port, it.security),
        None => "-".to_owned(),
    };
    let username = username.as_deref().unwrap_or("-");
    Some(format!(
        "{} | {} | {username} | {takes_password}",
        shown(imap),
        shown(smtp)
    ))
}

fn check(file: &str, expected: &str) {
    assert_eq!(read(file).as_deref(), Some(expected), "{file}");
}

#[test]
fn a_file_of_a_mail_server_suite() {
    check(
        &file(concat!(
            "    <displayName>Example</displayName>\n",
            "    <!-- TLS first -->\n",
            "    <incomingServer type=\"imap\">\n      <hostname>mail.example.org</hostname>\n",
            "      <port>993</port>\n      <socketType>SSL</socketType>\n",
            "      <username>%EMAILADDRESS%</username>\n",
            "      <authentication>password-cleartext</authentication>\n    </incomingServer>\n",
            "    <incomingServer type=\"pop3\">\n      <hostname>pop.example.org</hostname>\n",
            "      <port>995</port>\n      <socketType>SSL</socketType>\n    </incomingServer>\n",
            "    <outgoingServer type=\"smtp\">\n      <hostname>mail.example.org</hostname>\n",
            "      <port>587</port>\n      <socketType>STARTTLS</socketType>\n",
            "      <addThisServer>true</addThisServer>\n    </outgoingServer>\n",
            "    <documentation url=\"https://example.org/hilfe\"><descr lang=\"de\">Über &amp; unter</descr></documentation>\n",
        )),
        "mail.example.org:993 Tls | mail.example.org:587 Starttls | antrag@example.org | true",
    );
}

#[test]
fn tls_comes_before_starttls_and_plain_never() {
    let imap = |host, port, socket| server("imap", host, port, socket, "");
    let smtp = server("smtp", "smtp.%EMAILDOMAIN%", "465", "ssl", "");
    check(
        &file(
            &[
                imap("a.example", "143", "STARTTLS"),
                imap("b.example", "993", "SSL"),
                smtp.clone(),
            ]
            .concat(),
        ),
        "b.example:993 Tls | smtp.example.org:465 Tls | - | true",
    );
    check(
        &file(&[imap("a.example", "143", "plain"), smtp.clone()].concat()),
        "- | smtp.example.org:465 Tls | - | true",
    );
    let plain = [
        imap("a.example", "143", "plain"),
        server("smtp", "b.example", "25", "plain", ""),
    ];
    assert_eq!(read(&file(&plain.concat())), None);
}

#[test]
fn the_name_to_log_in_with_takes_many_forms() {
    for (written, meant) in [
        ("%EMAILADDRESS%", "antrag@example.org"),
        ("%EMAILLOCALPART%", "antrag"),
        ("%EMAILLOCALPART%.%EMAILDOMAIN%", "antrag.example.org"),
        ("  %EMAILADDRESS%\n", "antrag@example.org"),
        ("<![CDATA[%EMAILADDRESS%]]>", "antrag@example.org"),
        ("m&#x6f;&#112;", "mop"),
        ("a&#10;b", "-"),
        ("a&amp;b", "a&b"),
        ("", "-"),
    ] {
        let rest = format!("<username>{written}</username>");
        let file = file(&server("imap", "a.example", "993", "SSL", &rest));
        check(&file, &format!("a.example:993 Tls | - | {meant} | true"));
    }
}

#[test]
fn ways_to_log_in_decide_whether_a_password_helps() {
    for (ways, helps) in [
        (&["OAuth2"][..], false),
        (&["OAuth2", "password-cleartext"], true),
        (&["password-encrypted"], true),
        (&["plain"], true),
        (&["GSSAPI", "NTLM"], false),
        (&[], true),
    ] {
        let rest: String = ways
            .iter()
            .map(|way| format!("<authentication>{way}</authentication>"))
            .collect();
        let file = file(&server("imap", "a.example", "993", "SSL", &rest));
        check(&file, &format!("a.example:993 Tls | - | - | {helps}"));
    }
    // of two servers the one that takes passwords
    let oauth = "<authentication>OAuth2</authentication>";
    let servers = [
        server("imap", "a.example", "993", "SSL", oauth),
        server("imap", "b.example", "143", "STARTTLS", ""),
    ];
    check(
        &file(&servers.concat()),
        "b.example:143 Starttls | - | - | true",
    );
}

#[test]
fn only_the_first_provider_and_its_own_elements_count() {
    let imap = server("imap", "a.example", "993", "SSL", "");
    let other = server("imap", "b.example", "993", "SSL", "");
    let text = format!(
        "\u{feff}<clientConfig version='1.1'><webMail>{other}</webMail><emailProvider id='x'>{imap}\
         <enable>{other}</enable></emailProvider><emailProvider id='y'>{other}</emailProvider>\
         <incomingServer type='imap'><hostname>c.example</hostname></incomingServer></clientConfig>"
    );
    check(&text, "a.example:993 Tls | - | - | true");
}

#[test]
fn broken_files_say_nothing() {
    let good = file(&server("imap", "a.example", "993", "SSL", ""));
    check(&good, "a.example:993 Tls | - | - | true");
    let broken = [
        String::new(),
        "<!doctype html><html><body>Willkommen</body></html>".to_owned(),
        "{\"imap\": \"a.example\"}".to_owned(),
        good.replace("</clientConfig>", ""),
        good.replace("</hostname>", "</host>"),
        good.replace("clientConfig", "ClientConfiguration"),
        good.replace("imap", "pop3"),
        good.replace("a.example", "127.0.0.1"),
        good.replace("a.example", "[::1]"),
        good.replace("a.example", "a.example/pfad"),
        good.replace("a.example", "a example"),
        good.replace("a.example", ""),
        good.replace("993", "0"),
        good.replace("993", "99999"),
        good.replace("SSL", "fast"),
        good.replace("a.example", "&host;"),
        good.replace("?>", "?><!DOCTYPE clientConfig [<!ENTITY a \"b\">]>"),
        good.replace(
            "?>",
            "?><!DOCTYPE clientConfig SYSTEM \"file:///etc/passwd\">",
        ),
    ];
    for file in broken {
        assert_eq!(read(&file), None, "{file}");
    }
}

#[test]
fn bombs_are_not_read() {
    let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
    assert_eq!(read(&deep), None);
    let good = file(&server("imap", "a.example", "993", "SSL", ""));
    let large = good.replace("<domain>", &format!("{}<domain>", " ".repeat(64 * 1024)));
    assert_eq!(read(&large), None);
    let many = file(&server("imap", "a.example", "993", "SSL", "").repeat(400));
    check(&many, "a.example:993 Tls | - | - | true");
    let long = file(&server("imap", &"a".repeat(60_000), "993", "SSL", ""));
    assert_eq!(read(&long), None);
}

/// What such files are made of.
const FRAGMENTS: &[&str] = &[
    "<clientConfig>",
    "</clientConfig>",
    "<emailProvider>",
    "</emailProvider>",
    "<incomingServer type=\"imap\">",
    "</incomingServer>",
    "<outgoingServer type='smtp'>",
    "</outgoingServer>",
    "<hostname>",
    "</hostname>",
    "<port>993</port>",
    "<socketType>SSL</socketType>",
    "a.example",
    "%EMAILADDRESS%",
    "&amp;",
    "&x;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml ?>",
    "<!DOCTYPE a [",
    "\u{0}",
    "ß",
];

fn fragments() -> impl Strategy<Value = String> {
    let of = FRAGMENTS
        .iter()
        .map(|&fragment| proptest::strategy::Just(fragment));
    prop::collection::vec(Union::new(of), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_a_file_or_none(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, &account("antrag@example.org"));
    }

    #[test]
    fn any_fragments_are_a_file_or_none(text in fragments()) {
        if let Some(settings) = parse(text.as_bytes(), &account("antrag@example.org")) {
            assert!(settings.imap.is_some() || settings.smtp.is_some());
        }
    }
}
