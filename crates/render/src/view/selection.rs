//! View of a selection (`--only`, `--except`) and its effect on the plan.

use model::{SelectionEffect, SelectionReport, visible};

/// What a plan was cut to, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct SelectionView {
    /// The words that were said, such as `only SA-001`.
    pub(crate) said: Vec<String>,
    /// Steps that were pulled in, each as a sentence.
    pub(crate) also: Vec<String>,
    /// Steps that were left out although they are selected, each as a sentence.
    pub(crate) without: Vec<String>,
    /// How many steps of the whole plan are not selected.
    pub(crate) not_selected: usize,
}

impl SelectionView {
    pub(super) fn new(report: &SelectionReport) -> Self {
        // Words that match nothing are refused before there is a view.
        let SelectionReport {
            only,
            except,
            pulled_in,
            left_out,
            not_selected,
            unmatched: _,
        } = report;
        let said = |name: &'static str| move |word: &String| visible(&format!("{name} {word}"));
        Self {
            said: only
                .iter()
                .map(said("only"))
                .chain(except.iter().map(said("except")))
                .collect(),
            also: pulled_in
                .iter()
                .map(|SelectionEffect { address, because }| {
                    visible(&format!("{address}, because {because} needs it"))
                })
                .collect(),
            without: left_out
                .iter()
                .map(|SelectionEffect { address, because }| {
                    visible(&format!(
                        "{address}, because it needs {because}, which is excepted"
                    ))
                })
                .collect(),
            not_selected: *not_selected,
        }
    }

    /// How much of the whole plan this is not; none where that is nothing.
    pub(crate) fn rest(&self) -> Option<String> {
        match self.not_selected {
            0 => None,
            1 => Some("1 step of the whole plan not selected".to_owned()),
            number => Some(format!("{number} steps of the whole plan not selected")),
        }
    }
}
