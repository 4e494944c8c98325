//! Explanations of the codes about problems that planning finds in the tenant.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::AtTenant,
        meaning: "The tenant cannot do what the spec declares. The message names the reason.",
        why: "steersman found this before it changed anything.",
        fix: "Change the spec or the tenant as the help line says.",
        example: None,
    },
    Explanation {
        code: Code::OwnerNotFound,
        meaning: "No identity of the tenant has the alias, email address or id of the declared owner.",
        why: "A source and an identity profile need an owner.",
        fix: "Correct `owner`, or create the identity first. Until then, a source or profile that exists keeps its owner, a new one is not created, and everything else goes on.",
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
        meaning: "The tenant has a source with this name, but it is not a delimited-file source.",
        why: "Source names are unique in a tenant, and steersman manages only delimited-file sources.",
        fix: "Rename the source, or declare it with `managed: false` to manage only levels and tokens.",
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
        meaning: "The tenant has no source with this name, and the spec declares it with `managed: false`.",
        why: "With `managed: false`, steersman creates neither the source nor its accounts.",
        fix: "Correct the name, or create the source in ISC first.",
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
        meaning: "The user level is neither a SailPoint level nor a custom level of the tenant.",
        why: "ISC would refuse the change in the middle of an apply.",
        fix: "Correct the name, or create the custom level in ISC first.",
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
    Explanation {
        code: Code::OwnerInactive,
        meaning: "The declared owner of a source or identity profile is deactivated in ISC, for example because the person left.",
        why: "ISC may delete the identity later; then the owner cannot be set any more. Nothing is stopped until then.",
        fix: "Declare an owner who is active.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: who.left
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
",
        }),
    },
];
