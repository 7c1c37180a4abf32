use proptest::prelude::{Strategy, any, proptest};

use super::*;

mod hostile;
mod pages;
mod quotes;
mod signatures;
mod structure;

fn new_text(raw: &str) -> String {
    parse(raw.as_bytes()).text.new
}

/// A mail with this content type and body.
fn mail_of(content_type: &str, body: &str) -> String {
    format!("From: Anna <anna@verein.example>\nContent-Type: {content_type}\n\n{body}")
}

fn plain(body: &str) -> Text {
    parse(mail_of("text/plain; charset=utf-8", body).as_bytes()).text
}

fn html(body: &str) -> Text {
    parse(mail_of("text/html; charset=utf-8", body).as_bytes()).text
}

#[test]
fn any_bytes_are_read() {
    let whole_page: Vec<u8> = (0..=255).collect();
    let nested: String = (0..500)
        .map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"))
        .collect();
    let rows = "<table><tr><td>".repeat(60_000);
    let cases: [&[u8]; 14] = [
        b"",
        b"\n",
        b"\r\n\r\n",
        b":",
        b"From",
        b"From ",
        b"From: <\n\n",
        b"\xFF\xFE\x00",
        b"Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx\n----\n",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b",
        b"Content-Transfer-Encoding: base64\n\n====",
        &whole_page,
        nested.as_bytes(),
        rows.as_bytes(),
    ];
    for case in cases {
        assert_eq!(parse(case).fingerprint.len(), 64);
    }
}

#[test]
fn a_large_mail_is_cut() {
    let mut raw = mail_of("text/plain", "Bitte den Antrag.\n\n").into_bytes();
    raw.resize(30 * 1024 * 1024, b'x');
    let text = parse(&raw).text.new;
    assert!(text.starts_with("Bitte den Antrag.\n\nxxx"));
    assert!(text.len() < 1_100_000);
}

#[test]
fn many_tags_and_parts_are_read_quickly_enough_to_finish() {
    let attributes: String = (0..100_000).map(|i| format!(" a{i}")).collect();
    let open = "<div>".repeat(150_000);
    let signs = "< ".repeat(500_000);
    for body in [
        format!("<p {attributes}>x</p>Fürth"),
        open + "Fürth",
        signs + "Fürth",
    ] {
        assert!(html(&body).new.ends_with("Fürth"));
    }
    let parts = "--b\n\nx\n".repeat(500_000);
    let text = new_text(&mail_of("multipart/mixed; boundary=b", &parts));
    assert_eq!(text.matches('x').count(), 500);
}

#[test]
fn header_fields() {
    let raw = "From v@x.example Mon Jan 12 09:14:02 2026\n\
        Return-Path: <v@x.example>\n\
        From: =?iso-8859-1?Q?M=FCller=2C_Anna?= <anna@verein.example>\n\
        Reply-To: \"Büro, Verein\" <buero@verein.example>, zwei@verein.example\n\
        Subject: =?utf-8?Q?Musterantrag_f=C3=BCr?=\n =?utf-8?Q?_F=C3=BCrth?=\n\
        Message-ID: <1@x>\n\
        In-Reply-To: <2@x>\n\
        References: <3@x>\n\t<2@x>\n\
        X-Loop: Antrag@Example.org\n\n\
        Hallo\n";
    let mail = parse(raw.as_bytes());
    let address = |name: &str, email: &str| {
        Some(Address {
            name: Some(name.to_owned()),
            email: email.to_owned(),
        })
    };
    assert_eq!(mail.from, address("Müller, Anna", "anna@verein.example"));
    assert_eq!(
        mail.reply_to,
        address("Büro, Verein", "buero@verein.example")
    );
    assert_eq!(mail.reply_address().unwrap().email, "buero@verein.example");
    assert_eq!(mail.subject.as_deref(), Some("Musterantrag für Fürth"));
    assert_eq!(mail.message_id, MessageId::parse("1@x"));
    assert_eq!(mail.in_reply_to, [MessageId::parse("2@x").unwrap()]);
    assert_eq!(mail.references.len(), 2);
    assert_eq!(mail.loops, ["antrag@example.org"]);
    assert_eq!(mail.text.new, "Hallo");
}

