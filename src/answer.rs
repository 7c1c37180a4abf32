//! All of it in one call: (mail, knowledge, circumstances) → [`Answer`].

mod letter;

use jiff::Timestamp;

use crate::kommune::{Register, Schluessel};
use crate::mail::{Address, Mail, MessageId};
use crate::policy::{Ignored, Recent, Refused, Rules};
use crate::request::RequestId;
use crate::template::{Catalogue, TemplateId, Texts};
use crate::understand::{OpenRequest, Topic};

/// All that stays the same from request to request, until the next reload.
#[derive(Debug)]
pub struct Knowledge {
    /// the bot's own name and address
    pub bot: Address,
    /// municipalities, bodies, councils
    pub register: &'static Register,
    /// the motions on offer
    pub catalogue: Catalogue,
    /// the texts of replies
    pub texts: Texts,
    /// whom to answer
    pub rules: Rules,
}

/// What differs from request to request and cannot be seen in the mail; made by the shell.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// when the mail was taken
    pub now: Timestamp,
    /// the request's id
    pub request: RequestId,
    /// the id of the reply, should there be one
    pub reply_id: MessageId,
    /// a string that cannot occur in mails, for MIME boundaries
    pub boundary: String,
    /// what the log knows of the sender and the mail
    pub recent: Recent,
    /// the open request of the same thread and sender
    pub open: Option<OpenRequest>,
}

/// What is decided about a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// the reply carries documents
    Document,
    /// the reply asks about these
    Question(Vec<Topic>),
    /// no reply
    Ignore(Ignored),
    /// refused
    Refuse(Refused),
}

/// A finished document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// the municipality it is for
    pub kommune: Schluessel,
    /// the body's name
    pub beirat: String,
    /// the council's name
    pub rat: String,
    /// its file name
    pub file: String,
    /// SHA-256 of its bytes, in hex
    pub sha256: String,
    /// its bytes
    pub bytes: Vec<u8>,
}

/// A finished reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// the one address it goes to
    pub to: String,
    /// its Message-ID
    pub message_id: MessageId,
    /// its bytes, ready to be sent
    pub bytes: Vec<u8>,
}

/// Everything that is to be recorded and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// the decision
    pub decision: Decision,
    /// the motion, where one was chosen
    pub template: Option<TemplateId>,
    /// the documents of the reply
    pub documents: Vec<Finished>,
    /// the reply, if one is sent
    pub reply: Option<Reply>,
    /// what decided
    pub evidence: Vec<String>,
}

impl Answer {
    /// What `answer --explain` prints.
    pub fn explain(&self, register: &Register) -> serde_json::Value {
        let _ = register;
        todo!()
    }
}

/// Answers a mail.
pub fn answer(mail: &Mail, knowledge: &Knowledge, circumstances: &Circumstances) -> Answer {
    let _ = (mail, knowledge, circumstances);
    todo!()
}
