//! Guard against schema attributes that are removed while accounts have values in them.
//!
//! A CSV import sends every kept cell again, and ISC refuses one with a column that the
//! schema lacks. So after such a change no import of the source works, and the values
//! are lost.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::classify::schema::{dropped, values_in};
use crate::draft::Draft;
use crate::view::live_source;
use model::{GuardReport, Live, Operation, Spec, Verdict};

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "dropAttributes",
    about: "schema attributes that the plan removes while accounts have values in them; no CSV import of the source works afterwards",
    default: "0",
    lifting: Lifting::Instead("declare the attribute, or empty it in all accounts first"),
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
            let declared = spec.sources.get(name)?.managed()?.schema_attributes();
            let values = values_in(source, &dropped(schema, &declared));
            if values.is_empty() {
                return None;
            }
            let each: Vec<String> = values
                .iter()
                .map(|(attribute, accounts)| format!("{attribute} ({accounts})"))
                .collect();
            let names: Vec<&str> = values.keys().map(|name| name.as_str()).collect();
            Some(GuardReport {
                name: INFO.name,
                verdict: Verdict::Refused,
                counted: count(values.len()),
                limit: 0,
                message: format!(
                    "the plan removes attributes of \"{name}\" in which accounts have values: {}",
                    each.join(", ")
                ),
                remedy: format!(
                    "declare {} under `attributes` of the source; to remove one, empty it in all accounts first",
                    names.join(", ")
                ),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::testing::fixtures::{applied_tenant, guide, live_attribute, source_mut};
    use crate::testing::guard_cases::refusals;
    use model::Collection;

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
}
