//! What motions look like: `template preview` with LibreOffice, and an exported motion after
//! another program has saved it.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::case::CONFIG;
use crate::case::archive::word_file;
use crate::seed::{COMBINATIONS, Combination};
use crate::support::{names, run, saved_again, text_of_documents};

const ID: &str = "nationaler-integrationsplan";

/// The program in a folder, with what it finds there.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
    command.args(arguments).current_dir(folder);
    command
        .env_remove("RUST_LOG")
        .env_remove("ANTRAGSBOTE_CONFIG");
    command
}

/// A Word file that shows a picture of a web server.
fn with_linked_picture(address: &str) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let drawing = "http://schemas.openxmlformats.org/drawingml/2006";
    let link = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"{office}/image\" Target=\"{address}\" TargetMode=\"External\"/>\
         </Relationships>"
    );
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:r=\"{office}\" xmlns:a=\"{drawing}/main\" xmlns:p=\"{drawing}/picture\" \
                 xmlns:wp=\"{drawing}/wordprocessingDrawing\"><w:body><w:p><w:r><w:t>Bild</w:t></w:r></w:p>\
                 <w:p><w:r><w:drawing><wp:inline><wp:extent cx=\"990600\" cy=\"990600\"/>\
                 <wp:docPr id=\"1\" name=\"Bild\"/><a:graphic><a:graphicData uri=\"{drawing}/picture\"><p:pic>\
                 <p:nvPicPr><p:cNvPr id=\"1\" name=\"Bild\"/><p:cNvPicPr/></p:nvPicPr>\
                 <p:blipFill><a:blip r:link=\"r1\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>\
                 <p:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"990600\" cy=\"990600\"/></a:xfrm>\
                 <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic></a:graphicData>\
                 </a:graphic></wp:inline></w:drawing></w:r></w:p></w:body></w:document>"
    );
    word_file(&document, &[("word/_rels/document.xml.rels", &link)])
}

/// Two at a time, one of which would reach out to the network.
#[test]
fn previews_have_a_pdf_and_pictures() {
    let house = tempfile::tempdir().unwrap();
    let folder = house.path();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = format!("http://{}/bild.png", server.local_addr().unwrap());
    fs::create_dir_all(folder.join("vorlagen/bild")).unwrap();
    fs::create_dir(folder.join("tmp")).unwrap();
    let templates = "[templates]\npath = \"vorlagen\"\ndefault = \"bild\"\n";
    fs::write(folder.join("bild.toml"), format!("{CONFIG}\n{templates}")).unwrap();
    fs::write(
        folder.join("vorlagen/bild/template.toml"),
        "title = \"Bild\"\n",
    )
    .unwrap();
    let picture = with_linked_picture(&address);
    fs::write(folder.join("vorlagen/bild/motion.docx"), picture).unwrap();

    let start = |arguments: &[&str]| -> Child {
        let mut command = program(folder, arguments);
        command
            .env("TMPDIR", folder.join("tmp"))
            .stdin(Stdio::null());
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let previews = [
        start(&["template", "preview", ID, "-o", "antrag.docx"]),
        start(&[
            "--config",
            "bild.toml",
            "template",
            "preview",
            "bild",
            "-o",
            "bild.docx",
        ]),
    ];
    let outputs = previews.map(|preview| {
        let output = preview.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    });
    assert_eq!(
        outputs,
        [
            "antrag.docx, dazu PDF und Bilder der Seiten (2)\n",
            "bild.docx, dazu PDF und Bilder der Seiten (1)\n",
        ]
    );
    assert_eq!(
        names(folder),
        [
            "antrag-1.png",
            "antrag-2.png",
            "antrag.docx",
            "antrag.pdf",
            "bild-1.png",
            "bild.docx",
            "bild.pdf",
            "bild.toml",
            "tmp",
            "vorlagen",
        ]
    );
    assert_eq!(names(&folder.join("tmp")), [""; 0]);
    assert_eq!(
        server.accept().unwrap_err().kind(),
        std::io::ErrorKind::WouldBlock
    );
    let text = run(Command::new("pdftotext")
        .arg(folder.join("antrag.pdf"))
        .arg("-"));
    assert!(text.contains("Der Ausländerbeirat bittet die Ratsversammlung zu beschließen:"));
    // ISO/IEC 15948 5.2 and 11.2.2: A4 at 96 dots an inch
    let png = fs::read(folder.join("antrag-2.png")).unwrap();
    let (width, height) = (794_u32.to_be_bytes(), 1123_u32.to_be_bytes());
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!((&png[16..20], &png[20..24]), (&width[..], &height[..]));
}

/// The paragraphs that say something.
fn paragraphs(package: &Path) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(fs::File::open(package).unwrap()).unwrap();
    let xml = std::io::read_to_string(zip.by_name("word/document.xml").unwrap()).unwrap();
    let text = |paragraph: &str| -> String {
        let runs = paragraph.split("<w:t").skip(1);
        let texts = runs.filter_map(|run| run.split_once('>')?.1.split_once("</w:t>"));
        texts.map(|(text, _)| text).collect()
    };
    let all = xml.split("</w:p>").map(text);
    all.filter(|text| !text.trim().is_empty()).collect()
}

