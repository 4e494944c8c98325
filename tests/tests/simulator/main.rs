//! `steersman simulator` as a program of its own: what it is started with is what clients meet.

mod faults;
mod served;
