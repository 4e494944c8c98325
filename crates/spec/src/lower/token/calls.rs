//! Finds the least scopes that allow the declared calls of a token.

use super::permitted::Permissions;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::suggestion::Fix;
use model::{Address, Scope};

/// The least scopes for the calls, and the calls as written. What is not an operation of
/// ISC is reported and left out.
pub(super) fn lower(
    address: &Address,
    calls: List<Text>,
    context: &mut Context<'_>,
) -> Permissions {
    context.items(address, "calls", &calls.items);
    if calls.items.is_empty() && calls.complete {
        context.findings.push(
            Finding::new(Code::NoScopes, "token has an empty list of calls")
                .at(calls.head, "empty list of calls")
                .help("list the calls, or remove the token"),
        );
        return Permissions::default();
    }
    let mut complete = calls.complete;
    let mut operations = Vec::with_capacity(calls.items.len());
    for call in &calls.items {
        if !call.is_known() {
            complete = false;
            continue;
        }
        match catalog::find_call(&call.value) {
            Ok(found) => operations.push(found.operation),
            Err(unknown) => {
                complete = false;
                context.findings.push_with(Code::UnknownCall, || {
                    let finding = Finding::new(Code::UnknownCall, unknown.to_string())
                        .at(call.span, "unknown ISC operation");
                    let meant: Vec<String> = catalog::suggest_call(&call.value)
                        .iter()
                        .map(|operation| format!("`{operation}`"))
                        .collect();
                    let only = match catalog::suggest_call(&call.value).as_slice() {
                        [only] => call.instead(only.to_string()),
                        _ => None,
                    };
                    let finding = finding.fix(only.map(Fix::if_decided));
                    if meant.is_empty() {
                        finding.help("write a method and a path, such as `POST /search/v1`")
                    } else {
                        finding.help(format!("did you mean {}?", meant.join(" or ")))
                    }
                });
            }
        }
    }
    let ids = operations.iter().map(|operation| operation.id).collect();
    if operations.is_empty() {
        return Permissions::default();
    }
    let scopes = context.least_scopes.entry(ids).or_insert_with(|| {
        catalog::least_scopes(&operations)
            .scopes
            .into_iter()
            .map(Scope::from)
            .collect()
    });
    let scopes = scopes.clone();
    Permissions {
        scopes,
        calls: calls.items.into_iter().map(|text| text.value).collect(),
        complete,
    }
}
