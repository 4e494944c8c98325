//! The stable codes of all problems.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is planned or applied before it is mended.
    Error,
    /// Probably a mistake; it stops nothing.
    Warning,
}

macro_rules! codes {
    ($($(#[doc = $title:literal])+ $name:ident = $code:literal $severity:ident,)*) => {
        /// The kind of a problem. Codes are never given a new meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $title])+ $name,)*
        }

        impl Code {
            /// Every code, in ascending order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it is written, such as `SM0101`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// How bad the problem is.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }

            /// Whether a person may decide that a problem of this kind is none:
            /// warnings, and errors that leave it clear what is meant.
            pub fn can_be_allowed(self) -> bool {
                self.severity() == Severity::Warning || self.is_judgement()
            }

            /// What the problem is, in half a sentence.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($title,)+).trim(),)*
                }
            }
        }
    };
}

codes! {
    // Reading.
    /// the file is not UTF-8
    NotUtf8 = "SM0101" Error,
    /// the file is no valid YAML
    Syntax = "SM0102" Error,
    /// a YAML feature that specs do not use
    YamlFeature = "SM0103" Error,
    /// the file is too large
    TooLarge = "SM0104" Error,
    /// a key is written twice in one mapping
    DuplicateKey = "SM0105" Error,
    /// more than one document in a file
    SeveralDocuments = "SM0106" Error,
    /// a version of the language that this steersman does not know
    Version = "SM0107" Error,

    // Shape.
    /// an unknown key
    UnknownKey = "SM0201" Error,
    /// a value of the wrong type
    WrongType = "SM0202" Error,
    /// a key is missing
    MissingKey = "SM0203" Error,
    /// a value that is none of the choices
    UnknownChoice = "SM0204" Error,
    /// a duration that cannot be read
    Duration = "SM0205" Error,
    /// a number outside of its limits
    OutOfRange = "SM0206" Error,
    /// keys that exclude each other
    ExclusiveKeys = "SM0207" Error,
    /// an empty text where one is needed
    Empty = "SM0208" Error,

    // Variables.
    /// a variable is not set
    UnsetVariable = "SM0301" Error,
    /// a variable that cannot be read
    MalformedVariable = "SM0302" Error,

    // Names and references.
    /// a section that may stand once stands twice
    SectionTwice = "SM0401" Error,
    /// two sources of one name
    DuplicateSource = "SM0402" Error,
    /// two service accounts of one id
    DuplicateAccountId = "SM0403" Error,
    /// two service accounts of one name on a source
    DuplicateAccountName = "SM0404" Error,
    /// two tokens of one name on a service account
    DuplicateToken = "SM0405" Error,
    /// two stores of one name
    DuplicateStore = "SM0406" Error,
    /// two secrets delivered to one place
    DuplicateStoreKey = "SM0407" Error,
    /// a source that no file declares
    UnknownSource = "SM0408" Error,
    /// a store that no file declares
    UnknownStore = "SM0409" Error,
    /// a service account that could be on several sources, or on none
    NoSource = "SM0410" Error,
    /// a token whose secret is delivered nowhere
    NoDelivery = "SM0411" Error,
    /// an attribute that is declared twice
    DuplicateAttribute = "SM0412" Error,
    /// a key that does not belong to this kind of source or account
    KeyNotHere = "SM0413" Error,
    /// a placeholder that does not exist
    UnknownPlaceholder = "SM0414" Error,
    /// a command that does not say which secret it is about
    NoKeyPlaceholder = "SM0415" Error,
    /// two identity profiles of one name
    DuplicateProfile = "SM0416" Error,
    /// a service account whose issuer lies nowhere
    NoIssuer = "SM0417" Error,

    /// a call that ISC does not have
    UnknownCall = "SM0418" Error,
    /// a token without scopes
    NoScopes = "SM0419" Error,
    /// an item that stands twice in a list
    RepeatedItem = "SM0420" Warning,
    /// a token name that steersman keeps for itself
    ReservedName = "SM0421" Error,
    /// an earlier name that is taken
    PreviouslyTaken = "SM0422" Error,
    /// a key that leads out of its store
    UnsafeKey = "SM0423" Error,

    // Sources and accounts.
    /// a text that is no e-mail address
    EmailForm = "SM0501" Error,
    /// a text that does not fit into a cell of the import
    UnsafeText = "SM0502" Error,
    /// a description that is too long
    LongDescription = "SM0503" Error,
    /// a mapping from an attribute that accounts do not have
    UnknownMappingSource = "SM0504" Error,
    /// a value of an attribute that the source does not have
    UnknownAttribute = "SM0505" Error,
    /// a mapping to an attribute that identities seem not to have
    UnknownMappingTarget = "SM0506" Warning,
    /// an identity profile that gives no user name
    NoUserName = "SM0507" Warning,

    // Levels and scopes.
    /// a user level that ISC does not document
    UnknownLevel = "SM0601" Warning,
    /// user levels that one identity cannot hold together
    IncompatibleLevels = "SM0602" Error,
    /// other user levels beside the highest
    AdminWithOthers = "SM0603" Warning,
    /// a user level that none of the tokens needs
    UnneededLevel = "SM0604" Warning,
    /// a scope that does not exist
    UnknownScope = "SM0605" Error,
    /// a scope without effect at the account's user levels
    ScopeWithoutEffect = "SM0606" Warning,
    /// a scope that another one implies
    ImpliedScope = "SM0607" Warning,
    /// a scope that is ignored beside `sp:scopes:all`
    IgnoredScope = "SM0608" Warning,
    /// a call that the account's user levels do not allow
    CallNotAllowed = "SM0609" Error,
    /// tokens that need a user level on an account that has none
    NoLevel = "SM0610" Warning,

    // Policy and the life of tokens.
    /// a user level that the policy forbids
    ForbiddenLevel = "SM0701" Error,
    /// a scope that the policy forbids
    ForbiddenScope = "SM0702" Error,
    /// a token that lives longer than the policy allows
    LifetimeTooLong = "SM0703" Error,
    /// more tokens than ISC allows
    TooManyTokens = "SM0704" Error,
    /// more tokens than ISC allows if all are rotated at once
    RotationPeak = "SM0705" Warning,
    /// a rotation that does not fit the token's life
    RotationMisfit = "SM0706" Error,

    // Secrets.
    /// the tenant's client secret written out
    LiteralClientSecret = "SM0801" Error,
    /// a text that looks like a secret
    LooksLikeSecret = "SM0802" Error,

    // Problems that only the tenant can show; the planner finds them.
    /// the spec cannot be carried out at this tenant
    AtTenant = "SM0900" Error,
    /// the owner does not exist
    OwnerNotFound = "SM0901" Error,
    /// the name is taken by a source of another type
    SourceOfOtherType = "SM0902" Error,
    /// a source that steersman does not manage does not exist
    SourceNotFound = "SM0903" Error,
    /// the tenant has no such user level
    LevelNotAtTenant = "SM0904" Error,
}

impl Code {
    /// Errors that rest on what ISC documents and not on the spec alone, so that
    /// a person can know better.
    fn is_judgement(self) -> bool {
        matches!(
            self,
            Self::UnknownScope | Self::CallNotAllowed | Self::EmailForm | Self::LooksLikeSecret
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes: Vec<&str> = Self::ALL.iter().map(|code| code.as_str()).collect();
        json_schema!({
            "type": "string",
            "description": "The stable code of a kind of problem.",
            "enum": codes,
        })
    }
}

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no code of a problem; codes look like SM0101")]
pub struct UnknownCode {
    text: String,
}

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads a code without regard to case.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .iter()
            .find(|code| code.as_str().eq_ignore_ascii_case(text))
            .copied()
            .ok_or_else(|| UnknownCode {
                text: text.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_round_trip() {
        assert!(
            Code::ALL
                .windows(2)
                .all(|pair| pair[0].as_str() < pair[1].as_str())
        );
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert_eq!(code.as_str().to_lowercase().parse(), Ok(*code));
            assert!(!code.title().is_empty());
        }
        assert!("SM9999".parse::<Code>().is_err());
    }
}
