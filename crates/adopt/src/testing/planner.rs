//! The product's planner, for trials in tests.

use crate::Planner;
use model::{Live, LiveToken, Plan, Spec, TokenLifetime};
use planner::Allowances;

/// Plans as the program does.
pub(crate) struct ProductPlanner;

impl Planner for ProductPlanner {
    fn plan(&self, spec: &Spec, live: &Live) -> Plan {
        planner::plan(spec, live, live.observed_at, &Allowances::default())
    }

    fn expires_as_declared(&self, token: &LiveToken, lifetime: TokenLifetime) -> bool {
        planner::ends_as_declared(token, lifetime)
    }
}
