//! Commands that texts name, completed with what a run was given: without its files they
//! would read others, and without `--simulate=FILE` they would ask for a real tenant.

use model::shell_quoted as quoted;
use std::borrow::Cow;

/// How a text names a command.
const COMMAND: &str = "`steersman ";

/// The commands that talk to a tenant.
const TALKING: [&str; 11] = [
    "plan", "apply", "drift", "watch", "status", "adopt", "enroll", "token", "store", "report",
    "doctor",
];

/// The commands that get the files of this run.
const READING: [&str; 11] = [
    "validate", "plan", "apply", "drift", "watch", "status", "enroll", "token", "store", "report",
    "doctor",
];

/// The commands that keep a record.
const RECORDING: [&str; 2] = ["apply", "drift"];

/// What the commands in texts need to do the same as this run.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// The files and their variables, each part after a space.
    files: String,
    /// The option that selects the simulated tenant of a file.
    simulate: String,
    /// The option that names the record, after a space.
    record: String,
}

impl Completion {
    /// From now on with these files and their options, each quoted for a shell.
    pub fn name_files(&mut self, words: &[String]) {
        self.files = words.iter().flat_map(|word| [" ", word.as_str()]).collect();
    }

    /// From now on with this simulated tenant.
    pub fn name_simulated(&mut self, file: &str) {
        self.simulate = format!(" --simulate={}", quoted(file));
    }

    /// From now on with the record of this run.
    pub fn name_record(&mut self, file: &str) {
        self.record = format!(" --record {}", quoted(file));
    }

    /// The text with complete commands. A command may be broken over lines.
    pub fn of<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Self {
            files,
            simulate,
            record,
        } = self;
        let nothing = files.is_empty() && simulate.is_empty() && record.is_empty();
        if nothing || !text.contains(COMMAND) {
            return Cow::Borrowed(text);
        }
        let mut completed = String::with_capacity(text.len() + files.len() + simulate.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(COMMAND) {
            completed.push_str(before);
            completed.push_str(COMMAND);
            let Some((command, behind)) = after.split_once('`') else {
                rest = after;
                break;
            };
            completed.push_str(command);
            let mut words = command.split_whitespace();
            let first = words.next().unwrap_or_default();
            if READING.contains(&first) && !self.names_files(first, words.next(), command) {
                completed.push_str(files);
            }
            if TALKING.contains(&first) && !command.contains("--simulate") {
                completed.push_str(simulate);
            }
            if RECORDING.contains(&first) && !command.contains("--record") {
                completed.push_str(record);
            }
            completed.push('`');
            rest = behind;
        }
        completed.push_str(rest);
        Cow::Owned(completed)
    }

    /// Whether a command names files itself, or is a group of commands, which takes none.
    fn names_files(&self, first: &str, second: Option<&str>, command: &str) -> bool {
        let is_group = matches!(first, "token" | "store") && second.is_none();
        let mut words = command.split_whitespace().skip(1);
        is_group
            || command.contains(".yaml")
            || (!self.files.is_empty() && command.contains(self.files.as_str()))
            || words.any(|word| word == "accounts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completion(with_files: bool, simulated: bool) -> Completion {
        let mut completion = Completion::default();
        if with_files {
            completion.name_files(
                &[
                    "accounts",
                    "'my tenants/test.yaml'",
                    "--var-file test.vars.yaml",
                    "--var A=VALUE",
                ]
                .map(str::to_owned),
            );
        }
        if simulated {
            completion.name_simulated("t.json");
        }
        completion
    }

    #[test]
    fn commands_for_a_simulated_tenant_are_complete() {
        let completion = completion(false, true);
        for (text, expected) in [
            ("nothing", "nothing"),
            (
                "run `steersman apply`; it goes on",
                "run `steersman apply --simulate=t.json`; it goes on",
            ),
            (
                "`steersman token\n  list` and `steersman validate`",
                "`steersman token\n  list --simulate=t.json` and `steersman validate`",
            ),
            (
                "`steersman plan --simulate=t.json`",
                "`steersman plan --simulate=t.json`",
            ),
            ("`steersman apply", "`steersman apply"),
        ] {
            assert_eq!(completion.of(text), expected);
        }
    }

    #[test]
    fn the_record_is_named_where_it_is_kept() {
        let mut completion = completion(false, false);
        completion.name_record("my record.json");
        for (text, expected) in [
            (
                "next: `steersman apply` brings",
                "next: `steersman apply --record 'my record.json'` brings",
            ),
            (
                "`steersman apply --record other.json`",
                "`steersman apply --record other.json`",
            ),
            ("`steersman status`", "`steersman status`"),
        ] {
            assert_eq!(completion.of(text), expected);
            assert_eq!(completion.of(expected), expected);
        }
    }

    #[test]
    fn commands_have_the_files_of_this_run() {
        const FILES: &str =
            "accounts 'my tenants/test.yaml' --var-file test.vars.yaml --var A=VALUE";
        for (command, with_files, with_simulate) in [
            ("enroll audit01", true, true),
            ("apply", true, true),
            ("status --only invited", true, true),
            ("adopt Source", false, true),
            ("store\n  move --from local", true, true),
            ("token", false, true),
            ("store check accounts", false, true),
            ("validate", true, false),
            ("scopes list", false, false),
        ] {
            let files = if with_files {
                format!(" {FILES}")
            } else {
                String::new()
            };
            let simulate = if with_simulate {
                " --simulate=t.json"
            } else {
                ""
            };
            assert_eq!(
                completion(true, true).of(&format!("run `steersman {command}` now")),
                format!("run `steersman {command}{files}{simulate}` now")
            );
        }
        let text = "run `steersman store check`";
        assert_eq!(
            completion(true, false).of(text),
            format!("run `steersman store check {FILES}`")
        );
        assert_eq!(completion(false, false).of(text), text);
    }
}
