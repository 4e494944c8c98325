//! Explanations of the codes about variables.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::UnsetVariable,
        meaning: "The file uses a variable that is not set. Its value comes from `--var`, a `--var-file`, the environment variable `STEERSMAN_VAR_NAME`, or `variables:` in a file, in this order. Only the fields of `tenant` can name other environment variables.",
        why: "In other tools, unset variables became empty texts, and resources were deleted. The environment has secrets that the author of a file must not read.",
        fix: "Set the variable, or write a default: `${NAME:-default}`. To check files without variables, run `steersman validate --mock-variables`.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: ${OWNER}
"],
            right: r"variables: {OWNER: jane.doe}
sources:
  - name: Service Accounts
    owner: ${OWNER}
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
    Explanation {
        code: Code::VariableEntry,
        meaning: "`variables`, or a `--var-file`, has an invalid name, or a value that contains a variable.",
        why: "Values of variables are not expanded, so that their order does not matter and they end.",
        fix: "Name variables with letters, digits and `_`. Write the value itself, or `$${` for a literal `${`.",
        example: Some(Example {
            wrong: &[r"variables:
  STAGE: prod
  SOURCE: Service Accounts ${STAGE}
"],
            right: r"variables:
  STAGE: prod
  SOURCE: Service Accounts prod
",
        }),
    },
    Explanation {
        code: Code::LongExpansion,
        meaning: "A text is longer than 64 KiB with its variables, or the texts with variables of one file are longer than 4 MiB.",
        why: "A small file could otherwise fill the memory.",
        fix: "Use fewer variables, or give them shorter values.",
        example: None,
    },
];
