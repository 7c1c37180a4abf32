//! `completions` and `man`: what shells and readers of manuals want.

use clap::Command;
use clap_complete::Shell;

use super::exit::Failure;
use super::print;

/// What `completions` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Die Shell
    shell: Shell,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, mut command: Command) -> Result<(), Failure> {
    // clap_complete panics if a pipe is closed: never let it write there itself.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "antragsbote", &mut script);
    print(script)
}

/// Prints the manual page.
pub(super) fn man(command: Command) -> Result<(), Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(page)
}
