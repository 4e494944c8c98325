//! Classifies an identity profile: missing, different, matching, unread.

use super::owner::{NoOwner, OwnerOutcome};
use model::{
    AccountAttribute, IdentityAttribute, IdentityId, Incomplete, LiveMapping, LiveProfile,
    LiveSource, ProfileSpec,
};
use std::collections::BTreeMap;

/// How a declared identity profile compares with the tenant's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ProfileOutcome<'a> {
    /// The source does not exist, and this plan does not create it.
    NoSource,
    /// The source takes no CSV imports.
    OtherType,
    /// The profile could not be read.
    Unread(&'a Incomplete),
    /// The source has no identity profile.
    Missing {
        /// The identity that will own it; without one it is not created.
        owner: Result<&'a IdentityId, NoOwner<'a>>,
    },
    /// The source has an identity profile.
    Present {
        /// The source.
        source: &'a LiveSource,
        /// The tenant's profile.
        profile: &'a LiveProfile,
        /// What has to change; nothing where all declared settings are as declared.
        changes: ProfileChanges,
        /// Why its owner was not compared, although the profile declares one.
        no_owner: Option<NoOwner<'a>>,
    },
}

/// What has to change of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProfileChanges {
    /// The new name.
    pub(crate) name: Option<String>,
    /// The new owner.
    pub(crate) owner: Option<IdentityId>,
    /// Whether the profile has to be enabled.
    pub(crate) enable: bool,
    /// The mappings that differ, as declared.
    pub(crate) mappings: BTreeMap<IdentityAttribute, AccountAttribute>,
}

/// Classifies a profile. `owner` is the lookup of the profile's declared owner,
/// or of its source's where the profile declares none. `source_is_planned` says
/// whether this plan has a step for the source.
pub(crate) fn classify<'a>(
    declared: &ProfileSpec,
    observed: Option<&'a LiveSource>,
    owner: OwnerOutcome<'a>,
    source_is_planned: bool,
) -> ProfileOutcome<'a> {
    let profile = match observed {
        None if !source_is_planned => return ProfileOutcome::NoSource,
        None => None,
        Some(source) if source.kind != LiveSource::DELIMITED_FILE => {
            return ProfileOutcome::OtherType;
        }
        Some(source) => match source.profile.complete() {
            Err(why) => return ProfileOutcome::Unread(why),
            Ok(profile) => profile.as_ref().map(|profile| (source, profile)),
        },
    };
    let owner = owner.known();
    let Some((source, profile)) = profile else {
        return ProfileOutcome::Missing { owner };
    };
    // Only an owner that is declared for the profile itself is managed. The
    // source's owner is merely who a new profile is given to.
    let owner = declared.owner.as_ref().map(|_| owner);
    ProfileOutcome::Present {
        source,
        profile,
        changes: differences(declared, source, profile, owner.and_then(Result::ok)),
        no_owner: owner.and_then(Result::err),
    }
}

