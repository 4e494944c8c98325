//! Digests and fingerprints over canonical JSON.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 digest of some value's JSON, as 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

/// The digest of a live object as it was when the plan was made.
pub type Fingerprint = Digest;

impl Digest {
    /// The digest of the value's JSON form. Maps have to be ordered (`BTreeMap`)
    /// for equal values to have equal digests.
    pub fn of<T: Serialize>(value: &T) -> Self {
        // Our types have string keys and finite numbers only, for which
        // serialisation to JSON cannot fail; were it to, the text of the error
        // stands for the value and compares as different.
        let bytes =
            serde_json::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes());
        Self::of_bytes(&bytes)
    }

    /// The digest of the bytes themselves.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// All 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 12 digits: enough for a person to compare.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
