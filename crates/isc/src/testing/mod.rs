//! Fuzzing of the client: a tenant that answers whatever the bytes of an input say.

mod answers;
mod hostile_tenant;
mod operations;
mod script;
mod server;

pub use hostile_tenant::hostile_tenant;

#[cfg(test)]
mod fuzz;
