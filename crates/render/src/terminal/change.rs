//! Changed fields and lists in the colors of the terminal.

use super::layout::Layout;
use super::tone::Tone;
use crate::view::field::FieldView;
use crate::view::piece::{Fate, Lists, Piece, pieces};

/// Pieces of a line, each in its color.
pub(super) type Pieces = Vec<(Tone, String)>;

/// What happens to a field: `old → new`, or for longer texts the words that go
/// as `[-old-]` and those that come as `{+new+}`.
pub(super) fn change(field: &FieldView, layout: Layout<'_>) -> Pieces {
    // What an account may do is always shown to the end.
    let whole = layout.full || matches!(field.name.as_str(), "scopes" | "userLevels");
    pieces(&field.change, lists(whole))
        .into_iter()
        .map(|Piece { fate, text }| match fate {
            Fate::Plain => (Tone::Plain, text),
            Fate::Quiet => (Tone::Quiet, text),
            Fate::Comes => (Tone::Good, text),
            Fate::Goes => (Tone::Bad, text),
            Fate::WordsCome => (Tone::Good, format!("{{+{text}+}}")),
            Fate::WordsGo => (Tone::Bad, format!("[-{text}-]")),
        })
        .collect()
}

fn lists(whole: bool) -> Lists {
    if whole { Lists::Whole } else { Lists::Cut }
}
