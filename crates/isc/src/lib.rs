//! Client of ISC's REST API: reads and writes a tenant over HTTP.
//!
//! `plan`, `status` and `adopt` are given a [`Reader`]; a [`Writer`] is made from a
//! reader, and only the applier gets one. All requests go through one transport:
//! access tokens, a request budget for each client id, retries of idempotent
//! requests, and bounds on the size of responses.

mod api;
mod base_url;
mod config;
mod examination;
mod filter;
mod incomplete;
mod json_patch;
mod lately;
mod oauth_client;
mod operations;
mod reader;
mod sign_in;
mod survey;
#[cfg(any(test, fuzzing))]
pub mod testing;
mod timestamp;
mod transport;
mod writer;

pub use base_url::{BaseUrl, BaseUrlError};
pub use config::{Attempts, Config, RateBudget, RateBudgetError, RetryPolicy, Timeouts, Waits};
pub use examination::{Probe, Signed};
pub use oauth_client::OauthClient;
pub use operations::OPERATIONS;
pub use reader::Reader;
pub use sign_in::{Person, SignIn};
pub use writer::Writer;
