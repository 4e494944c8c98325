//! Explanations of problems with sources that accounts name, and calls that tokens name.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownSource,
        meaning: "The service account names a source that no file declares.",
        why: "steersman has to know whether it makes the accounts there or only adds levels and tokens.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - source: Active Directry
    account: svc-backup
"],
            right: r"serviceAccounts:
  - source: Active Directory
    account: svc-backup
",
        }),
    },
    Explanation {
        code: Code::NoSource,
        meaning: "The service account names no source, and there is not exactly one managed source that it could be on.",
        why: "Putting it on the wrong source would make an account in the wrong place.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
  - name: Robots
    owner: jane.doe
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
  - name: Robots
    owner: jane.doe
serviceAccounts:
  - source: Robots
    id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
    Explanation {
        code: Code::KeyNotHere,
        meaning: "The key belongs to another kind: keys of a row to accounts on a managed source, `account` to accounts elsewhere, and settings to managed sources.",
        why: "It would be ignored in silence.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - source: Active Directory
    account: svc-backup
    email: ops@example.com
"],
            right: r"serviceAccounts:
  - source: Active Directory
    account: svc-backup
",
        }),
    },
    Explanation {
        code: Code::UnknownCall,
        meaning: "The text names no operation of ISC's. A call is a method and a path, or the id of an operation.",
        why: "The least scopes are worked out from the calls; of an unknown one they cannot be.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        calls: [POST /serach/v1]
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
        code: Code::NoScopes,
        meaning: "The token's list of scopes, or of calls, is empty.",
        why: "ISC takes a token without scopes for one with `sp:scopes:all`: the empty list would give the most and not the least.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: []
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:scopes:default]
",
        }),
    },
    Explanation {
        code: Code::ReservedName,
        meaning: "The token's name has `~retiring-` in it.",
        why: "steersman marks tokens that are being replaced with it, and revokes them when their time is over.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report~retiring-20260101
        scopes: [sp:report:read]
"],
            right: r"serviceAccounts:
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
];
