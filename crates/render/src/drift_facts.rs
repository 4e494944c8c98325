//! What a drift report adds to what a run has seen: which side moved, and who did it.

use crate::drift::{self, Cause, Drift, DriftReport, Reading, WhoDid};
use crate::run_facts::{Difference, Seen, digest};
use model::{Address, visible};
use std::collections::BTreeMap;

/// What was seen, with the differences of the report. Those that do not count are left out.
pub fn seen_by_drift(seen: Seen, report: &DriftReport) -> Seen {
    let mut by_object: BTreeMap<&str, Vec<&Drift>> = BTreeMap::new();
    for drift in report.drifts.iter().filter(|drift| drift.counts) {
        by_object.entry(&drift.address).or_default().push(drift);
    }
    Seen {
        is_complete: report.reading == Reading::Complete,
        drift: by_object
            .into_iter()
            .filter_map(|(address, drifts)| difference(report, address, &drifts))
            .collect(),
        ..seen
    }
}

fn difference(report: &DriftReport, address: &str, drifts: &[&Drift]) -> Option<Difference> {
    let first = drifts.first()?;
    let key: Option<Address> = address.parse().ok();
    let name = key.as_ref().and_then(Address::account);
    let name = name.and_then(|key| report.account_names.get(key.as_str()));
    let name = name.map_or_else(String::new, |name| format!(" ({name})"));
    let differences: Vec<String> = drifts
        .iter()
        .map(|drift| drift::difference(drift))
        .collect();
    let mut text = format!("{address}{name}: {}", differences.join("; "));
    if let Some(actor) = drifts.iter().find_map(|drift| actor(drift)) {
        text = format!("{text}, by {actor}");
    }
    let is_same = drifts.iter().all(|drift| drift.cause == first.cause);
    let mut parts = Vec::new();
    for drift in drifts {
        parts.push(drift.id.clone());
        parts.push(format!("{:?}", drift.live));
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Some(Difference {
        address: address.to_owned(),
        kind: first.object.clone(),
        cause: match first.cause {
            _ if !is_same => "both",
            Cause::Tenant => "tenant",
            Cause::Git => "git",
            Cause::Both => "both",
            Cause::Unknown => "unknown",
        },
        text: visible(&text),
        digest: digest(&parts),
    })
}

/// Who did it, where one audit event fits.
fn actor<'d>(drift: &'d &Drift) -> Option<&'d str> {
    match drift.who.as_ref()? {
        WhoDid::Found { event } => event.actor.as_deref(),
        WhoDid::Candidates { .. } | WhoDid::NotKnown { .. } => None,
    }
}
