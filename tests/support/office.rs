//! LibreOffice: what a reader sees of a document, and documents as another program writes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::process::Process;

/// Prints Word documents to PDF and gives the text of each, page by page, as it is laid out.
/// `folder` is an empty folder for the files and LibreOffice's profile.
pub(crate) fn text_of_documents(folder: &Path, documents: &[Vec<u8>]) -> Vec<String> {
    convert(folder, "docx", "pdf", documents)
        .iter()
        .map(|pdf| text(pdf))
        .collect()
}

/// Saves Word documents as LibreOffice does, by way of OpenDocument.
/// `folder` is an empty folder for the files and LibreOffice's profile.
pub(crate) fn saved_again(folder: &Path, documents: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let read = |files: Vec<PathBuf>| files.iter().map(|file| fs::read(file).unwrap()).collect();
    let open: Vec<Vec<u8>> = read(convert(&folder.join("odt"), "docx", "odt", documents));
    read(convert(&folder.join("docx"), "odt", "docx", &open))
}

/// Converts documents of one kind, named by its ending, into another.
/// `folder` is an empty folder for the files and LibreOffice's profile.
pub(crate) fn converted(
    folder: &Path,
    from: &str,
    to: &str,
    documents: &[Vec<u8>],
) -> Vec<Vec<u8>> {
    let files = convert(folder, from, to, documents);
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Converts documents of whatever kind; gives the new files.
fn convert(folder: &Path, from: &str, to: &str, documents: &[Vec<u8>]) -> Vec<PathBuf> {
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    let profile = folder.join("profile");
    let profile = format!("-env:UserInstallation=file://{}", profile.display());
    let mut office = Command::new("soffice");
    office
        .arg(profile)
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(&out);
    office
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for (number, document) in documents.iter().enumerate() {
        let file = folder.join(format!("{number}.{from}"));
        fs::write(&file, document).unwrap();
        office.arg(file);
    }
    // The first start makes a profile: seconds on an idle machine, more on a busy one.
    let limit =
        Duration::from_secs(180) + Duration::from_secs(5) * u32::try_from(documents.len()).unwrap();
    let status = Process::start("soffice", &mut office).wait(limit);
    assert!(status.success(), "LibreOffice: {status}");
    let files = (0..documents.len()).map(|number| out.join(format!("{number}.{to}")));
    files
        .inspect(|file| assert!(file.exists(), "LibreOffice made no {}", file.display()))
        .collect()
}

fn text(pdf: &Path) -> String {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(pdf)
        .arg("-")
        .output();
    let output = output.expect("pdftotext is missing: tests/run installs it");
    assert!(output.status.success(), "{} cannot be read", pdf.display());
    String::from_utf8(output.stdout).unwrap()
}
