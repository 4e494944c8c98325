//! Explanations of the codes about objects declared twice.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::DuplicateAccountProfile,
        meaning: "Two files declare a profile of the same name.",
        why: "Which of them an account would take is not defined.",
        fix: "Keep one of the two, or give it another name.",
        example: Some(Example {
            wrong: &[
                r"profiles:
  reporting:
    userLevels: [REPORT_ADMIN]
",
                r"profiles:
  reporting:
    userLevels: [HELPDESK]
",
            ],
            right: r"profiles:
  reporting:
    userLevels: [REPORT_ADMIN]
  auditing:
    userLevels: [HELPDESK]
",
        }),
    },
    Explanation {
        code: Code::SectionTwice,
        meaning: "More than one file declares `tenant`, `policy` or `defaults`.",
        why: "Otherwise file names would decide which of the two applies.",
        fix: "Keep the section in one file, or pass only the files that belong together.",
        example: Some(Example {
            wrong: &[
                r"policy:
  maxTokenLifetime: 90d
",
                r"policy:
  maxTokenLifetime: 180d
",
            ],
            right: r"policy:
  maxTokenLifetime: 90d
",
        }),
    },
    Explanation {
        code: Code::DuplicateSource,
        meaning: "Two sources have the same name. The labels mark both places.",
        why: "A source name is unique in a tenant, so only one of the two can be correct.",
        fix: "Remove one of the two, or rename it.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
  - name: Service Accounts
    managed: false
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
",
        }),
    },
    Explanation {
        code: Code::DuplicateAccountId,
        meaning: "Two service accounts have the same id. On a source with `managed: false`, the account name is the id.",
        why: "ISC merges rows with the same id into one account. One of the two teams would lose its account.",
        fix: "Remove one of the two, or change its id.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-001
    name: backup01
    email: ops@example.com
    purpose: Nightly backup
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-002
    name: backup01
    email: ops@example.com
    purpose: Nightly backup
",
        }),
    },
    Explanation {
        code: Code::DuplicateAccountName,
        meaning: "Two service accounts on one source have the same name.",
        why: "With the usual mapping, the account name becomes the user name, which must be unique.",
        fix: "Give each account its own name.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-002
    name: audit01
    email: ops@example.com
    purpose: Nightly backup
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-002
    name: backup01
    email: ops@example.com
    purpose: Nightly backup
",
        }),
    },
    Explanation {
        code: Code::DuplicateToken,
        meaning: "One service account declares two tokens with the same name.",
        why: "A token name must be unique for its owner. ISC answers a second one with an unclear error.",
        fix: "Remove one of the two, or rename it.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
      - name: report
        scopes: [sp:search:read]
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
      - name: search
        scopes: [sp:search:read]
",
        }),
    },
    Explanation {
        code: Code::DuplicateStore,
        meaning: "Two files declare a store with the same name.",
        why: "A token must have exactly one store for its secret.",
        fix: "Remove one of the two, or rename it.",
        example: Some(Example {
            wrong: &[
                r"stores:
  vault: {directory: one}
",
                r"stores:
  vault: {directory: two}
",
            ],
            right: r"stores:
  vault: {directory: one}
",
        }),
    },
    Explanation {
        code: Code::DuplicateStoreKey,
        meaning: "Two tokens, or a token and an issuer token, have the same key in the same store.",
        why: "ISC shows a secret only once. The second delivery would overwrite the first, and an integration would stop working.",
        fix: "Give each secret its own key, for example with `{account}` and `{token}`.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: shared}
      - name: search
        scopes: [sp:search:read]
        deliver: {store: local, key: shared}
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: audit/report}
      - name: search
        scopes: [sp:search:read]
        deliver: {store: local, key: audit/search}
