//! The problems of a spec, as people, programs and CI systems read them.

pub(crate) mod count;
pub(crate) mod excerpt;
pub(crate) mod explain;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod sarif;
pub(crate) mod terminal;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod wrong_specs;
