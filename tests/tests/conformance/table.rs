//! The table of all operations of the description, from what was seen on the walk.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tests::judge::{DEVIATIONS, Judge, Operation};

use crate::roots::ROOTS;
use crate::walk::Outcome;

const HEAD: &str = "# Conformance of the simulator

Generated from a run of `tests/tests/conformance`, which walks over the simulated operations and has
every exchange judged by SailPoint's official description; not to be edited by hand. The test fails
when this file is not what the run gives, and is renewed by it with `STEERSMAN_UPDATE_TABLE=1`:
`STEERSMAN_UPDATE_TABLE=1 cargo test -p tests --test conformance current`.

An operation that is not simulated checks its caller like the others, and then answers 501, which ISC
never does.
";

/// Where the part begins that needs no description.
pub(crate) const WITHOUT_DESCRIPTION: &str = "\n## Roots of older clients\n";

/// The part that needs no description: the roots of all simulated operations, and the clients.
pub(crate) fn roots_and_clients(
    roots: &BTreeMap<String, Vec<&'static str>>,
    clients: &[[String; 5]],
) -> String {
    let mut text = WITHOUT_DESCRIPTION.to_owned();
    let _ = write!(
        text,
        "\nThe {} simulated operations. Other ones of a root answer 404 and name the newer path. Nothing\n\
        is known about `/v2026`, which has all. Second versions and operations that no SDK calls there\n\
        are in no other root.\n\n",
        roots.len()
    );
    let _ = writeln!(text, "| operation | {} |", ROOTS.join(" | "));
    let _ = writeln!(text, "|---{}|", "|---".repeat(ROOTS.len()));
    for (operation, has) in roots {
        let cells = ROOTS.map(|root| if has.contains(&root) { "yes" } else { "" });
        let _ = writeln!(text, "| `{operation}` | {} |", cells.join(" | "));
    }
    text.push_str("\n## Clients\n\nWritten by `tests/clients/run`, which runs them against a new tenant each.\n\n");
    text.push_str("| client | version | what was tried | result | on |\n|---|---|---|---|---|\n");
    for row in clients {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// The document up to there: the operations of the description and the deviations from it.
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
