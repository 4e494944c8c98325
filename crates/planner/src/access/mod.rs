//! What a token needs so that a spec can be planned and applied with it.

mod allows;
mod calls;
mod held;
mod needs;

pub use allows::{Allowed, allowed};
pub(crate) use calls::is_of_everybody;
pub use calls::{Caller, every_call};
pub use held::{Excess, Held, Lack, Verdict};
pub use needs::{Access, NeededCall, Needs, access};
