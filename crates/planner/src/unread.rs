//! Remedies for collections that could not be read: the missing scope, the firewall, the wait.

use crate::access::is_of_everybody;
use catalog::{Need, Operation};
use model::{Incomplete, IncompleteReason};

/// What to do about a collection that could not be read.
pub(crate) fn remedy(why: &Incomplete) -> String {
    let Incomplete {
        reason,
        detail: _,
        call,
    } = why;
    match reason {
        IncompleteReason::Forbidden => {
            let operation = call
                .as_deref()
                .and_then(|call| catalog::find_call(call).ok())
                .map(|call| call.operation);
            match operation {
                Some(operation) => permission(operation),
                None => "give steersman's token the scopes and its owner the user level that this needs".to_owned(),
            }
        }
        IncompleteReason::Intercepted => {
            "ask the administrators of the firewall or proxy between here and ISC to let steersman through, with the request id if there is one".to_owned()
        }
        IncompleteReason::Contradicted => {
            "run `steersman plan` again in a minute; if it stays the same, compare with what ISC shows, and ask SailPoint's support".to_owned()
        }
        IncompleteReason::Refused
        | IncompleteReason::RetriesUsedUp
        | IncompleteReason::ShortPage
        | IncompleteReason::TotalMismatch
        | IncompleteReason::UndecodableRow
        | IncompleteReason::StoreUnreadable
        | IncompleteReason::Ambiguous => "fix the cause, then run `steersman plan`".to_owned(),
    }
}

/// The scope and the user level that open an operation.
fn permission(operation: &'static Operation) -> String {
    let need = Need {
        operation,
        of_everybody: is_of_everybody(operation),
    };
    let least = catalog::least_for(&[need]);
    let mut needs = Vec::new();
    match least.scopes.first() {
        Some(scope) => needs.push(format!("give steersman's token the scope {scope}")),
        None => needs.push("no scope is missing".to_owned()),
    }
    if !operation.levels.is_empty() {
        needs.push(format!(
            "its owner needs the user level {}",
            operation.levels.join(" or ")
        ));
    }
    format!(
        "{} (`steersman scopes for \"{} {}\"` lists what else opens it)",
        needs.join("; "),
        operation.method,
        operation.path
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planner_12_the_scope_that_opens_it_is_named() {
        for (call, scope) in [
            ("GET /identity-profiles/v1", "idn:identity-profile:read"),
            ("GET /accounts/v1", "idn:accounts:read"),
            ("GET /sources/v1/2c91/schemas", "idn:"),
            // Those of all users, and not only the caller's own.
            (
                "GET /personal-access-tokens/v1",
                "sp:all-personal-access-tokens:read",
            ),
        ] {
            let mut why = Incomplete::new(IncompleteReason::Forbidden, "403");
            why.call = Some(call.to_owned());
            let remedy = remedy(&why);
            assert!(remedy.contains(scope), "{call}: {remedy}");
            assert!(remedy.contains("steersman scopes for"), "{remedy}");
        }
        // A request that the catalog does not know.
        let mut why = Incomplete::new(IncompleteReason::Forbidden, "403");
        why.call = Some("GET /nowhere/v1".to_owned());
        assert!(remedy(&why).contains("the scopes"));
    }

    #[test]
    fn tenants_11_a_firewall_is_nothing_that_a_scope_opens() {
        let why = Incomplete::new(IncompleteReason::Intercepted, "a page");
        let remedy = remedy(&why);
        assert!(remedy.contains("firewall") && !remedy.contains("scope"));
    }
}
