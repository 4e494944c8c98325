//! steersman never takes away what it runs as.

use super::registry::GuardInfo;
use crate::draft::Draft;
use model::{
    Caller, GuardReport, IdentityId, IdentityTarget, Live, Operation, RowChange, Step, Verdict,
};

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "ownAccess",
    about: "steps that would change the identity, the user levels or the token that steersman itself runs as",
    default: "0",
    lifted: "run steersman with another identity's token for this change",
    allowable: false,
};

/// Finds steps against the caller's own identity and token.
pub(super) fn run(live: &Live, draft: &Draft) -> Option<GuardReport> {
    let own: Vec<String> = draft
        .steps
        .iter()
        .filter(|step| is_own(step, &live.caller, live))
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
            "run steersman with another identity's token for this change, or declare what is there"
                .to_owned(),
    })
}

fn is_own(step: &Step, caller: &Caller, live: &Live) -> bool {
    let Some(own) = &caller.identity else {
        return false;
    };
    match &step.operation {
        Operation::SetLevels {
            identity: IdentityTarget::Known(identity),
            ..
        } => identity == own,
        Operation::RevokeToken { token, .. }
        | Operation::UpdateToken { token, .. }
        | Operation::ReplaceToken { old: token, .. } => token == &caller.client_id,
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
            step.destructive && owner_of_row(live, source_name, row) == Some(own)
        }
        Operation::SetLevels {
            identity: IdentityTarget::OfAccount { .. },
            ..
        }
        | Operation::CreateSource(_)
        | Operation::UpdateSource { .. }
        | Operation::DefineSchema { .. }
        | Operation::CreateProfile(_)
        | Operation::UpdateProfile { .. }
        | Operation::ProcessIdentities { .. }
        | Operation::Invite { .. }
        | Operation::MintToken(_) => false,
    }
}

fn owner_of_row<'a>(
    live: &'a Live,
    source: &model::SourceName,
    native_identity: &model::NativeIdentity,
) -> Option<&'a IdentityId> {
    crate::view::live_source(live, source)?
        .accounts
        .found()
        .iter()
        .find(|account| &account.native_identity == native_identity)?
        .identity
        .as_ref()
}

#[cfg(test)]
mod tests {
    use crate::fixtures::{applied_tenant, enroll, guide, live_token, managed};
    use crate::guards::check::refusals;
    use model::{Collection, Live, Spec, UnmanagedAccounts, UnmanagedTokens};

    /// A change that would hit whoever holds identity-1, or its token.
    type Change = fn(&mut Spec, &mut Live);

    #[test]
    fn what_steersman_runs_as_is_not_touched() {
        let cases: [(&str, Change); 4] = [
            ("its levels", |_, live| {
                live.levels.insert(
                    "identity-1".into(),
                    Collection::Complete(["ORG_ADMIN".into()].into()),
                );
            }),
            ("its row", |spec, _| {
                managed(spec).unmanaged = UnmanagedAccounts::Delete;
                spec.accounts.clear();
            }),
            ("its name", |spec, _| {
                let account = spec.accounts.get_mut("SA-001").unwrap();
                account.row.as_mut().unwrap().name = "other".into();
            }),
            ("its token", |spec, live| {
                spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
                live.tokens = Collection::Complete(vec![live_token("own", "identity-1", &[])]);
                live.caller.client_id = "token-own".into();
            }),
        ];
        for (name, change) in cases {
            for (identity, refused) in [("identity-1", true), ("identity-2", false)] {
                let (mut spec, mut live) = (guide(), applied_tenant());
                live.caller.identity = Some(identity.into());
                change(&mut spec, &mut live);
                if identity != "identity-1" {
                    live.caller.client_id = "another".into();
                }
                assert_eq!(
                    refusals(&spec, &live).contains(&"ownAccess"),
                    refused,
                    "{name}"
                );
            }
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
