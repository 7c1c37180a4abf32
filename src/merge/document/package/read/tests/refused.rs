//! Bad input: refused, with one sentence that names the cause.

use super::*;

#[track_caller]
fn check(bytes: Vec<u8>, expected: &str) {
    for rules in [strict(), Rules::Lenient(Schema::default())] {
        let faults = Document::compile(bytes.clone(), &rules).unwrap_err();
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, [expected]);
    }
}

#[track_caller]
fn check_items(items: &[Item], expected: &str) {
    check(archive(&with(items), b"", b""), expected);
}

const DAMAGED: &str = "öffnen und speichern Sie sie in Word neu";
const ADVICE: &str = "speichern Sie sie in Word als „Word-Dokument (.docx)“";

#[test]
fn other_formats_are_named() {
    let ole = |name: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let cases = [
        (
            ole("WordDocument"),
            "das ist eine Datei im alten Format .doc",
        ),
        (
            ole("Workbook"),
            "das ist eine Datei eines alten Office-Programms, kein Word-Dokument",
        ),
        (br"{\rtf1\ansi}".to_vec(), "das ist eine RTF-Datei"),
        (
            b"%PDF-1.7".to_vec(),
            "das ist eine PDF-Datei, keine Vorlage",
        ),
        (
            b"\n<!DOCTYPE html><html>".to_vec(),
            "das ist eine HTML-Datei",
        ),
        (b"<HTML>".to_vec(), "das ist eine HTML-Datei"),
        (b"Sehr geehrte".to_vec(), "das ist keine Word-Datei"),
    ];
    for (bytes, what) in cases {
        check(bytes, &format!("Word-Datei: {what}; {ADVICE}"));
    }
    check(
        Vec::new(),
        "Word-Datei: die Datei ist leer; speichern Sie den Antrag in Word noch einmal, oder kopieren Sie ihn neu in den Ordner",
    );
    check(
        ole("EncryptedPackage"),
        "Word-Datei: die Datei ist mit einem Kennwort verschlüsselt; entfernen Sie es in Word",
    );
    check(
        archive(
            &[item("mimetype", b"application/vnd.oasis.opendocument.text")],
            b"",
            b"",
        ),
        &format!(
            "Word-Datei: das ist eine OpenDocument-Datei; {}",
            ADVICE.replace(" in Word", "")
        ),
    );
    check(
        archive(&[item("a.txt", b"a")], b"", b""),
        "Word-Datei: das ist keine Word-Datei: es fehlt [Content_Types].xml",
    );
    let excel = TYPES.replace("wordprocessingml.document.main", "spreadsheetml.sheet.main");
    check_items(
        &[item("[Content_Types].xml", excel.as_bytes())],
        "Word-Datei: das ist eine Excel-Datei, keine Word-Datei",
    );
}

#[test]
fn what_is_cut_off_is_told() {
    let whole = archive(&with(&[]), b"", b"");
    for length in [4, 100, whole.len() / 2, whole.len() - 30] {
        check(
            whole[..length].to_vec(),
            "Word-Datei: die Datei ist unvollständig: ihr Ende fehlt; übertragen oder speichern \
             Sie sie noch einmal",
        );
    }
}

#[test]
fn bombs_do_not_go_off() {
    let zeros = vec![0; 33 << 20];
    check_items(
        &[item("word/media/a.bin", &zeros)],
        "Word-Datei: die Datei entpackt sich zu verdächtig viel Inhalt",
    );
    let liar = |claimed| Item {
        claimed: Some(claimed),
        ..item("word/media/a.bin", &zeros)
    };
    let lies = format!(
        "Word-Datei: die Datei ist beschädigt (word/media/a.bin: Größe oder Prüfsumme stimmt \
         nicht); {DAMAGED}"
    );
    for claimed in [0, 10, 31 << 20] {
        check_items(&[liar(claimed)], &lies);
    }
    let too_much = "Word-Datei: die Datei entpackt sich zu mehr als 256 MiB";
    check_items(&[liar(300 << 20)], too_much);
    let half = |name| Item {
        claimed: Some(200 << 20),
        ..item(name, b"x")
    };
    check_items(&[half("a.bin"), half("b.bin")], too_much);
    let many: Vec<Item> = (0..3000).map(|n| item(&format!("{n}.bin"), b"")).collect();
    check_items(
        &many,
        "Word-Datei: die Datei besteht aus 3003 Teilen; erlaubt sind 2000",
    );
    let tags = format!("<a>{}</a>", "<a/>".repeat(4_000_000));
    check_items(
        &[item("word/document.xml", tags.as_bytes())],
        "Text: das sind zu viele Elemente; erlaubt sind 4000000 Tags",
    );
}

#[test]
fn names_are_unique_and_stay_inside() {
    for (first, second) in [
        ("word/a.xml", "word/A.xml"),
        ("word/a.xml", "word\\a.xml"),
        ("word/a.xml", "Word\\A.XML"),
    ] {
        let shown = second.replace('\\', "/");
        check_items(
            &[item(first, b""), item(second, b"")],
            &format!("Word-Datei: die Datei enthält zwei Teile gleichen Namens („{shown}“)"),
        );
    }
    check_items(
        &[item("a", b"x"), item("a", b"y")],
        "Word-Datei: die Datei enthält zwei Teile gleichen Namens",
    );
    for name in [
        "../a",
        "word/../../a",
        "/etc/passwd",
        r"\\server\a",
        r"C:\a",
        r"word\..\a",
    ] {
        let shown = name.replace('\\', "/");
        check_items(
            &[item(name, b"")],
            &format!("Word-Datei: ein Teil der Datei will außerhalb von ihr liegen („{shown}“)"),
        );
    }
}

