//! Guard against schema attributes that are removed while they are in use: accounts have
//! values in them, or a mapping of the identity profile reads them.
//!
//! A CSV import sends every kept cell again, and ISC refuses one with a column that the
//! schema lacks. So after such a change no import of the source works, and the values
//! are lost. A mapping that reads it leaves its identity attribute empty.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::classify::schema::{dropped, mapped_by_hand, values_in};
use crate::draft::Draft;
use crate::view::live_source;
use model::{
    AccountAttribute, GuardReport, Live, LiveSource, ManagedSource, Operation, Spec, Verdict,
};
use std::collections::BTreeSet;

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "dropAttributes",
    about: "schema attributes that the plan removes while accounts have values in them, or while a mapping of the identity profile that no file declares reads them",
    default: "0",
    lifting: Lifting::Instead(
        "declare the attribute, or empty it in all accounts and remove the mapping first",
    ),
};

/// Looks at each source whose schema changes.
pub(super) fn run(spec: &Spec, live: &Live, draft: &Draft) -> Vec<GuardReport> {
    draft
        .steps
        .iter()
        .filter(|step| matches!(step.operation, Operation::DefineSchema { .. }))
        .filter_map(|step| {
            let name = step.address.source()?;
            let source = live_source(live, name)?;
            let schema = source.schema.complete().ok()?.as_ref()?;
            let managed = spec.sources.get(name)?.managed()?;
            let declared = managed.schema_attributes();
            Some((source, managed, dropped(schema, &declared)))
        })
        .flat_map(|(source, managed, dropped)| {
            [
                with_values(source, &dropped),
                with_mappings(source, managed, &dropped),
            ]
        })
        .flatten()
        .collect()
}

fn with_values(source: &LiveSource, dropped: &BTreeSet<&AccountAttribute>) -> Option<GuardReport> {
    let values = values_in(source, dropped);
    if values.is_empty() {
        return None;
    }
    let each: Vec<String> = values
        .iter()
        .map(|(attribute, accounts)| format!("{attribute} ({accounts})"))
        .collect();
    let names: Vec<&str> = values.keys().map(|name| name.as_str()).collect();
    Some(refused(
        values.len(),
        format!(
            "the plan removes attributes of \"{}\" in which accounts have values: {}",
            source.name,
            each.join(", ")
        ),
        format!(
            "declare {} under `attributes` of the source; to remove one, empty it in all accounts first",
            names.join(", ")
        ),
    ))
}

fn with_mappings(
    source: &LiveSource,
    managed: &ManagedSource,
    dropped: &BTreeSet<&AccountAttribute>,
) -> Option<GuardReport> {
    let mapped = mapped_by_hand(source, managed.identity_profile.as_ref(), dropped);
    if mapped.is_empty() {
        return None;
    }
    let each: Vec<String> = mapped
        .iter()
        .map(|(target, attribute)| format!("{attribute} (to {target})"))
        .collect();
    let names: BTreeSet<&str> = mapped.values().map(|name| name.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    Some(refused(
        mapped.len(),
        format!(
            "the plan removes attributes of \"{}\" that its identity profile maps, by mappings that no file declares: {}",
            source.name,
            each.join(", ")
        ),
        format!(
            "declare {} under `attributes` of the source; to remove one, remove its mapping in ISC or declare another one under `mappings` first",
            names.join(", ")
        ),
    ))
}

fn refused(counted: usize, message: String, remedy: String) -> GuardReport {
    GuardReport {
        name: INFO.name,
        verdict: Verdict::Refused,
        counted: count(counted),
        limit: 0,
        message,
        remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::Allowances;
    use crate::testing::fixtures::{
        SOURCE, applied_tenant, forbidden, guide, live_attribute, source_mut,
    };
    use crate::testing::guard_cases::{planned, refusals};
    use model::{Address, Collection, LiveMapping, SourceName};

    #[test]
    fn planner_05_an_attribute_with_values_is_not_removed() {
        for (cell, refused) in [(Some("Bonn"), true), (None, false)] {
            let mut live = applied_tenant();
            let source = source_mut(&mut live);
            if let Collection::Complete(Some(schema)) = &mut source.schema {
                schema.attributes.push(live_attribute("location"));
            }
            if let Collection::Complete(accounts) = &mut source.accounts {
                let cells = &mut accounts[0].cells;
                cells.extend(cell.map(|cell| ("location".into(), cell.to_owned())));
            }
            let names = refusals(&guide(), &live);
            assert_eq!(names.contains(&INFO.name), refused, "{cell:?}");
        }
    }

    #[test]
    fn an_attribute_that_a_mapping_of_the_tenant_reads_is_not_removed() {
        let mapped = |attribute: &str| LiveMapping::Account {
            source: "source-1".into(),
            attribute: attribute.into(),
        };
        for (target, mapping, refused) in [
            ("department", mapped("location"), true),
            ("department", mapped("purpose"), false),
            // The file declares another mapping for it.
            ("email", mapped("location"), false),
            (
                "department",
                LiveMapping::Account {
                    source: "other".into(),
                    attribute: "location".into(),
                },
                false,
            ),
        ] {
            let mut live = applied_tenant();
            let source = source_mut(&mut live);
            if let Collection::Complete(Some(schema)) = &mut source.schema {
                schema.attributes.push(live_attribute("location"));
            }
            if let Collection::Complete(Some(profile)) = &mut source.profile {
                profile.mappings.insert(target.into(), mapping.clone());
            }
            let plan = planned(&guide(), &live, &Allowances::default());
            let found: Vec<_> = plan
                .guards
                .iter()
                .filter(|guard| guard.name == INFO.name)
                .collect();
            assert_eq!(!found.is_empty(), refused, "{target} {mapping:?}");
            for report in found {
                assert!(
                    report.message.contains("location (to department)"),
                    "{report:?}"
                );
            }
        }
    }

    #[test]
    fn an_attribute_stays_while_it_is_not_known_what_reads_it() {
        let mut live = applied_tenant();
        let source = source_mut(&mut live);
        if let Collection::Complete(Some(schema)) = &mut source.schema {
            schema.attributes.push(live_attribute("location"));
        }
        for unread in ["accounts", "profile"] {
            let mut live = live.clone();
            let source = source_mut(&mut live);
            match unread {
                "accounts" => source.accounts = forbidden(),
                _ => source.profile = forbidden(),
            }
            let plan = planned(&guide(), &live, &Allowances::default());
            let address = Address::Schema(SOURCE.into());
            assert!(
                plan.steps.iter().all(|step| step.address != address),
                "{unread}"
            );
            assert!(
                plan.blocked
                    .iter()
                    .any(|blocked| blocked.address == address),
                "{unread}"
            );
        }
    }

    #[test]
    fn values_are_counted_only_in_a_list_that_other_facts_confirm() {
        for (identities, refused) in [(Some(1), false), (Some(3), true)] {
            let mut live = applied_tenant();
            let source = source_mut(&mut live);
            if let Collection::Complete(Some(schema)) = &mut source.schema {
                schema.attributes.push(live_attribute("location"));
            }
            if let Collection::Complete(Some(profile)) = &mut source.profile {
                profile.identity_count = identities;
            }
            let names = refusals(&guide(), &live);
            assert_eq!(
                names.contains(&"missingAccounts"),
                refused,
                "{identities:?}"
            );
            // Its aggregations are looked up, too.
            let plan = planned(&guide(), &live, &Allowances::default());
            assert!(crate::to_confirm(&plan).contains(&SourceName::from(SOURCE)));
        }
    }
}
