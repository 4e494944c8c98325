//! Problems of variables.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnsetVariable,
        meaning: "The file uses a variable that is neither given with `--var` nor set in the environment.",
        why: "An unset variable that becomes an empty text in silence has deleted things in other tools. `validate --mock-variables` checks a repository where its variables are absent.",
        example: Some(Example {
            wrong: &[r"tenant:
  baseUrl: ${ISC_ADDRESS}
"],
            right: r"tenant:
  baseUrl: ${ISC_ADDRESS:-https://acme.api.identitynow.com}
",
        }),
    },
    Explanation {
        code: Code::MalformedVariable,
        meaning: "A text has `${` in it and is not written as variables are.",
        why: "It would otherwise reach the tenant as it stands.",
        example: Some(Example {
            wrong: &[r"tenant:
  baseUrl: https://${my-tenant}.api.identitynow.com
"],
            right: r"tenant:
  baseUrl: https://$${my-tenant}.api.identitynow.com
",
        }),
    },
];
