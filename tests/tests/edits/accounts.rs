//! Rows of one import, and invitations.

use crate::case::Told::{AllRefused, Done, Nothing, Refused};
use crate::case::{Line, Moment, play};
use crate::edit::Edit;
use crate::site::Change;

/// The first request of an import: the columns of its file.
const READING: Moment = Moment::Before("getAccountsSchemaV1", 0);

const ROWS: [Line<'_>; 11] = [
    (Edit::AddAccount, Moment::Saved, 0, Done),
    (
        Edit::RemoveAccount(1),
        Moment::Saved,
        5,
        Nothing("account/BULK-000001: action was update, is now create"),
    ),
    (
        Edit::ChangeRow(1),
        Moment::Saved,
        5,
        Nothing("account/BULK-000001: purpose was"),
    ),
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
    (Edit::AddAccount, READING, 0, Done),
    // An account that is not listed may be there: the list can be short.
    (
        Edit::RemoveAccount(1),
        READING,
        1,
        AllRefused("now 1 of them are not listed (BULK-000001)"),
    ),
    (Edit::ChangeRow(1), READING, 3, Refused(1, CHANGED)),
    (
        Edit::RenameSource,
        READING,
        1,
        AllRefused("source \"Bulk\" has changed since the plan was made"),
    ),
    (
        Edit::AddAttribute,
        READING,
        1,
        AllRefused("the account schema of source \"Bulk\" has changed since the plan was made"),
    ),
    (
        Edit::SetLevels(1),
        Moment::Before("importAccountsV1", 0),
        3,
        Done,
    ),
];

const CHANGED: &str = "account/BULK-000001 has changed since the plan was made";

#[test]
fn rows_of_four_accounts() {
    play(4, Change::Rows, &ROWS);
}

#[test]
fn rows_of_sixty_accounts() {
    // Between plan and apply, their number makes no difference.
    play(60, Change::Rows, &ROWS[5..]);
}

const INVITATIONS: [Line<'_>; 6] = [
    (Edit::Invite(1), Moment::Saved, 0, Done),
    (Edit::AddAccount, Moment::Saved, 0, Done),
    (
        Edit::RemoveAccount(1),
        Moment::Saved,
        5,
        Nothing("account/BULK-000001: create is not in the saved plan"),
    ),
    (
        Edit::Invite(1),
        Moment::Before("listIdentitiesV1", 0),
        0,
        Done,
    ),
    (
        Edit::RemoveAccount(1),
        Moment::Before("listIdentitiesV1", 0),
        3,
        Refused(1, "cannot read all of account BULK-000001"),
    ),
    (
        Edit::AddAccount,
        Moment::Before("startIdentitiesInviteV1", 0),
        0,
        Done,
    ),
];

#[test]
fn invitations_of_four() {
    play(4, Change::Invitations, &INVITATIONS);
}

#[test]
fn invitations_of_more_than_one_request_takes() {
    play(110, Change::Invitations, &INVITATIONS[3..]);
}
