//! A look at a mailbox before the service relies on it.
//!
//! Rights are asked for where the server tells them (MYRIGHTS, RFC 4314). Else selecting a
//! folder shows whether it is read-only, and a tiny mail, flagged as deleted from its first
//! moment, shows whether more can be put into it; it is removed by its UID. A folder that is
//! missing is tried under a name of its own, which nobody else can have put mail into.

use async_imap::imap_proto::Response;
use async_imap::imap_proto::rfc4314::AclRight;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::folders::{self, Selected, words_of_refusal};
use super::wire::{COMMAND_LIMIT, Wire};
use super::{Abilities, Attributes, abilities};
use crate::mailbox::{Access, Archive, Error, ImapConfig, Survey};

/// Rights (RFC 4314 2.1) that taking mail out of a folder needs: \Deleted and expunging.
const TAKE_OUT: &str = "te";
/// Setting \Seen.
const MARK: &str = "s";
/// Putting mail into a folder.
const PUT_IN: &str = "i";

pub(in crate::mailbox) async fn survey(config: &ImapConfig, token: &str) -> Result<Survey, Error> {
    let wire = Box::pin(Wire::open(config)).await?;
    let mut surveyor = Surveyor {
        can: Abilities::default(),
        delimiter: None,
        clock: None,
        token,
        wire,
    };
    let survey = surveyor.survey(config).await;
    surveyor.wire.close().await;
    survey
}

struct Surveyor<'a> {
    wire: Wire,
    can: Abilities,
    delimiter: Option<String>,
    clock: Option<(Timestamp, Instant)>,
    token: &'a str,
}

