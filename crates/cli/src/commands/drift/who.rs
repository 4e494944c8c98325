//! `--who`: asks the tenant's audit events who did it, with a bounded number of searches.

use isc::Reader;
use jiff::{SignedDuration, Timestamp};
use model::{AuditEvents, Spec, TenantErrorKind};
use render::drift::{self, Agreement, Drift, Sought, WhoDid};
use std::collections::BTreeSet;

/// How many names one search has.
const NAMES: usize = 50;
/// How many searches there are at most.
const SEARCHES: usize = 10;
/// How far back is searched where it is not known when files and tenant agreed.
const BACK: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Sets who did it, for each drift that somebody may have done in the tenant.
pub(super) async fn look_up(
    drifts: &mut [Drift],
    spec: &Spec,
    record: Option<&Agreement>,
    reader: &Reader,
    now: Timestamp,
) {
    let sought: Vec<Option<Sought>> = drifts
        .iter()
        .map(|drift| drift::sought(spec, record, drift))
        .collect();
    let names: BTreeSet<&str> = sought
        .iter()
        .flatten()
        .flat_map(|one| &one.names)
        .map(String::as_str)
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    let since = sought
        .iter()
        .flatten()
        .map(|one| one.after.unwrap_or(now - BACK))
        .min()
        .unwrap_or(now);
    let mut all = AuditEvents {
        found: Vec::new(),
        is_whole: true,
    };
    let mut unread: BTreeSet<&str> = BTreeSet::new();
    let mut failed = None;
    for (number, batch) in names.chunks(NAMES).enumerate() {
        if number >= SEARCHES || failed.is_some() {
            unread.extend(batch);
            continue;
        }
        match reader.audit_events(batch, since).await {
            Ok(events) => {
                all.is_whole &= events.is_whole;
                all.found.extend(events.found);
            }
            Err(error) => {
                let scope = match &error.kind {
                    TenantErrorKind::Forbidden { .. } => {
                        "; searching needs the scope sp:search:read, and a user level that allows it"
                    }
                    _ => "",
                };
                failed = Some(format!("{}{scope}", error.chain()));
                unread.extend(batch);
            }
        }
    }
    for (drift, sought) in drifts.iter_mut().zip(&sought) {
        let Some(sought) = sought else {
            continue;
        };
        let is_unread = sought
            .names
            .iter()
            .any(|name| unread.contains(name.as_str()));
        drift.who = Some(if is_unread {
            WhoDid::NotKnown {
                why: failed.clone().unwrap_or_else(|| {
                    format!(
                        "not searched: {SEARCHES} searches of {NAMES} names are the most in one run"
                    )
                }),
            }
        } else {
            drift::attribute(sought, &all)
        });
    }
}
