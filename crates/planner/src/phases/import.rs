//! Checks of the CSV import of a source, and what it rests on.
//!
//! They need the rows of all phases, so they come last.

use crate::draft::Draft;
use crate::imports::{Deletions, foreign, sources_of, threshold};
use crate::problems::{SEVERAL_VALUES, SKIPPED_ROW, UNSUPPORTED_FILE};
use crate::view::live_source;
use model::{
    AccountAttribute, Address, Aggregations, Agreement, Confirmed, FileSettings, IdentityId,
    ImportBasis, ImportMappings, ImportSchema, Live, LiveAccount, LiveMapping, LiveSchema,
    LiveSource, NativeIdentity, Operation, Problem, ProblemEffect, RaisedThreshold, Reason,
    RowChange, SourceName, Spec,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reports what an import of the draft could not keep or ISC would leave out.
pub(crate) fn check(draft: &mut Draft, spec: &Spec, live: &Live) {
    let mut problems = Vec::new();
    let imported = sources_of(draft);
    for (name, source) in &spec.sources {
        let Some(managed) = source.managed() else {
            continue;
        };
        let observed = live_source(live, name);
        let redefined = draft
            .steps
            .iter()
            .any(|step| step.address == Address::Schema(name.clone()));
        let import = imported.contains(name);
        if let Some(observed) = observed.filter(|_| import || redefined) {
            problems.extend(several_values(draft, observed));
        }
        if !import {
            continue;
        }
        if let Some(observed) = observed {
            problems.extend(unsupported(observed));
        }
        let first_column = match observed.and_then(|source| source.schema.complete().ok()?.as_ref())
        {
            Some(schema) if !redefined => schema
                .attributes
                .first()
                .map(|attribute| attribute.name.clone()),
            Some(_) | None => managed
                .schema_attributes()
                .first()
                .map(|attribute| attribute.name.clone()),
        };
        let column = first_column.unwrap_or_else(|| "id".into());
        problems.extend(skipped(draft, observed, name, &column));
    }
    draft.problems.extend(problems);
    draft.sort_problems();
}

/// Settings that a file cannot follow.
fn unsupported(source: &LiveSource) -> Vec<Problem> {
    let name = &source.name;
    source
        .file
        .unsupported()
        .into_iter()
        .map(|found| Problem {
            code: UNSUPPORTED_FILE,
            address: Address::Source(name.clone()),
            field: Some("name".to_owned()),
            message: format!(
                "source \"{name}\" reads its files with `{}` set to `{}`, which a CSV import of steersman does not follow: {}",
                found.setting, found.value, found.effect
            ),
            help: format!(
                "{} in the connector attributes of the source in ISC, then plan again",
                found.instead
            ),
effect: ProblemEffect::RefusesPlan,
        })
        .collect()
}

/// Rows that ISC would take for comments, and so delete their accounts.
fn skipped(
    draft: &Draft,
    source: Option<&LiveSource>,
    name: &SourceName,
    column: &AccountAttribute,
) -> Vec<Problem> {
    let usual = FileSettings::default();
    let file = source.map_or(&usual, |source| &source.file);
    let Some(comment) = &file.comment else {
        return Vec::new();
    };
    let mut rows: BTreeMap<&NativeIdentity, (&str, Option<&Address>)> = source
        .and_then(|source| source.accounts.complete().ok())
        .into_iter()
        .flatten()
        .map(|account| {
            (
                &account.native_identity,
                (first_cell(account, column), None),
            )
        })
        .collect();
    for step in &draft.steps {
        let Operation::ImportRow {
            source_name,
            native_identity,
            change,
            ..
        } = &step.operation
        else {
            continue;
        };
        if source_name != name {
            continue;
        }
        let cells = match change {
            RowChange::Delete => {
                rows.remove(native_identity);
                continue;
            }
            RowChange::Upsert { cells } => cells,
            RowChange::Rename { from, cells } => {
                rows.remove(from);
                cells
            }
        };
        // A cell that no file declares stays as it is.
        let cell = cells.get(column).map(String::as_str);
        let there = rows.get(native_identity).map(|(cell, _)| *cell);
        let cell = cell.or(there).unwrap_or_default();
        rows.insert(native_identity, (cell, Some(&step.address)));
    }
    rows.into_iter()
        .filter(|(_, (cell, _))| file.skips(cell))
        .map(|(id, (cell, address))| Problem {
            code: SKIPPED_ROW,
            field: Some(match address {
                Some(_) => key_of(column),
                None => "name".to_owned(),
            }),
            address: address.map_or_else(|| Address::Source(name.clone()), Clone::clone),
            message: format!(
                "ISC would skip the row of account {id} on \"{name}\" and delete the account: its first cell, `{cell}`, begins with the comment character `{comment}`"
            ),
            help: format!(
                "choose another `{column}`, or set `commentCharacter` to an empty text in the connector attributes of the source in ISC"
            ),
effect: ProblemEffect::RefusesPlan,
        })
        .collect()
}

fn first_cell<'a>(account: &'a LiveAccount, column: &AccountAttribute) -> &'a str {
    if column.as_str() == "id" {
        account.native_identity.as_str()
    } else {
        account.cells.get(column).map_or("", String::as_str)
    }
}