#[test]
fn senders_in_odd_forms() {
    let cases: [(&[u8], &str, &str); 8] = [
        (
            b"From: a@b.example (Anna Berger)\n\n",
            "Anna Berger",
            "a@b.example",
        ),
        (b"From: <a@b.example>\n\n", "", "a@b.example"),
        (b"From: a@b.example\n\n", "", "a@b.example"),
        (b"From: Bj\xF6rn <a@b.example>\n\n", "Björn", "a@b.example"),
        (
            b"From: Gruppe: a@b.example, c@d.example;\n\n",
            "",
            "a@b.example",
        ),
        (b"From: undisclosed-recipients:;\n\n", "", ""),
        (b"From: <>\n\n", "", ""),
        (b"Subject: x\n\n", "", ""),
    ];
    for (raw, name, email) in cases {
        let from = parse(raw).from;
        let read = from.as_ref().map_or(("", ""), |from| {
            (from.name.as_deref().unwrap_or(""), from.email.as_str())
        });
        assert_eq!(read, (name, email), "{}", String::from_utf8_lossy(raw));
    }
}

#[test]
fn subjects_in_odd_forms() {
    let cases = [
        ("Antrag für  Fürth", "Antrag für Fürth"),
        ("=?utf-8?Q?F=C3?= =?utf-8?Q?=BCrth?=", "Fürth"),
        (
            "=?utf-8?B?RsM=?= =?utf-8?B?vHJ0aA==?=",
            "F\u{FFFD}\u{FFFD}rth",
        ),
        ("=?utf-8?B?RsO8?= =?utf-8?B?cnRo?=", "Fürth"),
        (
            "=?utf-8?Q?F=C3=BC?= =?iso-8859-1?Q?r_M=FCnchen?=",
            "Für München",
        ),
        ("=?kaputt?= Hof", "=?kaputt?= Hof"),
        ("=?x-unbekannt?Q?Hof?=", "Hof"),
    ];
    for (subject, expected) in cases {
        let mail = parse(format!("Subject: {subject}\n\n").as_bytes());
        assert_eq!(mail.subject.as_deref(), Some(expected), "{subject}");
    }
}

#[test]
fn the_fingerprint_is_of_what_was_sent() {
    let of = |raw: &str| parse(raw.as_bytes()).fingerprint;
    let sent = of("From: a@b\nSubject: x\n\nHallo\nWelt\n");
    assert_eq!(
        sent,
        of("Received: by y\r\nFrom: a@b\r\nSubject: x\r\n\r\nHallo\r\nWelt\r\n\r\n")
    );
    assert_ne!(sent, of("From: a@b\nSubject: x\n\nHallo Welt\n"));
    assert_ne!(sent, of("From: a@b\nSubject: y\n\nHallo\nWelt\n"));
}

#[test]
fn parts_that_are_text() {
    let alternative = "--b\nContent-Type: text/plain\n\nText\n--b\nContent-Type: text/html\n\n<p>Text</p>\n--b--\n";
    let stub = "--b\nContent-Type: text/plain\n\nPlease open the web version.\n--b\nContent-Type: text/html\n\n<p>Der Ausländerbeirat bittet sehr.</p>\n--b--\n";
    let files = "--b\n\nText\n--b\nContent-Type: text/plain; name=a.txt\n\nDatei\n\
        --b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nDatei\n\
        --b\nContent-Type: message/rfc822\n\nSubject: x\n\nAlt\n\
        --b\nContent-Type: text/vcard\n\nBEGIN:VCARD\n--b\n\nmehr Text\n--b--\nNachspann";
    let signed = "--b\n\nText\n--b\nContent-Type: text/plain\n\nUnterschrift\n--b--\n";
    let nested = "--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\nText\n--bb--\n--b\n\nFuß\n--b--\n";
    let cases = [
        ("multipart/alternative; boundary=b", alternative, "Text"),
        (
            "multipart/alternative; boundary=b",
            stub,
            "Der Ausländerbeirat bittet sehr.",
        ),
        ("multipart/mixed; boundary=b", files, "Text\n\nmehr Text"),
        ("multipart/signed; boundary=\"b\"", signed, "Text"),
        ("multipart/mixed; boundary=b", nested, "Text\nFuß"),
        ("multipart/mixed; boundary=c", "Text", "Text"),
        ("multipart/mixed", "Text", "Text"),
        ("application/pdf", "Text", ""),
        ("text/calendar", "BEGIN:VCALENDAR", ""),
        ("unsinn", "Text", "Text"),
        ("text/plain; name=text.txt", "Text", "Text"),
    ];
    for (content_type, body, expected) in cases {
        assert_eq!(
            new_text(&mail_of(content_type, body)),
            expected,
            "{content_type}\n{body}"
        );
    }
}

