//! Problems of keys and values.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownKey,
        meaning: "The key is none of the language's at this place.",
        why: "A misspelt key would be ignored in silence: `userLevel` instead of `userLevels` would leave an account with the levels it happens to have.",
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
        meaning: "The value is of another kind than the key needs: a text instead of a list, or nothing at all.",
        why: r#"steersman does not guess. `userLevels:` with nothing behind it could mean "none" or "leave alone", and the difference is a revoked level."#,
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
        meaning: "A thing lacks a key that it cannot do without.",
        why: "There is no default that would be right for everybody.",
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
        meaning: "The value has to be one of a few words, and is another one.",
        why: "A misspelt word must not fall back to some default in silence.",
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
        meaning: "The text is no duration. Durations are numbers with units, the larger unit first: `w`, `d`, `h`, `m`, `s`; at most ten years.",
        why: "`90` could be days or seconds; a token's life is too important for a guess.",
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
        meaning: "The number is outside of what ISC accepts: a share is 0 to 100 percent, an access token is valid for 15 seconds to 12 hours.",
        why: "ISC would refuse it, or take another number in silence, in the middle of an apply.",
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
        meaning: "Two keys exclude each other, and both are written.",
        why: "Either could be meant.",
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
        meaning: "The text is empty, or blanks only, where something has to be said.",
        why: "An empty name or key is always a mistake, most often of a template.",
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
];
