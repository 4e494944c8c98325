//! What has hurt people with other reconcilers, by the name of what happened.
//! None of it happens here.

mod deletions;
mod empty_lists;
mod own_account;
mod partial_reads;
mod team;
