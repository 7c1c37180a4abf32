//! All of it in one call: (mail, knowledge, circumstances) → [`Answer`].

mod alarm;
mod bundle;
mod letter;
mod reply;
#[cfg(test)]
mod tests;
mod trial;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::kommune::{Register, Schluessel};
use crate::mail::{Address, ComposeError, Mail, MessageId, Recipient};
use crate::merge;
use crate::policy::{self, Ignored, Judgement, Recent, Refused, Rules};
use crate::request::RequestId;
use crate::template::{Catalogue, Motion, TemplateId, Texts, distinct, fill, values};
use crate::understand::{Earlier, Question, Topic, Understanding, Wish, understand};
pub use alarm::{Alarm, Cause};
use reply::Desk;

/// All that stays the same from request to request, until the next reload.
#[derive(Debug, Clone)]
pub struct Knowledge {
    /// the bot's own name and address
    pub bot: Address,
    /// whom a sender may turn to
    pub admin: Option<String>,
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
    /// what the last reply to this sender in the same thread left
    pub earlier: Option<Earlier>,
}

impl Circumstances {
    /// The circumstances of a request; the reply's Message-ID and its boundary follow from
    /// the request's id, so that a reply that is written again is the same reply.
    pub fn new(
        now: Timestamp,
        request: RequestId,
        own: &Address,
        recent: Recent,
        earlier: Option<Earlier>,
    ) -> Self {
        let domain = own.email.rsplit('@').next().unwrap_or_default();
        let id = request.as_str().to_lowercase();
        Self {
            now,
            reply_id: MessageId::local(&id, domain),
            boundary: format!("=_{id}"),
            request,
            recent,
            earlier,
        }
    }
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

/// What a mail server reports on a reply of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// the reply's Message-ID
    pub reply: MessageId,
    /// what became of it
    pub outcome: Recipient,
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
    /// what a mail that answers the reply is read against
    pub leaves: Option<Earlier>,
    /// what the mail reports on an earlier reply
    pub report: Option<Reported>,
}

/// How many replies in a row ask. Who has not said it by then is told how to ask, and
/// after that silence: another machine may be talking.
const MOST_ROUNDS: u32 = 2;

/// A request of more motions than this is not kept for corrections.
const MOST_CORRECTED: usize = 20;

/// A request that no reply could be made for; its mail is kept and the administrator told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// the document failed although its template was sound when loaded
    #[error("the motion {template} cannot be merged for {kommune}")]
    Motion {
        /// the motion
        template: String,
        /// the key of the municipality
        kommune: String,
        /// what went wrong
        source: merge::Error,
    },
    /// the text of the reply failed
    #[error("the text {path} cannot be merged")]
    Text {
        /// its file below the folder of templates
        path: &'static str,
        /// what went wrong
        source: merge::Error,
    },
    /// the documents are too large for one mail
    #[error("the documents come to more than a reply may carry")]
    Oversized {
        /// how many of them it could
        fitting: usize,
    },
    /// the documents do not go into one zip
    #[error("no zip can be made of the documents")]
    Bundle {
        /// what went wrong
        source: zip::result::ZipError,
    },
    /// the finished reply is no mail
    #[error("no mail can be made of the reply")]
    Compose {
        /// what went wrong
        source: ComposeError,
    },
    /// the motion that is wanted has faults: the request waits until it is sound
    #[error("the motion {} has faults", template.as_str())]
    Unsound {
        /// the motion
        template: TemplateId,
    },
    /// a municipality was understood that the register does not have
    #[error("the register has no municipality {0}")]
    Kommune(String),
}

impl Error {
    /// What the administrator can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Motion { .. } | Self::Text { .. } => {
                "correct the template, `antragsbote template check` shows its faults; then `antragsbote log retry`"
            }
            Self::Unsound { .. } => {
                "correct the template, `antragsbote template check` shows its faults"
            }
            Self::Oversized { .. } => {
                "make the template smaller (pictures, embedded fonts); then `antragsbote log retry`"
            }
            Self::Bundle { .. } | Self::Compose { .. } => "answer this mail by hand",
            Self::Kommune(_) => "import a complete register with `antragsbote kommune import`",
        }
    }
}

