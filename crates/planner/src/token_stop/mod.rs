//! Stops named tokens at once: revokes or disables them, with a plan of nothing else.

mod choice;
mod classify;
mod pattern;
mod plan;

pub use choice::{Chosen, LeftOut, TokenRefusal, choose};
pub use classify::Stop;
pub use pattern::{TokenPattern, TokenPatternError};
pub use plan::stop_plan;
