//! Explanations of the codes about whole files.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::NotUtf8,
        meaning: "The file contains bytes that are not valid UTF-8. The label marks the first of them.",
        why: "Names and purposes go to ISC and into CSV imports. A guessed encoding would write wrong characters there.",
        fix: "Save the file as UTF-8.",
        example: None,
    },
    Explanation {
        code: Code::Syntax,
        meaning: "The file is not valid YAML. steersman stopped at the marked place and read nothing of this file.",
        why: "If steersman used half of a file, the other half would look deleted.",
        fix: "Correct the YAML at or before the marked place.",
        example: Some(Example {
            wrong: &[r"stores:
  local: {directory: secrets
"],
            right: r"stores:
  local: {directory: secrets}
",
        }),
    },
    Explanation {
        code: Code::YamlFeature,
        meaning: "The file uses a YAML feature that specs do not support: anchors, aliases, merge keys, tags, or keys that are not texts.",
        why: "A reviewer must see what a service account may do where it is declared. Aliases can also make a small file use all memory.",
        fix: "Write the value where it is needed, or share it by name. What some accounts share (`userLevels`, `attributes`, `issuer`, `token`), declare under `profiles: {NAME: …}` at the top of a file, and write `profile: NAME` on each account. For `issuer` and `token` of all accounts, use `defaults`; for a text, `variables`. Nothing else can be shared.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: &levels [REPORT_ADMIN]
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
        code: Code::TooLarge,
        meaning: "The file is larger than 32 MiB, has more than 1,200,000 values, 125,000 mappings, 250,000 values in one service account or beside them, or 10,000 keys in one mapping, or is nested deeper than 48 levels; or all files have more than 2,300,000 values, 210,000 mappings, 1,000,000 texts or 250,000 values beside service accounts together.",
        why: "No real spec is that large. The limits protect the run against a wrong or malicious file.",
        fix: "Check that the file is a spec. Split a large spec into several files.",
        example: Some(Example {
            wrong: &[r"# a value in more than 48 pairs of brackets
stores: [[[[[[[[…]]]]]]]]
"],
            right: r"stores:
  local: {directory: secrets}
",
        }),
    },
    Explanation {
        code: Code::DuplicateKey,
        meaning: "One mapping sets the same key twice. The labels mark both places.",
        why: "Many YAML parsers keep the last value without a warning. After a faulty merge, an account would lose levels or tokens.",
        fix: "Remove one of the two.",
        example: Some(Example {
            wrong: &[r"serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    userLevels: [REPORT_ADMIN]
    userLevels: []
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
        code: Code::SeveralDocuments,
        meaning: "The file contains a second YAML document after `---`.",
        why: "With one document per file, each problem has one place, and editors check the same text as steersman.",
        fix: "Move each document into its own file, or remove the `---`.",
        example: Some(Example {
            wrong: &[r"stores:
  local: {directory: secrets}
---
steersman: v1
"],
            right: r"stores:
  local: {directory: secrets}
",
        }),
    },
    Explanation {
        code: Code::Version,
        meaning: "The key `steersman` has a version that this steersman does not support.",
        why: "A later version can give the same keys another meaning.",
        fix: "Write `steersman: v1`, or update steersman.",
        example: Some(Example {
            wrong: &[r"steersman: v2
"],
            right: r"steersman: v1
",
        }),
    },
    Explanation {
        code: Code::PolicyLeftOut,
        meaning: "A spec file with a `policy` is named by a rule of `.gitignore` or `.steersmanignore`, so nothing of it is read.",
        why: "Without the file, nothing that its policy forbids is refused, and its limits do not hold.",
        fix: "Remove the rule, or write `!FILE` into `.steersmanignore`. If the file is no part of the spec, remove its `policy`.",
        example: None,
    },
];
