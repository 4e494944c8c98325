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
    Explanation {
        code: Code::LiteralNoticeAddress,
        meaning: "An address or a key under `notify` is written in a file, or is a variable with a default or one of `variables`.",
        why: "Who knows the address of a webhook can post there, and who knows the key can forge notices. Everyone with access to the repository or its history can read both.",
        fix: "Write a variable such as `${SLACK_WEBHOOK}` and set `STEERSMAN_VAR_SLACK_WEBHOOK`. Replace the address or key if it is real.",
        example: Some(Example {
            wrong: &[r"notify:
  - slack: https://hooks.slack.com/services/T000/B000/not-so-secret
    on: [drift, failure]
"],
            right: r"notify:
  - slack: ${SLACK_WEBHOOK}
    on: [drift, failure]
",
        }),
    },
];
