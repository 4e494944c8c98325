//! Property tests: what holds for every selection of every plan.

use super::fixtures::NOW;
use super::generators::{empty, spec};
use super::realized::{enrolled, realized};
use crate::{Allowances, Pattern, Selection, plan, plan_selected};
use model::{Action, Address, Live, Plan, Spec};
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// A selected plan is a part of the whole one: no step that it lacks, no
    /// deletion above all; every step waits only for steps that are kept.
    #[test]
    fn a_selected_plan_is_a_closed_part_of_the_whole(
        before in spec(), after in spec(), selection in selection(), enroll in any::<bool>(),
    ) {
        let live = left_by(&before, enroll);
        let whole = whole(&after, &live);
        let part = part(&after, &live, &selection);
        let mut seen: BTreeSet<&Address> = BTreeSet::new();
        for step in &part.steps {
            let same = whole.steps.iter().find(|other| other.address == step.address);
            let Some(same) = same else { panic!("{} is new", step.address) };
            prop_assert_eq!(step.action, same.action);
            prop_assert_eq!(&step.before, &same.before);
            prop_assert_eq!(&step.fingerprint, &same.fingerprint);
            prop_assert!(step.action != Action::Delete || same.action == Action::Delete);
            for first in &step.depends_on {
                prop_assert!(seen.contains(first), "{} waits for {first}", step.address);
                prop_assert!(same.depends_on.contains(first));
            }
            // What a row's own step needs is never lost on the way.
            for first in &same.depends_on {
                let soft = matches!(
                    (&step.address, first),
                    (Address::Processing(_), Address::Account(_))
                );
                prop_assert!(soft || seen.contains(first), "{} lost {first}", step.address);
            }
            seen.insert(&step.address);
        }
        let report = part.selection.unwrap();
        prop_assert!(report.pulled_in.iter().all(|one| seen.contains(&one.address)));
        prop_assert!(report.left_out.iter().all(|one| !seen.contains(&one.address)));
    }

    /// After a selected plan the same selection has nothing left, and the whole
    /// plan can be carried out on top of it.
    #[test]
    fn a_selected_plan_settles(
        before in spec(), after in spec(), selection in selection(), enroll in any::<bool>(),
    ) {
        let live = left_by(&before, enroll);
        let live = realized(&live, &part(&after, &live, &selection));
        let again = part(&after, &live, &selection);
        prop_assert!(again.is_empty(), "{:#?}", again.steps);
        let live = realized(&live, &whole(&after, &live));
        let again = whole(&after, &live);
        prop_assert!(again.is_empty(), "{:#?}", again.steps);
    }

    /// What is excepted is never touched, whatever else is selected.
    #[test]
    fn what_is_excepted_is_not_touched(
        before in spec(), after in spec(), number in 0..6_usize, enroll in any::<bool>(),
    ) {
        let id = format!("SA-{number}");
        let live = left_by(&before, enroll);
        let selection = Selection::new(Vec::new(), vec![id.parse().unwrap()]);
        let part = part(&after, &live, &selection);
        let key = Some(id.as_str());
        prop_assert!(
            part.steps.iter().all(|step| step.address.account().map(AsRef::as_ref) != key)
        );
        prop_assert!(
            part.unmanaged.iter().all(|one| one.address.account().map(AsRef::as_ref) != key)
        );
    }
}

fn whole(spec: &Spec, live: &Live) -> Plan {
    plan(spec, live, NOW, &Allowances::default())
}

fn part(spec: &Spec, live: &Live, selection: &Selection) -> Plan {
    plan_selected(spec, live, NOW, &Allowances::default(), selection)
}

/// The tenant that a spec left behind.
fn left_by(spec: &Spec, enroll: bool) -> Live {
    let mut live = realized(&empty(), &whole(spec, &empty()));
    if enroll {
        live = enrolled(&live, &whole(spec, &live));
        live = realized(&live, &whole(spec, &live));
    }
    live
}

fn selection() -> impl Strategy<Value = Selection> {
    let patterns = || prop::collection::vec(pattern(), 0..3);
    (patterns(), patterns())
        .prop_filter("something is selected", |(only, except)| {
            !only.is_empty() || !except.is_empty()
        })
        .prop_map(|(only, except)| Selection::new(only, except))
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let account = (0..6_usize).prop_map(|number| format!("SA-{number}"));
    let kinds = prop::sample::select(crate::selection::KINDS.to_vec());
    prop_oneof![
        account.clone(),
        kinds.clone().prop_map(|kind| format!("kind:{kind}")),
        (kinds, account).prop_map(|(kind, account)| format!("{kind}/{account}*")),
        Just("SA-[0-2]".to_owned()),
        Just("source/Robots".to_owned()),
        Just("processing/*".to_owned()),
        "[a-z]\\*",
    ]
    .prop_map(|text| text.parse().unwrap())
}
