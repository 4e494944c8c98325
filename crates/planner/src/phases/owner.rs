//! Lookup of the owner of a source or profile, and what is reported when there is none.

use crate::classify::owner::{self, NoOwner, OwnerOutcome};
use crate::draft::Draft;
use crate::problems::{OWNER_INACTIVE, OWNER_NOT_FOUND};
use model::{Address, BlockedReason, IdentityId, Live, OwnerRef, Problem, ProblemEffect, Who};

/// The lookup of a declared owner.
pub(crate) fn of<'a>(live: &'a Live, owner: &OwnerRef) -> OwnerOutcome<'a> {
    owner::classify(live.owners.get(owner))
}

/// Reports what is wrong with the declared owner of something that the tenant has, or
/// that is about to be created. It never stops anything but the owner itself.
pub(crate) fn report(
    draft: &mut Draft,
    live: &Live,
    address: &Address,
    owner: &OwnerRef,
    no_owner: Option<NoOwner<'_>>,
) {
    match no_owner {
        None => warn_if_inactive(draft, live, address, owner),
        Some(NoOwner::NotFound) => report_not_found(draft, live, address, owner),
        Some(NoOwner::Unread(why)) => {
            let collection = format!("the identity of owner {owner}");
            draft.block_unread(address.clone(), &collection, why);
        }
    }
}

/// Blocks what needs an owner that the tenant does not have.
fn report_not_found(draft: &mut Draft, live: &Live, address: &Address, owner: &OwnerRef) {
    let (by, example) = match owner {
        OwnerRef::Alias(_) => ("alias", "`owner: jane.doe`"),
        OwnerRef::Email(_) => ("email address", "`owner: {email: jane.doe@example.com}`"),
        OwnerRef::Id(_) => ("id", "`owner: {id: 2c91…}`"),
    };
    let message = format!("no identity of the tenant has the {by} `{owner}`");
    let help = match similar(live, owner) {
        Some(alias) => format!(
            "did you mean `owner: {alias}`? An owner is named by alias (the user name in ISC), `{{email: …}}` or `{{id: …}}`"
        ),
        None => {
            format!(
                "name an identity that exists, by alias, email address or id, such as {example}"
            )
        }
    };
    draft.block(
        address.clone(),
        BlockedReason::OwnerNotFound,
        format!("the owner cannot be set: {message}"),
        help.clone(),
        Who::Operator,
    );
    draft.problems.push(Problem {
        code: OWNER_NOT_FOUND,
        address: address.clone(),
        field: Some("owner".to_owned()),
        message,
        help,
        effect: ProblemEffect::BlocksField,
    });
}

/// The alias that was probably meant: the only one with this name or address, or the one
/// most like the text.
fn similar<'a>(live: &'a Live, owner: &OwnerRef) -> Option<&'a str> {
    let OwnerRef::Alias(text) = owner else {
        return None;
    };
    match live.similar_owners.get(owner)?.as_slice() {
        // Found by its whole name or address.
        [only] if text.contains([' ', '@']) => Some(only),
        several => catalog::did_you_mean(text, several.iter().map(String::as_str)),
    }
}

fn warn_if_inactive(draft: &mut Draft, live: &Live, address: &Address, owner: &OwnerRef) {
    let Some(status) = live.inactive_owners.get(owner) else {
        return;
    };
    draft.problems.push(Problem {
        code: OWNER_INACTIVE,
        address: address.clone(),
        field: Some("owner".to_owned()),
        message: format!("the owner `{owner}` is {status} in the tenant"),
        help: "declare an owner who is active, before ISC deletes this identity".to_owned(),
        effect: ProblemEffect::Warns,
    });
}

/// An identity by the name that the spec gives it, where the spec names it.
pub(crate) fn name(live: &Live, identity: &IdentityId) -> String {
    live.owners
        .iter()
        .find(|(_, found)| found.found().as_ref() == Some(identity))
        .map_or_else(|| identity.to_string(), |(owner, _)| owner.to_string())
}
