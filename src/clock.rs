//! The only reader of time and chance.
