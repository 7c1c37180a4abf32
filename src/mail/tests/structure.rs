use super::{Legibility, Text, mail_of, parse};

fn read(raw: &str) -> Text {
    parse(raw.as_bytes()).text
}

fn new(text: &str) -> Text {
    Text {
        new: text.to_owned(),
        ..Text::default()
    }
}

#[test]
fn mails_put_together_wrongly() {
    let cases = [
        (
            "From: a@b.example\nSubject: x\nBitte für Hof\nund bald",
            "Bitte für Hof\nund bald",
        ),
        (
            "From: a@b.example\nSubject: ein langer\nBetreff\nTo: c@d.example\n\nBitte für Hof",
            "Bitte für Hof",
        ),
        ("Bitte für Hof\n\nund bald", "Bitte für Hof\n\nund bald"),
        (
            "From: a@b.example\rSubject: x\r\rBitte für Hof\rund bald",
            "Bitte für Hof\nund bald",
        ),
        (
            "From a@b Mon Jan 12 09:14:02 2026\nFrom: a@b.example\n\nHof\n>From Coburg",
            "Hof\nFrom Coburg",
        ),
        ("From: a@b.example\n\nH\0o\0f\u{202E}\u{200B}", "Hof"),
        (
            "Content-Type: text/html\n\nBitte\nfür Hof",
            "Bitte\nfür Hof",
        ),
        (
            "Content-Type: text/plain\n\n<html><body><p>Bitte</p><p>für Hof</p>",
            "Bitte\n\nfür Hof",
        ),
        (
            "Content-Type: text/html; charset=\"utf-8\n\n<p>Für Hof",
            "Für Hof",
        ),
        (
            "Content-Type: text/plain; charset=3D\"utf-8\"\nContent-Transfer-Encoding: quoted-printable\n\nF=C3=BCr Hof",
            "Für Hof",
        ),
        (
            "Content-Type: text/markdown\n\n# Antrag\n\n**Hof**",
            "# Antrag\n\n**Hof**",
        ),
        (
            "Content-Type: text/enriched\n\n<bold>Bitte</bold>\nfür Hof",
            "Bitte für Hof",
        ),
        (
            "Content-Type: multipart/mixed\n\n--grenze\nContent-Type: text/plain\n\nHof\n--grenze--\n",
            "Hof",
        ),
        (
            "Content-Type: multipart/alternative; boundary=falsch\n\n--grenze\nContent-Type: text/plain\n\nHof\n--grenze--\n",
            "Hof",
        ),
        (
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHof",
            "Hof",
        ),
        (
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nBitte für Hof\n--b--",
            "Bitte für Hof",
        ),
    ];
    for (raw, expected) in cases {
        assert_eq!(read(raw), new(expected), "{raw}");
    }
}

#[test]
fn parts_in_parts() {
    let alternative = "--a\nContent-Type: text/plain; charset=utf-8\n\nHof\n--a\nContent-Type: text/html; charset=utf-8\n\n<p>Hof</p>\n--a--\n";
    let related = format!(
        "--r\nContent-Type: multipart/alternative; boundary=a\n\n{alternative}\n--r\nContent-Type: image/png; name=l.png\n\nx\n--r--\n"
    );
    let mixed = format!(
        "--m\nContent-Type: multipart/related; boundary=r\n\n{related}\n--m\nContent-Type: text/plain; name=liste.txt\nContent-Disposition: inline; filename=liste.txt\n\nCoburg\n--m--\n"
    );
    let signed = format!(
        "--s\nContent-Type: multipart/mixed; boundary=m\n\n{mixed}\n--s\nContent-Type: application/pgp-signature; name=signature.asc\n\nx\n--s--\n"
    );
    let cases = [
        (
            "multipart/signed; boundary=s; micalg=pgp-sha256",
            signed.as_str(),
            "Hof",
        ),
        (
            "multipart/alternative; boundary=a",
            "--a\nContent-Type: text/plain\n\n \n--a\nContent-Type: text/html\n\n<p>Hof</p>\n--a--\n",
            "Hof",
        ),
        (
            "multipart/alternative; boundary=a",
            "--a\nContent-Type: text/plain; name=\"text.txt\"\n\nHof\n--a\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--a--\n",
            "Hof",
        ),
        (
            "multipart/mixed; boundary=a",
            "--a\nContent-Type: text/html\n\n<p>Hof</p>\n--a\nContent-Type: application/pdf; name=x.pdf\n\nx\n--a\nContent-Type: text/html\n\n<p>bald</p>\n--a--\n",
            "Hof\nbald",
        ),
    ];
    for (content_type, body, expected) in cases {
        assert_eq!(
            read(&mail_of(content_type, body)),
            new(expected),
            "{content_type}"
        );
    }
}

