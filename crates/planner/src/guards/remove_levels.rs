//! Guard that limits how many user levels a plan removes.

use super::info::{GuardInfo, Lifting};
use super::limit::{Limited, by_source, count, removed};
use model::{Limit, Operation, Policy};

/// The guard.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::REMOVE_LEVELS,
        about: "user levels that the plan removes, counted per account and level",
        default: "10",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(10),
    words: ("removes", "user level"),
    count: |step, _| match step.operation {
        Operation::SetLevels { .. } => removed(step, "userLevels"),
        _ => 0,
    },
    there: |live, owners| {
        let levels = live.levels.iter();
        by_source(
            owners,
            levels.map(|(identity, levels)| (identity, count(levels.found().len()))),
        )
    },
};

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{applied_tenant, guide};
    use crate::testing::guard_cases::at_its_limit;
    use model::{Collection, Policy};

    #[test]
    fn ten_levels_may_go() {
        at_its_limit(Policy::REMOVE_LEVELS, 10, |count| {
            let mut live = applied_tenant();
            let extra = (0..count).map(|number| format!("LEVEL_{number}").into());
            let levels = extra.chain(["REPORT_ADMIN".into()]).collect();
            live.levels
                .insert("identity-1".into(), Collection::Complete(levels));
            (guide(), live)
        });
    }
}
