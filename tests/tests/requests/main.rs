//! How a tenant is read: in as few requests as can be, and never taken for more
//! than it said.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers; the numbers are for people, too"
)]

mod applies;
mod counts;
mod edited;
mod incomplete;
mod levels;
mod site;
