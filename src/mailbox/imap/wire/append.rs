//! APPEND (RFC 3501 6.3.11): the one command with a literal of ours.

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{Response, ResponseCode, Status};

use super::{Budget, COMMAND_LIMIT, Wire, read, words, write};
use crate::mailbox::Error;

const COMMAND: &str = "APPEND";

/// What a response means for an APPEND.
enum Heard {
    /// the mail may come
    Go,
    /// it is there, under this UID if the server says so (RFC 4315 3)
    Done(Option<u32>),
    Refused(String),
    Other,
}

impl Wire {
    /// Puts a mail into a folder; returns its UID where the server tells it.
    pub(in crate::mailbox::imap) async fn append(
        &mut self,
        folder: &str,
        flags: &str,
        mail: &str,
    ) -> Result<Option<u32>, Error> {
        self.tags += 1;
        let tag = format!("b{}", self.tags);
        self.session.get_mut().allow(Budget::command());
        let announced = format!("{tag} {COMMAND} {folder} ({flags}) {{{}}}", mail.len());
        write(&mut self.session, &announced, COMMAND).await?;
        loop {
            let heard = read(&mut self.session, COMMAND, COMMAND_LIMIT, |response| {
                understand(response, &tag)
            });
            match heard.await? {
                Heard::Go => write(&mut self.session, mail, COMMAND).await?,
                Heard::Done(uid) => return Ok(uid),
                Heard::Refused(words) => {
                    let command = COMMAND.to_owned();
                    return Err(Error::Refused { command, words });
                }
                Heard::Other => {}
            }
        }
    }
}

fn understand(response: &Response<'_>, tag: &str) -> Heard {
    match response {
        Response::Continue(_) => Heard::Go,
        Response::Done {
            tag: done,
            status,
            outcome,
        } if done.0 == tag => match (status, &outcome.code) {
            (Status::Ok, Some(ResponseCode::AppendUid(_, uids))) => {
                Heard::Done(match uids.as_slice() {
                    [UidSetMember::Uid(uid)] => Some(*uid),
                    _ => None,
                })
            }
            (Status::Ok, _) => Heard::Done(None),
            _ => Heard::Refused(words(outcome.information.as_deref())),
        },
        _ => Heard::Other,
    }
}
