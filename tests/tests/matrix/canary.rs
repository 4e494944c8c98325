//! Whether something written has a secret, in any form.

use std::collections::HashSet;
use tests::forms::{forms, found};

/// How an access token of the simulator begins.
const ACCESS_TOKEN: &str = "eyJhbGciOi";
/// As long as no secret is by accident.
const BEGINNING: usize = 8;

/// Secrets to be looked for in many texts.
pub(crate) struct Canary {
    secrets: Vec<String>,
    beginnings: HashSet<[u8; BEGINNING]>,
}

impl Canary {
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let secrets: Vec<String> = secrets.into_iter().collect();
        let beginnings = secrets
            .iter()
            .flat_map(|secret| forms(secret))
            .filter_map(|form| form.as_bytes().first_chunk().copied())
            .collect();
        Self {
            secrets,
            beginnings,
        }
    }

    /// Whether a text has one of them. The search for all forms is slow, so it is made only
    /// where the text has the beginning of one.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        if text.contains(ACCESS_TOKEN) {
            return true;
        }
        let joined: Vec<u8> = text
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let begins = joined
            .windows(BEGINNING)
            .filter_map(|window| window.first_chunk())
            .any(|window| self.beginnings.contains(window));
        begins && !found(text, &self.secrets).is_empty()
    }
}

#[test]
fn a_canary_is_found_in_any_form() {
    let canary = Canary::new(["733363723374f00d".to_owned()]);
    for text in [
        "x 733363723374f00d y",
        "NzMzMzYzNzIzMzc0ZjAwZA==",
        "eyJhbGciOiJub25lIn0.e30.",
        "73336\n3723374f00d",
    ] {
        assert!(canary.is_in(text), "{text}");
    }
    assert!(!canary.is_in("733363723374"));
}
