//! Guards that count steps against a limit of `policy.limits`.

use super::info::GuardInfo;
use crate::draft::Draft;
use model::{
    Fields, GuardReport, IdentityId, IdentityTarget, IssuerReplacement, Limit, Live, Operation,
    RollBack, SourceName, Spec, Step, TokenId, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};

/// A guard that counts something in the steps and compares it with
/// `policy.limits.NAME`, or with its default.
pub(super) struct Limited {
    pub(super) info: GuardInfo,
    pub(super) default: Limit,
    /// What the plan does to what, such as `deletes` and `account`.
    pub(super) words: (&'static str, &'static str),
    /// How many of them a step does it to.
    pub(super) count: fn(&Step, &Live) -> u64,
    /// How many each source has, which a share is a share of.
    pub(super) there: fn(&Live, &Owners<'_>) -> BTreeMap<SourceName, u64>,
}

/// The source of each identity: the first by name that has an account of it.
pub(super) type Owners<'a> = BTreeMap<&'a IdentityId, &'a SourceName>;

/// The owner of each token.
type Tokens<'a> = BTreeMap<&'a TokenId, &'a IdentityId>;

/// What one source loses, and how many it may lose.
struct Loss {
    source: Option<SourceName>,
    counted: u64,
    there: u64,
    allowed: u64,
}

impl Limited {
    /// Reports only where the limit is exceeded. A share is of what the source has
    /// that loses something, so that a large source beside it allows nothing.
    pub(super) fn check(&self, spec: &Spec, live: &Live, draft: &Draft) -> Option<GuardReport> {
        let GuardInfo { name, .. } = self.info;
        let limit = spec
            .policy
            .limits
            .get(name)
            .copied()
            .unwrap_or(self.default);
        let counts: Vec<(&Step, u64)> = draft
            .steps
            .iter()
            .map(|step| (step, (self.count)(step, live)))
            .filter(|(_, count)| *count != 0)
            .collect();
        // What a tenant has is counted only for a plan that takes something.
        if counts.is_empty() {
            return None;
        }
        let owners = owners(live);
        let there = (self.there)(live, &owners);
        let exceeded: Vec<Loss> = losses(&counts, spec, live, limit, (&owners, &there))
            .into_iter()
            .filter(|loss| loss.counted > loss.allowed)
            .collect();
        if exceeded.is_empty() {
            return None;
        }
        let counted = exceeded.iter().map(|loss| loss.counted).sum();
        let (verb, noun) = self.words;
        let each: Vec<String> = exceeded
            .iter()
            .map(|loss| {
                let plural = if loss.counted == 1 { "" } else { "s" };
                let source = loss
                    .source
                    .as_ref()
                    .map_or_else(String::new, |source| format!(" on \"{source}\""));
                format!("{} {noun}{plural} of {}{source}", loss.counted, loss.there)
            })
            .collect();
        Some(GuardReport {
            name,
            verdict: Verdict::Refused,
            counted,
            limit: exceeded.iter().map(|loss| loss.allowed).sum(),
            message: format!(
                "the plan {verb} {}; the limit is {limit}",
                each.join(" and ")
            ),
            remedy: format!(
                "if this is intended, pass `--allow {name}={counted}` once, or change `policy.limits.{name}`"
            ),
        })
    }
}

/// What the plan takes: altogether for a count, of each source for a share.
fn losses(
    counts: &[(&Step, u64)],
    spec: &Spec,
    live: &Live,
    limit: Limit,
    (owners, there): (&Owners<'_>, &BTreeMap<SourceName, u64>),
) -> Vec<Loss> {
    match limit {
        Limit::Count(count) => vec![Loss {
            source: None,
            counted: counts.iter().map(|(_, count)| count).sum(),
            there: there.values().sum(),
            allowed: u64::from(count),
        }],
        Limit::Share(share) => {
            let tokens: Tokens<'_> = live
                .tokens
                .found()
                .iter()
                .map(|token| (&token.id, &token.owner))
                .collect();
            let mut by_source: BTreeMap<Option<SourceName>, u64> = BTreeMap::new();
            for (step, count) in counts {
                let source = source_of(step, spec, &tokens, owners);
                *by_source.entry(source.cloned()).or_default() += count;
            }
            by_source
                .into_iter()
                .map(|(source, counted)| {
                    let there = source
                        .as_ref()
                        .and_then(|source| there.get(source))
                        .copied()
                        .unwrap_or_default();
                    Loss {
                        source,
                        counted,
                        there,
                        // At least one, so that a share never makes a small source
                        // unchangeable.
                        allowed: (there * u64::from(share.get()) / 100).max(1),
                    }
                })
                .collect()
        }
    }
}

/// The source that a step takes something from.
fn source_of<'a>(
    step: &'a Step,
    spec: &'a Spec,
    tokens: &Tokens<'a>,
    owners: &Owners<'a>,
) -> Option<&'a SourceName> {
    let of_token = |id: &TokenId| owners.get(*tokens.get(id)?).copied();
    let declared = || Some(&spec.accounts.get(step.address.account()?)?.source);
    match &step.operation {
        Operation::ImportRow { source_name, .. } | Operation::UpdateProfile { source_name, .. } => {
            Some(source_name)
        }
        Operation::SetLevels { identity, .. } | Operation::Invite { identity, .. } => {
            match identity {
                IdentityTarget::Known(identity) => owners.get(identity).copied(),
                IdentityTarget::OfAccount { .. } => declared(),
            }
        }
        Operation::RevokeToken { owner, .. } | Operation::DisableToken { owner, .. } => {
            owners.get(owner).copied()
        }
        Operation::UpdateToken { token, .. }
        | Operation::RollBackToken(RollBack { current: token, .. })
        | Operation::ReplaceToken { old: token, .. }
        | Operation::ReplaceIssuer(IssuerReplacement { old: token, .. }) => of_token(token),
        Operation::CreateSource(_)
        | Operation::UpdateSource { .. }
        | Operation::DefineSchema { .. }
        | Operation::CreateProfile(_)
        | Operation::ProcessIdentities { .. }
        | Operation::MintToken(_) => step.address.source().or_else(declared),
    }
}

