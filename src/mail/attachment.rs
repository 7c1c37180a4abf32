//! The files that a mail carries.

use mail_parser::{MessageParser, MimeHeaders as _, PartType};

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// its name, decoded; never a path
    pub name: String,
    /// its bytes, decoded
    pub bytes: Vec<u8>,
}

/// The files of a mail that have a name, in order.
pub fn attachments(raw: &[u8]) -> Vec<File> {
    let Some(mail) = MessageParser::default().parse(raw) else {
        return Vec::new();
    };
    mail.attachments()
        .filter_map(|part| {
            let name = part.attachment_name()?.replace(['/', '\\'], "-");
            let bytes = match &part.body {
                PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
                _ => part.contents().to_vec(),
            };
            Some(File { name, bytes })
        })
        .collect()
}
