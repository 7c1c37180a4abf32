use super::{Text, html};

fn new(text: &str) -> Text {
    Text {
        new: text.to_owned(),
        ..Text::default()
    }
}

#[test]
fn what_nobody_sees_is_no_text() {
    let hidden = [
        "<div style=\"display:none !important\">x</div>",
        "<span style=\"font-size:1px;line-height:1px\">x</span>",
        "<div style='max-height:0px;overflow:hidden'>x</div>",
        "<div style='mso-hide:all'>x</div>",
        "<div style='height:0;overflow:hidden'>x</div>",
        "<div style='opacity:0'>x</div>",
        "<span style='color:#fff;background-color:#fff'>x</span>",
        "<p hidden>x</p>",
        "<!-- x --><!--[if mso]><p>x</p><![endif]-->",
        "<style>x</style><script>x</script><title>x</title>",
        "<xml><o:x>x</o:x></xml>",
        "<del>x</del>",
        "<img alt=\"x\" src=cid:y>",
        "<p>\u{34F} \u{200C}&#847;&zwnj;&nbsp;</p>",
    ];
    for body in hidden {
        assert_eq!(
            html(&format!("{body}<p>Stadt Hof</p>")),
            new("Stadt Hof"),
            "{body}"
        );
    }
    let seen = [
        "<span style='font-size:0.9em'>Stadt Hof</span>",
        "<span style='color:#ffffff'>Stadt Hof</span>",
        "<!--[if !mso]><!--><p>Stadt Hof</p><!--<![endif]-->",
        "<![if !vml]>Stadt Hof<![endif]>",
        "<div style='max-height:0.5em'>Stadt Hof</div>",
    ];
    for body in seen {
        assert_eq!(html(body), new("Stadt Hof"), "{body}");
    }
}

#[test]
fn tables_that_are_forms_and_tables_that_lay_out() {
    let cases = [
        (
            "<table><tr><td>Name des Gremiums:</td><td>Ausländerbeirat</td></tr><tr><td>Kommune (bitte angeben):</td><td>Stadt Hof</td></tr></table>",
            "Name des Gremiums: Ausländerbeirat\nKommune (bitte angeben): Stadt Hof",
        ),
        (
            "<table><tr><th>Kommune</th><td>Hof</td></tr></table>",
            "Kommune: Hof",
        ),
        (
            "<table><thead><tr><td>Kommune</td><td>Beirat</td></tr></thead><tr><td>Hof</td><td>ABR</td></tr></table>",
            "Kommune: Hof\nBeirat: ABR",
        ),
        (
            "<table><tr><td>Guten Tag,</td><td>12. Januar</td></tr><tr><td>bitte den Antrag.</td><td>Hof</td></tr></table>",
            "Guten Tag, | 12. Januar\nbitte den Antrag. | Hof",
        ),
        (
            "<table><tr><td><table><tr><td><table><tr><td><p>Bitte</p><p>für Hof</p></td></tr></table></td></tr></table></td></tr></table>",
            "Bitte\n\nfür Hof",
        ),
        ("<table><tr><td>Hof<tr><td>Coburg</table>", "Hof\nCoburg"),
        (
            "<ol><li>Hof<li>Coburg</ol><ol start=3><li>Kronach</ol>",
            "1. Hof\n2. Coburg\n\n3. Kronach",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(html(body), new(expected), "{body}");
    }
}

#[test]
fn broken_pages() {
    let cases = [
        ("<p>Hof</div></p></table></b>bald", "Hof\nbald"),
        ("<div><b>Hof<div></b>bald", "Hof\nbald"),
        (
            "Hof &amp Coburg &lt; &uuml; &#252; &#xFC; &nope;",
            "Hof & Coburg < ü ü ü &nope;",
        ),
        ("Hof<br/><br><BR />bald", "Hof\n\nbald"),
        ("Hof <3", "Hof <3"),
        ("<p>Hof<p", "Hof"),
        (
            "<div style='white-space:pre-wrap'>Hof\nbald</div>",
            "Hof\nbald",
        ),
        ("<p>Stadt\n\n   Hof</p>", "Stadt Hof"),
    ];
    for (body, expected) in cases {
        assert_eq!(html(body), new(expected), "{body}");
    }
}

#[test]
fn the_charset_of_a_page_is_believed_where_the_header_has_none() {
    let raw = b"Content-Type: text/html\n\n<meta charset=windows-1250><p>\xA3\xF3d\x9F";
    assert_eq!(super::parse(raw).text, new("Łódź"));
}
