//! Named tokens that an operator rotates, rolls back, revokes or disables: which are meant, and the plan.

mod choice;
mod pattern;
mod roll_back;
mod rotate;
mod stop;
mod stop_plan;

pub use choice::{Chosen, LeftOut, TokenRefusal, choose};
pub use pattern::{TokenPattern, TokenPatternError};
pub use roll_back::{choose_roll_backs, roll_back_plan};
pub use rotate::choose_rotations;
pub use stop::Stop;
pub use stop_plan::stop_plan;
