//! What repeats must stay sound.

use super::*;

mod husks;
mod ids;
mod lists;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Merges a document with its further parts; gives the parts asked for.
fn merge_parts<const N: usize>(
    body: &str,
    further: &[(&str, &str)],
    data: &Value,
    wanted: [&str; N],
) -> [String; N] {
    let main = document(body);
    let related = further.iter().enumerate().map(|(number, (name, _))| {
        format!(r#"<Relationship Id="rId{number}" Type="{OFFICE}/{name}" Target="{name}.xml"/>"#)
    });
    let relationships = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
        related.collect::<String>()
    );
    let names: Vec<String> = further
        .iter()
        .map(|(name, _)| format!("word/{name}.xml"))
        .collect();
    let types: String = names
        .iter()
        .zip(further)
        .map(|(file, (name, _))| format!(r#"<Override PartName="/{file}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"/></Types>"#))
        .fold(TYPES.to_owned(), |types, one| types.replace("</Types>", &one));
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", main.as_bytes()),
        ("word/_rels/document.xml.rels", relationships.as_bytes()),
    ];
    let contents = further.iter().map(|(_, content)| content.as_bytes());
    parts.extend(names.iter().map(String::as_str).zip(contents));
    let mut values = Values::new();
    values.json(data.as_object().unwrap());
    let document = Document::compile(package(&parts), &Rules::Lenient(values.schema())).unwrap();
    let merged = document.merge(&values).unwrap();
    assert_eq!(merged, document.merge(&values).unwrap());
    wanted.map(|name| {
        let part = part(&merged, &format!("word/{name}.xml"));
        assert_eq!(proof::well_formed(part.as_bytes()), Ok(()), "{part}");
        part
    })
}

fn list_item(number: u32, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>{}</w:p>"#,
        r(text)
    )
}

/// A mark in a paragraph of its own.
fn mark(text: &str) -> String {
    p(&[text])
}

fn cell(content: &str) -> String {
    format!("<w:tc>{content}</w:tc>")
}

fn table(rows: &str) -> String {
    format!("<w:tbl><w:tblPr/>{rows}</w:tbl>")
}

fn table_row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|content| cell(content)).collect();
    format!("<w:tr>{cells}</w:tr>")
}