#[test]
fn transfer_encodings() {
    let cases = [
        (
            "quoted-printable",
            "F=C3=BCrth =\nund 1=2, a = b",
            "Fürth und 1=2, a = b",
        ),
        ("QUOTED-PRINTABLE", "F=c3=bcrth", "Fürth"),
        ("base64", "RsO8cnRo\n", "Fürth"),
        (
            "base64",
            "RsO8cnRo\n-- angehängt von einem Gateway --\n",
            "Fürth",
        ),
        ("8bit", "Fürth", "Fürth"),
        ("x-unknown", "Fürth", "Fürth"),
    ];
    for (encoding, body, expected) in cases {
        let raw = format!("Content-Transfer-Encoding: {encoding}\n\n{body}");
        assert_eq!(new_text(&raw), expected, "{encoding}: {body}");
    }
}

#[test]
fn html_is_read_by_blocks() {
    let cases = [
        (
            "<div>Fürth</div><div>Ausländerbeirat</div>",
            "Fürth\nAusländerbeirat",
        ),
        (
            "F&uuml;r&shy;th&nbsp;<b>am</b> Main<br>x",
            "Fürth am Main\nx",
        ),
        ("a<p>b<p>c", "a\n\nb\n\nc"),
        (
            "<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal>b</p>",
            "a\nb",
        ),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        (
            "a<style>p{}</style><script>x</script><!-- y --><![if !mso]>b<![endif]>",
            "ab",
        ),
        ("<html><head><title>t</title><body>a", "a"),
        (
            "a<span style='DISPLAY : none'>b</span><span hidden>c</span>d",
            "ad",
        ),
        (
            "<div style=\"font-size:0px\">a</div><div style=\"font-size:0.9em\">b</div>",
            "b",
        ),
        (
            "<s>Ausländerbeirat</s> Integrationsbeirat",
            "Integrationsbeirat",
        ),
        ("a < b und c > d", "a < b und c > d"),
        (
            "<blockquote style='margin:0 0 0 40px;border:none'>eingerückt</blockquote>",
            "eingerückt",
        ),
        ("a<img src='data:image/png;base64,AAAA'>b", "ab"),
    ];
    for (body, expected) in cases {
        assert_eq!(html(body).new, expected, "{body}");
    }
}

#[test]
fn tables_are_read_by_fields() {
    let cases = [
        (
            "<table><tr><td>Kommune<td>Fürth<tr><td>Beirat:<td>Ausländerbeirat</table>",
            "Kommune: Fürth\nBeirat: Ausländerbeirat",
        ),
        (
            "<table><tr><td><b>Kommune</b></td><td><p><b>Beirat</b></p></td></tr><tr><td>Fürth</td><td>Ausländerbeirat</td></tr></table>",
            "Kommune: Fürth\nBeirat: Ausländerbeirat",
        ),
        (
            "<table><thead><tr><th>Kommune<th>Beirat<th>Rat<tbody><tr><td>Fürth<td>ABR<td><tr><td>Hof<td>IBR<td>Stadtrat</table>",
            "Kommune: Fürth\nBeirat: ABR\n\nKommune: Hof\nBeirat: IBR\nRat: Stadtrat",
        ),
        ("<table><tr><td>a<td>b<td>c</table>", "a | b | c"),
        (
            "<table><tr><td><p>Guten Tag,</p><p>bitte</p></td><td>x</td></tr></table>y",
            "Guten Tag,\n\nbitte\nx\n\ny",
        ),
        (
            "<table><tr><td><table><tr><td>Kommune<td>Fürth</table></table>",
            "Kommune: Fürth",
        ),
        ("<td>lose</td><tr>Zelle</table>", "lose\nZelle"),
    ];
    for (body, expected) in cases {
        assert_eq!(html(body).new, expected, "{body}");
    }
}

