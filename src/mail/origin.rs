//! Who or what wrote a mail: a person, a mail server, a program, a list.
//!
//! RFC 3834 (automatic responses), RFC 3464 (delivery reports), RFC 8098 (disposition
//! notifications), RFC 2369 and 2919 (lists), RFC 5546 (calendars), and what programs do
//! that follow none of them.

use super::Origin;
use super::entity::{Entity, Fields};

/// Fields that only programs set, whatever their value.
const AUTOMATIC_FIELDS: &[&str] = &[
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-auto-response-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-cron-env",
    "x-otrs-loop",
    "x-fc-machinegenerated",
    "x-ms-exchange-generated-message-source",
    "x-github-reason",
];

/// Fields that only lists and bulk mailers set.
const LIST_FIELDS: &[&str] = &[
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-subscribe",
    "list-help",
    "list-owner",
    "list-archive",
    "mailing-list",
    "x-mailing-list",
    "x-beenthere",
    "x-mailman-version",
    "x-csa-complaints",
];

/// Beginnings of the subjects of automatic replies.
const AUTOMATIC_SUBJECTS: &[&str] = &[
    "automatische antwort:",
    "automatische antwort auf",
    "automatic reply",
    "auto-reply",
    "autoreply",
    "auto reply",
    "auto:",
    "autoantwort",
    "automatische abwesenheit",
    "abwesenheitsnotiz",
    "abwesenheitsnachricht",
    "abwesenheitsmeldung",
    "abwesenheitsbenachrichtigung",
    "abwesenheitsassistent",
    "abwesend:",
    "out of office",
    "out-of-office",
    "out of the office",
    "réponse automatique",
    "respuesta automática",
    "risposta automatica",
    "automatisch antwoord",
    "otomatik yanıt",
    "eingangsbestätigung:",
    "gelesen:",
    "cron <",
];

/// Sentences that programs write about themselves.
const AUTOMATIC_SENTENCES: &[&str] = &[
    "wurde automatisch erstellt",
    "wurde automatisch erzeugt",
    "wurde automatisch generiert",
    "wurde automatisch versandt",
    "wurde automatisch versendet",
    "ist eine automatische antwort",
    "ist eine automatisch",
    "is an automated message",
    "is an automated response",
    "is an automatic reply",
    "was generated automatically",
];

/// Sentences of people who are away …
const ABSENT: &[&str] = &[
    "nicht im haus",
    "nicht im büro",
    "nicht erreichbar",
    "im urlaub",
    "in urlaub",
    "außer haus",
    "nicht am arbeitsplatz",
    "elternzeit",
    "out of the office",
    "out of office",
    "on leave",
    "on vacation",
];

/// … and of the rules they leave behind. Only both together are no person.
const DEPUTIES: &[&str] = &[
    "nicht weitergeleitet",
    "nicht automatisch weitergeleitet",
    "in dringenden fällen",
    "in dringenden angelegenheiten",
    "wenden sie sich",
    "meine vertretung",
    "nach meiner rückkehr",
    "in urgent cases",
    "limited access",
    "upon my return",
];

/// Local parts of the programs that deliver calendars.
const CALENDAR_SENDERS: &[&str] = &["calendar-notification", "calendar-noreply"];

/// Calendar methods that a program sends, whoever owns the calendar (RFC 5546).
const CALENDAR_METHODS: &[&str] = &["reply", "cancel", "counter", "declinecounter"];

/// Finds out who or what wrote `mail`, whose newly written text is `text`.
pub(super) fn find(mail: &Entity<'_>, text: &str) -> Origin {
    let fields = &mail.fields;
    if is_delivery_report(mail) {
        Origin::Bounce
    } else if is_automatic(mail, text) {
        Origin::Automatic
    } else if is_list(fields) {
        Origin::List
    } else if has_null_path(fields) {
        Origin::Bounce
    } else {
        Origin::Person
    }
}

fn has_null_path(fields: &Fields) -> bool {
    fields
        .raw("return-path")
        .is_some_and(|path| path.replace(' ', "") == "<>")
}

fn report_type(mail: &Entity<'_>) -> Option<String> {
    let report = mail.media_type() == "multipart/report";
    report.then(|| {
        mail.parameter("report-type")
            .unwrap_or_default()
            .to_ascii_lowercase()
    })
}

