//! `--allow`: guard limits that are raised for one run.

use clap::Args;

/// Guard limits that are raised for one run.
#[derive(Debug, Args)]
pub(crate) struct GuardArguments {
    /// Allow COUNT for this guard in this run, for example deleteAccounts=3
    #[arg(long = "allow", value_name = "GUARD=COUNT", value_parser = allowance)]
    pub(crate) allowed: Vec<(String, u64)>,
}

impl GuardArguments {
    /// The allowances that the planner takes.
    pub(crate) fn allowances(&self) -> planner::Allowances {
        let mut allowances = planner::Allowances::default();
        for (guard, count) in &self.allowed {
            allowances.allow(guard.clone(), *count);
        }
        allowances
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
        .ok_or_else(|| format!("expected GUARD=COUNT, with GUARD one of {}", known()))?;
    if !guards().any(|guard| guard.name == name) {
        return Err(format!(
            "`{name}` is not a guard that `--allow` can lift; choose one of {}",
            known()
        ));
    }
    let count = count
        .parse()
        .map_err(|_| format!("`{count}` must be a number"))?;
    Ok((name.to_owned(), count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_guards_that_can_be_lifted_are_allowed() {
        assert_eq!(
            allowance("deleteAccounts=3"),
            Ok(("deleteAccounts".to_owned(), 3))
        );
        for text in [
            "deleteAccounts",
            "deleteAccounts=many",
            "lastOrgAdmin=1",
            "force=1",
        ] {
            assert!(allowance(text).is_err(), "{text}");
        }
    }
}
