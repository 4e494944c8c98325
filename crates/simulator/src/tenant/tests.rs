//! Stories of a tenant without any HTTP.
