//! Two machines in a thread: a second bot on the other side ends after one exchange.

use antragsbote::answer::{Circumstances, Decision, Knowledge, answer};
use antragsbote::kommune::Register;
use antragsbote::mail::{Address, parse};
use antragsbote::policy::{Ignored, Recent, Rules};
use antragsbote::request::RequestId;
use antragsbote::template::{Catalogue, TemplateId, Texts, built_in};

/// What a bot writes to the text of a letter it got.
type Bot = fn(&str) -> String;

/// The most mails a bot may send in a test.
const ROUNDS: u32 = 12;

pub(crate) fn knowledge() -> Knowledge {
    let default = TemplateId::parse("nationaler-integrationsplan").unwrap();
    Knowledge {
        bot: Address {
            name: Some("Antragsbote".into()),
            email: "antrag@example.org".into(),
        },
        admin: None,
        register: Register::built_in(),
        catalogue: Catalogue::read(&built_in(), &default, Register::built_in()).unwrap(),
        texts: Texts::read(&built_in(), Register::built_in()).unwrap(),
        rules: Rules {
            allow: vec!["*".into()],
            deny: Vec::new(),
            max_message_size: 10 << 20,
            replies_per_sender_per_hour: 1000,
            documents_per_sender_per_hour: 1000,
        },
    }
}

fn quoted(letter: &str) -> String {
    let lines = letter.lines().map(|line| format!("> {line}\n"));
    format!(
        "Am 20.11.2026 um 10:00 schrieb Antragsbote:\n{}",
        lines.collect::<String>()
    )
}

/// Lets a bot answer every letter it gets; it sets no field that gives it away. Returns the
/// number of letters it got and why the last mail got none.
fn play(knowledge: &Knowledge, bot: Bot) -> (u32, Option<Ignored>) {
    let mut raw = String::from(
        "From: Dienst <dienst@amt.example>\r\nTo: antrag@example.org\r\nSubject: Musterantrag\r\n\
         Message-ID: <0@amt.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBitte um Musterantrag.\r\n",
    );
    for round in 0..ROUNDS {
        let request = RequestId::parse(&format!("01M829H6WDAH2E0SZWT36C1W{round:02}")).unwrap();
        let recent = Recent {
            replies: round,
            ..Recent::default()
        };
        let now = "2026-11-22T10:15:00Z".parse().unwrap();
        let circumstances = Circumstances::new(now, request, &knowledge.bot, recent, None);
        let answer = answer(&parse(raw.as_bytes()), knowledge, &circumstances).unwrap();
        let Some(reply) = answer.reply else {
            return match answer.decision {
                Decision::Ignore(reason) => (round, Some(reason)),
                _ => (round, None),
            };
        };
        let letter = mail_parser::MessageParser::default()
            .parse(&reply.bytes)
            .unwrap();
        let text = letter.body_text(0).unwrap().replace("\r\n", "\n");
        raw = format!(
            "From: Dienst <dienst@amt.example>\r\nTo: antrag@example.org\r\nSubject: Re: Musterantrag\r\n\
             Message-ID: <{}@amt.example>\r\nIn-Reply-To: {}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            round + 1,
            reply.message_id.as_str(),
            bot(&text),
        );
    }
    (ROUNDS, None)
}

#[test]
fn bots_without_any_field_end_after_one_exchange() {
    let knowledge = knowledge();
    let bots: [(&str, Bot, Ignored); 8] = [
        ("echo", |letter| letter.to_owned(), Ignored::Loop),
        ("quoting echo", quoted, Ignored::Loop),
        (
            "ticket system",
            |letter| {
                format!(
                    "Ihre Anfrage ist eingegangen und hat die Ticketnummer 4711.\n\n{}",
                    quoted(letter)
                )
            },
            Ignored::AutoSubmitted,
        ),
        (
            "ticket system that repeats us without marks",
            |letter| format!("Ihr Schreiben wurde dem Vorgang 17 zugeordnet:\n\n{letter}"),
            Ignored::AutoSubmitted,
        ),
        (
            "chat bot",
            |_| "Ich habe Ihre Anfrage nicht verstanden. Wählen Sie: 1. Strom 2. Wasser".to_owned(),
            Ignored::AutoSubmitted,
        ),
        (
            "absence",
            |_| "Ich bin bis Montag nicht im Haus. Bitte wenden Sie sich an Frau Ott.".to_owned(),
            Ignored::AutoSubmitted,
        ),
        (
            "unread mailbox",
            |_| "Dieses Postfach ist nicht überwacht. Bitte nutzen Sie das Portal.".to_owned(),
            Ignored::NoReplyAddress,
        ),
        (
            "one that says so",
            |letter| {
                format!(
                    "Diese Nachricht wurde automatisch erzeugt.\n\n{}",
                    quoted(letter)
                )
            },
            Ignored::AutoSubmitted,
        ),
    ];
    for (name, bot, reason) in bots {
        assert_eq!(play(&knowledge, bot), (1, Some(reason)), "{name}");
    }
}

#[test]
fn a_bot_that_sounds_like_a_person_ends_when_questions_have_led_nowhere() {
    let stubborn: Bot = |letter| format!("Status: offen\n\n{}", quoted(letter));
    assert_eq!(play(&knowledge(), stubborn), (3, Some(Ignored::Loop)));
}
