//! Digests and fingerprints over canonical JSON.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::{self, BufWriter};

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
        let mut hasher = BufWriter::with_capacity(1024, Hasher(Sha256::new()));
        match serde_json::to_writer(&mut hasher, value) {
            Ok(()) => match hasher.into_inner() {
                Ok(Hasher(hasher)) => Self::of_hash(&hasher.finalize()),
                Err(error) => Self::of_bytes(error.to_string().as_bytes()),
            },
            Err(error) => Self::of_bytes(error.to_string().as_bytes()),
        }
    }

    /// The digest of the bytes themselves.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::of_hash(&Sha256::digest(bytes))
    }

    fn of_hash(hash: &[u8]) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in hash {
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

/// Hashes what is written, so that the JSON of a large value is never in memory.
struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
