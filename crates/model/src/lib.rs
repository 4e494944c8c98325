//! The vocabulary of steersman: ids, levels, scopes, spec, live state, plan, outcome.
