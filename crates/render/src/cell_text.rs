//! Text of a table's cell, short enough for a table.
//!
//! Tables count columns in 16 bits, and a text of a file or a tenant can be longer.

/// How many columns of a terminal the cells of a row take at most, their notes aside.
const MOST_OF_ROW: usize = 12_000;
/// How many of them a cell takes, where a row has few.
const MOST_OF_CELL: usize = 600;
/// How many cells of a row are shown.
pub(crate) const MOST_CELLS: usize = 200;

/// A text for one of so many cells of a row, which says how much of it is left out.
pub(crate) fn cell_text(text: &str, cells: usize) -> String {
    let most = MOST_OF_CELL.min(MOST_OF_ROW / cells.clamp(1, MOST_CELLS));
    let mut width = 0;
    let end = text.char_indices().find(|(_, character)| {
        width += columns(*character);
        width > most
    });
    let Some((end, _)) = end else {
        return text.to_owned();
    };
    let more = text[end..].chars().count();
    format!("{}… (JSON has {more} more characters)", &text[..end])
}

/// How many columns a character takes at most.
fn columns(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::{MOST_CELLS, MOST_OF_CELL, cell_text};

    #[test]
    fn security_s7_no_row_comes_near_what_a_table_can_count() {
        for text in ["y", "y ", "漢", "é"] {
            let text = text.repeat(1 << 18);
            for cells in [1, 2, 5, 20, 21, MOST_CELLS, 10 * MOST_CELLS] {
                let shown = cell_text(&text, cells);
                let width: usize = shown.chars().map(super::columns).sum();
                assert!((width + 2) * cells.min(MOST_CELLS) < 40_000, "{cells}");
                assert!(shown.contains(" more characters"), "{cells}");
            }
        }
    }

    #[test]
    fn what_fits_is_shown_as_it_is() {
        let text = "y".repeat(MOST_OF_CELL);
        assert_eq!(cell_text(&text, 20), text);
        let longer = format!("{text}{}", "z".repeat(1_234));
        assert_eq!(
            cell_text(&longer, 20),
            format!("{text}… (JSON has 1234 more characters)")
        );
    }
}
