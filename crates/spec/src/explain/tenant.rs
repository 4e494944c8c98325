//! Problems that only the tenant can show.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::AtTenant,
        meaning: "The tenant cannot do what the spec asks for. The message says what.",
        why: "It was found before anything was changed.",
        example: None,
    },
    Explanation {
        code: Code::OwnerNotFound,
        meaning: "No identity of the tenant has the alias, e-mail address or id that is declared as owner.",
        why: "A source and an identity profile belong to an identity.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.do
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
",
        }),
    },
    Explanation {
        code: Code::SourceOfOtherType,
        meaning: "A source of this name exists, and it is no delimited-file source.",
        why: "Names of sources are unique in a tenant, and steersman leaves sources of other types alone. To add levels and tokens to accounts on it, declare it with `managed: false`.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Active Directory
    owner: jane.doe
"],
            right: r"sources:
  - name: Active Directory
    managed: false
",
        }),
    },
    Explanation {
        code: Code::SourceNotFound,
        meaning: "The tenant has no source of this name, and the spec says that it is made elsewhere.",
        why: "With `managed: false` steersman makes neither the source nor its accounts.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Active Directry
    managed: false
"],
            right: r"sources:
  - name: Active Directory
    managed: false
",
        }),
    },
    Explanation {
        code: Code::LevelNotAtTenant,
        meaning: "The user level is neither one of SailPoint's nor one of the tenant's own.",
        why: "The change would be refused in the middle of an apply.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORT_ADMN]
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
];
