//! Identities of no declared source's account that have user names which rows would get.
//!
//! They are people's, or outlived their account: ISC deletes an identity at some refresh
//! after its account is gone. Until then it keeps its name, and ISC gives a new row of its
//! source that has this name to it, with its levels and tokens.

use crate::taken_names::TakenNames;
use crate::uid::mapped_from_row;
use crate::view::{earlier_of, live_source};
use jiff::{SignedDuration, Timestamp};
use model::ownership::{Earlier, is_older};
use model::{
    AccountRow, AccountSpec, IdentityId, IdentityNames, Live, LiveIdentity, NamedIdentity, Spec,
};
use std::collections::BTreeSet;

/// From a plan until the row that it creates is there.
const UNTIL_IMPORTED: SignedDuration = SignedDuration::from_mins(5);

/// An identity that has the user name which a row would get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outside<'a> {
    /// The identity.
    pub(crate) identity: &'a LiveIdentity,
    /// The user name.
    pub(crate) user_name: String,
    /// What becomes of the row.
    pub(crate) whose: Whose,
}

/// Whose identity has the user name of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// That of an account of this source that is gone. It is so young that the row's
    /// account counts as having made it.
    TakenUp,
    /// That of an account of this source that is gone.
    Outlived,
    /// Another one's. ISC makes no second one, or gives the row to it.
    Another,
}

/// The identity that has the user name of a declared row, and no account on the declared
/// sources. One that a file approves is meant.
pub(crate) fn holder<'a>(
    spec: &Spec,
    live: &'a Live,
    taken: &TakenNames<'_>,
    account: &AccountSpec,
    row: &AccountRow,
) -> Option<Outside<'a>> {
    if live.user_names.is_empty() {
        return None;
    }
    let user_name = mapped_from_row(spec, live, &account.source, row, "uid")?;
    let NamedIdentity { identity, source } =
        live.user_names.get(&IdentityNames::folded(&user_name))?;
    if account.identity.as_ref() == Some(&identity.id) || taken.is_of_an_account(&identity.id) {
        return None;
    }
    let of_this = live_source(live, &account.source).map(|source| &source.id);
    let whose = match (source, of_this) {
        // All accounts of the source were read, and none has it.
        (Some(source), Some(of_this)) if source == of_this => {
            outlived(account, identity, live.observed_at)
        }
        (Some(_) | None, _) => Whose::Another,
    };
    Some(Outside {
        identity,
        user_name,
        whose,
    })
}

fn outlived(account: &AccountSpec, identity: &LiveIdentity, now: Timestamp) -> Whose {
    let is_old = identity
        .created
        .is_some_and(|created| is_older(created, now + UNTIL_IMPORTED));
    match (is_old, earlier_of(account)) {
        (false, _) | (true, Earlier::Any) => Whose::TakenUp,
        // An account with an earlier id may have had it then. Its row of that time is gone,
        // so nothing shows that, and apply would block what follows from the import.
        (true, Earlier::None | Earlier::Had(_) | Earlier::NotKnown) => Whose::Outlived,
    }
}

/// The identities that outlived their accounts, and that ISC gives to rows whose accounts
/// declare user levels. What they hold has to be read: it is theirs until it is removed.
pub fn taken_up(spec: &Spec, live: &Live) -> BTreeSet<IdentityId> {
    if live.user_names.is_empty() {
        return BTreeSet::new();
    }
    let taken = TakenNames::new(spec, live);
    let declared = spec.accounts.values();
    declared
        .filter(|account| account.user_levels.is_some())
        .filter_map(|account| {
            let outside = holder(spec, live, &taken, account, account.row.as_ref()?)?;
            (outside.whose == Whose::TakenUp).then(|| outside.identity.id.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, applied_tenant, guide, source_mut};
    use model::{Collection, IdentityStatus, SourceId};

    fn named(source: Option<&str>, created: Option<Timestamp>) -> NamedIdentity {
        NamedIdentity {
            identity: LiveIdentity {
                id: "left".into(),
                alias: "Audit01".to_owned(),
                name: "audit01".to_owned(),
                email: None,
                status: IdentityStatus::Active,
                created,
                modified: None,
                made_by: None,
            },
            source: source.map(SourceId::from),
        }
    }

    #[test]
    fn an_identity_without_an_account_is_taken_up_only_where_it_is_new_and_of_this_source() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let this = source_mut(&mut live).id.to_string();
        source_mut(&mut live).accounts = Collection::Complete(Vec::new());
        live.observed_at = NOW;
        let ago = |minutes| Some(NOW - SignedDuration::from_mins(minutes));
        let cases = [
            (Some(this.as_str()), ago(5), Whose::TakenUp),
            (Some(this.as_str()), ago(55), Whose::TakenUp),
            // The row is there only after its import.
            (Some(this.as_str()), ago(56), Whose::Outlived),
            (Some(this.as_str()), ago(600), Whose::Outlived),
            (Some("another"), ago(5), Whose::Another),
            (None, ago(5), Whose::Another),
        ];
        for (source, created, expected) in cases {
            live.user_names = [("audit01".to_owned(), named(source, created))].into();
            let account = spec.accounts.values().next().unwrap();
            let taken = TakenNames::new(&spec, &live);
            let row = account.row.as_ref().unwrap();
            let found = holder(&spec, &live, &taken, account, row).unwrap();
            assert_eq!(found.whose, expected, "{source:?} {created:?}");
            let read = taken_up(&spec, &live);
            assert_eq!(read.len(), usize::from(expected == Whose::TakenUp));
        }
        // The row that it had under an earlier id is gone, too.
        live.user_names = [("audit01".to_owned(), named(Some(&this), ago(600)))].into();
        let account = spec.accounts.values_mut().next().unwrap();
        account.previously.id = Some("SA-000".into());
        let account = spec.accounts.values().next().unwrap();
        let (taken, row) = (TakenNames::new(&spec, &live), account.row.as_ref().unwrap());
        let found = holder(&spec, &live, &taken, account, row).unwrap();
        assert_eq!(found.whose, Whose::Outlived);
        spec.accounts.values_mut().next().unwrap().previously.id = None;
        // Nothing is removed where no level is declared.
        live.user_names = [("audit01".to_owned(), named(Some(&this), ago(5)))].into();
        spec.accounts.values_mut().next().unwrap().user_levels = None;
        assert!(taken_up(&spec, &live).is_empty());
        // A file means it.
        spec.accounts.values_mut().next().unwrap().identity = Some("left".into());
        let account = spec.accounts.values().next().unwrap();
        let row = account.row.as_ref().unwrap();
        let taken = TakenNames::new(&spec, &live);
        assert_eq!(holder(&spec, &live, &taken, account, row), None);
    }
}
