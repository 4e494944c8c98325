//! Commands of other programs, and what does the same here.

use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The commands that people bring along from other programs, and the words for ours.
const MEANT: &[(&[&str], &str)] = &[
    (
        &["import", "dump", "export", "pull", "discover", "onboard"],
        "`steersman adopt` writes the files for what the tenant has; there is no state to import into",
    ),
    (
        &[
            "sync",
            "deploy",
            "push",
            "up",
            "run",
            "converge",
            "reconcile",
        ],
        "`steersman apply` shows the plan, asks, and carries it out",
    ),
    (
        &["diff", "preview", "noop", "dry-run"],
        "`steersman plan` shows the changes and makes none",
    ),
    (
        &[
            "refresh",
            "state",
            "taint",
            "untaint",
            "workspace",
            "force-unlock",
        ],
        "every plan reads the tenant again; there is no state to keep",
    ),
    (
        &["destroy", "delete", "remove", "rm", "down"],
        "remove the accounts from the files; `unmanaged: delete` of their source then deletes them",
    ),
    (
        &["lint", "check", "test", "verify"],
        "`steersman validate` checks the files, and `steersman doctor` the credentials and the network",
    ),
    (
        &["list", "ls", "get", "inventory", "accounts"],
        "`steersman status` lists the accounts, and `steersman token list` the tokens",
    ),
    (
        &["login", "auth", "signin", "configure"],
        "credentials are in the environment (SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET); `steersman enroll` stores the first token of an account",
    ),
    (
        &["rotate", "revoke", "disable", "rollback", "tokens"],
        "`steersman token` has list, rotate, revoke, disable and rollback",
    ),
    (
        &["move", "mv", "stores"],
        "`steersman store` has check and move",
    ),
    (&["format"], "`steersman fmt` formats the files"),
    (
        &["simulate", "sim", "mock"],
        "`steersman simulator` serves a simulated tenant; `--simulate` uses one for a command",
    ),
    (
        &["monitor", "daemon", "serve", "agent"],
        "`steersman watch` looks for drift in a loop",
    ),
    (
        &["audit"],
        "`steersman report` writes the inventory for auditors",
    ),
    (&["version"], "`steersman --version` prints the version"),
];

/// Says what an unknown command is called here, where that is known.
pub(crate) fn suggest(error: &mut Error) {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    let meant = MEANT
        .iter()
        .find(|(names, _)| names.contains(&unknown.as_str()));
    let Some((_, text)) = meant else { return };
    error.remove(ContextKind::SuggestedSubcommand);
    let tip = ContextValue::StyledStrs(vec![StyledStr::from(*text)]);
    error.insert(ContextKind::Suggested, tip);
}

#[cfg(test)]
mod tests {
    use super::{MEANT, suggest};
    use crate::command::Arguments;
    use clap::{CommandFactory, Parser};

    fn told(words: &str) -> String {
        let mut error = Arguments::try_parse_from(words.split(' ')).unwrap_err();
        suggest(&mut error);
        error.render().to_string()
    }

    #[test]
    fn commands_of_other_programs_are_known() {
        for (words, expected) in [
            ("steersman import SA-001", "tip: `steersman adopt` writes"),
            (
                "steersman destroy",
                "tip: remove the accounts from the files",
            ),
            ("steersman staus", "a similar subcommand exists: 'status'"),
        ] {
            let told = told(words);
            assert!(told.contains(expected), "{words}: {told}");
        }
    }

    #[test]
    fn a_suggested_command_exists_and_a_command_of_ours_is_not_foreign() {
        let root = Arguments::command();
        let exists = |name: &str| root.find_subcommand(name).is_some();
        for (foreign, text) in MEANT {
            for name in *foreign {
                assert!(!exists(name), "{name}");
            }
            for part in text.split("`steersman ").skip(1) {
                let name: &str = part.split(['`', ' ']).next().unwrap_or_default();
                assert!(name.starts_with("--") || exists(name), "{name}");
            }
        }
    }
}
