//! Classifies a source: missing, of another type, different, matching, unread.

use super::owner::{NoOwner, OwnerOutcome};
use model::{Collection, IdentityId, Incomplete, LiveSource, ManagedSource, SourceChange};

/// How a managed source compares with the tenant's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SourceOutcome<'a> {
    /// The source was not looked up.
    NotRead,
    /// The lookup failed.
    Unread(&'a Incomplete),
    /// The name belongs to a source that takes no CSV imports.
    OtherType(&'a LiveSource),
    /// The tenant has no such source.
    Missing {
        /// The identity that will own it; without one it is not created.
        owner: Result<&'a IdentityId, NoOwner<'a>>,
    },
    /// The tenant has it.
    Present {
        /// The source.
        source: &'a LiveSource,
        /// What has to change; empty where all declared settings are as declared.
        changes: Vec<SourceChange>,
        /// Why its owner was not compared.
        no_owner: Option<NoOwner<'a>>,
    },
}

/// Classifies a source that steersman manages.
pub(crate) fn classify<'a>(
    declared: &ManagedSource,
    observed: Option<&'a Collection<Option<LiveSource>>>,
    owner: OwnerOutcome<'a>,
) -> SourceOutcome<'a> {
    let source = match observed.map(Collection::complete) {
        None => return SourceOutcome::NotRead,
        Some(Err(why)) => return SourceOutcome::Unread(why),
        Some(Ok(source)) => source.as_ref(),
    };
    if let Some(source) = source.filter(|source| source.kind != LiveSource::DELIMITED_FILE) {
        return SourceOutcome::OtherType(source);
    }
    let owner = owner.known();
    let Some(source) = source else {
        return SourceOutcome::Missing { owner };
    };
    SourceOutcome::Present {
        source,
        changes: differences(declared, source, owner.ok()),
        no_owner: owner.err(),
    }
}

fn differences(
    declared: &ManagedSource,
    observed: &LiveSource,
    declared_owner: Option<&IdentityId>,
) -> Vec<SourceChange> {
    let ManagedSource {
        // Looked up by the caller.
        owner: _,
        description,
        delete_threshold,
        // Compared with the schema, the accounts and the profile.
        attributes: _,
        unmanaged: _,
        identity_profile: _,
    } = declared;
    let LiveSource {
        // The source was found by its name, and its type was checked.
        id: _,
        name: _,
        kind: _,
        owner: live_owner,
        description: live_description,
        delete_threshold: live_threshold,
        connector_delete_threshold,
        // The checks of an import look at these.
        file: _,
        never_read: _,
        raised_from,
        aggregations: _,
        // These have classifiers of their own.
        schema: _,
        accounts: _,
        profile: _,
    } = observed;
    let mut changes = Vec::new();
    if let Some(declared_owner) = declared_owner
        && live_owner.as_ref() != Some(declared_owner)
    {
        changes.push(SourceChange::Owner(declared_owner.clone()));
    }
    if let Some(description) = description
        && live_description.as_deref().unwrap_or_default() != description
    {
        changes.push(SourceChange::Description(description.clone()));
    }
    if let Some(threshold) = delete_threshold {
        let number = i64::from(*threshold);
        let both = [live_threshold, connector_delete_threshold];
        // ISC has it in two places. One that is absent follows the other.
        if both.iter().all(|live| live.is_none())
            || both.into_iter().flatten().any(|live| *live != number)
        {
            changes.push(SourceChange::DeleteThreshold(threshold.get()));
        }
    }
    // An earlier run raised it for an import, and was interrupted.
    if delete_threshold.is_none()
        && let Some(back) = raised_from
    {
        changes.push(SourceChange::DeleteThreshold(*back));
    }
    changes
}

/// What is known of a source that steersman does not manage.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum UnmanagedSourceOutcome<'a> {
    /// The source was not looked up.
    NotRead,
    /// The lookup failed.
    Unread(&'a Incomplete),
    /// The tenant has no such source.
    Missing,
    /// The tenant has it; its settings are not compared.
    Present,
}

