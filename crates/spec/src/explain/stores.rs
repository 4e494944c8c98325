//! Explanations of problems with stores, keys in them, and deliveries.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
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
