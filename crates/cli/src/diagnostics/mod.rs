//! The problems of a spec, as people, programs and CI systems read them.

pub(crate) mod count;
pub(crate) mod excerpt;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the command that shows it comes next")
)]
pub(crate) mod explain;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the command that shows it comes next")
)]
pub(crate) mod github;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the command that shows it comes next")
)]
pub(crate) mod json;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the command that shows it comes next")
)]
pub(crate) mod sarif;
pub(crate) mod terminal;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod wrong_specs;
