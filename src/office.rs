//! LibreOffice, run for pictures of documents.
//!
//! In: Word files. Out: beside each of them its PDF, and a picture of each page where
//! poppler is installed. It works on copies in a temporary folder, with a profile of its
//! own that reaches no network, and ends in time with all that it started.
#![allow(
    clippy::disallowed_methods,
    reason = "LibreOffice is a program that works on files"
)]

mod scratch;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

use scratch::Scratch;

/// How long all may take: LibreOffice has to make its profile first, perhaps on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);
/// And how much longer for each document.
const LIMIT_OF_ONE: Duration = Duration::from_secs(10);
/// How much of what a program says is kept, in bytes.
const WORDS: u64 = 2_000;
/// Pictures of so many pages; motions have a few.
const MAX_PAGES: &str = "100";
/// Dots an inch: what is eleven points high can be read on a screen.
const RESOLUTION: &str = "96";

/// The programs that make pictures of documents.
#[derive(Debug)]
pub struct Office {
    soffice: PathBuf,
    /// of poppler: LibreOffice by itself draws no more than the first page
    pdftoppm: Option<PathBuf>,
}

/// Why there are no pictures.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Error {
    #[error("{} lässt sich nicht starten", program.display())]
    Start {
        program: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} hat aufgegeben ({status}){}", program.display(), said(words))]
    Exit {
        program: PathBuf,
        status: ExitStatus,
        words: String,
    },
    #[error("{} hat aus {document} kein PDF gemacht{}", program.display(), said(words))]
    Nothing {
        program: PathBuf,
        document: String,
        words: String,
    },
    #[error("LibreOffice war nach {} Sekunden nicht fertig und wurde beendet", limit.as_secs())]
    Slow { limit: Duration },
    #[error("abgebrochen; LibreOffice wurde beendet")]
    Interrupted,
    #[error("{} ist nicht zu gebrauchen", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Office {
    /// Looks for LibreOffice in the folders of `$PATH`, where its makers' own packages call
    /// it by its version: `libreoffice24.8`.
    pub fn find() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        // a relative folder is whatever lies where one happens to be
        let folders: Vec<PathBuf> = std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .collect();
        let find = |name: &str| folders.iter().map(|f| f.join(name)).find(|p| p.is_file());
        let soffice = find("soffice").or_else(|| find("libreoffice"));
        let soffice = soffice.or_else(|| folders.iter().find_map(|folder| by_version(folder)));
        Some(Self {
            soffice: soffice?,
            pdftoppm: find("pdftoppm"),
        })
    }

    /// Whether it makes pictures beside the PDF.
    pub fn has_pictures(&self) -> bool {
        self.pdftoppm.is_some()
    }

    /// Makes a PDF of each document and pictures of its pages, beside it: `antrag.docx`
    /// gets `antrag.pdf`, `antrag-1.png` … Gives the number of pictures.
    ///
    /// # Errors
    /// If LibreOffice fails or takes too long, or a signal asks this program to end; then
    /// nothing that it started is left.
    pub async fn print(&self, documents: &[PathBuf]) -> Result<usize, Error> {
        let number = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        let limit = LIMIT.saturating_add(LIMIT_OF_ONE.saturating_mul(number));
        let scratch = Scratch::new().map_err(|(path, source)| Error::File { path, source })?;
        tokio::select! {
            // signals are listened for before anything is started
            biased;
            () = end_asked() => Err(Error::Interrupted),
            () = sleep(limit) => Err(Error::Slow { limit }),
            done = self.print_in(scratch.path(), documents) => done,
        }
    }

    async fn print_in(&self, scratch: &Path, documents: &[PathBuf]) -> Result<usize, Error> {
        let copies = documents.iter().enumerate().map(|(number, document)| {
            let copy = scratch.join(format!("{number}.docx"));
            copy_file(document, &copy)?;
            Ok(copy)
        });
        let copies: Vec<PathBuf> = copies.collect::<Result<_, Error>>()?;
        let words = run(&self.soffice, self.conversion(scratch)?.args(&copies)).await?;
        let mut pictures = 0;
        for (document, copy) in documents.iter().zip(&copies) {
            let pdf = copy.with_extension("pdf");
            if !pdf.is_file() {
                return Err(Error::Nothing {
                    program: self.soffice.clone(),
                    document: document.display().to_string(),
                    words,
                });
            }
            pictures += self.draw(&pdf, document).await?;
            copy_file(&pdf, &beside(document, ".pdf"))?;
        }
        Ok(pictures)
    }

    /// LibreOffice, ready to make PDFs of files.
    fn conversion(&self, scratch: &Path) -> Result<Command, Error> {
        let profile =
            scratch::profile(scratch).map_err(|(path, source)| Error::File { path, source })?;
        let mut command = Command::new(&self.soffice);
        command
            .arg(format!("-env:UserInstallation={profile}"))
            .args(["--headless", "--norestore", "--nolockcheck"])
            .args(["--convert-to", "pdf:writer_pdf_Export", "--outdir"])
            .arg(scratch)
            // no windows; what it keeps beside its profile goes with the folder, too
            .env("SAL_USE_VCLPLUGIN", "svp")
            .env("TMPDIR", scratch)
            .env("XDG_CACHE_HOME", scratch)
            .env("XDG_CONFIG_HOME", scratch)
            .env("XDG_RUNTIME_DIR", scratch);
        Ok(command)
    }

    /// Draws the pages of a PDF; the pictures get their names from the document.
    async fn draw(&self, pdf: &Path, document: &Path) -> Result<usize, Error> {
        let Some(pdftoppm) = &self.pdftoppm else {
            return Ok(0);
        };
        let pages = pdf.with_extension("pages");
        fs::create_dir(&pages).map_err(unusable(&pages))?;
        let mut command = Command::new(pdftoppm);
        command
            .args(["-png", "-r", RESOLUTION, "-l", MAX_PAGES])
            .arg(pdf)
            .arg(pages.join("p"));
        run(pdftoppm, &mut command).await?;
        let drawn = fs::read_dir(&pages).map_err(unusable(&pages))?;
        let drawn = drawn.map(|entry| Ok(entry.map_err(unusable(&pages))?.path()));
        // their numbers have leading zeros
        let mut drawn: Vec<PathBuf> = drawn.collect::<Result<_, Error>>()?;
        drawn.sort();
        let name = |page: usize| beside(document, &format!("-{page}.png"));
        for (page, picture) in (1..).zip(&drawn) {
            copy_file(picture, &name(page))?;
        }
        // those of a longer document that had this name before
        let left = (drawn.len() + 1..).map(name);
        for left in left.take_while(|left| left.is_file()) {
            fs::remove_file(&left).map_err(unusable(&left))?;
        }
        Ok(drawn.len())
    }
}

