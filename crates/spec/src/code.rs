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

    // Levels, scopes, calls.
    /// a call that ISC does not have
    UnknownCall = "SM0601" Error,
    /// a token without scopes
    NoScopes = "SM0602" Error,

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
