//! Answer of `store move`, as text and as JSON.

use crate::answers;
use crate::failure::Failure;
use model::{AccountSpec, StoreKey, visible};
use serde::Serialize;

/// What became of one account's issuer token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Moved {
    id: String,
    name: String,
    from: String,
    to: String,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

/// How it ended.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
pub(super) enum Outcome {
    /// The new place holds it.
    Moved {
        /// Why the old entry stays; null where it is removed.
        left: Option<String>,
    },
    /// The new place held it before.
    There,
    /// Both places show it: they can be one entry.
    Both,
    /// Neither place holds one.
    Nothing,
    /// It stays where it is.
    Failed {
        /// Why.
        why: String,
    },
    /// The run ended before.
    NotTried,
}

impl Moved {
    pub(super) fn new(
        account: &AccountSpec,
        from: &StoreKey,
        to: &StoreKey,
        outcome: Outcome,
    ) -> Self {
        Self {
            id: account.key.to_string(),
            name: account.name.to_string(),
            from: from.to_string(),
            to: to.to_string(),
            outcome,
        }
    }

    /// Whose it is, and from where to where it goes.
    pub(super) fn way(&self) -> String {
        visible(&format!("{} from {} to {}", self.name, self.from, self.to))
    }
}

pub(super) fn text(answer: &[Moved]) -> String {
    if answer.is_empty() {
        return "No account declares an issuer token".to_owned();
    }
    let line = |moved: &Moved| {
        let Moved {
            id: _,
            name,
            from,
            to,
            outcome,
        } = moved;
        visible(&match outcome {
            Outcome::Moved { left: None } => format!("moved    {name}: {to}"),
            Outcome::Moved { left: Some(why) } => {
                format!("moved    {name}: {to}; remove the old entry at {from} yourself: {why}")
            }
            Outcome::There => format!("there    {name}: {to}"),
            Outcome::Both => format!(
                "both     {name}: {to}; {from} shows the same token: if that is an entry of its own, remove it yourself"
            ),
            Outcome::Nothing => format!("nothing  {name}: no issuer token at {from}"),
            Outcome::Failed { why } => format!("failed   {name}: {why}"),
            Outcome::NotTried => format!("left     {name}: {from}"),
        })
    };
    let lines: Vec<String> = answer.iter().map(line).collect();
    lines.join("\n")
}

pub(super) fn json(answer: &[Moved]) -> Result<String, Failure> {
    answers::json(&answer)
}
