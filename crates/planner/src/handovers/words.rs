//! Words for places that are passed on.

use super::{Bar, Handover};
use model::Address;

impl Handover {
    /// What the place holds, where it is passed on.
    pub(crate) fn in_words(&self) -> String {
        let Self { from, to, .. } = self;
        if self.waits {
            format!("it holds the secret of {from}, which is delivered to {to} first")
        } else {
            format!("it holds a secret that {from} had before")
        }
    }

    /// What the place holds, and why that is not overwritten.
    pub(crate) fn why_barred(&self) -> String {
        let Self { from, to, .. } = self;
        match &self.barred {
            Some(Bar::Circle(circle)) => format!(
                "it holds the secret of {from}; {} exchange their places, and the first delivery would overwrite the only secret of another",
                list(circle)
            ),
            Some(Bar::Both) => {
                format!("it holds the secret of {from}, as {to} does: they may be one entry")
            }
            Some(Bar::Kept) | None => {
                format!("it holds the only secret of {from}, which is not delivered to {to} yet")
            }
        }
    }

    /// What to do about it. `place` is the place that is passed on.
    pub(crate) fn remedy(&self, place: &str) -> String {
        let Self { from, to, .. } = self;
        match &self.barred {
            Some(Bar::Circle(circle)) => {
                let one = circle.iter().min().unwrap_or(from);
                let rest = match circle.len() {
                    2 => "the other token",
                    _ => "the other tokens",
                };
                format!(
                    "exchange them with two applies: declare a free `deliver.key` for {one} and apply, which also delivers {rest}; then declare its key of now again and apply; delete no secret, because they work"
                )
            }
            Some(Bar::Both) => {
                format!("if they are two entries, delete the one at {place}, and plan again")
            }
            Some(Bar::Kept) | None => match from {
                Address::Token(account, name) => format!(
                    "unblock {from}, and apply; if it is not blocked, run `steersman token rotate --token {}`, which delivers it to {to}",
                    model::shell_quoted(&format!("{account}/{name}"))
                ),
                _ => format!("unblock {from}, and apply"),
            },
        }
    }
}

fn list(addresses: &[Address]) -> String {
    match addresses {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}
