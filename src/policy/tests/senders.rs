use super::{Judgement, Mail, OWN, Recent, Refused, Rules, address, judge, mail, rules};

fn list(entries: &[&str]) -> Vec<String> {
    entries.iter().map(|entry| (*entry).to_owned()).collect()
}

#[track_caller]
fn check(mail: &Mail, allow: &[&str], deny: &[&str], allowed: bool) {
    let rules = Rules {
        allow: list(allow),
        deny: list(deny),
        ..rules()
    };
    let expected = match allowed {
        true => Judgement::Proceed,
        false => Judgement::Refuse {
            reason: Refused::SenderNotAllowed,
            answered: false,
        },
    };
    let judged = judge(mail, &rules, OWN, &Recent::default());
    assert_eq!(judged, expected, "{allow:?} {deny:?} {mail:?}");
}

#[test]
fn entries_mean_addresses_and_whole_domains() {
    for (entry, from, meant) in [
        ("*", "anna@verein.example", true),
        ("@verein.example", "Anna@Verein.Example", true),
        ("@Verein.Example", "anna@sub.verein.example", false),
        ("@sub.verein.example", "anna@verein.example", false),
        ("@verein.example", "anna@boeserverein.example", false),
        (
            "@verein.example",
            "anna@verein.example.boese.example",
            false,
        ),
        (
            "@verein.example",
            "\"x@verein.example\"@boese.example",
            false,
        ),
        ("@boese.example", "\"x@verein.example\"@boese.example", true),
        ("Anna@verein.example", "anna@VEREIN.example", true),
        ("anna@verein.example", "anna@verein.example.evil", false),
        ("anna@verein.example", "hanna@verein.example", false),
        ("anna@verein.example", "anna+x@verein.example", false),
        ("anna+x@verein.example", "anna+X@verein.example", true),
        ("anna@verein.example", "\"anna\"@verein.example", true),
        ("anna@verein.example", "\"an\\na\"@verein.example", true),
        (
            "\"anna b\"@verein.example",
            "\"Anna B\"@verein.example",
            true,
        ),
        ("@müller.example", "anna@xn--mller-kva.example", true),
        ("@xn--mller-kva.example", "anna@MÜLLER.example", true),
        ("jörg@verein.example", "JÖRG@verein.example", true),
        (" @verein.example ", "anna@verein.example", true),
        ("@", "anna@", true),
        ("@", "anna@verein.example", false),
        ("verein.example", "anna@verein.example", false),
    ] {
        check(&mail(from, ""), &[entry], &[], meant);
        check(&mail(from, ""), &["*"], &[entry], !meant);
    }
}

#[test]
fn deny_outweighs_allow() {
    let anna = mail("anna@verein.example", "");
    check(&anna, &[], &[], false);
    check(&anna, &["anna@verein.example"], &["*"], false);
    check(&anna, &["anna@verein.example"], &["@verein.example"], false);
    check(&anna, &["*"], &["@anderswo.example"], true);
}

#[test]
fn allow_asks_every_author() {
    let mut two = mail("anna@verein.example", "");
    two.other_authors.extend(address("x@boese.example"));
    check(&two, &["@verein.example"], &[], false);
    check(&two, &["@verein.example", "@boese.example"], &[], true);
    check(&two, &["*"], &["@boese.example"], false);
}

#[test]
fn allow_asks_the_author_alone_and_deny_whoever_has_to_do_with_it() {
    let elsewhere = mail("anna@verein.example", "x@anderswo.example");
    check(&elsewhere, &["@verein.example"], &[], true);
    check(&elsewhere, &["@anderswo.example"], &[], false);
    check(&elsewhere, &["*"], &["@anderswo.example"], false);

    let mut sent = mail("anna@verein.example", "");
    sent.sender = address("x@anderswo.example");
    check(&sent, &["@verein.example"], &[], true);
    check(&sent, &["@anderswo.example"], &[], false);
    check(&sent, &["*"], &["@anderswo.example"], false);

    let nobody = mail("", "x@anderswo.example");
    check(&nobody, &["@anderswo.example"], &[], true);
    check(&nobody, &["@verein.example"], &[], false);
}

#[test]
fn lists_without_authentication_are_a_risk() {
    use crate::policy::Authentication::{Dkim, None};
    for (allow, authentication, risk) in [
        (&["*"][..], None, false),
        (&["@verein.example"], None, true),
        (&["@verein.example", "*"], None, false),
        (&["@verein.example"], Dkim, false),
        (&[], None, false),
    ] {
        let rules = Rules {
            allow: list(allow),
            authentication,
            ..rules()
        };
        assert_eq!(rules.trusts_forgeable_senders(), risk, "{allow:?}");
    }
}
