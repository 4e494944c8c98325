//! The command line of `steersman`: global flags and the list of commands.

use crate::commands;
use clap::{ArgAction, Parser, Subcommand};

/// Manage SailPoint Identity Security Cloud service accounts as code
///
/// Example: `steersman plan accounts --simulate`
///
/// Declare accounts, user levels and tokens in YAML, review the plan, apply it.
/// `init`, `validate`, `explain`, `fmt`, `scopes` and `levels` need no tenant.
#[derive(Debug, Parser)]
#[command(
    name = "steersman",
    bin_name = "steersman",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done · 1 error · 2 there are changes (drift, plan --detailed-exitcode) · 3 partially applied · \
4 refused by a guard · 5 the saved plan is stale or used · 6 not authenticated or not allowed · \
7 an account holder must act (--require-complete) · 8 the tenant was read only in part · 64 wrong usage · \
130 or 143 ended at once by Ctrl-C or SIGTERM"
)]
pub(crate) struct Arguments {
    /// Log to standard error: -v requests, -vv details, -vvv everything
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands, each with a file of its own in `commands`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(commands::init::Init),
    Validate(commands::validate::Validate),
    Explain(commands::explain::Explain),
    Fmt(commands::fmt::Fmt),
    Plan(commands::plan::PlanCommand),
    Apply(commands::apply::Apply),
    Drift(commands::drift::Drift),
    Watch(commands::watch::Watch),
    Status(commands::status::Status),
    Show(commands::show::Show),
    Adopt(commands::adopt::Adopt),
    Enroll(commands::enroll::Enroll),
    Token(commands::token::Token),
    Store(commands::store::Store),
    Scopes(commands::scopes::Scopes),
    Levels(commands::levels::Levels),
    Simulator(commands::simulator::Simulator),
    Schema(commands::schema::Schema),
    Completions(commands::completions::Completions),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn simulate_takes_a_file_or_none() {
        let simulate = |words: &[&str]| {
            let arguments =
                Arguments::try_parse_from([&["steersman", "plan"], words].concat()).unwrap();
            match arguments.command {
                Command::Plan(plan) => (plan.tenant.simulate, plan.spec.paths()),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            simulate(&["--simulate", "x"]),
            (Some("".into()), vec!["x".into()])
        );
        assert_eq!(
            simulate(&["--simulate=t.json"]),
            (Some("t.json".into()), vec![".".into()])
        );
        assert_eq!(simulate(&[]).0, None);
    }
}
