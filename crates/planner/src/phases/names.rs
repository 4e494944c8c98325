//! Refuses rows and mappings that would give an account the name of another one.

use crate::draft::Draft;
use crate::lookup::Lookup;
use crate::new_user_names::{self, NewUserNames, Renamed};
use crate::outside_names::{self, Outside, Whose};
use crate::phases::identity::other_name;
use crate::problems::NAME_TAKEN;
use crate::taken_names::{Holder, Taken, TakenNames};
use crate::uid::{feeding_attribute, mapped_from_row};
use model::{
    AccountAttribute, AccountKey, AccountRow, AccountSpec, Address, BlockedReason, IdentityNames,
    Live, LiveAccount, LiveIdentity, LiveSource, Problem, ProblemEffect, SourceName, Spec, Who,
};
use std::cell::OnceCell;

/// Refuses the plan: the row would get no identity, or the other row's. `now` is the row
/// that the account has now.
pub(crate) fn refuse(
    draft: &mut Draft,
    account: &AccountSpec,
    row: &AccountRow,
    now: Option<&LiveAccount>,
    holder: &Holder<'_>,
) {
    let key = &account.key;
    let (what, field) = match &holder.taken {
        Taken::Name => (format!("the name `{}`", row.name), "name".to_owned()),
        Taken::UserName {
            attribute,
            user_name,
            coming: _,
        } => (user_name_text(user_name, attribute), field_of(attribute)),
    };
    draft.problems.push(Problem {
        code: NAME_TAKEN,
        address: Address::Account(key.clone()),
        field: Some(field),
        message: format!(
            "{key} would get {what}, which {}",
            has(&account.source, holder)
        ),
        help: help(account, row, now, holder),
        effect: ProblemEffect::RefusesPlan,
    });
}

/// Blocks an account that stays without an identity while another row has its name:
/// waiting for it would never end.
pub(crate) fn block_identity(draft: &mut Draft, account: &AccountSpec, holder: &Holder<'_>) {
    let what = match &holder.taken {
        Taken::Name => "name",
        Taken::UserName { .. } => "user name",
    };
    let other = other(&account.source, holder);
    let why = if holder.is_coming() {
        format!("{other} gets its {what} by this plan")
    } else {
        format!("{other} has its {what}")
    };
    draft.block(
        Address::Account(account.key.clone()),
        BlockedReason::NoIdentity,
        format!("ISC cannot give {} an identity: {why}", account.key),
        other_name(&account.key),
        Who::Operator,
    );
    draft.without_identity.insert(account.key.clone(), why);
}

/// Blocks a row whose user name an identity has, of whose accounts none is on the declared
/// sources, such as a person, or one whose account is gone. Returns the reason; none where
/// the row's account is to have this identity.
pub(crate) fn block_outside(
    draft: &mut Draft,
    account: &AccountSpec,
    outside: &Outside<'_>,
) -> Option<String> {
    let Outside {
        identity: LiveIdentity { id, name, .. },
        user_name,
        whose,
    } = outside;
    let key = &account.key;
    let (why, what, remedy) = match whose {
        Whose::TakenUp => return None,
        Whose::Another => (
            format!("identity {id} ({name}) has the user name {user_name} already"),
            format!("ISC cannot give {key} an identity of its own"),
            format!(
                "give {key} another name, because ISC gives a user name to one identity of the tenant; or, if {id} is meant, declare `identity: {id}` on {key}; if the account of {id} is gone, plan again once ISC has deleted {id} at an identity refresh"
            ),
        ),
        Whose::Outlived => (
            format!(
                "identity {id} ({name}) has the user name {user_name}, and outlived its account"
            ),
            format!("ISC would give {key} an identity that is older than the account"),
            format!(
                "plan again once ISC has deleted {id} at an identity refresh; or, if {key} is to have {id} with its levels and tokens, declare `identity: {id}` on {key}"
            ),
        ),
    };
    draft.block(
        Address::Account(key.clone()),
        BlockedReason::NoIdentity,
        format!("{what}: {why}"),
        remedy,
        Who::Operator,
    );
    Some(why)
}

