//! Executes a plan against a tenant.
