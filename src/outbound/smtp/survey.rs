//! A look at a mail server before the service relies on it: nothing is sent.

use jiff::Timestamp;
use lettre::Address;
use lettre::transport::smtp::commands::{Mail, Rcpt, Rset};

use super::{Connection, REPLY_LIMIT, SmtpConfig, expected, within};
use crate::outbound::{Error, Step};

/// What a mail server offers the service.
#[derive(Debug)]
pub struct Survey {
    /// when its certificate ends; `None` without TLS, or if it names no end
    pub certificate_end: Option<Timestamp>,
    /// the largest mail it takes, in bytes, if it says so
    pub size_limit: Option<u64>,
    /// whether it takes mail from this address; many servers judge the sender only once they
    /// hear of a recipient, which is the same address here
    pub sender: Result<(), Error>,
}

/// Logs in and asks whether mail of `sender` would be taken.
///
/// # Errors
/// Whatever would keep any mail from being sent.
pub async fn survey(config: &SmtpConfig, sender: &str) -> Result<Survey, Error> {
    let address: Address = sender.parse().map_err(Error::Address)?;
    let mut connection = Box::pin(Connection::open(config)).await?;
    let sender = connection.ask(&address).await;
    let survey = Survey {
        certificate_end: connection.certificate_end,
        size_limit: connection.size_limit,
        sender,
    };
    connection.quit().await;
    Ok(survey)
}

impl Connection {
    async fn ask(&mut self, address: &Address) -> Result<(), Error> {
        let mail = Mail::new(Some(address.clone()), Vec::new());
        let asking = self.lettre.command(mail);
        expected(Step::Mail, within(Step::Mail, REPLY_LIMIT, asking).await?)?;
        let asking = self.lettre.command(Rcpt::new(address.clone(), Vec::new()));
        let taken = within(Step::Rcpt, REPLY_LIMIT, asking).await;
        let taken = taken.and_then(|reply| expected(Step::Rcpt, reply));
        // The connection ends here; without this word a server may note a mail that broke off.
        let _ = within(Step::Rcpt, REPLY_LIMIT, self.lettre.command(Rset)).await;
        taken.map(drop)
    }
}
