//! `antragsbote`, the messenger of motions: reads a mail that asks for a model
//! motion and answers it with the finished motion as a Word document.
//!
//! # The map
//!
//! ```text
//! mail in ─► mailbox ─► log ─► answer ───────────────────────────► log ─► outbound ─► mail out
//!            (shell)  (shell)  (core: read, understand, merge,   (shell)  (shell)
//!                               write the reply; no I/O)
//! ```
//!
//! A request travels this way once and never back.
//!
//! | room | what happens there |
//! | --- | --- |
//! | **core** | values in, values out |
//! | [`mail`] | raw bytes to [`mail::Mail`]; a reply to raw bytes |
//! | [`sheet`] | CSV files and workbooks → rows of cells |
//! | [`syntax`] | TOML written by hand → a table; what is no TOML, in German |
//! | [`kommune`] | the register of municipalities, bodies and councils; look-up with candidates; a new Gemeindeverzeichnis |
//! | [`german`] | nouns, articles, cases; dates and numbers |
//! | [`understand`] | a mail and the register → what is asked for, with evidence |
//! | [`template`] | `template.toml`, the catalogue of motions, their checking, the Musterantrag convention, the texts of replies |
//! | [`merge`] | a template and values → a document |
//! | [`policy`] | whom to answer, how often, how large, what would loop |
//! | [`request`] | the life of a request: `step(state, event) -> state`, when to try again |
//! | [`answer`](mod@answer) | all of it in one call |
//! | **shell** | effects, one kind a room |
//! | [`config`] | the raw file → checked settings; secrets |
//! | [`log`] | the durable record and queue |
//! | [`mailbox`] | IMAP, Maildir, memory: bring mail, set aside what is handled |
//! | [`outbound`] | SMTP, sendmail, Maildir, memory: hand over finished bytes |
//! | [`office`] | LibreOffice: PDF and pictures of documents for whoever makes templates |
//! | [`service`] | intake, workers, sender, reload, stop; the only room that spawns |
//! | [`cli`] | one file a command, how errors look, exit codes |
//! | [`dkim`](mod@dkim) | DKIM signatures, checked with the keys in the DNS |
//! | [`dns`], [`http`], [`discover`] | questions to the DNS; files by HTTPS; the mail servers of an address |
//! | [`secret`], [`oauth`], [`tls`] | where secrets and tokens come from; how connections are secured |
//! | [`sasl`] | what is said to log in with a token |
//! | [`notify`] | what the service manager is told |
//! | [`clock`], [`telemetry`] | the only readers of time and chance; event lines |
//! | [`halt`] | the points between two steps at which tests cut the daemon off; empty in a release |
//!
//! # Invariants
//!
//! * Imports point down only: `cli > {config, service} > {mailbox, outbound, log} > core`;
//!   in the core `answer > {understand, policy} > {mail, template} > {kommune, merge, sheet, syntax} > german`.
//!   Mailbox, outbound and log do not know one another.
//! * The core has no clock, network, file, environment, task or log line: time, ids and
//!   boundaries come in as [`answer::Circumstances`]. Same input, same bytes.
//! * Understanding never sees a template's bytes; merging never sees the mail.
//! * A mail counts as handled only when request and finished reply are on disk in one
//!   transaction; a reply counts as sent only after the server's 250.
//!
//! `tests/it/tidy.rs` reads the sources and agrees.
//!
//! # Where to start reading
//!
//! [`answer::answer`] for what the program decides, [`service`] for how a request travels,
//! [`merge`], [`mail`] and [`understand`] for the hard parts. Words that decide are data: the
//! tables `understand/lexicon.txt` and `mail/origin/phrases.txt`, the files of `config/register/`.

pub mod answer;
pub mod cli;
pub mod clock;
pub mod config;
pub mod discover;
pub mod dkim;
pub mod dns;
pub mod german;
pub mod halt;
pub mod http;
pub mod kommune;
pub mod log;
pub mod mail;
pub mod mailbox;
pub mod merge;
pub mod notify;
pub mod oauth;
pub mod office;
pub mod outbound;
pub mod policy;
pub mod request;
pub mod sasl;
pub mod secret;
pub mod service;
pub mod sheet;
pub mod syntax;
pub mod telemetry;
pub mod template;
pub mod tls;
pub mod understand;
