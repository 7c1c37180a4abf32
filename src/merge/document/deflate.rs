//! A part's bytes on their way into the archive. Stretches of static text were deflated
//! at loading, each with a full flush, so that they can be put one behind another
//! (RFC 1951 3.2.4; zlib's Z_FULL_FLUSH); what a merge adds goes between them.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Below this length (bytes) a block of its own costs more than it saves.
const WORTHWHILE: usize = 128;
/// What is not deflated at loading is deflated in blocks of this length (bytes).
const BLOCK: usize = 1 << 20;
/// The largest stored block (RFC 1951 3.2.4).
const STORED: usize = 0xffff;

/// Static bytes, deflated once if they are used once a merge.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) raw: Vec<u8>,
    packed: Option<(Vec<u8>, Crc)>,
}

impl Stretch {
    /// `repeated` text is better deflated with what stands around it.
    pub(super) fn new(raw: Vec<u8>, repeated: bool) -> Self {
        let packed = (!repeated && raw.len() >= WORTHWHILE).then(|| {
            let mut crc = Crc::new();
            crc.update(&raw);
            (deflate(&raw), crc)
        });
        Self { raw, packed }
    }
}

/// A deflated part while it is put together.
#[derive(Debug)]
pub(super) struct Sink {
    data: Vec<u8>,
    /// what is not yet deflated
    loose: Vec<u8>,
    crc: Crc,
    size: usize,
    /// all bytes as they are, if somebody wants to look at them
    plain: Option<Vec<u8>>,
}

/// A deflated part.
pub(super) struct Deflated {
    pub(super) data: Vec<u8>,
    pub(super) crc32: u32,
    pub(super) size: usize,
    pub(super) plain: Option<Vec<u8>>,
}

impl Sink {
    /// With `keep`, the bytes are kept as they are, too.
    pub(super) fn new(capacity: usize, keep: bool) -> Self {
        Self {
            data: Vec::with_capacity(capacity),
            loose: Vec::new(),
            crc: Crc::new(),
            size: 0,
            plain: keep.then(Vec::new),
        }
    }

    /// The bytes so far, uncompressed.
    pub(super) fn size(&self) -> usize {
        self.size + self.loose.len()
    }

    pub(super) fn stretch(&mut self, stretch: &Stretch) {
        match &stretch.packed {
            Some((packed, crc)) => {
                self.flush();
                self.data.extend_from_slice(packed);
                self.crc.combine(crc);
                self.size += stretch.raw.len();
                self.keep(&stretch.raw);
            }
            None => self.bytes(&stretch.raw),
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(plain) = &mut self.plain {
            plain.extend_from_slice(bytes);
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.keep(bytes);
        self.loose.extend_from_slice(bytes);
        if self.loose.len() >= BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.loose.is_empty() {
            return;
        }
        let mut crc = Crc::new();
        crc.update(&self.loose);
        self.crc.combine(&crc);
        self.size += self.loose.len();
        if self.loose.len() < 8 * WORTHWHILE {
            for block in self.loose.chunks(STORED) {
                let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
                self.data.push(0);
                self.data.extend(length.to_le_bytes());
                self.data.extend((!length).to_le_bytes());
                self.data.extend_from_slice(block);
            }
        } else {
            self.data.append(&mut deflate(&self.loose));
        }
        self.loose.clear();
    }

    pub(super) fn finish(mut self) -> Deflated {
        self.flush();
        // an empty stored block, the last one
        self.data.extend([1, 0, 0, 0xff, 0xff]);
        Deflated {
            data: self.data,
            crc32: self.crc.sum(),
            size: self.size,
            plain: self.plain,
        }
    }
}

/// Deflates at level 6 up to a full flush: the result ends on a byte and refers to
/// nothing before it.
fn deflate(raw: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::new(6), false);
    let mut out = Vec::with_capacity(raw.len() / 4 + 64);
    loop {
        let read = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let rest = raw.get(read..).unwrap_or_default();
        let status = compress.compress_vec(rest, &mut out, FlushCompress::Full);
        let done = out.len() < out.capacity() && compress.total_in() == raw.len() as u64;
        if done || !matches!(status, Ok(Status::Ok)) {
            return out;
        }
        out.reserve(out.capacity());
    }
}
