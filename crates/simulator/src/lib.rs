//! Simulated Identity Security Cloud (ISC) tenant on loopback, to test steersman and other clients.
//!
//! # In a process
//! [`start`] a simulator with a [`Config`], send requests to [`Running::base_url`] with
//! [`Running::admin_credentials`], move its clock, look at its request log, [`Running::shutdown`].
//!
//! # In a file
//! A [`Tenant`] is the state machine without any I/O. [`with_state_file`] changes the
//! tenant in a state file out of band: it registers account holders and creates first tokens.
//!
//! # How it is built
//! Each request goes through one engine: virtual time catches up, the route is found in the
//! catalog of operations, faults are decided, the rate limit and the authorization are checked, a
//! handler answers, the request is logged and what has changed is saved. Handlers are in a table by
//! operation id; an operation without one answers 501.
//!
//! # What is not a secret
//! State files hold the secrets of personal access tokens and OAuth clients as they are, and
//! identifiers and secrets come from a generator that anyone can repeat. Nothing here is protected.

mod admission;
mod api;
mod authorization;
mod clock;
mod collection;
mod config;
mod connection_handle;
mod connections;
mod control;
mod engine;
mod errors;
mod faults;
mod filter;
mod hooks;
mod incoming;
mod json_patch;
mod newer;
mod older_roots;
mod outgoing;
mod rate_limit;
mod recording;
mod replaying;
mod request_log;
mod routing;
mod running;
mod secrets;
mod seed;
mod server;
mod shapes;
mod simulated;
mod state_file;
mod tenant;
mod waits;

pub use clock::ClockMode;
pub use config::{Config, Durability, RateLimit};
pub use errors::{
    ControlError, LogProblem, RecordingError, Refusal, SeedError, SimulatorError, StateFileError,
};
pub use faults::{Fault, FaultRule, Faults};
pub use recording::{LeftOver, NotRecorded, ReplayReport};
pub use replaying::{ReplayConfig, Replaying, start_replay};
pub use request_log::{LoggedRequest, RequestFilter};
pub use running::{Credentials, Running, admin_credentials, start};
pub use seed::{Seed, SeedPerson, SeedSource, SeedToken};
pub use simulated::simulated_operations;
pub use state_file::with_state_file;
pub use tenant::{
    ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, Completion, IdentityStatus, MintedToken, Tenant,
    TokenRequest,
};
