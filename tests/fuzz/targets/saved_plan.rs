//! Files that are, or claim to be, a saved plan.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| render::testing::saved_plan(input));
