//! Plants mistakes in a valid spec: each is told once, at its place, and nothing else.
//!
//! `cargo test -p spec mistakes` plants some; all 2,000 specs with 1 to 20 mistakes are
//! `MISTAKES=2000 cargo test -p spec mistakes -- --nocapture`. `MISTAKES_SEED=N` repeats one.

mod draft;
mod plant;
mod random;
mod told_once;
mod variants;
