//! A client as plain as can be: the daemon is judged by what others send it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Sends a mail; panics unless every answer is what it should be.
#[track_caller]
pub(crate) fn send(port: u16, from: &str, to: &str, raw: &[u8]) {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut client = BufReader::new(stream);
    expect(&mut client, "220");
    say(&mut client, b"EHLO client.example.org\r\n", "250");
    say(
        &mut client,
        format!("MAIL FROM:<{from}>\r\n").as_bytes(),
        "250",
    );
    say(&mut client, format!("RCPT TO:<{to}>\r\n").as_bytes(), "250");
    say(&mut client, b"DATA\r\n", "354");
    let mut data = Vec::with_capacity(raw.len() + 5);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            data.push(b'.');
        }
        data.extend(line.strip_suffix(b"\n").unwrap_or(line));
        if data.last() == Some(&b'\r') {
            data.pop();
        }
        data.extend(b"\r\n");
    }
    data.extend(b".\r\n");
    say(&mut client, &data, "250");
    say(&mut client, b"QUIT\r\n", "221");
}

#[track_caller]
fn say(client: &mut BufReader<TcpStream>, bytes: &[u8], code: &str) {
    client.get_mut().write_all(bytes).unwrap();
    expect(client, code);
}

#[track_caller]
fn expect(client: &mut BufReader<TcpStream>, code: &str) {
    loop {
        let mut line = String::new();
        client.read_line(&mut line).unwrap();
        assert!(line.starts_with(code), "expected {code}, got {line:?}");
        if line.as_bytes().get(3) != Some(&b'-') {
            return;
        }
    }
}
