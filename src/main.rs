//! The program: hands over to [`antragsbote::cli`].

use std::process::ExitCode;

use dlmalloc::GlobalDlmalloc;

/// One heap for all threads. glibc gives each its own, and every one of them keeps what the largest batch
/// it ever worked on needed: measured, that doubles the daemon's memory in a burst.
#[global_allocator]
static HEAP: GlobalDlmalloc = GlobalDlmalloc;

fn main() -> ExitCode {
    antragsbote::cli::run()
}
