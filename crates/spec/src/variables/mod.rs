//! Variables: `${NAME}` and `${NAME:-default}` in the values of a spec.
//!
//! A variable is allowed in a value, not in a key, and its value is text: it is
//! not parsed as YAML and not expanded again. `$${` writes a literal `${`.
//!
//! Who writes the files must not be able to read the environment of who runs
//! steersman. So `${NAME}` reads what was given for it: `--var`, `--var-file`,
//! `STEERSMAN_VAR_NAME`, or `variables:` of the files. Only the three fields of
//! `tenant` may name any environment variable, and only as their whole value.

mod declared;
mod expansion;
mod given;
mod malformed;
mod substitute;
mod unset;
mod values;

pub(crate) use declared::{of_file, of_tree};
pub(crate) use expansion::Expansion;
pub(crate) use given::GivenValues;
pub(crate) use substitute::has_reference;
pub use substitute::is_name;
pub use values::Variables;