fn differences(
    declared: &ProfileSpec,
    source: &LiveSource,
    observed: &LiveProfile,
    declared_owner: Option<&IdentityId>,
) -> ProfileChanges {
    let ProfileSpec {
        name,
        // Looked up by the caller.
        owner: _,
        mappings,
        // Read by the phase of invitations.
        invite: _,
    } = declared;
    let LiveProfile {
        id: _,
        name: live_name,
        owner: live_owner,
        // The profile was found by its source.
        authoritative_source: _,
        enabled,
        mappings: live_mappings,
        // Read by the phase of identity processing.
        refresh_required: _,
        identity_count: _,
    } = observed;
    ProfileChanges {
        name: (live_name != name).then(|| name.clone()),
        owner: declared_owner
            .filter(|owner| live_owner.as_ref() != Some(*owner))
            .cloned(),
        enable: !enabled,
        mappings: mappings
            .iter()
            .filter(|(target, attribute)| {
                let wanted = LiveMapping::Account {
                    source: source.id.clone(),
                    attribute: (*attribute).clone(),
                };
                live_mappings.get(*target) != Some(&wanted)
            })
            .map(|(target, attribute)| (target.clone(), attribute.clone()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{
        applied_tenant, forbidden, guide, incomplete, managed, source_mut,
    };
    use model::{Collection, OwnerRef};

    fn profile(source: &mut LiveSource) -> &mut LiveProfile {
        match &mut source.profile {
            Collection::Complete(Some(profile)) => profile,
            _ => panic!("the fixture has a profile"),
        }
    }

    #[test]
    fn each_outcome() {
        type Change = fn(&mut ProfileSpec, &mut LiveSource);
        let cases: [(&str, Change, &str); 10] = [
            ("as declared", |_, _| {}, "matches"),
            (
                "another name",
                |_, live| profile(live).name = "x".to_owned(),
                "differs: name",
            ),
            (
                "another owner, declared by the source",
                |_, live| profile(live).owner = None,
                "matches",
            ),
            (
                "another owner, declared by the profile",
                |declared, live| {
                    declared.owner = Some(OwnerRef::Alias("jane.doe".to_owned()));
                    profile(live).owner = None;
                },
                "differs: owner",
            ),
            (
                "disabled",
                |_, live| profile(live).enabled = false,
                "differs: enabled",
            ),
            (
                "another mapping",
                |_, live| {
                    profile(live)
                        .mappings
                        .insert("uid".into(), LiveMapping::Other("rule".to_owned()));
                },
                "differs: uid",
            ),
            (
                "a mapping that no file declares",
                |_, live| {
                    profile(live)
                        .mappings
                        .insert("x".into(), LiveMapping::Other("rule".to_owned()));
                },
                "matches",
            ),
            (
                "missing",
                |_, live| live.profile = Collection::Complete(None),
                "missing",
            ),
            ("unread", |_, live| live.profile = forbidden(), "unread"),
            (
                "another type of source",
                |_, live| live.kind = "LDAP".to_owned(),
                "other type",
            ),
        ];
        for (name, change, expected) in cases {
            let (mut spec, mut live) = (guide(), applied_tenant());
            let declared = managed(&mut spec).identity_profile.as_mut().unwrap();
            change(declared, source_mut(&mut live));
            let jane = "jane".into();
            let owner = OwnerOutcome::Found(&jane);
            let outcome = classify(declared, Some(source_mut(&mut live)), owner, false);
            assert_eq!(text(&outcome), expected, "{name}");
        }
    }

    fn text(outcome: &ProfileOutcome<'_>) -> String {
        match outcome {
            ProfileOutcome::Present { changes, .. } if *changes == ProfileChanges::default() => {
                "matches".to_owned()
            }
            ProfileOutcome::Missing { .. } => "missing".to_owned(),
            ProfileOutcome::Unread(_) => "unread".to_owned(),
            ProfileOutcome::OtherType => "other type".to_owned(),
            ProfileOutcome::Present { changes, .. } => {
                let ProfileChanges {
                    name,
                    owner,
                    enable,
                    mappings,
                } = changes;
                let mut fields = Vec::new();
                fields.extend(name.as_ref().map(|_| "name"));
                fields.extend(owner.as_ref().map(|_| "owner"));
                fields.extend(enable.then_some("enabled"));
                fields.extend(mappings.keys().map(AsRef::<str>::as_ref));
                format!("differs: {}", fields.join(", "))
            }
            ProfileOutcome::NoSource => "no source".to_owned(),
        }
    }

    #[test]
    fn without_a_source_or_an_owner() {
        let mut spec = guide();
        let declared = managed(&mut spec).identity_profile.as_mut().unwrap();
        let (jane, why) = ("jane".into(), incomplete());
        for (owner, planned, expected) in [
            (OwnerOutcome::Found(&jane), false, ProfileOutcome::NoSource),
            (
                OwnerOutcome::Found(&jane),
                true,
                ProfileOutcome::Missing { owner: Ok(&jane) },
            ),
            (
                OwnerOutcome::NotFound,
                true,
                ProfileOutcome::Missing {
                    owner: Err(NoOwner::NotFound),
                },
            ),
            (
                OwnerOutcome::Unread(&why),
                true,
                ProfileOutcome::Missing {
                    owner: Err(NoOwner::Unread(&why)),
                },
            ),
        ] {
            assert_eq!(classify(declared, None, owner, planned), expected);
        }
    }
}
