//! Types of an explanation.

use crate::code::Code;

/// Explanation of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// What was found, in one or two sentences.
    pub meaning: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// A wrong and a right example, where a file can show one.
    pub example: Option<Example>,
}

/// Parts of spec files. `steersman: v1`, sources, stores and defaults are left out
/// where they do not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// One or two files with the problem.
    pub wrong: &'static [&'static str],
    /// The same without the problem.
    pub right: &'static str,
}