#[test]
fn quotes_in_text() {
    let cases = [
        ("neu\n\nAm 3.3.26 um 9:00 schrieb Anna:\n> alt", "neu"),
        (
            "neu\n\nAm 3. März 2026 um 09:00 schrieb\nAnna <a@b.example>:\n\n> alt",
            "neu",
        ),
        (
            "neu\n\nOn Tue, 3 Mar 2026 at 09:00, Anna <a@b.example> wrote:\n\nalt",
            "neu",
        ),
        (
            "neu\n\nLe 3 mars 2026 à 09:00, Anna <a@b.example> a écrit :\n> alt",
            "neu",
        ),
        (
            "neu\n\nAnna <a@b.example>, 3 Mar 2026 Sal, 09:00 tarihinde şunu yazdı:\n\n> alt",
            "neu",
        ),
        (
            "neu\n\nAnna hat am 03.03.2026 09:00 CET geschrieben:\n\n\nalt",
            "neu",
        ),
        ("neu\n\nZitat von Anna <a@b.example>:\n\n> alt", "neu"),
        (
            "neu\n\n-----Ursprüngliche Nachricht-----\nVon: x\n\nalt",
            "neu",
        ),
        ("neu\n\n----- Original Message -----\nalt", "neu"),
        (
            "neu\n\n---------- Forwarded message ---------\nFrom: x\n\nalt",
            "neu",
        ),
        (
            "neu\n\nAnfang der weitergeleiteten Nachricht:\n\n> Von: x\n> alt",
            "neu",
        ),
        (
            "neu\n\n________________________________\nVon: x\nGesendet: y\nAn: z\nBetreff: b\n\nalt",
            "neu",
        ),
        (
            "neu\n\n*Von:* x\n*Gesendet:* y\n*An:* z;\n  zz\n*Betreff:* b\nalt",
            "neu",
        ),
        ("neu\n\nDe : x\nEnvoyé : y\nÀ : z\nObjet : b\n\nalt", "neu"),
        (
            "neu\n\nKimden: x\nTarih: 3 Mart 2026 09:00\nKonu: b\nalt",
            "neu",
        ),
        (
            "neu\n\n>>> Anna <a@b.example> 03.03.26 09:00 >>>\nalt",
            "neu",
        ),
        ("> alt\nantwort\n> alt\n\nnoch eine", "antwort\n\nnoch eine"),
        (
            "-----Ursprüngliche Nachricht-----\n> Von: x\n> alt\n\nantwort",
            "antwort",
        ),
        // What only looks like a quote stays.
        (
            "Am 3. Mai schrieb uns der Stadtrat:\nBitte einen Antrag.",
            "Am 3. Mai schrieb uns der Stadtrat:\nBitte einen Antrag.",
        ),
        (
            "An: Antragsbote\nBetreff: Antrag",
            "An: Antragsbote\nBetreff: Antrag",
        ),
        ("a\n----------\nb", "a\n----------\nb"),
    ];
    for (body, expected) in cases {
        assert_eq!(plain(body).new, expected, "{body}");
    }
}

#[test]
fn quotes_in_html() {
    let cases = [
        "neu<blockquote type=cite>alt</blockquote>",
        "neu<div class=\"gmail_quote\"><div class=gmail_attr>Am 3.3. schrieb x:</div><blockquote>alt</blockquote></div>",
        "neu<hr><div id=divRplyFwdMsg><b>Von:</b> x</div><div>alt</div>",
        "neu<div id=\"mail-editor-reference-message-container\">alt</div>",
        "neu<div style='border-top:solid 1pt'><p class=MsoNormal><b>Von:</b> x<br><b>Gesendet:</b> y<br><b>An:</b> z<br><b>Betreff:</b> b</p></div><p>alt</p>",
        "neu<div name=quote>alt</div>",
    ];
    for body in cases {
        let text = html(body);
        assert_eq!(text.new, "neu", "{body}");
        assert!(
            text.quoted
                .contains(if body.contains("alt") { "alt" } else { "Von" }),
            "{body}"
        );
    }
    let between =
        html("<blockquote>Frage?</blockquote><div>Stadt Hof</div><blockquote>Ende</blockquote>");
    assert_eq!(between.new, "Stadt Hof");
}

