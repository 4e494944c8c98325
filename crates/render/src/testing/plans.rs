//! Plans for the tests of next actions.

use model::{
    AccountReport, Action, Address, Blocked, BlockedReason, Digest, Estimate, NextAction,
    Operation, Plan, Reason, Stage, Step, Who,
};
use std::collections::BTreeMap;

/// A declared account that somebody has to do something for.
pub(crate) fn account(name: &str, stage: Stage, who: Option<Who>) -> AccountReport {
    AccountReport {
        key: format!("SA-{name}").as_str().into(),
        name: name.into(),
        source: "Service Accounts".into(),
        stage: Some(stage),
        next: who.map(|who| NextAction {
            what: format!("do what is needed for {name}"),
            who,
            by: None,
        }),
    }
}

/// A step that creates something, without fields.
pub(crate) fn step(address: Address) -> Step {
    Step {
        address,
        action: Action::Create,
        reason: Reason::NotInTenant,
        before: None,
        after: None,
        fingerprint: None,
        rests_on: None,
        depends_on: Vec::new(),
        assuming: Vec::new(),
        destructive: false,
        operation: Operation::UpdateSource {
            source: "source-1".into(),
            changes: Vec::new(),
        },
    }
}

/// A plan without steps, in which the token `report` of each account is blocked
/// for this reason.
pub(crate) fn plan(accounts: Vec<AccountReport>, reason: Option<BlockedReason>) -> Plan {
    let blocked = reason.into_iter().flat_map(|reason| {
        accounts.iter().map(move |account| Blocked {
            address: Address::Token(account.key.clone(), "report".into()),
            reason,
            message: String::new(),
            remedy: String::new(),
            who: Who::Operator,
        })
    });
    Plan {
        tenant: "https://acme.api.identitynow.com".to_owned(),
        user: "jane.doe".to_owned(),
        stores: BTreeMap::new(),
        spec_digest: Digest::of(&"spec"),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        steps: Vec::new(),
        blocked: blocked.collect(),
        unmanaged: Vec::new(),
        may_be_issuers: Vec::new(),
        guards: Vec::new(),
        problems: Vec::new(),
        incomplete: BTreeMap::new(),
        accounts,
        deliveries: Vec::new(),
        estimate: Estimate::default(),
        selection: None,
    }
}
