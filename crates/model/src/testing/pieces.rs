//! Tests of pieces of secrets.

use crate::{REDACTED, Redactor};
use secrecy::SecretString;

fn redactor(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    for secret in secrets {
        redactor.learn(&SecretString::from(*secret));
    }
    redactor
}

/// A program prints the beginning of a value that it refuses, or its end.
#[test]
fn security_s9_pieces_are_found_in_what_others_say() {
    let secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdefFEDCBA9876543210";
    let redactor = redactor(&[secret]);
    for length in [12, 13, 40, 63] {
        for at in 0..=secret.len() - length {
            let piece = &secret[at..at + length];
            let text = format!("invalid value '{piece}...', a\\\"b, x{piece}x");
            let expected = "invalid value '[secret]...', a\\\"b, x[secret]x";
            assert_eq!(redactor.redact_said(&text), expected);
            assert_eq!(
                redactor.redact_bytes(text.as_bytes()).as_ref(),
                expected.as_bytes()
            );
            // Of a plan nothing is replaced that is no secret as a whole.
            assert_eq!(redactor.redact(&text), text);
        }
    }
    let short = format!("{}-", &secret[..11]);
    assert_eq!(redactor.redact_said(&short), short);
}

#[test]
fn security_s9_a_text_costs_the_same_with_any_secret_that_is_cut() {
    let redactor = redactor(&[&format!("{}b", "a".repeat(16_000))]);
    let text = "a".repeat(60_000);
    assert_eq!(redactor.redact_said(&text), REDACTED);
}
