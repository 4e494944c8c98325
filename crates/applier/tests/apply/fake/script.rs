//! What goes wrong, by the name of the call.

use super::State;
use model::{Incomplete, IncompleteReason, TenantErrorKind};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// What is different about a call.
pub(crate) enum Fault {
    /// Nothing: this call passes.
    Pass,
    /// It fails and has no effect.
    Before(TenantErrorKind),
    /// It fails and has its effect all the same.
    After(TenantErrorKind),
    /// Its answer is late.
    Slow(Duration),
    /// Something else happens just before it.
    Meanwhile(Box<dyn FnOnce(&mut State) + Send>),
}

impl Fault {
    pub(crate) fn meanwhile(act: impl FnOnce(&mut State) + Send + 'static) -> Self {
        Self::Meanwhile(Box::new(act))
    }
}

/// The faults to come, the next first.
#[derive(Default)]
pub(crate) struct Script {
    once: BTreeMap<&'static str, VecDeque<Fault>>,
    always: BTreeMap<&'static str, TenantErrorKind>,
}

impl Script {
    pub(crate) fn add(&mut self, call: &'static str, fault: Fault) {
        self.once.entry(call).or_default().push_back(fault);
    }

    pub(crate) fn add_for_ever(&mut self, call: &'static str, kind: TenantErrorKind) {
        self.always.insert(call, kind);
    }

    pub(crate) fn next(&mut self, call: &str) -> Fault {
        let scripted = self.once.get_mut(call).and_then(VecDeque::pop_front);
        scripted.unwrap_or_else(|| match self.always.get(call) {
            Some(kind) => Fault::Before(kind.clone()),
            None => Fault::Pass,
        })
    }
}

/// An answer that was lost on its way.
pub(crate) fn unknown() -> TenantErrorKind {
    TenantErrorKind::Unknown {
        text: "the connection was reset".to_owned(),
    }
}

/// A write that was refused for now, or that failed, and was not sent again.
pub(crate) fn busy() -> TenantErrorKind {
    TenantErrorKind::ReadAgain(Box::new(TenantErrorKind::Unavailable {
        status: Some(429),
        text: "slow down".to_owned(),
        attempts: 1,
        tracking_id: None,
    }))
}

/// One error of each kind that says that nothing was done.
pub(crate) fn every_refusal() -> Vec<TenantErrorKind> {
    let text = || "because".to_owned();
    let tracking_id = || Some("0a1b2c".to_owned());
    vec![
        TenantErrorKind::Unauthenticated { text: text() },
        TenantErrorKind::Forbidden {
            text: text(),
            tracking_id: tracking_id(),
            call: Some("POST /sources/v1".to_owned()),
        },
        TenantErrorKind::NotFound {
            text: text(),
            tracking_id: tracking_id(),
        },
        TenantErrorKind::Rejected {
            status: 400,
            detail_code: Some("400.1.3 Illegal value".to_owned()),
            text: text(),
            tracking_id: tracking_id(),
        },
        TenantErrorKind::Unavailable {
            status: Some(503),
            text: text(),
            attempts: 5,
            tracking_id: None,
        },
        TenantErrorKind::NotATenant { text: text() },
        TenantErrorKind::Undecodable { text: text() },
        TenantErrorKind::Incomplete(Incomplete {
            reason: IncompleteReason::Forbidden,
            detail: text(),
            call: None,
        }),
    ]
}