fn owners(live: &Live) -> Owners<'_> {
    let mut owners = Owners::new();
    for (name, source) in &live.sources {
        let accounts = source
            .found()
            .iter()
            .flat_map(|source| source.accounts.found());
        for identity in accounts.filter_map(|account| account.identity.as_ref()) {
            owners.entry(identity).or_insert(name);
        }
    }
    owners
}

/// How many items of a list field a step removes.
pub(super) fn removed(step: &Step, field: &str) -> u64 {
    let items = |fields: &Option<Fields>| -> BTreeSet<String> {
        fields
            .iter()
            .filter_map(|fields| fields.get(field)?.as_array())
            .flatten()
            .map(ToString::to_string)
            .collect()
    };
    count(items(&step.before).difference(&items(&step.after)).count())
}

/// How many accounts each source has.
pub(super) fn accounts_there(live: &Live, _: &Owners<'_>) -> BTreeMap<SourceName, u64> {
    live.sources
        .iter()
        .filter_map(|(name, source)| Some((name, source.found().as_ref()?)))
        .map(|(name, source)| (name.clone(), count(source.accounts.found().len())))
        .collect()
}

/// How many of something the identities of each source have.
pub(super) fn by_source<'a>(
    owners: &Owners<'_>,
    each: impl Iterator<Item = (&'a IdentityId, u64)>,
) -> BTreeMap<SourceName, u64> {
    let mut there: BTreeMap<SourceName, u64> = BTreeMap::new();
    for (identity, count) in each {
        if let Some(source) = owners.get(identity) {
            *there.entry((*source).clone()).or_default() += count;
        }
    }
    there
}

/// A length as a count.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
