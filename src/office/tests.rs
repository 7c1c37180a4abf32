use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::{Error, Office, beside};

/// Nothing here takes longer, on a busy machine either.
const PATIENCE: Duration = Duration::from_secs(60);

/// An office whose programs are these scripts. They are written by another process: while
/// this one forks elsewhere, a file it has open for writing cannot be run.
fn office(folder: &TempDir, soffice: &str, pdftoppm: Option<&str>) -> Office {
    let script = |name: &str, text: &str| {
        let path = folder.path().join(name);
        let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 700 \"$2\"";
        let status = std::process::Command::new("sh")
            .args(["-c", write, "sh", text])
            .arg(&path)
            .status();
        assert!(status.unwrap().success());
        path
    };
    Office {
        soffice: script("soffice", soffice),
        pdftoppm: pdftoppm.map(|text| script("pdftoppm", text)),
    }
}

fn document(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("antrag.docx");
    fs::write(&path, "Antrag").unwrap();
    path
}

/// The file's content, once it is there.
async fn until_written(path: &Path) -> String {
    let look = async {
        loop {
            match fs::read_to_string(path) {
                Ok(text) => break text,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

/// Waits until the process has ended.
async fn until_gone(id: &str) {
    let stat = Path::new("/proc").join(id.trim()).join("stat");
    let look = async {
        // one that nobody has waited for is a zombie
        while fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap();
}

/// `--outdir` is the argument before the document's copy.
const MAKES_A_PDF: &str = "while [ $# -gt 2 ]; do shift; done; cat \"$2\" > \"$1/0.pdf\"";

#[tokio::test]
async fn pdf_and_pages_lie_beside_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let pages = "while [ $# -gt 1 ]; do shift; done; \
                 for page in 01 02 10; do echo $page > $1-$page.png; done";
    let office = office(&folder, MAKES_A_PDF, Some(pages));
    let document = document(&folder);
    let path = |name: &str| folder.path().join(name);
    for left in ["antrag-4.png", "antrag-5.png"] {
        fs::write(path(left), "of a longer one").unwrap();
    }
    assert_eq!(office.print(&[document]).await.unwrap(), 3);
    assert_eq!(fs::read_to_string(path("antrag.pdf")).unwrap(), "Antrag");
    let pictures =
        [1, 2, 3, 4, 5].map(|n| fs::read_to_string(path(&format!("antrag-{n}.png"))).ok());
    let expected = [Some("01\n"), Some("02\n"), Some("10\n"), None, None];
    assert_eq!(pictures, expected.map(|text| text.map(str::to_owned)));
}

#[tokio::test]
async fn without_poppler_there_is_the_pdf() {
    let folder = tempfile::tempdir().unwrap();
    let office = office(&folder, MAKES_A_PDF, None);
    assert!(!office.has_pictures());
    assert_eq!(office.print(&[document(&folder)]).await.unwrap(), 0);
    assert!(folder.path().join("antrag.pdf").is_file());
}

#[tokio::test]
async fn failures_are_told_in_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let document = document(&folder);
    for (script, expected) in [
        (
            "echo Error: no display >&2; exit 77",
            "hat aufgegeben (exit status: 77): Error: no display",
        ),
        (
            "printf 'x\\033[31m\\n' >&2; exit 0",
            "kein PDF gemacht: x [31m",
        ),
    ] {
        let office = office(&folder, script, None);
        let error = office
            .print(std::slice::from_ref(&document))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let missing = Office {
        soffice: "/no/such/soffice".into(),
        pdftoppm: None,
    };
    let error = missing.print(&[document]).await.unwrap_err();
    assert!(matches!(error, Error::Start { .. }), "{error}");
}

#[tokio::test]
async fn endless_words_are_not_heard_out() {
    let folder = tempfile::tempdir().unwrap();
    let office = office(&folder, "yes nonsense >&2; exit 3", None);
    let printed = tokio::time::timeout(PATIENCE, office.print(&[document(&folder)])).await;
    let error = printed.unwrap().unwrap_err();
    assert!(error.to_string().len() < 3_000, "{error}");
}

#[tokio::test]
async fn what_it_leaves_running_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("pid");
    let script = format!("sleep 300 & echo $! > {}; {MAKES_A_PDF}", note.display());
    let office = office(&folder, &script, None);
    let printed = tokio::time::timeout(PATIENCE, office.print(&[document(&folder)])).await;
    printed.unwrap().unwrap();
    until_gone(&until_written(&note).await).await;
}

/// As at the end of its time, or when this program is asked to end.
#[tokio::test]
async fn nothing_is_left_of_one_that_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note");
    // it forks, as soffice forks soffice.bin
    let script = format!(
        "sleep 300 & echo \"$! $TMPDIR\" > {0}.new; mv {0}.new {0}; wait",
        note.display()
    );
    let office = office(&folder, &script, None);
    let documents = [document(&folder)];
    let said = tokio::select! {
        printed = office.print(&documents) => panic!("{printed:?}"),
        said = until_written(&note) => said,
    };
    let (id, scratch) = said.trim().split_once(' ').unwrap();
    until_gone(id).await;
    assert!(!Path::new(scratch).exists());
}

#[test]
fn endings_take_the_place_of_docx_only() {
    for (document, expected) in [
        ("a/b.docx", "a/b.pdf"),
        ("a.b.DOCX", "a.b.pdf"),
        ("a.pdf", "a.pdf.pdf"),
        ("a", "a.pdf"),
    ] {
        assert_eq!(beside(Path::new(document), ".pdf"), Path::new(expected));
    }
}
