//! Names and ids, each with a type of its own.
//!
//! So an identity's id cannot be passed where an account's id is expected. A copy
//! shares the text: a plan names each account in its steps, their addresses, what they
//! wait for and its report.

use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
    )*};
}

names! {
    /// A source's name, unique in a tenant.
    SourceName;
    /// A source's id, given by ISC.
    SourceId;
    /// An account schema's id, given by ISC.
    SchemaId;
    /// An identity profile's id, given by ISC.
    ProfileId;
    /// An account's id, given by ISC (not the id on the source).
    AccountId;
    /// An account's id on its source: the `id` column of a service account's row.
    NativeIdentity;
    /// An account's name: the `name` column, and by the usual mapping the
    /// identity's alias.
    AccountName;
    /// What a service account is called in addresses: its declared `id`, or on
    /// a source that is not managed its account name. Unique in a spec.
    AccountKey;
    /// An identity's id, given by ISC.
    IdentityId;
    /// A personal access token's id, which is also its OAuth client id.
    TokenId;
    /// A personal access token's name, unique for its owner.
    TokenName;
    /// A task's id, given by ISC.
    TaskId;
    /// A user level's id, such as `REPORT_ADMIN`.
    UserLevel;
    /// An API scope, such as `sp:search:read`.
    Scope;
    /// An attribute of an identity, such as `uid`.
    IdentityAttribute;
    /// An attribute of an account schema, such as `e-mail`.
    AccountAttribute;
    /// A store's name in the spec.
    StoreName;
}
