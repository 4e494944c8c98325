//! Checks of scopes and user levels: what the spec needs, what is held, what is tried.

use super::list::List;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::session::Session;
use futures::future::join_all;
use isc::Probe;
use model::TenantErrorKind;
use planner::{Access, Held, Needs, Verdict};
use render::doctor::{CheckName, Purpose};
use std::collections::BTreeSet;

const TRIED: &str = "comparing the access token with what the calls of this spec need";

/// Compares what is held with what the spec needs, and tries the reads of a plan.
pub(super) async fn check(
    list: &mut List,
    session: &Session,
    access: &Access,
    held: &Held,
    purpose: Purpose,
) {
    let Access {
        plan,
        apply,
        issuer: _,
    } = access;
    scopes(list, CheckName::PlanScopes, plan, held, "plan");
    levels(list, CheckName::PlanLevels, plan, held, "plan");
    match purpose {
        Purpose::Apply => {
            scopes(list, CheckName::ApplyScopes, apply, held, "apply");
            levels(list, CheckName::ApplyLevels, apply, held, "apply");
            excess(list, &[apply, plan], held, "plan and apply");
        }
        Purpose::Plan => {
            for name in [CheckName::ApplyScopes, CheckName::ApplyLevels] {
                list.not_checked(name, "because of `--for plan`", None);
            }
            excess(list, &[plan], held, "plan");
        }
    }
    reads(list, session, plan).await;
}

fn scopes(list: &mut List, name: CheckName, needs: &Needs, held: &Held, what: &str) {
    let found = format!("the token has the scopes to {what}");
    verdict(
        list,
        name,
        needs.scopes_of(held),
        &found,
        "scope",
        |names| format!("give the token {names}: {CREATE}"),
    );
}

fn levels(list: &mut List, name: CheckName, needs: &Needs, held: &Held, what: &str) {
    let found = format!("its owner has the user levels to {what}");
    verdict(
        list,
        name,
        needs.levels_of(held),
        &found,
        "user level",
        |names| format!("an ISC admin grants {names} to the owner of the token"),
    );
}

const CREATE: &str = "ISC shows scopes under Preferences > Personal Access Tokens of its owner; `steersman doctor --access` prints all";

fn verdict(
    list: &mut List,
    name: CheckName,
    verdict: Verdict,
    enough: &str,
    kind: &str,
    help: impl Fn(&str) -> String,
) {
    match verdict {
        Verdict::Enough => list.ok(name, TRIED, enough),
        Verdict::NotKnown(why) => list.not_checked(name, format!("because {why}"), None),
        Verdict::Lacks(lacks) => {
            let lines: Vec<String> = lacks
                .iter()
                .map(|lack| {
                    let why: Vec<&str> = lack.why.iter().copied().collect();
                    format!("the {kind} {} is missing: {}", lack.name, why.join(", "))
                })
                .collect();
            let names: Vec<&str> = lacks.iter().map(|lack| lack.name).collect();
            list.fail(
                name,
                TRIED,
                lines.join("\n"),
                Some(help(&names.join(", "))),
                Exit::NotAllowed,
            );
        }
    }
}

/// Warns of scopes that none of the needs has a use for: what a plan needs is not needless
/// because an apply has a greater one.
fn excess(list: &mut List, needs: &[&Needs], held: &Held, what: &str) {
    if held.scopes.is_none() {
        list.not_checked(
            CheckName::Excess,
            "because the scopes of the token are not known",
            None,
        );
        return;
    }
    let mut names: Option<BTreeSet<String>> = None;
    for needs in needs {
        let excess = needs.excess(held);
        let excess = excess.iter().map(|one| one.scope.as_str().to_owned());
        let excess: BTreeSet<String> = excess.collect();
        names = Some(match names {
            Some(names) => names.intersection(&excess).cloned().collect(),
            None => excess,
        });
    }
    let names: Vec<String> = names.unwrap_or_default().into_iter().collect();
    if names.is_empty() {
        list.ok(
            CheckName::Excess,
            TRIED,
            format!("the token has no scope beyond what it takes to {what}"),
        );
        return;
    }
    list.warn(
        CheckName::Excess,
        TRIED,
        format!("not needed to {what}: {}", names.join(", ")),
        "create a token with the scopes that `steersman doctor --access` prints",
    );
}

/// Makes the reads of a plan that need no id: a level of the tenant's own, or a network
/// rule, can refuse what scopes and levels promise.
async fn reads(list: &mut List, session: &Session, plan: &Needs) {
    let needed: Vec<Probe> = Probe::ALL
        .into_iter()
        .filter(|probe| {
            let mut calls = plan.calls.iter();
            calls.any(|call| call.operation.to_string() == probe.call())
        })
        .collect();
    let names: Vec<&str> = needed.iter().map(|probe| probe.call()).collect();
    let tried = names.join(", ");
    let results = join_all(needed.iter().map(|probe| session.reader().probe(*probe))).await;
    let mut problems = Vec::new();
    let mut is_forbidden = true;
    for error in results.into_iter().filter_map(Result::err) {
        is_forbidden &= matches!(error.kind, TenantErrorKind::Forbidden { .. });
        problems.push(Failure::Tenant(error).text());
    }
    if problems.is_empty() {
        let count = render::counted(needed.len(), "read");
        list.ok(
            CheckName::Reads,
            &tried,
            format!("ISC answers {count} of a plan"),
        );
    } else {
        list.fail(
            CheckName::Reads,
            &tried,
            problems.join("\n"),
            Some(
                if is_forbidden {
                    "give the token the scopes, and its owner the user levels, that `steersman doctor --access` prints"
                } else {
                    "run the command again; if it stays, ask SailPoint's support with the tracking ID"
                }
                .to_owned(),
            ),
            if is_forbidden { Exit::NotAllowed } else { Exit::Unread },
        );
    }
}
