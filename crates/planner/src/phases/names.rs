//! Refuses a row that would get the name of another row of the tenant.

use crate::draft::Draft;
use crate::phases::identity::other_name;
use crate::problems::NAME_TAKEN;
use crate::taken_names::{Holder, Taken};
use model::{
    AccountRow, AccountSpec, Address, BlockedReason, IdentityNames, LiveAccount, LiveIdentity,
    Problem, ProblemEffect, Who,
};

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
        } => (
            format!("the user name `{user_name}` (from `{attribute}`)"),
            match attribute.as_str() {
                "e-mail" => "email".to_owned(),
                known @ ("id" | "name" | "purpose") => known.to_owned(),
                other => format!("attributes={other}"),
            },
        ),
    };
    draft.problems.push(Problem {
        code: NAME_TAKEN,
        address: Address::Account(key.clone()),
        field: Some(field),
        message: format!(
            "{key} would get {what}, which {} has",
            other(account, holder)
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
    let why = format!("{} has its {what}", other(account, holder));
    draft.block(
        Address::Account(account.key.clone()),
        BlockedReason::NoIdentity,
        format!("ISC cannot give {} an identity: {why}", account.key),
        other_name(&account.key),
        Who::Operator,
    );
    draft.without_identity.insert(account.key.clone(), why);
}

/// Blocks a row whose user name another identity has, of whose accounts none is on the
/// declared sources, such as a person. Returns the reason.
pub(crate) fn block_outside(
    draft: &mut Draft,
    account: &AccountSpec,
    identity: &LiveIdentity,
    user_name: &str,
) -> String {
    let key = &account.key;
    let LiveIdentity { id, name, .. } = identity;
    let why = format!("identity {id} ({name}) has the user name {user_name} already");
    draft.block(
        Address::Account(key.clone()),
        BlockedReason::NoIdentity,
        format!("ISC cannot give {key} an identity of its own: {why}"),
        format!(
            "give {key} another name, because ISC gives a user name to one identity of the tenant; or, if {id} is meant, declare `identity: {id}` on {key}"
        ),
        Who::Operator,
    );
    why
}

/// The other account, with its source where that is another one.
fn other(account: &AccountSpec, holder: &Holder<'_>) -> String {
    let id = &holder.account.native_identity;
    if *holder.source == account.source {
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
    if *holder.source != account.source {
        let from = holder.source;
        return format!(
            "choose another name; to move the account here, remove it from \"{from}\" and apply, then add it here once ISC has deleted its identity"
        );
    }
    match holder.declared {
        Some(declared) if declared.name != row.name || holder.taken != Taken::Name => {
            if takes_own_name(now, declared) {
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
