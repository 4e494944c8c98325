//! Planner: the pure function from desired state (`Spec`) and observed state (`Live`) to a [`model::Plan`].
//!
//! No clock, no environment, no I/O: the same inputs give the same bytes. What
//! has to be read for it is [`wanted`]; what was read is [`model::Live`].

mod access;
mod claims;
mod classify;
mod compared;
mod draft;
mod estimate;
mod guards;
mod handovers;
mod imports;
mod index;
mod issuer_replacement;
mod lookup;
mod new_user_names;
mod outside_names;
mod phases;
mod plan;
mod presence;
mod problems;
mod rests_on;
mod selection;
mod sought_names;
mod stage;
mod taken_names;
mod token_expiry;
mod token_list;
mod token_request;
mod uid;
mod undeclared_keys;
mod unlisted;
mod unread;
mod unseen;
mod view;
mod wanted;
mod without_issuer;

#[cfg(test)]
mod testing;

pub use access::{
    Access, Allowed, Caller, Excess, Held, Lack, NeededCall, Needs, Verdict, access, allowed,
    every_call,
};
pub use compared::{Compared, LiveFields, compared};
pub use estimate::of as estimate;
pub use guards::{Allowances, GUARDS, GuardInfo, Lifting};
pub use imports::{foreign, of_unknown_makers, to_confirm};
pub use issuer_replacement::issuer_replacement;
pub use outside_names::taken_up;
pub use plan::{plan, plan_selected};
pub use problems::PROBLEM_CODES;
pub use selection::{Pattern, PatternError, Selection};
pub use sought_names::sought_user_names;
pub use token_expiry::ends_as_declared;
pub use token_list::{
    ForPeople, ListedToken, Missing, Standing, TokenFilter, TokenList, token_list,
};
pub use token_request::{
    Chosen, LeftOut, Stop, TokenPattern, TokenPatternError, TokenRefusal, choose,
    choose_roll_backs, choose_rotations, roll_back_plan, stop_plan,
};
pub use unseen::unseen_identities;
pub use view::ownership;
pub use wanted::wanted;
