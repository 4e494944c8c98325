//! Guards that count steps against a limit of `policy.limits`.

use super::info::GuardInfo;
use crate::draft::Draft;
use model::{Fields, GuardReport, Limit, Live, Spec, Step, Verdict};
use std::collections::BTreeSet;

/// A guard that counts something in the steps and compares it with
/// `policy.limits.NAME`, or with its default.
pub(super) struct Limited {
    pub(super) info: GuardInfo,
    pub(super) default: Limit,
    /// What the plan does to what, such as `deletes` and `account`.
    pub(super) words: (&'static str, &'static str),
    /// How many of them a step does it to.
    pub(super) count: fn(&Step, &Live) -> u64,
    /// How many there are, which a share is a share of.
    pub(super) there: fn(&Live) -> u64,
}

impl Limited {
    /// Reports only where the limit is exceeded.
    pub(super) fn check(&self, spec: &Spec, live: &Live, draft: &Draft) -> Option<GuardReport> {
        let GuardInfo { name, .. } = self.info;
        let counted: u64 = draft
            .steps
            .iter()
            .map(|step| (self.count)(step, live))
            .sum();
        let there = (self.there)(live);
        let limit = spec
            .policy
            .limits
            .get(name)
            .copied()
            .unwrap_or(self.default);
        let allowed = match limit {
            Limit::Count(count) => u64::from(count),
            // At least one, so that a share never makes a small tenant unchangeable.
            Limit::Share(share) => (there * u64::from(share.get()) / 100).max(1),
        };
        let (verb, noun) = self.words;
        let plural = if counted == 1 { "" } else { "s" };
        (counted > allowed).then(|| GuardReport {
            name,
            verdict: Verdict::Refused,
            counted,
            limit: allowed,
            message: format!("the plan {verb} {counted} {noun}{plural} of {there}; the limit is {limit}"),
            remedy: format!(
                "if this is intended, pass `--allow {name}={counted}` once, or change `policy.limits.{name}`"
            ),
        })
    }
}

/// How many items of a list field a step removes.
pub(super) fn removed(step: &Step, field: &str) -> u64 {
    let items = |fields: &Option<Fields>| -> BTreeSet<String> {
        fields
            .iter()
            .filter_map(|fields| fields.get(field)?.as_array())
            .flatten()
            .map(ToString::to_string)
            .collect()
    };
    count(items(&step.before).difference(&items(&step.after)).count())
}

/// How many accounts the declared sources have.
pub(super) fn accounts_there(live: &Live) -> u64 {
    live.sources
        .values()
        .filter_map(|source| source.found().as_ref())
        .map(|source| count(source.accounts.found().len()))
        .sum()
}

/// A length as a count.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
