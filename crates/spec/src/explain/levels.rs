//! Problems of user levels and scopes.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownLevel,
        meaning: "The user level is none that ISC documents. If it is one of your tenant's own, all is well.",
        why: "The documents disagree and tenants have levels of their own, so this is a warning; `plan` asks the tenant.",
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
        meaning: "ISC does not let one identity hold these two levels.",
        why: "The change would be refused in the middle of an apply.",
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
        meaning: "The account holds ORG_ADMIN and other levels.",
        why: "SailPoint discourages it: ORG_ADMIN may do almost everything already. An account that needs only the others is safer without it.",
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
        meaning: "Without this level the account's tokens open the same calls.",
        why: "A level that nobody needs is what an attacker finds.",
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
        meaning: "No public operation of ISC names this scope.",
        why: "ISC accepts any text as a scope, in silence. The token would be minted, and the calls would fail.",
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
        meaning: "At the account's user levels the scope opens nothing.",
        why: "ISC accepts it in silence, and the calls that it was meant for answer 403.",
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
        meaning: "Another scope of the token opens everything that this one opens.",
        why: "A short list of scopes can be reviewed.",
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
        meaning: "With `sp:scopes:all` ISC ignores all other scopes.",
        why: "The list looks narrow, and the token may do everything.",
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
        meaning: "The account's user levels do not allow a call that its token is declared to make.",
        why: "The call would answer 403, whatever the scopes.",
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
        meaning: "The account is declared to hold no user level, and its tokens have scopes that have no effect without one.",
        why: "The tokens would be minted and open nothing.",
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
