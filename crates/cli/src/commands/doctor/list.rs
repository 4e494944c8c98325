//! The list of checks: each with its state, and none twice.

use crate::exit_code::Exit;
use render::doctor::{Check, CheckName, CheckState};
use std::collections::BTreeMap;

/// The checks so far, and how the worst of them ends the command.
#[derive(Debug, Default)]
pub(super) struct List {
    checks: BTreeMap<CheckName, Check>,
    worst: Option<Exit>,
}

impl List {
    pub(super) fn ok(&mut self, name: CheckName, tried: &str, found: impl Into<String>) {
        self.add(name, CheckState::Ok, tried, found.into(), None);
    }

    pub(super) fn warn(
        &mut self,
        name: CheckName,
        tried: &str,
        found: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (found, help) = (found.into(), Some(help.into()));
        self.add(name, CheckState::Warning, tried, found, help);
    }

    pub(super) fn fail(
        &mut self,
        name: CheckName,
        tried: &str,
        found: impl Into<String>,
        help: Option<String>,
        exit: Exit,
    ) {
        self.add(name, CheckState::Failed, tried, found.into(), help);
        let is_worse = self.worst.is_none_or(|worst| rank(exit) > rank(worst));
        if is_worse {
            self.worst = Some(exit);
        }
    }

    pub(super) fn not_checked(
        &mut self,
        name: CheckName,
        because: impl Into<String>,
        help: Option<String>,
    ) {
        self.add(
            name,
            CheckState::NotChecked,
            "nothing",
            because.into(),
            help,
        );
    }

    fn add(
        &mut self,
        name: CheckName,
        state: CheckState,
        tried: &str,
        found: String,
        help: Option<String>,
    ) {
        self.checks.entry(name).or_insert(Check {
            name,
            state,
            tried: tried.to_owned(),
            found,
            help,
        });
    }

    /// Whether a check failed.
    pub(super) fn failed(&self, name: CheckName) -> bool {
        self.checks
            .get(&name)
            .is_some_and(|check| check.state == CheckState::Failed)
    }

    /// All checks in order. What was not reached rests on the last check before it that
    /// failed, so it is not known.
    pub(super) fn finished(mut self) -> (Vec<Check>, Exit) {
        let mut failed: Option<CheckName> = None;
        for name in CheckName::ALL {
            match self.checks.get(&name) {
                Some(check) if check.state == CheckState::Failed => failed = Some(name),
                Some(_) => {}
                None => {
                    let because = failed.map_or_else(
                        || "an earlier check was not made".to_owned(),
                        |failed| format!("because the check \"{}\" failed", failed.words()),
                    );
                    self.not_checked(name, because, None);
                }
            }
        }
        let exit = self.worst.unwrap_or(Exit::Done);
        (self.checks.into_values().collect(), exit)
    }
}

/// How bad an ending is: what was not read is worse than what is not allowed, and that is
/// worse than an error that is known.
fn rank(exit: Exit) -> u8 {
    match exit {
        Exit::Done => 0,
        Exit::Changes
        | Exit::Partial
        | Exit::Stale
        | Exit::Incomplete
        | Exit::Usage
        | Exit::Interrupted
        | Exit::Terminated
        | Exit::Error => 1,
        Exit::Refused => 2,
        Exit::NotAllowed => 3,
        Exit::Unread => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rests_on_a_failed_check_is_never_ok() {
        let mut list = List::default();
        list.ok(CheckName::Files, "x", "read");
        list.fail(CheckName::Dns, "x", "no address", None, Exit::Unread);
        list.fail(CheckName::Stores, "x", "no folder", None, Exit::Error);
        let (checks, exit) = list.finished();
        assert_eq!(exit, Exit::Unread);
        assert_eq!(checks.len(), CheckName::ALL.len());
        for check in checks {
            let expected = match check.name {
                CheckName::Files => CheckState::Ok,
                CheckName::Dns | CheckName::Stores => CheckState::Failed,
                _ => CheckState::NotChecked,
            };
            assert_eq!(check.state, expected, "{check:?}");
        }
    }
}
