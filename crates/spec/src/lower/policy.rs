//! Lowers the policy.

use super::context::Context;
use crate::code::Code;
use crate::decode::{List, Text, all_of, did_you_mean};
use crate::finding::Finding;
use crate::raw::{RawPolicy, RawUnmanagedTokens};
use model::{Policy, UnmanagedTokens};
use std::collections::BTreeMap;

/// The names of the limits: the guards that enforce them have the same names.
pub(crate) const LIMITS: &[&str] = Policy::LIMITS;

pub(super) fn lower(policy: RawPolicy, context: &mut Context<'_>) -> Policy {
    let RawPolicy {
        head: _,
        broken: _,
        forbid_user_levels,
        forbid_scopes,
        max_token_lifetime,
        limits,
        unmanaged_tokens,
    } = policy;
    let mut lowered = BTreeMap::new();
    for (name, limit) in limits.map(|limits| limits.entries).unwrap_or_default() {
        if !LIMITS.contains(&name.as_str()) {
            context.findings.push(
                Finding::new(
                    Code::UnknownKey,
                    format!("unknown limit `{}` in `policy.limits`", name.value),
                )
                .at(name.span, "unknown limit")
                .help(match did_you_mean(&name.value, LIMITS.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("allowed limits: {}", all_of(LIMITS)),
                }),
            );
            continue;
        }
        lowered.insert(name.value, limit.value.0);
    }
    Policy {
        forbid_user_levels: texts(forbid_user_levels),
        forbid_scopes: texts(forbid_scopes),
        max_token_lifetime: max_token_lifetime.map(|duration| duration.value.0),
        limits: lowered,
        unmanaged_tokens: match unmanaged_tokens.map(|choice| choice.value) {
            None | Some(RawUnmanagedTokens::Report) => UnmanagedTokens::Report,
            Some(RawUnmanagedTokens::Revoke) => UnmanagedTokens::Revoke,
        },
    }
}

fn texts<T: From<String> + Ord>(list: Option<List<Text>>) -> std::collections::BTreeSet<T> {
    list.into_iter()
        .flat_map(|list| list.items)
        .map(|text| text.value.into())
        .collect()
}
