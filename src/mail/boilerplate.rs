//! What gateways and firms put into every mail: banners, disclaimers, notes on viruses and
//! paper. It is nobody's words.

use super::lines::{Line, Place};

/// Sentences of the banners that gateways and servers put above a mail.
const BANNERS: &[&str] = &[
    "[extern]",
    "[external]",
    "[ext]",
    "[extern:",
    "externe e-mail:",
    "externe mail:",
    "externe e-mail!",
    "externer absender:",
    "external email:",
    "external sender:",
    "mail stammt von außerhalb",
    "mail kommt von außerhalb",
    "mail wurde von außerhalb",
    "mail stammt nicht aus",
    "nachricht stammt von außerhalb",
    "nachricht kommt von außerhalb",
    "nachricht wurde von außerhalb",
    "mail stammt von einem externen",
    "mail kommt von einem externen",
    "nachricht stammt von einem externen",
    "mail kommt von extern",
    "mail von extern",
    "mail originated from outside",
    "message originated from outside",
    "mail originates from outside",
    "message came from outside",
    "mail came from outside",
    "mail is from an external sender",
    "message is from an external sender",
    "klicken sie nicht auf links",
    "klicken sie auf keine links",
    "öffnen sie keine anhänge",
    "öffnen sie anhänge und links nur",
    "do not click links",
    "do not click on links",
    "sie erhalten nicht oft e-mail",
    "sie erhalten nicht häufig e-mail",
    "erhalten häufig keine e-mails von",
    "erfahren sie, warum dies wichtig ist",
    "you don't often get email from",
    "learn why this is important",
];

/// Sentences of disclaimers and notes; they go on to the end of their paragraph. Each must say
/// that it speaks of a mail: a person may call other things confidential.
const DISCLAIMERS: &[&str] = &[
    "vertrauliche informationen",
    "vertrauliche und/oder",
    "vertrauliche, rechtlich",
    "mail ist vertraulich",
    "nachricht ist vertraulich",
    "anhänge sind vertraulich",
    "vertraulich und ausschließlich",
    "vertraulich und nur für",
    "der richtige adressat",
    "irrtümlich erhalten",
    "irrtümlich zugegangen",
    "mail versehentlich erhalten",
    "nachricht versehentlich erhalten",
    "nicht der beabsichtigte",
    "nicht der richtige empfänger",
    "nicht der vorgesehene",
    "der beabsichtigte empfänger",
    "den bezeichneten adressaten",
    "bestimmungsgemäße empfänger",
    "bestimmungsgemäßen empfänger",
    "unbefugte weitergabe",
    "unerlaubte kopieren",
    "vernichten sie diese",
    "haftungsausschluss",
    "this e-mail may contain",
    "this email may contain",
    "this message may contain",
    "contains confidential",
    "contain confidential",
    "mail is confidential",
    "message is confidential",
    "attachments are confidential",
    "intended recipient",
    "intended solely for",
    "intended only for",
    "received this e-mail in error",
    "received this email in error",
    "received this message in error",
    "disclaimer:",
    "denken sie an die umwelt",
    "denkt an die umwelt",
    "bitte an die umwelt",
    "ob diese mail ausgedruckt werden muss",
    "ob diese e-mail ausgedruckt werden muss",
    "ob diese mail wirklich ausgedruckt",
    "ob diese e-mail wirklich ausgedruckt",
    "ausdruck dieser mail",
    "ausdruck dieser e-mail",
    "consider the environment",
    "before printing this",
    "think before you print",
    "auf viren geprüft",
    "auf viren überprüft",
    "keine viren gefunden",
    "enthält keine viren",
    "virus-free",
    "virus found in this",
    "virenfrei",
    "informationen zum datenschutz",
    "hinweise zum datenschutz",
    "informationen zur verarbeitung ihrer",
    "informationen zur verarbeitung personenbezogener",
    "unsere datenschutzerklärung",
    "unsere datenschutzhinweise",
    "ce message peut contenir",
    "bu e-posta ve ekleri",
    "bu e-posta mesajı ve",
];

