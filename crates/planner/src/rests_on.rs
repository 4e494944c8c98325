//! On which account's identity each step of a plan rests.
//!
//! Whose an identity is was judged with the account that has it now. Somebody can give the
//! account another one while approval is pending, so apply looks again before it grants
//! something to the identity, takes something from it, or deletes the row with it.

use crate::draft::Draft;
use crate::presence::Presence;
use crate::undeclared_keys::UndeclaredKeys;
use crate::view::{View, live_source};
use model::{
    AccountKey, IdentityId, IdentityTarget, IssuerReplacement, Live, LiveAccount, LiveSource,
    Operation, RestsOn, RowChange, Spec,
};
use std::collections::BTreeMap;

/// What a step does to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changes<'a> {
    /// Nothing, or one that ISC makes in this plan, which apply judges then.
    Nothing,
    /// Something that belongs to this identity.
    Of(&'a IdentityId),
    /// Something that belongs to whatever identity the account has.
    OfAccount,
}

/// Records for each step on which account's identity it rests.
pub(crate) fn record(
    draft: &mut Draft,
    spec: &Spec,
    live: &Live,
    views: &[View<'_>],
    keys: &UndeclaredKeys<'_>,
) {
    let is_needed = |draft: &Draft| {
        let mut steps = draft.steps.iter();
        steps.any(|step| changes(&step.operation) != Changes::Nothing)
    };
    if !is_needed(draft) {
        return;
    }
    let mut accounts = undeclared(spec, live, keys);
    accounts.extend(views.iter().filter_map(|view| {
        let Presence::Present(account) = view.presence else {
            return None;
        };
        let source = live_source(live, &view.spec.source)?;
        Some((view.spec.key.clone(), (source, account)))
    }));
    for step in &mut draft.steps {
        let changes = changes(&step.operation);
        let account = step.address.account().and_then(|key| accounts.get(key));
        let Some((source, account)) = account else {
            continue;
        };
        let is_of_account = match changes {
            Changes::Nothing => false,
            Changes::Of(identity) => account.identity.as_ref() == Some(identity),
            Changes::OfAccount => true,
        };
        if is_of_account {
            step.rests_on = Some(RestsOn {
                source: source.id.clone(),
                native_identity: account.native_identity.clone(),
                identity: account.identity.clone(),
                among: managed(spec, source).then(|| source.accounts.found().len()),
            });
        }
    }
}

/// Whether all accounts of the source were read, and not only declared ones.
fn managed(spec: &Spec, source: &LiveSource) -> bool {
    let declared = spec.sources.get(&source.name);
    declared.is_some_and(|declared| declared.managed().is_some())
}

fn changes(operation: &Operation) -> Changes<'_> {
    match operation {
        Operation::SetLevels { identity, .. } | Operation::Invite { identity, .. } => {
            match identity {
                IdentityTarget::Known(identity) => Changes::Of(identity),
                IdentityTarget::OfAccount { .. } => Changes::Nothing,
            }
        }
        Operation::MintToken(new)
        | Operation::ReplaceToken { new, .. }
        | Operation::ReplaceIssuer(IssuerReplacement { new, .. }) => Changes::Of(&new.identity),
        Operation::RollBackToken(roll_back) => Changes::Of(&roll_back.identity),
        Operation::RevokeToken { owner, .. } | Operation::DisableToken { owner, .. } => {
            Changes::Of(owner)
        }
        Operation::UpdateToken { .. }
        | Operation::ImportRow {
            change: RowChange::Delete,
            ..
        } => Changes::OfAccount,
        Operation::CreateSource(_)
        | Operation::UpdateSource { .. }
        | Operation::DefineSchema { .. }
        | Operation::ImportRow { .. }
        | Operation::CreateProfile(_)
        | Operation::UpdateProfile { .. }
        | Operation::ProcessIdentities { .. } => Changes::Nothing,
    }
}

type Accounts<'a> = BTreeMap<AccountKey, (&'a LiveSource, &'a LiveAccount)>;