/// The key of a column in the files.
fn key_of(column: &AccountAttribute) -> String {
    match column.as_str() {
        "e-mail" => "email".to_owned(),
        key @ ("id" | "name" | "purpose") => key.to_owned(),
        _ => "attributes".to_owned(),
    }
}

/// Attributes with several values, which one cell cannot hold. Where a step sets
/// the cell, the file has decided.
fn several_values(draft: &Draft, source: &LiveSource) -> Vec<Problem> {
    let name = &source.name;
    let mut changed: BTreeMap<&NativeIdentity, Option<BTreeSet<&AccountAttribute>>> =
        BTreeMap::new();
    for step in &draft.steps {
        if let Operation::ImportRow {
            source_name,
            native_identity,
            change,
            ..
        } = &step.operation
            && source_name == name
        {
            match change {
                RowChange::Delete => changed.insert(native_identity, None),
                RowChange::Upsert { cells } => {
                    changed.insert(native_identity, Some(cells.keys().collect()))
                }
                RowChange::Rename { from, cells } => {
                    changed.insert(from, Some(cells.keys().collect()))
                }
            };
        }
    }
    let mut found: BTreeMap<&AccountAttribute, Vec<&NativeIdentity>> = BTreeMap::new();
    for account in source.accounts.found() {
        if account.several.is_empty() {
            continue;
        }
        let change = changed.get(&account.native_identity);
        for attribute in &account.several {
            let is_set = match change {
                Some(None) => true,
                Some(Some(cells)) => cells.contains(attribute),
                None => false,
            };
            if !is_set {
                found
                    .entry(attribute)
                    .or_default()
                    .push(&account.native_identity);
            }
        }
    }
    found
        .into_iter()
        .map(|(attribute, accounts)| {
            let shown: Vec<&str> = accounts.iter().take(3).map(|id| id.as_str()).collect();
            Problem {
                code: SEVERAL_VALUES,
                address: Address::Source(name.clone()),
                field: Some("name".to_owned()),
                message: format!(
                    "attribute `{attribute}` of \"{name}\" has several values in {} ({}{}); a CSV import of steersman has one cell for it and would join them",
                    if accounts.len() == 1 { "1 account".to_owned() } else { format!("{} accounts", accounts.len()) },
                    shown.join(", "),
                    if accounts.len() > shown.len() { ", …" } else { "" }
                ),
                help: "leave one value in each account, or declare the source with `managed: false` and manage only levels and tokens".to_owned(),
effect: ProblemEffect::RefusesPlan,
            }
        })
        .collect()
}

