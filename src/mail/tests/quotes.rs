use super::{Text, html, plain};

fn text(new: &str, signature: &str, quoted: &str) -> Text {
    Text {
        new: new.to_owned(),
        signature: signature.to_owned(),
        quoted: quoted.to_owned(),
    }
}

/// Attributions of programs: all of them announce a quote that is not marked.
const ATTRIBUTIONS: &[&str] = &[
    // German
    "Am 03.11.2025 um 10:12 schrieb Anna Berger:",
    "Am 03.11.25 um 10:12 schrieb Anna Berger:",
    "Am 03.11.2025 um 10:12 schrieb Anna Berger <anna@verein.example>:",
    "Am Mo., 3. Nov. 2025 um 10:12 Uhr schrieb Anna Berger <anna@verein.example>:",
    "Am Mo., 3. Nov. 2025 um 10:12 Uhr schrieb Anna Berger <\nanna@verein.example>:",
    "Am Montag, 3. November 2025 um 10:12:13 MEZ hat Anna Berger\n<anna@verein.example> Folgendes geschrieben:",
    "Am Montag, dem 03.11.2025 um 10:12 +0100 schrieb Anna Berger:",
    "Am Montag, 3. November 2025, 10:12:00 CET schrieb Anna Berger:",
    "Am 3. November 2025 10:12:00 MEZ schrieb Anna Berger <anna@verein.example>:",
    "Am 2025-11-03 10:12, schrieb Anna Berger:",
    "Am Montag, 3. November\n2025 um 10:12 schrieb Anna\nBerger <anna@verein.example>:",
    "Anna Berger <anna@verein.example> schrieb am Mo., 3. Nov. 2025, 10:12:",
    "Anna Berger schrieb am 03.11.2025 10:12:",
    "\"Anna Berger\" <anna@verein.example> schrieb am 03.11.2025 10:12:00:",
    "Anna Berger <anna@verein.example> hat am 03.11.2025 10:12 CET geschrieben:",
    "<anna@verein.example> schrieb am 03.11.2025 10:12:",
    "*Am 03.11.2025 um 10:12 schrieb Anna Berger <anna@verein.example>:*",
    // English
    "On Mon, 3 Nov 2025 at 10:12, Anna Berger <anna@verein.example> wrote:",
    "On Mon, Nov 3, 2025 at 10:12 AM Anna Berger <anna@verein.example>\nwrote:",
    "On Monday, November 3rd, 2025 at 10:12 AM, Anna Berger <anna@verein.example> wrote:",
    "On Nov 3, 2025, at 10:12 AM, Anna Berger <anna@verein.example> wrote:",
    "On Mon, Nov 03, 2025 at 10:12:00AM +0100, Anna Berger wrote:",
    "On 2025-11-03 10:12, Anna Berger wrote:",
    // French, Turkish
    "Le lun. 3 nov. 2025 à 10:12, Anna Berger <anna@verein.example> a écrit :",
    "Le 3 nov. 2025 à 10:12, Anna Berger <anna@verein.example> a écrit :",
    "Anna Berger <anna@verein.example>, 3 Kas 2025 Pzt, 10:12 tarihinde şunu\nyazdı:",
    "3 Kas 2025 tarihinde 10:12 saatinde, Anna Berger <anna@verein.example> şunu yazdı:",
    "Anna Berger <anna@verein.example> şunları yazdı (3 Kas 2025 10:12):",
    // others
    "El lun, 3 nov 2025 a las 10:12, Anna Berger (<anna@verein.example>) escribió:",
    "Il giorno lun 3 nov 2025 alle ore 10:12 Anna Berger <anna@verein.example> ha scritto:",
    "Op ma 3 nov 2025 om 10:12 schreef Anna Berger <anna@verein.example>:",
    "pon., 3 lis 2025 o 10:12 Anna Berger <anna@verein.example> napisał(a):",
    "пн, 3 нояб. 2025 г. в 10:12, Anna Berger <anna@verein.example>:",
    "пн, 3 лист. 2025 р. о 10:12 Anna Berger <anna@verein.example> пише:",
    "في الاثنين، 3 نوفمبر 2025 في 10:12 ص كتب Anna Berger <anna@verein.example>:",
    "في ٣‏/١١‏/٢٠٢٥، الساعة ١٠:١٢ ص، كتب/كتبت Anna Berger <anna@verein.example>:",
    "Em seg., 3 de nov. de 2025 às 10:12, Anna Berger <anna@verein.example> escreveu:",
    // headers of programs
    "-----Ursprüngliche Nachricht-----\nVon: Anna Berger",
    "----- Original Message -----",
    "-----Original Message-----",
    "-------- Original-Nachricht --------",
    "---------- Weitergeleitete Nachricht ----------",
    "---------- Forwarded message ---------",
    "--------- Message transféré ---------",
    "-----Message d'origine-----",
    "-----Özgün İleti-----",
    "---------- Yönlendirilmiş ileti ----------",
    "---------- Forwarded message ----------\nKimden: Anna Berger",
    "---------- Пересылаемое сообщение ---------",
    "-----Oorspronkelijk bericht-----",
    "----- Weitergeleitet von Anna Berger/Stadt am 03.11.2025 10:12 -----",
    "----- Forwarded by Anna Berger/Stadt on 11/03/2025 10:12 AM -----",
    "-----Anna Berger/Stadt schrieb: -----",
    "Anfang der weitergeleiteten Nachricht:",
    "Begin forwarded message:",
    "Début du message réexpédié :",
    "________________________________\nVon: Anna Berger <anna@verein.example>\nGesendet: Montag, 3. November 2025 10:12\nAn: antrag@example.org\nBetreff: Antrag",
    "Von: Anna Berger [mailto:anna@verein.example] \nGesendet: Montag, 3. November 2025 10:12\nAn: antrag@example.org\nCc: Ali;\n  Veli\nBetreff: Antrag",
    "*Von:* Anna\n*Gesendet:* Montag\n*An:* Ali\n*Betreff:* Antrag",
    "Von:\tAnna\nGesendet:\tMontag, 3. November 2025 10:12\nAn:\tAli\nBetreff:\tAntrag",
    "Gesendet: Montag, 3. November 2025 um 10:12 Uhr\nVon: \"Anna\" <anna@verein.example>\nAn: Ali\nBetreff: Antrag",
    "Von: Anna <anna@verein.example>\nDatum: Montag, 3. November 2025 um 10:12\nAn: Ali\nBetreff: Antrag",
    "Von: Anna\n\nGesendet: Montag\n\nAn: Ali\n\nBetreff: Antrag",
    "Von:\nAnna Berger\nGesendet:\nMontag\nAn:\nAli\nBetreff:\nAntrag",
    "Von: Anna <anna@verein.example> Gesendet: Montag, 3. November 2025 10:12 An: Ali Betreff: Antrag",
    "From: Anna\nSent: Monday, November 3, 2025 10:12 AM\nTo: Ali\nSubject: Motion",
    "De : Anna\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Ali\nObjet : Motion",
    "Kimden: Anna\nGönderilen: 3 Kasım 2025 Pazartesi 10:12\nKime: Ali\nKonu: Önerge",
    "Od: Anna\nWysłano: 3 listopada 2025 10:12\nDo: Ali\nTemat: Wniosek",
    "Van: Anna\nVerzonden: maandag 3 november 2025 10:12\nAan: Ali\nOnderwerp: Motie",
    "De: Anna\nEnviado: lunes, 3 de noviembre de 2025 10:12\nPara: Ali\nAsunto: Moción",
    "Da: Anna\nInviato: lunedì 3 novembre 2025 10:12\nA: Ali\nOggetto: Mozione",
    "От: Anna\nОтправлено: 3 ноября 2025 г. 10:12\nКому: Ali\nТема: Заявка",
];