#[test]
fn a_mail_forwarded_as_a_whole_is_quoted() {
    let body = "--b\n\nBitte wie unten, für Hof\n--b\nContent-Type: message/rfc822; name=x.eml\nContent-Disposition: attachment; filename=x.eml\n\nFrom: x@y.example\nSubject: alt\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nfür Coburg\n--a\nContent-Type: text/html\n\n<p>für Coburg</p>\n--a--\n\n--b--\n";
    let expected = Text {
        new: "Bitte wie unten, für Hof".to_owned(),
        signature: String::new(),
        quoted: "für Coburg".to_owned(),
    };
    assert_eq!(
        read(&mail_of("multipart/mixed; boundary=b", body)),
        expected
    );
}

#[test]
fn only_what_hides_all_is_encrypted() {
    use Legibility::{Encrypted, Readable};
    let armour = "-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n";
    let key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ\n-----END PGP PUBLIC KEY BLOCK-----\n";
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBitte für Hof\n- -- \nAnna\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n";
    let mime = "--b\nContent-Type: multipart/encrypted; boundary=e\n\n--e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--e--\n";
    let exchange = "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: application/pgp-encrypted; name=\"ATT00001\"\n\nVersion: 1\n--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\nx\n--b--\n";
    let beside = "--b\nContent-Type: text/plain; charset=utf-8\n\nBitte für Hof\n--b\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMII\n--b--\n";
    let with_key = "--b\nContent-Type: text/plain; charset=utf-8\n\nBitte für Hof\n--b\nContent-Type: application/pgp-keys; name=key.asc\n\nx\n--b--\n";
    let cases = [
        ("text/plain", armour.to_owned(), Encrypted, ""),
        (
            "text/plain",
            format!("Hallo,\n\n{armour}"),
            Encrypted,
            "Hallo,",
        ),
        ("text/html", format!("<pre>{armour}</pre>"), Encrypted, ""),
        (
            "text/plain",
            format!("Bitte für Hof\n{armour}"),
            Readable,
            "Bitte für Hof",
        ),
        (
            "text/plain",
            format!("Bitte für Hof\n\n{key}"),
            Readable,
            "Bitte für Hof",
        ),
        (
            "text/plain",
            format!(
                "Bitte für Hof\n> {}",
                armour.trim_end().replace('\n', "\n> ")
            ),
            Readable,
            "Bitte für Hof",
        ),
        ("text/plain", signed.to_owned(), Readable, "Bitte für Hof"),
        (
            "multipart/mixed; boundary=b",
            mime.to_owned(),
            Encrypted,
            "",
        ),
        (
            "multipart/mixed; boundary=b",
            exchange.to_owned(),
            Encrypted,
            "",
        ),
        (
            "multipart/mixed; boundary=b",
            beside.to_owned(),
            Readable,
            "Bitte für Hof",
        ),
        (
            "multipart/mixed; boundary=b",
            with_key.to_owned(),
            Readable,
            "Bitte für Hof",
        ),
    ];
    for (content_type, body, legibility, new) in cases {
        let content_type = match content_type {
            "text/plain" => "text/plain; charset=utf-8",
            kind => kind,
        };
        let mail = parse(mail_of(content_type, &body).as_bytes());
        assert_eq!(
            (mail.legibility, mail.text.new.as_str()),
            (legibility, new),
            "{body}"
        );
    }
}
