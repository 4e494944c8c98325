//! Diagnostic codes (`SM0101`), their severities and titles.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is planned or applied before it is fixed.
    Error,
    /// Probably a mistake; it stops nothing.
    Warning,
}

macro_rules! codes {
    ($($(#[doc = $title:literal])+ $name:ident = $code:literal $severity:ident,)*) => {
        /// The kind of a problem. A code never changes its meaning.
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

            /// The severity of the problem.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }

            /// Whether `--allow` accepts the code: warnings, and errors that a person
            /// can overrule because the spec is still unambiguous.
            pub fn can_be_allowed(self) -> bool {
                self.severity() == Severity::Warning || self.is_judgement()
            }

            /// The title, which names the defect.
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
    /// file is not UTF-8
    NotUtf8 = "SM0101" Error,
    /// invalid YAML
    Syntax = "SM0102" Error,
    /// unsupported YAML feature
    YamlFeature = "SM0103" Error,
    /// file too large or too deeply nested
    TooLarge = "SM0104" Error,
    /// key set twice in one mapping
    DuplicateKey = "SM0105" Error,
    /// more than one YAML document in a file
    SeveralDocuments = "SM0106" Error,
    /// unsupported spec version
    Version = "SM0107" Error,
    /// policy left out by an ignore rule
    PolicyLeftOut = "SM0108" Warning,

    // Shape.
    /// unknown key
    UnknownKey = "SM0201" Error,
    /// value of the wrong type
    WrongType = "SM0202" Error,
    /// missing key
    MissingKey = "SM0203" Error,
    /// value is not an allowed choice
    UnknownChoice = "SM0204" Error,
    /// invalid duration
    Duration = "SM0205" Error,
    /// number out of range
    OutOfRange = "SM0206" Error,
    /// keys that exclude each other
    ExclusiveKeys = "SM0207" Error,
    /// empty text or list
    Empty = "SM0208" Error,
    /// invalid maintenance window
    MaintenanceWindow = "SM0209" Error,

    // Variables.
    /// variable not set
    UnsetVariable = "SM0301" Error,
    /// invalid variable reference
    MalformedVariable = "SM0302" Error,
    /// invalid entry in `variables`
    VariableEntry = "SM0303" Error,
    /// text too long with its variables
    LongExpansion = "SM0304" Error,

    // Names and references.
    /// section declared in more than one file
    SectionTwice = "SM0401" Error,
    /// source declared twice
    DuplicateSource = "SM0402" Error,
    /// service account declared twice
    DuplicateAccountId = "SM0403" Error,
    /// account name used twice on one source
    DuplicateAccountName = "SM0404" Error,
    /// token declared twice for one account
    DuplicateToken = "SM0405" Error,
    /// store declared twice
    DuplicateStore = "SM0406" Error,
    /// two secrets with the same store key
    DuplicateStoreKey = "SM0407" Error,
    /// undeclared source
    UnknownSource = "SM0408" Error,
    /// undeclared store
    UnknownStore = "SM0409" Error,
    /// ambiguous or missing source of a service account
    NoSource = "SM0410" Error,
    /// no store location for a token's secret
    NoDelivery = "SM0411" Error,
    /// attribute declared twice
    DuplicateAttribute = "SM0412" Error,
    /// key not allowed for this kind of source or account
    KeyNotHere = "SM0413" Error,
    /// unknown placeholder
    UnknownPlaceholder = "SM0414" Error,
    /// store command without `{key}`
    NoKeyPlaceholder = "SM0415" Error,
    /// identity profile declared twice
    DuplicateProfile = "SM0416" Error,
    /// no store location for the account's issuer token
    NoIssuer = "SM0417" Error,

    /// unknown API call
    UnknownCall = "SM0418" Error,
    /// empty list of scopes or calls
    NoScopes = "SM0419" Error,
    /// item listed twice
    RepeatedItem = "SM0420" Warning,
    /// reserved token name
    ReservedName = "SM0421" Error,
    /// earlier id or name already in use
    PreviouslyTaken = "SM0422" Error,
    /// invalid store key
    UnsafeKey = "SM0423" Error,
    /// issuer token in a store that cannot be read
    WriteOnlyIssuer = "SM0424" Error,
    /// single field in a store that can be read
    FieldInReadableStore = "SM0425" Error,
    /// secret delivered to a store that is only read
    ReadOnlyDelivery = "SM0426" Error,
    /// store key without `{tenant}` in a repository of several tenants
    KeyOfAllTenants = "SM0427" Warning,
    /// two accounts with the same user name
    SameUserName = "SM0430" Error,
    /// account ids that differ only in case
    SimilarIds = "SM0431" Warning,
    /// store key in the folder of another key
    KeyBelowKey = "SM0432" Error,
    /// one identity declared in two ways
    SharedIdentity = "SM0433" Error,
    /// undeclared profile
    UnknownAccountProfile = "SM0434" Error,
    /// profile declared twice
    DuplicateAccountProfile = "SM0435" Error,

    // Sources and accounts.
    /// invalid email address
    EmailForm = "SM0501" Error,
    /// text does not fit into a CSV cell
    UnsafeText = "SM0502" Error,
    /// source description too long
    LongDescription = "SM0503" Error,
    /// mapping from an unknown account attribute
    UnknownMappingSource = "SM0504" Error,
    /// unknown account attribute
    UnknownAttribute = "SM0505" Error,
    /// mapping to an undocumented identity attribute
    UnknownMappingTarget = "SM0506" Warning,
    /// identity profile without a user name mapping
    NoUserName = "SM0507" Warning,
    /// approved identity not named by its ID
    NotAnIdentityId = "SM0508" Error,
    /// name with a character that is not what it seems
    HiddenCharacter = "SM0510" Error,
    /// unusual character in a CSV cell
    UnusualText = "SM0511" Warning,

    // Levels and scopes.
    /// undocumented user level
    UnknownLevel = "SM0601" Warning,
    /// conflicting user levels
    IncompatibleLevels = "SM0602" Error,
    /// `ORG_ADMIN` combined with other user levels
    AdminWithOthers = "SM0603" Warning,
    /// user level that no token needs
    UnneededLevel = "SM0604" Warning,
    /// unknown scope
    UnknownScope = "SM0605" Error,
    /// scope without effect at the account's user levels
    ScopeWithoutEffect = "SM0606" Warning,
    /// scope included in another scope
    ImpliedScope = "SM0607" Warning,
    /// scope ignored because of `sp:scopes:all`
    IgnoredScope = "SM0608" Warning,
    /// call not allowed at the account's user levels
    CallNotAllowed = "SM0609" Error,
    /// scopes that need a user level on an account without one
    NoLevel = "SM0610" Warning,

    // Policy and the lifetime of tokens.
    /// user level forbidden by the policy
    ForbiddenLevel = "SM0701" Error,
    /// scope forbidden by the policy
    ForbiddenScope = "SM0702" Error,
    /// token lifetime longer than the policy allows
    LifetimeTooLong = "SM0703" Error,
    /// more tokens than ISC allows
    TooManyTokens = "SM0704" Error,
    /// more tokens than ISC allows during rotation
    RotationPeak = "SM0705" Warning,
    /// rotation does not fit the token's lifetime
    RotationMisfit = "SM0706" Error,
    /// maintenance window opens too rarely for the rotation
    RareWindow = "SM0707" Warning,
    /// token that expires and is not replaced
    EndsForGood = "SM0708" Warning,

    // Secrets.
    /// client secret in plain text
    LiteralClientSecret = "SM0801" Error,
    /// possible secret in plain text
    LooksLikeSecret = "SM0802" Error,
    /// wrong address of the tenant
    TenantAddress = "SM0803" Error,
    /// address or key of a receiver of notices in plain text
    LiteralNoticeAddress = "SM0804" Error,

    // Problems that only the tenant can show; the planner finds them.
    /// spec not possible in this tenant
    AtTenant = "SM0900" Error,
    /// owner not found in the tenant
    OwnerNotFound = "SM0901" Error,
    /// source name taken by a source of another type
    SourceOfOtherType = "SM0902" Error,
    /// source not found in the tenant
    SourceNotFound = "SM0903" Error,
    /// user level not found in the tenant
    LevelNotAtTenant = "SM0904" Error,
    /// source setting that a CSV import does not follow
    UnsupportedFile = "SM0905" Error,
    /// CSV row that ISC would take for a comment
    SkippedRow = "SM0906" Error,
    /// owner is deactivated in the tenant
    OwnerInactive = "SM0907" Warning,
    /// name of an identity profile already in use in the tenant
    ProfileNameTaken = "SM0910" Error,
    /// name or user name of another account in the tenant
    NameTaken = "SM0911" Error,
    /// source renamed in the tenant
    SourceRenamed = "SM0912" Error,
    /// attribute with several values
    SeveralValues = "SM0915" Error,
}

impl Code {
    /// Errors that depend on ISC's documentation and not on the spec alone, so that
    /// a person can know better.
    fn is_judgement(self) -> bool {
        matches!(
            self,
            Self::UnknownScope
                | Self::CallNotAllowed
                | Self::EmailForm
                | Self::HiddenCharacter
                | Self::LooksLikeSecret
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

/// A text that is not a diagnostic code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown diagnostic code `{text}`; codes look like SM0101")]
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
