//! Environment variables: the only module of the command line that reads them.
//!
//! Libraries read some themselves: clap those of its `env` attributes, the output
//! libraries `NO_COLOR` and `COLUMNS`.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the one module that reads the environment"
)]

/// The value of a variable; none if it is empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// All variables, of which the programs of stores get a few.
pub(crate) fn for_programs() -> applier::Environment {
    applier::Environment::new(std::env::vars_os())
}

/// All variables, of which files may name some. Those that are not UTF-8 are left
/// out.
pub(crate) fn all() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
