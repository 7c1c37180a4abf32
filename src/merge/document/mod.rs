//! A Word package, merged in place.

use super::{Error, Fault, Rules, Values};
use std::collections::BTreeSet;

/// A compiled Word template.
#[derive(Debug)]
pub struct Document {}

impl Document {
    /// Compiles a .docx package; all faults at once.
    pub fn compile(package: Vec<u8>, rules: &Rules) -> Result<Self, Vec<Fault>> {
        let _ = (package, rules);
        todo!()
    }
    /// Merges the values in; the same values give the same bytes.
    pub fn merge(&self, values: &Values) -> Result<Vec<u8>, Error> {
        let _ = values;
        todo!()
    }
    /// The names it uses.
    pub fn fields(&self) -> &BTreeSet<String> {
        todo!()
    }
}
