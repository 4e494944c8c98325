//! Optional parts of a declared source, each of which can be left out.

use model::{
    AccountAttribute, AttributeSpec, IdentityAttribute, ManagedSource, OwnerRef, Percent,
    ProfileSpec,
};

/// A part that can be left out.
pub(crate) enum SourcePart {
    Description(String),
    DeleteThreshold(Percent),
    AttributeDescription(AttributeSpec),
    Profile(ProfileSpec),
    ProfileOwner(OwnerRef),
    Mapping(IdentityAttribute, AccountAttribute),
}

impl SourcePart {
    pub(crate) fn add(&self, source: &mut ManagedSource) {
        match self {
            Self::Description(text) => source.description = Some(text.clone()),
            Self::DeleteThreshold(percent) => source.delete_threshold = Some(*percent),
            Self::AttributeDescription(described) => {
                for attribute in &mut source.attributes {
                    if attribute.name == described.name {
                        attribute.description.clone_from(&described.description);
                    }
                }
            }
            Self::Profile(profile) => source.identity_profile = Some(profile.clone()),
            Self::ProfileOwner(owner) => {
                if let Some(profile) = &mut source.identity_profile {
                    profile.owner = Some(owner.clone());
                }
            }
            Self::Mapping(target, attribute) => {
                if let Some(profile) = &mut source.identity_profile {
                    profile.mappings.insert(target.clone(), attribute.clone());
                }
            }
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Description(_) => "description".to_owned(),
            Self::DeleteThreshold(_) => "deleteThreshold".to_owned(),
            Self::AttributeDescription(attribute) => {
                format!("description of the attribute {}", attribute.name)
            }
            Self::Profile(_) => "identityProfile".to_owned(),
            Self::ProfileOwner(_) => "owner of the identity profile".to_owned(),
            Self::Mapping(target, _) => format!("mapping of {target}"),
        }
    }
}
