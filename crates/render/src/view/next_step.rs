//! Classifies the next action of an account, so that every format says who acts and how.

use model::{AccountReport, BlockedReason, Plan, Stage, Who};

/// What has to happen next for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// The account is as declared.
    Nothing,
    /// The next apply goes on.
    Apply,
    /// An ISC admin invites; then the account holder registers and, for tokens,
    /// enrolls.
    Invite {
        /// Whether tokens are declared.
        enroll: bool,
    },
    /// The account holder registers and, for tokens, enrolls.
    Register {
        /// Whether tokens are declared.
        enroll: bool,
    },
    /// The account holder enrolls.
    Enroll,
    /// Something else, which the plan has in words.
    Other,
}

impl NextStep {
    /// The next step of a declared account.
    pub(crate) fn of(plan: &Plan, account: &AccountReport) -> Self {
        let Some(next) = &account.next else {
            return Self::Nothing;
        };
        let reason = plan
            .blocked
            .iter()
            .find(|blocked| blocked.address.account() == Some(&account.key))
            .map(|blocked| blocked.reason);
        let enroll = reason.is_some();
        match (&next.who, account.stage, reason) {
            (Who::NextApply, _, _) => Self::Apply,
            (Who::TenantAdmin, Some(Stage::Identified), Some(BlockedReason::NotRegistered)) => {
                Self::Invite { enroll }
            }
            (
                Who::AccountHolder(_),
                Some(Stage::Invited),
                None | Some(BlockedReason::NotRegistered),
            ) => Self::Register { enroll },
            (
                Who::AccountHolder(_),
                Some(Stage::Registered | Stage::Enrolled),
                Some(BlockedReason::NoIssuer),
            ) => Self::Enroll,
            (Who::AccountHolder(_) | Who::TenantAdmin | Who::Operator, _, _) => Self::Other,
        }
    }
}

/// The role of who acts.
pub(crate) fn role(who: &Who) -> &'static str {
    match who {
        Who::AccountHolder(_) => "account holder",
        Who::TenantAdmin => "ISC admin",
        Who::Operator => "operator",
        Who::NextApply => "the next apply",
    }
}

/// The role with the account that it is about.
pub(crate) fn role_of(who: &Who) -> String {
    match who {
        Who::AccountHolder(name) => format!("{} of {name}", role(who)),
        Who::TenantAdmin | Who::Operator | Who::NextApply => role(who).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, plan};

    #[test]
    fn each_next_action_has_its_step() {
        let holder = || Who::AccountHolder("audit01".into());
        let not_registered = Some(BlockedReason::NotRegistered);
        let no_issuer = Some(BlockedReason::NoIssuer);
        for (stage, who, reason, expected) in [
            (Stage::Ready, None, None, NextStep::Nothing),
            (Stage::Absent, Some(Who::NextApply), None, NextStep::Apply),
            (
                Stage::Identified,
                Some(Who::TenantAdmin),
                not_registered,
                NextStep::Invite { enroll: true },
            ),
            (
                Stage::Invited,
                Some(holder()),
                not_registered,
                NextStep::Register { enroll: true },
            ),
            (
                Stage::Invited,
                Some(holder()),
                None,
                NextStep::Register { enroll: false },
            ),
            (
                Stage::Registered,
                Some(holder()),
                no_issuer,
                NextStep::Enroll,
            ),
            (Stage::Enrolled, Some(holder()), no_issuer, NextStep::Enroll),
            (
                Stage::Identified,
                Some(Who::TenantAdmin),
                Some(BlockedReason::IdentityUnusable),
                NextStep::Other,
            ),
            (
                Stage::Absent,
                Some(Who::Operator),
                Some(BlockedReason::NoIdentity),
                NextStep::Other,
            ),
            (
                Stage::Registered,
                Some(Who::Operator),
                no_issuer,
                NextStep::Other,
            ),
        ] {
            let what = format!("{stage} {who:?} {reason:?}");
            let account = account("audit01", stage, who);
            let plan = plan(vec![account.clone()], reason);
            assert_eq!(NextStep::of(&plan, &account), expected, "{what}");
        }
    }
}
