//! Replies: what the texts of `mail/*.txt` are given, and the mail around them.

use serde_json::{Map, Value, json};

use super::bundle;
use super::letter::{self, Letter, Link, Links};
use super::{Circumstances, Error, Finished, Knowledge, Reply, recipient};
use crate::german::in_germany;
use crate::kommune::{Kommune, Schluessel};
use crate::mail::{Attachment, Draft, Mail, compose};
use crate::merge::Values;
use crate::policy::Refused;
use crate::template::{Feld, FeldArt, Motion, Occasion, Offer, TextName, anfragen, values};
use crate::understand::{Block, Earlier, Line, ListFaults, RowFault, Topic, Wish, completed};

/// Subject of a reply to a mail without one, and of the finished requests behind links.
const SUBJECT: &str = "Musterantrag";

/// Media type of a .docx package (ECMA-376 part 1, 15.2.13).
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The most documents that go as files of their own; more go as one zip.
const MAX_FILES: usize = 5;

/// The longest quotation from a mail in a question, in characters.
const MAX_HEARD: usize = 80;

/// The longest link in bytes: Outlook and older webmail cut off longer ones.
const MAX_LINK: usize = 1_900;

/// All that lies on the desk while a mail is answered.
pub(super) struct Desk<'a> {
    pub(super) mail: &'a Mail,
    pub(super) knowledge: &'a Knowledge,
    pub(super) circumstances: &'a Circumstances,
}

