//! The table of all operations of the description, from what was seen on the walk.

use std::fmt::Write as _;

use tests::judge::{DEVIATIONS, Judge, Operation};

use crate::walk::Outcome;

const HEAD: &str = "# Conformance of the simulator

Generated from a run of `tests/tests/conformance`, which walks over the simulated operations and has
every exchange judged by SailPoint's official description; not to be edited by hand. The test fails
when this file is not what the run gives, and is renewed by it with `STEERSMAN_UPDATE_TABLE=1`.

An operation that is not simulated checks its caller like the others, and then answers 501, which ISC
never does.
";

/// The whole document.
pub(crate) fn markdown(judge: &Judge, outcome: &Outcome) -> String {
    let mut text = HEAD.to_owned();
    let mut operations: Vec<_> = judge.operations().iter().collect();
    operations.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    let simulated = operations
        .iter()
        .filter(|operation| is_simulated(operation, outcome))
        .count();
    let all = operations.len();
    let _ = write!(
        text,
        "\n{simulated} of {all} operations of the description are simulated.\n\n"
    );
    text.push_str("| operation | simulated | statuses seen |\n|---|---|---|\n");
    for operation in operations {
        let name = operation.name();
        let is_simulated = if is_simulated(operation, outcome) {
            "yes"
        } else {
            "no"
        };
        let seen = outcome.seen.get(&name).into_iter().flatten();
        let seen = seen.map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "| `{name}` | {is_simulated} | {seen} |");
    }
    text.push_str("\n## Deviations from the description\n\n");
    text.push_str("What ISC itself does otherwise, and how that is known.\n\n");
    text.push_str("| deviation | source | shown on the walk |\n|---|---|---|\n");
    for deviation in DEVIATIONS {
        let shown = if outcome.deviations.contains(deviation.name) {
            "yes"
        } else {
            "no"
        };
        let _ = writeln!(
            text,
            "| {} | {} | {shown} |",
            deviation.name, deviation.source
        );
    }
    text
}

fn is_simulated(operation: &Operation, outcome: &Outcome) -> bool {
    let seen = outcome.seen.get(&operation.name());
    seen.is_some_and(|seen| seen.iter().any(|status| status / 100 == 2))
}