/// Classifies a source that steersman does not manage.
pub(crate) fn classify_unmanaged(
    observed: Option<&Collection<Option<LiveSource>>>,
) -> UnmanagedSourceOutcome<'_> {
    match observed.map(Collection::complete) {
        None => UnmanagedSourceOutcome::NotRead,
        Some(Err(why)) => UnmanagedSourceOutcome::Unread(why),
        Some(Ok(None)) => UnmanagedSourceOutcome::Missing,
        Some(Ok(Some(_))) => UnmanagedSourceOutcome::Present,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{
        applied_tenant, forbidden, guide, incomplete, managed, source_mut,
    };

    /// A change of the declared and of the observed source.
    type Change = fn(&mut ManagedSource, &mut LiveSource);

    /// The outcome for the guide's source after a change of both sides, as text.
    fn outcome(change: Change) -> String {
        let (mut spec, mut live) = (guide(), applied_tenant());
        change(managed(&mut spec), source_mut(&mut live));
        let observed = Collection::Complete(Some(source_mut(&mut live).clone()));
        let jane = "jane".into();
        let outcome = classify(
            managed(&mut spec),
            Some(&observed),
            OwnerOutcome::Found(&jane),
        );
        match outcome {
            SourceOutcome::Present { changes, .. } if changes.is_empty() => "matches".to_owned(),
            SourceOutcome::OtherType(source) => format!("other type {}", source.kind),
            SourceOutcome::Present { changes, .. } => format!("{changes:?}"),
            other => format!("unexpected {other:?}"),
        }
    }

    #[test]
    fn a_source_of_the_tenant() {
        let cases: [(Change, &str); 10] = [
            (|_, _| {}, "matches"),
            (|_, live| live.kind = "LDAP".to_owned(), "other type LDAP"),
            (
                |_, live| live.owner = None,
                r#"[Owner(IdentityId("jane"))]"#,
            ),
            (
                |_, live| live.description = None,
                r#"[Description("Identities for automation")]"#,
            ),
            (|declared, _| declared.description = None, "matches"),
            (
                |declared, _| declared.delete_threshold = 20.try_into().ok(),
                "[DeleteThreshold(20)]",
            ),
            (
                |declared, _| declared.delete_threshold = 10.try_into().ok(),
                "matches",
            ),
            (
                |declared, live| {
                    declared.delete_threshold = 10.try_into().ok();
                    live.connector_delete_threshold = Some(50);
                },
                "[DeleteThreshold(10)]",
            ),
            (
                |declared, live| {
                    declared.delete_threshold = 10.try_into().ok();
                    live.delete_threshold = None;
                },
                "[DeleteThreshold(10)]",
            ),
            (|_, live| live.delete_threshold = Some(99), "matches"),
        ];
        for (number, (change, expected)) in cases.into_iter().enumerate() {
            assert_eq!(outcome(change), expected, "case {number}");
        }
    }

    #[test]
    fn a_source_that_cannot_be_compared() {
        let mut spec = guide();
        let declared = managed(&mut spec);
        let (jane, why) = ("jane".into(), incomplete());
        let (absent, unread) = (Collection::Complete(None), forbidden());
        let found = OwnerOutcome::Found(&jane);
        assert_eq!(classify(declared, None, found), SourceOutcome::NotRead);
        assert!(matches!(
            classify(declared, Some(&unread), found),
            SourceOutcome::Unread(_)
        ));
        assert_eq!(
            classify(declared, Some(&absent), found),
            SourceOutcome::Missing { owner: Ok(&jane) }
        );
        let mut live = applied_tenant();
        let mut other = source_mut(&mut live).clone();
        other.description = None;
        let present = Collection::Complete(Some(other.clone()));
        for (owner, no_owner) in [
            (OwnerOutcome::NotFound, NoOwner::NotFound),
            (OwnerOutcome::Unread(&why), NoOwner::Unread(&why)),
        ] {
            assert_eq!(
                classify(declared, Some(&absent), owner),
                SourceOutcome::Missing {
                    owner: Err(no_owner)
                }
            );
            // The other settings are compared nevertheless.
            assert_eq!(
                classify(declared, Some(&present), owner),
                SourceOutcome::Present {
                    source: &other,
                    changes: vec![SourceChange::Description(
                        "Identities for automation".to_owned()
                    )],
                    no_owner: Some(no_owner),
                }
            );
        }
    }

    #[test]
    fn a_source_that_others_manage() {
        let mut live = applied_tenant();
        let present = Collection::Complete(Some(source_mut(&mut live).clone()));
        let unread = forbidden();
        assert_eq!(classify_unmanaged(None), UnmanagedSourceOutcome::NotRead);
        assert!(matches!(
            classify_unmanaged(Some(&unread)),
            UnmanagedSourceOutcome::Unread(_)
        ));
        assert_eq!(
            classify_unmanaged(Some(&Collection::Complete(None))),
            UnmanagedSourceOutcome::Missing
        );
        assert_eq!(
            classify_unmanaged(Some(&present)),
            UnmanagedSourceOutcome::Present
        );
    }
}
