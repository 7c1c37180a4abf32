//! What must hold for any input: nothing panics, and what comes out is well-formed if
//! what went in was.
#![allow(dead_code, reason = "each target uses one of them")]

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::LazyLock;

use antragsbote::answer::{self, Answer, Circumstances, Decision, Knowledge};
use antragsbote::config::{Config, Surroundings, load_knowledge};
use antragsbote::discover::{Account, autoconfig};
use antragsbote::kommune::verzeichnis::{self, Changes, File, Verzeichnis};
use antragsbote::kommune::{Files, Register};
use antragsbote::mail::{self, Address};
use antragsbote::merge::{Document, Fault, Page, Rules, Values, annotate, word_package};
use antragsbote::policy::{self, Authentication, Judgement, Recent};
use antragsbote::request::RequestId;
use antragsbote::sheet::{self, Row};
use antragsbote::tls::Security;
use antragsbote::understand;
use quick_xml::Reader;
use quick_xml::events::Event;
use unicode_normalization::is_nfc;
use zip::write::SimpleFileOptions;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const TYPES: &str = concat!(
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#
);
const RELATIONSHIPS: &str = concat!(
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#
);

/// A Word file.
pub(crate) fn package(bytes: &[u8]) {
    let values = values();
    for rules in [
        Rules::Lenient(values.schema()),
        Rules::Strict(values.schema()),
    ] {
        let template = match Document::compile(bytes.to_vec(), &rules) {
            Ok(template) => template,
            Err(faults) => {
                annotated(bytes, &faults);
                continue;
            }
        };
        annotated(bytes, template.notes());
        let Ok(merged) = template.merge(&values) else {
            continue;
        };
        // parts may go (a link to a data source, a signature); none is added
        let before = parts(bytes);
        for (name, after) in parts(&merged) {
            let before = before.iter().find(|(known, _)| *known == name);
            let (_, before) = before.unwrap_or_else(|| panic!("{name} is new"));
            assert!(is_well_formed(&after) || !is_well_formed(before), "{name}");
        }
    }
}

/// A copy with comments holds what its original held, and is as sound.
fn annotated(bytes: &[u8], faults: &[Fault]) {
    let whole = Fault::new("Word-Datei", "x");
    let faults: Vec<Fault> = faults.iter().cloned().chain([whole]).collect();
    let Ok(copy) = annotate(bytes, &faults) else {
        return;
    };
    let before = parts(bytes);
    for (name, after) in parts(&copy) {
        let before = before.iter().find(|(known, _)| *known == name);
        let was_sound = before.is_none_or(|(_, before)| is_well_formed(before));
        assert!(is_well_formed(&after) || !was_sound, "{name}");
    }
    let again = annotate(&copy, &faults);
    assert!(again.is_ok(), "{again:?}");
}

/// The XML of a main part.
pub(crate) fn part(bytes: &[u8]) {
    package(&archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONSHIPS.as_bytes()),
        ("word/document.xml", bytes),
    ]));
}

/// Text with marks: a line a paragraph, `|` before those that are rows of a table, `¦`
/// between runs.
pub(crate) fn marks(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut body = String::new();
    for line in text.lines() {
        let (line, around) = match line.strip_prefix('|') {
            Some(line) => (line, ["<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"]),
            None => (line, ["", ""]),
        };
        let run = |text: &str| {
            // what XML forbids stands in no part
            let text: String = text
                .chars()
                .filter(|c| *c >= ' ' && !('\u{fffe}'..='\u{ffff}').contains(c))
                .collect();
            format!("<w:r><w:t>{}</w:t></w:r>", quick_xml::escape::escape(text))
        };
        let runs: String = line.split('¦').map(run).collect();
        body += &format!("{}<w:p>{runs}</w:p>{}", around[0], around[1]);
    }
    let xml = format!(r#"<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#);
    assert!(is_well_formed(xml.as_bytes()));
    part(xml.as_bytes());
}

/// A template in Markdown, and before `¦` its header and footer: what comes of it is
/// well-formed, the same each time, and goes through the merge.
pub(crate) fn markdown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (frame, motion) = match text.split_once('¦') {
        Some((frame, motion)) => (Some(frame), motion),
        None => (None, &*text),
    };
    let page = Page {
        title: "{{ Kommune }}",
        header: frame,
        footer: frame,
    };
    let Ok(written) = word_package(motion, page) else {
        return;
    };
    assert!(word_package(motion, page).is_ok_and(|again| again == written));
    for (name, part) in parts(&written) {
        assert!(is_well_formed(&part), "{name}");
    }
    package(&written);
}

