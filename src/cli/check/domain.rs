//! What the DNS tells the world about mail of the bot's domain.
//!
//! None of it keeps the service from working, and from here nobody sees how far away servers
//! judge: what is there is said, and a warning only where it is certainly wrong.

use futures_util::future::{BoxFuture, FutureExt as _, join_all};

use super::finding::Finding;
use crate::config::Config;
use crate::dns::{Error, Resolver};

const DOMAIN: &str = "Domain";
const SPF: &str = "SPF";
const DMARC: &str = "DMARC";
const DKIM: &str = "DKIM";
const MX: &str = "MX";

/// Names under which keys are often published; which one a server uses, nobody can ask.
const SELECTORS: [&str; 12] = [
    "default",
    "dkim",
    "mail",
    "selector1",
    "selector2",
    "google",
    "s1",
    "s2",
    "k1",
    "k2",
    "key1",
    "smtp",
];

const SPF_MISSING: &str = "ohne ihn landen Antworten leicht im Spam: tragen Sie beim Anbieter der Domain ein, was die Betreiber des Mailservers dafür nennen";

/// What the domain's records say of its mail.
pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let domain = config.bot.email.rsplit('@').next().unwrap_or_default();
    let Ok(domain) = idna::domain_to_ascii(domain) else {
        let message = format!("{domain} ist kein Name, den das DNS kennen kann");
        return vec![Finding::warning(DOMAIN, message, "prüfen Sie bot.address")];
    };
    if is_reserved(&domain) {
        return vec![Finding::warning(
            DOMAIN,
            format!(
                "{domain} gibt es nur in Beispielen und auf diesem Rechner: von außen kommt dort keine Mail an"
            ),
            "nennen Sie unter bot.address die Adresse, an die Anfragen gehen",
        )];
    }
    let resolver = match Resolver::of_system() {
        Ok(resolver) => resolver,
        Err(error) => {
            let remedy = "prüfen Sie /etc/resolv.conf";
            return vec![Finding::warning(DOMAIN, error.to_string(), remedy)];
        }
    };
    let looks: [BoxFuture<'_, Result<Finding, Error>>; 4] = [
        mx(&resolver, &domain).boxed(),
        spf(&resolver, &domain).boxed(),
        dmarc(&resolver, &domain).boxed(),
        dkim(&resolver, &domain).boxed(),
    ];
    let found: Result<Vec<Finding>, Error> = join_all(looks).await.into_iter().collect();
    found.unwrap_or_else(|_| {
        vec![Finding::warning(
            DOMAIN,
            format!("das DNS gibt über {domain} gerade keine Auskunft"),
            "prüfen Sie /etc/resolv.conf und die Verbindung ins Netz; rufen Sie check dann noch einmal auf",
        )]
    })
}

/// Names that nobody can be asked about (RFC 2606, RFC 6761), but for those meant for trying
/// things like this out.
fn is_reserved(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_lowercase();
    let within = |name: &&str| domain == **name || domain.ends_with(&format!(".{name}"));
    let names = [
        "example",
        "example.com",
        "example.net",
        "example.org",
        "invalid",
        "local",
        "localhost",
    ];
    !domain.contains('.') || names.iter().any(within)
}

async fn mx(resolver: &Resolver, domain: &str) -> Result<Finding, Error> {
    let exchangers = resolver.mx(domain).await?;
    // A single one without a name: no mail, please (RFC 7505).
    if exchangers.iter().all(String::is_empty) && !exchangers.is_empty() {
        return Ok(Finding::warning(
            MX,
            format!("{domain} nimmt laut DNS keine Mails an (Null MX)"),
            "prüfen Sie bot.address, oder ändern Sie den Eintrag beim Anbieter der Domain",
        ));
    }
    if !exchangers.is_empty() {
        let exchangers = exchangers.join(", ");
        return Ok(Finding::sound(
            MX,
            format!("Mails an {domain} nimmt {exchangers} an"),
        ));
    }
    // Then the domain itself is asked (RFC 5321 5.1).
    let addresses = resolver.addresses(domain).await?;
    Ok(if !addresses.is_empty() {
        Finding::sound(MX, format!("kein Eintrag; Mails gehen an {domain} selbst"))
    } else {
        Finding::warning(
            MX,
            format!("{domain} hat weder MX noch Adresse: von außen kommt dort keine Mail an"),
            "prüfen Sie bot.address, oder tragen Sie beim Anbieter der Domain einen MX ein",
        )
    })
}

async fn spf(resolver: &Resolver, domain: &str) -> Result<Finding, Error> {
    let records = starting(resolver, domain, "v=spf1").await?;
    Ok(judge_spf(domain, &records))
}

fn judge_spf(domain: &str, records: &[String]) -> Finding {
    match records {
        [] => Finding::warning(SPF, format!("{domain} hat keinen Eintrag"), SPF_MISSING),
        [record] if record.split_whitespace().nth(1) == Some("-all") => Finding::warning(
            SPF,
            format!("laut \"{record}\" darf niemand für {domain} senden"),
            SPF_MISSING,
        ),
        [record] => Finding::sound(
            SPF,
            format!(
                "\"{record}\"; ob darin der Server steht, der Antworten verschickt, sagen seine Betreiber"
            ),
        ),
        // RFC 7208 4.5
        records => Finding::warning(
            SPF,
            format!(
                "{domain} hat {} Einträge, und damit gilt keiner",
                records.len()
            ),
            "fassen Sie sie beim Anbieter der Domain zu einem zusammen",
        ),
    }
}

