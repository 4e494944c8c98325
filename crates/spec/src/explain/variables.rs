//! Explanations of the codes about variables.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnsetVariable,
        meaning: "The file uses a variable that is not set, neither with `--var` nor in the environment.",
        why: "In other tools, unset variables became empty texts, and resources were deleted.",
        fix: "Set the variable, or write a default: `${NAME:-default}`. To check files without variables, run `steersman validate --mock-variables`.",
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
        meaning: "A text contains `${` without a valid variable name.",
        why: "Otherwise the text would reach the tenant with the `${` in it.",
        fix: "Write `${NAME}` or `${NAME:-default}`, or `$${` for a literal `${`.",
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
