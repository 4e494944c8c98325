//! Explanations of the codes about keys and values.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownKey,
        meaning: "The spec format has no such key here.",
        why: "If steersman ignored `userLevel` instead of `userLevels`, the account would keep whatever levels it has.",
        fix: "Correct the spelling, or remove the key.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevel: [REPORT_ADMIN]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORT_ADMIN]
",
        }),
    },
    Explanation {
        code: Code::WrongType,
        meaning: "The value has the wrong type, for example a text instead of a list, or the key has no value.",
        why: r#"steersman does not guess. `userLevels:` without a value could mean "none" or "unchanged", and one of them revokes levels."#,
        fix: "Write a value of the expected type, or remove the key.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: REPORT_ADMIN
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORT_ADMIN]
",
        }),
    },
    Explanation {
        code: Code::MissingKey,
        meaning: "A mapping has no value for a required key.",
        why: "The key has no default that is right for every tenant.",
        fix: "Add the key that the message names.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
",
        }),
    },
    Explanation {
        code: Code::UnknownChoice,
        meaning: "The value is not one of the allowed values of this key.",
        why: "A misspelled value must not silently become a default.",
        fix: "Write one of the values that the message lists.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    unmanaged: remove
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    unmanaged: delete
",
        }),
    },
    Explanation {
        code: Code::Duration,
        meaning: "The value is not a valid duration. A duration has numbers with units, larger units first: `w`, `d`, `h`, `m`, `s`. The limit is 10 years.",
        why: "`90` could mean days or seconds. The lifetime of a token must not depend on a guess.",
        fix: "Add a unit, for example `90d`.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 90
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 90d
",
        }),
    },
    Explanation {
        code: Code::OutOfRange,
        meaning: "The number is outside its limits: percentages are 0 to 100, access tokens are valid for 15 seconds to 12 hours.",
        why: "ISC would refuse the number in the middle of an apply, or replace it without a warning.",
        fix: "Write a number within the limits.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    deleteThreshold: 110
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    deleteThreshold: 10
",
        }),
    },
    Explanation {
        code: Code::ExclusiveKeys,
        meaning: "The mapping has two keys of which only one is allowed.",
        why: "steersman cannot know which of the two is correct.",
        fix: "Remove one of the two keys.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        calls: [POST /search/v1]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        calls: [POST /search/v1]
",
        }),
    },
    Explanation {
        code: Code::Empty,
        meaning: "A text or list that needs a value is empty. A text of spaces counts as empty.",
        why: "An empty name or key is always a mistake, often from a template.",
        fix: "Write a value, or remove the key or item.",
        example: Some(Example {
            wrong: &[r#"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [""]
"#],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: []
",
        }),
    },
    Explanation {
        code: Code::MaintenanceWindow,
        meaning: "A maintenance window is not days and times in UTC, or it is shorter than 15 minutes. A window that ends before it begins ends on the next day.",
        why: "In a local time zone, daylight saving time moves the window, or skips it once a year.",
        fix: "Write days, a time from and to, and `UTC`, as in `Sat 02:00-05:00 UTC`.",
        example: Some(Example {
            wrong: &[r#"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 90d
        rotate: {before: 14d, window: "Saturday 2-5 am"}
"#],
            right: r#"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 90d
        rotate: {before: 14d, window: "Sat 02:00-05:00 UTC"}
"#,
        }),
    },
];
