//! A stateful Identity Security Cloud tenant on loopback.
