//! Ids, and what they point to.

use super::*;

#[test]
fn ids_stay_unique() {
    let check_ids = |body: &str, expected: &str| {
        let data = json!({"xs": [1, 2, 3], "ys": [1, 2]});
        let [merged] = merge_parts(body, &[], &data, ["document"]);
        assert_eq!(merged, document(expected), "{body}");
    };
    let looped = |inner: &str| mark("{% for x in xs %}") + inner + &mark("{% endfor %}");
    // paragraphs and rows: what the template uses is not used again
    check_ids(
        &(r#"<w:p w14:paraId="00000002"/>"#.to_owned()
            + &looped(r#"<w:p w14:paraId="7FFFFFFF" w14:textId="77777777"/>"#)),
        concat!(
            r#"<w:p w14:paraId="00000002"/>"#,
            r#"<w:p w14:paraId="7FFFFFFF" w14:textId="77777777"/>"#,
            r#"<w:p w14:paraId="00000001" w14:textId="77777777"/>"#,
            r#"<w:p w14:paraId="00000003" w14:textId="77777777"/>"#,
        ),
    );
    // without repetition nothing changes
    check_ids(
        &(mark("{% if xs %}") + r#"<w:p w14:paraId="A"/>"# + &mark("{% endif %}")),
        r#"<w:p w14:paraId="A"/>"#,
    );
    // both ends of a range keep together, also where one of them is in a condition
    let range = |id: &str, name: &str, text: &str| {
        format!(
            r#"<w:p><w:bookmarkStart w:id="{id}" w:name="{name}"/>{}<w:bookmarkEnd w:id="{id}"/></w:p><w:p><w:hyperlink w:anchor="{name}">{}</w:hyperlink></w:p>"#,
            r(text),
            r("siehe")
        )
    };
    check_ids(
        &looped(&range(
            "7",
            "Punkt",
            "{% if loop.first %}a{% endif %}{{ x }}",
        )),
        &(range("7", "Punkt", "a1") + &range("1", "Punkt_2", "2") + &range("2", "Punkt_3", "3")),
    );
    // a link out of the loop stays
    check_ids(
        &(range("7", "Punkt", "") + &looped(r#"<w:p><w:hyperlink w:anchor="Punkt"/></w:p>"#)),
        &(range("7", "Punkt", "") + &r#"<w:p><w:hyperlink w:anchor="Punkt"/></w:p>"#.repeat(3)),
    );
    // names are unique whatever their case, and no longer than Word allows
    let long = "x".repeat(40);
    let name = |name: &str| format!(r#"<w:bookmarkStart w:id="1" w:name="{name}"/>"#);
    check_ids(
        &(looped(&(mark("{{ x }}") + &name("PUNKT_2").replace("\"1\"", "\"4\"")))
            .replace("PUNKT_2", "Punkt")
            + &name("PUNKT_2")
            + &looped(&name(&long)).replace("\"1\"", "\"5\"")),
        &[
            p(&["1"]) + r#"<w:bookmarkStart w:id="4" w:name="Punkt"/>"#,
            p(&["2"]) + r#"<w:bookmarkStart w:id="2" w:name="Punkt_3"/>"#,
            p(&["3"]) + r#"<w:bookmarkStart w:id="3" w:name="Punkt_4"/>"#,
            name("PUNKT_2"),
            name(&long).replace("\"1\"", "\"5\""),
            format!(
                r#"<w:bookmarkStart w:id="6" w:name="{}_5"/>"#,
                "x".repeat(32)
            ),
            format!(
                r#"<w:bookmarkStart w:id="7" w:name="{}_6"/>"#,
                "x".repeat(32)
            ),
        ]
        .concat(),
    );
    // drawings, content controls, permissions, shapes
    let others = |drawing: &str, control: &str, permission: &str, shape: &str| {
        format!(
            concat!(
                r#"<w:permStart w:id="{2}" w:edGrp="everyone"/><w:p><w:r><wp:docPr id="{0}" name="Bild"/></w:r>"#,
                r#"<w:sdt><w:sdtPr><w:id w:val="{1}"/></w:sdtPr><w:sdtContent/></w:sdt>"#,
                r##"<w:r><v:shape id="_x0000_s{3}" o:spid="_x0000_s{3}" type="#_x0000_t75"/></w:r></w:p><w:permEnd w:id="{2}"/>"##
            ),
            drawing, control, permission, shape
        )
    };
    check_ids(
        &looped(&others("1", "-5", "1", "1026")),
        &(others("1", "-5", "1", "1026")
            + &others("2", "1", "2", "1027")
            + &others("3", "2", "3", "1028")),
    );
    // nested loops
    let inner =
        mark("{% for y in ys %}") + r#"<w:p w14:paraId="0000000B"/>"# + &mark("{% endfor %}");
    let id = |id: u32| format!(r#"<w:p w14:paraId="{id:08X}"/>"#);
    check_ids(
        &looped(&(id(10) + &inner)),
        &[10, 11, 1, 2, 3, 4, 5, 6, 7].map(id).concat(),
    );
    // a loop within text, cut and joined over paragraphs
    check_ids(
        &format!(
            r#"<w:p w14:paraId="0A">{}</w:p><w:p w14:paraId="0B">{}</w:p>"#,
            r("{% for x in xs %}{{ x }}"),
            r("{% endfor %}")
        ),
        &format!(
            r#"<w:p w14:paraId="0A">{}</w:p><w:p w14:paraId="0B">{}</w:p><w:p w14:paraId="00000001">{}</w:p><w:p w14:paraId="00000002">{}</w:p>"#,
            r("1"),
            r("2"),
            r("3"),
            r("")
        ),
    );
    // the other branch of a loop is no repetition
    check_ids(
        &(mark("{% for x in nichts %}")
            + &id(1)
            + &mark("{% else %}")
            + &id(2)
            + &mark("{% endfor %}")),
        &id(2),
    );
}

#[test]
fn ids_are_renewed_with_any_prefix_and_in_utf_16() {
    let text = |ids: [&str; 2], marks: bool| {
        let for_mark = if marks {
            "<x:p><x:r><x:t>{% for a in as %}</x:t></x:r></x:p>"
        } else {
            ""
        };
        let end_mark = if marks {
            "<x:p><x:r><x:t>{% endfor %}</x:t></x:r></x:p>"
        } else {
            ""
        };
        let item = |id: &str| {
            format!("<x:bookmarkStart x:id='{id}' x:name='ü'/><x:p/><x:bookmarkEnd x:id='{id}'/>")
        };
        let items = if marks {
            item(ids[0])
        } else {
            item(ids[0]) + &item(ids[1]).replace("ü", "ü_2")
        };
        let text = format!(
            "<x:document xmlns:x='{WORD}'><x:body>{for_mark}{items}{end_mark}</x:body></x:document>"
        );
        let mut bytes = vec![0xfe, 0xff];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        bytes
    };
    let template = package(&[("word/document.xml", &text(["3", ""], true))]);
    let document = Document::compile(template, &Rules::Lenient(Schema::default())).unwrap();
    let mut values = Values::new();
    values.json(json!({"as": [1, 2]}).as_object().unwrap());
    let merged = document.merge(&values).unwrap();
    let bytes = part_bytes(&merged, "word/document.xml");
    assert_eq!(bytes, text(["3", "1"], false));
}

#[test]
fn repeated_notes_and_comments_are_copied() {
    let reference = |note: &str, comment: &str| {
        format!(
            r#"<w:p><w:commentRangeStart w:id="{comment}"/><w:r><w:footnoteReference w:id="{note}"/></w:r><w:commentRangeEnd w:id="{comment}"/><w:r><w:commentReference w:id="{comment}"/></w:r></w:p>"#
        )
    };
    let notes = |added: &str, date: &str| {
        format!(
            r#"<w:footnotes {NAMESPACES}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2"><w:p w14:paraId="00000002">{}</w:p></w:footnote>{added}</w:footnotes>"#,
            r(date)
        )
    };
    let comments = |added: &str| {
        format!(
            r#"<w:comments {NAMESPACES}><w:comment w:id="0" w:author="A"><w:p w14:paraId="00000001"/></w:comment>{added}</w:comments>"#
        )
    };
    let body = mark("{% for x in xs %}") + &reference("2", "0") + &mark("{% endfor %}");
    let note = |id: u32, paragraph: u32, date: &str| {
        format!(
            r#"<w:footnote w:id="{id}"><w:p w14:paraId="{paragraph:08X}">{}</w:p></w:footnote>"#,
            r(date)
        )
    };
    let comment = |id: u32, paragraph: u32| {
        format!(
            r#"<w:comment w:id="{id}" w:author="A"><w:p w14:paraId="{paragraph:08X}"/></w:comment>"#
        )
    };
    // merged parts and untouched ones
    for (date, merged_date) in [("{{ datum }}", "heute"), ("fest", "fest")] {
        let [merged, merged_notes, merged_comments] = merge_parts(
            &body,
            &[("footnotes", &notes("", date)), ("comments", &comments(""))],
            &json!({"xs": [1, 2, 3], "datum": "heute"}),
            ["document", "footnotes", "comments"],
        );
        assert_eq!(
            merged,
            document(&(reference("2", "0") + &reference("1", "1") + &reference("3", "2")))
        );
        assert_eq!(merged_comments, comments(&(comment(1, 3) + &comment(2, 4))));
        let added = note(1, 5, merged_date) + &note(3, 6, merged_date);
        assert_eq!(merged_notes, notes(&added, merged_date));
    }
}
