//! A client as plain as can be: one command at a time, literals understood.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A connection that is logged in.
#[derive(Debug)]
pub(crate) struct Imap {
    stream: BufReader<TcpStream>,
    commands: u32,
}

/// A mail as it lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// a person has read it, or says so
    pub(crate) seen: bool,
    /// its bytes
    pub(crate) raw: Vec<u8>,
}

/// One line of an answer: its text, and what its literals held.
type Line = (String, Vec<Vec<u8>>);

impl Imap {
    /// Connects and logs in.
    pub(crate) fn login(port: u16, user: &str, password: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut imap = Self {
            stream: BufReader::new(stream),
            commands: 0,
        };
        imap.read_line();
        imap.command(&format!("LOGIN {user} {password}"));
        imap
    }

    /// The mails of a folder, oldest first. Its name is given as it goes over the wire (RFC 3501 section 5.1.3).
    pub(crate) fn messages(&mut self, folder: &str) -> Vec<Message> {
        self.command(&format!("EXAMINE \"{folder}\""));
        let lines = self.command("UID FETCH 1:* (FLAGS BODY.PEEK[])");
        let mails = lines
            .into_iter()
            .filter(|(text, _)| text.contains(" FETCH "));
        mails
            .map(|(text, mut literals)| Message {
                seen: text.contains("\\Seen"),
                // An empty mail comes as "" and not as a literal.
                raw: literals.pop().unwrap_or_default(),
            })
            .collect()
    }

    /// How many mails a folder holds.
    pub(crate) fn count(&mut self, folder: &str) -> usize {
        // STATUS may give an old figure for a folder that is open already, RFC 3501 section 6.3.10.
        let lines = self.command(&format!("EXAMINE \"{folder}\""));
        let mut found = lines.iter().filter_map(|(text, _)| {
            let count = text.strip_prefix("* ")?.strip_suffix(" EXISTS")?;
            count.parse().ok()
        });
        found.next().unwrap()
    }

    /// The folders there are, as their names go over the wire.
    pub(crate) fn folders(&mut self) -> Vec<String> {
        let lines = self.command("LIST \"\" \"*\"").into_iter();
        let names = lines.filter_map(|(text, _)| {
            // `* LIST (\HasNoChildren) "." "Sent mail"`
            let name = text.strip_prefix("* LIST ")?.split_once(" \".\" ")?.1;
            Some(name.trim_matches('"').to_owned())
        });
        names.collect()
    }

    /// Says that a person has read everything in INBOX.
    pub(crate) fn mark_all_seen(&mut self) {
        self.command("SELECT INBOX");
        self.command("UID STORE 1:* +FLAGS (\\Seen)");
    }

    /// The INBOX's UIDVALIDITY.
    pub(crate) fn uid_validity(&mut self) -> u32 {
        let lines = self.command("EXAMINE INBOX").into_iter();
        let mut found = lines.filter_map(|(text, _)| {
            let rest = text.split_once("[UIDVALIDITY ")?.1;
            rest.split_once(']')?.0.parse().ok()
        });
        found.next().unwrap()
    }

    /// Gives a command, and the lines that answer it; panics on NO and BAD.
    #[track_caller]
    fn command(&mut self, command: &str) -> Vec<Line> {
        self.commands += 1;
        let tag = format!("t{} ", self.commands);
        let line = format!("{tag}{command}\r\n");
        self.stream.get_mut().write_all(line.as_bytes()).unwrap();
        let mut lines = Vec::new();
        loop {
            let (text, literals) = self.read_line();
            if let Some(result) = text.strip_prefix(&tag) {
                assert!(result.starts_with("OK"), "{command}: {result}");
                return lines;
            }
            lines.push((text, literals));
        }
    }

    fn read_line(&mut self) -> Line {
        let (mut text, mut literals) = (String::new(), Vec::new());
        loop {
            let read = self.stream.read_line(&mut text).unwrap();
            assert!(read > 0, "the server closed the connection");
            let length = text.trim_end().strip_suffix('}');
            let length = length.and_then(|text| text.rsplit_once('{'));
            let Some(length) = length.and_then(|(_, digits)| digits.parse::<usize>().ok()) else {
                return (text.trim_end().to_owned(), literals);
            };
            let mut literal = vec![0; length];
            self.stream.read_exact(&mut literal).unwrap();
            literals.push(literal);
        }
    }
}
