//! Guard that protects the identity, levels and token that steersman runs as.
//!
//! The phases hold such steps one by one, so that the rest of the plan goes on. The
//! guard refuses whatever would get past them.

use super::info::{GuardInfo, Lifting};
use crate::draft::Draft;
use model::{
    GuardReport, IdentityId, IdentityTarget, IssuerReplacement, Live, NativeIdentity, Operation,
    RollBack, RowChange, SourceName, Step, TokenId, Verdict,
};
use std::collections::BTreeSet;

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "ownAccess",
    about: "steps that would change the identity, user levels or token that steersman itself runs as",
    default: "0",
    lifting: Lifting::Instead("run steersman with another identity's token for this change"),
};

/// Finds steps against the caller's own identity and token.
pub(super) fn run(live: &Live, draft: &Draft) -> Option<GuardReport> {
    // An access token may not say whose it is; which token it was got with is
    // known even then.
    let identity = live.caller.identity.as_ref();
    let rows = identity.map_or_else(Rows::new, |identity| rows_of(live, identity));
    let own: Vec<String> = draft
        .steps
        .iter()
        .filter(|step| is_own(step, identity, &live.caller.client_id, &rows))
        .map(|step| step.address.to_string())
        .collect();
    let who = live.caller.user_name.as_deref().unwrap_or("this identity");
    (!own.is_empty()).then(|| GuardReport {
        name: INFO.name,
        verdict: Verdict::Refused,
        counted: own.len() as u64,
        limit: 0,
        message: format!(
            "steersman runs as {who}, and the plan would change what it runs as: {}",
            own.join(", ")
        ),
        remedy:
            "run steersman with another identity's token for this change, or declare the current state"
                .to_owned(),
    })
}

/// The rows of an identity's accounts.
type Rows<'a> = BTreeSet<(&'a SourceName, &'a NativeIdentity)>;

fn is_own(step: &Step, own: Option<&IdentityId>, own_token: &TokenId, rows: &Rows<'_>) -> bool {
    match &step.operation {
        Operation::SetLevels {
            identity: IdentityTarget::Known(identity),
            ..
        } => Some(identity) == own,
        Operation::RevokeToken { token, .. }
        | Operation::DisableToken { token, .. }
        | Operation::UpdateToken { token, .. }
        | Operation::RollBackToken(RollBack { current: token, .. })
        | Operation::ReplaceToken { old: token, .. }
        | Operation::ReplaceIssuer(IssuerReplacement { old: token, .. }) => token == own_token,
        Operation::ImportRow {
            source_name,
            native_identity,
            change,
            ..
        } => {
            let row = match change {
                RowChange::Rename { from, .. } => from,
                RowChange::Upsert { .. } | RowChange::Delete => native_identity,
            };
            step.destructive && rows.contains(&(source_name, row))
        }
        // Another attribute feeds the uid of all identities of the source.
        Operation::UpdateProfile { source_name, .. } => {
            step.destructive && rows.iter().any(|(source, _)| *source == source_name)
        }
        Operation::ProcessIdentities { renames, .. } => {
            let source = step.address.source();
            rows.iter()
                .any(|(of, row)| Some(*of) == source && renames.contains(*row))
        }
        Operation::SetLevels {
            identity: IdentityTarget::OfAccount { .. },
            ..
        }
        | Operation::CreateSource(_)
        | Operation::UpdateSource { .. }
        | Operation::DefineSchema { .. }
        | Operation::CreateProfile(_)
        | Operation::Invite { .. }
        | Operation::MintToken(_) => false,
    }
}