/// LibreOffice stands in for Word.
#[test]
fn an_exported_motion_survives_another_program() {
    let house = tempfile::tempdir().unwrap();
    let folder = house.path();
    let path = |name: &str| folder.join(name);
    run(&mut program(
        folder,
        &["template", "export", ID, "-o", &format!("heraus/{ID}")],
    ));
    let exported = fs::read(path(&format!("heraus/{ID}/motion.docx"))).unwrap();
    let saved = saved_again(&path("office"), &[exported]);
    fs::create_dir_all(path(&format!("wieder/{ID}"))).unwrap();
    fs::write(path(&format!("wieder/{ID}/motion.docx")), &saved[0]).unwrap();
    let manifest = format!("{ID}/template.toml");
    fs::copy(
        path("heraus").join(&manifest),
        path("wieder").join(&manifest),
    )
    .unwrap();
    for name in ["heraus", "wieder"] {
        let config = format!("{CONFIG}\n[templates]\npath = \"{name}\"\n");
        fs::write(path(&format!("{name}.toml")), config).unwrap();
        let config = format!("{name}.toml");
        let check = run(&mut program(
            folder,
            &["--config", &config, "template", "check", ID],
        ));
        assert!(check.contains(&format!("✓ {ID}")), "{check}");
    }
    let render = |combination: &Combination, config: Option<&str>| -> PathBuf {
        let key = if combination.rat == "Kreistag" {
            "09573"
        } else {
            "09563000"
        };
        let file = format!("{}-{}", config.unwrap_or("eingebaut"), combination.file);
        let mut command = program(folder, &[]);
        if let Some(config) = config {
            command.args(["--config", config]);
        }
        command.args(["render", "--template", ID, "--kommune", key]);
        run(command.args(["--beirat", combination.beirat, "-o", &file]));
        path(&file)
    };
    for combination in &COMBINATIONS {
        let original = paragraphs(&render(combination, None));
        let Combination { beirat, rat, .. } = combination;
        let request = format!("Der {beirat} bittet den {rat} zu beschließen:");
        assert!(original.contains(&request), "{original:?}");
        for config in ["heraus.toml", "wieder.toml"] {
            let merged = paragraphs(&render(combination, Some(config)));
            assert_eq!(merged, original, "{config}");
        }
    }
    let looks = [None, Some("heraus.toml"), Some("wieder.toml")]
        .map(|config| fs::read(render(&COMBINATIONS[2], config)).unwrap());
    let prints = text_of_documents(&path("print"), &looks);
    assert_eq!(prints[1], prints[0]);
    assert_eq!(prints[2], prints[0]);
}