/// A request: its first line is the sender's name, the second the subject, what stands behind
/// `¦` the signature.
pub(crate) fn understand(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (name, rest) = text.split_once('\n').unwrap_or(("", &text));
    let (subject, rest) = rest.split_once('\n').unwrap_or(("", rest));
    let (new, signature) = rest.split_once('¦').unwrap_or((rest, ""));
    let mut mail = mail::parse(b"");
    mail.from = Some(Address {
        name: Some(name.to_owned()),
        email: "person@example.net".to_owned(),
    });
    mail.subject = Some(subject.to_owned());
    mail.text.new = new.to_owned();
    mail.text.signature = signature.to_owned();
    let register = Register::built_in();
    let found = understand::understand(&mail, register, &[], None);
    let asks = !found.questions.is_empty();
    assert!(!asks || found.wishes.is_empty(), "{found:?}");
    assert!(asks || found.nothing_asked || !found.wishes.is_empty());
    assert!(
        found
            .wishes
            .iter()
            .all(|wish| register.get(&wish.kommune).is_some())
    );
    assert_eq!(understand::understand(&mail, register, &[], None), found);
}

/// What mail servers noted of a mail, a field a line: only the own server is believed, and
/// DMARC that failed outweighs whatever stands beside it.
pub(crate) fn authentication(bytes: &[u8]) {
    const OWN: &str = "mx.example.org";
    let rules = policy::Rules {
        authentication: Authentication::Server(OWN.to_owned()),
        ..Config::on_maildirs(Path::new(".")).policy
    };
    let text = String::from_utf8_lossy(bytes).replace('\r', " ");
    let fields: String = text
        .lines()
        .map(|line| format!("Authentication-Results: {line}\r\n"))
        .collect();
    let passes = |above: &str| {
        let raw = format!("{above}{fields}From: anna@example.net\r\n\r\nAntrag\r\n");
        let mail = mail::parse(raw.as_bytes());
        assert!(mail.authentication.len() <= 50);
        let judged = policy::judge(&mail, &rules, "bot@example.org", &Recent::default());
        judged == Judgement::Proceed
    };
    assert!(text.to_lowercase().contains(OWN) || !passes(""), "{fields}");
    let failed =
        format!("Authentication-Results: {OWN}; dkim=pass header.d=example.net; dmarc=fail\r\n");
    assert!(!passes(&failed), "{fields}");
    let passed = format!("Authentication-Results: {OWN}; dmarc=pass header.from=example.net\r\n");
    assert!(passes(&passed), "{fields}");
}

