//! Builds the drift report of a run.

use super::agreement::{Agreement, KnownObject};
use super::find::Found;
use super::report::{
    Cause, DriftReport, DriftSummary, Expiring, FORMAT_VERSION, Reading, RecordUse, TokensLeft,
    UnmanagedObject,
};
use crate::apply_report::{Commit, TrafficDocument};
use crate::holding_document::HoldingDocument;
use crate::plan_document::{BlockedDocument, Tool};
use jiff::{SignedDuration, Timestamp};
use model::{Address, Plan, Spec, Traffic, Unmanaged};
use planner::{ListedToken, Standing, TokenList};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a report is made of.
#[derive(Debug)]
pub struct Given<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// Its whole plan.
    pub plan: &'a Plan,
    /// The drifts.
    pub found: Found,
    /// The tokens of the managed accounts.
    pub tokens: &'a TokenList,
    /// What people call the tenant.
    pub tenant: String,
    /// The Git commit of the spec.
    pub commit: Commit,
    /// The record that was compared with.
    pub record: RecordUse,
    /// What the record, or that of `--since`, knows.
    pub known: Option<&'a Agreement>,
    /// The causes that count; all if empty.
    pub causes: &'a BTreeSet<Cause>,
    /// Tokens that expire within this time are listed.
    pub within: SignedDuration,
    /// What was sent.
    pub traffic: Traffic,
    /// How long the command took.
    pub elapsed: Duration,
}

/// The report, with the exit code still 0.
pub fn report(given: Given<'_>) -> DriftReport {
    let Given {
        spec,
        plan,
        found,
        tokens,
        tenant,
        commit,
        record,
        known,
        causes,
        within,
        traffic,
        elapsed,
    } = given;
    let Found {
        mut drifts,
        due,
        resolved,
    } = found;
    for drift in &mut drifts {
        drift.counts = causes.is_empty() || causes.contains(&drift.cause);
    }
    let was_there = |address: &str| {
        known.is_none_or(|known| {
            matches!(
                known.objects.get(address),
                Some(KnownObject::Unmanaged { .. } | KnownObject::Agreed { .. })
            )
        })
    };
    let unmanaged: Vec<UnmanagedObject> = plan
        .unmanaged
        .iter()
        .map(|one| {
            let address = one.address.to_string();
            UnmanagedObject {
                is_new: !was_there(&address),
                address,
                name: one.name.clone(),
                source: one.source.as_ref().map(ToString::to_string),
                holds: one.holds.as_ref().map(HoldingDocument::of),
                remedy: one.may_hold().then(|| Unmanaged::REMEDY.to_owned()),
            }
        })
        .collect();
    let mut expiring: Vec<Expiring> = tokens
        .tokens
        .iter()
        .filter_map(|token| expiring(spec, token, plan.created_at, within))
        .collect();
    expiring
        .sort_by(|one, other| (&one.expires, &one.address).cmp(&(&other.expires, &other.address)));
    let addresses = drifts
        .iter()
        .map(|drift| drift.address.clone())
        .chain(due.iter().map(|due| due.address.clone()))
        .chain(plan.blocked.iter().map(|one| one.address.to_string()))
        .chain(resolved.iter().map(|one| one.address.clone()))
        .chain(expiring.iter().map(|one| one.address.clone()));
    let account_names = addresses
        .filter_map(|address| {
            let address: Address = address.parse().ok()?;
            let (key, account) = spec.accounts.get_key_value(address.account()?)?;
            Some((key.to_string(), account.name.to_string()))
        })
        .collect();
    let mut report = DriftReport {
        format_version: FORMAT_VERSION,
        tool: Tool::this(),
        tenant,
        user: plan.user.clone(),
        spec_digest: plan.spec_digest.to_string(),
        commit,
        observed_at: plan.created_at.to_string(),
        seconds: crate::apply_report::seconds(elapsed),
        requests: TrafficDocument::from(traffic),
        record,
        reading: reading(plan),
        exit_code: 0,
        summary: DriftSummary::default(),
        account_names,
        drifts,
        resolved,
        due,
        unmanaged,
        expiring,
        blocked: plan.blocked.iter().map(BlockedDocument::of).collect(),
        tokens_by_days_left: by_days_left(tokens, plan.created_at),
    };
    report.summary = summary(&report);
    report
}

