//! Configuration: the raw file → checked settings; secrets.
//!
//! In: `antragsbote.toml`. Out: [`Config`], which cannot be wrong, or all problems at
//! once, each with its line. Never here: what the settings are used for.

use std::path::PathBuf;
use std::time::Duration;

use crate::mail::Address;
use crate::{log, mailbox, outbound, policy, template};

/// Checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// the bot's own address and name
    pub bot: Address,
    /// where mail is fetched
    pub mailbox: mailbox::Config,
    /// how replies leave
    pub outbound: outbound::Config,
    /// where requests are recorded
    pub log: log::Config,
    /// the folder of templates; the built-in ones if `None`
    pub templates: Option<PathBuf>,
    /// the motion of a mail that names none
    pub default_template: template::TemplateId,
    /// whom to answer
    pub policy: policy::Rules,
    /// a register of one's own
    pub registry: Option<PathBuf>,
    /// who hears when something needs a person
    pub admin: Option<String>,
    /// where figures are served
    pub metrics: Option<String>,
    /// how long a reply is retried
    pub max_retry_age: Duration,
    /// where `deliver` hands mail in
    pub socket: PathBuf,
}
