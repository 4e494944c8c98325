//! Checks age public keys (Bech32).
//!
//! A mistyped key would only show when a secret is delivered.

use bech32::Bech32;
use bech32::primitives::decode::UncheckedHrpstring;

/// What is wrong with a text as a public key of age: Bech32 of 32 bytes, with
/// the prefix `age`.
pub(super) fn fault(text: &str) -> Option<&'static str> {
    /// The prefix and its separator.
    const PREFIX: &str = "age1";
    /// 256 bits in groups of five, and six groups of checksum.
    const LENGTH: usize = 52 + 6;
    const CHARACTER: &str = "invalid character";

    let Some(data) = text.strip_prefix(PREFIX) else {
        return Some("missing prefix `age1`");
    };
    if data.len() != LENGTH {
        return Some("length is not 62 characters");
    }
    // The last `1` separates, so a key with another one has another prefix.
    match UncheckedHrpstring::new(text) {
        Ok(parts) if parts.hrp().as_str() == "age" => parts
            .validate_checksum::<Bech32>()
            .is_err()
            .then_some("wrong checksum, so the key is mistyped"),
        Ok(_) | Err(_) => Some(CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    /// A key that age's own library made.
    const KEY: &str = "age1gtlsq46gl2y723atu733v7jva6a36dxfxzgg95nlr6nwmjf28gcsn7xf7s";

    #[test]
    fn keys() {
        assert_eq!(fault(KEY), None);
        for (text, expected) in [
            ("", "prefix"),
            ("ssh-ed25519 AAAA", "prefix"),
            ("age1", "length"),
            (&KEY[..61], "length"),
            (&KEY.replace('q', "b"), "character"),
            (&KEY.to_uppercase(), "prefix"),
        ] {
            assert!(fault(text).unwrap().contains(expected), "{text}");
        }
    }

    #[test]
    fn every_single_mistyped_character_is_found() {
        for index in 4..KEY.len() {
            let mut mistyped = KEY.as_bytes().to_vec();
            mistyped[index] = if mistyped[index] == b'q' { b'p' } else { b'q' };
            let mistyped = String::from_utf8(mistyped).unwrap();
            assert!(fault(&mistyped).unwrap().contains("checksum"), "{mistyped}");
        }
    }
}