#[test]
fn signatures() {
    let cases = [
        ("neu\n-- \nAnna\nStadt Hof", "neu", "-- \nAnna\nStadt Hof"),
        ("neu\n--\nAnna", "neu", "--\nAnna"),
        (
            "neu\n\nMit freundlichen Grüßen\n\nAnna Berger\nTel.: 0911 12345\nwww.verein.example",
            "neu",
            "Mit freundlichen Grüßen\n\nAnna Berger\nTel.: 0911 12345\nwww.verein.example",
        ),
        (
            "neu\n\nViele Grüße aus Hof\nAnna",
            "neu",
            "Viele Grüße aus Hof\nAnna",
        ),
        (
            "neu\nGruß\nAnna\n\nPS: Bitte als Word-Datei.",
            "neu\n\nPS: Bitte als Word-Datei.",
            "Gruß\nAnna",
        ),
        (
            "LG Anna\n\nKommune: Hof\nBeirat: Ausländerbeirat",
            "Kommune: Hof\nBeirat: Ausländerbeirat",
            "LG Anna",
        ),
        (
            "neu\n\nVon meinem iPhone gesendet",
            "neu",
            "Von meinem iPhone gesendet",
        ),
        (
            "neu\n\nGesendet mit der Mail App\n",
            "neu",
            "Gesendet mit der Mail App",
        ),
        ("neu\n\nSent from my phone", "neu", "Sent from my phone"),
        ("Vielen Dank!\nAnna Berger", "Vielen Dank!", "Anna Berger"),
        ("neu\n\nAnna", "neu", "Anna"),
        (
            "Grüße, wir brauchen bitte den Antrag für Hof",
            "Grüße, wir brauchen bitte den Antrag für Hof",
            "",
        ),
        (
            "Grüß Gott,\nbitte den Antrag",
            "Grüß Gott,\nbitte den Antrag",
            "",
        ),
    ];
    for (body, new, signature) in cases {
        let text = plain(body);
        assert_eq!(
            (text.new.as_str(), text.signature.as_str()),
            (new, signature),
            "{body}"
        );
    }
}

#[test]
fn disclaimers_are_nobody_s_words() {
    let text = plain(
        "neu\n\nGruß\nAnna\n\nDiese E-Mail der Stadt Hof kann vertrauliche Informationen\nenthalten. Bitte löschen.",
    );
    assert_eq!(text.new, "neu");
    assert_eq!(text.signature, "Gruß\nAnna");
    assert_eq!(text.quoted, "");
}

#[test]
fn disclaimers_do_not_take_the_text_above_along() {
    let text = html(
        "<div>neu</div><div>Gruß</div><div>Anna</div>\
        <div>Diese Nachricht der Stadt Hof enthält</div><div>vertrauliche Informationen.</div>",
    );
    assert_eq!(
        (text.new.as_str(), text.signature.as_str()),
        ("neu", "Gruß\nAnna")
    );
}

#[test]
fn the_armour_of_signed_text_is_no_text() {
    let body = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nneu\n\
        -----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n";
    assert_eq!(plain(body).new, "neu");
}

#[test]
fn encrypted_mail_is_recognised() {
    use Legibility::{Encrypted, Readable};
    let armour = "\n-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n";
    let cases = [
        (
            "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
            "--b--",
            Encrypted,
        ),
        (
            "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
            "MII",
            Encrypted,
        ),
        (
            "application/x-pkcs7-mime; name=\"smime.p7m\"",
            "MII",
            Encrypted,
        ),
        ("text/plain", armour, Encrypted),
        ("text/plain", "Hallo", Readable),
        (
            "multipart/signed; boundary=b",
            "--b\n\nHallo\n--b--",
            Readable,
        ),
    ];
    for (content_type, body, expected) in cases {
        let mail = parse(mail_of(content_type, body).as_bytes());
        assert_eq!(mail.legibility, expected, "{content_type}");
    }
}