/// Gives each row what the import of its source rests on. `may_raise` says whether the
/// delete threshold may be raised for an import: the guards decide that before.
pub(crate) fn seal(draft: &mut Draft, spec: &Spec, live: &Live, may_raise: bool) {
    let bases: BTreeMap<SourceName, Arc<ImportBasis>> = sources_of(draft)
        .into_iter()
        .map(|name| {
            let source = live_source(live, name);
            let basis = ImportBasis {
                accounts: source
                    .and_then(|source| source.accounts.complete().ok())
                    .into_iter()
                    .flatten()
                    .map(|account| account.native_identity.clone())
                    .collect(),
                mappings: mappings(draft, source),
                schema: schema(draft, source, name),
                file: source.map(|source| source.file.clone()).unwrap_or_default(),
                threshold: threshold(draft, source, name),
                reexamine: draft.steps.iter().any(|step| {
                    step.reason == Reason::IdentityGone
                        && matches!(&step.operation, Operation::ImportRow { source_name, .. } if source_name == name)
                }),
                foreign: source.map_or_else(BTreeSet::new, |source| foreign(spec, live, source)),
                confirmed: source.map_or(Confirmed::NotAsked, |source| {
                    confirmed(source, &foreign(spec, live, source))
                }),
                raised: raised(draft, spec, source.filter(|_| may_raise), name),
            };
            (name.clone(), Arc::new(basis))
        })
        .collect();
    for step in &mut draft.steps {
        if let Operation::ImportRow {
            source_name, basis, ..
        } = &mut step.operation
            && let Some(sealed) = bases.get(source_name)
        {
            *basis = Arc::clone(sealed);
        }
    }
}

/// How far other facts confirm the list of a source's accounts. The guards refuse what they
/// do not confirm, until a person approves it.
fn confirmed(source: &LiveSource, foreign: &BTreeSet<IdentityId>) -> Confirmed {
    let Ok(accounts) = source.accounts.complete() else {
        return Confirmed::NotAsked;
    };
    match (&source.aggregations, source.agreement(accounts, foreign)) {
        (Aggregations::NotAsked, _) => Confirmed::NotAsked,
        (_, Agreement::Agrees) => Confirmed::LackingAtMost(0),
        (_, Agreement::Short { missing, .. }) => Confirmed::LackingAtMost(missing),
        (_, Agreement::NotKnown(_)) => Confirmed::ByPerson,
    }
}

fn schema(draft: &Draft, source: Option<&LiveSource>, name: &SourceName) -> ImportSchema {
    let observed = source.and_then(|source| source.schema.complete().ok()?.as_ref());
    let defined = draft.steps.iter().find_map(|step| match &step.operation {
        Operation::DefineSchema { attributes, .. } if step.address.source() == Some(name) => {
            let names = attributes.iter().map(|attribute| attribute.name.clone());
            Some(names.collect())
        }
        _ => None,
    });
    ImportSchema {
        seen: observed.map(LiveSchema::import_fingerprint),
        defined,
    }
}

fn mappings(draft: &Draft, source: Option<&LiveSource>) -> ImportMappings {
    let Some(observed) = source.and_then(|source| source.profile.complete().ok()?.as_ref()) else {
        return ImportMappings::Any;
    };
    let written = draft.steps.iter().filter_map(|step| match &step.operation {
        Operation::UpdateProfile {
            profile,
            enable,
            mappings,
            source,
            ..
        } if *profile == observed.id => {
            let mut written = observed.clone();
            written.enabled |= enable;
            for (target, attribute) in mappings {
                let mapping = LiveMapping::Account {
                    source: source.clone(),
                    attribute: attribute.clone(),
                };
                written.mappings.insert(target.clone(), mapping);
            }
            Some(written.mappings_fingerprint())
        }
        _ => None,
    });
    ImportMappings::OneOf(
        std::iter::once(observed.mappings_fingerprint())
            .chain(written)
            .collect(),
    )
}

/// The threshold that the import needs, where the source's is too low.
fn raised(
    draft: &Draft,
    spec: &Spec,
    source: Option<&LiveSource>,
    name: &SourceName,
) -> Option<RaisedThreshold> {
    let need = Deletions::of(draft, spec, source?, name)?;
    if !need.exceeds() {
        return None;
    }
    Some(RaisedThreshold {
        to: u8::try_from(need.share()).unwrap_or(100),
        back: u8::try_from(need.threshold).unwrap_or(100),
    })
}
