//! Generates docs/guards.md from the table of guards.

use crate::generated::is_current;
use planner::GUARDS;
use std::fmt::Write as _;

#[test]
fn the_guards_are_documented() {
    let mut text = String::from(INTRODUCTION);
    for guard in GUARDS {
        let planner::GuardInfo {
            name,
            about,
            default,
            lifting: _,
        } = guard;
        let lifted = guard.lifted();
        writeln!(text, "| `{name}` | {about} | {default} | {lifted} |").unwrap();
    }
    text.push_str(END);
    is_current("docs/guards.md", &text);
}

const INTRODUCTION: &str = "# Guards

A guard refuses a whole plan before the first write. It counts one kind of change in the finished plan and reports the count and the limit. `plan` and `apply` then exit with 4, and nothing is changed.

No option lifts all guards. `--allow NAME=COUNT` lets the counted number pass in this run. `policy.limits` sets a permanent limit, as a count or as a share (`25%`), which is reviewed like the rest of the spec. A share lets at least 1 pass.

| guard | what it counts | lets through | how it is lifted |
|---|---|---|---|
";

const END: &str = "
A plan that a guard refuses shows it below its groups:

```text
refused by guard deleteAccounts: the plan deletes 3 accounts of 20; the limit is 2
  help: if this is intended, pass `--allow deleteAccounts=3` once, or change `policy.limits.deleteAccounts`
```

`dropAttributes` looks at the mappings of all identity profiles, and finds the account attributes in their transforms at any depth, by the ID or the name of the source. Some mappings do not say what they read: a transform of type `reference` names a saved transform, and a rule is a program. So before you remove an attribute, check in ISC that no saved transform and no rule reads it.

Two protections are not guards, because nothing lifts them. steersman never touches tokens that belong to SailPoint's workflows. A collection that could not be read completely blocks what depends on it (exit 8).
";
