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
                    Finding::new(Code::NoScopes, "a token without scopes gets all of them")
                        .at(scopes.head, "ISC takes this for `sp:scopes:all`")
                        .help("name the scopes, or `sp:scopes:default` for what every user may do"),
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
            let (first, second) = if scopes.head < calls.head {
                (scopes.head, calls.head)
            } else {
                (calls.head, scopes.head)
            };
            context.findings.push(
                Finding::new(
                    Code::ExclusiveKeys,
                    "a token has either `scopes` or `calls`",
                )
                .at(second, "this as well")
                .at(first, "this already")
                .help("keep `calls` to have the least scopes worked out, or `scopes` to name them"),
            );
            None
        }
        (None, None) if !broken.is_empty() => None,
        (None, None) => {
            context.findings.push(
                Finding::new(
                    Code::MissingKey,
                    format!("the token `{}` needs `scopes` or `calls`", name.value),
                )
                .at(name.span, "neither is here")
                .help("name the calls that its user makes, such as `calls: [\"POST /search/v1\"]`"),
            );
            None
        }
    }
}
