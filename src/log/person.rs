//! A person as bytes know them: the forms of an address, found and blanked out where they stand.
//!
//! Nothing changes its length: a mail stays a mail, JSON stays JSON, and base64 keeps its lines.

mod disguise;
#[cfg(test)]
mod tests;

use disguise::{base64_runs, percent, quoted_printable, slashed};

/// What stands where an address stood.
const BLANK: u8 = b'x';

/// How deep encodings are looked into: base64 in base64 is as far as forwarded mail goes.
const DEPTH: u32 = 3;

/// One address in all its forms.
#[derive(Debug)]
pub(super) struct Person {
    /// the address, its domain as it is written and in ASCII (RFC 5891)
    addresses: Vec<String>,
    /// what to look for: also as bounces name it, `local=domain`
    forms: Vec<Form>,
}

#[derive(Debug)]
struct Form {
    bytes: Vec<u8>,
    /// where its `@` or `=` stands
    mark: usize,
}

impl Person {
    /// `None` for what is no address.
    pub(super) fn new(address: &str) -> Option<Self> {
        let (local, domain) = address.trim().rsplit_once('@')?;
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase());
        let (unicode, _) = idna::domain_to_unicode(&ascii);
        let mut person = Self {
            addresses: Vec::new(),
            forms: Vec::new(),
        };
        for domain in [domain, &unicode, &ascii] {
            let address = format!("{local}@{domain}");
            for cased in [address.to_lowercase(), address.to_uppercase(), address] {
                person.add(&cased);
            }
        }
        Some(person)
    }

    fn add(&mut self, address: &str) {
        if self.addresses.iter().any(|known| known == address) {
            return;
        }
        self.addresses.push(address.to_owned());
        let Some((local, domain)) = address.rsplit_once('@') else {
            return;
        };
        for mark in ["@", "="] {
            let text = format!("{local}{mark}{domain}");
            self.push(text.as_bytes().to_vec(), local.len());
            // As mail in ISO-8859-1 spells it.
            let narrow: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
            if let Ok(narrow) = narrow {
                self.push(narrow, local.chars().count());
            }
        }
    }

    fn push(&mut self, bytes: Vec<u8>, mark: usize) {
        let known = |form: &Form| form.bytes.eq_ignore_ascii_case(&bytes);
        if !self.forms.iter().any(known) {
            self.forms.push(Form { bytes, mark });
        }
    }

    /// Its spellings, for a look-up that takes upper and lower case of ASCII for the same.
    pub(super) fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// Whether an address is this one.
    pub(super) fn is(&self, address: &str) -> bool {
        let lower = address.trim().to_lowercase();
        self.addresses.contains(&lower)
    }

    /// The longest row of letters and digits in front of the `@`, in lower case: it stands in every
    /// form and disguise, so that a search can begin with it.
    pub(super) fn core(&self) -> String {
        let first = self.addresses.first().map_or("", String::as_str);
        let local = first.rsplit_once('@').map_or(first, |(local, _)| local);
        local
            .split(|c: char| !c.is_ascii_alphanumeric())
            .max_by_key(|piece| piece.len())
            .unwrap_or_default()
            .to_owned()
    }

    /// Blanks the address out, in plain sight and in disguise; whether there was anything to blank out.
    pub(super) fn blank(&self, bytes: &mut [u8]) -> bool {
        self.blank_to(bytes, DEPTH)
    }

    fn blank_to(&self, bytes: &mut [u8], depth: u32) -> bool {
        let mut found = self.find(bytes);
        for view in [quoted_printable, percent, slashed] {
            let Some(view) = view(bytes) else { continue };
            let hits = self.find(&view.bytes).into_iter();
            found.extend(hits.filter_map(|(from, to)| view.place(from, to)));
        }
        let mut hit = !found.is_empty();
        for (from, to) in found {
            if let Some(place) = bytes.get_mut(from..to) {
                place.fill(BLANK);
            }
        }
        if depth > 0 {
            for run in base64_runs(bytes) {
                let mut inner = run.decode(bytes);
                if self.blank_to(&mut inner, depth - 1) {
                    run.encode(&inner, bytes);
                    hit = true;
                }
            }
        }
        hit
    }

    /// Where it stands, from and to.
    fn find(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        let marks = bytes.iter().enumerate();
        let marks = marks.filter(|(_, byte)| matches!(byte, b'@' | b'='));
        marks
            .filter_map(|(at, _)| {
                let places = self.forms.iter().filter_map(|form| form.around(bytes, at));
                places.max_by_key(|(from, to)| to - from)
            })
            .collect()
    }
}

impl Form {
    /// The place of this form whose mark is at `at`, if it is the whole of an address.
    fn around(&self, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        let from = at.checked_sub(self.mark)?;
        let to = from.checked_add(self.bytes.len())?;
        if !bytes.get(from..to)?.eq_ignore_ascii_case(&self.bytes) {
            return None;
        }
        // A bounce's address has more in front: `bounce+anna=example.org@…`.
        let plus = self.bytes.get(self.mark) == Some(&b'@');
        let before = bytes.get(..from)?.last();
        let goes_on =
            before.is_some_and(|&byte| is_of_word(byte) || byte == b'.' || plus && byte == b'+');
        let mut after = bytes.get(to..)?.iter();
        let further = match after.next() {
            Some(b'.') => after.next().is_some_and(|&byte| is_of_word(byte)),
            Some(&byte) => is_of_word(byte),
            None => false,
        };
        (!goes_on && !further).then_some((from, to))
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
