//! Scopes of a token: as written, or worked out from its calls.

use super::calls;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use crate::lower::context::Context;
use model::{Address, Scope};
use std::collections::BTreeSet;

/// The scopes of a token, written or worked out, and the calls as written.
pub(super) fn permissions(
    address: &Address,
    name: &Text,
    broken: &[&str],
    scopes: Option<List<Text>>,
    calls: Option<List<Text>>,
    context: &mut Context<'_>,
) -> Option<(BTreeSet<Scope>, Vec<String>)> {
    match (scopes, calls) {
        (Some(scopes), None) => {
            context.items(address, "scopes", &scopes.items);
            if scopes.items.is_empty() && scopes.complete {
                context.findings.push(
                    Finding::new(
                        Code::NoScopes,
                        format!("token `{}` has an empty list of scopes", name.value),
                    )
                    .at(scopes.head, "ISC treats an empty list as `sp:scopes:all`")
                    .help(
                        "list the scopes, or write `sp:scopes:default` for what every user may do",
                    ),
                );
                return None;
            }
            let complete = scopes.complete;
            let scopes = scopes
                .items
                .into_iter()
                .map(|text| Scope::new(text.value))
                .collect();
            complete.then_some((scopes, Vec::new()))
        }
        (None, Some(calls)) => calls::lower(address, calls, context),
        (Some(scopes), Some(calls)) => {
            let mut keys = [
                (scopes.head, "`scopes` set here"),
                (calls.head, "`calls` set here"),
            ];
            keys.sort_unstable();
            let [first, second] = keys;
            context.findings.push(
                Finding::new(
                    Code::ExclusiveKeys,
                    format!("token `{}` has both `scopes` and `calls`", name.value),
                )
                .at(second.0, second.1)
                .at(first.0, first.1)
                .help(
                    "keep `calls` to let steersman find the least scopes, or `scopes` to list them",
                ),
            );
            None
        }
        (None, None) if !broken.is_empty() => None,
        (None, None) => {
            context.findings.push(
                Finding::new(
                    Code::MissingKey,
                    format!("token `{}` has no `scopes` or `calls`", name.value),
                )
                .at(name.span, "missing `scopes` or `calls`")
                .help("list the calls of the integration, such as `calls: [\"POST /search/v1\"]`"),
            );
            None
        }
    }
}