/// Answers a mail.
///
/// An error means that this mail cannot be answered as things are: the decision is made,
/// but a template fails on it, or is not sound yet ([`Error::Unsound`]).
pub fn answer(
    mail: &Mail,
    knowledge: &Knowledge,
    circumstances: &Circumstances,
) -> Result<Answer, Error> {
    let own = &knowledge.bot.email;
    let desk = Desk {
        mail,
        knowledge,
        circumstances,
    };
    match policy::judge(mail, &knowledge.rules, own, &circumstances.recent) {
        Judgement::Proceed => {}
        Judgement::Ignore(reason) => {
            return Ok(Answer {
                evidence: vec![reason.explain(mail)],
                report: reported(mail, own),
                ..silent(Decision::Ignore(reason))
            });
        }
        Judgement::Refuse { reason, answered } => return refuse(&desk, reason, answered),
    }
    if trial::is_asked(mail, knowledge) {
        return trial::answer(&desk);
    }
    let understanding = understand(
        mail,
        knowledge.register,
        knowledge.catalogue.offers(),
        circumstances.earlier.as_ref(),
    );
    if understanding.nothing_asked {
        return Ok(Answer {
            evidence: understanding.evidence,
            ..silent(Decision::Ignore(Ignored::NothingAsked))
        });
    }
    if understanding.questions.is_empty() && !understanding.wishes.is_empty() {
        return send(&desk, understanding);
    }
    ask(&desk, understanding)
}

/// Where the reply to a mail goes, should there be one: that to a trial goes to the
/// administrator, whatever Reply-To says.
pub fn recipient(mail: &Mail, knowledge: &Knowledge) -> Option<Address> {
    let admin = || {
        Some(Address {
            name: mail.from.as_ref()?.name.clone(),
            email: knowledge.admin.clone()?,
        })
    };
    match trial::is_asked(mail, knowledge) {
        true => admin(),
        false => mail.reply_address().cloned(),
    }
}

/// What a delivery report says of a reply of ours.
fn reported(mail: &Mail, own: &str) -> Option<Reported> {
    let report = mail.report.as_ref()?;
    Some(Reported {
        reply: policy::own_reply(report, own)?.clone(),
        outcome: report.gravest()?.clone(),
    })
}

fn silent(decision: Decision) -> Answer {
    Answer {
        decision,
        template: None,
        documents: Vec::new(),
        reply: None,
        evidence: Vec::new(),
        leaves: None,
        report: None,
    }
}

fn refuse(desk: &Desk<'_>, reason: Refused, answered: bool) -> Result<Answer, Error> {
    let (rules, recent) = (&desk.knowledge.rules, &desk.circumstances.recent);
    Ok(Answer {
        reply: if answered {
            desk.refusal(reason)?
        } else {
            None
        },
        evidence: vec![reason.explain(desk.mail, rules, recent)],
        ..silent(Decision::Refuse(reason))
    })
}

/// Asks for what is missing; whoever asks how to ask, or is asked for the third time, is told.
/// After that, no more.
fn ask(desk: &Desk<'_>, understanding: Understanding) -> Result<Answer, Error> {
    let open = |topic| Question {
        topic,
        heard: None,
        candidates: Vec::new(),
    };
    let mut questions = understanding.questions;
    if questions.is_empty() {
        questions = vec![open(Topic::Kommune), open(Topic::Beirat)];
    }
    let earlier = desk.circumstances.earlier.as_ref();
    let leaves = Earlier {
        request: understanding.request,
        rounds: earlier
            .map_or(0, |earlier| earlier.rounds)
            .saturating_add(1),
        asked: questions,
    };
    let (mail, own) = (desk.mail, &desk.knowledge.bot.email);
    let fruitless = policy::is_fruitless(mail, own, &desk.circumstances.recent);
    if leaves.rounds > MOST_ROUNDS + 1 || fruitless {
        return Ok(Answer {
            evidence: understanding.evidence,
            ..silent(Decision::Ignore(Ignored::Loop))
        });
    }
    let mut topics: Vec<Topic> = leaves
        .asked
        .iter()
        .map(|question| question.topic.clone())
        .collect();
    topics.dedup();
    let catalogue = &desk.knowledge.catalogue;
    let motion = catalogue.wanted(understanding.template.as_ref());
    Ok(Answer {
        template: (!topics.contains(&Topic::Template)).then(|| motion.clone()),
        reply: if understanding.help_asked || leaves.rounds > MOST_ROUNDS {
            desk.help(&leaves.request, understanding.help_asked)?
        } else {
            desk.question(
                catalogue.offer(motion),
                &leaves,
                understanding.list.as_ref(),
            )?
        },
        evidence: understanding.evidence,
        leaves: Some(leaves),
        ..silent(Decision::Question(topics))
    })
}

