//! Scopes of a token: as written, or worked out from its calls.

use super::calls;
use super::permitted::Permissions;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::span::Span;
use model::{Address, Scope, TokenName};

/// Lowers the scopes or calls of a token, as far as they could be read.
pub(super) fn permissions(
    address: &Address,
    token: &Named<'_>,
    broken: &[&str],
    scopes: Option<List<Text>>,
    calls: Option<List<Text>>,
    context: &mut Context<'_>,
) -> Permissions {
    let name = token.name;
    match (scopes, calls) {
        (Some(scopes), None) => {
            if scopes.items.is_empty() && scopes.complete {
                context.findings.push(
                    Finding::new(
                        Code::NoScopes,
                        format!("token `{name}` has an empty list of scopes"),
                    )
                    .at(scopes.head, "ISC treats an empty list as `sp:scopes:all`")
                    .help(
                        "list the scopes, or write `sp:scopes:default` for what every user may do",
                    ),
                );
                return Permissions::default();
            }
            written(address, scopes, context)
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
                    format!("token `{name}` has both `scopes` and `calls`"),
                )
                .at(second.0, second.1)
                .at(first.0, first.1)
                .help(
                    "keep `calls` to let steersman find the least scopes, or `scopes` to list them",
                ),
            );
            // Each is checked by itself; which of them counts is not known.
            calls::lower(address, calls, context);
            Permissions {
                complete: false,
                ..written(address, scopes, context)
            }
        }
        (None, None) if ["scopes", "calls"].iter().any(|key| broken.contains(key)) => {
            Permissions::default()
        }
        (None, None) => {
            context.findings.push(
                Finding::new(
                    Code::MissingKey,
                    format!("token `{name}` has no `scopes` or `calls`"),
                )
                .at(token.span, "missing `scopes` or `calls`")
                .help("list the calls of the integration, such as `calls: [\"POST /search/v1\"]`"),
            );
            Permissions::default()
        }
    }
}

/// The scopes as written.
fn written(address: &Address, scopes: List<Text>, context: &mut Context<'_>) -> Permissions {
    context.items(address, "scopes", &scopes.items);
    Permissions {
        complete: scopes.complete,
        scopes: scopes
            .items
            .into_iter()
            .map(|text| Scope::new(context.texts.shared(text.as_str())))
            .collect(),
        calls: Vec::new(),
    }
}

/// How a token is named in messages, and where it is declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) name: &'a TokenName,
    pub(super) span: Span,
}
