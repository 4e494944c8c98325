//! HTTP transport: access tokens, request budget, retries and paging.

mod access_token;
mod answer;
mod budget;
mod call;
mod claims;
mod client;
mod connection;
mod error_body;
mod examination;
mod exchange;
mod failure;
mod listing;
mod obstacle;
mod page;
mod paging;
mod person;
mod retry;
mod room;
mod session;
mod tenant_clock;
mod tls;

pub(crate) use answer::Answer;
pub(crate) use call::{Body, Call};
pub(crate) use client::Client;
pub(crate) use listing::{Listing, Row};
