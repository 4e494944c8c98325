//! Resolves the source of an account.

use crate::code::Code;
use crate::decode::{did_you_mean, one_of};
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::raw::RawAccount;
use crate::suggestion::Fix;
use model::{SourceName, SourceSpec};
use std::collections::BTreeMap;

/// The source that the account is on. None where that is not clear.
pub(super) fn source_of(
    account: &RawAccount,
    sources: &BTreeMap<SourceName, SourceSpec>,
    context: &mut Context<'_>,
) -> Option<SourceName> {
    if let Some(written) = &account.source {
        let name = SourceName::new(written.value.clone());
        if sources.contains_key(&name) {
            return Some(name);
        }
        // A source that was declared but could not be lowered was reported already.
        if context.complete.sources && !context.declared_sources.contains(&written.value) {
            let declared = &context.declared_sources;
            context.findings.push_with(Code::UnknownSource, || {
                let names = declared.iter().map(String::as_str);
                let meant = did_you_mean(&written.value, names.clone());
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if declared.is_empty() => {
                        "declare it under `sources`, with `managed: false` if it is managed elsewhere"
                            .to_owned()
                    }
                    None => format!("declare it under `sources`, or use {}", one_of(names)),
                };
                Finding::new(
                    Code::UnknownSource,
                    format!("no file declares the source \"{}\"", written.value),
                )
                .at(written.span, "undeclared source")
                .help(help)
                .fix(
                    meant
                        .and_then(|meant| written.instead(meant))
                        .map(Fix::if_decided),
                )
                .once_for("service account", written.as_str())
            });
        }
        return None;
    }
    let mut managed = sources
        .iter()
        .filter(|(_, spec)| spec.managed().is_some())
        .map(|(name, _)| name);
    match (managed.next(), managed.next()) {
        (Some(only), None) => Some(only.clone()),
        _ if !context.complete.sources || context.declared_sources.len() != sources.len() => None,
        _ => {
            context.findings.push_with(Code::NoSource, || {
                let names = sources.keys().map(SourceName::as_str);
                Finding::new(
                    Code::NoSource,
                    "service account has no `source`, and the spec does not have exactly 1 managed source",
                )
                .at(account.place(), "missing `source`")
                .help(if sources.is_empty() {
                    "declare a source under `sources`".to_owned()
                } else {
                    format!("add `source: …` with {}", one_of(names))
                })
            });
            None
        }
    }
}
