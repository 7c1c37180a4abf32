//! What has arrived at the far end, read in the Maildir itself, however much it is.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use mail_parser::MessageParser;

/// The replies in a Maildir; each file is read once.
#[derive(Debug)]
pub(crate) struct Arrived {
    maildir: PathBuf,
    /// of each file the request it answers, and its Message-ID
    read: BTreeMap<OsString, (String, String)>,
}

impl Arrived {
    /// Nothing is read yet.
    pub(crate) fn new(maildir: &Path) -> Self {
        Self {
            maildir: maildir.to_owned(),
            read: BTreeMap::new(),
        }
    }

    /// The Message-IDs of the replies that are there by now, by the left part of the Message-ID of the request they
    /// answer.
    pub(crate) fn look(&mut self) -> BTreeMap<String, Vec<String>> {
        let Ok(files) = fs::read_dir(self.maildir.join("new")) else {
            return BTreeMap::new();
        };
        for file in files {
            let file = file.unwrap();
            let read = self.read.entry(file.file_name());
            read.or_insert_with(|| ids(&fs::read(file.path()).unwrap()));
        }
        let mut replies: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (answers, message_id) in self.read.values() {
            let ids = replies.entry(answers.clone()).or_default();
            ids.push(message_id.clone());
        }
        replies
    }
}

fn ids(raw: &[u8]) -> (String, String) {
    let mail = MessageParser::default().parse(raw);
    let mail = mail.unwrap_or_else(|| panic!("no reply: {:?}", String::from_utf8_lossy(raw)));
    let answers = mail.in_reply_to().as_text().unwrap_or_default();
    assert!(
        mail.attachments().count() == 1,
        "a reply arrived without its document: {:?}",
        String::from_utf8_lossy(raw)
    );
    (
        answers.trim_end_matches("@example.org").to_owned(),
        mail.message_id().unwrap_or_default().to_owned(),
    )
}