#[test]
fn entries_do_not_share_their_bytes() {
    let mut bytes = archive(&with(&[]), b"", b"");
    let last = bytes
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    // the place of the last local header (APPNOTE.TXT 4.3.12)
    bytes[last + 42..last + 46].fill(0);
    check(bytes, "Word-Datei: die Teile der Datei überlappen sich");
}

#[test]
fn what_word_cannot_unpack_is_told() {
    check_items(
        &[Item {
            flags: 1,
            ..item("word/a.bin", b"0123456789abcdef")
        }],
        "Word-Datei: die Datei ist mit einem Kennwort verschlüsselt",
    );
    check_items(
        &[Item {
            method: 12,
            ..item("word/a.bin", b"x")
        }],
        "Word-Datei: die Datei ist auf eine Art gepackt, die Word nicht kennt (Bzip2)",
    );
}

#[test]
fn no_part_declares_entities() {
    for dtd in [
        "<!DOCTYPE a [<!ENTITY x \"y\">]>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://example.org/x\"> %p;]>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a PUBLIC \"-//x\" \"http://example.org/x\">",
        "<?pi <?><!-- < --><!DOCTYPE a>",
    ] {
        let narrow = format!("<?xml version=\"1.0\"?>{dtd}<a/>");
        let wide = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{dtd}<a/>");
        let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for name in [
            "word/document.xml",
            "word/styles.xml",
            "customXml/item1.xml",
            "word/_rels/document.xml.rels",
            "[Content_Types].xml",
        ] {
            let expected = format!("Word-Datei: {name}: das XML enthält eine DTD");
            check_items(&[item(name, narrow.as_bytes())], &expected);
            check_items(&[item(name, &wide)], &expected);
        }
    }
    // wherever the main part lies
    let rels = RELS.replace("word/document.xml", "word/main");
    let types = TYPES.replace("/word/document.xml", "/word/main");
    check_items(
        &[
            item("_rels/.rels", rels.as_bytes()),
            item("[Content_Types].xml", types.as_bytes()),
            item("word/main", b"<!DOCTYPE a><a/>"),
        ],
        "word/main: das XML enthält eine DTD",
    );
}

#[test]
fn parts_are_utf_8_or_utf_16_as_they_say() {
    let wide = |order: fn(u32) -> [u8; 4]| -> Vec<u8> {
        let text = std::iter::once('\u{feff}').chain("<a/>".chars());
        text.flat_map(|c| order(u32::from(c))).collect()
    };
    for content in [
        wide(u32::to_le_bytes),
        wide(u32::to_be_bytes),
        b"<a>\xe4</a>".to_vec(),
        b"<?xml version='1.0' encoding='UTF-16'?><a/>".to_vec(),
        "<?xml version='1.0' encoding='windows-1252'?><a>ä</a>".into(),
    ] {
        for (name, place) in [
            ("word/document.xml", "Text"),
            ("[Content_Types].xml", "[Content_Types].xml"),
            ("_rels/.rels", "_rels/.rels"),
        ] {
            check_items(
                &[item(name, &content)],
                &format!(
                    "{place}: der Text ist weder UTF-8 noch UTF-16, oder anders geschrieben, als er \
                     sagt; öffnen und speichern Sie die Datei in Word neu"
                ),
            );
        }
    }
}

#[test]
fn a_document_has_a_main_part() {
    let without = |name: &str| {
        let mut items = with(&[]);
        items.retain(|item| item.name != name.as_bytes());
        archive(&items, b"", b"")
    };
    for part in ["word/document.xml", "_rels/.rels"] {
        check(
            without(part),
            "Word-Datei: der Datei fehlt der Hauptteil (word/document.xml); öffnen und speichern \
             Sie sie in Word neu",
        );
    }
    check(
        without("[Content_Types].xml"),
        "Word-Datei: das ist keine Word-Datei: es fehlt [Content_Types].xml",
    );
}

#[test]
fn macros_are_refused_however_they_are_named() {
    let refused = "Word-Datei: die Datei enthält Makros; speichern Sie sie als „Word-Dokument \
                   (.docx)“ ohne Makros";
    let main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    for kind in [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "application/vnd.MS-WORD.document.MACROENABLED.main+xml",
    ] {
        let types = TYPES.replace(main, kind);
        check_items(&[item("[Content_Types].xml", types.as_bytes())], refused);
    }
    let types = TYPES.replace(
        "</Types>",
        r#"<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>"#,
    );
    check_items(&[item("[Content_Types].xml", types.as_bytes())], refused);
    check_items(&[item("word/VbaProject.bin", b"x")], refused);
    let rels = br#"<Relationships><Relationship Id="1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="harmlos.txt"/></Relationships>"#;
    check_items(
        &[
            item("word/_rels/document.xml.rels", rels),
            item("word/harmlos.txt", b"x"),
        ],
        refused,
    );
}

#[test]
fn a_list_of_contents_that_lies_is_damage() {
    let whole = archive(&with(&[]), b"", b"");
    let end = whole.len() - 22;
    let cut = whole[..whole.len() - 3].to_vec();
    let mut more = whole.clone();
    more[end + 8..end + 12].fill(0xfe);
    let mut elsewhere = whole.clone();
    elsewhere[end + 16..end + 20].fill(0x7f);
    for bytes in [cut, more, elsewhere] {
        let faults = Document::compile(bytes, &strict()).unwrap_err();
        let [fault] = faults.as_slice() else {
            panic!("{faults:?}");
        };
        assert!(
            fault.problem.starts_with("die Datei ist beschädigt ("),
            "{fault}"
        );
        assert!(fault.problem.ends_with(DAMAGED), "{fault}");
    }
}
