//! Summary of a plan in numbers.

use crate::count::{counted, steps_by_action};
use model::{Action, Estimate, Plan};

/// The numbers of a plan.
#[derive(Clone, Debug)]
pub(crate) struct SummaryView {
    /// How many steps there are of each action that there is.
    pub(crate) counts: Vec<(Action, usize)>,
    /// How many steps there are.
    pub(crate) steps: usize,
    /// How many of them are irreversible.
    pub(crate) destructive: usize,
    pub(crate) blocked: usize,
    pub(crate) unmanaged: usize,
    /// How many tokens may be issuer tokens, because a store was not asked.
    pub(crate) may_be_issuers: usize,
    /// How many problems there are at this tenant.
    pub(crate) problems: usize,
    /// How many guards refuse the plan.
    pub(crate) refusals: usize,
    /// How many collections could not be read completely.
    pub(crate) unread: usize,
    /// How many declared accounts have nothing to show.
    pub(crate) unchanged_accounts: usize,
    pub(crate) estimate: Estimate,
}

impl SummaryView {
    pub(crate) fn new(plan: &Plan, problems: usize, unchanged_accounts: usize) -> Self {
        Self {
            counts: steps_by_action(plan),
            steps: plan.steps.len(),
            destructive: plan.steps.iter().filter(|step| step.destructive).count(),
            blocked: plan.blocked.len(),
            unmanaged: plan.unmanaged.len(),
            may_be_issuers: plan.may_be_issuers.len(),
            problems,
            refusals: plan.guards.iter().filter(|guard| guard.refuses()).count(),
            unread: plan.incomplete.len(),
            unchanged_accounts,
            estimate: plan.estimate,
        }
    }

    /// The requests and the time that plan and apply take, as text.
    pub(crate) fn cost(&self) -> String {
        let Estimate {
            read_requests,
            requests,
            seconds,
            unregistered: _,
        } = self.estimate;
        let read = counted(
            usize::try_from(read_requests).unwrap_or(usize::MAX),
            "request",
        );
        if self.steps == 0 {
            format!("{read} to read")
        } else {
            format!(
                "{read} to read, about {requests} to apply: at least {seconds} s at ISC's rate limit"
            )
        }
    }

    /// The numbers as words, the most important first, each with what it is about.
    pub(crate) fn parts(&self) -> Vec<(Part, String)> {
        let mut parts = self.obstacles();
        parts.extend(
            self.counts
                .iter()
                .map(|(action, count)| (Part::Steps(*action), format!("{count} to {action}"))),
        );
        if parts.is_empty() {
            // Only a tenant that matches the spec has "no changes".
            let text = if self.blocked > 0 {
                "nothing to apply"
            } else {
                "no changes"
            };
            parts.push((Part::Nothing, text.to_owned()));
        }
        if self.blocked > 0 {
            parts.push((Part::Blocked, format!("{} blocked", self.blocked)));
        }
        if self.unmanaged > 0 {
            parts.push((Part::Unmanaged, format!("{} unmanaged", self.unmanaged)));
        }
        match self.may_be_issuers {
            0 => {}
            1 => parts.push((Part::Aside, "1 token may be the issuer token".to_owned())),
            number => {
                let text = format!("{number} tokens may be issuer tokens");
                parts.push((Part::Aside, text));
            }
        }
        if self.unchanged_accounts > 0 {
            parts.push((
                Part::Aside,
                format!(
                    "{} as declared",
                    counted(self.unchanged_accounts, "account")
                ),
            ));
        }
        if self.destructive > 0 {
            parts.push((Part::Destructive, self.destructive_text()));
        }
        parts
    }

    /// Why the plan cannot be applied, or not completely.
    fn obstacles(&self) -> Vec<(Part, String)> {
        let mut parts = Vec::new();
        if self.problems > 0 {
            parts.push((Part::Refused, counted(self.problems, "problem")));
        }
        match self.refusals {
            0 => {}
            1 => parts.push((Part::Refused, "refused by a guard".to_owned())),
            number => parts.push((Part::Refused, format!("refused by {number} guards"))),
        }
        if self.unread > 0 {
            parts.push((Part::Blocked, "partial read".to_owned()));
        }
        parts
    }

    fn destructive_text(&self) -> String {
        counted(self.destructive, "irreversible step")
    }
}

/// What a number of the summary is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Steps of an action.
    Steps(Action),
    /// There is nothing to do.
    Nothing,
    /// The plan cannot be applied.
    Refused,
    /// Something is blocked.
    Blocked,
    /// Irreversible steps.
    Destructive,
    /// What no file declares.
    Unmanaged,
    /// Good to know.
    Aside,
}