fn rows_of<'a>(live: &'a Live, identity: &IdentityId) -> Rows<'a> {
    live.sources
        .iter()
        .filter_map(|(name, source)| Some((name, source.found().as_ref()?)))
        .flat_map(|(name, source)| {
            let accounts = source.accounts.found().iter();
            accounts.map(move |account| (name, account))
        })
        .filter(|(_, account)| account.identity.as_ref() == Some(identity))
        .map(|(name, account)| (name, &account.native_identity))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::draft::{Draft, NewStep};
    use crate::testing::fixtures::{
        NOW, SOURCE, account, applied_tenant, enroll, guide, live_account, live_token, managed,
        source_mut,
    };
    use crate::testing::guard_cases::{planned, refusals};
    use crate::testing::scenarios::{blocked, steps};
    use model::{
        Action, Address, BlockedReason, Collection, IdentityTarget, Live, Operation, Reason, Spec,
        UnmanagedAccounts, UnmanagedTokens,
    };

    /// A change of identity-1.
    type Change = fn(&mut Spec, &mut Live);

    #[test]
    fn planner_21_only_the_step_of_its_own_access_is_held() {
        let cases: [(&str, Change, &str); 4] = [
            (
                "its levels",
                |_, live| {
                    live.levels.insert(
                        "identity-1".into(),
                        Collection::Complete(["ORG_ADMIN".into()].into()),
                    );
                },
                "levels/SA-001",
            ),
            (
                "its row",
                |spec, _| {
                    managed(spec).unmanaged = UnmanagedAccounts::Delete;
                    spec.accounts.remove("SA-001");
                },
                "account/SA-001",
            ),
            (
                "its name",
                |spec, _| {
                    let account = spec.accounts.get_mut("SA-001").unwrap();
                    account.row.as_mut().unwrap().name = "other".into();
                },
                "account/SA-001",
            ),
            (
                "the uid of all identities",
                |spec, _| {
                    let profile = managed(spec).identity_profile.as_mut().unwrap();
                    profile.mappings.insert("uid".into(), "id".into());
                },
                "profile/Service Accounts",
            ),
        ];
        for (name, change, address) in cases {
            for (identity, is_held) in [("identity-1", true), ("identity-2", false)] {
                let (mut spec, mut live) = (guide(), applied_tenant());
                live.caller.identity = Some(identity.into());
                // Another account, which is not up to date.
                let other = account("SA-002", "backup02");
                spec.accounts.insert(other.key.clone(), other);
                let mut row = live_account("SA-002", "backup02", "identity-9");
                row.cells.insert("purpose".into(), "earlier".to_owned());
                if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
                    accounts.push(row);
                }
                change(&mut spec, &mut live);
                let plan = planned(&spec, &live, &crate::Allowances::default());
                let held = format!("{address} OwnAccess");
                assert_eq!(blocked(&plan).contains(&held), is_held, "{name}");
                assert!(!refusals(&spec, &live).contains(&INFO.name), "{name}");
                let planned = steps(&plan);
                let is_planned = planned
                    .iter()
                    .any(|step| step.split(' ').nth(1) == address.split(' ').next());
                assert_eq!(is_planned, !is_held, "{name}: {planned:?}");
                let of_other = planned.iter().any(|step| step.contains("account/SA-002"));
                assert!(of_other, "{name}: {planned:?}");
            }
        }
    }

    /// The phases let none through; if one did, the guard would refuse the plan.
    #[test]
    fn what_gets_past_the_phases_is_refused() {
        let mut live = applied_tenant();
        for (identity, refused) in [("identity-1", true), ("identity-2", false)] {
            live.caller.identity = Some(identity.into());
            let mut draft = Draft::default();
            draft.step(NewStep {
                address: Address::Levels("SA-001".into()),
                action: Action::Update,
                reason: Reason::FieldsDiffer,
                before: None,
                after: None,
                operation: Operation::SetLevels {
                    identity: IdentityTarget::Known("identity-1".into()),
                    levels: [].into(),
                },
            });
            let report = super::run(&live, &draft);
            assert_eq!(report.is_some_and(|report| report.refuses()), refused);
        }
    }

    /// An account of another source can have the same id.
    #[test]
    fn only_processing_of_its_own_source_renames_it() {
        let mut live = applied_tenant();
        live.caller.identity = Some("identity-1".into());
        for (source, row, refused) in [
            (SOURCE, "SA-001", true),
            (SOURCE, "SA-002", false),
            ("Another", "SA-001", false),
        ] {
            let mut draft = Draft::default();
            draft.step(NewStep {
                address: Address::Processing(source.into()),
                action: Action::Run,
                reason: Reason::FieldsDiffer,
                before: None,
                after: None,
                operation: Operation::ProcessIdentities {
                    source: model::Ref::Known("source-1".into()),
                    profile: model::Ref::Known("profile-1".into()),
                    expect: Vec::new(),
                    renames: [row.into()].into(),
                },
            });
            let report = super::run(&live, &draft);
            let found = report.is_some_and(|report| report.refuses());
            assert_eq!(found, refused, "{source} {row}");
        }
    }

    /// audit01 is enrolled, and has the token that steersman runs as.
    fn own_token(live: &mut Live) {
        enroll(live);
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(live_token("own", "identity-1", &[]));
        }
    }

    #[test]
    fn planner_21_only_the_step_of_its_own_token_is_held() {
        let due = |live: &mut Live| {
            if let Collection::Complete(tokens) = &mut live.tokens {
                let scopes = ["sp:report:read", "sp:search:read"];
                let mut token = live_token("monthly-report", "identity-1", &scopes);
                token.expires = Some(NOW);
                tokens.push(token);
            }
        };
        for (own, held) in [
            ("token-own", vec!["token/SA-001/own"]),
            ("token-monthly-report", vec!["token/SA-001/monthly-report"]),
            ("another", vec![]),
        ] {
            let (mut spec, mut live) = (guide(), applied_tenant());
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
            own_token(&mut live);
            due(&mut live);
            live.caller.client_id = own.into();
            live.caller.identity = None;
            let plan =
                crate::testing::guard_cases::planned(&spec, &live, &crate::Allowances::default());
            assert!(plan.is_applyable(), "{own}: {:?}", plan.guards);
            let blocked: Vec<String> = plan
                .blocked
                .iter()
                .filter(|blocked| blocked.reason == BlockedReason::OwnToken)
                .map(|blocked| blocked.address.to_string())
                .collect();
            assert_eq!(blocked, held);
            assert_eq!(plan.steps.len(), 2 - held.len(), "{own}");
        }
    }

    #[test]
    fn what_does_not_touch_it_passes() {
        let mut live = applied_tenant();
        enroll(&mut live);
        live.caller.identity = Some("identity-1".into());
        assert_eq!(refusals(&guide(), &live), [""; 0]);
    }
}
