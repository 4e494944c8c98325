//! `steersman completions`: prints a shell's completion script.

use crate::exit_code::Exit;
use crate::output::Output;
use clap::{Args, Command};
use clap_complete::Shell;

/// Print the completion script of a shell
///
/// Example: `steersman completions bash > /etc/bash_completion.d/steersman`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell that completes the commands
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, mut command: Command, output: &mut Output) -> Exit {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command, "steersman", &mut text);
        output.data(&String::from_utf8_lossy(&text));
        Exit::Done
    }
}
