//! The least access for the plan and the apply of a spec, as a document.

use planner::{Access, NeededCall, Needs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What tokens need for a spec. A test runs examples with exactly these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessDocument {
    /// The token of a job that only plans.
    pub plan: NeedsDocument,
    /// The token of a job that plans and applies.
    pub apply: NeedsDocument,
    /// The scopes of the issuer token of each account; empty where no account declares
    /// tokens.
    pub issuer_scopes: Vec<String>,
}

/// What one kind of run needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeedsDocument {
    /// The least user levels of the token's owner.
    pub user_levels: Vec<String>,
    /// The least scopes.
    pub scopes: Vec<String>,
    /// Scopes without which the run works, and what each is good for.
    pub helpful: Vec<HelpfulDocument>,
    /// The calls that the scopes are for.
    pub calls: Vec<CallDocument>,
}

/// A scope that helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HelpfulDocument {
    /// The scope.
    pub scope: String,
    /// What it is good for.
    pub why: String,
}

/// A call that a run makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallDocument {
    /// The operation.
    pub call: String,
    /// What it is made for.
    pub why: String,
    /// The scope that opens it; null where it needs none.
    pub scope: Option<String>,
}

impl From<&Access> for AccessDocument {
    fn from(access: &Access) -> Self {
        let Access {
            plan,
            apply,
            issuer,
        } = access;
        Self {
            plan: plan.into(),
            apply: apply.into(),
            issuer_scopes: owned(issuer),
        }
    }
}

impl From<&Needs> for NeedsDocument {
    fn from(needs: &Needs) -> Self {
        let Needs {
            scopes,
            levels,
            calls,
            helpful,
        } = needs;
        let helpful = helpful.iter().map(|(scope, why)| HelpfulDocument {
            scope: (*scope).to_owned(),
            why: why.iter().copied().collect::<Vec<_>>().join("; "),
        });
        Self {
            user_levels: owned(levels),
            scopes: owned(scopes),
            helpful: helpful.collect(),
            calls: calls.iter().map(call).collect(),
        }
    }
}

fn call(call: &NeededCall) -> CallDocument {
    let NeededCall {
        operation,
        why,
        scope,
        opened_by: _,
        levels: _,
    } = call;
    CallDocument {
        call: operation.to_string(),
        why: (*why).to_owned(),
        scope: scope.map(str::to_owned),
    }
}

fn owned(names: &[&'static str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