#[test]
fn heads_of_quotes_are_known_in_all_usual_forms() {
    for head in ATTRIBUTIONS {
        let read = plain(&format!("Stadt Hof\n\n{head}\n\nStadt Coburg\n"));
        assert_eq!(read.new, "Stadt Hof", "{head}");
        assert!(read.quoted.ends_with("Stadt Coburg"), "{head}");
        assert!(read.signature.is_empty(), "{head}");
    }
}

#[test]
fn below_marked_quotes_the_writer_goes_on() {
    for head in ATTRIBUTIONS {
        let read = plain(&format!("{head}\n> Welche Stadt?\n\nStadt Hof\n"));
        assert_eq!(read.new, "Stadt Hof", "{head}");
    }
}

#[test]
fn what_a_person_says_is_no_head_of_a_quote() {
    let bodies = [
        "Frau Yilmaz schrieb mir:\nBitte einen Antrag für Hof.",
        "Frau Yilmaz schrieb: Bitte einen Antrag für Hof.",
        "Am 3. Mai schrieb uns der Stadtrat:\nBitte einen Antrag.",
        "Am 3. Mai 2026 um 19:00 tagt der Rat. Tagesordnung:\nAntrag für Hof",
        "Am 3. Mai 2026 um 19:00 schrieb mir Frau Yilmaz (yilmaz@hanau.example):\nBitte einen Antrag für Hof.",
        "Am 3. Mai ist die Sitzung.\nWir brauchen:\nAntrag für Hof",
        "On 3 May we meet in Hof. We need:\n- a motion",
        "An: den Stadtrat\nBetreff: Musterantrag\n\nBitte für Hof",
        "Von: Ausländerbeirat Hof\nAn: den Stadtrat\nBetreff: Musterantrag\n\nBitte bald",
        "Von: Ausländerbeirat Hof\nAn: den Stadtrat\nDatum: 3. Mai 2026\nBetreff: Musterantrag\n\nBitte bald",
        "Betreff: Musterantrag\nKommune: Hof\nBeirat: Ausländerbeirat",
        "Kommune: Hanau\nBeirat: Ausländerbeirat\nDatum: 3.5.2026",
        "Hier die ursprüngliche Nachricht des Landratsamts:\nKein Antrag für Hof.",
        "a\n----------\nb",
        "Unterschrieben haben wir am 3.5.2026 um 10:12:\nAntrag für Hof",
    ];
    for body in bodies {
        assert_eq!(plain(body), text(body, "", ""), "{body}");
    }
}

