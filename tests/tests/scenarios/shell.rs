//! Commands as a person pastes them into a shell.

use std::process::Command;
use tests::World;

/// A shell in the folder of a world, in which `steersman` and `cargo run --` are the program
/// under test.
pub(crate) struct Shell<'a> {
    world: &'a World,
    /// What is set in it, as lines.
    before: String,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self {
            world,
            before: String::new(),
        }
    }

    /// Sets a variable for the later lines, as `NAME=VALUE`.
    pub(crate) fn set(&mut self, assignment: &str) {
        self.before.push_str(assignment);
        self.before.push('\n');
    }

    /// Runs a line, which has to end well. What it prints.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> String {
        let program = self.world.command();
        let mut shell = Command::new("/bin/bash");
        shell
            .current_dir(self.world.folder())
            .env_clear()
            .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("STEERSMAN_UNDER_TEST", program.get_program())
            .arg("-c")
            .arg(format!(
                "set -euo pipefail\nsteersman() {{ \"$STEERSMAN_UNDER_TEST\" \"$@\"; }}\ncargo() {{ shift 2; steersman \"$@\"; }}\n{}{line}",
                self.before
            ));
        let output = shell.output().unwrap();
        let [shown, told] =
            [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(output.status.success(), "{line}\n{shown}\n{told}");
        shown.into_owned()
    }
}
