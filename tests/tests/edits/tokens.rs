//! Tokens: created, changed in place, rotated, revoked; of few owners and of more than 50.

use crate::case::Told::{Done, Nothing, Refused};
use crate::case::{Line, Moment, play};
use crate::edit::Edit;
use crate::site::Change;

const CREATING: Moment = Moment::Before("createPersonalAccessTokenV1", 0);
const PATCHING: Moment = Moment::Before("patchPersonalAccessTokenV1", 0);
const REVOKING: Moment = Moment::Before("deletePersonalAccessTokenV1", 0);
const CHANGED: &str = "has changed since the plan was made";

fn scopes(last: usize) -> [Line<'static>; 5] {
    [
        (
            Edit::RevokeToken(1, "extra"),
            Moment::Saved,
            5,
            Nothing("token/BULK-000001/extra: action was"),
        ),
        (
            Edit::ChangeToken(1, "extra"),
            Moment::Saved,
            5,
            Nothing("token/BULK-000001/extra: scopes was"),
        ),
        (
            Edit::RevokeToken(last, "extra"),
            PATCHING,
            3,
            Refused(last, CHANGED),
        ),
        (
            Edit::ChangeToken(last, "extra"),
            PATCHING,
            3,
            Refused(last, CHANGED),
        ),
        (Edit::AddAccount, PATCHING, 0, Done),
    ]
}

fn rotated(last: usize) -> [Line<'static>; 2] {
    [
        (
            Edit::RevokeToken(1, "extra"),
            Moment::Saved,
            5,
            Nothing("token/BULK-000001/extra: action was"),
        ),
        (
            Edit::RevokeToken(last, "extra"),
            CREATING,
            3,
            Refused(last, CHANGED),
        ),
    ]
}

fn revoked(last: usize) -> [Line<'static>; 3] {
    [
        (Edit::RevokeToken(1, "job"), Moment::Saved, 0, Done),
        (
            Edit::ChangeToken(1, "job"),
            Moment::Saved,
            5,
            Nothing("token/BULK-000001/job: scopes was"),
        ),
        (Edit::RevokeToken(last, "job"), REVOKING, 0, Done),
    ]
}

fn minted() -> [Line<'static>; 2] {
    [
        (Edit::AddAccount, Moment::Saved, 0, Done),
        (Edit::AddAccount, CREATING, 0, Done),
    ]
}

#[test]
fn of_four_owners() {
    play(4, Change::Scopes, &scopes(3));
    play(4, Change::Rotate, &rotated(3));
    play(4, Change::Revoke, &revoked(3));
    play(4, Change::Mint, &minted());
}

#[test]
fn of_more_than_fifty_owners() {
    // Between plan and apply, their number makes no difference.
    play(52, Change::Scopes, &scopes(51)[2..]);
    play(52, Change::Rotate, &rotated(51)[1..]);
    play(52, Change::Revoke, &revoked(51)[2..]);
    play(52, Change::Mint, &minted()[1..]);
}
