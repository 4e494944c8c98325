//! The steersman command.
