//! Explanations of the codes about the policy and token lifetimes.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::ForbiddenLevel,
        meaning: "The account has a user level that `policy.forbidUserLevels` lists.",
        why: "The policy excludes this level for all service accounts.",
        fix: "Remove the level, or change the policy.",
        example: Some(Example {
            wrong: &[r"policy:
  forbidUserLevels: [ORG_ADMIN]
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [ORG_ADMIN]
"],
            right: r"policy:
  forbidUserLevels: [ORG_ADMIN]
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORT_ADMIN]
",
        }),
    },
    Explanation {
        code: Code::ForbiddenScope,
        meaning: "The token has a scope that `policy.forbidScopes` lists, written or derived from `calls`.",
        why: "The policy excludes this scope for all tokens.",
        fix: "Remove the scope, or change the policy.",
        example: Some(Example {
            wrong: &[r"policy:
  forbidScopes: [sp:scopes:all]
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:scopes:all]
"],
            right: r"policy:
  forbidScopes: [sp:scopes:all]
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
",
        }),
    },
    Explanation {
        code: Code::LifetimeTooLong,
        meaning: "The token lives longer than `policy.maxTokenLifetime`. Without `expires`, a token lives 90 days.",
        why: "A stolen token can be used until it expires.",
        fix: "Set `expires` to at most the policy's limit.",
        example: Some(Example {
            wrong: &[r"policy:
  maxTokenLifetime: 180d
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: never
"],
            right: r"policy:
  maxTokenLifetime: 180d
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 180d
",
        }),
    },
    Explanation {
        code: Code::TooManyTokens,
        meaning: "The account needs more than 10 tokens, including its issuer token and 1 for rotation.",
        why: "ISC allows 10 tokens per user.",
        fix: "Split the work between two service accounts, or let integrations share a token.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - {name: report-1, scopes: [sp:report:read]}
      - {name: report-2, scopes: [sp:report:read]}
      - {name: report-3, scopes: [sp:report:read]}
      - {name: report-4, scopes: [sp:report:read]}
      - {name: report-5, scopes: [sp:report:read]}
      - {name: report-6, scopes: [sp:report:read]}
      - {name: report-7, scopes: [sp:report:read]}
      - {name: report-8, scopes: [sp:report:read]}
      - {name: report-9, scopes: [sp:report:read]}
      - {name: report-10, scopes: [sp:report:read]}
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - {name: report-1, scopes: [sp:report:read]}
      - {name: report-2, scopes: [sp:report:read]}
      - {name: report-3, scopes: [sp:report:read]}
      - {name: report-4, scopes: [sp:report:read]}
      - {name: report-5, scopes: [sp:report:read]}
      - {name: report-6, scopes: [sp:report:read]}
      - {name: report-7, scopes: [sp:report:read]}
      - {name: report-8, scopes: [sp:report:read]}
      - {name: report-9, scopes: [sp:report:read]}
",
        }),
    },
    Explanation {
        code: Code::RotationPeak,
        meaning: "If all tokens of the account rotate at once, old and new tokens together exceed 10.",
        why: "Rotations must then wait until an overlap ends. With a long overlap, a token can expire first.",
        fix: "Vary `expires`, shorten `overlap`, or split the work between two service accounts.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - {name: report-1, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-2, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-3, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-4, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-5, scopes: [sp:report:read], rotate: {before: 14d}}
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - {name: report-1, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-2, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-3, scopes: [sp:report:read], rotate: {before: 14d}}
      - {name: report-4, scopes: [sp:report:read], rotate: {before: 14d}}
",
        }),
    },
    Explanation {
        code: Code::RotationMisfit,
        meaning: "The rotation is due before the token exists, or the overlap outlasts the token, or the token never expires, or `max` of the overlap is shorter than `min`.",
        why: "Every run would rotate the token, or none would.",
        fix: "Set `before` and `spread` together shorter than `expires`, and `overlap` and `spread` each at most as long as `before`.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 7d
        rotate: {before: 14d}
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
        rotate: {before: 14d}
",
        }),
    },
    Explanation {
        code: Code::RareWindow,
        meaning: "The window opens less often than a due rotation can wait. A rotation waits until the safety margin before the token expires: a quarter of `before`, at most 3 days, and at least the overlap.",
        why: "Some rotations begin outside of the window, because the token would expire otherwise.",
        fix: "Set a longer `before`, or add days to `window`.",
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
        rotate: {before: 7d, window: "Sat 02:00-05:00 UTC"}
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
    Explanation {
        code: Code::EndsForGood,
        meaning: "The token expires, and no file says whether it is rotated. Without `expires`, a token expires after 90 days.",
        why: "What uses the token stops working on the day on which it expires.",
        fix: "Add `rotate` to the token or to `defaults.token`, and run `apply` on a schedule. Write `rotate: never` for a token that is to end.",
        example: Some(Example {
            wrong: &[r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
  token: {deliver: {store: local, key: "{account}/{token}"}}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 90d
"#],
            right: r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
  token: {deliver: {store: local, key: "{account}/{token}"}}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        expires: 90d
        rotate: {before: 14d}
"#,
        }),
    },
];
