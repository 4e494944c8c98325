//! Settings of a source.

use crate::case::Told::{AllRefused, Nothing};
use crate::case::{Moment, play};
use crate::edit::Edit;
use crate::site::Change;

#[test]
fn a_description() {
    play(
        4,
        Change::Description,
        &[
            (
                Edit::RenameSource,
                Moment::Saved,
                1,
                Nothing("if source \"Bulk\" was renamed in ISC"),
            ),
            (
                Edit::AddAttribute,
                Moment::Saved,
                5,
                Nothing("schema/Bulk: update is not in the saved plan"),
            ),
            (
                Edit::RenameSource,
                Moment::Before("listSourcesV1", 0),
                1,
                AllRefused("source \"Bulk\" has changed since the plan was made"),
            ),
        ],
    );
}
