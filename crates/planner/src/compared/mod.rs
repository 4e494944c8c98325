//! Declared objects beside their observed values, field by field, for records of agreement.
//!
//! The plan says what has to change. This says of every declared object what was compared
//! for that, also where nothing differs: a record keeps digests of it, which later show
//! whether the files or the tenant moved.

mod people;
mod places;

use crate::index::Index;
use model::{Address, Fields, Live, Plan, SourceSpec, Spec};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A declared object and its observed counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The declared fields, as the files have them.
    pub declared: Fields,
    /// The observed values of them.
    pub live: LiveFields,
    /// The fields that differ in meaning. Letter case of an email address does not.
    pub differing: BTreeSet<String>,
}

/// The observed values of the declared fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveFields {
    /// They were not read, so nothing is known of them.
    Unread,
    /// The tenant does not have the object.
    Absent,
    /// The values; one that was not read is left out.
    Present(Fields),
}

impl Compared {
    fn unread(declared: Fields) -> Self {
        Self::with(declared, LiveFields::Unread)
    }

    fn absent(declared: Fields) -> Self {
        Self::with(declared, LiveFields::Absent)
    }

    fn with(declared: Fields, live: LiveFields) -> Self {
        Self {
            declared,
            live,
            differing: BTreeSet::new(),
        }
    }

    /// Whether the object was read and no field of it differs.
    pub fn agrees(&self) -> bool {
        matches!(self.live, LiveFields::Present(_)) && self.differing.is_empty()
    }
}

/// Collects the fields of one object.
#[derive(Default)]
struct Pairs {
    declared: Fields,
    live: Fields,
    differing: BTreeSet<String>,
}

impl Pairs {
    fn add(&mut self, name: &str, declared: Value, live: Value, is_same: bool) {
        self.declared.insert(name.to_owned(), declared);
        self.live.insert(name.to_owned(), live);
        if !is_same {
            self.differing.insert(name.to_owned());
        }
    }

    /// A field whose observed value was not read.
    fn add_unread(&mut self, name: &str, declared: Value) {
        self.declared.insert(name.to_owned(), declared);
    }

    fn present(self) -> Compared {
        Compared {
            declared: self.declared,
            live: LiveFields::Present(self.live),
            differing: self.differing,
        }
    }
}

/// Every declared object with its observed values. `plan` is the whole plan of this spec
/// and this observed state.
pub fn compared(spec: &Spec, live: &Live, plan: &Plan) -> BTreeMap<Address, Compared> {
    let index = Index::new(live);
    let mut all = BTreeMap::new();
    for (name, source) in &spec.sources {
        if let SourceSpec::Managed(managed) = source {
            places::of_source(&mut all, live, name, managed);
        }
    }
    let deliveries = people::Deliveries::of(plan);
    for account in spec.accounts.values() {
        people::of_account(&mut all, live, &index, &deliveries, account);
    }
    ran(&mut all, spec, live, plan);
    all
}

/// What has to be run for the declared objects: identity processing and invitations. It
/// has no fields; where no step and nothing blocked is left of it, it was run.
fn ran(all: &mut BTreeMap<Address, Compared>, spec: &Spec, live: &Live, plan: &Plan) {
    let open: BTreeSet<&Address> = (plan.steps.iter().map(|step| &step.address))
        .chain(plan.blocked.iter().map(|blocked| &blocked.address))
        .collect();
    let mut add = |address: Address, is_there: Option<bool>| {
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
        add(Address::Processing(name.clone()), is_there);
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
            add(Address::Invitation(account.key.clone()), is_there);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, applied_tenant, enroll, guide};
    use crate::{Allowances, plan};

    #[test]
    fn what_agrees_is_compared_field_by_field() {
        let spec = guide();
        let mut live = applied_tenant();
        enroll(&mut live);
        let plan = plan(&spec, &live, NOW, &Allowances::default());
        let all = compared(&spec, &live, &plan);
        for (address, compared) in &all {
            let has_step = plan.steps.iter().any(|step| step.address == *address);
            let is_blocked = plan.blocked.iter().any(|one| one.address == *address);
            if !has_step && !is_blocked {
                assert!(compared.agrees(), "{address} {compared:?}");
            }
        }
        let kinds: BTreeSet<&str> = all.keys().map(Address::kind).collect();
        for kind in ["source", "schema", "profile", "account", "levels", "token"] {
            assert!(kinds.contains(kind), "{kind} {kinds:?}");
        }
    }
}
