//! Looks up the explanation of a code.

use super::explanation::Explanation;
use super::{
    accounts, duplicates, levels, policy, reading, references, secrets, shape, stores, tenant,
    variables,
};
use crate::code::Code;

/// Every explanation, in the order of the codes.
pub fn explanations() -> impl Iterator<Item = &'static Explanation> {
    Code::ALL.iter().filter_map(|code| code.explanation())
}

impl Code {
    /// The explanation of the code. A test ensures that every code has one.
    pub fn explanation(self) -> Option<&'static Explanation> {
        TABLES
            .iter()
            .copied()
            .flatten()
            .find(|explanation| explanation.code == self)
    }
}

/// The tables, one for each group of problems.
const TABLES: &[&[Explanation]] = &[
    reading::TABLE,
    shape::TABLE,
    variables::TABLE,
    duplicates::TABLE,
    references::TABLE,
    stores::TABLE,
    accounts::TABLE,
    levels::TABLE,
    policy::TABLE,
    secrets::TABLE,
    tenant::TABLE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_exactly_one_explanation() {
        let mut codes: Vec<Code> = TABLES
            .iter()
            .copied()
            .flatten()
            .map(|explanation| explanation.code)
            .collect();
        codes.sort_unstable();
        assert_eq!(codes, Code::ALL);
    }
}
