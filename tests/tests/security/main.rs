//! Attacks on a run, performed with the real binary, which must see them fail.

mod inputs;
