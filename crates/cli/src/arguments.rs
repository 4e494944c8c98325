//! What can be said on the command line.

use crate::commands;
use camino::Utf8PathBuf;
use clap::{ArgAction, Args, Parser, Subcommand};
use isc::RateBudget;
use planner::{Pattern, Selection};

/// Keeps the service accounts of a SailPoint Identity Security Cloud tenant on
/// course: YAML says what is wanted, steersman shows what has to change, and
/// changes it.
#[derive(Debug, Parser)]
#[command(
    name = "steersman",
    bin_name = "steersman",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done · 1 error · 2 there are changes (plan --detailed-exitcode) · 3 applied in part · \
4 refused by a guard · 5 the saved plan is stale or used · 6 not authenticated or not allowed · 7 waiting for a person (--require-complete) · \
8 the tenant could not be read completely · 64 wrong usage"
)]
pub(crate) struct Arguments {
    /// Say more: -v each request, -vv more of each, -vvv everything
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command, one file in `commands`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(commands::init::Init),
    Validate(commands::validate::Validate),
    Explain(commands::explain::Explain),
    Fmt(commands::fmt::Fmt),
    Plan(commands::plan::PlanCommand),
    Apply(commands::apply::Apply),
    Status(commands::status::Status),
    Adopt(commands::adopt::Adopt),
    Enroll(commands::enroll::Enroll),
    Scopes(commands::scopes::Scopes),
    Levels(commands::levels::Levels),
    Simulator(commands::simulator::Simulator),
    Schema(commands::schema::Schema),
    Completions(commands::completions::Completions),
}

/// Where the spec is.
#[derive(Debug, Args)]
pub(crate) struct SpecArguments {
    /// Files, or folders with all *.yaml and *.yml files below them; without any
    /// the folder that steersman is run in
    #[arg(value_name = "PATH")]
    pub(crate) given: Vec<Utf8PathBuf>,
    /// A value for ${NAME} in the files; goes before the environment
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) variables: Vec<(String, String)>,
    /// Let a kind of problem in the files pass, such as SM0605 for a scope that
    /// is newer than this program
    #[arg(long = "allow-code", value_name = "CODE", value_parser = allowed_code)]
    pub(crate) allowed_codes: Vec<spec::Code>,
}

impl SpecArguments {
    /// The paths that are meant.
    pub(crate) fn paths(&self) -> Vec<Utf8PathBuf> {
        if self.given.is_empty() {
            vec![".".into()]
        } else {
            self.given.clone()
        }
    }

    /// The same with these paths where none was given.
    pub(crate) fn or_else(&self, paths: &[Utf8PathBuf]) -> Self {
        let given = if self.given.is_empty() {
            paths
        } else {
            &self.given
        };
        Self {
            given: given.to_vec(),
            variables: self.variables.clone(),
            allowed_codes: self.allowed_codes.clone(),
        }
    }
}

/// Which part of a plan is meant.
#[derive(Debug, Args)]
pub(crate) struct SelectionArguments {
    /// Only this, and what it needs: an account by id or name (SA-001, audit*), an
    /// address (levels/SA-001, token/SA-001/*), or a kind (kind:levels); repeatable
    #[arg(long, value_name = "WHAT")]
    only: Vec<Pattern>,
    /// Not this, and nothing that needs it: the same words as for --only; repeatable
    #[arg(long, value_name = "WHAT")]
    except: Vec<Pattern>,
}

impl SelectionArguments {
    pub(crate) fn selection(&self) -> Selection {
        Selection::new(self.only.clone(), self.except.clone())
    }
}

/// Which tenant is meant.
#[derive(Debug, Args)]
pub(crate) struct TenantArguments {
    /// Use the embedded simulator in place of a tenant; with a file the
    /// simulated tenant survives between commands
    #[arg(long, value_name = "STATE.json", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) simulate: Option<Utf8PathBuf>,
    /// How much of ISC's rate limit (100 requests in 10 seconds for each
    /// credential) to use: a number of percent, or off
    #[arg(long, value_name = "PERCENT", env = "STEERSMAN_RATE_SHARE", default_value = "80", value_parser = rate_share)]
    pub(crate) rate_share: RateBudget,
}

/// What lets a plan pass a guard.
#[derive(Debug, Args)]
pub(crate) struct GuardArguments {
    /// Let so many pass a guard, this once (such as deleteAccounts=3)
    #[arg(long = "allow", value_name = "GUARD=COUNT", value_parser = allowance)]
    pub(crate) allowed: Vec<(String, u64)>,
}

impl GuardArguments {
    pub(crate) fn allowances(&self) -> planner::Allowances {
        let mut allowances = planner::Allowances::default();
        for (guard, count) in &self.allowed {
            allowances.allow(guard.clone(), *count);
        }
        allowances
    }
}

fn rate_share(text: &str) -> Result<RateBudget, String> {
    if text == "off" {
        return Ok(RateBudget::unlimited());
    }
    let percent = text
        .parse()
        .map_err(|_| format!("`{text}` is neither a number of percent nor off"))?;
    RateBudget::share(percent).map_err(|error| error.to_string())
}

/// A code of a problem that may be let pass.
pub(crate) fn allowed_code(text: &str) -> Result<spec::Code, String> {
    let code: spec::Code = text.parse().map_err(|error| format!("{error}"))?;
    if code.can_be_allowed() {
        Ok(code)
    } else {
        Err(format!("{code} is an error that cannot be allowed"))
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

fn allowance(text: &str) -> Result<(String, u64), String> {
    let guards = || planner::GUARDS.iter().filter(|guard| guard.is_allowable());
    let known = || {
        guards()
            .map(|guard| guard.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (name, count) = text
        .split_once('=')
        .ok_or_else(|| format!("expected GUARD=COUNT with GUARD one of {}", known()))?;
    if !guards().any(|guard| guard.name == name) {
        return Err(format!(
            "there is no guard `{name}` that can be lifted; there are {}",
            known()
        ));
    }
    let count = count
        .parse()
        .map_err(|_| format!("`{count}` is no count"))?;
    Ok((name.to_owned(), count))
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

    #[test]
    fn only_guards_that_can_be_lifted_are_allowed() {
        assert_eq!(
            allowance("deleteAccounts=3"),
            Ok(("deleteAccounts".to_owned(), 3))
        );
        for text in [
            "deleteAccounts",
            "deleteAccounts=many",
            "deleteThreshold=1",
            "force=1",
        ] {
            assert!(allowance(text).is_err(), "{text}");
        }
    }
}
