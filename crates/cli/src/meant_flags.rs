//! Flags of other programs, and what does the same here.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// What does the same as a flag of another program.
enum Meant {
    /// A flag of ours, with its value where it needs one.
    Flag(&'static str),
    /// Something else.
    Text(&'static str),
}

/// The flags that people bring along from other programs.
const MEANT: &[(&[&str], Meant)] = &[
    (
        &[
            "--yes",
            "-y",
            "--assume-yes",
            "--approve",
            "--force",
            "-f",
            "--no-confirm",
            "--non-interactive",
            "--no-input",
            "--skip-approval",
        ],
        Meant::Flag("--auto-approve"),
    ),
    (
        &[
            "--dry-run",
            "--dryrun",
            "-n",
            "--check",
            "--noop",
            "--what-if",
            "--whatif",
            "--preview",
            "--diff",
            "--plan-only",
        ],
        Meant::Text("`steersman plan` shows the changes and makes none"),
    ),
    (
        &[
            "--target",
            "-t",
            "--include",
            "--account",
            "--select",
            "--filter",
            "--limit",
            "--tags",
        ],
        Meant::Flag("--only"),
    ),
    (
        &["--exclude", "--skip", "--ignore", "--skip-tags"],
        Meant::Flag("--except"),
    ),
    (&["--colour"], Meant::Flag("--color")),
    (
        &["--no-color", "--no-colour", "--nocolor"],
        Meant::Flag("--color never"),
    ),
    (&["--json", "-o", "--output"], Meant::Flag("--format json")),
    (&["--output-file", "--outfile"], Meant::Flag("--out")),
    (
        &[
            "--file",
            "--filename",
            "-c",
            "--config",
            "--dir",
            "--chdir",
            "--path",
            "-d",
        ],
        Meant::Text(
            "files and folders are arguments, as in `steersman plan accounts tenants/prod.yaml`",
        ),
    ),
    (
        &[
            "--tenant",
            "--url",
            "--base-url",
            "--host",
            "--endpoint",
            "--env",
            "--environment",
        ],
        Meant::Text(
            "the environment names the tenant: SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET",
        ),
    ),
    (
        &[
            "--token",
            "--client-id",
            "--client-secret",
            "--password",
            "--username",
        ],
        Meant::Text(
            "credentials are in the environment, never in arguments: SAIL_CLIENT_ID and SAIL_CLIENT_SECRET",
        ),
    ),
    (
        &["--debug", "--trace", "--log-level", "--loglevel"],
        Meant::Flag("-vv"),
    ),
    (
        &["--quiet", "-q", "--silent"],
        Meant::Text("standard output has the result only; `2>/dev/null` leaves out the rest"),
    ),
    (
        &[
            "--parallelism",
            "--parallel",
            "--concurrency",
            "--rate-limit",
        ],
        Meant::Flag("--rate-share"),
    ),
    (
        &["--refresh", "--refresh-only", "--no-refresh"],
        Meant::Text("every plan reads the tenant again; there is no state to refresh"),
    ),
    (
        &["--destroy", "--prune", "--delete"],
        Meant::Text(
            "remove the accounts from the files; `unmanaged: delete` of their source then deletes them",
        ),
    ),
    (
        &["--insecure", "-k", "--no-verify", "--skip-tls-verify"],
        Meant::Flag("--ca-file"),
    ),
    (&["--variable"], Meant::Flag("--var")),
    (
        &["-out", "--save-plan", "--plan-out", "--planfile"],
        Meant::Flag("--save FILE"),
    ),
    (
        &["--lock", "--lock-timeout", "--state", "--backend-config"],
        Meant::Text(
            "there is no state to lock: every plan reads the tenant, and `--journal FILE` is locked while an apply runs",
        ),
    ),
    (
        &["--input", "--compact-warnings"],
        Meant::Text("`apply --auto-approve` asks nothing"),
    ),
];

/// Says what an unknown flag is called here, where that is known. What clap finds similar
/// is shown for all others. `words` is the command line.
pub(crate) fn suggest(error: &mut Error, root: &Command, words: &[String]) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return;
    };
    let name = unknown.split(['=', ' ']).next().unwrap_or_default();
    let one_hyphen = long_after_one_hyphen(name, words);
    let name = one_hyphen.as_deref().unwrap_or(name);
    let meant = MEANT.iter().find(|(names, _)| names.contains(&name));
    let text = match meant {
        // Terraform writes long flags with one hyphen.
        None if one_hyphen.is_some() => match of_flag(name, root, words) {
            Some(text) => text,
            None => return,
        },
        None => return,
        Some((_, Meant::Text(text))) => (*text).to_owned(),
        Some((_, Meant::Flag(flag))) => match of_flag(flag, root, words) {
            Some(text) => text,
            None => return,
        },
    };
    error.remove(ContextKind::SuggestedArg);
    let tip = ContextValue::StyledStrs(vec![StyledStr::from(text)]);
    error.insert(ContextKind::Suggested, tip);
}

