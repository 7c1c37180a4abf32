use crate::mail::Origin::{Automatic, Bounce, Echo, List, Person, Unanswerable};
use crate::mail::{Origin, parse};

const FROM: &str = "From: Anna Muster <anna@verein.example>";
const ID: &str = "01M829H6WDAH2E0SZWT36C1WSY";

#[track_caller]
fn check(header: &str, text: &str, expected: Origin) {
    let mail = parse(format!("{header}\n\n{text}\n").as_bytes());
    assert_eq!(
        mail.origin, expected,
        "{header}\n\n{text}\n\n{:?}",
        mail.sign
    );
    assert_eq!(mail.sign.is_none(), expected == Person, "{:?}", mail.sign);
}

fn check_texts(cases: &[(&str, Origin)]) {
    for (text, expected) in cases {
        check(FROM, text, *expected);
    }
}

#[test]
fn absence_takes_two_signs_and_no_request() {
    check_texts(&[
        (
            "Ich bin bis 3. Mai nicht im Büro. Ihre Mail wird nicht weitergeleitet.",
            Automatic,
        ),
        (
            "Bin in Elternzeit. Bitte wenden Sie sich an Frau Klein.",
            Automatic,
        ),
        (
            "Derzeit bin ich nicht erreichbar.\nIn dringenden Fällen: 0123 456.",
            Automatic,
        ),
        (
            "Unsere Geschäftsstelle ist vom 1. bis 9. Mai nicht besetzt. Ihre Mail wird danach bearbeitet.",
            Automatic,
        ),
        (
            "Herr Ott ist nicht mehr bei uns tätig. Bitte wenden Sie sich an die Zentrale.",
            Automatic,
        ),
        (
            "Vielen Dank für Ihre Mail. Ich bin am 3. Mai wieder im Büro und melde mich dann.",
            Automatic,
        ),
        (
            "Ich bin im Urlaub. In dringenden Fällen kontaktieren Sie bitte Erika Mustermann.",
            Automatic,
        ),
        ("I am on leave and will answer upon my return.", Automatic),
        (
            "Wegen des Musterantrags wenden Sie sich bitte an Frau Ott. Ich bin im Urlaub.",
            Automatic,
        ),
        ("Ich bin morgen nicht im Büro.", Person),
        (
            "Ich war im Urlaub. Es geht um den Ausländerbeirat Fürth.",
            Person,
        ),
        (
            "Frau Ott ist im Urlaub, in dringenden Fällen soll ich selbst schreiben: Bitte schicken Sie den Musterantrag für Fürth.",
            Person,
        ),
        (
            "Ich bin ab morgen im Urlaub und vorher noch bis 16 Uhr wieder erreichbar.\n\nKommune: Fürth\nBeirat: Ausländerbeirat",
            Person,
        ),
        (
            "Die Stelle ist nicht besetzt. Für welche Stadt, fragen Sie: Fürth.",
            Person,
        ),
    ]);
    check(
        "From: anna@verein.example\nSubject: Urlaub bis 9. Mai",
        "Ich bin im Urlaub.",
        Automatic,
    );
}

#[test]
fn what_calls_itself_automatic_is() {
    check_texts(&[
        ("Diese E-Mail wurde automatisch erstellt.", Automatic),
        (
            "Diese Nachricht ist maschinell erzeugt und\nohne Unterschrift gültig, sie wurde gesendet.",
            Automatic,
        ),
        (
            "Hallo,\n\nDies ist eine automatisch\ngenerierte Benachrichtigung.",
            Automatic,
        ),
        (
            "This is an automated message. Bitte den Musterantrag für Fürth.",
            Automatic,
        ),
        (
            "This email was sent automatically by the system.",
            Automatic,
        ),
        (
            "Text.\n\n-- \nDies ist eine automatisch gesendete E-Mail.",
            Automatic,
        ),
        ("Diese E-Mail wurde automatisch auf Viren geprüft.", Person),
        (
            "Ist das eine automatische Antwort? Ich brauche den Antrag für Fürth.",
            Person,
        ),
        (
            "Diese Nachricht habe ich automatisch erzeugt bekommen, was nun?",
            Person,
        ),
        (
            "Der Antrag wird ja automatisch erstellt, bitte für Fürth.",
            Person,
        ),
    ]);
}

