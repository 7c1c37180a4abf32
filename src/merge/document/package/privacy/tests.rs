use super::*;
use crate::merge::document::Document;
use crate::merge::document::tests::{document, package, part, strict, values};
use crate::merge::{Rules, Schema, Values};

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Content types of the parts that tell of an author.
fn types() -> String {
    let office = "application/vnd.openxmlformats-officedocument";
    let overrides: String = [
        ("/word/document.xml", "wordprocessingml.document.main"),
        ("/word/settings.xml", "wordprocessingml.settings"),
        ("/word/styles.xml", "wordprocessingml.styles"),
        ("/word/comments.xml", "wordprocessingml.comments"),
        ("/word/people.xml", "wordprocessingml.people"),
        ("/docProps/app.xml", "extended-properties"),
        ("/docProps/custom.xml", "custom-properties"),
    ]
    .iter()
    .map(|(name, kind)| {
        format!(r#"<Override PartName="{name}" ContentType="{office}.{kind}+xml"/>"#)
    })
    .collect();
    format!(
        concat!(
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
            r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
            r#"{}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#
        ),
        overrides
    )
}

/// The part as it comes out of a template of the catalogue; a foreign one changes nothing.
fn merged(name: &str, content: &str, words: &[&str]) -> String {
    let mut keep = Keep::default();
    assert!(words.iter().all(|word| keep.insert(word)));
    let main = document("<w:p/>");
    let types = types();
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        (name, content.as_bytes()),
    ];
    if name != "word/document.xml" {
        parts.push(("word/document.xml", main.as_bytes()));
    }
    let package = package(&parts);
    let foreign = Document::compile(package.clone(), &Rules::Lenient(Schema::default()));
    let foreign = foreign.unwrap().merge(&Values::new()).unwrap();
    if !content.contains("{{") {
        assert_eq!(part(&foreign, name), content);
    }
    let template = Document::compile_keeping(package, &strict(), &keep, "").unwrap();
    part(&template.merge(&values()).unwrap(), name)
}

const CORE: &str = concat!(
    r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="d" xmlns:dcterms="t">"#,
    "<dc:title>T</dc:title><dc:subject>S</dc:subject><dc:creator>Eva</dc:creator><cp:keywords>K</cp:keywords>",
    "<dc:description>D</dc:description><cp:lastModifiedBy>Uwe</cp:lastModifiedBy><cp:revision>7</cp:revision>",
    "<cp:lastPrinted>2001</cp:lastPrinted><dcterms:created>2001</dcterms:created>",
    "<dcterms:modified>2002</dcterms:modified><cp:category>C</cp:category><dc:language>de</dc:language>",
    "</cp:coreProperties>"
);

#[test]
fn authors_and_times_go_from_the_core_properties() {
    let kept = |more: &[&str]| {
        let mut core = CORE.to_owned();
        for gone in [
            "<dc:creator>Eva</dc:creator>",
            "<cp:lastModifiedBy>Uwe</cp:lastModifiedBy>",
            "<cp:revision>7</cp:revision>",
            "<cp:lastPrinted>2001</cp:lastPrinted>",
            "<dcterms:created>2001</dcterms:created>",
            "<dcterms:modified>2002</dcterms:modified>",
        ] {
            if !more.iter().any(|name| gone.contains(name)) {
                core = core.replace(gone, "");
            }
        }
        core
    };
    let name = "docProps/core.xml";
    assert_eq!(merged(name, CORE, &[]), kept(&[]));
    assert_eq!(
        merged(name, CORE, &["author"]),
        kept(&["creator", "lastModifiedBy"])
    );
    assert_eq!(
        merged(name, CORE, &["times"]),
        kept(&["revision", "lastPrinted", "created", "modified"])
    );
    // an author that is a mark is not the template's
    let marked = CORE.replace("Eva", "{{ datum }}");
    assert_eq!(
        merged(name, &marked, &[]),
        kept(&["creator"]).replace("Eva", "heute")
    );
}

