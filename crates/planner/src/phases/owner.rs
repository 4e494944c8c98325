//! Who owns a source or a profile.

use crate::draft::Draft;
use crate::problems::OWNER_NOT_FOUND;
use model::{Address, IdentityId, Live, OwnerRef, Problem};

/// The identity behind a declared owner. Without one the draft has a problem
/// (nobody is found) or something blocked (could not be read).
pub(crate) fn resolve(
    draft: &mut Draft,
    live: &Live,
    address: &Address,
    owner: &OwnerRef,
) -> Option<IdentityId> {
    match live.owners.get(owner).map(model::Collection::complete) {
        Some(Ok(Some(identity))) => return Some(identity.clone()),
        Some(Err(why)) => {
            draft.block_unread(
                address.clone(),
                &format!("the identity of owner {owner}"),
                why,
            );
        }
        Some(Ok(None)) | None => {
            let (by, example) = match owner {
                OwnerRef::Alias(_) => ("alias", "`owner: jane.doe`"),
                OwnerRef::Email(_) => ("e-mail address", "`owner: {email: jane.doe@example.com}`"),
                OwnerRef::Id(_) => ("id", "`owner: {id: 2c91…}`"),
            };
            draft.problems.push(Problem {
                code: OWNER_NOT_FOUND,
                address: address.clone(),
                field: Some("owner".to_owned()),
                message: format!("no identity of the tenant has the {by} `{owner}`"),
                help: format!(
                    "name an identity that exists, by alias, e-mail address or id, such as {example}"
                ),
            });
        }
    }
    None
}
