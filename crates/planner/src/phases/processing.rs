//! Plans identity processing ("Apply Changes"), which creates identities from accounts.

use crate::classify::identity::moved_off;
use crate::draft::{Draft, NewStep, StepExt};
use crate::index::{Index, accounts_read};
use crate::new_user_names::{self, NewUserNames, Renamed};
use crate::phases::own_access;
use crate::uid::{feeding_attribute, mapped_from_row};
use crate::view::{earlier_of, live_source, ownership_of, source_ref};
use model::ownership::{Against, Ownership};
use model::{
    AccountRow, AccountSpec, Action, Address, ExpectedIdentity, Fields, IdentityNames, Live,
    LiveProfile, LiveSource, NativeIdentity, Operation, Reason, Ref, SourceName, Spec,
};
use serde_json::json;
use std::collections::BTreeSet;

/// Plans the processing of a source's accounts, where some of them have no
/// identity yet, change, or get other mappings.
pub(crate) fn plan(draft: &mut Draft, spec: &Spec, index: &Index<'_>, name: &SourceName) {
    let live = index.live;
    let source = live_source(live, name);
    if source.is_some_and(|source| source.kind != LiveSource::DELIMITED_FILE) {
        return;
    }
    let profile_step = Address::Profile(name.clone());
    let there = source.and_then(|source| source.profile.complete().ok()?.as_ref());
    let Some(profile) = profile_ref(draft, there, &profile_step) else {
        return;
    };

    let rows: Vec<Address> = draft.planned(
        spec.accounts_of(name)
            .map(|account| Address::Account(account.key.clone())),
    );
    let address = Address::Processing(name.clone());
    let mut renamed = match renamed(draft, spec, live, name, &profile_step) {
        NewUserNames::Of(renamed) => renamed,
        NewUserNames::Unread { collection, why } => {
            draft.block_unread(address.clone(), &collection, &why);
            draft.hold(&address);
            return;
        }
    };
    renamed.sort_by_key(|renamed| &renamed.account.native_identity);
    let mut own = renamed.iter();
    if own.any(|renamed| own_access::is_own(live, renamed.account.identity.as_ref())) {
        own_access::hold(draft, live, &address, "give another user name to");
        return;
    }
    let renames: BTreeSet<NativeIdentity> = renamed
        .iter()
        .map(|renamed| renamed.account.native_identity.clone())
        .collect();
    let remapped = draft.remaps(name);
    let expect: Vec<ExpectedIdentity> = spec
        .accounts_of(name)
        .filter_map(|account| {
            let renamed = draft.renames(&account.key)
                || remapped && has_identity(account, index)
                // An identity that a file approves is waited for by nothing but its id.
                || account.identity.is_none()
                    && (account.row.as_ref()).is_some_and(|row| renames.contains(&row.id));
            if draft.without_identity.contains_key(&account.key) || draft.holds(&account.key) {
                return None;
            }
            let gets_row = draft.renames(&account.key);
            if renamed && stays(account, index, gets_row, remapped) {
                return None;
            }
            let row = account.row.as_ref()?;
            let user_name = mapped_from_row(spec, live, name, row, "uid");
            // Nobody knows whether processing renames an identity that may be a person's, so
            // it is waited for like names that come, and not missed.
            let may_stay = renamed && !gets_row && is_awaited(account, index);
            let follows = if may_stay {
                Some(names_of(spec, index.live, name, row))
            } else if renamed {
                None
            } else {
                followed(draft, spec, index, account, row)
            };
            if !renamed && follows.is_none() && !lacks_identity(account, index) {
                return None;
            }
            Some(ExpectedIdentity {
                account: account.key.clone(),
                native_identity: row.id.clone(),
                name: row.name.clone(),
                alias: user_name.clone().filter(|_| renamed && !may_stay),
                user_name,
                judged: account.user_levels.is_some(),
                follows,
            })
        })
        .collect();
    let due = there.is_some_and(|profile| profile.refresh_required);
    if rows.is_empty() && expect.is_empty() && !draft.plans(&profile_step) && !due {
        return;
    }
    let (mut before, mut after) = (Fields::new(), Fields::new());
    for Renamed { account, from, to } in &renamed {
        let field = format!("userNames.{}", account.native_identity);
        before.insert(field.clone(), json!(from.unwrap_or("not read")));
        after.insert(field, json!(to.unwrap_or("made by the profile")));
    }
    let names: Vec<_> = expect
        .iter()
        .filter(|expected| !keeps_identity(expected, index, name))
        .map(|expected| expected.name.as_str())
        .collect();
    if !names.is_empty() {
        after.insert("identitiesFor".to_owned(), json!(names));
    }
    let first = draft
        .planned([
            Address::Source(name.clone()),
            Address::Schema(name.clone()),
            profile_step,
        ])
        .into_iter()
        .chain(rows)
        .collect::<Vec<_>>();
    let following = expect.iter().filter(|expected| expected.follows.is_some());
    let following: Vec<_> = following.map(|expected| expected.account.clone()).collect();
    draft.following.extend(following);
    let destructive = !renames.is_empty();
    let step = draft.step(NewStep {
        address,
        action: Action::Run,
        reason: if destructive {
            Reason::UserNamesChange
        } else {
            Reason::IdentitiesDue
        },
        before: destructive.then_some(before),
        after: Some(after),
        operation: Operation::ProcessIdentities {
            source: source_ref(live, name),
            profile,
            expect,
            renames,
        },
    });
    step.destructive = destructive;
    // What it applies, unless an earlier step of this plan writes other mappings.
    step.fingerprint = there.map(LiveProfile::mappings_fingerprint);
    step.after(first);
}

