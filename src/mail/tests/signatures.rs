use super::{Text, plain};

fn text(new: &str, signature: &str) -> Text {
    Text {
        new: new.to_owned(),
        signature: signature.to_owned(),
        quoted: String::new(),
    }
}

#[test]
fn closings_begin_a_signature() {
    let closings = [
        "Mit freundlichen Grüßen",
        "Mit freundlichen Grüssen",
        "mit freundlichen gruessen",
        "Mit freundlichem Gruß aus dem schönen Hof an der Saale",
        "MfG",
        "mfg",
        "Viele Grüße",
        "Viele Grüße,",
        "Beste Grüße",
        "Liebe Grüße aus Coburg!",
        "LG",
        "VG",
        "Hochachtungsvoll",
        "Mit vorzüglicher Hochachtung",
        "Herzlichst",
        "Herzlich",
        "Ihre",
        "i. A.",
        "Im Auftrag",
        "Kind regards",
        "Best regards,",
        "Cordialement",
        "Saygılarımla",
        "Selamlar",
        "С уважением",
    ];
    for closing in closings {
        let signature = format!(
            "{closing}\n\nDr. Anna Berger-Öztürk, M.A.\n1. Vorsitzende: Ali Can\nIntegrationsbeirat Weiden, Rathaus, Markt 1, 92637 Weiden\nTel.: 0961 12345 | Fax -67\nSprechzeiten: Mo–Fr 9–12\nwww.verein.example"
        );
        let read = plain(&format!("Bitte für Hof\n\n{signature}\n"));
        assert_eq!(read, text("Bitte für Hof", &signature), "{closing}");
    }
}

