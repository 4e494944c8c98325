//! Public keys of age. A mistyped one would only show when a secret is
//! delivered, so its check sum is looked at here.

/// What is wrong with a text as a public key of age (Bech32 of 32 bytes, with
/// the prefix `age`).
pub(super) fn fault(text: &str) -> Option<&'static str> {
    const CHARACTERS: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    /// 256 bits in groups of five, and six groups of check sum.
    const LENGTH: usize = 52 + 6;

    let Some(data) = text.strip_prefix("age1") else {
        return Some("it does not begin with `age1`");
    };
    if data.len() != LENGTH {
        return Some("it is not 62 characters long");
    }
    // The prefix counts with its high bits first, then a zero, then its low bits.
    let high = b"age".iter().map(|byte| byte >> 5);
    let low = b"age".iter().map(|byte| byte & 31);
    let mut sum = high.chain([0]).chain(low).fold(1, add);
    for byte in data.bytes() {
        let Some(group) = CHARACTERS.iter().position(|known| *known == byte) else {
            return Some("it has a character that such keys do not have");
        };
        sum = add(sum, u8::try_from(group).unwrap_or_default());
    }
    (sum != 1).then_some("it is mistyped: its check sum is wrong")
}

/// One step of Bech32's check sum (BIP 173): a remainder of polynomials.
fn add(sum: u32, group: u8) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let top = sum >> 25;
    let shifted = ((sum & 0x01ff_ffff) << 5) ^ u32::from(group);
    GENERATOR
        .iter()
        .enumerate()
        .filter(|(bit, _)| (top >> bit) & 1 == 1)
        .fold(shifted, |sum, (_, generator)| sum ^ generator)
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
            ("", "begin"),
            ("ssh-ed25519 AAAA", "begin"),
            ("age1", "long"),
            (&KEY[..61], "long"),
            (&KEY.replace('q', "b"), "character"),
            (&KEY.to_uppercase(), "begin"),
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
            assert!(
                fault(&mistyped).unwrap().contains("check sum"),
                "{mistyped}"
            );
        }
    }
}
