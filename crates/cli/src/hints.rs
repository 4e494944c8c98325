//! Commands that texts name, completed for a simulated tenant: without `--simulate=FILE` they
//! would ask for a real one.

use crate::shell_word::quoted;
use std::borrow::Cow;

/// How a text names a command.
const COMMAND: &str = "`steersman ";

/// The commands that talk to a tenant.
const TALKING: [&str; 11] = [
    "plan", "apply", "drift", "watch", "status", "adopt", "enroll", "token", "store", "report",
    "doctor",
];

/// The option that selects the simulated tenant of a file.
pub(crate) fn option(file: &str) -> String {
    format!(" --simulate={}", quoted(file))
}

/// The text, with this option in each command that talks to a tenant. A command may be
/// broken over lines.
pub(crate) fn with_option<'a>(text: &'a str, option: &str) -> Cow<'a, str> {
    if !text.contains(COMMAND) {
        return Cow::Borrowed(text);
    }
    let mut completed = String::with_capacity(text.len() + option.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(COMMAND) {
        completed.push_str(before);
        completed.push_str(COMMAND);
        let Some((command, behind)) = after.split_once('`') else {
            rest = after;
            break;
        };
        completed.push_str(command);
        let first = command.split_whitespace().next().unwrap_or_default();
        if TALKING.contains(&first) && !command.contains("--simulate") {
            completed.push_str(option);
        }
        completed.push('`');
        rest = behind;
    }
    completed.push_str(rest);
    Cow::Owned(completed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_for_a_simulated_tenant_are_complete() {
        let option = option("t.json");
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
            assert_eq!(with_option(text, &option), expected);
        }
    }
}
