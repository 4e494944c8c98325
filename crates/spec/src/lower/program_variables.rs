//! Lowers the names of variables that the programs of a store get.

use super::context::Context;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use std::collections::BTreeSet;

/// Names of variables that programs get. Those of steersman are not passed on: a
/// program in a file must not get the tenant's credentials.
pub(super) fn environment(names: List<Text>, context: &mut Context<'_>) -> BTreeSet<String> {
    for name in names.items.iter().filter(|name| name.is_known()) {
        let upper = name.value.to_ascii_uppercase();
        if ["SAIL_", "STEERSMAN_"]
            .iter()
            .any(|prefix| upper.starts_with(prefix))
        {
            context.findings.push(
                Finding::new(
                    Code::WrongType,
                    format!("programs of a store never get `{}`, which can hold credentials of the tenant", name.value),
                )
                .at(name.span, "variable of steersman")
                .help("remove the name, or keep the program's own credential in another variable"),
            );
        } else if !is_variable(&name.value) {
            context.findings.push(
                Finding::new(
                    Code::WrongType,
                    format!(
                        "`{}` is not the name of a variable",
                        name.value.escape_debug()
                    ),
                )
                .at(name.span, "invalid name of a variable")
                .help("write letters, digits and `_`, without `$` and without a value"),
            );
        }
    }
    names.items.into_iter().map(|name| name.value).collect()
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
