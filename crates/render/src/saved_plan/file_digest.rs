//! Digest of a saved plan's file, for handing it over beside the file.

use model::Digest;
use std::fmt;
use std::str::FromStr;

/// The SHA-256 digest of the bytes of a file, as `sha256sum` counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDigest(String);

/// A text that is not a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected sha256: and 64 hexadecimal digits, as `plan --save` prints it")]
pub struct FileDigestError;

impl FileDigest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Digest::of_bytes(bytes).as_str().to_owned())
    }
}

impl fmt::Display for FileDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256:{}", self.0)
    }
}

impl FromStr for FileDigest {
    type Err = FileDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let fits = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self(digits.to_ascii_lowercase()))
            .ok_or(FileDigestError)
    }
}

#[cfg(test)]
mod tests {
    use super::{FileDigest, FileDigestError};

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = FileDigest::of(b"plan");
        let text = digest.to_string();
        assert_eq!(text.parse(), Ok(digest.clone()));
        assert_eq!(text["sha256:".len()..].to_uppercase().parse(), Ok(digest));
        for wrong in ["", "sha256:", "sha256:00", "md5:00", &text[..70]] {
            assert_eq!(wrong.parse::<FileDigest>(), Err(FileDigestError), "{wrong}");
        }
    }
}