fn send(desk: &Desk<'_>, understanding: Understanding) -> Result<Answer, Error> {
    let catalogue = &desk.knowledge.catalogue;
    let wanted = catalogue.wanted(understanding.template.as_ref());
    let Some(motion) = catalogue.get(wanted) else {
        let template = wanted.clone();
        return Err(Error::Unsound { template });
    };
    let documents = u32::try_from(understanding.wishes.len()).unwrap_or(u32::MAX);
    if desk.is_over(documents) {
        return refuse(desk, Refused::RateLimit, true);
    }
    let documents = match finish(desk, motion, &understanding.wishes) {
        // Fewer at a time do, and which come first is for whoever asked to say.
        Err(Error::Oversized { fitting }) if fitting > 0 => {
            let wanted = understanding.wishes.len();
            return Ok(Answer {
                reply: desk.too_many(wanted, fitting)?,
                evidence: vec![format!(
                    "{wanted} Dokumente sind zu groß für eine Antwort, {fitting} wären es nicht."
                )],
                ..silent(Decision::Refuse(Refused::TooLarge))
            });
        }
        finished => finished?,
    };
    let mut request = understanding.request;
    if request.len() > MOST_CORRECTED {
        request.clear();
    }
    Ok(Answer {
        decision: Decision::Document,
        template: Some(motion.offer.id.clone()),
        reply: desk.documents(motion, &understanding.wishes, &documents)?,
        documents,
        evidence: understanding.evidence,
        leaves: Some(Earlier {
            request,
            ..Earlier::default()
        }),
        report: None,
    })
}

/// Merges a document for each wish.
fn finish(desk: &Desk<'_>, motion: &Motion, wishes: &[Wish]) -> Result<Vec<Finished>, Error> {
    let occasion = desk.occasion();
    let mut documents = Vec::new();
    let mut size = 0;
    for wish in wishes {
        let kommune = desk.kommune(&wish.kommune)?;
        let register = desk.knowledge.register;
        let mut values = values(register, kommune, &wish.beirat, &wish.rat, &occasion);
        fill(&mut values, &motion.offer.felder, &wish.felder);
        let bytes = motion
            .document
            .merge(&values)
            .map_err(|source| Error::Motion {
                template: motion.offer.id.as_str().to_owned(),
                kommune: wish.kommune.as_str().to_owned(),
                source,
            })?;
        size += bytes.len();
        if size > desk.knowledge.rules.documents_in_reply {
            let fitting = documents.len();
            return Err(Error::Oversized { fitting });
        }
        documents.push(Finished {
            kommune: wish.kommune.clone(),
            beirat: wish.beirat.name.clone(),
            rat: wish.rat.name.clone(),
            file: motion
                .file_name
                .fill(kommune, &wish.beirat.name, &wish.rat.name),
            sha256: hex(&Sha256::digest(&bytes)),
            bytes,
        });
    }
    let names = documents.iter().map(|document| document.file.clone());
    for (name, document) in distinct(names.collect()).into_iter().zip(&mut documents) {
        document.file = name;
    }
    Ok(documents)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Decision {
    /// The contract's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Question(_) => "question",
            Self::Ignore(_) => "ignore",
            Self::Refuse(_) => "refuse",
        }
    }

    /// Why nothing was sent or the mail was refused, in the contract's word.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Ignore(reason) => Some(reason.as_str()),
            Self::Refuse(reason) => Some(reason.as_str()),
            Self::Document | Self::Question(_) => None,
        }
    }
}

impl Answer {
    /// What `answer --explain` prints; all keys are always there.
    pub fn explain(&self, register: &Register) -> serde_json::Value {
        let documents: Vec<_> = self
            .documents
            .iter()
            .map(|document| {
                let kommune = register.get(&document.kommune);
                serde_json::json!({
                    "kommune": document.kommune.as_str(),
                    "name": kommune.map(|kommune| &kommune.name),
                    "art": kommune.map(|kommune| kommune.art.label()),
                    "land": kommune.map(|kommune| kommune.land.name()),
                    "beirat": document.beirat,
                    "rat": document.rat,
                    "file": document.file,
                })
            })
            .collect();
        let topics: Vec<&str> = match &self.decision {
            Decision::Question(topics) => topics.iter().map(Topic::as_str).collect(),
            _ => Vec::new(),
        };
        serde_json::json!({
            "decision": self.decision.as_str(),
            "template": self.template.as_ref().map(TemplateId::as_str),
            "documents": documents,
            "question_about": topics,
            "reason": self.decision.reason(),
            "evidence": self.evidence,
        })
    }
}
