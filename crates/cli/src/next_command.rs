//! Simulator command that does the next manual step of an account.

use crate::session::Session;
use model::shell_quoted as quoted;
use model::{AccountReport, Spec, Stage, StoreSpec};

/// The command for the next step of an account holder or ISC admin: invite,
/// register, or create the issuer token. None for a real tenant.
pub(crate) fn next_command(
    session: &Session,
    spec: &Spec,
    account: &AccountReport,
) -> Option<String> {
    let state = session.simulated()?.state();
    let name = quoted(account.name.as_str());
    let kept = state.map_or_else(|| "FILE".to_owned(), |state| quoted(state.as_str()));
    let command = match account.stage? {
        Stage::Identified => format!("steersman simulator person invite {name} --state {kept}"),
        Stage::Invited => format!("steersman simulator person register {name} --state {kept}"),
        Stage::Registered => {
            let location = spec.accounts.get(&account.key)?.issuer.as_ref()?;
            let to = match spec.stores.get(&location.store)? {
                StoreSpec::Directory { path } => quoted(&format!("{path}/{}", location.key)),
                StoreSpec::Age { .. }
                | StoreSpec::Command { .. }
                | StoreSpec::Environment { .. }
                | StoreSpec::ReadyMade(_) => "FILE".to_owned(),
            };
            format!("steersman simulator person mint {name} --to {to} --state {kept}")
        }
        Stage::Absent | Stage::Imported | Stage::Enrolled | Stage::Ready => return None,
    };
    Some(match state {
        Some(_) => command,
        None => format!("{command}   (after apply with --simulate=FILE, which keeps the tenant)"),
    })
}
