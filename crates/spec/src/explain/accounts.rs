//! Explanations of the codes about sources and accounts.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::EmailForm,
        meaning: "The text is not a valid email address, or it contains braces, as a placeholder does.",
        why: "ISC sends the invitation to this address. Without it, the account holder cannot register.",
        fix: "Write the address of a mailbox that the account holder reads. An address has no placeholders such as `{account}`: write one on each account.",
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
        meaning: "The text contains line breaks or control characters, or begins or ends with a space.",
        why: "It becomes a cell of the CSV import. ISC can trim or cut it, and every plan would then show a change.",
        fix: "Write the text on one line, without spaces at its ends.",
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
        meaning: "The description of the source has more than 255 characters.",
        why: "ISC refuses longer descriptions.",
        fix: "Shorten the description.",
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
        meaning: "A mapping uses an account attribute that the source does not have.",
        why: "ISC refuses an identity profile with such a mapping.",
        fix: "Correct the name, or declare the attribute under the source.",
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
        meaning: "The service account sets an attribute that its source does not declare.",
        why: "The header of a CSV import must match the schema, or ISC refuses the whole import.",
        fix: "Correct the name, or declare the attribute under the source.",
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
        meaning: "A mapping sets an identity attribute that ISC does not document, with a name similar to a documented one.",
        why: "If the tenant has no such attribute either, ISC refuses the identity profile.",
        fix: "Correct the name, or ignore the warning for a custom attribute.",
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
        meaning: "The identity profile has mappings, but none for `uid`.",
        why: "Without a user name ISC creates no identity, and the account can never sign in.",
        fix: "Add `uid: name` to the mappings.",
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
    Explanation {
        code: Code::NotAnIdentityId,
        meaning: "`identity` of a service account has a value that is not the ID of an ISC identity.",
        why: "With `identity` you approve that steersman changes the user levels and tokens of this identity. A name or an email address can pass to another identity, so only the ID counts.",
        fix: "Write the ID that the blocked step of `steersman plan` names, after you checked in ISC whose identity it is.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    identity: jane.doe
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    identity: 2c9180858082150f0180893dbaf44201
",
        }),
    },
    Explanation {
        code: Code::HiddenCharacter,
        meaning: "A name, an ID, a scope or a key contains a character that is not visible, or that looks like another one. The message gives its code point.",
        why: "The text looks right and is another one: ISC finds no such object, and a reviewer cannot see why.",
        fix: "Type the text that the help line shows.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: аudit01
    email: iam@example.com
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
        code: Code::UnusualText,
        meaning: "A text for the CSV import contains a character that some tenants cannot import, that is not visible, or a letter with its accent as a second character.",
        why: "The row can fail in the import, or come back changed, and each later plan shows a difference.",
        fix: "Replace the character as the help line says.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly 🔒 audit report
"],
            right: r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
",
        }),
    },
];
