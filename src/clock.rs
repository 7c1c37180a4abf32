//! The only reader of time and chance.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the room that reads the clock for all others"
)]

use jiff::Timestamp;

use crate::request::RequestId;

/// Now.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A new id: a ULID of this moment.
pub fn request_id() -> RequestId {
    RequestId::from(ulid::Ulid::generate())
}

/// A number in 0..1, for jitter.
pub fn chance() -> f64 {
    // The low 32 random bits of a ULID are as good as any.
    let bits = u32::try_from(ulid::Ulid::generate().random() & u128::from(u32::MAX)).unwrap_or(0);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_stays_between_zero_and_one() {
        assert!((0..1000).all(|_| (0.0..1.0).contains(&chance())));
    }

    #[test]
    fn ids_differ() {
        assert_ne!(request_id(), request_id());
    }
}
