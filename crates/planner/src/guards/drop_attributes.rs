//! Guard against schema attributes that are removed while they are in use: accounts have
//! values in them, or a mapping of an identity profile reads them.
//!
//! A CSV import sends every kept cell again, and ISC refuses one with a column that the
//! schema lacks. So after such a change no import of the source works, and the values
//! are lost. A mapping that reads it leaves its identity attribute empty.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::classify::schema::{ReadBy, dropped, read_by_mappings, values_in};
use crate::draft::Draft;
use crate::view::live_source;
use model::{
    AccountAttribute, GuardReport, IdentityAttribute, Live, LiveSource, Operation, Spec, Verdict,
};
use std::collections::BTreeSet;

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "dropAttributes",
    about: "schema attributes that the plan removes while accounts have values in them, or while a mapping of an identity profile, of this source or another, reads them and the plan does not replace it",
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
            Some((source, dropped(schema, &declared)))
        })
        .flat_map(|(source, dropped)| {
            [
                with_values(source, &dropped),
                with_mappings(source, live, draft, &dropped),
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
    live: &Live,
    draft: &Draft,
    dropped: &BTreeSet<&AccountAttribute>,
) -> Option<GuardReport> {
    let replaced = replaced(source, draft);
    let mut reads = read_by_mappings(source, live.profiles.found(), dropped);
    reads.retain(|read| !(read.is_of(source) && replaced.contains(read.target)));
    let each: BTreeSet<String> = reads
        .iter()
        .map(|read| {
            let ReadBy {
                profile,
                target,
                attribute,
            } = read;
            format!("{attribute} (to {target} in \"{}\")", profile.name)
        })
        .collect();
    if each.is_empty() {
        return None;
    }
    let each: Vec<String> = each.into_iter().collect();
    let names: BTreeSet<&str> = reads.iter().map(|read| read.attribute.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    Some(refused(
        each.len(),
        format!(
            "the plan removes attributes of \"{}\" that identity profiles map, by mappings that the plan does not replace: {}",
            source.name,
            each.join(", ")
        ),
        format!(
            "declare {} under `attributes` of the source; to remove one, remove its mapping in ISC or, in the source's own profile, declare another one under `mappings` first",
            names.join(", ")
        ),
    ))
}

/// The mappings of the source's own profile that the plan replaces.
fn replaced<'a>(source: &LiveSource, draft: &'a Draft) -> BTreeSet<&'a IdentityAttribute> {
    draft
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::UpdateProfile {
                source: of,
                mappings,
                ..
            } if *of == source.id => Some(mappings.keys()),
            _ => None,
        })
        .flatten()
        .collect()
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
        SOURCE, applied_tenant, forbidden, guide, live_attribute, managed, reads, source_mut,
    };
    use crate::testing::guard_cases::{planned, refusals};
    use model::{Address, Collection, LiveMapping, Operation, SourceName, SourceSpec, Step};

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
        for (profile, target, attribute, refused) in [
            ("source-1", "department", "location", true),
            ("source-1", "department", "purpose", false),
            // The plan replaces it: the file declares another mapping for it.
            ("source-1", "email", "location", false),
            // Of a profile that the plan leaves as it is.
            ("source-2", "department", "location", true),
            ("source-2", "email", "location", true),
            ("source-2", "department", "purpose", false),
        ] {
            let mut live = applied_tenant();
            let source = source_mut(&mut live);
            if let Collection::Complete(Some(schema)) = &mut source.schema {
                schema.attributes.push(live_attribute("location"));
            }
            if let Collection::Complete(Some(profile)) = &mut source.profile {
                let transform = LiveMapping::Other("upper".to_owned());
                profile.mappings.insert(target.into(), transform);
            }
            reads(&mut live, profile, target, attribute);
            let plan = planned(&guide(), &live, &Allowances::default());
            let found: Vec<_> = plan
                .guards
                .iter()
                .filter(|guard| guard.name == INFO.name)
                .collect();
            let case = format!("{profile} {target} {attribute}");
            assert_eq!(!found.is_empty(), refused, "{case}");
            for report in found {
                let names = format!("location (to {target} in \"profile of {profile}\")");
                assert!(report.message.contains(&names), "{case}: {report:?}");
            }
        }
    }

    #[test]
    fn a_mapping_that_the_plan_does_not_replace_in_the_end_keeps_its_attribute() {
        let mut live = applied_tenant();
        let source = source_mut(&mut live);
        if let Collection::Complete(Some(schema)) = &mut source.schema {
            schema.attributes.push(live_attribute("location"));
        }
        // The file declares another mapping, and the profile has it by now.
        reads(&mut live, "source-1", "email", "location");
        assert!(refusals(&guide(), &live).contains(&INFO.name));
    }

    /// What the plan writes to the profile of another source says nothing of this one's
    /// mapping of the same name.
    #[test]
    fn a_mapping_that_the_plan_replaces_in_another_profile_keeps_its_attribute() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let mut other = source_mut(&mut live).clone();
        (other.id, other.name) = ("source-2".into(), "Robots".into());
        if let Collection::Complete(Some(profile)) = &mut other.profile {
            (profile.id, profile.name) = ("profile-2".into(), "Robots".to_owned());
            let transform = LiveMapping::Other("upper".to_owned());
            profile.mappings.insert("email".into(), transform);
        }
        other.accounts = Collection::Complete(Vec::new());
        let mut declared = managed(&mut spec).clone();
        declared.identity_profile.as_mut().unwrap().name = "Robots".to_owned();
        spec.sources
            .insert(other.name.clone(), SourceSpec::Managed(declared));
        live.sources
            .insert(other.name.clone(), Collection::Complete(Some(other)));
        if let Collection::Complete(Some(schema)) = &mut source_mut(&mut live).schema {
            schema.attributes.push(live_attribute("location"));
        }
        reads(&mut live, "source-1", "email", "location");
        let plan = planned(&spec, &live, &Allowances::default());
        let replaces = |step: &Step| match &step.operation {
            Operation::UpdateProfile {
                source, mappings, ..
            } => source.as_str() == "source-2" && mappings.contains_key("email"),
            _ => false,
        };
        assert!(plan.steps.iter().any(replaces), "{:?}", plan.steps);
        let refused = plan.guards.iter().find(|guard| guard.name == INFO.name);
        let message = &refused.unwrap().message;
        assert!(
            message.contains("location (to email in \"profile of source-1\")"),
            "{message}"
        );
    }

    #[test]
    fn an_attribute_stays_while_it_is_not_known_what_reads_it() {
        let mut live = applied_tenant();
        let source = source_mut(&mut live);
        if let Collection::Complete(Some(schema)) = &mut source.schema {
            schema.attributes.push(live_attribute("location"));
        }
        for unread in ["accounts", "profile", "other profiles"] {
            let mut live = live.clone();
            match unread {
                "accounts" => source_mut(&mut live).accounts = forbidden(),
                "profile" => source_mut(&mut live).profile = forbidden(),
                _ => live.profiles = forbidden(),
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
