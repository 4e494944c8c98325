//! Explanations of the codes about user levels and scopes.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownLevel,
        meaning: "ISC does not document this user level. A custom level of your tenant is valid.",
        why: "ISC's documents disagree, and tenants can have custom levels, so this is only a warning.",
        fix: "Correct the name, or ignore the warning for a custom level. `plan` looks it up in the tenant.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORTADMIN]
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
        code: Code::IncompatibleLevels,
        meaning: "ISC does not allow one identity to hold these two user levels.",
        why: "ISC would refuse the change in the middle of an apply.",
        fix: "Remove one of the two, or split the work between two service accounts.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [SOURCE_ADMIN, SOURCE_SUBADMIN]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [SOURCE_SUBADMIN]
",
        }),
    },
    Explanation {
        code: Code::AdminWithOthers,
        meaning: "The account holds ORG_ADMIN and other user levels.",
        why: "SailPoint discourages this, because ORG_ADMIN already allows almost everything.",
        fix: "Remove ORG_ADMIN if the other levels are enough.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [ORG_ADMIN, REPORT_ADMIN]
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
        code: Code::UnneededLevel,
        meaning: "The tokens of the account can make the same calls without this user level.",
        why: "An attacker who obtains the account also obtains the unused level.",
        fix: "Remove the level, unless the account uses it in the ISC UI.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [SOURCE_ADMIN, CERT_ADMIN]
    tokens:
      - name: sources
        scopes: [idn:sources:manage]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [SOURCE_ADMIN]
    tokens:
      - name: sources
        scopes: [idn:sources:manage]
",
        }),
    },
    Explanation {
        code: Code::UnknownScope,
        meaning: "No public operation of ISC has this scope.",
        why: "ISC accepts any text as a scope. The token would be created, but its calls would fail.",
        fix: "Correct the scope, or declare `calls` instead.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:serach:read]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:search:read]
",
        }),
    },
    Explanation {
        code: Code::ScopeWithoutEffect,
        meaning: "The scope allows no calls at the account's user levels.",
        why: "ISC accepts the scope without a warning, but answers its calls with 403.",
        fix: "Remove the scope, or add a user level that allows its calls.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [HELPDESK]
    tokens:
      - name: tasks
        scopes: [idn:task-management:read, idn:access-model-metadata:create]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [HELPDESK]
    tokens:
      - name: tasks
        scopes: [idn:task-management:read]
",
        }),
    },
    Explanation {
        code: Code::ImpliedScope,
        meaning: "Another scope of the token allows everything that this scope allows.",
        why: "A short list of scopes is easier to review.",
        fix: "Remove the included scope.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [idn:accounts:manage, idn:accounts:read]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [idn:accounts:manage]
",
        }),
    },
    Explanation {
        code: Code::IgnoredScope,
        meaning: "The token has `sp:scopes:all`, so ISC ignores its other scopes.",
        why: "The list looks restricted, but the token may do everything.",
        fix: "Remove `sp:scopes:all`, or remove the other scopes.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:scopes:all, sp:search:read]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:search:read]
",
        }),
    },
    Explanation {
        code: Code::CallNotAllowed,
        meaning: "The account's user levels do not allow a declared call of its token.",
        why: "ISC would answer the call with 403, whatever the scopes.",
        fix: "Add a user level that allows the call, or remove the call.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [ROLE_SUBADMIN]
    tokens:
      - name: sources
        calls: [GET /sources/v1, POST /sources/v1]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [SOURCE_ADMIN]
    tokens:
      - name: sources
        calls: [GET /sources/v1, POST /sources/v1]
",
        }),
    },
    Explanation {
        code: Code::NoLevel,
        meaning: "The account has no user levels, but its tokens have scopes that need one.",
        why: "The tokens would be created, but these scopes would allow no calls.",
        fix: "Add the user level that the calls need.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: []
    tokens:
      - name: metadata
        scopes: [idn:access-model-metadata:create]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [ORG_ADMIN]
    tokens:
      - name: metadata
        scopes: [idn:access-model-metadata:create]
",
        }),
    },
];
