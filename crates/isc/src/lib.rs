//! ISC's REST API over HTTP: how a tenant is read and written.
//!
//! A [`Reader`] is all that `plan`, `status` and `adopt` are given; a [`Writer`]
//! is made of a reader, and only the applier gets one. Everything that travels
//! goes through one transport: access tokens, the budget of requests for each
//! client id, repeating what may be repeated, and bounds on what is taken in.

mod api;
mod base_url;
mod config;
mod filter;
mod incomplete;
mod json_patch;
mod reader;
mod survey;
mod timestamp;
mod transport;
mod writer;

pub use base_url::{BaseUrl, BaseUrlError};
pub use config::{Config, RateBudget, RateBudgetError, RetryPolicy, Timeouts};
pub use reader::Reader;
pub use writer::Writer;
