//! The program: hands over to [`antragsbote::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    antragsbote::cli::run()
}