/// Beginnings of the lines where a disclaimer may begin before its telling sentence.
const STARTS: &[&str] = &[
    "___",
    "---",
    "***",
    "===",
    "wichtiger hinweis",
    "hinweis:",
    "achtung",
    "vertraulich",
    "diese e-mail",
    "diese email",
    "diese mail",
    "diese nachricht",
    "bitte prüfen sie, ob",
    "bitte überlegen sie",
    "bitte denken sie",
    "denken sie",
    "die in dieser",
    "der inhalt dieser",
    "this e-mail",
    "this email",
    "this message",
    "the information",
    "the contents of",
    "caution",
    "confidentiality",
];

/// Lines and paragraphs further from both ends of a text than this hold no boilerplate.
const REACH: usize = 80;

/// The most lines of a disclaimer before its telling sentence.
const MAX_LEAD: usize = 6;

/// A longer line holds a whole text, not a sentence of one.
const MAX_LINE: usize = 2000;

/// Marks boilerplate among the writer's own lines.
pub(super) fn mark(lines: &mut [Line]) {
    let is_picture = |line: &Line| line.text.starts_with("[cid:") && line.text.ends_with(']');
    for line in lines.iter_mut().filter(|line| is_picture(line)) {
        line.place = Place::Boilerplate;
    }
    for message in lines.split_mut(|line| line.place == Place::Quote) {
        let middle = REACH..message.len().saturating_sub(REACH).max(REACH);
        let tail = message.len().min(middle.end);
        let (head, tail) = message.split_at_mut(tail);
        let head = head.get_mut(..REACH.min(head.len())).unwrap_or_default();
        for ends in [head, tail] {
            ends.split_mut(Line::is_blank).for_each(mark_paragraph);
        }
    }
}

/// A disclaimer goes from the line that begins it to the end of its paragraph: what stands
/// above may be a text without blank lines. A banner goes no further than its sentences.
fn mark_paragraph(paragraph: &mut [Line]) {
    let mut start: Option<usize> = None;
    let mut above = String::new();
    let mut in_banner = false;
    for at in 0..paragraph.len() {
        let text = paragraph.get(at).map(own_text).unwrap_or_default();
        start = start.filter(|start| at - start <= MAX_LEAD);
        if start.is_none() && STARTS.iter().any(|words| text.starts_with(words)) {
            start = Some(at);
        }
        // A sentence may be broken into two lines.
        let both = format!("{above} {text}");
        let broken = |known| {
            let across = !above.is_empty() && is_any(&both, known);
            across && !is_any(&above, known) && !is_any(&text, known)
        };
        let goes_on = in_banner && !is_complete(&above);
        let from = |known| start.unwrap_or(at - usize::from(at > 0 && broken(known)));
        in_banner = !text.is_empty() && (goes_on || is_any(&text, BANNERS) || broken(BANNERS));
        if in_banner {
            set(paragraph.get_mut(from(BANNERS)..=at).unwrap_or_default());
            start = None;
        } else if is_any(&text, DISCLAIMERS) || broken(DISCLAIMERS) {
            return set(paragraph.get_mut(from(DISCLAIMERS)..).unwrap_or_default());
        }
        above = text;
    }
}

/// A line of the writer's in lower case; "" for others and for very long ones.
fn own_text(line: &Line) -> String {
    match line.place == Place::Own && line.text.len() <= MAX_LINE {
        true => line.text.trim().to_lowercase(),
        false => String::new(),
    }
}

/// Whether a line of a banner ends a sentence.
fn is_complete(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ':', ']']) || BANNERS.iter().any(|words| text.ends_with(words))
}

fn is_any(text: &str, sentences: &[&str]) -> bool {
    sentences.iter().any(|sentence| text.contains(sentence))
}

fn set(lines: &mut [Line]) {
    for line in lines.iter_mut().filter(|line| line.place == Place::Own) {
        line.place = Place::Boilerplate;
    }
}
