//! Real servers for tests: Dovecot and Postfix on loopback, the daemon, LibreOffice.
//!
//! Everything is started by the test, in its own temp folder and on ports chosen at
//! run time, and ended by its process id. Nothing is skipped: what is missing fails
//! the test and says that `tests/run` installs it.

mod certificates;
mod chaos;
mod daemon;
mod dkim;
mod dns;
mod dovecot;
mod graph;
mod hosts;
mod house;
mod imap;
mod office;
mod postfix;
mod process;
mod python;
mod script;
mod smtp;
#[allow(
    dead_code,
    unused_imports,
    reason = "the crate's own tests take it, too, each a part"
)]
mod tokens;

use std::fs;
use std::path::Path;

pub(crate) use certificates::{Certificates, Validity};
pub(crate) use chaos::{Chaos, Toward, Trouble};
pub(crate) use daemon::{Daemon, Finished, command, command_of, program};
pub(crate) use dkim::{Signature, Signer};
pub(crate) use dns::{NameServer, own_address};
pub(crate) use graph::{Graph, Refusal};
pub(crate) use hosts::Host;
pub(crate) use house::{House, MICROSOFT, Settings};
pub(crate) use office::{converted, saved_again, text_of_documents};
pub(crate) use process::{eventually, free_port};
pub(crate) use python::{kept, python_with, run};
pub(crate) use script::Script;
#[allow(
    unused_imports,
    reason = "the crate's own tests take it, too, each a part"
)]
pub(crate) use tokens::{ACCOUNT, Asked, CLIENT, SECRET, Says, TokenServer};

/// The mail domain of both servers; mail for other domains is refused.
pub(crate) const DOMAIN: &str = "example.org";
/// Who has a mailbox there.
pub(crate) const PEOPLE: [&str; 4] = ["antrag", "anna", "bernd", "verwaltung"];
/// The password of every mailbox.
pub(crate) const PASSWORD: &str = "geheim";

/// The names of what lies in a folder, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
