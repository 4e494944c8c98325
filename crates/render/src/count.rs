//! Counts with their nouns, and the steps of a plan by action.

use model::{Action, Plan};

/// `1 account`, `2 accounts`.
pub fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// How many steps a plan has of each action, without the actions it has none of.
pub(crate) fn steps_by_action(plan: &Plan) -> Vec<(Action, usize)> {
    Action::ALL
        .into_iter()
        .map(|action| {
            let of_it = plan.steps.iter().filter(|step| step.action == action);
            (action, of_it.count())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}
