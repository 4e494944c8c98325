//! The output gate, for any text in any place.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| render::testing::output_gate(input));
