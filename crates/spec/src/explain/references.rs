//! Explanations of the codes about references, empty lists of permissions and reserved names.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownAccountProfile,
        meaning: "The service account takes a profile that no file declares.",
        why: "Without it, the account would get other levels and other store locations than intended.",
        fix: "Correct the name, or declare the profile under `profiles`.",
        example: Some(Example {
            wrong: &[r"profiles:
  reporting:
    userLevels: [REPORT_ADMIN]
serviceAccounts:
  - id: SA-001
    profile: reportin
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
"],
            right: r"profiles:
  reporting:
    userLevels: [REPORT_ADMIN]
serviceAccounts:
  - id: SA-001
    profile: reporting
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
    Explanation {
        code: Code::UnknownSource,
        meaning: "The service account names a source that no file declares.",
        why: "steersman must know whether it manages the accounts of the source, or only levels and tokens.",
        fix: "Correct the name, or declare the source under `sources`.",
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
        meaning: "The service account has no `source`, and the spec does not have exactly 1 managed source as the default.",
        why: "On the wrong source, steersman would create an account in the wrong place.",
        fix: "Add `source` with the name of a declared source.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
  - name: Integrations
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
  - name: Integrations
    owner: jane.doe
serviceAccounts:
  - source: Integrations
    id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
    Explanation {
        code: Code::KeyNotHere,
        meaning: "The key is not allowed here. Settings and row keys need a managed source; `account` needs a source with `managed: false`.",
        why: "steersman would have to ignore the key, and the file would promise a setting that is never applied.",
        fix: "Remove the key, or change `managed` of the source.",
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
        meaning: "The text is not an operation of ISC. A call is a method and a path, or the id of an operation.",
        why: "steersman finds the least scopes from the calls, and cannot do so for an unknown call.",
        fix: "Correct the call, for example `POST /search/v1`.",
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
        meaning: "The `scopes` or `calls` of the token are an empty list.",
        why: "ISC treats a token without scopes as one with `sp:scopes:all`. The empty list would grant the most, not the least.",
        fix: "List the scopes or calls, or write `sp:scopes:default`.",
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
        meaning: "The token name contains `~retiring-`, or begins with `steersman-issuer~`.",
        why: "steersman gives the first mark to old tokens during a rotation, and revokes them later. It gives the second one to the issuer tokens that it creates.",
        fix: "Choose another token name.",
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
