use std::io::Cursor;

use crate::merge::document::Document;
use crate::merge::document::tests::{RELS, TYPES, document, p, package, part, strict, values};
use crate::merge::{Rules, Schema};

const SIGNATURES: &str = concat!(
    r#"<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/>"#,
    r#"<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"/></Types>"#
);
const ORIGIN: &str = concat!(
    r#"<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" "#,
    r#"Target="_xmlsignatures/origin.sigs"/></Relationships>"#
);

fn signed(body: &str) -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", TYPES.replace("</Types>", SIGNATURES).as_bytes()),
        ("_rels/.rels", RELS.replace("</Relationships>", ORIGIN).as_bytes()),
        ("_xmlsignatures/origin.sigs", b""),
        (
            "_xmlsignatures/_rels/origin.sigs.rels",
            br#"<Relationships><Relationship Id="1" Type="x/digital-signature/signature" Target="sig1.xml"/></Relationships>"#,
        ),
        ("_xmlsignatures/sig1.xml", b"<Signature/>"),
        ("word/document.xml", document(body).as_bytes()),
    ])
}

fn is_signed(package: &[u8]) -> bool {
    let archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let counted = names
        .iter()
        .filter(|name| name.starts_with("_xmlsignatures/"))
        .count();
    let types = part(package, "[Content_Types].xml");
    let rels = part(package, "_rels/.rels");
    match counted {
        0 => {
            assert_eq!(types, TYPES);
            assert_eq!(rels, RELS);
            false
        }
        _ => {
            assert_eq!(counted, 3);
            assert!(types.contains(SIGNATURES) && rels.contains(ORIGIN));
            true
        }
    }
}

#[test]
fn a_signature_lasts_as_long_as_it_is_true() {
    let lenient = Rules::Lenient(Schema::default());
    let cases = [
        (p(&["a"]), &lenient, true),
        (p(&["a"]), &strict(), true),
        (p(&["{{ datum }}"]), &lenient, false),
        (p(&["{{ datum }}"]), &strict(), false),
        (
            p(&["a"]).replace("<w:p>", r#"<w:p w:rsidR="1">"#),
            &lenient,
            true,
        ),
        (
            p(&["a"]).replace("<w:p>", r#"<w:p w:rsidR="1">"#),
            &strict(),
            false,
        ),
    ];
    for (body, rules, stays) in cases {
        let template = Document::compile(signed(&body), rules).unwrap();
        let merged = template.merge(&values()).unwrap();
        assert_eq!(is_signed(&merged), stays, "{body}");
        let noted = template
            .notes()
            .iter()
            .any(|note| note.problem.contains("signiert"));
        assert_eq!(noted, !stays, "{body}");
    }
}
