//! The tenant itself: every call is written down, and may go wrong.

use super::script::Script;
use super::{Fault, State};
use model::{TenantError, TenantErrorKind};
use std::sync::{Mutex, MutexGuard};

/// The calls that change something.
const WRITES: [&str; 13] = [
    "create_source",
    "update_source",
    "define_schema",
    "import_accounts",
    "create_profile",
    "update_profile",
    "process_identities",
    "invite",
    "set_user_levels",
    "mint_token",
    "update_token",
    "disable_token",
    "revoke_token",
];

/// A tenant in memory.
#[derive(Default)]
pub(crate) struct FakeTenant {
    state: Mutex<State>,
    script: Mutex<Script>,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    calls: Vec<String>,
    in_flight: usize,
    most_in_flight: usize,
}

impl FakeTenant {
    /// What the tenant holds, to look at and to change.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Lets the next call of this name that nothing is scripted for meet a fault.
    pub(crate) fn on(&self, call: &'static str, fault: Fault) {
        self.script.lock().unwrap().add(call, fault);
    }

    /// Lets all further calls of this name fail without effect.
    pub(crate) fn always(&self, call: &'static str, kind: TenantErrorKind) {
        self.script.lock().unwrap().add_for_ever(call, kind);
    }

    /// All calls so far, in order, each with what it was about.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.log.lock().unwrap().calls.clone()
    }

    /// The calls that were to change something.
    pub(crate) fn writes(&self) -> Vec<String> {
        let is_write = |call: &String| WRITES.iter().any(|write| call.starts_with(write));
        self.calls().into_iter().filter(is_write).collect()
    }

    /// How many calls of this name there were.
    pub(crate) fn count(&self, call: &str) -> usize {
        let calls = self.calls();
        calls.iter().filter(|made| made.starts_with(call)).count()
    }

    /// How many calls were under way at the same time.
    pub(crate) fn most_in_flight(&self) -> usize {
        self.log.lock().unwrap().most_in_flight
    }

    pub(super) async fn call<V>(
        &self,
        name: &'static str,
        about: &str,
        effect: impl FnOnce(&mut State) -> Result<V, TenantErrorKind> + Send,
    ) -> Result<V, TenantError> {
        let error = |kind| TenantError::new(format!("{name} {about}"), kind);
        {
            let mut log = self.log.lock().unwrap();
            log.calls.push(format!("{name} {about}").trim().to_owned());
            log.in_flight += 1;
            log.most_in_flight = log.most_in_flight.max(log.in_flight);
        }
        let fault = self.script.lock().unwrap().next(name);
        let mut lost = None;
        let mut refused = None;
        match fault {
            Fault::Pass => {}
            Fault::Before(kind) => refused = Some(kind),
            Fault::After(kind) => lost = Some(kind),
            Fault::Slow(time) => tokio::time::sleep(time).await,
            Fault::Meanwhile(act) => act(&mut self.state()),
        }
        let result = if let Some(kind) = refused {
            Err(kind)
        } else {
            let mut state = self.state();
            state.catch_up();
            effect(&mut state)
        };
        self.log.lock().unwrap().in_flight -= 1;
        match (result, lost) {
            (_, Some(kind)) | (Err(kind), None) => Err(error(kind)),
            (Ok(value), None) => Ok(value),
        }
    }
}