/// The accounts whose identities get another user name by processing. Those that a changed
/// mapping of this plan renames are counted with the profile.
fn renamed<'a>(
    draft: &Draft,
    spec: &'a Spec,
    live: &'a Live,
    name: &SourceName,
    profile_step: &Address,
) -> NewUserNames<'a> {
    let none = NewUserNames::Of(Vec::new());
    if draft.remaps(name) {
        return none;
    }
    let Some(source) = live_source(live, name) else {
        return none;
    };
    match source.profile.complete() {
        Ok(Some(profile)) if profile.refresh_required => {
            if draft.plans(profile_step) {
                new_user_names::declared(spec, live, name)
            } else {
                new_user_names::pending(live, source, profile)
            }
        }
        Ok(Some(profile)) => NewUserNames::Of(new_user_names::unannounced(live, source, profile)),
        // Without a profile that was read there is no processing.
        Ok(None) | Err(_) => none,
    }
}

fn profile_ref(
    draft: &Draft,
    there: Option<&LiveProfile>,
    profile_step: &Address,
) -> Option<Ref<model::ProfileId>> {
    match there {
        Some(profile) => Some(Ref::Known(profile.id.clone())),
        None if draft.plans(profile_step) => Some(Ref::From(profile_step.clone())),
        None => None,
    }
}

fn has_identity(account: &AccountSpec, index: &Index<'_>) -> bool {
    account
        .row
        .as_ref()
        .and_then(|row| index.account(&account.source, &row.id))
        .is_some_and(|live| live.identity.is_some())
}

/// The names that the account's identity gets of its row, where the plan changes a row that
/// is there: ISC makes the identity of the row from before, or has done so. None where the
/// names stay, or where it is not known that the identity follows the row.
fn followed(
    draft: &Draft,
    spec: &Spec,
    index: &Index<'_>,
    account: &AccountSpec,
    row: &AccountRow,
) -> Option<IdentityNames> {
    let name = &account.source;
    if account.identity.is_some() || !draft.plans(&Address::Account(account.key.clone())) {
        return None;
    }
    let found = index.account(name, &row.id)?;
    let names = names_of(spec, index.live, name, row);
    let IdentityNames { alias, email } = &names;
    if found.identity.is_some() {
        let attribute = feeding_attribute(spec, index.live, name, "email")?;
        let is_new = |new: &Option<String>, found: &str| {
            (new.as_ref()).is_some_and(|new| IdentityNames::is_same(new, found))
        };
        let follows = match ownership_of(index.live, name, found, None, earlier_of(account))? {
            Ownership::Own => found.cells.get(attribute) != email.as_ref(),
            // It has the names of the declared row still: the row was changed, and ISC comes
            // to the identity before or after the import.
            Ownership::NotOwn(Against::Email { found, expected: _ }) => is_new(email, found),
            Ownership::NotOwn(Against::Alias { found, expected: _ }) => is_new(alias, found),
            Ownership::NotOwn(_)
            | Ownership::Awaited(_)
            | Ownership::Approved
            | Ownership::Unread(_)
            | Ownership::NotRead
            | Ownership::Unknown => false,
        };
        if !follows {
            return None;
        }
    }
    Some(names)
}

/// What the profile makes of a row.
fn names_of(spec: &Spec, live: &Live, name: &SourceName, row: &AccountRow) -> IdentityNames {
    let [alias, email] =
        ["uid", "email"].map(|target| mapped_from_row(spec, live, name, row, target));
    IdentityNames { alias, email }
}

/// Whether the account has its identity, and keeps it.
fn keeps_identity(expected: &ExpectedIdentity, index: &Index<'_>, source: &SourceName) -> bool {
    expected.alias.is_none()
        && index
            .account(source, &expected.native_identity)
            .is_some_and(|found| found.identity.is_some())
}

/// Whether the account has another's identity, at which ISC leaves it. `gets_row` says
/// whether its row gets another id or name, and `remapped` whether another attribute is to
/// feed the user names.
fn stays(account: &AccountSpec, index: &Index<'_>, gets_row: bool, remapped: bool) -> bool {
    match ownership(account, index) {
        Some(Ownership::NotOwn(against)) => !gets_row || !against.ends_with_a_rename(),
        // It can be a person's, which another mapping leaves as it is.
        Some(Ownership::Awaited(_)) => remapped && !gets_row,
        Some(
            Ownership::Own
            | Ownership::Approved
            | Ownership::Unread(_)
            | Ownership::NotRead
            | Ownership::Unknown,
        )
        | None => false,
    }
}

/// Whether processing shows whose the account's identity is.
fn is_awaited(account: &AccountSpec, index: &Index<'_>) -> bool {
    matches!(ownership(account, index), Some(Ownership::Awaited(_)))
}

fn ownership<'a>(account: &'a AccountSpec, index: &Index<'a>) -> Option<Ownership<'a>> {
    let source = &account.source;
    let found = index.account(source, &account.row.as_ref()?.id)?;
    let approved = account.identity.as_ref();
    ownership_of(index.live, source, found, approved, earlier_of(account))
}

fn lacks_identity(account: &AccountSpec, index: &Index<'_>) -> bool {
    let Some(row) = &account.row else {
        return false;
    };
    let source = &account.source;
    if live_source(index.live, source).is_none() {
        return true;
    }
    accounts_read(index.live, source).is_some_and(|read| read.is_ok())
        && index
            .account(source, &row.id)
            .is_none_or(|live| live.identity.is_none() && moved_off(live).is_none())
}
