//! What is not in the list of problems, for every format.

use crate::count::counted;

/// What is not in the list of problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Beyond {
    /// Problems that are not shown.
    pub(super) omitted: usize,
    /// Items of lists and files that were not checked.
    pub(super) unchecked: usize,
}

impl Beyond {
    /// How many problems are not listed; none where all are.
    pub(super) fn omitted(self) -> Option<String> {
        match self.omitted {
            0 => None,
            1 => Some("1 more problem is not shown; fix these first".to_owned()),
            more => Some(format!(
                "{more} more problems are not shown; fix these first"
            )),
        }
    }

    /// How much was not checked; none where all was.
    pub(super) fn unchecked(self) -> Option<String> {
        let verb = match self.unchecked {
            0 => return None,
            1 => "was",
            _ => "were",
        };
        Some(format!(
            "steersman looks for no more problems after 1,000 errors or too many values: {} {verb} not checked",
            counted(self.unchecked, "more list item or file")
                .replace("more list item or files", "more list items and files")
        ))
    }

    /// Both in one line.
    pub(super) fn in_one_line(self) -> Option<String> {
        let parts: Vec<String> = [self.omitted(), self.unchecked()]
            .into_iter()
            .flatten()
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}
