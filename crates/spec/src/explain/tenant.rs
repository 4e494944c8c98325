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
        fix: "Correct `owner`, or create the identity first.",
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
        code: Code::UnsupportedFile,
        meaning: "The connector attributes of the source change how ISC reads a file, and a CSV import of steersman does not follow the setting.",
        why: "An import is the full state of the source: ISC deletes each account whose row it skips, filters out, merges into another or misreads.",
        fix: "Change the setting in ISC as the help line says. steersman follows `delimiter` if it is one ASCII character.",
        example: None,
    },
    Explanation {
        code: Code::SkippedRow,
        meaning: "The first cell of a CSV row begins with the comment character of the source, `#` by default.",
        why: "ISC skips such a row, and deletes the account whose row is skipped.",
        fix: "Choose another value, or set `commentCharacter` to an empty text in the connector attributes of the source.",
        example: Some(Example {
            wrong: &[r##"serviceAccounts:
  - id: "#SA-9"
    name: audit09
    email: iam@example.com
    purpose: Monthly audit report
"##],
            right: r"serviceAccounts:
  - id: SA-9
    name: audit09
    email: iam@example.com
    purpose: Monthly audit report
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
    Explanation {
        code: Code::ProfileNameTaken,
        meaning: "An identity profile of the tenant has the declared name, and this plan does not rename it; or profiles pass their names on in a circle.",
        why: "A profile name is unique in a tenant, and ISC would refuse the change in the middle of an apply.",
        fix: "Choose another name. In a circle, give one profile a temporary name and apply first.",
        example: None,
    },
    Explanation {
        code: Code::NameTaken,
        meaning: "A row would get the name or user name that another account of the tenant has now. The usual cause is an id that was changed without `previously`.",
        why: "ISC gives a user name to one identity. The row would stay without an identity, or take the one of the other account with its tokens and levels.",
        fix: "Declare `previously`, choose another name, or free the name in an apply of its own first.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-009
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
"],
            right: r"serviceAccounts:
  - id: SA-009
    previously: {id: SA-001}
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
    Explanation {
        code: Code::SourceRenamed,
        meaning: "The tenant has no source with the declared name, but its identity profile belongs to a source with another name.",
        why: "The source was renamed in ISC. steersman would create a second source with all accounts.",
        fix: "Rename the source back in ISC, or change the name in the file.",
        example: None,
    },
    Explanation {
        code: Code::SeveralValues,
        meaning: "Accounts of the source have several values in one attribute.",
        why: "A CSV import of steersman has one cell for each attribute, so it would join the values into one.",
        fix: "Leave one value in each account, or declare the source with `managed: false`.",
        example: None,
    },
];
