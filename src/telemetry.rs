//! Event lines.
