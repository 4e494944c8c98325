//! What is said about a code.

use crate::code::Code;

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// What was found.
    pub meaning: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A wrong and a right example, where a text can be one.
    pub example: Option<Example>,
}

/// Parts of spec files; `steersman: v1`, and sources, stores and defaults that
/// are not shown are to be thought with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What leads to the problem: one file or two.
    pub wrong: &'static [&'static str],
    /// What does not.
    pub right: &'static str,
}