/// The accounts of managed sources, by the keys that undeclared ones have in addresses.
/// Declared ones have the same keys or others, and replace these.
fn undeclared<'a>(spec: &Spec, live: &'a Live, keys: &UndeclaredKeys<'_>) -> Accounts<'a> {
    let managed = spec
        .sources
        .iter()
        .filter(|(_, source)| source.managed().is_some());
    let mut accounts = BTreeMap::new();
    for (name, _) in managed {
        let Some(source) = live_source(live, name) else {
            continue;
        };
        for account in source.accounts.found() {
            let is_declared = spec
                .accounts
                .get(account.native_identity.as_str())
                .is_some_and(|declared| declared.source == *name);
            if !is_declared {
                accounts.insert(keys.key(name, account), (source, account));
            }
        }
    }
    accounts
}

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{
        applied_tenant, enroll, guide, live_account, live_token, managed, source_mut,
    };
    use crate::testing::scenarios::planned;
    use model::{
        Collection, Live, LiveIdentity, NamedIdentity, Spec, UnmanagedAccounts, UnmanagedTokens,
    };

    fn rests(spec: &Spec, live: &Live) -> Vec<String> {
        planned(spec, live)
            .steps
            .iter()
            .map(|step| match &step.rests_on {
                None => format!("{}: nothing", step.address),
                Some(account) => {
                    let identity = account.identity.as_ref().map(ToString::to_string);
                    let identity = identity.unwrap_or_else(|| "none".to_owned());
                    format!("{}: {} {identity}", step.address, account.native_identity)
                }
            })
            .collect()
    }

    #[test]
    fn each_step_on_an_identity_rests_on_the_account_that_has_it() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        live.levels
            .insert("identity-1".into(), Collection::Complete([].into()));
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(live_token("by-hand", "identity-1", &[]));
        }
        assert_eq!(
            rests(&spec, &live),
            [
                "token/SA-001/by-hand: SA-001 identity-1",
                "levels/SA-001: SA-001 identity-1",
                "token/SA-001/monthly-report: SA-001 identity-1",
            ]
        );
        // Nobody declares the account, and a row has no identity.
        managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        spec.accounts.clear();
        let mut bare = live_account("SA-002", "bare", "i");
        bare.identity = None;
        if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
            accounts.push(bare);
        }
        live.levels.insert(
            "identity-1".into(),
            Collection::Complete(["HELPDESK".into()].into()),
        );
        assert_eq!(
            rests(&spec, &live),
            [
                "token/SA-001/by-hand: SA-001 identity-1",
                "token/SA-001/issuer: SA-001 identity-1",
                "levels/SA-001: SA-001 identity-1",
                "account/SA-001: SA-001 identity-1",
                "account/SA-002: SA-002 none",
            ]
        );
    }

    #[test]
    fn a_row_whose_user_name_another_identity_has_is_blocked() {
        let (spec, mut live) = (guide(), applied_tenant());
        let person = LiveIdentity {
            id: "person".into(),
            alias: "Audit01".to_owned(),
            name: "A. Udit".to_owned(),
            ..identity(&live)
        };
        let names = |live: &Live| crate::sought_user_names(&spec, live);
        assert!(names(&live).is_empty(), "it has the user name already");
        source_mut(&mut live).accounts = Collection::Complete(Vec::new());
        assert_eq!(names(&live), ["audit01".to_owned()].into());
        let person = NamedIdentity {
            identity: person,
            source: Some("hr".into()),
        };
        live.user_names.insert("audit01".to_owned(), person);
        let plan = planned(&spec, &live);
        assert!(plan.is_empty(), "{:?}", plan.steps);
        let told: Vec<&str> = (plan.blocked.iter())
            .map(|blocked| blocked.message.as_str())
            .collect();
        assert!(
            told[0].contains("identity person (A. Udit) has the user name audit01 already"),
            "{told:?}"
        );
        // The file says that it is meant.
        let mut meant = spec.clone();
        if let Some(account) = meant.accounts.values_mut().next() {
            account.identity = Some("person".into());
        }
        assert!(!planned(&meant, &live).is_empty());
        // It is that of an account of the source.
        let known = live_account("SA-009", "other", "person");
        source_mut(&mut live).accounts = Collection::Complete(vec![known]);
        assert!(!planned(&spec, &live).is_empty());
    }

    fn identity(live: &Live) -> LiveIdentity {
        match live.identities.get("identity-1") {
            Some(Collection::Complete(Some(identity))) => identity.clone(),
            _ => panic!("the fixture has the identity"),
        }
    }
}