#[test]
fn origins() {
    use Origin::{Automatic, Bounce, List, Person};
    let report =
        |kind: &str| format!("Content-Type: multipart/report; report-type={kind}; boundary=b");
    let (bounce, read, abuse) = (
        report("delivery-status"),
        report("disposition-notification"),
        report("feedback-report"),
    );
    let cases = [
        ("", Person),
        ("Auto-Submitted: no", Person),
        ("Auto-Submitted: No; owner=x", Person),
        ("auto-submitted: Auto-Replied (vacation)", Automatic),
        ("Auto-Submitted: auto-notified; owner-email=x", Automatic),
        ("Auto-Submitted: x-whatever", Automatic),
        ("Precedence: auto_reply", Automatic),
        ("Precedence: bulk", List),
        ("Precedence: Junk", List),
        ("Precedence: first-class", Person),
        ("List-Id: <l.example>", List),
        ("List-Unsubscribe: <mailto:x@y>", List),
        (
            "List-Id: <l.example>\nAuto-Submitted: auto-generated",
            Automatic,
        ),
        ("X-Autoreply: yes", Automatic),
        ("X-Auto-Response-Suppress: All", Person),
        ("Subject: Automatic reply: Motion", Automatic),
        (
            "Subject: =?utf-8?q?Abwesenheitsnotiz=3A_Antrag?=",
            Automatic,
        ),
        ("Subject: AW: Automatische Antwort: Antrag", Person),
        (
            "Subject: [Ticket#17] Eingangsbestätigung: Antrag",
            Automatic,
        ),
        ("Return-Path: <>", Bounce),
        ("Return-Path: <>\nAuto-Submitted: auto-replied", Automatic),
        ("Return-Path: <>\nList-Id: <l.example>", List),
        ("From: MAILER-DAEMON@mx.example", Bounce),
        ("From: MAILER-DAEMON (Mail Delivery System)", Bounce),
        ("From: postmaster@mx.example", Person),
        ("From: Mail Delivery System <postmaster@mx.example>", Bounce),
        (
            "From: postmaster@mx.example\nReturn-Path: < >\nAuto-Submitted: auto-replied",
            Bounce,
        ),
        ("X-Failed-Recipients: x@y.example", Bounce),
        (&bounce, Bounce),
        (&read, Automatic),
        (&abuse, Automatic),
        ("Content-Type: text/calendar; method=REPLY", Automatic),
        ("Content-Type: text/calendar; method=cancel", Automatic),
        ("Content-Type: text/calendar; method=REQUEST", Person),
        (
            "Sender: Kalender <calendar-notification@k.example>",
            Automatic,
        ),
    ];
    for (header, expected) in cases {
        let mail = parse(format!("{header}\n\nHallo").as_bytes());
        assert_eq!(mail.origin, expected, "{header}");
    }
    let texts = [
        (
            "From: a@b.example",
            "Ich bin im Urlaub. In dringenden Fällen: Frau Arslan.",
            Automatic,
        ),
        (
            "From: a@b.example",
            "Ich bin ab morgen im Urlaub, bitte schnell den Antrag.",
            Person,
        ),
        (
            "From: a@b.example",
            "Diese E-Mail wurde automatisch erstellt.",
            Automatic,
        ),
        (
            "From: form@b.example\nReply-To: anna@c.example",
            "Diese E-Mail wurde vom Kontaktformular automatisch erstellt.",
            Person,
        ),
    ];
    for (header, text, expected) in texts {
        let mail = parse(format!("{header}\n\n{text}").as_bytes());
        assert_eq!(mail.origin, expected, "{header}: {text}");
    }
}

/// Bytes as broken mail has them.
fn shards() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"\n",
        b"\r\n",
        b"\n\n",
        b":",
        b";",
        b"\"",
        b"=",
        b"?=",
        b"=?utf-8?q?",
        b"=?",
        b"<",
        b">",
        b"(",
        b"\\",
        b"From: ",
        b"Subject: ",
        b"Reply-To: ",
        b"Content-Type: ",
        b"multipart/mixed",
        b"text/html",
        b"; boundary=b",
        b"; charset=",
        b"utf-16",
        b"iso-2022-jp",
        b"utf-7",
        b"gb18030",
        b"; name*0*=",
        b"--b",
        b"--",
        b"Content-Transfer-Encoding: ",
        b"base64",
        b"quoted-printable",
        b"; format=flowed; delsp=yes",
        b"<table>",
        b"<tr>",
        b"<td>",
        b"</td>",
        b"</table>",
        b"<p ",
        b"<blockquote>",
        b"</div>",
        b"<div id=signature>",
        b"<!--",
        b"&",
        b"&#x",
        b"\xFC",
        b"\xC3",
        b"> ",
        b"-- ",
        b"Am 3.3. um 9:00 schrieb x:",
        b"Von: ",
        b"Datum: ",
        b"An: ",
        b"Viele Gr\xFC\xDFe",
    ];
    let shard = proptest::prop_oneof![
        3 => proptest::sample::select(known).prop_map(<[u8]>::to_vec),
        1 => any::<Vec<u8>>(),
    ];
    proptest::collection::vec(shard, 0..60).prop_map(|shards| shards.concat())
}

proptest! {
    #[test]
    fn no_bytes_break_reading(raw in shards()) {
        let mail = parse(&raw);
        assert!(mail.from.is_none_or(|from| from.email.contains('@')));
    }
}
