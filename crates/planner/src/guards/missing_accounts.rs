//! Guards against a list of accounts that is short, before what it lacks is lost.
//!
//! An import resends every account of the list. A list that is short or empty, and looks
//! complete each time it is read, would so delete accounts, also with `unmanaged: keep`.
//! An attribute that is removed takes the values of accounts with it that the list lacks.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::draft::Draft;
use crate::imports::{foreign, narrowed, sources_of};
use crate::view::live_source;
use model::{Agreement, GuardReport, Live, LiveAccount, LiveSource, Spec, Verdict, Witness};

/// The guard of lists that another fact contradicts.
pub(super) const MISSING: GuardInfo = GuardInfo {
    name: "missingAccounts",
    about: "accounts that a source has by its identity profile or its last aggregation, and that the list of its accounts lacks; a CSV import would delete them, and a removed attribute would take their values",
    default: "0",
    lifting: Lifting::Count,
};

/// The guard of lists that no other fact confirms.
pub(super) const UNCONFIRMED: GuardInfo = GuardInfo {
    name: "unconfirmedAccounts",
    about: "accounts in the list of a source whose number nothing else confirms, because its last aggregation cannot be read; a CSV import would delete what the list lacks, and a removed attribute would take its values",
    default: "0",
    lifting: Lifting::Count,
};

/// Looks at each source whose accounts the plan imports, or whose schema loses
/// attributes.
pub(super) fn run(spec: &Spec, live: &Live, draft: &Draft) -> Vec<GuardReport> {
    let imported = sources_of(draft);
    let narrowed = narrowed(draft);
    imported
        .union(&narrowed)
        .filter_map(|name| {
            let source = live_source(live, name)?;
            let accounts = source.accounts.complete().ok()?;
            let loss = if imported.contains(name) {
                "the CSV import would delete what is not listed"
            } else {
                "the values of what is not listed would be lost with the attributes that the plan removes"
            };
            report(spec, live, source, accounts, loss)
        })
        .collect()
}