fn is_delivery_report(mail: &Entity<'_>) -> bool {
    let fields = &mail.fields;
    let from = fields.address("from");
    let sender = from.as_ref().map(|from| local_part(&from.email));
    let name = from
        .as_ref()
        .and_then(|from| from.name.as_deref())
        .unwrap_or_default();
    let about_delivery = report_type(mail).is_some_and(|kind| match kind.as_str() {
        "" => has_part(mail, "message/delivery-status"),
        kind => kind == "delivery-status",
    });
    about_delivery
        || fields.raw("x-failed-recipients").is_some()
        || fields
            .raw("from")
            .is_some_and(|from| from.to_lowercase().contains("mailer-daemon"))
        || sender.as_deref() == Some("postmaster")
            && (has_null_path(fields) || name.to_lowercase().starts_with("mail delivery"))
}

fn has_part(mail: &Entity<'_>, media_type: &str) -> bool {
    mail.parts
        .iter()
        .any(|part| part.media_type() == media_type)
}

fn is_automatic(mail: &Entity<'_>, text: &str) -> bool {
    let fields = &mail.fields;
    // RFC 3834 5.2: the keyword may be followed by parameters and comments.
    let auto_submitted = fields.all("auto-submitted").any(|value| {
        let keyword = value.split([';', '(']).next().unwrap_or_default().trim();
        !keyword.is_empty() && !keyword.eq_ignore_ascii_case("no")
    });
    auto_submitted
        || fields
            .raw("precedence")
            .is_some_and(|p| p.to_ascii_lowercase().starts_with("auto"))
        || AUTOMATIC_FIELDS
            .iter()
            .any(|name| fields.raw(name).is_some())
        || report_type(mail).is_some()
        || mail.media_type() == "message/disposition-notification"
        || has_automatic_subject(fields)
        || is_machine_calendar(mail)
        || sounds_automatic(fields, text)
}

fn has_automatic_subject(fields: &Fields) -> bool {
    let subject = fields.text("subject").unwrap_or_default().to_lowercase();
    // Ticket systems put their number first: "[Ticket#4711] Eingangsbestätigung: …".
    let words = match subject.strip_prefix('[').and_then(|s| s.split_once(']')) {
        Some((_, words)) => words.trim(),
        None => subject.trim(),
    };
    AUTOMATIC_SUBJECTS.iter().any(|s| words.starts_with(s))
}

/// A text that says it comes from a program or that its writer is away. A form on a web
/// page says so too, but has somebody to answer: a Reply-To of its own.
fn sounds_automatic(fields: &Fields, text: &str) -> bool {
    let from = fields.address("from").map(|from| from.email.to_lowercase());
    let reply_to = fields.address("reply-to").map(|to| to.email.to_lowercase());
    let text = text.to_lowercase();
    let says = |sentences: &[&str]| sentences.iter().any(|s| text.contains(s));
    (reply_to.is_none() || reply_to == from)
        && (says(AUTOMATIC_SENTENCES) || says(ABSENT) && says(DEPUTIES))
}

fn is_machine_calendar(mail: &Entity<'_>) -> bool {
    let sender = mail
        .fields
        .address("sender")
        .map(|sender| local_part(&sender.email));
    sender.is_some_and(|sender| CALENDAR_SENDERS.contains(&sender.as_str()))
        || calendar_method(mail).is_some_and(|m| CALENDAR_METHODS.contains(&m.as_str()))
}

/// The method of a calendar object in the mail or in one of its parts (RFC 5546 1.4).
fn calendar_method(entity: &Entity<'_>) -> Option<String> {
    if entity.media_type() != "text/calendar" {
        return entity.parts.iter().find_map(calendar_method);
    }
    let text = entity.text();
    let within = text.lines().find_map(|line| line.strip_prefix("METHOD:"));
    let method = entity.parameter("method").or(within)?;
    Some(method.trim().to_ascii_lowercase())
}

fn is_list(fields: &Fields) -> bool {
    let precedence = fields
        .raw("precedence")
        .unwrap_or_default()
        .to_ascii_lowercase();
    ["bulk", "list", "junk"].contains(&precedence.as_str())
        || LIST_FIELDS.iter().any(|name| fields.raw(name).is_some())
}

fn local_part(email: &str) -> String {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    local.trim_matches('"').to_lowercase()
}
