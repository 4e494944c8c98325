//! Layout of a text: width, colors, and how much of long lists is shown.

use crate::completion::Completion;

/// The width of files, which is the same everywhere.
const FILE: usize = 100;
/// The width of blocks of code in documents, which can be scrolled.
const BLOCK: usize = 120;
/// Narrower than this nothing is laid out.
const LEAST: usize = 40;
/// Indentation below a line's label.
const TABLE_INDENT: usize = 6;
const HINT: &str = " (--full shows each)";
const HINT_OF_APPLY: &str = " (`steersman plan --full` shows each)";

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// How many columns a line may have.
    pub(crate) width: usize,
    /// Whether the text has ANSI colors.
    pub(crate) color: bool,
    /// Whether long lists are shown to their ends.
    pub(crate) full: bool,
    /// How far the rows of tables are indented.
    pub(crate) table_indent: usize,
    /// How a reader sees what is left out of a long list.
    pub(crate) hint: &'static str,
    /// What completes the commands in texts, where it is known.
    pub(crate) commands: Option<&'a Completion>,
}

impl<'a> Layout<'a> {
    /// For a terminal of this many columns. Colors are always in the text, and
    /// the printer removes them where they are not wanted.
    pub fn terminal(columns: usize, full: bool) -> Self {
        Self {
            width: columns.max(LEAST),
            color: true,
            full,
            table_indent: TABLE_INDENT,
            hint: HINT,
            commands: None,
        }
    }

    /// For a terminal, where another command prints long lists in full.
    pub fn of_apply(columns: usize) -> Self {
        Self {
            hint: HINT_OF_APPLY,
            ..Self::terminal(columns, false)
        }
    }

    /// For a file.
    pub fn file(full: bool) -> Self {
        Self {
            width: FILE,
            color: false,
            full,
            table_indent: TABLE_INDENT,
            hint: HINT,
            commands: None,
        }
    }

    /// With complete commands, which are laid out as they are to be copied.
    #[must_use]
    pub fn with_commands(self, completion: &'a Completion) -> Self {
        Self {
            commands: Some(completion),
            ..self
        }
    }

    /// For a block of code in a document.
    pub(crate) fn block() -> Self {
        Self {
            width: BLOCK,
            color: false,
            full: false,
            // With their marks in the first column, rows have the colors of a diff.
            table_indent: 2,
            hint: "",
            commands: None,
        }
    }

    /// The text with or without its colors.
    pub(crate) fn finish(self, text: String) -> String {
        if self.color {
            text
        } else {
            anstream::adapter::strip_str(&text).to_string()
        }
    }
}
