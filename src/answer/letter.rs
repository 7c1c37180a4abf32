//! The words of a reply, as text and as HTML.
