//! docxtpl's own test templates, from the last source package that ships them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{Case, compare, python};
use crate::support::{kept, run};

/// Templates of plain values, and the data that docxtpl's tests give them.
const TEMPLATES: [(&str, &str); 7] = [
    (
        "order_tpl",
        r#"{"customer_name": "Eric", "in_europe": true, "is_paid": false,
            "company_name": "The World Wide company", "total_price": "100,000,000.00", "items": [
            {"desc": "Python interpreters", "qty": 2, "price": "FREE"},
            {"desc": "Django projects", "qty": 5403, "price": "FREE"},
            {"desc": "Guido", "qty": 1, "price": "100,000,000.00"}]}"#,
    ),
    (
        "nested_for_tpl",
        r#"{"dishes": [
            {"name": "Pizza", "ingredients": ["bread", "tomato", "ham", "cheese"]},
            {"name": "Hamburger", "ingredients": ["bread", "chopped steak", "cheese", "sauce"]}],
            "authors": [
            {"name": "Saint-Exupery", "books": [{"title": "Le petit prince"}, {"title": "L'aviateur"}]},
            {"name": "Barjavel", "books": [{"title": "Ravage"}]}]}"#,
    ),
    (
        "dynamic_table_tpl",
        r#"{"col_labels": ["fruit", "vegetable", "stone", "thing"], "tbl_contents": [
            {"label": "yellow", "cols": ["banana", "capsicum", "pyrite", "taxi"]},
            {"label": "red", "cols": ["apple", "tomato", "cinnabar", "doubledecker"]}]}"#,
    ),
    (
        "header_footer_image_tpl",
        r#"{"mycompany": "The World Wide company"}"#,
    ),
    ("replace_picture_tpl", "{}"),
    ("embedded_main_tpl", r#"{"name": "John Doe"}"#),
    ("embedded_embedded_docx_tpl", r#"{"name": "John Doe"}"#),
];

/// Templates that say something else, and why.
const OTHERS: [(&str, &str); 10] = [
    (
        "cellbg_tpl",
        "prints a RichText, a Python object; a text in its place is lost in docxtpl",
    ),
    ("escape_tpl", "prints RichText and Listing objects"),
    (
        "header_footer_entities_tpl",
        "docxtpl escapes the & of a literal twice",
    ),
    ("header_footer_tpl", "inserts a document made in Python"),
    ("inline_image_tpl", "inserts pictures made in Python"),
    ("richtext_tpl", "prints a RichText object"),
    ("richtext_and_if_tpl", "prints a RichText object"),
    ("subdoc_tpl", "inserts a document made in Python"),
    (
        "vertical_merge_tpl",
        "docxtpl repeats, in cells that Word hides, what stands in other runs than {% vm %}",
    ),
    (
        "header_footer_tpl_utf8",
        "inserts a document made in Python",
    ),
];

/// The folder of the templates; the package's code is not run.
fn shipped_templates() -> PathBuf {
    let package = "docxtpl-0.5.5";
    let folder = kept("docxtpl", &[package], |folder| {
        let mut download = Command::new(python());
        download.args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        download.args([
            "--no-deps",
            "--no-binary",
            ":all:",
            "docxtpl==0.5.5",
            "--dest",
        ]);
        run(download.arg(folder));
        let archive = folder.join(format!("{package}.tar.gz"));
        let mut unpack = Command::new(python());
        unpack.args(["-m", "tarfile", "--extract"]);
        run(unpack.arg(archive).arg(folder));
    });
    folder.join(package).join("tests/test_files")
}

#[test]
fn docxtpl_gives_the_same_of_its_own_templates() {
    let source = shipped_templates();
    let mut shipped = Vec::new();
    for entry in fs::read_dir(&source).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name
            .strip_suffix(".docx")
            .filter(|name| name.contains("_tpl"));
        shipped.extend(name.map(str::to_owned));
    }
    let known = TEMPLATES.iter().chain(&OTHERS).map(|(name, _)| *name);
    let mut known: Vec<&str> = known.collect();
    shipped.sort();
    known.sort();
    assert_eq!(shipped, known);

    let folder = tempfile::tempdir().unwrap();
    let cases = TEMPLATES.map(|(name, data)| {
        let template = folder.path().join(name).with_extension("docx");
        fs::copy(source.join(format!("{name}.docx")), &template).unwrap();
        fs::write(template.with_extension("json"), data).unwrap();
        Case {
            name: name.to_owned(),
            ours: vec![template.clone()],
            template,
        }
    });
    compare("render_docxtpl.py", folder.path(), &cases);
}
