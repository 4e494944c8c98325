//! Problems of names and references.

use super::{Example, Explanation};
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
        code: Code::UnknownStore,
        meaning: "A place in a store names a store that no file declares.",
        why: "The secret could not be delivered, and ISC shows it only once.",
        example: Some(Example {
            wrong: &[r#"defaults:
  issuer: {store: vualt, key: "{account}/issuer"}
stores:
  vault: {directory: secrets}
"#],
            right: r#"defaults:
  issuer: {store: vault, key: "{account}/issuer"}
stores:
  vault: {directory: secrets}
"#,
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
        code: Code::NoDelivery,
        meaning: "Neither the token nor `defaults.token` says where the token's secret is delivered to.",
        why: "ISC shows the secret once, when the token is minted. Without a place for it the token would be of no use.",
        example: Some(Example {
            wrong: &[r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
"#],
            right: r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: "{account}/{token}"}
"#,
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
        code: Code::UnknownPlaceholder,
        meaning: "A word in braces is no placeholder at this place. Keys of tokens have `{account}` and `{token}`, keys of issuers `{account}`, commands `{key}`.",
        why: "The braces would become part of the key, and all accounts would share it.",
        example: Some(Example {
            wrong: &[r#"defaults:
  issuer: {store: local, key: "{acount}/issuer"}
"#],
            right: r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
"#,
        }),
    },
    Explanation {
        code: Code::NoKeyPlaceholder,
        meaning: "None of the command's arguments has `{key}` in it.",
        why: "Every secret would be stored at the same place.",
        example: Some(Example {
            wrong: &[r#"stores:
  vault:
    command:
      put: [vault, kv, put, secret, "-"]
      get: [vault, kv, get, "{key}"]
"#],
            right: r#"stores:
  vault:
    command:
      put: [vault, kv, put, "{key}", "-"]
      get: [vault, kv, get, "{key}"]
"#,
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
        code: Code::NoIssuer,
        meaning: "The service account has tokens, and neither it nor `defaults` says where its issuer lies.",
        why: "Only an account itself can mint its tokens, so it needs a first token, the issuer, which `steersman enroll` puts into a store.",
        example: Some(Example {
            wrong: &[r#"defaults:
  token:
    deliver: {store: local, key: "{account}/{token}"}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
"#],
            right: r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
  token:
    deliver: {store: local, key: "{account}/{token}"}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
"#,
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
    Explanation {
        code: Code::UnsafeKey,
        meaning: "The key is no plain relative path, and its store is a directory.",
        why: "A secret would be written somewhere else on the machine.",
        example: Some(Example {
            wrong: &[r#"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: "../{account}"}
"#],
            right: r#"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: "{account}/{token}"}
"#,
        }),
    },
];
