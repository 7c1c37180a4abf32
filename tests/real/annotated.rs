//! Faulty templates as LibreOffice makes them: the report and the comments in the annotated
//! copy name the right paragraph, and LibreOffice reads the comments where they belong.

use antragsbote::kommune::Register;
use antragsbote::merge::annotate;
use antragsbote::template::{Examination, Files, Occasion, inspect};

use crate::case::archive::unpacked;
use crate::case::sound;
use crate::support::converted;
use crate::xml::{Element, parse};

/// A template with one thing wrong.
struct Faulty {
    header: &'static str,
    body: &'static str,
    /// where the report says it is, and what the problem begins with
    place: &'static str,
    problem: &'static str,
    /// the text of the paragraph that the comment stands at
    paragraph: &'static str,
}

/// A paragraph before and one behind, so that a fault can be told in the wrong one.
const FAULTY: [Faulty; 12] = [
    Faulty {
        header: "",
        body: "<text:p>Hier: {{ Der Beirat bittet.</text:p>",
        place: "Text, Absatz 2",
        problem: "eine Marke wird in ihrem Absatz nicht geschlossen; ergänzen Sie „}}“",
        paragraph: "Hier: {{ Der Beirat bittet.",
    },
    Faulty {
        header: "",
        body: "<text:p>In {{ komune }} leben viele.</text:p>",
        place: "Text, Absatz 2",
        problem: "„komune“ ist kein bekanntes Feld; meinten Sie „kommune“?",
        paragraph: "In {{ komune }} leben viele.",
    },
    Faulty {
        header: "",
        body: "<text:p>Es tagt {{ dre Rat }}.</text:p>",
        place: "Text, Absatz 2",
        problem: "„dre Rat“ ist nicht zu verstehen: „dre“ ist keine Form; meinten Sie „der“?",
        paragraph: "Es tagt {{ dre Rat }}.",
    },
    Faulty {
        header: "",
        body: "<text:p>{% if rat.kreistag %}</text:p><text:p>Nur im Kreis.</text:p>",
        place: "Text, Absatz 2",
        problem: "der Block „if“ wird nicht geschlossen; es fehlt {% endif %}",
        paragraph: "{% if rat.kreistag %}",
    },
    Faulty {
        header: "",
        body: "<table:table table:name='T'><table:table-column table:number-columns-repeated='2'/>\
               <table:table-row><table:table-cell><text:p>{% if rat.kreistag %}Punkt</text:p></table:table-cell>\
               <table:table-cell><text:p>Text</text:p></table:table-cell></table:table-row>\
               <table:table-row><table:table-cell><text:p>zwei{% endif %}</text:p></table:table-cell>\
               <table:table-cell><text:p>mehr</text:p></table:table-cell></table:table-row></table:table>",
        place: "Text, Tabelle 1, Zeile 1, Zelle 1",
        problem: "der Block „if“ beginnt hier und endet an anderer Stelle (Text, Tabelle 1, Zeile 2, Zelle 1)",
        paragraph: "{% if rat.kreistag %}Punkt",
    },
    Faulty {
        header: "",
        body: "<table:table table:name='T'><table:table-column table:number-columns-repeated='2'/>\
               <table:table-row><table:table-cell><text:p>Punkt</text:p></table:table-cell>\
               <table:table-cell><text:p>Text</text:p></table:table-cell></table:table-row>\
               <table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>\
               <table:table-cell><text:p>oben</text:p><text:p>Mit {{ dem Rath }}</text:p></table:table-cell>\
               </table:table-row></table:table>",
        place: "Text, Tabelle 1, Zeile 2, Zelle 2",
        problem: "„Rath“ ist kein bekanntes Feld; meinten Sie „rat“?",
        paragraph: "Mit {{ dem Rath }}",
    },
    Faulty {
        header: "<text:p>Antrag {{ der komune }}</text:p>",
        body: "<text:p>Alles gut.</text:p>",
        place: "Kopfzeile 1, Absatz 1",
        problem: "„komune“ ist kein bekanntes Feld; meinten Sie „kommune“?",
        paragraph: "Der Anfang",
    },
    Faulty {
        header: "",
        body: "<text:p>Mit Fußnote<text:note text:id='f1' text:note-class='footnote'>\
               <text:note-citation>1</text:note-citation><text:note-body>\
               <text:p>Siehe {{ dattum }}.</text:p></text:note-body></text:note>.</text:p>",
        place: "Fußnoten, Nr. 1",
        problem: "„dattum“ ist kein bekanntes Feld; meinten Sie „datum“?",
        paragraph: "Der Anfang",
    },
    Faulty {
        header: "",
        body: "<text:p>Mit Kasten<draw:frame text:anchor-type='paragraph' svg:width='6cm' svg:height='2cm'>\
               <draw:text-box><text:p>Kasten: {{ Der Bereit }}</text:p></draw:text-box></draw:frame>.</text:p>",
        place: "Text, Absatz 2, Textfeld",
        problem: "„Bereit“ ist kein bekanntes Feld; meinten Sie „beirat“?",
        paragraph: "Mit Kasten.",
    },
    Faulty {
        header: "",
        body: "<text:list><text:list-item><text:p>Für {{ kommune|uper }}</text:p></text:list-item></text:list>",
        place: "Text, Absatz 2",
        problem: "„uper“ ist kein bekannter Filter; meinten Sie „upper“?",
        paragraph: "Für {{ kommune|uper }}",
    },
    Faulty {
        header: "",
        body: "<text:p>Fett: {{ dem<text:span text:style-name='F'>_ra</text:span>t }} &amp; mehr</text:p>",
        place: "Text, Absatz 2",
        problem: "„dem_rat“ ist kein bekanntes Feld; meinten Sie „dem rat“?",
        paragraph: "Fett: {{ dem_rat }} & mehr",
    },
    Faulty {
        header: "",
        body: "<text:p>{{ Der Beirat }} bittet.</text:p>\
               <text:p>Es <text:change-start text:change-id='c1'/>kommt <text:change-end text:change-id='c1'/>neu.</text:p>",
        place: "Text, Absatz 3",
        problem: "hier stehen nachverfolgte Änderungen; sie gelten als angenommen",
        paragraph: "Es kommt neu.",
    },
];

