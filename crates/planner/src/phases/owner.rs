//! Lookup of the owner of a source or profile, and what is reported when there is none.

use crate::classify::owner::{self, OwnerOutcome};
use crate::draft::Draft;
use crate::problems::OWNER_NOT_FOUND;
use model::{Address, IdentityId, Incomplete, Live, OwnerRef, Problem};

/// The lookup of a declared owner.
pub(crate) fn of<'a>(live: &'a Live, owner: &OwnerRef) -> OwnerOutcome<'a> {
    owner::classify(live.owners.get(owner))
}

/// Reports that the tenant has no such identity.
pub(crate) fn report_not_found(draft: &mut Draft, address: Address, owner: &OwnerRef) {
    let (by, example) = match owner {
        OwnerRef::Alias(_) => ("alias", "`owner: jane.doe`"),
        OwnerRef::Email(_) => ("email address", "`owner: {email: jane.doe@example.com}`"),
        OwnerRef::Id(_) => ("id", "`owner: {id: 2c91…}`"),
    };
    draft.problems.push(Problem {
        code: OWNER_NOT_FOUND,
        address,
        field: Some("owner".to_owned()),
        message: format!("no identity of the tenant has the {by} `{owner}`"),
        help: format!(
            "name an identity that exists, by alias, email address or id, such as {example}"
        ),
    });
}

/// Blocks what needs an owner whose lookup failed.
pub(crate) fn block_unread(
    draft: &mut Draft,
    address: Address,
    owner: &OwnerRef,
    why: &Incomplete,
) {
    draft.block_unread(address, &format!("the identity of owner {owner}"), why);
}

/// An identity by the name that the spec gives it, where the spec names it.
pub(crate) fn name(live: &Live, identity: &IdentityId) -> String {
    live.owners
        .iter()
        .find(|(_, found)| found.found().as_ref() == Some(identity))
        .map_or_else(|| identity.to_string(), |(owner, _)| owner.to_string())
}
