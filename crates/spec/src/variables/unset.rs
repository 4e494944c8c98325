//! Unset variables: one problem for each, with its first use and how many there are.
//!
//! One unset variable in the defaults would otherwise be a problem for each token.

use super::values::Variables;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use std::collections::BTreeMap;

/// Of how many uses of a name the first in the files is looked for.
const MOST_PLACES: usize = 1_000;

/// How many names are kept; more problems than that are not listed anyway.
const MOST_NAMES: usize = 1_000;

/// What a value with a variable is for, which decides what to advise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A value like any other.
    Value,
    /// A value that is a secret: it belongs neither on a command line nor in a file.
    Secret,
    /// An address or key of a receiver of notices: a secret that only a run that sends
    /// notices needs.
    Notice,
    /// A whole field of `tenant`, which may name any environment variable.
    Tenant,
    /// The same, and a secret.
    TenantSecret,
}

/// The unset variables that were met.
#[derive(Debug, Default)]
pub(super) struct Unset {
    names: BTreeMap<String, Uses>,
    /// Uses of names beyond those that are kept.
    more: usize,
}

#[derive(Debug)]
struct Uses {
    first: Span,
    purpose: Use,
    count: usize,
}

impl Unset {
    /// Adds a use of an unset variable. Accounts are decoded before what stands above them,
    /// so `place` is asked for more than the first one.
    pub(super) fn add(&mut self, name: &str, purpose: Use, place: impl FnOnce() -> Span) {
        if let Some(uses) = self.names.get_mut(name) {
            uses.count += 1;
            if uses.count <= MOST_PLACES {
                let place = place();
                if (place.file, place.start) < (uses.first.file, uses.first.start) {
                    uses.first = place;
                }
            }
            // The strictest advice is right for all uses.
            if matches!(purpose, Use::Secret | Use::Notice | Use::TenantSecret)
                && !matches!(uses.purpose, Use::Secret | Use::TenantSecret)
            {
                uses.purpose = Use::Secret;
            } else if purpose == Use::Value && uses.purpose == Use::Tenant {
                uses.purpose = Use::Value;
            }
        } else if self.names.len() < MOST_NAMES {
            let uses = Uses {
                first: place(),
                purpose,
                count: 1,
            };
            self.names.insert(name.to_owned(), uses);
        } else {
            self.more += 1;
        }
    }

    /// Reports all of them.
    pub(super) fn report(self, variables: &Variables, findings: &mut Findings) {
        for (name, uses) in &self.names {
            let message = match uses.count {
                1 => format!("variable `{name}` is not set"),
                count => format!("variable `{name}` is not set (used {count} times)"),
            };
            let label = match uses.count {
                1 => format!("unset variable `{name}`"),
                count => format!("first of {count} uses"),
            };
            findings.push(
                Finding::new(Code::UnsetVariable, message)
                    .at(uses.first, label)
                    .help(help(name, uses.purpose, variables.is_in_environment(name))),
            );
        }
        for _ in 0..self.more {
            findings.push_with(Code::UnsetVariable, || {
                Finding::new(Code::UnsetVariable, "more variables are not set")
            });
        }
    }
}

/// Words that are placeholders in braces without a `$`.
const PLACEHOLDERS: [&str; 5] = ["account", "token", "tenant", "source", "id"];

fn help(name: &str, purpose: Use, is_in_environment: bool) -> String {
    if purpose == Use::Value && PLACEHOLDERS.contains(&name) {
        return format!(
            "write `{{{name}}}` for the placeholder of a store key; for a variable, pass `--var {name}=VALUE`"
        );
    }
    let prefixed = format!("STEERSMAN_VAR_{name}");
    match purpose {
        Use::Tenant => format!(
            "set the environment variable `{name}`, pass `--var {name}=…`, or write a default: `${{{name}:-default}}`"
        ),
        Use::TenantSecret => format!("set the environment variable `{name}`"),
        Use::Secret | Use::Notice => format!("set the environment variable `{prefixed}`"),
        Use::Value if is_in_environment => {
            format!("set `{prefixed}`: a file cannot read the environment variable `{name}` itself")
        }
        Use::Value => format!(
            "set it with `--var {name}=…`, `--var-file`, the environment variable `{prefixed}` or `variables:`, or write a default: `${{{name}:-default}}`"
        ),
    }
}
