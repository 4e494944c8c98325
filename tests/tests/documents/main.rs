//! Documents that are generated from the code, and are current.
//!
//! `STEERSMAN_UPDATE_DOCUMENTS=1 cargo test -p tests --test documents` writes
//! them anew.

mod commands;
mod generated;
mod guards;