/// A program and all that it has started; they end with this value.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            // there may be nobody left
            let _ = killpg(id, Signal::SIGKILL);
        }
    }
}

/// Runs a program to its end and gives what it said; it is killed if this is dropped before.
async fn run(program: &Path, command: &mut Command) -> Result<String, Error> {
    let unusable = |source| Error::Start {
        program: program.to_owned(),
        source,
    };
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(unusable)?;
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    let group = Group(id.map(Pid::from_raw));
    let stderr = child.stderr.take();
    // who says more than that is told so by a closed pipe
    let listening = async move {
        let mut said = Vec::new();
        if let Some(stderr) = stderr {
            let _ = stderr.take(WORDS).read_to_end(&mut said).await;
        }
        said
    };
    // what it leaves running would hold its standard error open
    let ending = async {
        let status = child.wait().await;
        drop(group);
        status
    };
    let (status, words) = tokio::join!(ending, listening);
    let (status, words) = (status.map_err(unusable)?, tidied(&words));
    if status.success() {
        return Ok(words);
    }
    Err(Error::Exit {
        program: program.to_owned(),
        status,
        words,
    })
}

/// Waits for a signal by which people and systems end a program.
async fn end_asked() {
    let mut asked = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .map(|kind| signal(kind).ok());
    let asked = asked.iter_mut().map(|signal| {
        Box::pin(async {
            match signal {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        })
    });
    futures_util::future::select_all(asked).await;
}

/// A LibreOffice that is called by its version, the latest of several.
fn by_version(folder: &Path) -> Option<PathBuf> {
    let is_version = |name: &str| name.chars().all(|c| c.is_ascii_digit() || c == '.');
    let programs = fs::read_dir(folder).ok()?.flatten().filter(|entry| {
        let name = entry.file_name();
        let version = name
            .to_str()
            .and_then(|name| name.strip_prefix("libreoffice"));
        version.is_some_and(is_version) && entry.path().is_file()
    });
    programs.map(|entry| entry.path()).max()
}

/// The file beside a document that is called as it is but for its ending.
fn beside(document: &Path, ending: &str) -> PathBuf {
    let is_docx = document
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("docx"));
    let stem = if is_docx {
        document.file_stem()
    } else {
        document.file_name()
    };
    let mut name = OsString::from(stem.unwrap_or_default());
    name.push(ending);
    document.with_file_name(name)
}

fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to).map(drop).map_err(unusable(to))
}

fn unusable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::File { path, source }
}

/// What a program said, on one line, without what plays with the terminal.
fn tidied(words: &[u8]) -> String {
    let words = String::from_utf8_lossy(words);
    let words = words.replace(char::is_control, " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn said(words: &str) -> String {
    match words {
        "" => String::new(),
        words => format!(": {words}"),
    }
}

#[cfg(test)]
mod tests;
