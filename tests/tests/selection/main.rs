//! `--only` and `--except`, end to end.

mod imports;
mod parts;
mod tenant;
mod words;
