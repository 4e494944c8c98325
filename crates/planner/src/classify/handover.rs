//! A place that one token passes on to another, and what is said of it.

use model::{Address, IdentityId, StoreKey, TokenId, TokenName};

/// A place that holds the secret of a token which is not declared there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handover {
    /// The token whose secret is there.
    pub(crate) from: Address,
    /// Where the secret of that token is to be.
    pub(crate) to: StoreKey,
    /// The client id of the secret in the place; none where the place cannot be read.
    pub(crate) client_id: Option<TokenId>,
    /// Where the secret of the token that comes is; none where that is not known.
    pub(crate) comes_from: Option<StoreKey>,
    /// Whether the secret in the place is the only one of a token that works.
    pub(crate) waits: bool,
    /// The token, where no file declares it; `from` is what it was declared as, and `to` the
    /// place itself.
    pub(crate) undeclared: Option<Undeclared>,
    /// Why the place cannot be passed on now.
    pub(crate) barred: Option<Bar>,
}

/// A token that works, and that no file declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Undeclared {
    pub(crate) id: TokenId,
    pub(crate) name: TokenName,
    /// Whose it is.
    pub(crate) identity: IdentityId,
}

/// Why a place cannot be passed on now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// These tokens wait for each other, each for the next one.
    Circle {
        circle: Vec<Address>,
        /// Whether it is the first of them, by address, which says why. The others of its
        /// account have the same remedy.
        is_first: bool,
    },
    /// It is in a circle of which this token of another account is the first, and says what
    /// to do.
    OfCircle(Address),
    /// The token that has the place is not delivered elsewhere now.
    Kept,
    /// The same secret is where the token that has the place is declared.
    Both,
    /// No file declares the token that has the place, and no step revokes it.
    Undeclared,
}

impl Handover {
    /// What the place holds, where it is passed on.
    pub(crate) fn in_words(&self) -> String {
        let Self { from, to, .. } = self;
        if let Some(Undeclared { name, .. }) = &self.undeclared {
            format!("it holds the secret of the token {name}, which is revoked first")
        } else if self.waits {
            format!("it holds the secret of {from}, which is delivered to {to} first")
        } else {
            format!("it holds a secret that {from} had before")
        }
    }

    /// What the place holds, and why that is not overwritten.
    pub(crate) fn why_barred(&self) -> String {
        let Self { from, to, .. } = self;
        match &self.barred {
            Some(Bar::Circle {
                circle: _,
                is_first: false,
            }) => format!("it holds the secret of {from}"),
            Some(Bar::Circle {
                circle,
                is_first: true,
            }) => format!(
                "it holds the secret of {from}; {} exchange their places, and the first delivery would overwrite the only secret of another",
                list(circle)
            ),
            Some(Bar::OfCircle(first)) => {
                format!(
                    "it holds the secret of {from}; {first} says how they exchange their places"
                )
            }
            Some(Bar::Both) => {
                format!("it holds the secret of {from}, as {to} does: they may be one entry")
            }
            Some(Bar::Undeclared) => match &self.undeclared {
                Some(Undeclared { id, name, identity }) => format!(
                    "the journal says that it holds the only secret of the token {name} ({id}) of identity {identity}, which works, and is not known to be delivered elsewhere"
                ),
                None => format!("it holds the only secret of {from}"),
            },
            Some(Bar::Kept) | None => {
                format!("it holds the only secret of {from}, which is not delivered to {to} yet")
            }
        }
    }

    /// What to do about it. `place` is the place that is passed on.
    pub(crate) fn remedy(&self, place: &str) -> String {
        let Self { from, to, .. } = self;
        match &self.barred {
            Some(Bar::Circle {
                circle,
                is_first: _,
            }) => {
                let one = circle.iter().min().unwrap_or(from);
                let rest = match circle.len() {
                    2 => "the other token",
                    _ => "the other tokens",
                };
                format!(
                    "exchange them with two applies: declare a free `deliver.key` for {one} and apply, which also delivers {rest}; then declare its key of now again and apply; delete no secret, because they work"
                )
            }
            Some(Bar::OfCircle(first)) => {
                format!("unblock {first}, with which it exchanges places; delete no secret")
            }
            Some(Bar::Both) => {
                format!("if they are two entries, delete the one at {place}; if they are one, declare another `deliver.key`; then plan again")
            }
            Some(Bar::Undeclared) => "if something uses that token, declare another `deliver.key`; else revoke it first, and plan again"
                .to_owned(),
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
