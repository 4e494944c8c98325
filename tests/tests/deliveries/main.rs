//! What the stores hold, as facts of plan, apply and status.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod by_hand;
mod issuers;
mod missing_issuer;
mod places;
mod retiring;
mod site;
mod unasked;