",
        }),
    },
    Explanation {
        code: Code::DuplicateAttribute,
        meaning: "The source declares an attribute twice, or one that every managed source has: `id`, `name`, `e-mail` or `purpose`.",
        why: "The attributes are the columns of the CSV import, and each column must be unique.",
        fix: "Remove the second declaration.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    attributes:
      - name: team
      - name: team
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    attributes:
      - name: team
",
        }),
    },
    Explanation {
        code: Code::DuplicateProfile,
        meaning: "Two sources declare identity profiles with the same name.",
        why: "An identity profile belongs to one source, and its name is unique in a tenant.",
        fix: "Give each identity profile its own name.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile: {name: Integrations}
  - name: Integrations
    owner: jane.doe
    identityProfile: {name: Integrations}
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile: {name: Service Accounts}
  - name: Integrations
    owner: jane.doe
    identityProfile: {name: Integrations}
",
        }),
    },
    Explanation {
        code: Code::RepeatedItem,
        meaning: "A list contains the same item twice.",
        why: "The second item has no effect. Probably another item was intended.",
        fix: "Remove the second item, or correct it.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORT_ADMIN, REPORT_ADMIN]
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
        code: Code::PreviouslyTaken,
        meaning: "An earlier id or name under `previously` is the current one of an account, or two accounts claim it.",
        why: "steersman could not know which account keeps the existing tokens and levels.",
        fix: "Remove `previously`, or apply the rename first and reuse the id or name later.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-002
    name: audit02
    email: iam@example.com
    purpose: Yearly audit report
    previously: {id: SA-001}
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-002
    name: audit02
    email: iam@example.com
    purpose: Yearly audit report
    previously: {id: SA-000}
",
        }),
    },
    Explanation {
        code: Code::SameUserName,
        meaning: "Two service accounts would get the same user name. The mapping of `uid` makes it, by default from `name`. Names that differ only in case are the same.",
        why: "ISC gives a user name to one identity of the tenant. The other account would stay without an identity, and each apply would wait for it.",
        fix: "Give each account its own name, or map `uid` from another attribute.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Reports
    owner: jane.doe
    identityProfile: {name: Reports, mappings: {uid: name}}
  - name: Backups
    owner: jane.doe
    identityProfile: {name: Backups, mappings: {uid: name}}
serviceAccounts:
  - source: Reports
    id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - source: Backups
    id: SA-002
    name: audit01
    email: ops@example.com
    purpose: Nightly backup
"],
            right: r"sources:
  - name: Reports
    owner: jane.doe
    identityProfile: {name: Reports, mappings: {uid: name}}
  - name: Backups
    owner: jane.doe
    identityProfile: {name: Backups, mappings: {uid: name}}
serviceAccounts:
  - source: Reports
    id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - source: Backups
    id: SA-002
    name: backup01
    email: ops@example.com
    purpose: Nightly backup
",
        }),
    },
    Explanation {
        code: Code::SharedIdentity,
        meaning: "Two accounts have the same approved `identity`, and declare different `userLevels`, or both declare a token of one name.",
        why: "User levels and tokens belong to the identity. Each apply would undo what the one before has done, or replace the other account's token.",
        fix: "Declare the levels in the same way on both accounts, or on one of them only, and each token on one of them.",
        example: Some(Example {
            wrong: &[r"sources:
  - {name: Service Accounts, owner: jane.doe}
  - {name: Active Directory, managed: false}
serviceAccounts:
  - source: Service Accounts
    id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    identity: 2c9180857725c14301772a93bb77242d
    userLevels: [REPORT_ADMIN]
  - source: Active Directory
    account: svc-audit
    identity: 2c9180857725c14301772a93bb77242d
    userLevels: [HELPDESK]
"],
            right: r"sources:
  - {name: Service Accounts, owner: jane.doe}
  - {name: Active Directory, managed: false}
serviceAccounts:
  - source: Service Accounts
    id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    identity: 2c9180857725c14301772a93bb77242d
    userLevels: [REPORT_ADMIN]
  - source: Active Directory
    account: svc-audit
    identity: 2c9180857725c14301772a93bb77242d
",
        }),
    },
    Explanation {
        code: Code::SimilarIds,
        meaning: "Two ids on one source differ only in upper and lower case, or in how an accented letter is composed.",
        why: "ISC compares many names without regard to case, and people take the two accounts for one.",
        fix: "Give the accounts ids that differ in more than that.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-2a
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: sa-2A
    name: backup01
    email: iam@example.com
    purpose: Monthly audit report
"],
            right: r"serviceAccounts:
  - id: SA-2
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
  - id: SA-3
    name: backup01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
];
