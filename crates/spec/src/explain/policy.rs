//! Problems of policy and of the life of tokens.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::ForbiddenLevel,
        meaning: "The policy forbids this user level.",
        why: "Somebody decided that no service account may have it.",
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
        meaning: "The policy forbids this scope, written or worked out from calls.",
        why: "Somebody decided that no token may have it.",
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
        meaning: "The token lives longer than `policy.maxTokenLifetime`. Where nothing is said, a token lives 90 days.",
        why: "A stolen token is worth as much as it has time left.",
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
        meaning: "The account would have more than ten tokens, its issuer and the place that a rotation needs included.",
        why: "ISC allows ten tokens for one user.",
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
        meaning: "If all of the account's tokens were rotated at once, old and new ones together would be more than ten.",
        why: "Rotations then wait for each other's overlap to end. With a long overlap some could come too late.",
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
        meaning: "The token is rotated before it lives, or the old one is to be kept longer than it lives, or the token never ends.",
        why: "It would be replaced by every run, or never.",
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
];