/// The long flag that a word with one hyphen stands for, such as `-auto-approve`, of which
/// the parser knows the first letter only.
fn long_after_one_hyphen(unknown: &str, words: &[String]) -> Option<String> {
    let letter = unknown.strip_prefix('-').filter(|rest| rest.len() == 1)?;
    let is_it = |word: &&String| {
        let long = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        long.is_some_and(|long| {
            let name = long.split('=').next().unwrap_or_default();
            name.len() > 2 && name.contains(letter)
        })
    };
    let word = words.iter().find(is_it)?;
    let name = word.split('=').next().unwrap_or_default();
    // What is written with one hyphen and is no flag of the list: `-out` is Terraform's saved
    // plan, and not ours, which is a copy of the output.
    Some(match name {
        "-out" => "-out".to_owned(),
        _ => format!("-{name}"),
    })
}

/// Where the flag is: with this command, or with which others.
fn of_flag(flag: &str, root: &Command, words: &[String]) -> Option<String> {
    let path = path_of(root, words);
    if path.last().is_some_and(|command| has(command, flag)) || has(root, flag) {
        return Some(format!("use `{flag}`"));
    }
    let others: Vec<String> = root
        .get_subcommands()
        .filter(|command| has(command, flag))
        .map(|command| format!("`steersman {}`", command.get_name()))
        .collect();
    (!others.is_empty()).then(|| format!("`{flag}` does this, with {}", others.join(", ")))
}

/// The commands that the words name, the last one the one that is run.
fn path_of<'a>(root: &'a Command, words: &[String]) -> Vec<&'a Command> {
    let mut path = vec![root];
    for word in words.iter().filter(|word| !word.starts_with('-')) {
        match path
            .last()
            .and_then(|command| command.find_subcommand(word))
        {
            Some(command) => path.push(command),
            None if path.len() > 1 => break,
            None => {}
        }
    }
    path
}

/// Whether a command has a flag.
fn has(command: &Command, flag: &str) -> bool {
    let name = flag.split(' ').next().unwrap_or_default();
    command.get_arguments().any(|argument| {
        name.strip_prefix("--")
            .is_some_and(|long| argument.get_long() == Some(long))
            || argument.get_short().is_some_and(|short| {
                name.starts_with(&format!("-{short}")) && !name.starts_with("--")
            })
    })
}

#[cfg(test)]
mod tests {
    use super::{MEANT, Meant, has, suggest};
    use crate::command::Arguments;
    use clap::{Command, CommandFactory, Parser};

    fn told(words: &str) -> String {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let mut error = Arguments::try_parse_from(&words).unwrap_err();
        suggest(&mut error, &Arguments::command(), &words);
        error.render().to_string()
    }

    #[test]
    fn flags_of_other_programs_are_known() {
        for (words, expected) in [
            ("steersman apply --yes", "tip: use `--auto-approve`"),
            ("steersman apply -y", "tip: use `--auto-approve`"),
            ("steersman apply --dry-run", "tip: `steersman plan` shows"),
            ("steersman plan --target=SA-001", "tip: use `--only`"),
            (
                "steersman apply --auto-aprove",
                "tip: a similar argument exists: '--auto-approve'",
            ),
            ("steersman plan --colour", "tip: use `--color`"),
            ("steersman plan --no-color", "tip: use `--color never`"),
            (
                "steersman plan --yes",
                "tip: `--auto-approve` does this, with `steersman apply`",
            ),
            ("steersman status --json", "tip: use `--format json`"),
            ("steersman plan --no-such-thing", "'-- --no-such-thing'"),
            ("steersman plan -out=x", "tip: use `--save FILE`"),
            ("steersman plan accounts -out x", "tip: use `--save FILE`"),
            ("steersman apply -auto-approve", "tip: use `--auto-approve`"),
            (
                "steersman plan -detailed-exitcode",
                "tip: use `--detailed-exitcode`",
            ),
            ("steersman plan -target=SA-001", "tip: use `--only`"),
            ("steersman apply -lock=false", "no state to lock"),
        ] {
            let told = told(words);
            assert!(told.contains(expected), "{words}: {told}");
        }
    }

    #[test]
    fn a_suggested_flag_exists_and_a_flag_of_ours_is_not_foreign() {
        fn all(command: &Command) -> Vec<&Command> {
            std::iter::once(command)
                .chain(command.get_subcommands().flat_map(all))
                .collect()
        }
        let root = Arguments::command();
        for (foreign, meant) in MEANT {
            if let Meant::Flag(flag) = meant {
                assert!(all(&root).into_iter().any(|one| has(one, flag)), "{flag}");
            }
            for name in *foreign {
                assert_ne!(*name, "--only", "{name}");
            }
        }
    }
}