#[test]
fn heads_take_no_line_of_the_writer_along() {
    let cases = [
        (
            "Bitte für Hof\nAm 03.11.2025 um 10:12 schrieb Anna Berger\n<anna@verein.example>:\n> alt",
            text(
                "Bitte für Hof",
                "",
                "Am 03.11.2025 um 10:12 schrieb Anna Berger\n<anna@verein.example>:\nalt",
            ),
        ),
        (
            "Am 3. Mai ist Sitzung in Hof\nAm 03.11.25 um 10:12 schrieb Anna:\n> alt",
            text(
                "Am 3. Mai ist Sitzung in Hof",
                "",
                "Am 03.11.25 um 10:12 schrieb Anna:\nalt",
            ),
        ),
        (
            "-----Ursprüngliche Nachricht-----\n> Von: x\n> alt\n\nantwort\n\n> alt 2\nantwort 2",
            text(
                "antwort\n\nantwort 2",
                "",
                "-----Ursprüngliche Nachricht-----\nVon: x\nalt\n\nalt 2",
            ),
        ),
        (
            "> Welche Stadt?\nHof\n> Welches Gremium?\nAusländerbeirat\n-- \nAnna",
            text(
                "Hof\n\nAusländerbeirat",
                "-- \nAnna",
                "Welche Stadt?\n\nWelches Gremium?",
            ),
        ),
        (
            "Anna Berger schrieb:\n> Welche Stadt?\nHof",
            text("Hof", "", "Anna Berger schrieb:\nWelche Stadt?"),
        ),
        (
            "Hof\n\n> ---------- Forwarded message ---------\n> Von: x\n> alt\n\nmit Ausländerbeirat",
            text(
                "Hof\n\nmit Ausländerbeirat",
                "",
                "---------- Forwarded message ---------\nVon: x\nalt",
            ),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(plain(body), expected, "{body}");
    }
}

#[test]
fn an_answer_stands_below_a_quote_that_holds_outlook_s_mark() {
    let read = html(
        "<blockquote type=cite><p>alt</p><div id=divRplyFwdMsg>Von: x</div><p>älter</p></blockquote><p>Hof</p>",
    );
    assert_eq!(read, text("Hof", "", "alt\nVon: x\n\nälter"));
}
