//! Least scopes and user levels for the plan and the apply of a spec.

use super::calls::{self, Caller, Row};
use catalog::{Least, Need, ORG_ADMIN, Operation};
use model::Spec;
use std::collections::{BTreeMap, BTreeSet};

/// What a token needs to plan a spec, and to apply it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// To plan.
    pub plan: Needs,
    /// To apply, which includes to plan.
    pub apply: Needs,
    /// The scopes that the issuer token of each account needs; empty where no account
    /// declares tokens.
    pub issuer: Vec<&'static str>,
}

/// What one kind of run needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The least scopes, sorted.
    pub scopes: Vec<&'static str>,
    /// The least user levels of the token's owner, sorted.
    pub levels: Vec<&'static str>,
    /// The calls, each with what opens it.
    pub calls: Vec<NeededCall>,
    /// Scopes without which the run works, and what each is good for.
    pub helpful: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

/// A call that a run makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededCall {
    /// The operation.
    pub operation: &'static Operation,
    /// What it is made for.
    pub why: &'static str,
    /// The scope of the least ones that opens it; none where it needs no scope.
    pub scope: Option<&'static str>,
    /// All scopes that open it, `sp:scopes:all` aside.
    pub opened_by: Vec<&'static str>,
    /// The user levels that may make it; empty where any user may.
    pub levels: Vec<&'static str>,
}

/// What a spec needs. It is worked out from the calls that its runs can lead to, whatever
/// the tenant holds now.
pub fn access(spec: &Spec) -> Access {
    let rows: Vec<&Row> = calls::of(spec).collect();
    let by = |callers: &[Caller]| -> Vec<&Row> {
        let rows = rows.iter().copied();
        rows.filter(|row| callers.contains(&row.caller)).collect()
    };
    let helpful = by(&[Caller::Helpful]);
    let issuer = by(&[Caller::Owner]);
    Access {
        plan: needs(&by(&[Caller::Plan]), &helpful),
        apply: needs(&by(&[Caller::Plan, Caller::Apply]), &helpful),
        issuer: if issuer.is_empty() {
            Vec::new()
        } else {
            least(&issuer).scopes
        },
    }
}

fn need(row: &Row) -> Option<Need> {
    Some(Need {
        operation: row.operation()?,
        of_everybody: row.of_everybody,
    })
}

fn least(rows: &[&Row]) -> Least {
    let needs: Vec<Need> = rows.iter().filter_map(|row| need(row)).collect();
    catalog::least_for(&needs)
}

fn needs(rows: &[&Row], helpful: &[&Row]) -> Needs {
    let Least { scopes, levels, .. } = least(rows);
    let admin = rows.iter().any(|row| row.admin);
    let levels = match levels {
        // No others can be held together, or ISC's description does not name the level.
        None => vec![ORG_ADMIN],
        Some(_) if admin => vec![ORG_ADMIN],
        Some(levels) => levels,
    };
    let calls = rows.iter().filter_map(|row| call(row, &scopes)).collect();
    let closed: Vec<&Row> = helpful
        .iter()
        .copied()
        .filter(|row| {
            let opened_by = need(row).map(|need| need.scopes()).unwrap_or_default();
            !opened_by.iter().any(|scope| scopes.contains(scope))
        })
        .collect();
    let more = least(&closed).scopes;
    let mut extra: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
    for row in closed {
        let opened_by = need(row).map(|need| need.scopes()).unwrap_or_default();
        if let Some(scope) = more.iter().find(|scope| opened_by.contains(scope)) {
            extra.entry(scope).or_default().insert(row.why);
        }
    }
    Needs {
        scopes,
        levels,
        calls,
        helpful: extra,
    }
}

fn call(row: &Row, scopes: &[&'static str]) -> Option<NeededCall> {
    let need = need(row)?;
    let opened_by = need.scopes();
    let mut levels = need.operation.levels.to_vec();
    if row.admin {
        levels = vec![ORG_ADMIN];
    }
    Some(NeededCall {
        operation: need.operation,
        why: row.why,
        scope: opened_by
            .iter()
            .find(|scope| scopes.contains(scope))
            .copied(),
        opened_by,
        levels,
    })
}
