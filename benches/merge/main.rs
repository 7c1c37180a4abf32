//! What one merge costs.
//!
//! Alone it prints a table of long and large documents. `engines FOLDER` and `records
//! COUNT` are for `peers/run`, which compares the motion with other engines.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that measures"
)]

mod large;
mod motion;

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["engines", folder] => motion::engines(folder.as_ref()),
        ["records", count] => motion::records(count.parse().unwrap()),
        ["large", document, rules] => large::measure(document, rules),
        ["--bench"] => large::table(),
        // `cargo test` only asks whether it starts
        _ => {}
    }
}

/// The processor time of this process so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID);
    time.unwrap().into()
}
