//! Simulator commands that do the manual steps of an account.

use crate::session::Session;
use model::shell_quoted as quoted;
use model::{AccountReport, Spec, Stage, StoreSpec};
use render::Completion;

/// The commands for the steps of an account holder or ISC admin, up to where steersman
/// goes on by itself: invite, register, create the issuer token and enroll. None for a real
/// tenant.
pub(crate) fn next_commands(
    session: &Session,
    spec: &Spec,
    completion: &Completion,
    account: &AccountReport,
) -> Vec<String> {
    let Some(simulated) = session.simulated() else {
        return Vec::new();
    };
    let state = simulated.state();
    let name = quoted(account.name.as_str());
    let kept = state.map_or_else(|| "FILE".to_owned(), |state| quoted(state.as_str()));
    let person = |what: &str| format!("steersman simulator person {what} {name} --state {kept}");
    let enroll = || {
        let location = spec.accounts.get(&account.key)?.issuer.as_ref()?;
        let programs = match spec.stores.get(&location.store)? {
            StoreSpec::Directory { .. } | StoreSpec::Age { .. } => "",
            StoreSpec::Command { .. } | StoreSpec::ReadyMade(_) => " --allow-commands",
            // Such a store can only be read.
            StoreSpec::Environment { .. } => return None,
        };
        let simulate = match state {
            Some(_) => "",
            None => " --simulate=FILE",
        };
        let command = format!("`steersman enroll {name} --paste{programs}{simulate}`");
        let enroll = completion.of(&command);
        Some(format!("{} | {}", person("mint"), enroll.trim_matches('`')))
    };
    let steps: Vec<Option<String>> = match account.stage {
        Some(Stage::Identified) => vec![Some(person("invite")), Some(person("register")), enroll()],
        Some(Stage::Invited) => vec![Some(person("register")), enroll()],
        Some(Stage::Registered) => vec![enroll()],
        Some(Stage::Absent | Stage::Imported | Stage::Enrolled | Stage::Ready) | None => {
            return Vec::new();
        }
    };
    let mut commands: Vec<String> = steps.into_iter().flatten().collect();
    if let (Some(last), None) = (commands.last_mut(), state) {
        last.push_str("   (after apply with --simulate=FILE, which keeps the tenant)");
    }
    commands
}