impl Surveyor<'_> {
    async fn survey(&mut self, config: &ImapConfig) -> Result<Survey, Error> {
        self.can = abilities(&mut self.wire).await?;
        self.delimiter = folders::delimiter(&mut self.wire).await?;
        let delimiter = self.delimiter.as_deref();
        let (folder, condstore) = (&config.folder, self.can.claim);
        let selected = folders::select(&mut self.wire, folder, delimiter, condstore).await?;
        let archive = match &config.archive {
            Some(name) => Some(self.archive(name, config, &selected.argument).await?),
            None => None,
        };
        let needed = match archive {
            Some(_) => TAKE_OUT,
            None => MARK,
        };
        Ok(Survey {
            certificate_end: self.wire.certificate_end,
            folder: self.watched(&selected, needed).await?,
            idle: self.can.idle,
            moves: self.can.move_,
            uidplus: self.can.uidplus,
            claims: self.can.claim && selected.claimable,
            archive,
            clock: self.clock,
        })
    }

    async fn watched(&mut self, folder: &Selected, needed: &str) -> Result<Access, Error> {
        if let Some(access) = self.rights(&folder.argument, needed).await? {
            return Ok(access);
        }
        Ok(match folder.read_only {
            true => Access::Denied(READ_ONLY.to_owned()),
            false => Access::Granted,
        })
    }

    async fn archive(
        &mut self,
        name: &str,
        config: &ImapConfig,
        folder: &str,
    ) -> Result<Archive, Error> {
        let delimiter = self.delimiter.as_deref();
        let Some(archive) = folders::find(&mut self.wire, name, delimiter).await? else {
            return self.make_and_remove(name).await;
        };
        if archive == folder {
            return Err(Error::Folder {
                folder: name.to_owned(),
                words: super::SAME_FOLDER.to_owned(),
            });
        }
        let needed = match config.archive_retention {
            Some(_) => format!("{PUT_IN}{TAKE_OUT}"),
            None => PUT_IN.to_owned(),
        };
        let mut left = None;
        let access = match self.rights(&archive, &needed).await? {
            Some(access) => access,
            None => self.put_in_and_remove(&archive, &mut left).await?,
        };
        Ok(Archive {
            exists: true,
            access,
            left,
        })
    }

    /// Whether the server grants us these rights in a folder; `None` if it does not tell.
    async fn rights(&mut self, folder: &str, needed: &str) -> Result<Option<Access>, Error> {
        if !self.can.rights {
            return Ok(None);
        }
        let mut missing = None;
        let command = format!("MYRIGHTS {folder}");
        let asked = self.wire.run(&command, COMMAND_LIMIT, |response| {
            if let Response::MyRights(mine) = response {
                missing = Some(lacking(&mine.rights, needed));
            }
        });
        if let Err(error) = asked.await {
            words_of_refusal(error)?;
        }
        Ok(missing.map(|missing| match missing.as_str() {
            "" => Access::Granted,
            missing => Access::Denied(format!("MYRIGHTS: -{missing}")),
        }))
    }

    /// Tries whether mail can be put into a folder.
    async fn put_in_and_remove(
        &mut self,
        folder: &str,
        left: &mut Option<String>,
    ) -> Result<Access, Error> {
        let selected = folders::select_exactly(&mut self.wire, folder, false).await?;
        if selected.read_only {
            return Ok(Access::Denied(READ_ONLY.to_owned()));
        }
        if !self.can.uidplus {
            return Ok(Access::Untold);
        }
        let mail = format!(
            "From: antragsbote@localhost\r\nSubject: Probe (antragsbote check)\r\n\
             Message-ID: <{}@localhost>\r\n\r\n",
            self.token
        );
        let appended = self.wire.append(folder, "\\Seen \\Deleted", &mail).await;
        let uid = match appended {
            Ok(uid) => uid,
            Err(error) => return words_of_refusal(error).map(Access::Denied),
        };
        let told = Instant::now();
        *left = Some(folder.to_owned());
        // Selected anew, the folder shows it.
        folders::select_exactly(&mut self.wire, folder, false).await?;
        if let Some(uid) = uid {
            self.clock = self.arrival(uid).await?.map(|time| (time, told));
            let removed = self
                .wire
                .run(&format!("UID EXPUNGE {uid}"), COMMAND_LIMIT, |_| {})
                .await;
            match removed {
                Ok(()) => *left = None,
                Err(error) => drop(words_of_refusal(error)?),
            }
        }
        Ok(Access::Granted)
    }

    /// When a mail came, by the server's clock.
    async fn arrival(&mut self, uid: u32) -> Result<Option<Timestamp>, Error> {
        let mut arrived = None;
        let command = format!("UID FETCH {uid} (UID INTERNALDATE)");
        self.wire
            .run(&command, COMMAND_LIMIT, |response| {
                let found = Attributes::read(response);
                if found.uid == Some(uid) {
                    arrived = found.arrived;
                }
            })
            .await?;
        // In the middle of that second.
        Ok(arrived.map(|end| end - SignedDuration::from_millis(500)))
    }

    /// Tries whether a folder can be made beside this one.
    async fn make_and_remove(&mut self, name: &str) -> Result<Archive, Error> {
        let probe = format!("{name}-{}", self.token);
        let delimiter = self.delimiter.as_deref();
        let mut archive = Archive {
            exists: false,
            access: Access::Granted,
            left: None,
        };
        match folders::create(&mut self.wire, &probe, delimiter).await {
            Ok(made) => {
                let command = format!("DELETE {made}");
                if let Err(error) = self.wire.run(&command, COMMAND_LIMIT, |_| {}).await {
                    words_of_refusal(error)?;
                    archive.left = Some(probe);
                }
            }
            Err(Error::Folder { words, .. }) => archive.access = Access::Denied(words),
            Err(error) => return Err(error),
        }
        Ok(archive)
    }
}

const READ_ONLY: &str = "READ-ONLY";

/// Which of the needed rights are not among those. Servers from before RFC 4314 know one
/// right, d, for all that deletes (2.1.1).
fn lacking(mine: &[AclRight], needed: &str) -> String {
    let has = |right: char| mine.contains(&AclRight::from(right));
    let is_old = has('d') && !"texk".chars().any(has);
    let is_held = |right: char| has(right) || is_old && TAKE_OUT.contains(right);
    needed.chars().filter(|right| !is_held(*right)).collect()
}
