//! `steersman completions`.

use crate::arguments::Arguments;
use crate::exit_code::Exit;
use crate::output::Output;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print the completions for a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, output: &mut Output) -> Exit {
        let mut text = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "steersman",
            &mut text,
        );
        output.data(&String::from_utf8_lossy(&text));
        Exit::Done
    }
}