impl Desk<'_> {
    pub(super) fn occasion(&self) -> Occasion {
        let person = self.mail.from.as_ref();
        Occasion {
            now: self.circumstances.now,
            anfragende_person: person.map_or(String::new(), |person| {
                person.name.as_ref().unwrap_or(&person.email).clone()
            }),
            aktenzeichen: self.circumstances.request.as_str().to_owned(),
        }
    }

    pub(super) fn kommune(&self, key: &Schluessel) -> Result<&Kommune, Error> {
        let register = self.knowledge.register;
        register
            .get(key)
            .ok_or_else(|| Error::Kommune(key.as_str().to_owned()))
    }

    /// The reply that carries documents.
    pub(super) fn documents(
        &self,
        motion: &Motion,
        wishes: &[Wish],
        documents: &[Finished],
    ) -> Result<Option<Reply>, Error> {
        let mut rows = Vec::new();
        let mut lines = Vec::new();
        if !motion.offer.default {
            lines.push(format!("Vorlage: {}", motion.offer.id.as_str()));
        }
        let mut first = None;
        for (wish, document) in wishes.iter().zip(documents) {
            let kommune = self.kommune(&wish.kommune)?;
            let (title, land) = (kommune.title_beside_land(), kommune.land.name());
            first.get_or_insert((wish, kommune));
            lines.extend([
                format!("Kommune: {title} ({land})"),
                format!("Beirat: {}", document.beirat),
                format!("Rat: {}", document.rat),
            ]);
            let felder = motion.offer.felder.iter();
            lines.extend(felder.filter_map(|feld| Some(feld.line(wish.felder.get(&feld.name)?))));
            lines.push(String::new());
            rows.push(json!({
                "kommune": title,
                "land": land,
                "beirat": document.beirat,
                "rat": document.rat,
                "datei": document.file,
            }));
        }
        let mut merged = first.map_or_else(Values::new, |(wish, kommune)| {
            let register = self.knowledge.register;
            values(register, kommune, &wish.beirat, &wish.rat, &self.occasion())
        });
        let bundled = documents.len() > MAX_FILES;
        let archive = if bundled { bundle::NAME } else { "" };
        let own = json!({
            "titel": motion.offer.title,
            "dokumente": rows,
            "archiv": archive,
            "anderes": first.map_or("", |(_, kommune)| self.namesake(kommune)),
        });
        let attachments = if bundled {
            lines.clear();
            let zip = bundle::zip(documents, self.circumstances.now);
            vec![zip.map_err(|source| Error::Bundle { source })?]
        } else {
            documents.iter().map(file).collect()
        };
        self.reply(
            TextName::Document,
            &mut merged,
            own,
            &self.links(&lines, Vec::new()),
            attachments,
        )
    }

    /// What a correction may say that means the Landkreis instead of the town of its name, or the town.
    fn namesake(&self, kommune: &Kommune) -> &'static str {
        let name = match kommune.name.split_once(' ') {
            Some((_, name)) if kommune.art.is_kreis() => name,
            _ => &kommune.name,
        };
        let found = self.knowledge.register.find(name);
        let mut others = found.iter().map(|candidate| candidate.kommune);
        let other = others.find(|other| {
            other.land == kommune.land && other.art.is_kreis() != kommune.art.is_kreis()
        });
        match other.map(|other| other.art) {
            None => "",
            Some(art) if art.is_kreis() => "den Landkreis",
            Some(art) if art.is_stadt() => "die Stadt",
            Some(_) => "die Gemeinde",
        }
    }

    /// The reply that asks; each candidate is a link to the completed request.
    pub(super) fn question(
        &self,
        offer: Option<&Offer>,
        asked: &Earlier,
        list: Option<&ListFaults>,
    ) -> Result<Option<Reply>, Error> {
        let request = &asked.request;
        let mut choices = Vec::new();
        let mut rows = Vec::new();
        for question in &asked.asked {
            let mut candidates = Vec::new();
            for choice in &question.candidates {
                let label = one_line(&choice.label);
                let lines = completed(request, Some((question, &choice.line)));
                choices.push(self.link(&label, &lines));
                candidates.push(json!({"nummer": choices.len(), "text": label}));
            }
            let register = self.knowledge.register;
            let shared = question.shared_name(register);
            let heard = shared.as_deref().or(question.heard.as_deref());
            let feld = offer.and_then(|offer| feld(&question.topic, offer));
            rows.push(json!({
                "thema": question.topic.as_str(),
                "mehrmals": shared.is_some(),
                "arten": kinds(&question.kinds(register)),
                "frage": feld.map(|feld| &feld.question),
                "beispiel": feld.map(|feld| self.example(feld)),
                "gehoert": heard.map_or(String::new(), quotable),
                "kandidaten": candidates,
            }));
        }
        let understood = || list.map(|list| list.understood.clone());
        let rows_of_list = list.map_or(&[][..], |list| list.rows.as_slice());
        let own = json!({
            "fragen": rows,
            "verstanden": understood().unwrap_or_else(|| self.settled(request)),
            "kandidaten": !choices.is_empty(),
            "zeilen": rows_of_list.iter().map(row_values).collect::<Vec<_>>(),
            "hoechstens": list.filter(|list| list.rows.is_empty()).map_or(0, |_| ListFaults::MOST),
            "datei": list.and_then(|list| list.file.as_deref()).map_or(String::new(), quotable),
        });
        self.reply(
            TextName::Question,
            &mut Values::new(),
            own,
            &self.links(&completed(request, None), choices),
            Vec::new(),
        )
    }

    /// The reply that tells how to ask: `asked` for, or instead of asking once more.
    pub(super) fn help(&self, request: &[Block], asked: bool) -> Result<Option<Reply>, Error> {
        let mut offers: Vec<_> = self.knowledge.catalogue.offers().iter().collect();
        offers.sort_by_key(|offer| !offer.default);
        let titles: Vec<_> = offers.iter().map(|offer| &offer.title).collect();
        let own = json!({
            "gebeten": asked,
            "verstanden": self.settled(request),
            "anfragen": anfragen(&self.knowledge.bot.email),
            "antraege": titles,
            "verwaltung": self.knowledge.admin.as_deref().unwrap_or_default(),
        });
        self.reply(
            TextName::Help,
            &mut Values::new(),
            own,
            &self.links(&completed(request, None), Vec::new()),
            Vec::new(),
        )
    }

    /// What is settled, each line once, with the motion by its title. Links name it by its id:
    /// mail programs break long lines.
    fn settled(&self, request: &[Block]) -> Vec<String> {
        let mut settled = Vec::new();
        for line in request.iter().flatten() {
            let Line::Settled(_, said) = line else {
                continue;
            };
            let offer = line
                .motion()
                .and_then(|id| self.knowledge.catalogue.offer(&id));
            let said = offer.map_or_else(
                || said.clone(),
                |offer| format!("Vorlage: {}", one_line(&offer.title)),
            );
            if !settled.contains(&said) {
                settled.push(said);
            }
        }
        settled
    }

    /// A line that would answer the question about a field.
    fn example(&self, feld: &Feld) -> String {
        let today = in_germany(self.circumstances.now).date();
        match feld.art {
            FeldArt::Text => format!("{}: …", feld.key()),
            _ => feld.line(&feld.sample(today)),
        }
    }

    /// The reply that tells what was found in templates on trial, with files under their names.
    pub(super) fn trial(
        &self,
        own: Value,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<Option<Reply>, Error> {
        let attachments = files.into_iter().map(|(name, bytes)| Attachment {
            name,
            media_type: DOCX,
            bytes,
        });
        self.reply(
            TextName::Trial,
            &mut Values::new(),
            own,
            &self.links(&[], Vec::new()),
            attachments.collect(),
        )
    }

    /// Whether so many documents are more than the sender may have now.
    pub(super) fn is_over(&self, documents: u32) -> bool {
        let sum = self
            .circumstances
            .recent
            .documents
            .saturating_add(documents);
        sum > self.knowledge.rules.documents_per_sender_per_hour
    }

    /// The reply that says why the mail is not answered otherwise.
    pub(super) fn refusal(&self, reason: Refused) -> Result<Option<Reply>, Error> {
        self.refused(json!({"grund": reason.as_str(), "gewollt": null, "moeglich": null}))
    }

    /// The reply that says how many documents fit where more are wanted.
    pub(super) fn too_many(&self, wanted: usize, fitting: usize) -> Result<Option<Reply>, Error> {
        let reason = Refused::TooLarge.as_str();
        self.refused(json!({"grund": reason, "gewollt": wanted, "moeglich": fitting}))
    }

    fn refused(&self, own: Value) -> Result<Option<Reply>, Error> {
        let open = [Topic::Kommune, Topic::Beirat].map(|topic| Line::Open(topic, None));
        let links = self.links(&completed(&[open.to_vec()], None), Vec::new());
        self.reply(
            TextName::Refuse,
            &mut Values::new(),
            own,
            &links,
            Vec::new(),
        )
    }

    /// Merges the text and puts it into a mail; `None` where nobody but the bot itself would get it.
    fn reply(
        &self,
        name: TextName,
        values: &mut Values,
        own: Value,
        links: &Links,
        attachments: Vec<Attachment>,
    ) -> Result<Option<Reply>, Error> {
        let bot = &self.knowledge.bot;
        let Some(to) = recipient(self.mail, self.knowledge) else {
            return Ok(None);
        };
        if to.email.eq_ignore_ascii_case(&bot.email) {
            return Ok(None);
        }
        values.json(&object(own));
        values.text("adresse", &bot.email);
        values.text("absender", bot.name.as_ref().unwrap_or(&bot.email));
        values.text("aktenzeichen", self.circumstances.request.as_str());
        let merged = self.knowledge.texts.get(name).merge(values);
        let merged = merged.map_err(|source| Error::Text {
            path: name.path(),
            source,
        })?;
        let Letter { text, html } = letter::set(&merged, SUBJECT, links);
        let message_id = &self.circumstances.reply_id;
        let subject = self.mail.subject.as_deref().unwrap_or_default();
        let reply_to = to.email.clone();
        let bytes = compose(&Draft {
            from: bot.clone(),
            to,
            answers: Some(self.mail),
            subject: subject.trim().is_empty().then(|| SUBJECT.to_owned()),
            message_id: message_id.clone(),
            date: self.circumstances.now,
            boundary: self.circumstances.boundary.clone(),
            text,
            html,
            attachments,
        })
        .map_err(|source| Error::Compose { source })?;
        Ok(Some(Reply {
            to: reply_to,
            message_id: message_id.clone(),
            bytes,
        }))
    }

    /// The links of a letter; its address leads to a request of these lines.
    fn links(&self, lines: &[String], choices: Vec<Link>) -> Links {
        Links {
            address: self.link(&self.knowledge.bot.email, lines),
            choices,
        }
    }

    /// A link to a request of these lines, or to an empty one if they are too many.
    fn link(&self, label: &str, lines: &[String]) -> Link {
        let to = |lines: &[String]| letter::mailto(&self.knowledge.bot.email, SUBJECT, lines);
        let href = to(lines);
        Link {
            label: label.to_owned(),
            href: if href.len() > MAX_LINK { to(&[]) } else { href },
        }
    }
}

