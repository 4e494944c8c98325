//! The environment: every variable that the program reads is read here.
//!
//! `NO_COLOR` and `COLUMNS` are read by the libraries for output.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the one module that reads the environment"
)]

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where the system looks for programs.
pub(crate) fn search_path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// Everything that `${NAME}` in a file can stand for. A variable that is no
/// UTF-8 cannot be named in a file.
pub(crate) fn all() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
