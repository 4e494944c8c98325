//! Generates identifiers that look random, the same in each run.

use serde::{Deserialize, Serialize};

/// A source of identifiers. It is part of the state, so an identifier is never given twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ids {
    seed: u64,
    next: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, next: 0 }
    }

    /// 32 hexadecimal digits, as most of ISC's identifiers are.
    pub(crate) fn hex(&mut self) -> String {
        let (high, low) = (self.draw(), self.draw());
        format!("{high:016x}{low:016x}")
    }

    /// A UUID with dashes, as identity profiles and custom user levels have them.
    pub(crate) fn uuid(&mut self) -> String {
        let hex = self.hex();
        // The version and variant digits make it a well-formed version 4 UUID.
        format!(
            "{}-{}-4{}-a{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }

    /// 64 hexadecimal digits, as the secrets of personal access tokens are. Nothing about it is secret.
    pub(crate) fn secret(&mut self) -> String {
        self.hex() + &self.hex()
    }

    /// A number that marks this tenant, for signatures that are only meant to look like one.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    fn draw(&mut self) -> u64 {
        self.next += 1;
        scramble(
            self.seed
                .wrapping_add(self.next.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        )
    }
}

/// A finalizer with good avalanche, so that neighbors in, strangers out.
pub(crate) fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stable fingerprint of some bytes. Not cryptographic.
pub(crate) fn fingerprint(seed: u64, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(scramble(seed ^ 0x51ed_270b), |hash, byte| {
            scramble(hash ^ u64::from(*byte))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn identifiers_differ_and_have_their_form() {
        let mut ids = Ids::new(7);
        let drawn: BTreeSet<_> = (0..1000).map(|_| ids.hex()).collect();
        assert_eq!(drawn.len(), 1000);
        let uuid = ids.uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(ids.secret().len(), 64);
    }
}
