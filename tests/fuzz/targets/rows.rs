//! The CSV file of an import, written and read.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| applier::testing::rows(input));