/// The counts of a report.
fn summary(report: &DriftReport) -> DriftSummary {
    let drifts = &report.drifts;
    let mut by_cause: BTreeMap<Cause, usize> =
        Cause::ALL.into_iter().map(|cause| (cause, 0)).collect();
    let mut by_object: BTreeMap<String, usize> = BTreeMap::new();
    for drift in drifts {
        *by_cause.entry(drift.cause).or_default() += 1;
        *by_object.entry(drift.object.clone()).or_default() += 1;
    }
    DriftSummary {
        drifts: drifts.len(),
        counted: drifts.iter().filter(|drift| drift.counts).count(),
        new: drifts.iter().filter(|drift| drift.is_new).count(),
        by_cause,
        by_object,
        resolved: report.resolved.len(),
        due: report.due.len(),
        unmanaged: report.unmanaged.len(),
        expiring: report.expiring.len(),
        blocked: report.blocked.len(),
    }
}

/// Leaves of a report only what is at addresses that are asked for; `is_asked` is given
/// the name of the account, too.
pub fn cut(report: &mut DriftReport, is_asked: impl Fn(&Address, Option<&str>) -> bool) {
    let names = report.account_names.clone();
    let asked = |address: &str| {
        let Ok(address) = address.parse::<Address>() else {
            return true;
        };
        let name = address.account().and_then(|key| names.get(key.as_str()));
        is_asked(&address, name.map(String::as_str))
    };
    report.drifts.retain(|one| asked(&one.address));
    report.resolved.retain(|one| asked(&one.address));
    report.due.retain(|one| asked(&one.address));
    report.unmanaged.retain(|one| asked(&one.address));
    report.expiring.retain(|one| asked(&one.address));
    report.blocked.retain(|one| asked(&one.address));
    report.summary = summary(report);
}

fn reading(plan: &Plan) -> Reading {
    let collections: BTreeMap<String, String> = (plan.incomplete.iter())
        .map(|(collection, why)| (collection.clone(), why.to_string()))
        .collect();
    if collections.is_empty() {
        Reading::Complete
    } else {
        Reading::Incomplete { collections }
    }
}

/// A token that expires soon, of those that are in use.
fn expiring(
    spec: &Spec,
    token: &ListedToken,
    now: Timestamp,
    within: SignedDuration,
) -> Option<Expiring> {
    if !is_in_use(token) {
        return None;
    }
    let expires = token.expires()??;
    let left = expires.duration_since(now);
    if left > within {
        return None;
    }
    let account = spec.accounts.get(&token.account);
    let rotates = match token.standing {
        Standing::Issuer => account
            .and_then(|account| account.issuer_life)
            .is_some_and(|life| life.rotate.is_some()),
        _ => account
            .and_then(|account| account.tokens.as_ref()?.get(token.name.as_ref()?))
            .is_some_and(|token| token.rotate.is_some()),
    };
    Some(Expiring {
        address: token.address().to_string(),
        account: token.account_name.to_string(),
        expires: expires.to_string(),
        days_left: days(left),
        rotates,
    })
}

/// The whole days; those of an expired token are negative.
fn days(left: SignedDuration) -> i64 {
    left.as_secs().div_euclid(86_400)
}

fn is_in_use(token: &ListedToken) -> bool {
    match token.standing {
        Standing::Declared | Standing::Issuer | Standing::Undeclared | Standing::MayBeIssuer => {
            true
        }
        // It is on its way out, or not steersman's, or not there.
        Standing::Retiring { .. }
        | Standing::OfSailPoint
        | Standing::Missing(_)
        | Standing::Unread { .. } => false,
    }
}

fn by_days_left(tokens: &TokenList, now: Timestamp) -> Vec<TokensLeft> {
    const STEPS: [i64; 7] = [0, 1, 7, 14, 30, 60, 90];
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for token in tokens.tokens.iter().filter(|token| is_in_use(token)) {
        let Some(expires) = token.expires() else {
            continue;
        };
        let step = expires.and_then(|end| {
            let left = end.duration_since(now);
            STEPS
                .iter()
                .position(|step| left <= SignedDuration::from_hours(24 * step))
        });
        *counts.entry(step.unwrap_or(STEPS.len())).or_default() += 1;
    }
    (0..=STEPS.len())
        .map(|step| TokensLeft {
            days: STEPS.get(step).copied(),
            tokens: counts.get(&step).copied().unwrap_or_default(),
        })
        .collect()
}
