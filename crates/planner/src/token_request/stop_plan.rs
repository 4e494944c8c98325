//! A plan that stops the chosen tokens, and does nothing else.

use super::stop::Stop;
use crate::classify::issuer::IssuerOutcome;
use crate::draft::{Draft, NewStep, StepExt};
use crate::guards::{self, Allowances};
use crate::index::Index;
use crate::phases::tokens::{kept_in_document, revoke};
use crate::token_list::{ListedToken, TokenList};
use crate::undeclared_keys::UndeclaredKeys;
use crate::view::View;
use crate::{estimate, rests_on};
use model::{AccountKey, Action, Fields, Live, LiveToken, Operation, Plan, Reason, Spec, StoreKey};
use serde_json::json;
use std::collections::BTreeMap;

/// Plans to stop the chosen tokens of the list. The guards count them as they count those of
/// any other plan. `whole` is the whole plan of the same spec and observed state.
pub fn stop_plan(
    spec: &Spec,
    live: &Live,
    whole: &Plan,
    (list, chosen): (&TokenList, &[&ListedToken]),
    stop: Stop,
    allow: &Allowances,
) -> Plan {
    let index = Index::new(live);
    let declared = spec.accounts.values();
    let views: Vec<View<'_>> = declared
        .map(|account| View::new(account, &index, None))
        .collect();
    let by_key: BTreeMap<&AccountKey, &View<'_>> =
        views.iter().map(|view| (&view.spec.key, view)).collect();
    plan_of(spec, live, whole, (list, chosen), allow, |draft, listed| {
        let Some(token) = &listed.token else { return };
        let view = by_key.get(&listed.account);
        match stop {
            Stop::Revoke { declared: _ } => {
                let step = revoke(draft, listed.address(), token, Reason::Requested);
                if let Operation::RevokeToken { kept_in, .. } = &mut step.operation {
                    *kept_in = view.and_then(|view| kept_in_document(view, token));
                }
            }
            Stop::Disable => {
                let issuer = view.and_then(|view| issuer(spec, live, view, token));
                disable(draft, listed, token, issuer);
            }
        }
    })
}

/// A plan with the steps that are added for each chosen token of the list, and no others.
pub(super) fn plan_of(
    spec: &Spec,
    live: &Live,
    whole: &Plan,
    (list, chosen): (&TokenList, &[&ListedToken]),
    allow: &Allowances,
    mut add: impl FnMut(&mut Draft, &ListedToken),
) -> Plan {
    let index = Index::new(live);
    let accounts = spec.accounts.values();
    let views: Vec<View<'_>> = accounts
        .map(|account| View::new(account, &index, None))
        .collect();
    let mut draft = Draft {
        incomplete: list.incomplete.clone(),
        ..Draft::default()
    };
    for listed in chosen {
        add(&mut draft, listed);
    }
    draft.sort();
    let keys = UndeclaredKeys::of(spec, live);
    rests_on::record(&mut draft, spec, live, &views, &keys);
    let guards = guards::run(spec, live, &draft, allow);
    let concerns = |key: &AccountKey| chosen.iter().any(|listed| listed.account == *key);
    let reports = whole.accounts.iter();
    let accounts = reports
        .filter(|report| concerns(&report.key))
        .cloned()
        .collect();
    let estimate = estimate::of(&draft.steps, live.requests, None);
    Plan {
        tenant: live.tenant.clone(),
        user: live.caller.name(),
        stores: spec.stores.clone(),
        spec_digest: spec.digest(),
        created_at: live.observed_at,
        steps: draft.steps,
        blocked: Vec::new(),
        unmanaged: Vec::new(),
        may_be_issuers: Vec::new(),
        guards,
        problems: Vec::new(),
        incomplete: draft.incomplete,
        accounts,
        deliveries: Vec::new(),
        estimate,
        selection: None,
    }
}

/// Where the issuer token of the owner is, if it can be used.
fn issuer(spec: &Spec, live: &Live, view: &View<'_>, token: &LiveToken) -> Option<StoreKey> {
    let owned: Vec<&LiveToken> = live
        .tokens
        .found()
        .iter()
        .filter(|live| live.owner == token.owner && !live.managed)
        .collect();
    match view.issuer_outcome(spec, &owned, live.observed_at) {
        IssuerOutcome::Usable(place) => Some(place.clone()),
        // An admin may do it without the owner.
        _ => None,
    }
}

fn disable(draft: &mut Draft, listed: &ListedToken, token: &LiveToken, issuer: Option<StoreKey>) {
    let end = |text: String| Fields::from_iter([("expires".to_owned(), json!(text))]);
    let before = token.expires.map_or_else(
        || "never".to_owned(),
        |end| end.strftime("%Y-%m-%d").to_string(),
    );
    let by = match &issuer {
        Some(_) => "as its owner",
        None => "as an ISC admin",
    };
    let after = format!(
        "{} s after the write, {by}",
        Operation::DISABLED_AFTER.as_secs()
    );
    let step = draft
        .step(NewStep {
            address: listed.address(),
            action: Action::Update,
            reason: Reason::Requested,
            before: Some(end(before)),
            after: Some(end(after)),
            operation: Operation::DisableToken {
                token: token.id.clone(),
                owner: token.owner.clone(),
                issuer,
            },
        })
        .observed(token.fingerprint());
    // No other step extends it again.
    step.destructive = true;
}
