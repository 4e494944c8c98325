//! Files that are, or claim to be, a record of an apply.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| render::testing::record(input));
