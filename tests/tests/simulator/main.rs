//! `steersman simulator` as a program of its own: what it is started with is what clients meet.

mod ends;
mod faults;
mod served;
