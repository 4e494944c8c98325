//! A file of a spec of any bytes.

#![no_main]

#[path = "../../../crates/spec/tests/fuzz/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|input: &[u8]| reading::check(&reading::load(input), input.len()));
