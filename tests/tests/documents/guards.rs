//! docs/guards.md, from the table of guards.

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

A guard refuses a whole plan before the first write. It runs over the finished plan, counts something, and says the numbers. `plan` and `apply` then exit with 4, and nothing is changed.

There is no switch that lifts all guards. `--allow NAME=COUNT` lets exactly the counted number pass, for this one run; a limit for good is written under `policy.limits`, as a count or as a share (`25%`), where it is reviewed like everything else. A share lets at least one pass.

| guard | what it counts | lets through | how it is lifted |
|---|---|---|---|
";

const END: &str = "
A plan that a guard refuses shows it below its groups:

```text
refused by guard deleteAccounts: the plan deletes 3 accounts of 20; the limit is 2
  help: if this is meant, pass `--allow deleteAccounts=3` once, or change `policy.limits.deleteAccounts`
```

What is not a guard, because it never happens: tokens that belong to SailPoint's workflows are not touched, whatever the spec says, and a collection that could not be read completely blocks what depends on it (exit 8).
";
