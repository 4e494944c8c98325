//! The pure function from spec and live state to a plan.
