//! What a reader sees of a document: LibreOffice prints it, poppler reads the print.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::process::Process;

/// Prints Word documents to PDF and gives the text of each, page by page, as it is laid out.
/// `folder` is an empty folder for the files and LibreOffice's profile.
pub(crate) fn text_of_documents(folder: &Path, documents: &[Vec<u8>]) -> Vec<String> {
    fs::create_dir_all(folder).unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    let mut office = Command::new("soffice");
    office
        .arg(profile)
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder);
    office
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for (number, document) in documents.iter().enumerate() {
        let file = folder.join(format!("{number}.docx"));
        fs::write(&file, document).unwrap();
        office.arg(file);
    }
    // The first start makes a profile: seconds on an idle machine, more on a busy one.
    let status = Process::start("soffice", &mut office).wait(Duration::from_secs(180));
    assert!(status.success(), "LibreOffice: {status}");
    let text = |number: usize| {
        let mut pdftotext = Command::new("pdftotext");
        pdftotext
            .arg("-layout")
            .arg(folder.join(format!("{number}.pdf")))
            .arg("-");
        let output = pdftotext.output();
        let output = output.expect("pdftotext is missing: tests/run installs it");
        assert!(
            output.status.success(),
            "LibreOffice printed no document {number}"
        );
        String::from_utf8(output.stdout).unwrap()
    };
    (0..documents.len()).map(text).collect()
}
