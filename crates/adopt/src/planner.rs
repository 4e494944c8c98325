//! The planner that adopted files are tried against, as a trait.

use model::{Live, LiveToken, Plan, Spec, TokenLifetime};

/// Decides what a spec would change.
///
/// The program hands in its planner. Adopting needs the rules that a later plan
/// applies, and a dependency would tie two crates that otherwise share only the
/// model.
pub trait Planner {
    /// The plan of a spec for this observed state, at the time it was observed.
    fn plan(&self, spec: &Spec, live: &Live) -> Plan;

    /// Whether a token expires when this declared lifetime says.
    fn expires_as_declared(&self, token: &LiveToken, lifetime: TokenLifetime) -> bool;
}
