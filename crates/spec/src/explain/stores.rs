//! Explanations of the codes about stores, store keys and deliveries.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnknownStore,
        meaning: "A store location names a store that no file declares.",
        why: "steersman could not deliver the secret, and ISC shows it only once.",
        fix: "Correct the name, or declare the store under `stores`.",
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
        code: Code::NoDelivery,
        meaning: "The token has no `deliver`, and `defaults.token` has none either.",
        why: "ISC shows the secret only once, at creation. Without a store location the secret would be lost.",
        fix: "Add `deliver: {store: …, key: …}` to the token or under `defaults.token`.",
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
        code: Code::UnknownPlaceholder,
        meaning: "A placeholder in braces is unknown. Store keys accept `{tenant}`, `{account}`, `{id}` and `{source}`, those of tokens `{token}` too, and commands `{key}`.",
        why: "The braces would become part of the key, and all accounts would share one secret.",
        fix: "Correct the placeholder.",
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
        meaning: "No argument of the store command contains `{key}`.",
        why: "Every secret would be stored at the same place.",
        fix: "Put `{key}` where the program expects the name of the secret.",
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
        code: Code::NoIssuer,
        meaning: "The service account has tokens, but neither the account nor `defaults` has a store location for its issuer token.",
        why: "Only the account itself can create its tokens, with its issuer token. `steersman enroll` stores this token.",
        fix: "Add `issuer: {store: …, key: …}` to the account or under `defaults`.",
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
        code: Code::UnsafeKey,
        meaning: "The store cannot use the key. In a directory, a key must be a relative path without `..`. In a command, `{key}` is an argument or a part of one, and never of a script for a shell.",
        why: "A secret would be written outside the store, the store program would misread the key, or a shell would run what the name of a token says.",
        fix: "Change the key, for example to `{account}/{token}`. For a script, write `[sh, -c, 'vault kv put \"secret/$1\" -', sh, '{key}']`.",
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
    Explanation {
        code: Code::WriteOnlyIssuer,
        meaning: "An issuer token is declared in a store that cannot be read: one with `writeOnly: true`, or `githubActionsSecret`.",
        why: "steersman signs in with the issuer token whenever it creates a token, so it has to read it.",
        fix: "Declare a store that can be read, such as `directory`, `age` or `vault`, for issuer tokens.",
        example: Some(Example {
            wrong: &[r#"defaults:
  issuer: {store: pipeline, key: "ISSUER_{account}"}
stores:
  pipeline: {githubActionsSecret: {repository: acme/integrations}}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens: []
"#],
            right: r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
stores:
  pipeline: {githubActionsSecret: {repository: acme/integrations}}
  local: {directory: .steersman/secrets}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens: []
"#,
        }),
    },
    Explanation {
        code: Code::FieldInReadableStore,
        meaning: "`field` delivers a single value, and the store can be read.",
        why: "A single value does not say whose it is, so steersman could not recognize its own secret, and could overwrite another's.",
        fix: "Remove `field`, or deliver to a store that is written to only.",
        example: Some(Example {
            wrong: &[r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
stores:
  local: {directory: .steersman/secrets}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: secret, field: clientSecret}
"#],
            right: r#"defaults:
  issuer: {store: local, key: "{account}/issuer"}
stores:
  local: {directory: .steersman/secrets}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: secret, format: dotenv}
"#,
        }),
    },
    Explanation {
        code: Code::ReadOnlyDelivery,
        meaning: "The token is delivered to an `env` store. Its variables are set outside of steersman, which only reads them.",
        why: "ISC shows a secret once. Without a place that can be written, it would be lost.",
        fix: "Deliver the token to another store. An `env` store only holds issuer tokens.",
        example: Some(Example {
            wrong: &[r#"stores:
  ci: {env: {}}
defaults:
  issuer: {store: ci, key: "ISSUER_{account}"}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        rotate: never
        deliver: {store: ci, key: "{account}_{token}"}
"#],
            right: r#"stores:
  ci: {env: {}}
  vault: {vault: {mount: secret}}
defaults:
  issuer: {store: ci, key: "ISSUER_{account}"}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        rotate: never
        deliver: {store: vault, key: "{account}/{token}"}
"#,
        }),
    },
    Explanation {
        code: Code::KeyOfAllTenants,
        meaning: "The key has no `{tenant}`, and a file beside that of the tenant declares another tenant. The store is the same for both.",
        why: "Both tenants need the same entry. steersman does not overwrite an entry of another tenant, so the second tenant's tokens are blocked.",
        fix: "Begin the key with `{tenant}/`. Or declare the store in the file of each tenant, with another folder, prefix or mount.",
        example: None,
    },
    Explanation {
        code: Code::KeyBelowKey,
        meaning: "One secret would be a file, and the key of another secret needs a folder of that name.",
        why: "A path is a file or a folder. The second delivery would fail in the middle of an apply.",
        fix: "Change one of the two keys.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - name: report
        scopes: [sp:report:read]
        deliver: {store: local, key: audit}
      - name: search
        scopes: [sp:search:read]
        deliver: {store: local, key: audit/search}
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
];
