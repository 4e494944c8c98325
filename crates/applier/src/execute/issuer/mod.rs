//! Replacement of an account's issuer token by one that no person has seen.
//!
//! At every moment the store holds an issuer token that works: the new one is created,
//! signs in and lists its owner's tokens before it is delivered, and it is read back
//! before the old one is revoked. A run that is killed leaves one of two things, and the
//! next plan sees which: a successor whose secret is not in the store (its name says whose
//! successor it is, the journal that a run began it), or a delivered one whose predecessor
//! still lives (the document names it).

mod alone;
mod deliver;
mod prepare;
mod record;
mod replace;
mod step;
mod withdraw;

pub use alone::{IssuerNotReplaced, IssuerReplaced, replace_issuer};
pub(super) use step::run;
