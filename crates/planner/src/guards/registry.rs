//! All guards, and how they are run.

use super::{Allowances, delete_threshold, limits, own_access};
use crate::draft::Draft;
use model::{GuardReport, Live, Spec, Verdict};

/// A guard as it is listed for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardInfo {
    /// Its name, as in `--allow NAME=COUNT`.
    pub name: &'static str,
    /// What it counts, and when it refuses.
    pub about: &'static str,
    /// Whether `--allow` lifts it; others are lifted by changing the spec.
    pub allowable: bool,
}

/// All guards.
pub const GUARDS: &[GuardInfo] = &[
    limits::DELETE_ACCOUNTS,
    limits::DELETE_TOKENS,
    limits::REMOVE_LEVELS,
    limits::RENAME_ACCOUNTS,
    delete_threshold::INFO,
    own_access::INFO,
];

/// Runs all guards over a finished draft.
pub(crate) fn run(spec: &Spec, live: &Live, draft: &Draft, allow: &Allowances) -> Vec<GuardReport> {
    let mut reports = limits::run(spec, live, draft);
    reports.extend(delete_threshold::run(spec, live, draft));
    reports.extend(own_access::run(live, draft));
    for report in &mut reports {
        let allowable = GUARDS
            .iter()
            .any(|guard| guard.name == report.name && guard.allowable);
        if allowable
            && allow
                .of(report.name)
                .is_some_and(|allowed| allowed >= report.counted)
        {
            report.verdict = Verdict::Lifted;
        }
    }
    reports
}
