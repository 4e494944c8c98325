//! Problems of sources and accounts.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::EmailForm,
        meaning: "The text has not the form of an e-mail address.",
        why: "ISC sends the invitation there, and without it nobody can register the account.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam.example.com
    purpose: Monthly audit report
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
    Explanation {
        code: Code::UnsafeText,
        meaning: "The text has line breaks or control characters in it, or blanks at its ends.",
        why: "It becomes a cell of the CSV import. ISC may trim or cut it, and every plan would then show a difference.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: |
      Monthly audit report
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: >-
      Monthly audit report
",
        }),
    },
    Explanation {
        code: Code::LongDescription,
        meaning: "The description has more than 255 characters.",
        why: "ISC refuses longer ones.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    description: Automation accounts of all teams. Automation accounts of all teams. Automation accounts of all teams. Automation accounts of all teams. Automation accounts of all teams. Automation accounts of all teams. Automation accounts of all teams. Automation accounts of all teams. End.
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    description: Automation accounts of all teams
",
        }),
    },
    Explanation {
        code: Code::UnknownMappingSource,
        meaning: "A mapping takes its value from an attribute that the source's accounts do not have.",
        why: "ISC refuses a profile with such a mapping.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, email: email}
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, email: e-mail}
",
        }),
    },
    Explanation {
        code: Code::UnknownAttribute,
        meaning: "The service account has a value for an attribute that its source does not declare.",
        why: "The header of a CSV import has to match the schema exactly, else ISC refuses the whole import.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    attributes: {taem: iam}
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    attributes: {team: iam}
",
        }),
    },
    Explanation {
        code: Code::UnknownMappingTarget,
        meaning: "A mapping leads to an attribute that is none of ISC's own identity attributes, but is near one.",
        why: "If it is no attribute of your tenant either, the profile is refused.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, firstName: name}
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, firstname: name}
",
        }),
    },
    Explanation {
        code: Code::NoUserName,
        meaning: "The profile declares mappings, and none of them leads to `uid`.",
        why: "Without a user name ISC makes no identity of an account, and the account can never sign in.",
        example: Some(Example {
            wrong: &[r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile:
      name: Service Accounts
      mappings: {email: e-mail}
"],
            right: r"sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, email: e-mail}
",
        }),
    },
];
