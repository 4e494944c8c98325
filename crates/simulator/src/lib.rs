//! A stateful Identity Security Cloud tenant on loopback: for trying steersman, for testing it, and
//! for testing anything else that talks to ISC, without a tenant.
//!
//! # In a process
//! [`start`] a simulator with a [`Config`], talk to [`Running::base_url`] with
//! [`Running::admin_credentials`], move its clock, look at its request log, [`Running::shutdown`].
//!
//! # In a file
//! A [`Tenant`] is the state machine without any I/O. [`with_state_file`] does something to the
//! tenant in a state file, as a person would outside the API: registering, minting a first token.
//!
//! # How it is built
//! Each request goes through one engine: virtual time catches up, the route is found in the
//! catalogue of operations, faults are decided, the rate limit and the authorization are asked, a
//! handler answers, the request is logged and the state is saved. Handlers are in a table by
//! operation id; an operation without one answers 501.
//!
//! # What is not a secret
//! State files hold the secrets of personal access tokens and OAuth clients as they are, and
//! identifiers and secrets come from a generator that anyone can repeat. Nothing here protects anything.

mod api;
mod authorization;
mod clock;
mod collection;
mod config;
mod control;
mod engine;
mod errors;
mod faults;
mod filter;
mod json_patch;
mod rate_limit;
mod request_log;
mod routing;
mod running;
mod server;
mod state_file;
mod tenant;

pub use clock::ClockMode;
pub use config::{Config, RateLimit};
pub use errors::{ControlError, Refusal, SimulatorError, StateFileError};
pub use faults::{Fault, FaultRule, Faults};
pub use request_log::{LoggedRequest, RequestFilter};
pub use running::{Credentials, Running, start};
pub use state_file::with_state_file;
pub use tenant::{
    ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, Completion, IdentityStatus, MintedToken, Tenant,
    TokenRequest,
};
