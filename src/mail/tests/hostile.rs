use super::{html, mail_of, parse, plain};

#[test]
fn very_much_of_anything_is_read() {
    let bodies = [
        "x".repeat(1_100_000),
        "Hof ".repeat(1_000_000),
        "> x\n".repeat(100_000) + "Hof",
        "> x\nHof\n".repeat(20_000),
        "Am 3.3.2026 um 9:00 schrieb Anna\n".repeat(10_000),
        "Von: x\nAn: y\n".repeat(10_000),
        "-- \n".repeat(20_000),
        "----\n\n".repeat(20_000) + "Hof?",
        "Gruß\n".repeat(20_000),
        ":".repeat(500_000),
        "\n".repeat(200_000),
        ">".repeat(1_000_000),
        "Ã¼".repeat(200_000),
        "-----BEGIN PGP SIGNED MESSAGE-----\n".repeat(20_000),
    ];
    for body in bodies {
        let text = plain(&body);
        let read = text.new.len() + text.signature.len() + text.quoted.len();
        assert!(read <= 1024 * 1024 + 100_000, "{read}");
    }
}

#[test]
fn very_deep_pages_are_read_to_their_end() {
    for (open, close) in [
        ("<div>", "</div>"),
        ("<blockquote>", "</blockquote>"),
        ("<table><tr><td>", "</td></tr></table>"),
        ("<ol><li>", "</li></ol>"),
        ("<b>", "</b>"),
        ("<span style='display:none'>", "</span>"),
    ] {
        let deep = format!("{}x{}<p>Hof</p>", open.repeat(10_000), close.repeat(10_000));
        let text = html(&deep);
        assert!(text.new.ends_with("Hof"), "{open}: {}", text.new);
        let broken = format!("{}x", open.repeat(10_000));
        html(&broken);
        html(&format!("{}Hof", close.repeat(100_000)));
    }
    let heading = "x".repeat(100_000);
    let rows = "<tr><td>a<td>b".repeat(10_000);
    let text = html(&format!("<table><tr><th>{heading}<th>y{rows}</table>"));
    assert!(text.new.len() < 300_000);
}

#[test]
fn very_deep_mails_are_read() {
    let nested = "Content-Type: message/rfc822\n\n".repeat(30_000);
    let alternatives: String = (0..1000)
        .map(|i| format!("Content-Type: multipart/alternative; boundary=b{i}\n\n--b{i}\n"))
        .collect();
    for raw in [
        nested,
        alternatives,
        mail_of("multipart/mixed", &"--\n".repeat(50_000)),
    ] {
        parse(raw.as_bytes());
    }
}
