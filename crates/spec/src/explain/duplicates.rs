//! Explanations of what is declared twice.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::SectionTwice,
        meaning: "`tenant`, `policy` or `defaults` stands in more than one of the files.",
        why: "Which of the two holds would depend on the names of files.",
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
        meaning: "Two sources have the same name. Both places are shown.",
        why: "A source's name is unique in a tenant, so only one of the two can be meant.",
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
        meaning: "Two service accounts have the same id; on a source that is not managed the account name counts as id.",
        why: "ISC merges rows of one id into one account, so one of the two teams would lose its account to the other.",
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
        why: "By the usual mapping the name becomes the identity's user name, which has to be unique.",
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
        meaning: "One service account has two tokens of the same name.",
        why: "A token's name is unique for its owner; ISC answers a second one with an unclear error.",
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
        meaning: "Two stores have the same name in different files.",
        why: "A secret has to know where it goes.",
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
        meaning: "Two tokens, or a token and an issuer, are delivered to the same key of the same store.",
        why: "ISC shows a secret once. The second delivery would overwrite the first, and an integration would stop.",
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
        meaning: "The source declares an attribute twice, or one that every managed source has: id, name, e-mail, purpose.",
        why: "The attributes are the columns of the CSV import, and each column has one meaning.",
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
        meaning: "Two sources declare identity profiles of the same name.",
        why: "A profile belongs to one source, and its name is unique.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile: {name: Robots}
  - name: Robots
    owner: jane.doe
    identityProfile: {name: Robots}
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile: {name: Service Accounts}
  - name: Robots
    owner: jane.doe
    identityProfile: {name: Robots}
",
        }),
    },
    Explanation {
        code: Code::RepeatedItem,
        meaning: "A list has the same item twice.",
        why: "It does no harm, and something else was probably meant.",
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
        meaning: "An earlier id or name is the present one of this or another service account, or two accounts claim the same one.",
        why: "Whose tokens and levels are carried over has to be clear.",
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
];
