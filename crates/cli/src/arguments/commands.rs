//! Argument that allows the programs that the files name.

use applier::Commands;
use clap::Args;

/// Whether the programs of command stores may run.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct CommandArguments {
    /// Run the programs that command stores in the files name
    ///
    /// Example: `--allow-commands`
    ///
    /// Everyone who can change the files chooses these programs. Without this flag, their
    /// stores are not asked: plan assumes that they hold what they should, and apply
    /// blocks the steps that need them. On a terminal, apply and enroll ask instead.
    /// `STEERSMAN_ALLOW_COMMANDS=1` does the same.
    #[arg(long, env = "STEERSMAN_ALLOW_COMMANDS", value_parser = yes_or_no)]
    pub(crate) allow_commands: bool,
}

/// Which stores a command that only reads asks.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct StoreArguments {
    #[command(flatten)]
    commands: CommandArguments,
    /// Ask no store, and assume that each holds what it should
    ///
    /// Example: `steersman plan accounts --no-stores`
    ///
    /// For a job that must not read secrets, such as that of a pull request; also with
    /// `--allow-commands`. apply asks the stores, and blocks the steps that need what a
    /// store does not hold.
    #[arg(long)]
    no_stores: bool,
}

impl StoreArguments {
    pub(crate) fn permission(self) -> Commands {
        if self.no_stores {
            Commands::NoStore
        } else {
            self.commands.permission()
        }
    }
}

impl CommandArguments {
    pub(crate) fn permission(self) -> Commands {
        if self.allow_commands {
            Commands::Allowed
        } else {
            Commands::NotAllowed
        }
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "" | "0" | "false" | "no" => Ok(false),
        _ => Err("expected 1 or 0".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::yes_or_no;

    #[test]
    fn only_a_clear_yes_allows_programs() {
        for (text, expected) in [
            ("1", Some(true)),
            ("TRUE", Some(true)),
            ("0", Some(false)),
            ("", Some(false)),
            ("no", Some(false)),
            ("maybe", None),
        ] {
            assert_eq!(yes_or_no(text).ok(), expected, "{text}");
        }
    }
}
