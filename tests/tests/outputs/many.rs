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
    let text = outputs.text.replace('\u{a0}', " ");
    assert!(text.contains("200 accounts with the same steps"), "{text}");
    // A comment can be cut, so what few get is a part of its own there.
    let markdown = outputs.markdown.replace('\u{a0}', " ");
    for shown in ["2 accounts with the same change", "ROLE_ADMIN"] {
        assert!(markdown.contains(shown), "{shown}: {markdown}");
    }
    assert!(
        markdown.contains("198 accounts with the same change"),
        "{markdown}"
    );
    // What few get comes before what many get.
    for shown in ["2 accounts: user levels ROLE_ADMIN", "198 accounts:"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for text in [&text, &markdown] {
        assert!(text.contains("X-042") && text.contains("X-142"), "{text}");
        assert!(!text.contains("robot150"), "{text}");
    }
    let full = case.world.steersman("plan guide --full").exits(0);
    assert!(full.stdout.contains("robot150") && !full.stdout.contains(" more "));
    assert!(outputs.html.contains("robot150"));
    assert!(outputs.json.contains("robot150"));
    insta::assert_snapshot!(outputs.redacted(&outputs.text));
}