/// Refuses a changed mapping of a source that gives an identity the user name of another
/// one. ISC would take the identity away, with its tokens, and make no other.
pub(crate) fn refuse_renamed<'a>(
    draft: &mut Draft,
    spec: &'a Spec,
    live: &'a Live,
    taken: &TakenNames<'a>,
    source: &'a LiveSource,
) {
    let name = &source.name;
    let (Some(attribute), NewUserNames::Of(renamed)) = (
        feeding_attribute(spec, live, name, "uid"),
        new_user_names::declared(spec, live, name),
    ) else {
        return;
    };
    let declared_names: OnceCell<Lookup<String, &AccountKey>> = OnceCell::new();
    for Renamed { account, to, .. } in renamed {
        let declared = taken.declared(name, &account.native_identity);
        let row = declared.and_then(|declared| declared.row.as_ref());
        let to = row.map_or(to, |row| row.cell(attribute.as_str()));
        let Some(user_name) = to.filter(|to| !to.is_empty()) else {
            continue;
        };
        let holder = taken
            .holder_of_renamed(name, account, attribute, user_name)
            .map(|holder| has(name, &holder));
        let taken_by = match (declared, row) {
            _ if holder.is_some() => holder,
            (Some(declared), Some(row)) => outside_names::holder(spec, live, taken, declared, row)
                .map(|outside| {
                    let LiveIdentity { id, name, .. } = outside.identity;
                    format!("identity {id} ({name}) has")
                }),
            _ => {
                let names = declared_names.get_or_init(|| declared_user_names(spec, live));
                let of = names.get(&IdentityNames::folded(user_name));
                of.map(|key| format!("{key} would get, too"))
            }
        };
        let Some(taken_by) = taken_by else { continue };
        let (address, field, whose) = match declared {
            Some(declared) => (
                Address::Account(declared.key.clone()),
                Some(field_of(attribute)),
                declared.key.to_string(),
            ),
            None => (
                Address::Profile(name.clone()),
                None,
                format!("account {} of source \"{name}\"", account.native_identity),
            ),
        };
        draft.problems.push(Problem {
            code: NAME_TAKEN,
            address,
            field,
            message: format!(
                "{whose} would get {}, which {taken_by}; it would lose its identity",
                user_name_text(user_name, attribute)
            ),
            help: format!(
                "give {whose} another value first, or leave the mapping of uid of \"{name}\" as it is"
            ),
            effect: ProblemEffect::RefusesPlan,
        });
    }
}

/// The user names that the files declare, with their accounts.
fn declared_user_names<'a>(spec: &'a Spec, live: &Live) -> Lookup<String, &'a AccountKey> {
    let declared = spec.accounts.values();
    declared
        .filter_map(|account| {
            let row = account.row.as_ref()?;
            let user_name = mapped_from_row(spec, live, &account.source, row, "uid")?;
            Some((IdentityNames::folded(&user_name), &account.key))
        })
        .collect()
}

fn user_name_text(user_name: &str, attribute: &AccountAttribute) -> String {
    format!("the user name `{user_name}` (from `{attribute}`)")
}

/// The key of an account that an attribute is declared with.
fn field_of(attribute: &AccountAttribute) -> String {
    match attribute.as_str() {
        "e-mail" => "email".to_owned(),
        known @ ("id" | "name" | "purpose") => known.to_owned(),
        other => format!("attributes={other}"),
    }
}

/// Who has a name, and whether that is so before the plan.
fn has(source: &SourceName, holder: &Holder<'_>) -> String {
    let other = other(source, holder);
    if holder.is_coming() {
        format!("{other} gets by this plan, too")
    } else {
        format!("{other} has")
    }
}

/// The other account, with its source where that is another one.
fn other(source: &SourceName, holder: &Holder<'_>) -> String {
    let id = &holder.account.native_identity;
    if holder.source == source {
        format!("account {id}")
    } else {
        format!("account {id} of source \"{}\"", holder.source)
    }
}

fn help(
    account: &AccountSpec,
    row: &AccountRow,
    now: Option<&LiveAccount>,
    holder: &Holder<'_>,
) -> String {
    let (key, id) = (&account.key, &holder.account.native_identity);
    if holder.is_coming() {
        return format!(
            "give {key} another value, delete {id} first, or leave the mapping of uid of \"{}\" as it is",
            holder.source
        );
    }
    if *holder.source != account.source {
        let from = holder.source;
        return format!(
            "choose another name; to move the account here, remove it from \"{from}\" and apply, then add it here once ISC has deleted its identity"
        );
    }
    match holder.declared {
        Some(declared) if declared.name != row.name || holder.taken != Taken::Name => {
            if takes_own_name(now, declared) && declared.key < *key {
                // The first of the two says what to do.
                format!("fix it at {id}: the two swap their names")
            } else if takes_own_name(now, declared) {
                format!(
                    "{key} and {id} swap their names: give one of them a temporary name and apply, then give it its final name"
                )
            } else {
                format!("apply the change of {id} first, then give its name to {key}")
            }
        }
        Some(_) => format!("give {key} another name"),
        None if now.is_none() => format!(
            "if {key} is {id} with another id, declare `previously: {{id: {id}}}` on {key}; otherwise choose another name, or delete {id} and apply, then add {key} once ISC has deleted the identity of {id}"
        ),
        None => format!("choose another name for {key}, or delete {id} first"),
    }
}

/// Whether the other account is declared with the name that this one has now.
fn takes_own_name(now: Option<&LiveAccount>, declared: &AccountSpec) -> bool {
    now.is_some_and(|now| IdentityNames::is_same(now.name.as_str(), declared.name.as_str()))
}
