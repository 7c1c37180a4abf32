//! `check` tells what the DNS says of the bot's domain.

use std::path::Path;
use std::process::Command;

use crate::check::{line, with};
use crate::support::{Finished, House, NameServer, Settings, command};

/// Runs `check` with these settings for DNS.
fn check(config: &Path, resolv_conf: &Path) -> Finished {
    let check = command(config, &["check"]);
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c"]);
    command.arg(r#"mount --bind "$0" /etc/resolv.conf && exec "$@""#);
    command.arg(resolv_conf).arg(check.get_program());
    let output = command.args(check.get_args()).output().unwrap();
    Finished {
        code: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn the_records_of_the_domain_are_told() {
    let house = House::start();
    let config = house.configure(Settings {
        mailbox: "none",
        outbound: "none",
        ..Settings::default()
    });
    with(
        &config,
        "address = \"antrag@example.org\"",
        "address = \"antrag@beirat.test\"",
    );
    let dns = NameServer::start();
    let resolv_conf = house.path("resolv.conf");
    dns.write_resolv_conf(&resolv_conf);
    let told = |subject: &str| {
        let check = check(&config, &resolv_conf);
        let (found, remedy) = line(&check, subject);
        (found.to_owned(), remedy.to_owned())
    };
    let (mx, remedy) = told("MX");
    assert_eq!(
        mx,
        "! MX: beirat.test hat weder MX noch Adresse: von außen kommt dort keine Mail an"
    );
    assert!(remedy.starts_with("prüfen Sie bot.address"), "{remedy}");
    let (spf, remedy) = told("SPF");
    assert_eq!(spf, "! SPF: beirat.test hat keinen Eintrag");
    assert!(remedy.contains("Spam"), "{remedy}");
    let dmarc = told("DMARC").0;
    assert_eq!(
        dmarc,
        "✓ DMARC: beirat.test hat keinen Eintrag; nötig ist er nicht"
    );
    assert!(
        told("DKIM")
            .0
            .contains("unter den üblichen Namen liegt kein Schlüssel")
    );

    dns.add_mx("beirat.test", 10, "mx.beirat.test");
    dns.add(
        "beirat.test",
        "v=spf1 include:spf.example.com -all".to_owned(),
    );
    dns.add("_dmarc.beirat.test", "v=DMARC1; p=reject".to_owned());
    dns.add(
        "selector1._domainkey.beirat.test",
        "v=DKIM1; p=MIGf".to_owned(),
    );
    let check = check(&config, &resolv_conf);
    assert!(
        line(&check, "SPF")
            .0
            .starts_with("✓ SPF: \"v=spf1 include:spf.example.com -all\"; "),
        "{}",
        check.output
    );
    assert_eq!(
        line(&check, "DMARC").0,
        "✓ DMARC: \"v=DMARC1; p=reject\" (beirat.test): Antworten, die weder SPF noch DKIM bestätigt, werden abgewiesen"
    );
    assert!(
        line(&check, "DKIM")
            .0
            .starts_with("✓ DKIM: Schlüssel unter selector1; ")
    );

    assert_eq!(
        line(&check, "MX").0,
        "✓ MX: Mails an beirat.test nimmt mx.beirat.test an"
    );

    dns.fail(true);
    let domain = told("Domain").0;
    assert_eq!(
        domain,
        "! Domain: das DNS gibt über beirat.test gerade keine Auskunft"
    );
}