fn report(
    spec: &Spec,
    live: &Live,
    source: &LiveSource,
    accounts: &[LiveAccount],
    loss: &str,
) -> Option<GuardReport> {
    let name = &source.name;
    let listed = count(accounts.len());
    let refused = |info: &GuardInfo, counted, message, remedy| {
        Some(GuardReport {
            name: info.name,
            verdict: Verdict::Refused,
            counted,
            limit: 0,
            message,
            remedy,
        })
    };
    match source.agreement(accounts, &foreign(spec, live, source)) {
        Agreement::Agrees => None,
        Agreement::Short { missing, witness } => {
            let shows = match witness {
                Witness::Identities(identities) => {
                    format!(
                        "its identity profile has {}",
                        counted(identities, "identity", "identities")
                    )
                }
                Witness::Aggregation(total) => {
                    format!(
                        "its last aggregation read {}",
                        counted(total, "account", "accounts")
                    )
                }
            };
            refused(
                &MISSING,
                missing,
                format!(
                    "the list of accounts of \"{name}\" has {}, but {shows}: at least {} not listed, and {loss}",
                    counted(listed, "account", "accounts"),
                    if missing == 1 {
                        "1 is".to_owned()
                    } else {
                        format!("{missing} are")
                    },
                ),
                format!(
                    "compare with the accounts in ISC and plan again later; if they were really deleted, pass `--allow {}={missing}` once",
                    MISSING.name
                ),
            )
        }
        Agreement::NotKnown(why) => {
            // An empty list counts too: it is the most dangerous one.
            let most = listed.max(1);
            refused(
                &UNCONFIRMED,
                most,
                format!(
                    "nothing confirms that \"{name}\" has {}: {why}; {loss}",
                    counted(listed, "account", "accounts"),
                ),
                format!(
                    "compare with the accounts in ISC; if the number is right, pass `--allow {}={most}` once",
                    UNCONFIRMED.name
                ),
            )
        }
    }
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Allowances;
    use crate::testing::fixtures::{account, applied_tenant, guide, live_account, source_mut};
    use crate::testing::guard_cases::{planned, refusals};
    use model::{Aggregations, Collection, LastAggregation};

    /// The facts about a source: the accounts in the list, those of them with an
    /// identity, the identities of its profile, and the last aggregation.
    type Facts = (usize, usize, Option<u64>, Aggregations);

    fn read(total: u64, deleted_lately: u64) -> Aggregations {
        Aggregations::Read(Some(LastAggregation {
            total,
            deleted_lately,
            without_account: Some(deleted_lately),
        }))
    }

    /// An aggregation that deleted accounts whose identities are gone.
    fn added(total: u64, deleted_lately: u64) -> Aggregations {
        Aggregations::Read(Some(LastAggregation {
            total,
            deleted_lately,
            without_account: Some(0),
        }))
    }

    /// A plan that imports one new row into such a source.
    fn source_of((listed, with_identity, identities, aggregations): Facts) -> (Spec, Live) {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let mut new = account("NEW", "new");
        new.user_levels = None;
        new.tokens = None;
        spec.accounts.clear();
        spec.accounts.insert(new.key.clone(), new);
        let source = source_mut(&mut live);
        source.aggregations = aggregations;
        if let Collection::Complete(Some(profile)) = &mut source.profile {
            profile.identity_count = identities;
        }
        let accounts = (0..listed).map(|number| {
            let mut there = live_account(&format!("SA-{number}"), &format!("robot{number}"), "i");
            there.identity = (number < with_identity).then(|| format!("i{number}").into());
            there
        });
        source.accounts = Collection::Complete(accounts.collect());
        (spec, live)
    }

    #[test]
    fn tenants_01_a_list_is_believed_as_far_as_other_facts_agree() {
        let unread = || Aggregations::Unread(crate::testing::fixtures::incomplete());
        let none = || Aggregations::Read(None);
        let table: [(Facts, Option<(&str, u64)>); 24] = [
            // The source was empty a minute ago, or never was.
            ((0, 0, Some(40), read(40, 0)), Some(("missingAccounts", 40))),
            ((0, 0, Some(0), read(0, 0)), None),
            // Short by one, and not.
            (
                (39, 39, Some(40), read(40, 0)),
                Some(("missingAccounts", 1)),
            ),
            ((40, 40, Some(40), read(40, 0)), None),
            ((41, 41, Some(40), read(40, 0)), None),
            // The last import deleted 2, and their identities still exist.
            ((38, 38, Some(40), read(38, 2)), None),
            (
                (37, 37, Some(40), read(38, 2)),
                Some(("missingAccounts", 1)),
            ),
            // One was deleted by itself, and its identity with it, or the list is short
            // and the identities are those of other profiles.
            (
                (39, 39, Some(39), read(40, 0)),
                Some(("missingAccounts", 1)),
            ),
            // The last import deleted 36, and their identities are gone.
            ((2, 2, Some(4), read(4, 36)), Some(("missingAccounts", 2))),
            // Accounts without identities show only in the aggregation.
            (
                (39, 30, Some(30), read(40, 0)),
                Some(("missingAccounts", 1)),
            ),
            ((40, 30, Some(30), read(40, 0)), None),
            ((39, 0, Some(0), read(40, 0)), Some(("missingAccounts", 1))),
            ((39, 0, None, read(40, 0)), Some(("missingAccounts", 1))),
            // One witness is enough where the other cannot be read.
            ((39, 39, Some(40), unread()), Some(("missingAccounts", 1))),
            // Identities alone confirm no list: an account can have none, or another's.
            (
                (40, 40, Some(40), unread()),
                Some(("unconfirmedAccounts", 40)),
            ),
            (
                (40, 40, Some(40), none()),
                Some(("unconfirmedAccounts", 40)),
            ),
            ((3, 3, Some(3), none()), Some(("unconfirmedAccounts", 3))),
            // As many were made one by one as the last import deleted: no identity is left
            // without an account.
            ((4, 4, Some(8), added(4, 4)), Some(("missingAccounts", 4))),
            ((6, 6, Some(8), read(4, 2)), None),
            // None can be read.
            ((40, 40, None, unread()), Some(("unconfirmedAccounts", 40))),
            (
                (40, 0, Some(0), unread()),
                Some(("unconfirmedAccounts", 40)),
            ),
            ((0, 0, None, none()), Some(("unconfirmedAccounts", 1))),
            // Not looked up: only what came with the survey counts.
            (
                (40, 40, Some(41), Aggregations::NotAsked),
                Some(("missingAccounts", 1)),
            ),
            ((40, 40, None, Aggregations::NotAsked), None),
        ];
        for (facts, expected) in table {
            let words = format!("{facts:?}");
            let (spec, live) = source_of(facts);
            let verdict = |allow: &Allowances| {
                let plan = planned(&spec, &live, allow);
                let report = plan
                    .guards
                    .into_iter()
                    .find(|guard| [MISSING.name, UNCONFIRMED.name].contains(&guard.name));
                report.map(|report| (report.name, report.counted, report.verdict))
            };
            let found = verdict(&Allowances::default());
            let refused = expected.map(|(name, counted)| (name, counted, Verdict::Refused));
            assert_eq!(found, refused, "{words}");
            let Some((name, counted)) = expected else {
                continue;
            };
            for (allowed, lifted) in [(counted, Verdict::Lifted), (counted - 1, Verdict::Refused)] {
                let mut allow = Allowances::default();
                allow.allow(name, allowed);
                assert_eq!(verdict(&allow), Some((name, counted, lifted)), "{words}");
            }
        }
    }

    #[test]
    fn tenants_01_a_plan_that_imports_nothing_needs_no_witness() {
        let (mut spec, mut live) = source_of((0, 0, Some(40), read(40, 0)));
        spec.accounts.clear();
        assert!(refusals(&spec, &live).is_empty());
        source_mut(&mut live).never_read = true;
        let (spec, _) = source_of((0, 0, None, Aggregations::Read(None)));
        assert_eq!(refusals(&spec, &live), ["missingAccounts"]);
        if let Collection::Complete(Some(profile)) = &mut source_mut(&mut live).profile {
            profile.identity_count = Some(0);
        }
        source_mut(&mut live).aggregations = Aggregations::Read(None);
        assert!(refusals(&spec, &live).is_empty(), "ISC has never read it");
    }
}