/// The policy of the name itself, else of the organisation's domain (RFC 7489 6.6.3).
async fn dmarc(resolver: &Resolver, domain: &str) -> Result<Finding, Error> {
    let own = starting(resolver, &format!("_dmarc.{domain}"), "v=DMARC1").await?;
    let above = psl::domain_str(domain).filter(|above| *above != domain);
    let (owner, records) = match above {
        Some(above) if own.is_empty() => (
            above,
            starting(resolver, &format!("_dmarc.{above}"), "v=DMARC1").await?,
        ),
        _ => (domain, own),
    };
    Ok(judge_dmarc(owner, &records, owner != domain))
}

/// `inherited` says that the records are those of a domain above.
fn judge_dmarc(owner: &str, records: &[String], inherited: bool) -> Finding {
    let record = match records {
        [] => {
            return Finding::sound(
                DMARC,
                format!("{owner} hat keinen Eintrag; nötig ist er nicht"),
            );
        }
        [record] => record,
        _ => {
            return Finding::warning(
                DMARC,
                format!(
                    "{owner} hat {} Einträge, und damit gilt keiner",
                    records.len()
                ),
                "lassen Sie beim Anbieter der Domain nur einen stehen",
            );
        }
    };
    let tag = |name: &str| {
        let mut tags = record.split(';').filter_map(|tag| tag.split_once('='));
        let (_, value) = tags.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
        Some(value.trim().to_lowercase())
    };
    let below = tag("sp").filter(|_| inherited);
    let policy = below.or_else(|| tag("p")).unwrap_or_default();
    let meaning = match policy.as_str() {
        "reject" => "Antworten, die weder SPF noch DKIM bestätigt, werden abgewiesen",
        "quarantine" => "Antworten, die weder SPF noch DKIM bestätigt, gelten als Spam",
        "none" => "wer nicht bestätigt wird, wird trotzdem angenommen",
        _ => "die Regel darin ist unbekannt",
    };
    Finding::sound(DMARC, format!("\"{record}\" ({owner}): {meaning}"))
}

async fn dkim(resolver: &Resolver, domain: &str) -> Result<Finding, Error> {
    let asked = SELECTORS.map(|selector| async move {
        let name = format!("{selector}._domainkey.{domain}");
        let records = resolver.txt(&name).await?;
        // An empty key has been withdrawn (RFC 6376 3.6.1).
        let is_key = |record: &String| {
            let mut tags = record.split(';').filter_map(|tag| tag.split_once('='));
            tags.any(|(tag, key)| tag.trim() == "p" && !key.trim().is_empty())
        };
        Ok(records.iter().any(is_key).then_some(selector))
    });
    let found: Result<Vec<Option<&str>>, Error> = join_all(asked).await.into_iter().collect();
    let found: Vec<&str> = found?.into_iter().flatten().collect();
    let look =
        "ob Antworten unterschrieben sind, zeigt in einer empfangenen die Zeile DKIM-Signature";
    Ok(Finding::sound(
        DKIM,
        if found.is_empty() {
            format!(
                "unter den üblichen Namen liegt kein Schlüssel, er kann aber jeden Namen haben; {look}"
            )
        } else {
            format!("Schlüssel unter {}; {look}", found.join(", "))
        },
    ))
}

/// The texts of a name that begin with this version, and a blank, a semicolon or nothing after it.
async fn starting(resolver: &Resolver, name: &str, version: &str) -> Result<Vec<String>, Error> {
    let is_wanted = |text: &String| {
        let (start, rest) = text.split_at_checked(version.len()).unwrap_or((text, ""));
        start.eq_ignore_ascii_case(version) && (rest.is_empty() || rest.starts_with([' ', ';']))
    };
    let mut texts = resolver.txt(name).await?;
    texts.retain(is_wanted);
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::super::finding::as_lines;
    use super::*;

    fn records(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn only_what_is_certainly_wrong_with_spf_is_a_warning() {
        for (texts, said) in [
            (&[][..], "! SPF: beirat.test hat keinen Eintrag\n"),
            (&["v=spf1 -all"], "! SPF: laut \"v=spf1 -all\" darf niemand"),
            (&["v=spf1 mx -all"], "✓ SPF: \"v=spf1 mx -all\"; ob darin"),
            (
                &["v=spf1 a", "v=spf1 mx"],
                "! SPF: beirat.test hat 2 Einträge",
            ),
        ] {
            let line = as_lines(&[judge_spf("beirat.test", &records(texts))]);
            assert!(line.starts_with(said), "{line}");
        }
    }

    #[test]
    fn the_rule_for_the_name_asked_about_counts() {
        let own = &["v=DMARC1; p=reject; sp=none"][..];
        for (texts, inherited, said) in [
            (own, false, "werden abgewiesen"),
            (own, true, "wird trotzdem angenommen"),
            (&["v=DMARC1;p = Quarantine"], true, "gelten als Spam"),
            (
                &["v=DMARC1; p=vielleicht"],
                false,
                "Regel darin ist unbekannt",
            ),
            (&[], false, "nötig ist er nicht"),
            (
                &["v=DMARC1; p=none", "v=DMARC1; p=none"],
                false,
                "gilt keiner",
            ),
        ] {
            let line = as_lines(&[judge_dmarc("beirat.test", &records(texts), inherited)]);
            assert!(line.contains(said), "{line}");
        }
    }

    #[test]
    fn nobody_is_asked_about_names_of_examples() {
        for (domain, expected) in [
            ("example.org", true),
            ("post.Example.COM.", true),
            ("localhost", true),
            ("rathaus", true),
            ("drucker.local", true),
            ("example.de", false),
            ("notexample.org", false),
            ("beirat.test", false),
        ] {
            assert_eq!(is_reserved(domain), expected, "{domain}");
        }
    }
}