#[test]
fn acknowledgements_name_the_mail_its_arrival_and_a_case() {
    check_texts(&[
        (
            "Ihre Anfrage ist eingegangen und wird bearbeitet.",
            Automatic,
        ),
        (
            "Wir haben Ihr Anliegen unter der Nummer 17 erfasst.",
            Automatic,
        ),
        (
            "Ihr Schreiben wurde dem Vorgang 4/17 zugeordnet.",
            Automatic,
        ),
        (
            "Your request has been received. We will get back to you.",
            Automatic,
        ),
        (
            "Ihre Anfrage „Bitte um Musterantrag“ ist eingegangen. Ticket 17.",
            Automatic,
        ),
        (
            "Danke für Ihre Nachricht. Wir haben sie erhalten und melden uns zeitnah.",
            Automatic,
        ),
        (
            "Vielen Dank für Ihre Anfrage. Jemand wird sich zeitnah mit Ihnen in Verbindung setzen.",
            Automatic,
        ),
        (
            "Hallo Antragsbote, bitte warten Sie: Ihre Anfrage ist angelegt, Ticket 17.",
            Automatic,
        ),
        (
            "Ihre Anfrage ist erfasst.\n\nBetreff: Bitte um Musterantrag\nTicket: 17",
            Automatic,
        ),
        (
            "Ihre Bestellung ist eingegangen. Bestellnummer: 17",
            Automatic,
        ),
        (
            "Vielen Dank für Ihre Mail. Zum Aktenzeichen 17: Ausländerbeirat Fürth.",
            Person,
        ),
        (
            "Ihre Mail habe ich erhalten, Aktenzeichen 17. Es ist der Ausländerbeirat Fürth.",
            Person,
        ),
        (
            "Ihre Nachricht ist eingegangen. Gemeint ist die Stadt Fürth.",
            Person,
        ),
        (
            "Bitte schnellstmöglich den Musterantrag, die Anfrage habe ich schon gestellt.",
            Person,
        ),
        (
            "Haben Sie meine Anfrage erhalten? Bitte melden Sie sich umgehend.",
            Person,
        ),
    ]);
}

#[test]
fn programs_that_talk() {
    check_texts(&[
        ("Leider habe ich Ihre Anfrage nicht verstanden.", Automatic),
        (
            "Ihre Eingabe konnte nicht zugeordnet werden, sie wurde nicht erkannt.",
            Automatic,
        ),
        ("Hallo, ich bin Ihr virtueller Assistent!", Automatic),
        ("I did not understand your request.", Automatic),
        (
            "Ihre Frage habe ich nicht verstanden. Was ist ein Gremium?",
            Person,
        ),
        ("Ich bin die Assistentin des Beirats Fürth.", Person),
    ]);
}

