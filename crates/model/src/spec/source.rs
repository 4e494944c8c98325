//! Declared source.

use crate::{AccountAttribute, IdentityAttribute};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A source, managed by steersman or elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SourceSpec {
    /// steersman manages the source, its schema, its accounts and its profile.
    Managed(ManagedSource),
    /// The source and its accounts are managed elsewhere (`managed: false`).
    Unmanaged,
}

impl SourceSpec {
    /// The settings of a managed source.
    pub fn managed(&self) -> Option<&ManagedSource> {
        match self {
            Self::Managed(source) => Some(source),
            Self::Unmanaged => None,
        }
    }
}

/// A delimited-file source as declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedSource {
    /// The identity that owns the source.
    pub owner: OwnerRef,
    /// The description, at most 255 characters. None leaves it alone.
    pub description: Option<String>,
    /// The share of deletions above which ISC refuses an import (Account Delete
    /// Threshold). None leaves it alone.
    pub delete_threshold: Option<Percent>,
    /// Attributes of the account schema beyond the guide's four.
    pub attributes: Vec<AttributeSpec>,
    /// What happens to accounts that no file declares.
    pub unmanaged: UnmanagedAccounts,
    /// The identity profile. None leaves it alone.
    pub identity_profile: Option<ProfileSpec>,
}

impl ManagedSource {
    /// The guide's four attributes with the descriptions that new schemas get.
    pub const GUIDE_ATTRIBUTES: [(&'static str, &'static str); 4] = [
        ("id", "Account ID"),
        ("name", "Account Name"),
        ("e-mail", "E-mail address for invitations and notices"),
        ("purpose", "What the service account is for"),
    ];

    /// The whole account schema, the guide's four attributes first. All are
    /// single strings.
    pub fn schema_attributes(&self) -> Vec<AttributeSpec> {
        let guide = Self::GUIDE_ATTRIBUTES
            .iter()
            .map(|(name, description)| AttributeSpec {
                name: (*name).into(),
                description: Some((*description).to_owned()),
            });
        guide.chain(self.attributes.iter().cloned()).collect()
    }
}

/// An attribute of an account schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeSpec {
    /// Its name, which is also the CSV column.
    pub name: AccountAttribute,
    /// Its description. None leaves it alone.
    pub description: Option<String>,
}

/// What happens to accounts in a managed source that no file declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UnmanagedAccounts {
    /// They stay, are reported, and are sent along with every import.
    #[default]
    Keep,
    /// Their tokens, levels and rows are deleted.
    Delete,
}

/// An identity profile as declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileSpec {
    /// Its name.
    pub name: String,
    /// The identity that owns it; the source's owner where none is given.
    pub owner: Option<OwnerRef>,
    /// Which account attribute feeds which identity attribute. Mappings that
    /// are not declared are left alone.
    pub mappings: BTreeMap<IdentityAttribute, AccountAttribute>,
    /// Whether new identities are invited to register.
    pub invite: bool,
}

/// Who owns a source or a profile, as the spec names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnerRef {
    /// By the identity's alias.
    Alias(String),
    /// By the identity's email address.
    Email(String),
    /// By the identity's id.
    Id(String),
}

impl fmt::Display for OwnerRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alias(alias) => write!(formatter, "{alias}"),
            Self::Email(email) => write!(formatter, "{email}"),
            Self::Id(id) => write!(formatter, "{id}"),
        }
    }
}

/// A whole number of percent, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Percent(u8);

/// A number outside 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} must be a whole number from 0 to 100")]
pub struct PercentError(i64);

impl Percent {
    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for Percent {
    type Error = PercentError;

    fn try_from(number: i64) -> Result<Self, PercentError> {
        u8::try_from(number)
            .ok()
            .filter(|number| *number <= 100)
            .map(Self)
            .ok_or(PercentError(number))
    }
}

impl From<Percent> for i64 {
    fn from(percent: Percent) -> Self {
        percent.0.into()
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}%", self.0)
    }
}
