//! Classifies the owner of a source or profile: found, not found, unread.

use model::{Collection, IdentityId, Incomplete};

/// What is known of a declared owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerOutcome<'a> {
    /// The tenant has this identity.
    Found(&'a IdentityId),
    /// The tenant has no such identity.
    NotFound,
    /// The lookup failed.
    Unread(&'a Incomplete),
}

/// Why there is no identity to give something to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoOwner<'a> {
    /// The tenant has no such identity.
    NotFound,
    /// The lookup failed.
    Unread(&'a Incomplete),
}

impl<'a> OwnerOutcome<'a> {
    /// The identity, or why there is none.
    pub(crate) fn known(self) -> Result<&'a IdentityId, NoOwner<'a>> {
        match self {
            Self::Found(identity) => Ok(identity),
            Self::NotFound => Err(NoOwner::NotFound),
            Self::Unread(why) => Err(NoOwner::Unread(why)),
        }
    }
}

/// Classifies the lookup of an owner. An owner that was never looked up counts
/// as not found.
pub(crate) fn classify(observed: Option<&Collection<Option<IdentityId>>>) -> OwnerOutcome<'_> {
    match observed.map(Collection::complete) {
        Some(Ok(Some(identity))) => OwnerOutcome::Found(identity),
        Some(Err(why)) => OwnerOutcome::Unread(why),
        Some(Ok(None)) | None => OwnerOutcome::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::forbidden;

    #[test]
    fn each_outcome() {
        let found = Collection::Complete(Some("jane".into()));
        assert_eq!(classify(Some(&found)), OwnerOutcome::Found(&"jane".into()));
        assert_eq!(
            classify(Some(&Collection::Complete(None))),
            OwnerOutcome::NotFound
        );
        assert_eq!(classify(None), OwnerOutcome::NotFound);
        assert!(matches!(
            classify(Some(&forbidden())),
            OwnerOutcome::Unread(_)
        ));
    }
}