/// A mail, answered: the reply goes to one address, its header is plain, and it would never be
/// answered itself.
pub(crate) fn reply(bytes: &[u8]) {
    static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
        load_knowledge(&Config::on_maildirs(Path::new(".")), None)
            .unwrap()
            .knowledge
    });
    let answered = match answer_to(bytes, &KNOWLEDGE) {
        Ok(answered) => answered,
        // an address that no mail server takes
        Err(answer::Error::Compose { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let silent = matches!(answered.decision, Decision::Ignore(_));
    assert!(!silent || answered.reply.is_none(), "{answered:?}");
    let Some(reply) = answered.reply else { return };
    let end = reply.bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let header = std::str::from_utf8(&reply.bytes[..end.unwrap()]).unwrap();
    assert!(header.is_ascii(), "{header}");
    for line in header.split("\r\n") {
        assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{line}");
    }
    let count = |name: &str| {
        let lines = header.split("\r\n");
        lines.filter(|line| line.starts_with(name)).count()
    };
    for name in ["From: ", "To: ", "Date: ", "Subject: ", "Message-ID: "] {
        assert_eq!(count(name), 1, "{name} in {header}");
    }
    assert_eq!(count("Cc:") + count("Bcc:"), 0, "{header}");
    assert!(!reply.to.contains([' ', ',', '\r', '\n']), "{}", reply.to);
    let again = answer_to(&reply.bytes, &KNOWLEDGE).unwrap();
    assert!(matches!(again.decision, Decision::Ignore(_)), "{header}");
}

fn answer_to(raw: &[u8], knowledge: &Knowledge) -> Result<Answer, answer::Error> {
    let circumstances = Circumstances::new(
        "2026-11-22T10:15:00Z".parse().unwrap(),
        RequestId::parse("01JD0000000000000000000000").unwrap(),
        &knowledge.bot,
        Recent::default(),
        None,
    );
    answer::answer(&mail::parse(raw), knowledge, &circumstances)
}

/// The text of a configuration: problems lie in the file and say what to do, what is sound
/// stays sound, and no password is repeated.
pub(crate) fn configuration(bytes: &[u8]) {
    const SECRET: &str = "KANARIENVOGEL";
    let text = String::from_utf8_lossy(bytes);
    let around = Surroundings {
        dir: "/nowhere".into(),
        ..Surroundings::default()
    };
    let check = |text: &str| Config::check(text, &around).err();
    match check(&text) {
        None => assert_eq!(check(&format!("{text}\n# Ende\n")), None),
        Some(problems) => {
            assert_eq!(check(&text).as_ref(), Some(&problems));
            assert!(!problems.is_empty());
            for problem in problems {
                let line = text.split('\n').nth(problem.line - 1).unwrap();
                assert!(problem.column <= line.chars().count() + 1, "{problem:?}");
                for words in [&problem.message, &problem.hint] {
                    assert!(!words.is_empty() && !words.contains('\n'), "{problem:?}");
                }
            }
        }
    }
    for line in [
        "password = ",
        "password ",
        "passwort = \"",
        "password = \"\"\"",
    ] {
        let text = format!("{text}\n{line}{SECRET}\n");
        for problem in check(&text).unwrap_or_default() {
            assert!(!format!("{problem:?}").contains(SECRET), "{problem:?}");
        }
    }
}

/// The files of a register, `¦` between them; what is missing or empty is as it ships, but
/// for the municipalities: the first of those. Bodies and councils are added to those there are.
pub(crate) fn register(bytes: &[u8]) {
    static SOME: LazyLock<String> = LazyLock::new(|| {
        let lines = Files::BUILT_IN.kommunen.split_inclusive('\n');
        lines.take(30).collect()
    });
    let text = String::from_utf8_lossy(bytes);
    let given: Vec<&str> = text.split('¦').collect();
    let file = |index: usize| given.get(index).copied().filter(|file| !file.is_empty());
    let header = |file: &'static str| file.lines().next().unwrap();
    let built_in = Files::BUILT_IN;
    let gremien: Vec<&str> = built_in.gremien.iter().copied().chain(file(0)).collect();
    let raete: Vec<&str> = built_in.raete.iter().copied().chain(file(1)).collect();
    let files = Files {
        gremien: &gremien,
        raete: &raete,
        nachtrag: file(2).unwrap_or(header(built_in.nachtrag)),
        merged: file(3).unwrap_or(header(built_in.merged)),
        kommunen: file(4).unwrap_or(&SOME),
    };
    match Register::read(files) {
        Ok(register) => {
            for kommune in register.kommunen() {
                assert_eq!(register.get(&kommune.schluessel), Some(kommune));
                assert!(!register.rat_of(kommune).name.is_empty());
                register.find(&kommune.name);
            }
        }
        Err(error) => {
            let names = ["gremien.csv", "raete.csv", "nachtrag.csv", "merged.csv"];
            let index = names.iter().position(|name| *name == error.file);
            assert!(index.is_some() || error.file == "kommunen.csv", "{error}");
            let text = file(index.unwrap_or(names.len())).unwrap_or_default();
            let lines = text.split(['\n', '\r']).count();
            let line = usize::try_from(error.line).unwrap();
            assert!((1..=lines).contains(&line), "{error} of {lines}");
            assert!(!error.problem.is_empty());
        }
    }
}

/// A Gemeindeverzeichnis: GV100AD, its archive, a workbook or the XML of its sheet. What is
/// taken over is a register that reads the same again.
pub(crate) fn verzeichnis(bytes: &[u8]) {
    const MOST: usize = 500;
    static SOME: LazyLock<String> = LazyLock::new(|| {
        let lines = Files::BUILT_IN.kommunen.split_inclusive('\n');
        lines.take(30).collect()
    });
    let packed = match bytes {
        [b'<', ..] => archive(&[
            ("xl/workbook.xml", b""),
            ("xl/worksheets/sheet1.xml", bytes),
        ]),
        _ => bytes.to_vec(),
    };
    let read = File::of(&packed).and_then(|file| match file {
        File::Text(text) => Verzeichnis::of_text(&text),
        File::Workbook => {
            let sheets = sheet::read_workbook(&packed, MOST).unwrap_or_default();
            let rows = |sheet: Vec<Row>| sheet.into_iter().map(|row| (row.number, row.cells));
            let sheets: Vec<_> = sheets.into_iter().map(|s| rows(s).collect()).collect();
            Verzeichnis::of_sheets(&sheets)
        }
    });
    let files = Files {
        kommunen: &SOME,
        nachtrag: "",
        merged: "",
        ..Files::BUILT_IN
    };
    let present = Register::read(files).unwrap();
    let taken = read.and_then(|read| verzeichnis::update(&present, files, None, &read));
    match taken {
        Ok(update) => {
            let [merged, nachtrag, _, kommunen] = &update.files;
            let now = Register::read(Files {
                kommunen: &kommunen.1,
                nachtrag: &nachtrag.1,
                merged: &merged.1,
                ..files
            });
            let now = now.unwrap();
            assert_eq!(
                now.kommunen().filter(|k| k.art.is_kreis()).count(),
                update.counts[1]
            );
            assert!(Changes::between(&now, &now).is_empty());
        }
        Err(fault) => {
            assert!(
                !fault.problem.is_empty() && !fault.remedy.is_empty(),
                "{fault}"
            );
            assert!(fault.line.is_none_or(|line| line > 0), "{fault}");
        }
    }
}

/// A list that a mail carries: a workbook, or the XML of its sheet and, behind `¦`, of its
/// strings, or text.
pub(crate) fn sheet(bytes: &[u8]) {
    const MOST: usize = 50;
    let text = String::from_utf8_lossy(bytes);
    let (first, strings) = text.split_once('¦').unwrap_or((&text, ""));
    let excel = [
        ("xl/worksheets/sheet1.xml", first.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ];
    let files = match text.as_bytes() {
        [b'P', b'K', ..] => vec![("liste.xlsx", bytes.to_vec())],
        [b'<', ..] => vec![
            ("liste.xlsx", archive(&excel)),
            ("liste.ods", archive(&[("content.xml", first.as_bytes())])),
        ],
        _ => vec![("liste.csv", bytes.to_vec())],
    };
    for (name, bytes) in files {
        let delimited = sheet::read_delimited(&String::from_utf8_lossy(&bytes), MOST);
        let mut sheets = sheet::read_workbook(&bytes, MOST).unwrap_or_default();
        sheets.push(delimited);
        sheets.iter().for_each(|rows| is_bounded(rows, MOST));
        let mut mail = mail::parse(b"");
        mail.text.new = "Bitte die Anträge für alle Kommunen der Liste im Anhang".to_owned();
        mail.files = vec![mail::File {
            name: name.to_owned(),
            media_type: "application/octet-stream".to_owned(),
            bytes,
        }];
        let found = understand::understand(&mail, Register::built_in(), &[], None);
        assert!(found.wishes.len() <= 500);
    }
}

fn is_bounded(rows: &[Row], most: usize) {
    assert!(rows.len() <= most);
    assert!(rows.windows(2).all(|two| two[0].number < two[1].number));
    for row in rows {
        assert!(row.number > 0 && (1..=64).contains(&row.cells.len()));
        assert!(row.cells.iter().all(|cell| cell.chars().count() <= 200));
    }
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Values of every kind.
fn values() -> Values {
    let mut values = Values::new();
    values.text("name", "<&> \n\t{{ x }}\u{7}");
    values.text("x", "");
    values.text("Der Beirat", "der „Beirat“");
    values
}

fn parts(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        parts.push((
            String::from_utf8_lossy(file.name_raw()).into_owned(),
            content,
        ));
    }
    parts
}

/// A mail: what is read of it is composed text without control characters, no longer than the
/// mail allows, and the same each time.
pub(crate) fn mail(bytes: &[u8]) {
    let mail = mail::parse(bytes);
    assert_eq!(mail, mail::parse(bytes));
    let text = &mail.text;
    let name = |address: &Option<mail::Address>| address.clone().and_then(|a| a.name);
    let fields = [mail.subject.clone(), name(&mail.from), name(&mail.reply_to)];
    let texts = [&text.new, &text.signature, &text.quoted];
    for read in texts.into_iter().chain(fields.iter().flatten()) {
        assert!(is_nfc(read), "{read:?}");
        let control = |c: char| c.is_control() && c != '\n' && c != '\t';
        assert!(!read.contains(control), "{read:?}");
    }
    let read: usize = texts.iter().map(|text| text.len()).sum();
    assert!(read <= 64 * bytes.len() + 1024 && read <= 8 * 1024 * 1024);
}

/// A domain's file for mail programs: what is read of it is a server that can be one, and secured.
pub(crate) fn autoconfig(bytes: &[u8]) {
    let account = Account::parse("antrag@example.org").unwrap();
    let Some(settings) = autoconfig::parse(bytes, &account) else {
        return;
    };
    let servers = [&settings.imap, &settings.smtp];
    assert!(servers.iter().any(|server| server.is_some()));
    for server in servers.into_iter().flatten() {
        let of_host = Account::parse(&format!("antrag@{}", server.host));
        assert_eq!(of_host.unwrap().domain, server.host);
        assert!(
            server.port > 0 && server.security != Security::None,
            "{server:?}"
        );
    }
    let username = settings.username.unwrap_or_default();
    assert!(!username.contains(char::is_control), "{username:?}");
}

/// A report of a mail server: what is read of it is bounded, on one line, and the same each time.
pub(crate) fn report(bytes: &[u8]) {
    let from_daemon = [b"From: MAILER-DAEMON@example.net\n", bytes].concat();
    for raw in [bytes, &from_daemon] {
        let Some(report) = mail::parse(raw).report else {
            continue;
        };
        assert_eq!(mail::parse(raw).report.as_ref(), Some(&report));
        assert!(report.gravest().is_some() && report.recipients.len() <= 20);
        for recipient in &report.recipients {
            let address = recipient.address.as_deref().unwrap_or_default();
            for text in [&recipient.words, address] {
                assert!(is_nfc(text) && text.chars().count() <= 500, "{text:?}");
                assert!(!text.contains(char::is_control), "{text:?}");
            }
            let status = recipient.status.as_deref().unwrap_or("5.0.0");
            assert_eq!(status.split('.').count(), 3, "{status}");
        }
    }
}

/// UTF-8 only: the others are handed on or merged alike.
fn is_well_formed(part: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(part) else {
        return false;
    };
    let mut reader = Reader::from_str(text);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if start.attributes().any(|attribute| attribute.is_err()) {
                    return false;
                }
                depth += 1;
            }
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Empty(start)) => {
                if start.attributes().any(|attribute| attribute.is_err()) {
                    return false;
                }
            }
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
