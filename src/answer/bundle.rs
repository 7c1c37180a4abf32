//! Many documents as one zip.

use std::io::{Cursor, Write};

use jiff::Timestamp;
use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::Finished;
use crate::german::in_germany;
use crate::mail::Attachment;

/// The name of the archive.
pub(super) const NAME: &str = "Musteranträge.zip";

/// All documents under their names, in their order. They are packages that are compressed
/// already; the same documents and the same time give the same bytes.
pub(super) fn zip(documents: &[Finished], now: Timestamp) -> ZipResult<Attachment> {
    let room: usize = documents
        .iter()
        .map(|document| document.bytes.len() + 512)
        .sum();
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(room)));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(time(now));
    for document in documents {
        writer.start_file(document.file.as_str(), options)?;
        writer.write_all(&document.bytes)?;
    }
    Ok(Attachment {
        name: NAME.to_owned(),
        media_type: "application/zip",
        bytes: writer.finish()?.into_inner(),
    })
}

/// As zips keep time: local, from 1980 on.
fn time(now: Timestamp) -> DateTime {
    let local = in_germany(now).datetime();
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(local.year()).unwrap_or_default();
    let (hour, minute, second) = (
        part(local.hour()),
        part(local.minute()),
        part(local.second()),
    );
    DateTime::from_date_and_time(
        year,
        part(local.month()),
        part(local.day()),
        hour,
        minute,
        second,
    )
    .unwrap_or_default()
}