#[test]
fn the_time_of_the_request_is_that_of_the_document() {
    let mut values = values();
    values.time("2026-11-22T10:15:30.5+01:00".parse().unwrap());
    let time = |name: &str| {
        format!(
            concat!(
                r#"<dcterms:{0} xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#,
                r#" xsi:type="dcterms:W3CDTF">2026-11-22T09:15:30Z</dcterms:{0}>"#
            ),
            name
        )
    };
    let both = time("created") + &time("modified");
    let main = document("<w:p/>");
    for (core, expected) in [
        (
            r#"<c:coreProperties xmlns:c="c"/>"#,
            format!(r#"<c:coreProperties xmlns:c="c">{both}</c:coreProperties>"#),
        ),
        (
            r#"<coreProperties xmlns="c"><created>1</created></coreProperties>"#,
            format!(r#"<coreProperties xmlns="c">{both}</coreProperties>"#),
        ),
    ] {
        let package = package(&[
            ("word/document.xml", main.as_bytes()),
            ("docProps/core.xml", core.as_bytes()),
        ]);
        let template = Document::compile(package, &strict()).unwrap();
        let merged = template.merge(&values).unwrap();
        assert_eq!(part(&merged, "docProps/core.xml"), expected);
        assert_eq!(merged, template.merge(&values).unwrap());
        assert!(template.fields().is_empty());
    }
}

#[test]
fn a_markdown_template_tells_the_time_of_the_request_too() {
    let mut values = values();
    values.time("2026-11-22T10:15:30Z".parse().unwrap());
    let package = crate::merge::word_package("Hallo", "Titel").unwrap();
    let template = Document::compile(package, &strict()).unwrap();
    let core = part(&template.merge(&values).unwrap(), "docProps/core.xml");
    assert_eq!(
        core.matches(">2026-11-22T10:15:30Z</dcterms:").count(),
        2,
        "{core}"
    );
}

#[test]
fn the_application_s_properties_keep_what_is_nobody_s() {
    let app = |more: &str| format!(r#"<Properties xmlns="x">{more}<Pages>1</Pages></Properties>"#);
    let name = "docProps/app.xml";
    let told = "<Template>C:\\eva.dotx</Template><Manager>M</Manager><Company>F</Company><HyperlinkBase>H</HyperlinkBase><TotalTime>9</TotalTime>";
    assert_eq!(merged(name, &app(told), &[]), app(""));
    assert_eq!(
        merged(name, &app(told), &["company"]),
        app("<Company>F</Company><HyperlinkBase>H</HyperlinkBase>")
    );
}

#[test]
fn custom_properties_stay_where_they_hold_a_mark() {
    let custom = |more: &str| format!(r#"<Properties xmlns="x" xmlns:vt="v">{more}</Properties>"#);
    let property = |name: &str, value: &str| {
        format!(r#"<property pid="2" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>"#)
    };
    let name = "docProps/custom.xml";
    let all = custom(&(property("Bearbeiter", "Eva") + &property("Datum", "{{ datum }}")));
    assert_eq!(merged(name, &all, &[]), custom(&property("Datum", "heute")));
    assert_eq!(
        merged(name, &all, &["custom_properties"]),
        custom(&(property("Bearbeiter", "Eva") + &property("Datum", "heute")))
    );
}

#[test]
fn commentators_are_not_named() {
    let comments = |who: &str| {
        format!(
            r#"<w:comments xmlns:w="{W}"><w:comment w:id="1"{who}><w:p/></w:comment></w:comments>"#
        )
    };
    let told = comments(r#" w:author="Eva" w:date="2001-01-01T00:00:00Z" w:initials="E""#);
    let name = "word/comments.xml";
    assert_eq!(merged(name, &told, &[]), comments(r#" w:author="""#));
    assert_eq!(merged(name, &told, &["comments"]), told);
    let people = |who: &str| format!(r#"<w15:people xmlns:w15="y">{who}</w15:people>"#);
    let eva = r#"<w15:person w15:author="Eva"><w15:presenceInfo w15:userId="eva@example.org"/></w15:person>"#;
    assert_eq!(merged("word/people.xml", &people(eva), &[]), people(""));
    assert_eq!(
        merged("word/people.xml", &people(eva), &["comments"]),
        people(eva)
    );
}

#[test]
fn revision_ids_go_from_all_parts() {
    let cases = [
        (
            "word/document.xml",
            document(
                r#"<w:p w:rsidR="00AB" w:x="1" w:rsidRDefault="00AB"><w:r w:rsidRPr="00AB"><w:t>rsidR="1"</w:t></w:r></w:p>"#,
            ),
            document(r#"<w:p w:x="1"><w:r><w:t>rsidR="1"</w:t></w:r></w:p>"#),
        ),
        (
            "word/settings.xml",
            format!(
                r#"<w:settings xmlns:w="{W}" xmlns:w15="y"><w:rsids><w:rsidRoot w:val="1"/><w:rsid w:val="1"/></w:rsids><w:zoom/><w15:docId w15:val="{{1}}"/></w:settings>"#
            ),
            format!(r#"<w:settings xmlns:w="{W}" xmlns:w15="y"><w:zoom/></w:settings>"#),
        ),
        (
            "word/styles.xml",
            format!(r#"<w:styles xmlns:w="{W}"><w:style><w:rsid w:val="1"/></w:style></w:styles>"#),
            format!(r#"<w:styles xmlns:w="{W}"><w:style></w:style></w:styles>"#),
        ),
    ];
    for (name, told, expected) in cases {
        assert_eq!(merged(name, &told, &[]), expected);
        assert_eq!(merged(name, &told, &["revision_ids"]), told);
    }
}

#[test]
fn the_thumbnail_goes_with_its_relationship() {
    let root = |more: &str| {
        format!(
            concat!(
                r#"<Relationships xmlns="r">{}<Relationship Id="1" Type="http://x/relationships/officeDocument" Target="word/document.xml"/>"#,
                "</Relationships>"
            ),
            more
        )
    };
    let thumbnail = r#"<Relationship Id="2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>"#;
    let package = package(&[
        ("_rels/.rels", root(thumbnail).as_bytes()),
        ("word/document.xml", document("<w:p/>").as_bytes()),
        ("docProps/thumbnail.jpeg", b"jpeg"),
    ]);
    let template = Document::compile(package, &strict()).unwrap();
    let merged = template.merge(&values()).unwrap();
    assert_eq!(part(&merged, "_rels/.rels"), root(""));
    let archive = zip::ZipArchive::new(std::io::Cursor::new(merged)).unwrap();
    assert_eq!(archive.index_for_name("docProps/thumbnail.jpeg"), None);
}
