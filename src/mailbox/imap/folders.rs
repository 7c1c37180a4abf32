//! Folders: how the server divides them, selecting one, making one.

use async_imap::imap_proto::{
    MailboxDatum, NameAttribute, Response, ResponseCode, StatusAttribute,
};

use super::names::{argument, candidates};
use super::wire::{COMMAND_LIMIT, Wire};
use crate::mailbox::Error;

/// What divides levels of folders on this server (RFC 3501 6.3.8).
pub(super) async fn delimiter(wire: &mut Wire) -> Result<Option<String>, Error> {
    let mut delimiter = None;
    wire.run("LIST \"\" \"\"", COMMAND_LIMIT, |response| {
        if let Response::MailboxData(MailboxDatum::List(list)) = response {
            delimiter = list.delimiter.as_deref().map(str::to_owned);
        }
    })
    .await?;
    Ok(delimiter)
}

/// A folder that has been selected.
pub(super) struct Selected {
    /// its name as an argument
    pub(super) argument: String,
    /// its UIDVALIDITY
    pub(super) validity: u32,
    /// whether its mails can be claimed: any keyword may be set for good (RFC 3501 7.1,
    /// PERMANENTFLAGS), and every mail has a mod-sequence (RFC 7162 3.1.2)
    pub(super) claimable: bool,
    /// whether nothing in it can be changed (RFC 3501 7.1, READ-ONLY)
    pub(super) read_only: bool,
}

/// Finds the folder and selects it, with mod-sequences where the server has them.
pub(super) async fn select(
    wire: &mut Wire,
    folder: &str,
    delimiter: Option<&str>,
    condstore: bool,
) -> Result<Selected, Error> {
    let mut refusal = None;
    for candidate in candidates(folder, delimiter) {
        match select_exactly(wire, &argument(&candidate), condstore).await {
            Err(Error::Refused { words, .. }) => {
                refusal.get_or_insert(words);
            }
            selected => return selected,
        }
    }
    Err(Error::Folder {
        folder: folder.to_owned(),
        words: refusal.unwrap_or_default(),
    })
}

/// Selects the folder of this name.
pub(super) async fn select_exactly(
    wire: &mut Wire,
    argument: &str,
    condstore: bool,
) -> Result<Selected, Error> {
    let (mut validity, mut keywords, mut modseq) = (None, false, false);
    let mut read_only = false;
    // Without the word, a server may number changes only once somebody asks (RFC 7162 3.1.8).
    let word = if condstore { " (CONDSTORE)" } else { "" };
    let command = format!("SELECT {argument}{word}");
    wire.run(&command, COMMAND_LIMIT, |response| {
        let (Response::Data { outcome, .. } | Response::Done { outcome, .. }) = response else {
            return;
        };
        match &outcome.code {
            Some(ResponseCode::ReadOnly) => read_only = true,
            Some(ResponseCode::UidValidity(number)) => validity = Some(*number),
            Some(ResponseCode::HighestModSeq(_)) => modseq = true,
            Some(ResponseCode::PermanentFlags(flags)) => {
                keywords = flags.iter().any(|flag| flag == "\\*");
            }
            _ => {}
        }
    })
    .await?;
    if validity.is_none() {
        validity = status_validity(wire, argument).await?;
    }
    Ok(Selected {
        argument: argument.to_owned(),
        validity: validity.ok_or_else(|| Error::Folder {
            folder: argument.to_owned(),
            words: "the server gives it no UIDVALIDITY, so its mails cannot be told apart"
                .to_owned(),
        })?,
        claimable: keywords && modseq,
        read_only,
    })
}

/// Asks for the UIDVALIDITY that SELECT failed to give (RFC 3501 6.3.1 requires it).
async fn status_validity(wire: &mut Wire, argument: &str) -> Result<Option<u32>, Error> {
    let mut validity = None;
    let command = format!("STATUS {argument} (UIDVALIDITY)");
    wire.run(&command, COMMAND_LIMIT, |response| {
        if let Response::MailboxData(MailboxDatum::Status { status, .. }) = response {
            for attribute in status {
                if let StatusAttribute::UidValidity(number) = attribute {
                    validity = Some(*number);
                }
            }
        }
    })
    .await?;
    Ok(validity)
}

/// Finds a folder or makes it; returns its name as an argument.
pub(super) async fn find_or_create(
    wire: &mut Wire,
    folder: &str,
    delimiter: Option<&str>,
) -> Result<String, Error> {
    if let Some(found) = find(wire, folder, delimiter).await? {
        return Ok(found);
    }
    let argument = create(wire, folder, delimiter).await?;
    // Mail programs show subscribed folders only; a server without it works too.
    let command = format!("SUBSCRIBE {argument}");
    if let Err(error) = wire.run(&command, COMMAND_LIMIT, |_| {}).await {
        words_of_refusal(error)?;
    }
    Ok(argument)
}

/// Finds a folder; returns its name as an argument.
pub(super) async fn find(
    wire: &mut Wire,
    folder: &str,
    delimiter: Option<&str>,
) -> Result<Option<String>, Error> {
    for name in candidates(folder, delimiter) {
        let argument = argument(&name);
        let mut exists = false;
        let command = format!("LIST \"\" {argument}");
        wire.run(&command, COMMAND_LIMIT, |response| {
            if let Response::MailboxData(MailboxDatum::List(list)) = response {
                exists |= !list.name_attributes.contains(&NameAttribute::NoSelect);
            }
        })
        .await?;
        if exists {
            return Ok(Some(argument));
        }
    }
    Ok(None)
}

/// Makes a folder; returns its name as an argument.
pub(super) async fn create(
    wire: &mut Wire,
    folder: &str,
    delimiter: Option<&str>,
) -> Result<String, Error> {
    let mut refusal = None;
    for name in candidates(folder, delimiter) {
        let argument = argument(&name);
        let command = format!("CREATE {argument}");
        match wire.run(&command, COMMAND_LIMIT, |_| {}).await {
            Ok(()) => return Ok(argument),
            Err(error) => {
                let words = words_of_refusal(error)?;
                refusal.get_or_insert(words);
            }
        }
    }
    Err(Error::Folder {
        folder: folder.to_owned(),
        words: refusal.unwrap_or_default(),
    })
}

/// What the server said when it refused; any other error ends the attempt.
pub(super) fn words_of_refusal(error: Error) -> Result<String, Error> {
    match error {
        Error::Refused { words, .. } => Ok(words),
        error => Err(error),
    }
}
