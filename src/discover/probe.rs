//! Servers that answer to usual names below a domain, with a certificate for that name.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::time::timeout;

use super::clue::{Clue, Offer};
use super::{Account, Endpoint, PROBE_LIMIT, Source};
use crate::http;
use crate::tls::{self, Security, Stream};

/// What servers for fetching are called, the most usual first.
const IMAP: &[(&str, u16, Security)] =
    &[("imap", 993, Security::Tls), ("mail", 993, Security::Tls)];

/// What servers for handing over are called. TLS from the first byte comes first (RFC 8314 section 3.3).
const SMTP: &[(&str, u16, Security)] = &[
    ("smtp", 465, Security::Tls),
    ("mail", 465, Security::Tls),
    ("smtp", 587, Security::Starttls),
    ("mail", 587, Security::Starttls),
];

/// The longest line that is read of a server (RFC 5321 section 4.5.3.1.5).
const LINE: u64 = 512;

/// The most lines of one answer to EHLO.
const LINES: usize = 64;

/// Tries the usual names, all at once.
pub(super) async fn ask(client: http::Client<'_>, account: &Account) -> Clue {
    let first_of = async |names: &[(&str, u16, Security)], greeting| {
        let tries = names.iter().map(async |&(name, port, security)| {
            let host = format!("{name}.{}", account.domain);
            let endpoint = Endpoint::new(&host, port, security)?;
            let answering = answers(client, &endpoint, greeting);
            timeout(PROBE_LIMIT, answering).await.ok().flatten()?;
            Some(endpoint)
        });
        let found = futures_util::future::join_all(tries).await;
        Offer::from(found.into_iter().flatten().next())
    };
    let (imap, smtp) = tokio::join!(first_of(IMAP, "* "), first_of(SMTP, "220"));
    Clue {
        source: Source::Probe,
        imap,
        smtp,
        username: None,
        takes_password: true,
    }
}

/// Whether a server greets there, under TLS for its own name.
async fn answers(client: http::Client<'_>, endpoint: &Endpoint, greeting: &str) -> Option<()> {
    let Endpoint { host, port, .. } = endpoint;
    let addresses = client.resolver.addresses(host).await.ok()?;
    let tcp = tls::dial_known(host, *port, &addresses).await.ok()?;
    match endpoint.security {
        Security::Tls => {
            let stream = tls::secure(tcp, host, client.ca_file).await.ok()?;
            let line = read_line(&mut BufReader::new(stream)).await?;
            line.starts_with(greeting).then_some(())
        }
        Security::Starttls => {
            let mut clear = BufReader::new(Stream::Plain(tcp));
            start_tls(&mut clear).await?;
            let Stream::Plain(tcp) = clear.into_inner() else {
                return None;
            };
            tls::secure(tcp, host, client.ca_file).await.ok().map(drop)
        }
        Security::None => None,
    }
}

/// Speaks SMTP up to where TLS begins (RFC 3207 section 4).
async fn start_tls(stream: &mut BufReader<Stream>) -> Option<()> {
    answer(stream, "220").await?;
    for (command, code) in [("EHLO [127.0.0.1]\r\n", "250"), ("STARTTLS\r\n", "220")] {
        stream.write_all(command.as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
        answer(stream, code).await?;
    }
    stream.buffer().is_empty().then_some(())
}

/// Reads an answer of all its lines (RFC 5321 section 4.2.1), if it has this code.
async fn answer(stream: &mut BufReader<Stream>, code: &str) -> Option<()> {
    for _ in 0..LINES {
        let line = read_line(stream).await?;
        let rest = line.strip_prefix(code)?;
        if !rest.starts_with('-') {
            return Some(());
        }
    }
    None
}

async fn read_line(stream: &mut BufReader<Stream>) -> Option<String> {
    let mut line = Vec::new();
    stream.take(LINE).read_until(b'\n', &mut line).await.ok()?;
    line.ends_with(b"\n")
        .then(|| String::from_utf8_lossy(&line).into_owned())
}
