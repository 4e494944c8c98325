//! Problems of a file as a whole.

use super::explanation::{Example, Explanation};
use crate::code::Code;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: Code::NotUtf8,
        meaning: "The file has bytes that are no UTF-8 text. The first of them is shown.",
        why: "Names and purposes end up in ISC and in CSV imports. Guessing an encoding would write wrong characters there.",
        example: None,
    },
    Explanation {
        code: Code::Syntax,
        meaning: "The text of the file is no YAML, so it could not be read on from the place that is shown. What stands before it was not looked at either.",
        why: "A file that is read only in part would look as if the rest had been deleted.",
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
        meaning: "Anchors, aliases, merge keys, tags and keys that are no texts are YAML, and no part of the language.",
        why: "A reviewer has to see what a service account may do where it stands, not three screens above; and aliases are how YAML files blow up a program.",
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
        meaning: "The file is larger than 32 MiB, has more than four million values, or is nested more than 48 levels deep.",
        why: "No spec is like that. Most likely it is another file, or somebody wants to stop the run.",
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
        meaning: "One mapping has the same key twice. Both places are shown.",
        why: "Many YAML readers keep the last one in silence. A merge gone wrong would then take levels or tokens away.",
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
        meaning: "The file has a second YAML document after `---`.",
        why: "One file is one document, so that each problem has one place and editors check what steersman checks.",
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
        meaning: "The key `steersman` names a version of the language that this steersman does not know.",
        why: "A later version may mean other things by the same words.",
        example: Some(Example {
            wrong: &[r"steersman: v2
"],
            right: r"steersman: v1
",
        }),
    },
];
