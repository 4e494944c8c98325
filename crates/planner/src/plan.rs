//! Entry point of the planner: phases, then selection, then guards.

use crate::claims::{AllAccountsRead, Claims, KnownClaims};
use crate::draft::Draft;
use crate::guards::{self, Allowances};
use crate::handovers::Handovers;
use crate::index::Index;
use crate::phases::rename::Renames;
use crate::selection::{self, Selection};
use crate::stage::Changes;
use crate::taken_names::TakenNames;
use crate::uid::Feeds;
use crate::undeclared_keys::UndeclaredKeys;
use crate::view::View;
use crate::{estimate, phases, rests_on, stage};
use jiff::Timestamp;
use model::{IssuerState, Live, Plan, Spec};

/// Plans every change from the observed state to the spec.
///
/// `now` is the tenant's time: token expiry and rotation are counted from it.
/// `allow` lifts guards by count for this plan alone.
pub fn plan(spec: &Spec, live: &Live, now: Timestamp, allow: &Allowances) -> Plan {
    plan_selected(spec, live, now, allow, &Selection::default())
}

/// Plans the selected part of those changes. The guards count only this part.
pub fn plan_selected(
    spec: &Spec,
    live: &Live,
    now: Timestamp,
    allow: &Allowances,
    selection: &Selection,
) -> Plan {
    let mut draft = Draft::default();
    let index = Index::new(live);
    let renames = Renames::of_sources(spec, live);
    let views: Vec<View<'_>> = spec
        .accounts
        .values()
        .map(|account| {
            let earlier = renames
                .get(&account.source)
                .and_then(|renames| renames.of_account(&account.key).only());
            View::new(account, &index, earlier)
        })
        .collect();
    let taken = TakenNames::new(spec, live);
    let keys = UndeclaredKeys::of(spec, live);
    let claims: KnownClaims<'_> =
        AllAccountsRead::of(&index, &views).map(|read| Claims::of(spec, &index, read));

    for (name, source) in &spec.sources {
        match source.managed() {
            Some(managed) => {
                phases::source::plan(&mut draft, live, name, managed);
                phases::schema::plan(&mut draft, live, name, managed);
                phases::deletion::plan(&mut draft, spec, &index, &claims, &keys, name, managed);
                let uid = Feeds::of(spec, live, name);
                phases::accounts::plan(&mut draft, spec, live, name, &uid, &taken);
                phases::profile::plan(&mut draft, spec, live, &taken, name, managed);
                phases::unsettled::hold(&mut draft, live, name);
                phases::processing::plan(&mut draft, spec, &index, name);
            }
            None => phases::source::check_unmanaged(&mut draft, live, name),
        }
    }
    phases::profile_names::plan(&mut draft, spec, live);
    let mut handovers = Handovers::of(&index, &views);
    let before = handovers.is_open().then(|| draft.clone());
    loop {
        for view in &views {
            if draft.unsettled.contains(&view.spec.key) {
                continue;
            }
            if let (Some(place), IssuerState::Unreadable { why }) = (&view.spec.issuer, view.issuer)
            {
                draft.unread_store(place, why);
            }
            phases::invitation::plan(&mut draft, spec, live, view, now);
            phases::levels::plan(&mut draft, spec, live, &claims, &taken, view);
            phases::tokens::plan(&mut draft, spec, live, &claims, &handovers, (view, now));
        }
        // Each round bars a place, or lifts one for good, so this ends; mostly with the first.
        match &before {
            Some(before) if handovers.bar(&draft) => draft.clone_from(before),
            Some(_) | None => break,
        }
    }
    handovers.order(&mut draft);

    draft.sort();

    // The stage of an account does not depend on the selection.
    let changes = Changes::of(&draft);
    let mut accounts = views
        .iter()
        .map(|view| stage::report(spec, view, &changes, now))
        .collect();
    rests_on::record(&mut draft, spec, live, &views, &keys);
    let selection = selection::cut(spec, live, &mut draft, &mut accounts, selection);
    phases::import::check(&mut draft, spec, live);
    let guards = guards::run(spec, live, &draft, allow);
    phases::import::seal(&mut draft, spec, live, guards::raises_thresholds(&guards));
    let estimate = estimate::of(&draft.steps, live.requests, None);
    let Draft {
        steps,
        blocked,
        unmanaged,
        may_be_issuers,
        problems,
        incomplete,
        deliveries,
        planned: _,
        remapped: _,
        without_identity: _,
        profile_rank: _,
        delivery_rank: _,
        held: _,
        unsettled: _,
        following: _,
    } = draft;
    Plan {
        tenant: live.tenant.clone(),
        user: live.caller.name(),
        stores: spec.stores.clone(),
        spec_digest: spec.digest(),
        created_at: now,
        steps,
        blocked,
        unmanaged,
        may_be_issuers,
        guards,
        problems,
        incomplete,
        accounts,
        deliveries,
        estimate,
        selection,
    }
}
