//! Plans that are too long to be read line by line.

use crate::case::Case;
use std::fmt::Write as _;

/// The guide with many more accounts, two of which get more than the others.
pub(crate) fn many(number: usize) -> Case {
    let case = Case::new("guide");
    let mut more = case.world.read("guide/steersman.yaml");
    for index in 0..number {
        let level = if index % 100 == 42 {
            "ROLE_ADMIN"
        } else {
            "REPORT_ADMIN"
        };
        write!(
            more,
            "\n  - id: X-{index:03}\n    name: robot{index:03}\n    email: robots@example.com\n    purpose: Do job {index}\n    userLevels: [{level}]\n"
        )
        .unwrap();
    }
    case.world.write("guide/steersman.yaml", more);
    case
}

#[test]
fn accounts_that_are_alike_are_counted_and_others_are_not() {
    let case = many(200);
    let outputs = case.plan("", 0);
    for text in [&outputs.text, &outputs.markdown] {
        assert!(text.contains("200 accounts with the same steps"), "{text}");
        // What few get comes before what many get.
        for shown in [
            "2 accounts: user levels ROLE_ADMIN",
            "X-042",
            "X-142",
            "198 accounts:",
        ] {
            assert!(
                text.replace('\u{a0}', " ").contains(shown),
                "{shown}: {text}"
            );
        }
        assert!(!text.contains("robot150"), "{text}");
    }
    let full = case.world.steersman("plan guide --full").exits(0);
    assert!(full.stdout.contains("robot150") && !full.stdout.contains(" more "));
    assert!(outputs.html.contains("robot150"));
    assert!(outputs.json.contains("robot150"));
    insta::assert_snapshot!(outputs.redacted(&outputs.text));
}
