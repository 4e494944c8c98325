//! Redaction as a property: wherever a secret is in a text of the tenant, no layout
//! leaves a part of it.

use super::hostile_text::printed;
use crate::gate;
use model::Redactor;
use proptest::prelude::*;

/// It has what Markdown, HTML, JSON and YAML escape, and is longer than a column.
const SECRET: &str = "s3cr3t_0f<audit01>|and*m0re-7han-a-c0lumn\"h4s`0f&i7_";
/// A part of it that has nothing to escape, as tables, wraps and cuts leave it.
const PART: usize = 6;

/// What of the secret a text has: a part, also without its escapes.
fn left(text: &str) -> Option<&'static str> {
    (0..=SECRET.len() - PART)
        .map(|at| &SECRET[at..at + PART])
        .find(|part| text.contains(part))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn security_m6_no_layout_divides_a_secret(
        before in "[a-z *_<|`]{0,40}",
        after in "[a-z *_<|`]{0,40}",
        width in 30_u16..120,
    ) {
        let redactor = Redactor::default();
        redactor.learn(&SECRET.into());
        let text = format!("{before}{SECRET}{after}");
        for (what, printed) in printed(&text, width, &redactor) {
            // As the program prints it.
            let printed = gate(&redactor.redact_layout(&printed)).into_owned();
            prop_assert_eq!(left(&printed), None, "{}: {}", what, printed);
        }
    }
}

/// Each output has the text, and the search finds it there, so the property holds because
/// of the redaction.
#[test]
fn every_output_has_the_text() {
    for (what, printed) in printed(SECRET, 60, &Redactor::default()) {
        assert!(left(&printed).is_some(), "{what}: {printed}");
    }
}