fn file(document: &Finished) -> Attachment {
    Attachment {
        name: document.file.clone(),
        media_type: DOCX,
        bytes: document.bytes.clone(),
    }
}

/// A faulty row of a list as the text of a question names it.
fn row_values(row: &RowFault) -> Value {
    let questions = row.questions.iter().map(|question| {
        let candidates = question.candidates.iter();
        json!({
            "thema": question.topic.as_str(),
            "gehoert": question.heard.as_deref().map_or(String::new(), quotable),
            "kandidaten": candidates.map(|choice| one_line(&choice.label)).collect::<Vec<_>>(),
        })
    });
    json!({
        "nummer": row.number,
        "text": quotable(&row.heard),
        "fragen": questions.collect::<Vec<_>>(),
    })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// The further field that a question is about.
fn feld<'o>(topic: &Topic, offer: &'o Offer) -> Option<&'o Feld> {
    let mut felder = offer.felder.iter();
    felder.find(|feld| feld.name == topic.as_str())
}

/// "als Stadt und als Landkreis"
fn kinds(kinds: &[&str]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("als {kind}")).collect();
    match kinds.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} und {last}", first.join(", ")),
        _ => String::new(),
    }
}

/// Words of the mail that may be repeated: on one line and short.
pub(super) fn quotable(heard: &str) -> String {
    one_line(heard).chars().take(MAX_HEARD).collect()
}

pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
