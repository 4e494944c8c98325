//! Explanations of the codes about secrets in plain text.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::LiteralClientSecret,
        meaning: "`tenant.clientSecret` contains the secret itself, or a variable with a default.",
        why: "Everyone with access to the repository or its history could act as steersman in your tenant.",
        fix: "Write `${SAIL_CLIENT_SECRET}`. Revoke the secret if it is real.",
        example: Some(Example {
            wrong: &[r"tenant:
  clientSecret: not-so-secret
"],
            right: r"tenant:
  clientSecret: ${SAIL_CLIENT_SECRET}
",
        }),
    },
    Explanation {
        code: Code::LooksLikeSecret,
        meaning: "A text looks like a secret: a token secret of 64 hexadecimal digits, an access token, or a private key.",
        why: "Everyone with access to the repository or its history could use it.",
        fix: "Write a variable `${NAME}`. Revoke the secret if it is real.",
        example: Some(Example {
            wrong: &[r#"stores:
  vault:
    command:
      put: [vault, kv, put, "{key}", "-", 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef]
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
        code: Code::TenantAddress,
        meaning: "`tenant.baseUrl` is not the address of a tenant's API: it has no `https://`, it has a path such as `/v3`, or it is the address of the user interface.",
        why: "steersman appends the path of each operation, and sends credentials.",
        fix: "Write `https://TENANT.api.identitynow.com`.",
        example: Some(Example {
            wrong: &[r"tenant:
  baseUrl: https://acme.identitynow.com
"],
            right: r"tenant:
  baseUrl: https://acme.api.identitynow.com
",
        }),
    },
];
