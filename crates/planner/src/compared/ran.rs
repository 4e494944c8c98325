//! Compares what has to be run: identity processing and invitations.

use super::pairs::{Compared, Pairs};
use model::{Address, Fields, Live, Plan, Spec};
use std::collections::{BTreeMap, BTreeSet};

/// What has to be run for the declared objects: identity processing and invitations. It
/// has no fields; where no step and nothing blocked is left of it, it was run.
pub(super) fn add(all: &mut BTreeMap<Address, Compared>, spec: &Spec, live: &Live, plan: &Plan) {
    let open: BTreeSet<&Address> = (plan.steps.iter().map(|step| &step.address))
        .chain(plan.blocked.iter().map(|blocked| &blocked.address))
        .collect();
    let mut note = |address: Address, is_there: Option<bool>| {
        let compared = match is_there {
            None => Compared::unread(Fields::new()),
            Some(is_there) if is_there && !open.contains(&address) => Pairs::default().present(),
            Some(_) => Compared::absent(Fields::new()),
        };
        all.insert(address, compared);
    };
    for (name, source) in &spec.sources {
        let Some(profile) = source
            .managed()
            .and_then(|one| one.identity_profile.as_ref())
        else {
            continue;
        };
        let found = live.sources.get(name).map(model::Collection::complete);
        let found = match found {
            None | Some(Err(_)) => None,
            Some(Ok(None)) => Some(None),
            Some(Ok(Some(source))) => Some(Some(source)),
        };
        let is_there = found.and_then(|source| match source {
            None => Some(false),
            Some(source) => source.profile.complete().ok().map(Option::is_some),
        });
        note(Address::Processing(name.clone()), is_there);
        if !profile.invite {
            continue;
        }
        let with_identity: Option<BTreeSet<_>> = found.and_then(|source| {
            let accounts = match source {
                None => &[][..],
                Some(source) => source.accounts.complete().ok()?.as_slice(),
            };
            let with_identity = accounts.iter().filter(|one| one.identity.is_some());
            Some(with_identity.map(|one| &one.native_identity).collect())
        });
        for account in spec.accounts_of(name) {
            let Some(row) = &account.row else { continue };
            let is_there = with_identity.as_ref().map(|all| all.contains(&row.id));
            note(Address::Invitation(account.key.clone()), is_there);
        }
    }
}
