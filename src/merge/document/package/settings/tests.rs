use std::io::Cursor;

use crate::merge::document::Document;
use crate::merge::document::tests::{TYPES, document, p, package, part, strict, values};
use crate::merge::{Rules, Schema};

const RELATIONSHIPS: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];

fn rels(relationships: &[(&str, &str)]) -> String {
    let all: String = relationships
        .iter()
        .map(|(kind, target)| format!(r#"<Relationship Id="rId1" Type="{kind}" {target}/>"#))
        .collect();
    format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{all}</Relationships>"#
    )
}

fn settings(more: &str) -> String {
    format!(
        r#"<x:settings xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><x:zoom/>{more}<x:compat/></x:settings>"#
    )
}

fn types(more: &str) -> String {
    let office = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    TYPES.replace(
        "</Types>",
        &format!(
            r#"<Override PartName="/word/settings.xml" ContentType="{office}.settings+xml"/>{more}</Types>"#
        ),
    )
}

fn names(package: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    names.collect()
}

const MAIL_MERGE: &str = concat!(
    r#"<x:mailMerge><x:mainDocumentType x:val="formLetters"/><x:dataSource r:id="rId1"/>"#,
    r#"<x:odso><x:recipientData r:id="rId2"/></x:odso></x:mailMerge>"#
);

#[test]
fn a_document_forgets_its_data_source() {
    let data = r#"<Override PartName="/word/recipientData.xml" ContentType="application/vnd.ms-word.mailMergeRecipientData+xml"/>"#;
    for kind in RELATIONSHIPS {
        let kind = |name: &str| format!("{kind}/{name}");
        let (source, recipients) = (kind("mailMergeSource"), kind("recipientData"));
        let header = kind("mailMergeHeaderSource");
        let links = [
            (
                &*source,
                r#"Target="file:///C:\a.xlsx" TargetMode="External""#,
            ),
            (
                &*header,
                r#"Target="file:///C:\b.xlsx" TargetMode="External""#,
            ),
            (&*recipients, r#"Target="recipientData.xml""#),
        ];
        let settings_with =
            settings(MAIL_MERGE).replace("<x:settings", r#"<x:settings xmlns:r="r""#);
        let package = package(&[
            ("[Content_Types].xml", types(data).as_bytes()),
            ("word/document.xml", document(&p(&["a"])).as_bytes()),
            ("word/settings.xml", settings_with.as_bytes()),
            ("word/_rels/settings.xml.rels", rels(&links).as_bytes()),
            ("word/recipientData.xml", b"<recipients/>"),
        ]);
        for rules in [strict(), Rules::Lenient(Schema::default())] {
            let template = Document::compile(package.clone(), &rules).unwrap();
            let merged = template.merge(&values()).unwrap();
            assert_eq!(
                names(&merged),
                [
                    "_rels/.rels",
                    "[Content_Types].xml",
                    "word/document.xml",
                    "word/settings.xml"
                ]
            );
            assert_eq!(part(&merged, "[Content_Types].xml"), types(""));
            assert_eq!(
                part(&merged, "word/settings.xml"),
                settings("").replace("<x:settings", r#"<x:settings xmlns:r="r""#)
            );
        }
    }
}

#[test]
fn other_relationships_of_the_settings_stay_and_so_do_shared_parts() {
    let [office, _] = RELATIONSHIPS;
    let (source, other) = (format!("{office}/recipientData"), format!("{office}/other"));
    let both = [
        (&*source, r#"Target="/word/shared.xml""#),
        (&*other, r#"Target="shared.xml""#),
    ];
    let package = package(&[
        ("[Content_Types].xml", types("").as_bytes()),
        ("word/document.xml", document(&p(&["a"])).as_bytes()),
        ("word/settings.xml", settings("<x:mailMerge/>").as_bytes()),
        ("word/_rels/settings.xml.rels", rels(&both).as_bytes()),
        ("word/shared.xml", b"<a/>"),
    ]);
    let template = Document::compile(package, &strict()).unwrap();
    let merged = template.merge(&values()).unwrap();
    assert_eq!(
        part(&merged, "word/_rels/settings.xml.rels"),
        rels(&both[1..])
    );
    assert_eq!(part(&merged, "word/shared.xml"), "<a/>");
}

#[test]
fn the_attached_template_goes_from_the_catalogue_alone() {
    let [office, _] = RELATIONSHIPS;
    let kind = format!("{office}/attachedTemplate");
    let link = rels(&[(
        &kind,
        r#"Target="http://example.org/a.dotm" TargetMode="External""#,
    )]);
    let attached = settings(r#"<x:attachedTemplate r:id="rId1"/>"#);
    let package = package(&[
        ("[Content_Types].xml", types("").as_bytes()),
        ("word/document.xml", document(&p(&["a"])).as_bytes()),
        ("word/settings.xml", attached.as_bytes()),
        ("word/_rels/settings.xml.rels", link.as_bytes()),
    ]);
    let merge = |rules: &Rules| {
        let template = Document::compile(package.clone(), rules).unwrap();
        template.merge(&values()).unwrap()
    };
    let strict = merge(&strict());
    assert_eq!(part(&strict, "word/settings.xml"), settings(""));
    assert!(!names(&strict).contains(&"word/_rels/settings.xml.rels".to_owned()));
    let lenient = merge(&Rules::Lenient(Schema::default()));
    assert_eq!(part(&lenient, "word/settings.xml"), attached);
    assert_eq!(part(&lenient, "word/_rels/settings.xml.rels"), link);
}
