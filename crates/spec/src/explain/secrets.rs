//! Secrets that are written out.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::LiteralClientSecret,
        meaning: "`tenant.clientSecret` is written out, or is the default of a variable.",
        why: "Whoever can read the repository, now or in its history, can act as steersman in your tenant.",
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
        meaning: "A text in the file looks like a secret: 64 hexadecimal digits as ISC's token secrets are, an access token, a private key.",
        why: "Whoever can read the repository could use it.",
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
];
