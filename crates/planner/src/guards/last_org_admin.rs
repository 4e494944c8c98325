//! Guard that keeps an ISC admin (`ORG_ADMIN`) in the tenant.

use super::info::{GuardInfo, Lifting};
use crate::draft::Draft;
use model::{Fields, GuardReport, Live, Operation, Step, Verdict};

/// The guard. steersman itself runs as an `ORG_ADMIN` whose level it never takes
/// away (`ownAccess`), so one is left. Where its access token does not say that
/// it is one, nothing shows that the level is not the last.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "lastOrgAdmin",
    about: "removals of ORG_ADMIN while steersman itself does not hold it, so that the last one could be removed",
    default: "0",
    lifting: Lifting::Instead("run steersman as another ORG_ADMIN"),
};

/// Finds steps that remove `ORG_ADMIN`.
pub(super) fn run(live: &Live, draft: &Draft) -> Option<GuardReport> {
    if live.caller.authorities.contains(catalog::ORG_ADMIN) {
        return None;
    }
    let steps: Vec<String> = draft
        .steps
        .iter()
        .filter(|step| removes_org_admin(step))
        .map(|step| step.address.to_string())
        .collect();
    (!steps.is_empty()).then(|| GuardReport {
        name: INFO.name,
        verdict: Verdict::Refused,
        counted: steps.len() as u64,
        limit: 0,
        message: format!(
            "the plan removes ORG_ADMIN ({}), and steersman itself does not hold it",
            steps.join(", ")
        ),
        remedy:
            "run steersman with the token of another ISC admin (`ORG_ADMIN`), who keeps that level"
                .to_owned(),
    })
}

fn removes_org_admin(step: &Step) -> bool {
    let holds = |fields: &Option<Fields>| {
        fields
            .as_ref()
            .and_then(|fields| fields.get("userLevels")?.as_array())
            .is_some_and(|levels| levels.iter().any(|level| level == catalog::ORG_ADMIN))
    };
    matches!(step.operation, Operation::SetLevels { .. })
        && holds(&step.before)
        && !holds(&step.after)
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::testing::fixtures::{applied_tenant, guide};
    use crate::testing::guard_cases::refusals;
    use model::Collection;

    #[test]
    fn org_admin_is_removed_only_by_an_org_admin() {
        for (levels, authorities, refused) in [
            (["ORG_ADMIN", "REPORT_ADMIN"], vec![], true),
            (["ORG_ADMIN", "REPORT_ADMIN"], vec!["ORG_ADMIN"], false),
            (["HELPDESK", "REPORT_ADMIN"], vec![], false),
        ] {
            let mut live = applied_tenant();
            live.caller.authorities = authorities.iter().map(|name| (*name).to_owned()).collect();
            live.levels.insert(
                "identity-1".into(),
                Collection::Complete(levels.map(Into::into).into()),
            );
            let names = refusals(&guide(), &live);
            assert_eq!(
                names.contains(&INFO.name),
                refused,
                "{levels:?} {authorities:?}"
            );
        }
    }
}
