//! Requests by HTTP/1.1 (RFC 9112), as the servers of tests read them.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};

/// A request: the first of its connection, and for us the last.
#[derive(Debug)]
pub(crate) struct Request {
    /// method, target and version
    pub(crate) line: String,
    /// by their names in lower case
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// `None` if the client goes away before its end.
    pub(crate) fn read(stream: &mut impl Read) -> Option<Self> {
        let mut stream = BufReader::new(stream);
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line: &String| !line.is_empty()) {
            let mut line = String::new();
            stream.read_line(&mut line).ok().filter(|&read| read > 0)?;
            lines.push(line.trim_end().to_owned());
        }
        let fields = lines[1..].iter().filter_map(|line| line.split_once(": "));
        let headers: BTreeMap<String, String> = fields
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").map_or("0", String::as_str);
        let mut body = vec![0; length.parse().ok()?];
        stream.read_exact(&mut body).ok()?;
        Some(Self {
            line: lines.swap_remove(0),
            headers,
            body,
        })
    }

    /// What it is for: path and query.
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// A header field; empty if it has none.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}