#[test]
fn report_and_comments_name_the_right_paragraph() {
    let folder = tempfile::tempdir().unwrap();
    let flat: Vec<Vec<u8>> = FAULTY.iter().map(flat).collect();
    let templates = converted(&folder.path().join("docx"), "fodt", "docx", &flat);
    let mut copies = Vec::new();
    for (faulty, template) in FAULTY.iter().zip(&templates) {
        let found = look(template);
        let first = found.faults.iter().chain(&found.notes).next();
        let told = first.unwrap_or_else(|| panic!("nothing is wrong: {}", faulty.body));
        let file = "probe/motion.docx, ";
        let place = told
            .place
            .text
            .strip_prefix(file)
            .unwrap_or(&told.place.text);
        assert_eq!(place, faulty.place, "{told}");
        assert!(told.problem.starts_with(faulty.problem), "{told}");
        let all = found.faults.len() + found.notes.len();
        assert_eq!(all, 1, "{:?}{:?}", found.faults, found.notes);
        let copy = annotate(template, &found.comments("probe/motion.docx")).unwrap();
        sound::check(&unpacked(template), &unpacked(&copy)).unwrap();
        copies.push(copy);
    }
    let read = converted(&folder.path().join("fodt"), "docx", "fodt", &copies);
    for (faulty, read) in FAULTY.iter().zip(&read) {
        let root = parse(read).unwrap();
        let all = root.all();
        let holds = |paragraph: &&&Element| {
            let mut inside = paragraph.elements();
            inside.any(|element| element.local() == "annotation")
        };
        let commented: Vec<_> = all.iter().filter(holds).collect();
        let [paragraph] = commented.as_slice() else {
            panic!("{}: {} paragraphs", faulty.problem, commented.len());
        };
        assert_eq!(text(paragraph), faulty.paragraph);
        let comment = paragraph.child("annotation").unwrap();
        assert_eq!(comment.child("creator").unwrap().text(), "Antragsbote");
        let comment = comment.child("p").unwrap().text();
        let here = faulty.paragraph == "Der Anfang" || faulty.place.ends_with("Textfeld");
        let expected = match (here, faulty.place) {
            (true, place) => format!("{place}: {}", faulty.problem),
            (false, _) if faulty.problem.starts_with("hier stehen") => {
                format!("Hinweis: {}", faulty.problem)
            }
            (false, _) => faulty.problem.to_owned(),
        };
        assert!(comment.starts_with(&expected), "{comment}");
    }
}

/// What a check finds.
fn look(template: &[u8]) -> Examination {
    let files = Files::from([
        (
            "probe/template.toml".to_owned(),
            b"title = \"Probe\"\n".to_vec(),
        ),
        ("probe/motion.docx".to_owned(), template.to_vec()),
    ]);
    let occasion = Occasion {
        now: "2026-11-23T10:00:00Z".parse().unwrap(),
        anfragende_person: "Anna Beispiel".to_owned(),
        aktenzeichen: "01".to_owned(),
    };
    inspect(&files, "probe", Register::built_in(), &occasion)
}

/// The text of a paragraph as it is read, without comments, notes and text boxes.
fn text(paragraph: &Element) -> String {
    use crate::xml::Node;
    let text = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) => match element.local() {
            "annotation" | "note" | "frame" | "custom-shape" => String::new(),
            "s" => " ".to_owned(),
            _ => text(element),
        },
    };
    paragraph.children.iter().map(text).collect()
}

/// An OpenDocument text in one file.
fn flat(faulty: &Faulty) -> Vec<u8> {
    let Faulty { header, body, .. } = faulty;
    let changes = match body.contains("change-id") {
        true => {
            "<text:tracked-changes><text:changed-region text:id='c1'><text:insertion>\
             <office:change-info><dc:creator>Anna</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>\
             </office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
        }
        false => "",
    };
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n\
         <office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
         xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' \
         xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' \
         xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0' \
         xmlns:fo='urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0' \
         xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' \
         xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0' \
         xmlns:dc='http://purl.org/dc/elements/1.1/' office:version='1.3' \
         office:mimetype='application/vnd.oasis.opendocument.text'>\
         <office:meta><dc:title>Probe</dc:title></office:meta>\
         <office:styles><style:default-style style:family='paragraph'>\
         <style:text-properties fo:language='de' fo:country='DE'/></style:default-style>\
         </office:styles><office:automatic-styles><style:style style:name='F' style:family='text'>\
         <style:text-properties fo:font-weight='bold'/></style:style>\
         <style:page-layout style:name='pm1'><style:header-style/></style:page-layout>\
         </office:automatic-styles>\
         <office:master-styles><style:master-page style:name='Standard' \
         style:page-layout-name='pm1'><style:header>{header}</style:header></style:master-page>\
         </office:master-styles>\
         <office:body><office:text>{changes}<text:p>Der Anfang</text:p>{body}\
         <text:p>Das Ende</text:p></office:text></office:body></office:document>"
    )
    // LibreOffice knows the format by its first line, and that by its quotation marks
    .replace('\'', "\"")
    .into_bytes()
}
