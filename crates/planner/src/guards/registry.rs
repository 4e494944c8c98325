//! The list of all guards, and how they run.

use super::info::GuardInfo;
use super::limit::Limited;
use super::{
    Allowances, delete_accounts, delete_threshold, delete_tokens, deletions_off, drop_attributes,
    empty_spec, import_rows, last_org_admin, missing_accounts, own_access, remove_levels,
    remove_scopes, rename_accounts, replace_tokens, shorten_tokens,
};
use crate::draft::Draft;
use model::{GuardReport, Live, Spec, Verdict};

/// All guards.
pub const GUARDS: &[GuardInfo] = &[
    delete_accounts::GUARD.info,
    delete_tokens::GUARD.info,
    remove_levels::GUARD.info,
    remove_scopes::GUARD.info,
    rename_accounts::GUARD.info,
    replace_tokens::GUARD.info,
    shorten_tokens::GUARD.info,
    empty_spec::INFO,
    delete_threshold::INFO,
    deletions_off::INFO,
    missing_accounts::MISSING,
    missing_accounts::UNCONFIRMED,
    import_rows::INFO,
    drop_attributes::INFO,
    own_access::INFO,
    last_org_admin::INFO,
];

/// The guards that keep a limit of `policy.limits`.
const LIMITED: &[&Limited] = &[
    &delete_accounts::GUARD,
    &delete_tokens::GUARD,
    &remove_levels::GUARD,
    &remove_scopes::GUARD,
    &rename_accounts::GUARD,
    &replace_tokens::GUARD,
    &shorten_tokens::GUARD,
];

/// Runs all guards over a finished draft.
pub(crate) fn run(spec: &Spec, live: &Live, draft: &Draft, allow: &Allowances) -> Vec<GuardReport> {
    let mut reports: Vec<GuardReport> = LIMITED
        .iter()
        .filter_map(|guard| guard.check(spec, live, draft))
        .collect();
    reports.extend(empty_spec::run(live, draft));
    reports.extend(delete_threshold::run(spec, live, draft));
    reports.extend(deletions_off::run(live, draft));
    reports.extend(missing_accounts::run(spec, live, draft));
    reports.extend(import_rows::run(live, draft));
    reports.extend(drop_attributes::run(spec, live, draft));
    reports.extend(own_access::run(live, draft));
    reports.extend(last_org_admin::run(live, draft));
    for report in &mut reports {
        let allowable = GUARDS
            .iter()
            .any(|guard| guard.name == report.name && guard.is_allowable());
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

/// Whether the delete threshold of a source may be raised for an import.
pub(crate) fn raises_thresholds(reports: &[GuardReport]) -> bool {
    reports.iter().any(|report| {
        report.name == delete_threshold::INFO.name && report.verdict == Verdict::Lifted
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Policy;

    #[test]
    fn names_are_interface() {
        let names: Vec<&str> = GUARDS.iter().map(|guard| guard.name).collect();
        assert_eq!(
            names,
            [
                "deleteAccounts",
                "deleteTokens",
                "removeLevels",
                "removeScopes",
                "renameAccounts",
                "replaceTokens",
                "shortenTokens",
                "emptySpec",
                "deleteThreshold",
                "deletionsOff",
                "missingAccounts",
                "unconfirmedAccounts",
                "importRows",
                "dropAttributes",
                "ownAccess",
                "lastOrgAdmin",
            ]
        );
    }

    #[test]
    fn the_limits_of_a_policy_are_those_that_guards_keep() {
        let kept: Vec<&str> = LIMITED.iter().map(|guard| guard.info.name).collect();
        assert_eq!(kept, Policy::LIMITS);
    }

    #[test]
    fn listed_defaults_are_those_that_are_kept() {
        for guard in LIMITED {
            assert_eq!(guard.info.default, guard.default.to_string());
        }
    }
}
