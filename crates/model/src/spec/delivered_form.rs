//! Form of a delivered secret: the text that a store gets.

use serde::Serialize;

/// The form in which a secret is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveredForm {
    /// A JSON object.
    #[default]
    Json,
    /// Lines of `NAME=VALUE` that a shell and most tools read.
    Dotenv,
    /// The configuration file of SailPoint's command line.
    Sail,
    /// One value without anything else. It does not say whose it is.
    Field(SecretField),
}

/// One value of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretField {
    /// The tenant's API address.
    BaseUrl,
    /// The OAuth client id.
    ClientId,
    /// The OAuth client secret.
    ClientSecret,
}

impl DeliveredForm {
    /// Whether it is the usual one, which needs no mention.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}
