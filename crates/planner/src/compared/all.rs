//! Collects all declared objects beside their observed values.

use super::pairs::Compared;
use super::{people, places, ran};
use crate::index::Index;
use model::{Address, Live, Plan, SourceSpec, Spec};
use std::collections::BTreeMap;

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
    ran::add(&mut all, spec, live, plan);
    all
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
        let kinds: std::collections::BTreeSet<&str> = all.keys().map(Address::kind).collect();
        for kind in ["source", "schema", "profile", "account", "levels", "token"] {
            assert!(kinds.contains(kind), "{kind} {kinds:?}");
        }
    }
}
