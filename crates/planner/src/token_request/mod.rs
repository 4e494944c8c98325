//! Named tokens that an operator rotates, revokes or disables: which are meant, and the plan.

mod choice;
mod pattern;
mod rotate;
mod stop;
mod stop_plan;

pub use choice::{Chosen, LeftOut, TokenRefusal, choose};
pub use pattern::{TokenPattern, TokenPatternError};
pub use rotate::choose_rotations;
pub use stop::Stop;
pub use stop_plan::stop_plan;