#[test]
fn what_follows_a_closing_may_be_text() {
    let cases = [
        (
            "Danke und Gruß, Ali\n\nKommune: Hanau\nBeirat: Ausländerbeirat",
            text(
                "Danke und Gruß, Ali\n\nKommune: Hanau\nBeirat: Ausländerbeirat",
                "",
            ),
        ),
        (
            "LG Ali\n\nMusterantrag für Hanau",
            text("Musterantrag für Hanau", "LG Ali"),
        ),
        (
            "Bitte für Hof\nGruß\nAnna\n\nP.S.: Als Word-Datei\nund bald",
            text(
                "Bitte für Hof\n\nP.S.: Als Word-Datei\nund bald",
                "Gruß\nAnna",
            ),
        ),
        (
            "Bitte für Hof\n-- \nAnna\nTel. 09281 1\n\nPS. Danke nochmal\n\nBüro: Zimmer 3",
            text(
                "Bitte für Hof\n\nPS. Danke nochmal",
                "-- \nAnna\nTel. 09281 1\n\nBüro: Zimmer 3",
            ),
        ),
        (
            "Bitte für Hof\n\nGruß Anna\n\nNachtrag: gemeint ist der Landkreis",
            text(
                "Bitte für Hof\n\nNachtrag: gemeint ist der Landkreis",
                "Gruß Anna",
            ),
        ),
        // a Verbandsgemeinde is no greeting
        (
            "Antrag bitte\nVG Montabaur\nBeirat für Migration und Integration",
            text(
                "Antrag bitte\nVG Montabaur\nBeirat für Migration und Integration",
                "",
            ),
        ),
        (
            "Antrag für Hof\n\nVG Anna",
            text("Antrag für Hof", "VG Anna"),
        ),
        (
            "Hallo und danke!\nStadt Hof\nAusländerbeirat",
            text("Hallo und danke!\nStadt Hof\nAusländerbeirat", ""),
        ),
        (
            "Bitte für Hof\nLiebe Grüße und danke\nVerein Coburg",
            text("Bitte für Hof\nLiebe Grüße und danke", "Verein Coburg"),
        ),
        // what thanks stays text
        (
            "Vielen Dank!\nAnna Berger",
            text("Vielen Dank!", "Anna Berger"),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(plain(body), expected, "{body}");
    }
}

#[test]
fn signatures_without_a_closing() {
    let cases = [
        ("Bitte für Hof\n\nAnna", text("Bitte für Hof", "Anna")),
        (
            "Bitte für Hof.\nAnna\n09281 123456",
            text("Bitte für Hof.", "Anna\n09281 123456"),
        ),
        (
            "Bitte für Hof\n\nAnna\nVerein Bunt, Coburg\nanna@verein.example",
            text(
                "Bitte für Hof",
                "Anna\nVerein Bunt, Coburg\nanna@verein.example",
            ),
        ),
        (
            "Bitte für Hof\n\n____________________\nAnna\nVerein Bunt, Coburg",
            text(
                "Bitte für Hof",
                "____________________\nAnna\nVerein Bunt, Coburg",
            ),
        ),
        (
            "Bitte für Hof\n---\nVerein Bunt, Coburg\nTel 09561 123",
            text("Bitte für Hof", "---\nVerein Bunt, Coburg\nTel 09561 123"),
        ),
        // a divider is none
        (
            "Kommune Hof\n-----\nBeirat Ausländerbeirat",
            text("Kommune Hof\n-----\nBeirat Ausländerbeirat", ""),
        ),
        // somebody writes below the signature that the program has set
        (
            "-- \nAnna Berger\nTel. 09281 1\n\nBitte den Antrag für Hof.\nDanke",
            text(
                "Bitte den Antrag für Hof.\nDanke",
                "-- \nAnna Berger\nTel. 09281 1",
            ),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(plain(body), expected, "{body}");
    }
}

#[test]
fn lines_of_phones_and_programs() {
    let lines = [
        "Von meinem iPhone gesendet",
        "Von meinem/meiner Galaxy gesendet",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Von meinem Handy gesendet, bitte Tippfehler entschuldigen",
        "Gesendet von Mail für Windows",
        "Gesendet von Mail für Windows 10",
        "Gesendet mit der GMX Mail App",
        "Gesendet mit der WEB.DE Mail App",
        "Gesendet mit der Telekom Mail App",
        "Gesendet von meinem Xiaomi",
        "Gesendet von Outlook für Android<https://aka.example/AAb9ysg>",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.example/AAb9ysg>",
        "Holen Sie sich Outlook für iOS<https://aka.example/o0ukef>",
        "Outlook für Android herunterladen",
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent with Proton Mail secure email.",
        "Envoyé de mon iPhone",
        "iPhone'umdan gönderildi",
        "Verzonden vanaf mijn iPhone",
        "Отправлено с iPhone",
    ];
    for line in lines {
        let read = plain(&format!("Bitte für Hof\n\n{line}"));
        assert_eq!(read, text("Bitte für Hof", line), "{line}");
    }
    let said = [
        "Von meinem Büro aus schicke ich gern mehr.",
        "Gesendet mit Gruß von wem? Bitte Antrag für Hof.",
    ];
    for line in said {
        assert_eq!(plain(line), text(line, ""));
    }
}

#[test]
fn letterheads() {
    let letter = "Sehr geehrte Damen und Herren,\n\nbitte für Hof.";
    let heads = [
        "Integrationsbeirat der Stadt Weiden\nRathaus, Markt 1\n92637 Weiden",
        "Integrationsbeirat Weiden\nTel. 0961 12345",
        "Integrationsbeirat Weiden · Markt 1 · 92637 Weiden · info@weiden.example",
        "Weiden, den 3. März 2026",
        "Weiden i. d. OPf., 03.03.2026",
    ];
    for head in heads {
        let read = plain(&format!("{head}\n\n{letter}"));
        assert_eq!(read, text(letter, head), "{head}");
    }
    let said = [
        "Ausländerbeirat Hof\nMusterantrag",
        "Betreff: Musterantrag für Hof",
        "Stadt Hof\nAusländerbeirat",
        "Kommune: Hof\nTelefon: 09281 123",
    ];
    for head in said {
        let body = format!("{head}\n\n{letter}");
        assert_eq!(plain(&body), text(&body, ""), "{head}");
    }
}

#[test]
fn boilerplate_is_nobody_s_words() {
    let bottom = [
        "Diese E-Mail der Stadt Weiden kann vertrauliche Informationen\nenthalten. Bitte löschen.",
        "Der Inhalt dieser E-Mail ist vertraulich und ausschließlich für den\nbezeichneten Adressaten bestimmt.",
        "Bitte prüfen Sie, ob diese Mail ausgedruckt werden muss.",
        "Bitte denken Sie an die Umwelt, bevor Sie diese Mail ausdrucken.",
        "This e-mail may contain confidential information. If you are not the\nintended recipient, delete it.",
        "CONFIDENTIALITY NOTICE: the contents of this message are intended\nsolely for the addressee.",
        "Diese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.\nwww.avast.example",
        "Virus-free. www.avast.example",
        "Informationen zum Datenschutz finden Sie unter www.weiden.example",
    ];
    for note in bottom {
        let read = plain(&format!("Bitte für Hof\n\n{note}"));
        assert_eq!(read, text("Bitte für Hof", ""), "{note}");
        let read = plain(&format!("Bitte für Hof\n\nGruß\nAnna\n\n{note}"));
        assert_eq!(read, text("Bitte für Hof", "Gruß\nAnna"), "{note}");
    }
    let said = [
        "Unser Sprecher kommt von außerhalb, der Antrag von externen Fachleuten.",
        "Die Sitzung ist vertraulich und der Antrag geht an die Umweltverwaltung Hof.",
        "Achtung, es eilt!\nAntrag für Hof",
        "Hinweis: es ist der Landkreis Hof.",
    ];
    for body in said {
        assert_eq!(plain(body), text(body, ""), "{body}");
    }
    let top = [
        "[EXTERN]",
        "Achtung: Diese E-Mail stammt von außerhalb der Stadtverwaltung.\nKlicken Sie nicht auf Links.",
        "ACHTUNG! Diese E-Mail kommt von außerhalb der Organisation.",
        "Externe E-Mail: Bitte vorsichtig sein.",
        "CAUTION: This email originated from outside of the organization. Do\nnot click links unless you know the sender.",
        "Sie erhalten nicht häufig E-Mails von anna@verein.example. Erfahren Sie, warum dies wichtig ist",
        "You don't often get email from anna@verein.example. Learn why this is important",
    ];
    for banner in top {
        for gap in ["\n", "\n\n"] {
            let read = plain(&format!("{banner}{gap}Bitte für Hof\nund bald"));
            assert_eq!(read, text("Bitte für Hof\nund bald", ""), "{banner}");
        }
    }
}
