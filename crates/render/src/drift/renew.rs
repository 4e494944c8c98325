//! Renews the agreement of a record: only what agrees is renewed.

use super::agreement::{Agreement, FieldDigests, KnownDrift, KnownObject};
use super::find::{Facts, Found};
use crate::apply_report::{Commit, RunBy};
use model::{Address, Blocked, Step};
use planner::{Compared, LiveFields};
use std::collections::{BTreeMap, BTreeSet};

/// Who renews it, and from where.
#[derive(Clone, Debug)]
pub struct Renewing {
    /// Who read the tenant.
    pub who: RunBy,
    /// The Git commit of the spec.
    pub commit: Commit,
}

/// The agreement after a run: what agrees now is renewed, and what differs keeps the
/// digests of when it last agreed.
pub fn renew(facts: Facts<'_>, found: &Found, by: Renewing) -> Agreement {
    let Facts {
        plan,
        compared,
        record,
        since: _,
    } = facts;
    let now = plan.created_at.to_string();
    let due: BTreeSet<&str> = found.due.iter().map(|due| due.address.as_str()).collect();
    let open: BTreeSet<&Address> = (plan.steps.iter().map(|step: &Step| &step.address))
        .filter(|address| !due.contains(address.to_string().as_str()))
        .chain(plan.blocked.iter().map(|one: &Blocked| &one.address))
        .collect();
    let mut objects = BTreeMap::new();
    for (address, compared) in compared {
        let text = address.to_string();
        let before = record.and_then(|record| record.objects.get(&text));
        let object = if compared.agrees() && !open.contains(address) {
            Some(agreed(compared, before, &now))
        } else {
            match (before, record) {
                (Some(before), _) => Some(before.clone()),
                // In the first record, it is not known which side moved.
                (None, None) => Some(KnownObject::NeverAgreed { since: now.clone() }),
                // It was declared later.
                (None, Some(_)) => None,
            }
        };
        if let Some(object) = object {
            objects.insert(text, object);
        }
    }
    for one in &plan.unmanaged {
        let text = one.address.to_string();
        let since = match record.and_then(|record| record.objects.get(&text)) {
            Some(KnownObject::Unmanaged { since }) => since.clone(),
            Some(KnownObject::Agreed { .. } | KnownObject::NeverAgreed { .. }) | None => {
                now.clone()
            }
        };
        objects.insert(text, KnownObject::Unmanaged { since });
    }
    for step in &plan.steps {
        // Something that no file declares, and that apply would delete.
        let text = step.address.to_string();
        if compared.contains_key(&step.address) || step.after.is_some() {
            continue;
        }
        match (record.and_then(|record| record.objects.get(&text)), record) {
            (Some(before), _) => {
                objects.insert(text, before.clone());
            }
            (None, None) => {
                objects.insert(text, KnownObject::NeverAgreed { since: now.clone() });
            }
            (None, Some(_)) => {}
        }
    }
    // What this run does not declare, another one may: it can have had other files.
    for (address, object) in record.iter().flat_map(|record| &record.objects) {
        let is_kept = match object {
            KnownObject::Agreed { .. } | KnownObject::NeverAgreed { .. } => address
                .parse()
                .is_ok_and(|address: Address| !compared.contains_key(&address)),
            KnownObject::Unmanaged { .. } => false,
        };
        if is_kept {
            objects
                .entry(address.clone())
                .or_insert_with(|| object.clone());
        }
    }
    let mut drifts: BTreeMap<String, KnownDrift> = found
        .drifts
        .iter()
        .map(|drift| {
            let known = KnownDrift {
                address: drift.address.clone(),
                field: drift.field.clone(),
                cause: drift.cause,
                since: drift.since.clone(),
            };
            (drift.id.clone(), known)
        })
        .collect();
    if let Some(record) = record
        && !plan.incomplete.is_empty()
    {
        keep_unread(&mut objects, &mut drifts, record, found);
    }
    Agreement {
        observed_at: now,
        who: by.who,
        commit: by.commit,
        spec_digest: plan.spec_digest.to_string(),
        objects,
        drifts,
    }
}

/// After a partial read, what was not seen is not gone.
fn keep_unread(
    objects: &mut BTreeMap<String, KnownObject>,
    drifts: &mut BTreeMap<String, KnownDrift>,
    record: &Agreement,
    found: &Found,
) {
    for (address, object) in &record.objects {
        objects
            .entry(address.clone())
            .or_insert_with(|| object.clone());
    }
    let gone: BTreeSet<&str> = found.resolved.iter().map(|one| one.id.as_str()).collect();
    let there: BTreeSet<(String, Option<String>)> = drifts
        .values()
        .map(|drift| (drift.address.clone(), drift.field.clone()))
        .collect();
    for (id, drift) in &record.drifts {
        let is_told = there.contains(&(drift.address.clone(), drift.field.clone()));
        if !gone.contains(id.as_str()) && !is_told {
            drifts.insert(id.clone(), drift.clone());
        }
    }
}

/// An object that agrees. A field whose observed value was not read keeps its digests, if
/// the declared value is the same.
fn agreed(compared: &Compared, before: Option<&KnownObject>, now: &str) -> KnownObject {
    let earlier = |name: &str| match before {
        Some(KnownObject::Agreed { at: _, fields }) => fields.get(name),
        Some(KnownObject::NeverAgreed { .. } | KnownObject::Unmanaged { .. }) | None => None,
    };
    let live = match &compared.live {
        LiveFields::Present(fields) => Some(fields),
        LiveFields::Absent | LiveFields::Unread => None,
    };
    let fields = compared
        .declared
        .iter()
        .map(|(name, declared)| {
            let observed = live.and_then(|live| live.get(name));
            let entry = FieldDigests::entry(declared, observed);
            let kept = earlier(name).filter(|earlier| {
                observed.is_none()
                    && FieldDigests::of(earlier).declared == FieldDigests::of(&entry).declared
            });
            (name.clone(), kept.cloned().unwrap_or(entry))
        })
        .collect();
    KnownObject::Agreed {
        at: now.to_owned(),
        fields,
    }
}
