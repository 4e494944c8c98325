//! Sources whose accounts an apply left settled: a list of them that it read lately says
//! what another one would say.

use model::{Address, Operation, Outcome, Plan, Ref, RowChange, SourceId, Step, StepResult, Who};
use std::collections::BTreeSet;

/// The sources of whose accounts nothing changes any more. How old the list is, and whether
/// something was written after it, is seen when it is taken over.
pub(super) fn after(plan: &Plan, outcome: &Outcome) -> BTreeSet<SourceId> {
    let waits = plan
        .blocked
        .iter()
        .any(|blocked| matches!(blocked.who, Who::NextApply));
    of(&plan.steps, waits, outcome)
}

/// The same of these steps; `waits` says that the plan waits for identities that ISC makes.
fn of(steps: &[Step], waits: bool, outcome: &Outcome) -> BTreeSet<SourceId> {
    if waits {
        return BTreeSet::new();
    }
    let done: BTreeSet<&Address> = outcome
        .steps
        .iter()
        .filter(|ended| matches!(ended.result, StepResult::Done { .. }))
        .map(|ended| &ended.address)
        .collect();
    let mut settled = BTreeSet::new();
    for step in steps {
        settled.extend(step.rests_on.as_ref().map(|account| account.source.clone()));
        match effect(step) {
            Effect::None => {}
            Effect::Settled(source) if done.contains(&step.address) => {
                settled.insert(source.clone());
            }
            Effect::Settled(_) | Effect::Unsettled => return BTreeSet::new(),
        }
    }
    settled
}

/// What a step does to the accounts of the tenant and to whose they are.
enum Effect<'plan> {
    None,
    /// Rows of this source are changed, and ISC has nothing to do with them afterwards.
    Settled(&'plan SourceId),
    /// ISC may still be changing accounts.
    Unsettled,
}

fn effect(step: &Step) -> Effect<'_> {
    match &step.operation {
        Operation::ImportRow {
            source: Ref::Known(source),
            native_identity,
            change: RowChange::Upsert { .. },
            basis,
            source_name: _,
        } if basis.accounts.contains(native_identity) => Effect::Settled(source),
        // Whether processing was begun, the reader has seen. Nothing was waited for.
        Operation::ProcessIdentities {
            source: Ref::Known(source),
            expect,
            ..
        } if expect.is_empty() => Effect::Settled(source),
        Operation::ImportRow { .. }
        | Operation::ProcessIdentities { .. }
        | Operation::CreateSource(_)
        | Operation::UpdateSource { .. }
        | Operation::DefineSchema { .. }
        | Operation::CreateProfile(_)
        | Operation::UpdateProfile { .. } => Effect::Unsettled,
        Operation::Invite { .. }
        | Operation::SetLevels { .. }
        | Operation::MintToken(_)
        | Operation::UpdateToken { .. }
        | Operation::ReplaceToken { .. }
        | Operation::DisableToken { .. }
        | Operation::ReplaceIssuer(_)
        | Operation::RollBackToken(_)
        | Operation::RevokeToken { .. } => Effect::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Action, IdentityTarget, ImportBasis, ProfileId, Reason, RestsOn, StepOutcome};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn step(address: &str, operation: Operation) -> Step {
        Step {
            address: address.parse().unwrap(),
            action: Action::Update,
            reason: Reason::FieldsDiffer,
            before: None,
            after: None,
            fingerprint: None,
            rests_on: None,
            depends_on: Vec::new(),
            assuming: Vec::new(),
            destructive: false,
            operation,
        }
    }

    fn row(id: &str, change: RowChange) -> Step {
        let operation = Operation::ImportRow {
            source: Ref::Known("s".into()),
            source_name: "S".into(),
            native_identity: id.into(),
            change,
            basis: Arc::new(ImportBasis {
                accounts: ["SA-1".into()].into(),
                ..ImportBasis::default()
            }),
        };
        step(&format!("account/{id}"), operation)
    }

    fn processing(expect: Vec<model::ExpectedIdentity>) -> Step {
        let operation = Operation::ProcessIdentities {
            source: Ref::Known("s".into()),
            profile: Ref::Known(ProfileId::from("p")),
            expect,
            renames: BTreeSet::new(),
        };
        step("processing/S", operation)
    }

    fn invitation() -> Step {
        let mut step = step(
            "invitation/SA-1",
            Operation::Invite {
                identity: IdentityTarget::Known("i".into()),
                to: None,
                again: false,
            },
        );
        step.rests_on = Some(RestsOn {
            source: "t".into(),
            native_identity: "x".into(),
            identity: Some("i".into()),
            among: None,
        });
        step
    }

    fn expected() -> model::ExpectedIdentity {
        model::ExpectedIdentity {
            account: "SA-1".into(),
            native_identity: "SA-1".into(),
            name: "one".into(),
            alias: None,
            user_name: None,
            judged: false,
            follows: None,
        }
    }

    #[test]
    fn a_source_is_settled_where_isc_has_nothing_to_do_with_its_accounts() {
        let update = || RowChange::Upsert {
            cells: BTreeMap::new(),
        };
        let rename = RowChange::Rename {
            from: "SA-1".into(),
            cells: BTreeMap::new(),
        };
        let done = || StepResult::Done { note: None };
        let unverified = StepResult::SentNotVerified {
            error: "503".to_owned(),
            help: None,
        };
        for (what, steps, result, expected) in [
            ("nothing", vec![], done(), &[][..]),
            ("an update", vec![row("SA-1", update())], done(), &["s"]),
            (
                "not verified",
                vec![row("SA-1", update())],
                unverified.clone(),
                &[],
            ),
            ("a creation", vec![row("SA-2", update())], done(), &[]),
            ("a rename", vec![row("SA-2", rename)], done(), &[]),
            (
                "a deletion",
                vec![row("SA-1", RowChange::Delete)],
                done(),
                &[],
            ),
            (
                "processing that was due",
                vec![row("SA-1", update()), processing(vec![])],
                done(),
                &["s"],
            ),
            (
                "identities that were waited for",
                vec![row("SA-1", update()), processing(vec![expected()])],
                done(),
                &[],
            ),
            ("an invitation", vec![invitation()], done(), &["t"]),
            ("one in doubt", vec![invitation()], unverified, &["t"]),
            (
                "both",
                vec![row("SA-1", update()), invitation()],
                done(),
                &["s", "t"],
            ),
        ] {
            let steps_ended = steps.iter().map(|step| StepOutcome {
                address: step.address.clone(),
                action: step.action,
                result: result.clone(),
            });
            let outcome = Outcome {
                steps: steps_ended.collect(),
                ..Outcome::default()
            };
            let expected: BTreeSet<SourceId> = expected.iter().map(|id| (*id).into()).collect();
            assert_eq!(of(&steps, false, &outcome), expected, "{what}");
            assert_eq!(of(&steps, true, &outcome), BTreeSet::new(), "{what} waits");
        }
    }
}
