//! Municipalities and bodies as nouns.

use super::{Gremium, Kommune, Nominal};

impl Kommune {
    /// The noun behind `{{ kommune }}` and its forms.
    pub fn nominal(&self) -> Nominal {
        todo!()
    }
}

impl Gremium {
    /// The noun behind `{{ beirat }}` or `{{ rat }}` and its forms.
    pub fn nominal(&self) -> Nominal {
        todo!()
    }
}
