//! `completions` and `man`: what shells and readers of manuals want.

mod page;
mod settings;

use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;

use super::exit::Failure;
use super::{print, write_output};

/// What `completions` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Die Shell
    shell: Shell,
}

/// What `man` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// Stattdessen alle Seiten in diesen Ordner, je Befehl eine, dazu antragsbote.toml(5)
    #[arg(value_name = "ORDNER")]
    folder: Option<PathBuf>,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, mut command: Command) -> Result<(), Failure> {
    // clap_complete panics if a pipe is closed: never let it write there itself.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "antragsbote", &mut script);
    print(script)
}

/// Prints the program's page, or writes every page into a folder.
pub(super) fn man(args: &ManArgs, mut command: Command) -> Result<(), Failure> {
    command.build();
    match &args.folder {
        None => print(page::of_program(command)?),
        Some(folder) => {
            write_output(
                &folder.join("antragsbote.toml.5"),
                settings::page().as_bytes(),
            )?;
            write_commands(&command, folder)?;
            write_output(&folder.join("antragsbote.1"), &page::of_program(command)?)
        }
    }
}

fn write_commands(command: &Command, folder: &Path) -> Result<(), Failure> {
    for sub in command.get_subcommands() {
        let name = sub.get_display_name().unwrap_or_else(|| sub.get_name());
        write_output(&folder.join(format!("{name}.1")), &page::of_command(sub)?)?;
        write_commands(sub, folder)?;
    }
    Ok(())
}
