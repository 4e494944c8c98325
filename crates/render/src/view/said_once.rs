//! Names problems of the tenant by code in the lines of a plan, which explains them once.

use super::group::GroupView;
use super::row::RowKind;
use super::waiting::WaitingView;
use model::{Problem, visible};

/// Replaces what a problem says of itself in blocked lines, and in what people must do.
pub(super) fn name_problems(
    problems: &[Problem],
    groups: &mut [GroupView],
    waiting: &mut [WaitingView],
) {
    // Few objects have a problem that only blocks themselves.
    for problem in problems.iter().filter(|problem| blocks_itself(problem)) {
        let code = problem.code;
        let (message, help) = (visible(&problem.message), visible(&problem.help));
        let address = visible(&problem.address.to_string());
        let rows = groups.iter_mut().flat_map(|group| &mut group.rows);
        for row in rows.filter(|row| row.kind == RowKind::Blocked && row.address == address) {
            let Some(what) = row.note.strip_suffix(&format!(": {message}")) else {
                continue;
            };
            row.note = format!("{what} ({code})");
            if let Some(remedy) = row.remedy.as_mut().filter(|remedy| remedy.what == help) {
                remedy.said_elsewhere = true;
            }
        }
        let steps = waiting.iter_mut().flat_map(|view| &mut view.steps);
        for step in steps {
            if let Some(before) = step.what.strip_suffix(&help) {
                step.what = format!("{before}fix {code}");
            }
        }
    }
}

fn blocks_itself(problem: &Problem) -> bool {
    match problem.effect {
        model::ProblemEffect::BlocksField => true,
        model::ProblemEffect::RefusesPlan | model::ProblemEffect::Warns => false,
    }
}
