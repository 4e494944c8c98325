//! User levels, one request for each identity.

use crate::case::Told::{Done, Nothing, Refused};
use crate::case::{Line, Moment, play};
use crate::edit::Edit;
use crate::site::Change;

/// The first two requests find out whether the tenant compares levels.
const WRITING: Moment = Moment::Before("patchAuthUserV1", 3);

fn lines(last: usize) -> [Line<'static>; 7] {
    [
        (
            Edit::SetLevels(1),
            Moment::Saved,
            5,
            Nothing("levels/BULK-000001: userLevels was none when the plan was saved"),
        ),
        (Edit::AddAccount, Moment::Saved, 0, Done),
        (
            Edit::RenameSource,
            Moment::Saved,
            1,
            Nothing("if source \"Bulk\" was renamed in ISC"),
        ),
        (
            Edit::SetLevels(last),
            WRITING,
            3,
            Refused(last, "has changed since the plan was made"),
        ),
        (Edit::AddAccount, WRITING, 0, Done),
        // Its identity goes with it later; the plan after the last step has it again.
        (Edit::RemoveAccount(last), WRITING, 3, Done),
        (
            Edit::RemoveAccount(last),
            Moment::Before("listAccountsV1", 0),
            3,
            Refused(last, "cannot read all of account"),
        ),
    ]
}

#[test]
fn levels_of_ten() {
    play(10, Change::Levels, &lines(9));
}

#[test]
fn levels_of_three_hundred() {
    play(300, Change::Levels, &lines(299)[3..]);
}
