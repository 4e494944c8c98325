//! Journals of any bytes, and of lines that are nearly right.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| applier::testing::journal(input));