#[test]
fn machines_by_address_and_subject() {
    for (header, expected) in [
        ("From: root@web.example", Automatic),
        ("From: kopierer-og2@rathaus.example", Automatic),
        (
            "From: fax@verein.example\nReply-To: fax@verein.example",
            Automatic,
        ),
        ("From: MicrosoftExchange329e71ec@amt.example", Bounce),
        ("From: Mail Delivery Service <bounce@amt.example>", Bounce),
        ("From: anna.root@verein.example", Person),
        ("From: faxmann@verein.example", Person),
        (
            "From: a@b.example\nSubject: Automatische Antwort: Antrag?",
            Automatic,
        ),
        ("From: a@b.example\nSubject: Automatische Antwort?", Person),
        ("From: a@b.example\nSubject: WG: Gelesen: Antrag", Person),
        ("From: a@b.example\nSubject: Zugesagt: Sitzung", Automatic),
        ("From: a@b.example\nSubject: Unzustellbar: Antrag", Bounce),
        (
            "From: a@b.example\nSubject: AW: Unzustellbar: Antrag",
            Person,
        ),
        ("From: postmaster@b.example\nSubject: Antrag", Person),
        (
            "From: postmaster@b.example\nSubject: Nachricht nicht zugestellt",
            Bounce,
        ),
        ("From: a@b.example\nX-Autoreply: no", Person),
        (
            "From: a@b.example\nX-MS-Exchange-Inbox-Rules-Loop: b@b.example",
            Person,
        ),
        ("From: a@b.example\nPrecedence: list (sympa)", List),
        ("From: a@b.example\nList-Software: x", List),
        ("From: a@b.example\nFeedback-ID: 1:x:AmazonSES", Person),
        (
            "From: a@b.example\nSubject: Report Domain: b.example Submitter: c.example",
            Unanswerable,
        ),
    ] {
        check(header, "Musterantrag", expected);
    }
    check(
        "From: a@b.example\nSubject: Unzustellbar: Antrag",
        "Ihre Antwort kam zurück. Bitte schicken Sie den Musterantrag für Fürth.",
        Person,
    );
}

#[test]
fn newsletters_and_mail_that_declines_answers() {
    check_texts(&[
        ("Newsletter abbestellen: https://v.example/x", List),
        (
            "Sie erhalten diese Mail, weil Sie unseren Rundbrief bestellt haben.",
            List,
        ),
        ("Zum Newsletter anmelden: https://v.example/x", Person),
        (
            "Im Newsletter las ich davon, bitte schicken Sie den Musterantrag für Fürth.",
            Person,
        ),
        ("Bitte antworten Sie nicht auf diese E-Mail.", Unanswerable),
        ("Please do not reply to this email.", Unanswerable),
        (
            "Bitte antworten Sie nicht an diese, sondern an meine Adresse im Amt.",
            Person,
        ),
        (
            "EXTERN: Antworten Sie nicht, wenn Sie den Absender nicht kennen.\n\nFürth",
            Person,
        ),
    ]);
}

#[test]
fn a_form_that_names_the_person_is_a_persons_mail() {
    let form = "From: wordpress@verein.example\nReply-To: anna@frei.example";
    check(
        form,
        "Diese Mail wurde automatisch vom Kontaktformular gesendet.",
        Person,
    );
    check(
        form,
        "Bitte den Musterantrag für Fürth. Diese Nachricht wurde automatisch erzeugt.",
        Person,
    );
    check(form, "Bitte nicht antworten.", Person);
    check(
        form,
        "Anna hat „Antrag“ geteilt. Dies ist eine automatisch gesendete E-Mail.",
        Automatic,
    );
    let nobody = "From: wordpress@verein.example";
    check(
        nobody,
        "Diese Mail wurde automatisch vom Kontaktformular gesendet.",
        Automatic,
    );
}

#[test]
fn our_own_letter_alone_is_an_echo() {
    let letter = format!(
        "Guten Tag,\n\nvielen Dank für Ihre Anfrage. Welches Gremium?\n\nFreundliche Grüße\nAntragsbote\n\n\
         Diese Antwort wurde automatisch geschrieben. Aktenzeichen: {ID}"
    );
    let quoted = letter
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect::<String>();
    let answering = format!("{FROM}\nIn-Reply-To: <{ID}@example.org>");
    check(FROM, &letter, Echo);
    check(FROM, &format!("Integrationsbeirat\n\n{letter}"), Person);
    check(
        FROM,
        &format!("Guten Tag,\n\nIntegrationsbeirat\n\n{letter}"),
        Person,
    );
    check(FROM, &format!("{letter}\n\nIntegrationsbeirat"), Person);
    check(&answering, &quoted, Echo);
    check(&answering, &format!("2\n\n{quoted}"), Person);
    check(FROM, &quoted, Person);
    check(
        &answering,
        &format!("Wegen Aktenzeichen {ID}: Stadt Fürth"),
        Person,
    );
}
