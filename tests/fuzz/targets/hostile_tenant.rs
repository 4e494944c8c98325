//! Every read and write of the client against a hostile tenant.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| isc::testing::hostile_tenant(input));
