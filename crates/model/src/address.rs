//! Address of a managed object, such as `levels/SA-001`.

use crate::{AccountKey, SourceName, TokenName};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Where in the desired state a step, a problem or a report belongs.
///
/// The order of the variants is the order of the guide, and so the order in
/// which a plan is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// `source/NAME`
    Source(SourceName),
    /// `schema/NAME`: the account schema of a source.
    Schema(SourceName),
    /// `account/ID`
    Account(AccountKey),
    /// `profile/NAME`: the identity profile of the source of that name.
    Profile(SourceName),
    /// `processing/NAME`: "Apply Changes" on a source's identity profile.
    Processing(SourceName),
    /// `invitation/ID`
    Invitation(AccountKey),
    /// `levels/ID`: the user levels of an account's identity.
    Levels(AccountKey),
    /// `issuer/ID`: the issuer token of an account, which creates its other tokens.
    Issuer(AccountKey),
    /// `token/ID/NAME`
    Token(AccountKey, TokenName),
}

impl Address {
    /// The first part of the address, such as `levels`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Schema(_) => "schema",
            Self::Account(_) => "account",
            Self::Profile(_) => "profile",
            Self::Processing(_) => "processing",
            Self::Invitation(_) => "invitation",
            Self::Levels(_) => "levels",
            Self::Issuer(_) => "issuer",
            Self::Token(..) => "token",
        }
    }

    /// The service account that the address belongs to, where it belongs to one.
    pub fn account(&self) -> Option<&AccountKey> {
        match self {
            Self::Account(key)
            | Self::Invitation(key)
            | Self::Levels(key)
            | Self::Issuer(key)
            | Self::Token(key, _) => Some(key),
            Self::Source(_) | Self::Schema(_) | Self::Profile(_) | Self::Processing(_) => None,
        }
    }

    /// The source that the address belongs to, where it is one of a source.
    pub fn source(&self) -> Option<&SourceName> {
        match self {
            Self::Source(name)
            | Self::Schema(name)
            | Self::Profile(name)
            | Self::Processing(name) => Some(name),
            Self::Account(_)
            | Self::Invitation(_)
            | Self::Levels(_)
            | Self::Issuer(_)
            | Self::Token(..) => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Source(name)
            | Self::Schema(name)
            | Self::Profile(name)
            | Self::Processing(name) => write!(formatter, "{kind}/{name}"),
            Self::Account(key) | Self::Invitation(key) | Self::Levels(key) | Self::Issuer(key) => {
                write!(formatter, "{kind}/{key}")
            }
            // The key is followed by another part, so its own slashes are encoded.
            Self::Token(key, name) => write!(
                formatter,
                "{kind}/{}/{name}",
                key.as_str().replace('%', "%25").replace('/', "%2F")
            ),
        }
    }
}

/// A text that is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` must be an address KIND/NAME, such as `source/Service Accounts` or `token/SA-001/monthly-report`"
)]
pub struct AddressError {
    text: String,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let error = || AddressError {
            text: text.to_owned(),
        };
        let (kind, rest) = text
            .split_once('/')
            .filter(|(_, rest)| !rest.is_empty())
            .ok_or_else(error)?;
        Ok(match kind {
            "source" => Self::Source(rest.into()),
            "schema" => Self::Schema(rest.into()),
            "account" => Self::Account(rest.into()),
            "profile" => Self::Profile(rest.into()),
            "processing" => Self::Processing(rest.into()),
            "invitation" => Self::Invitation(rest.into()),
            "levels" => Self::Levels(rest.into()),
            "issuer" => Self::Issuer(rest.into()),
            "token" => {
                let (key, name) = rest.split_once('/').ok_or_else(error)?;
                let key = key.replace("%2F", "/").replace("%25", "%");
                Self::Token(key.into(), name.into())
            }
            _ => return Err(error()),
        })
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_round_trip() {
        for text in [
            "source/Service Accounts",
            "schema/a/b",
            "account/SA-001",
            "profile/Service Accounts",
            "processing/Service Accounts",
            "invitation/SA-001",
            "levels/SA-001",
            "issuer/SA-001",
            "token/SA-001/monthly/report",
            "token/A%2FB%25/x",
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        assert_eq!(
            "token/A%2FB/x".parse::<Address>().unwrap(),
            Address::Token("A/B".into(), "x".into())
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "source", "source/", "role/x", "token/SA-001"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
